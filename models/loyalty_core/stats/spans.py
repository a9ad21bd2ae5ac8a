"""Spans of time and their days: from `sinceFrom` on, before `sinceTo`; days are those of UTC."""

import re
from typing import Any

from sqlalchemy import ColumnElement

from models.clock import DAY_MS
from models.loyalty_core.instants import bounded_ms
from models.times import iso

_WITHIN_A_MS = re.compile(r"[.,][0-9]{3}[0-9]*[1-9]")


def within(column: Any, since_from: str | None, since_to: str | None) -> list[ColumnElement[bool]]:
    """Conditions for an instant in ms; either end may be open. Raises InvalidInput."""
    conditions = []
    if since_from is not None:
        conditions.append(column >= _first_ms(since_from))
    if since_to is not None:
        conditions.append(column < _first_ms(since_to))
    return conditions


def _first_ms(text: str) -> int:
    """The first whole millisecond that is not before an instant: what happens is known by the millisecond."""
    return bounded_ms(text) + (1 if _WITHIN_A_MS.search(text) else 0)


def day_of(column: Any) -> Any:
    """The number of the day that an instant in ms is in, as an expression of SQL."""
    return (column // DAY_MS).label("day")


def show_day(day: int) -> str:
    """A day by its number: `2026-01-15`."""
    return iso(day * DAY_MS)[:10]
