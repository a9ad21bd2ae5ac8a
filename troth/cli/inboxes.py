"""`troth inbox`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from models.kernel.times import iso
from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, done, only, segment, show

app = typer.Typer(no_args_is_help=True, help="Webhooks that the inboxes of a running mock have received.")
BODY_MAX = 80
"""Characters of a body in the table: it is for finding a message, `--json` has all of it."""
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
    """List the messages of an inbox, newest first, with whether their signatures are right.

    Example: troth inbox list saasquatch
    """
    answer = Mock(url, sandbox).call("GET", f"/inbox/{segment(name)}", query={"limit": limit, "offset": offset})
    show(answer, [_row(message) for message in answer["messages"]], as_json, "no messages")


@app.command("clear")
def inbox_clear(name: Name, sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Empty an inbox. Example: troth inbox clear saasquatch"""
    Mock(url, sandbox).call("DELETE", f"/inbox/{segment(name)}")
    done("cleared", as_json)


@app.command("behave")
def inbox_behave(
    name: Name,
    status: Annotated[int | None, typer.Option(help="Answer with this status.", show_default=False)] = None,
    delay_ms: Annotated[int | None, typer.Option(help="Answer so much later.", show_default=False)] = None,
    body: Annotated[
        str | None, typer.Option(help="Answer with this body: JSON, or text where it is none.", show_default=False)
    ] = None,
    times: Annotated[int | None, typer.Option(help="For so many messages; for all.", show_default=False)] = None,
    usual: Annotated[bool, typer.Option("--usual", help="Answer 200 again.")] = False,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Set how an inbox answers, or show how it does. Example: troth inbox behave saasquatch --status 500 --times 3"""
    mock, path = Mock(url, sandbox), f"/inbox/{segment(name)}/behavior"
    behavior = only(status=status, delay_ms=delay_ms, times=times, **({} if body is None else {"body": _value(body)}))
    if usual and behavior:
        fail("--usual stands alone")
    if usual:
        mock.call("DELETE", path)
    present = mock.call("PUT", path, body=behavior) if behavior else mock.call("GET", path)
    show(present, [{**present, "left": present["left"] or "all"}], as_json)


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:  # no JSON, or an integer of more digits than Python reads
        return text


def _row(message: Json) -> Json:
    verified = {True: "right", False: "WRONG", None: "none"}
    signatures = ", ".join(f"{name} {verified[right]}" for name, right in message["verified"].items())
    reasons = " ".join(one["message"] for one in message["reasons"].values())
    body = message["body"] if len(message["body"]) <= BODY_MAX else f"{message['body'][: BODY_MAX - 1]}…"
    return {"received": iso(message["received_ms"]), "signatures": signatures, "why": reasons, "body": body}
