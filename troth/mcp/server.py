"""The server of the Model Context Protocol: all tools, over standard input and output."""

from inspect import getdoc

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.tools import Tool
from pydantic import create_model

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
show_sandbox returns the addresses and keys that a program needs which is to be tested; verify_calls then checks what it has called."""


def server_for(url: str) -> MCPServer[None]:
    """A server whose tools work on a running mock."""
    plane = Plane(url)
    tools = [
        _closed(Tool.from_function(tool, description=getdoc(tool)))
        for group in (Operations, State, Clock, Journal, Events, Rules)
        for tool in group(plane).tools()
    ]
    return MCPServer(
        "troth", title="Troth", version=__version__, instructions=INSTRUCTIONS, log_level="WARNING", tools=tools
    )


def _closed(tool: Tool) -> Tool:
    """The tool, refusing arguments that it does not have: the library drops them, and an agent that misspells a filter
    gets everything.
    """
    known = tool.fn_metadata.arg_model
    arguments = create_model(known.__name__, __base__=known, __cls_kwargs__={"extra": "forbid"})
    metadata = tool.fn_metadata.model_copy(update={"arg_model": arguments})
    return tool.model_copy(update={"fn_metadata": metadata, "parameters": arguments.model_json_schema(by_alias=True)})
