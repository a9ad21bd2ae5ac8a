"""`troth clock`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from models.kernel.times import iso
from models.kernel.whole_numbers import read_whole
from troth.cli.clock_progress import with_progress
from troth.cli.common import AsJson, fail
from troth.cli.control import DEFAULT_URL, MAIN, InSandbox, Json, Mock, Url, only, show

NUMBER_MAX = 10**18
"""What is larger goes to the mock as it is, which says what it takes."""

app = typer.Typer(no_args_is_help=True, help="The clock of a sandbox of a running mock.")


@app.command("show")
def clock_show(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Show where the clock stands. Example: troth clock show --sandbox checkout-tests"""
    _show(Mock(url, sandbox).call("GET", "/clock"), as_json)


@app.command("freeze")
def clock_freeze(sandbox: InSandbox = MAIN, url: Url = DEFAULT_URL, as_json: AsJson = False) -> None:
    """Let time stand still but for 1 ms with each write. Example: troth clock freeze"""
    _show(Mock(url, sandbox).call("POST", "/clock/freeze"), as_json)


@app.command("advance")
def clock_advance(
    by: Annotated[
        str | None, typer.Option(help="A duration of ISO 8601 such as P30D, or milliseconds.", show_default=False)
    ] = None,
    to: Annotated[
        str | None, typer.Option(help="An instant of ISO 8601, or milliseconds since 1970.", show_default=False)
    ] = None,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Move the clock, run what becomes due on the way, and list it. Example: troth clock advance --by P30D"""
    if (by is None) == (to is None):
        fail("give one of --by and --to")
    body: Json
    if by is not None:
        by_ms = read_whole(by, NUMBER_MAX)
        body = {"by": by} if by_ms is None else {"by_ms": by_ms}
    else:
        to_ms = read_whole(str(to), NUMBER_MAX)
        body = {"to": to if to_ms is None else to_ms}
    mock = Mock(url, sandbox)
    _show_move(with_progress(mock, lambda: mock.try_call("POST", "/clock/advance", body=body)), as_json)


@app.command("run")
def clock_run(
    speed: Annotated[
        float | None, typer.Option(help="Seconds that pass in one of wall time; 1 by default.", show_default=False)
    ] = None,
    offset: Annotated[
        str | None,
        typer.Option(
            help="So much ahead of wall time: a duration of ISO 8601, or milliseconds. From where it stands by default.",
            show_default=False,
        ),
    ] = None,
    sandbox: InSandbox = MAIN,
    url: Url = DEFAULT_URL,
    as_json: AsJson = False,
) -> None:
    """Let time run. Example: troth clock run --speed 3600"""
    body = only(speed=speed)
    if offset is not None:
        ahead_ms = read_whole(offset.removeprefix("-"), NUMBER_MAX)
        sign = -1 if offset.startswith("-") else 1
        body |= {"offset": offset} if ahead_ms is None else {"offset_ms": sign * ahead_ms}
    mock = Mock(url, sandbox)
    _show_move(with_progress(mock, lambda: mock.try_call("POST", "/clock/run", body=body)), as_json)


def _show_move(answer: Json, as_json: bool) -> None:
    """What a move has run and where the clock stands."""
    show(answer, [_fired(one) for one in answer["fired"]], as_json, "nothing became due")
    if not answer["reached"]:
        count = len(answer["fired"])
        print(f"troth: the clock stopped on the way, after {count} jobs and webhooks: call again", file=sys.stderr)
    if not as_json:
        print(f"now {answer['now']}")


def _show(clock: Json, as_json: bool) -> None:
    kind = (
        "fixed" if clock["fixed"] else "wall" if clock["speed"] == 1 else f"running, {clock['speed']:g} times as fast"
    )
    show(clock, [{"now": clock["now"], "clock": kind}], as_json)


def _fired(one: Json) -> Json:
    shown = {"due": iso(one["due_at_ms"]), **{name: one[name] for name in ("tenant", "kind", "subject")}}
    return {**shown, "status": one.get("status") or "", "error": one.get("error", "")}
