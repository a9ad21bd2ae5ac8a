"""How far a move of a clock is, on standard error: a bar on a terminal, a line each ten seconds elsewhere."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING, Any

from models.kernel.clock import monotonic_s
from models.kernel.times import iso
from troth.cli.common import fail
from troth.cli.control import Json, Mock, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET_S = 1.0
"""A move that is over by then shows nothing."""
LOOK_S = 0.3
LINE_S = 10.0


def with_progress(mock: Mock, move: Callable[[], Json]) -> Json:
    """What a call answers that moves a clock; meanwhile it is shown how far it is. A refusal ends the command."""
    results: list[Any] = []

    def work() -> None:
        try:
            results.append(move())
        except (Refused, SystemExit) as error:
            results.append(error)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(QUIET_S)
    if thread.is_alive():
        (_bar if sys.stderr.isatty() else _lines)(mock, thread)
    [result] = results
    if isinstance(result, Refused):
        fail(str(result))
    if isinstance(result, SystemExit):
        raise result
    return dict(result)


def _bar(mock: Mock, thread: threading.Thread) -> None:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (
        TextColumn("{task.fields[now]}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.fields[fired]} run"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=1.0, now="", fired=0)
        while thread.is_alive():
            clock = mock.call("GET", "/clock")
            if "moving" in clock:
                progress.update(task, completed=_share(clock), now=iso(clock["now_ms"]), fired=clock["moving"]["fired"])
            thread.join(LOOK_S)


def _lines(mock: Mock, thread: threading.Thread) -> None:
    next_s = 0.0
    while thread.is_alive():
        if monotonic_s() >= next_s:
            next_s = monotonic_s() + LINE_S
            clock = mock.call("GET", "/clock")
            if "moving" in clock:
                line = f"{iso(clock['now_ms'])}, {_share(clock):.0%}, {clock['moving']['fired']} run"
                print(line, file=sys.stderr, flush=True)
        thread.join(LOOK_S)


def _share(clock: Json) -> float:
    """How much of a move is done, 0 to 1."""
    move = clock["moving"]
    whole_ms = max(move["to_ms"] - move["from_ms"], 1)
    return float(min(1.0, max(0.0, (clock["now_ms"] - move["from_ms"]) / whole_ms)))
