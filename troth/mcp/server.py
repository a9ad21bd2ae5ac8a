"""The server of the Model Context Protocol: all tools, over standard input and output."""

from inspect import getdoc

from mcp.server.mcpserver import MCPServer

from troth import __version__
from troth.mcp.clock import Clock
from troth.mcp.events import Events
from troth.mcp.journal import Journal
from troth.mcp.operations import Operations
from troth.mcp.plane import Plane
from troth.mcp.rules import Rules
from troth.mcp.state import State

INSTRUCTIONS = """A stateful mock of loyalty and referral APIs: what is posted is there on the next read.
list_operations finds an operation by words, describe_operation shows what it takes, call_operation calls it with the mock's own keys.
Make a sandbox for each task (create_sandbox) and name it in each call; `main` is the one that the mock started with.
show_sandbox tells the addresses and keys that a program needs which is to be tested; verify_calls then checks what it has called."""


def server_for(url: str) -> MCPServer[None]:
    """A server whose tools work on a running mock."""
    plane = Plane(url)
    server: MCPServer[None] = MCPServer(
        "troth", title="Troth", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING"
    )
    for group in (Operations, State, Clock, Journal, Events, Rules):
        for tool in group(plane).tools():
            server.add_tool(tool, description=getdoc(tool))
    return server
