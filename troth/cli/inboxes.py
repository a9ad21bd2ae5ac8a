"""`troth inbox`."""

from __future__ import annotations

from typing import Annotated

import typer

from models.kernel.times import iso
from troth.cli.common import AsJson
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, done, segment, show

app = typer.Typer(no_args_is_help=True, help="Webhooks that the inboxes of a running mock have received.")
Name = Annotated[str, typer.Argument(help="Name of the inbox, e.g. saasquatch.")]


@app.command("list")
def inbox_list(
    name: Name,
    limit: Annotated[int, typer.Option(help="So many messages at most.", min=1)] = 20,
    offset: Annotated[int, typer.Option(help="So many are left out first.", min=0)] = 0,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """List the messages of an inbox, newest first, with whether their signatures are right. Example: troth inbox list saasquatch"""
    answer = Mock(url, sandbox).call("GET", f"/inbox/{segment(name)}", query={"limit": limit, "offset": offset})
    show(answer, [_row(message) for message in answer["messages"]], as_json)


@app.command("clear")
def inbox_clear(name: Name, sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Empty an inbox. Example: troth inbox clear saasquatch"""
    Mock(url, sandbox).call("DELETE", f"/inbox/{segment(name)}")
    done("cleared", as_json)


def _row(message: Json) -> Json:
    verified = {True: "right", False: "WRONG", None: "none"}
    signatures = ", ".join(f"{name} {verified[right]}" for name, right in message["verified"].items())
    return {"received": iso(message["received_ms"]), "signatures": signatures, "body": message["body"]}
