"""`troth mcp`."""

from __future__ import annotations

from contextlib import nullcontext
from importlib.util import find_spec
from typing import Annotated

import typer

from troth.cli.common import fail, one_line_errors
from troth.cli.control import Mock


def mcp(
    url: Annotated[
        str | None,
        typer.Option(
            "--url", envvar="TROTH_URL", help="URL of a running mock; one of its own otherwise.", show_default=False
        ),
    ] = None,
    scenario: Annotated[
        str | None, typer.Option(help="Scenario of its own mock: a name or the path of a file.", show_default=False)
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of its own mock.", show_default=False)] = None,
    clock: Annotated[str | None, typer.Option(help="Clock of its own mock: wall or fixed.", show_default=False)] = None,
) -> None:
    """Give coding agents the mock as tools (Model Context Protocol on standard input and output).

    A client starts it by its configuration: {"mcpServers": {"troth": {"command": "troth", "args": ["mcp"]}}}.
    Example: troth mcp --scenario empty --clock fixed
    """
    if find_spec("mcp") is None:
        fail('troth mcp needs the library of the protocol: pip install "troth[mcp]"')
    from troth.mcp.own_mock import started_mock
    from troth.mcp.server import server_for

    own = {"--scenario": scenario, "--seed": seed, "--clock": clock}
    options = [word for name, value in own.items() if value is not None for word in (name, str(value))]
    if url is not None and options:
        fail("--scenario, --seed and --clock are for a mock of its own, not for the one at --url")
    with one_line_errors(), started_mock(*options) if url is None else nullcontext(_checked(url)) as address:
        server_for(address).run()


def _checked(url: str) -> str:
    """The URL of a running mock. A served database has no control plane, and ends the command."""
    answer = Mock(url).send("GET", f"{url.rstrip('/')}/_troth/info")
    if answer.status_code == 404:
        fail(f"{url} is no mock: it has no control plane; troth mcp works on mocks only")
    if "apis" not in Mock(url).check(answer):
        fail(f"{url} answers, but not as a mock does")
    return url
