"""New calls of a journal as server-sent events, whose data is a piece of the page."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson

from handlers.control._journal_match import matches
from handlers.control._journal_views import summary
from models.kernel.clock import monotonic_s
from troth.mock.dashboard.rendering import render

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from troth.mock.journal import Entry, Journal

TURN_S = 0.25
"""Calls that come within a turn are one event: a client that sends 200 a second makes four events a second."""
HEARTBEAT_S = 15.0
"""A comment after so long without a call, so that proxies keep the connection."""
ROWS_MAX = 100
"""Of one event; a page shows no more. Older ones are left out, `seen` counts them."""


async def events(
    journal: Journal, after: int, filters: dict[str, str], root: str, is_ending: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """Events with `seen` (calls until now) and `rows` (HTML of new calls that the filters mean, the newest first),
    until the end.
    """
    yield b"retry: 1000\n\n"
    beat_s = monotonic_s()
    while not is_ending():
        if journal.seen > after:
            rows = new_entries(journal, after, filters)
            after, beat_s = journal.seen, monotonic_s()
            yield event(after, rows, root)
        elif monotonic_s() - beat_s >= HEARTBEAT_S:
            beat_s = monotonic_s()
            yield b": alive\n\n"
        await asyncio.sleep(TURN_S)


def new_entries(journal: Journal, after: int, filters: dict[str, Any]) -> list[Entry]:
    """The newest kept calls beyond a number that the filters mean, the newest first, at most ROWS_MAX."""
    numbers = range(journal.seen, max(after, journal.seen - ROWS_MAX), -1)
    kept = (journal.get(number) for number in numbers)
    return [entry for entry in kept if entry is not None and matches(entry, filters)]


def event(number: int, entries: list[Entry], root: str) -> bytes:
    """One event; a browser that connects again names its number."""
    rows = render("rows.html", calls=[summary(entry) for entry in entries], root=root, selected=None)
    return b"id: %d\ndata: %s\n\n" % (number, orjson.dumps({"seen": number, "rows": rows}))
