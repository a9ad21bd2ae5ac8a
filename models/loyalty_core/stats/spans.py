"""Spans of time and their days: from `sinceFrom` on, before `sinceTo`; days are those of UTC."""

import re
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement

from models.kernel.clock import DAY_MS, MAX_MS
from models.loyalty_core.instants import MIN_MS, bounded_ms

_EPOCH = date(1970, 1, 1).toordinal()
_WITHIN_A_MS = re.compile(r"[.,][0-9]{3}[0-9]*[1-9]")


def within(column: Any, since_from: str | None, since_to: str | None) -> list[ColumnElement[bool]]:
    """Conditions for an instant in ms; either end may be open. Raises InvalidInput."""
    conditions = []
    if since_from is not None:
        conditions.append(column >= _first_ms(since_from))
    if since_to is not None:
        conditions.append(column < _first_ms(since_to))
    return conditions


def bounds(since_from: str | None, since_to: str | None) -> tuple[int, int]:
    """The first millisecond that is in, and the first after it that is not; all of time for an end that is open. Raises
    InvalidInput.
    """
    return (
        MIN_MS if since_from is None else _first_ms(since_from),
        MAX_MS + 1 if since_to is None else _first_ms(since_to),
    )


def _first_ms(text: str) -> int:
    """The first whole millisecond that is not before an instant: what happens is known by the millisecond."""
    return bounded_ms(text) + (1 if _WITHIN_A_MS.search(text) else 0)


def day_of(column: Any) -> Any:
    """The number of the day that an instant in ms is in, as an expression of SQL."""
    return (column // DAY_MS).label("day")


def show_day(day: int) -> str:
    """A day by its number: `2026-01-15`."""
    return date.fromordinal(_EPOCH + day).isoformat()
