"""Spans of time and their days: from `sinceFrom` on, before `sinceTo`; days are those of UTC."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Label, bindparam, literal_column
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.base import Big
from models.kernel.clock import DAY_MS, MAX_MS
from models.loyalty_core.instants import MIN_MS, optional_first_ms

_EPOCH = date(1970, 1, 1).toordinal()

Ends = tuple[bool, bool]
"""Whether a span has a start, and an end."""


@dataclass(frozen=True, slots=True)
class Span:
    """From a millisecond on, before another; None for an open end."""

    first_ms: int | None = None
    end_ms: int | None = None

    @property
    def ends(self) -> Ends:
        """Whether the span has a first and a last end: (has_first, has_end)."""
        return self.first_ms is not None, self.end_ms is not None

    @property
    def values(self) -> dict[str, int | None]:
        """The parameters of `within`."""
        return {"first_ms": self.first_ms, "end_ms": self.end_ms}

    @property
    def bounds(self) -> dict[str, int]:
        """The parameters of a statement that always names both ends; all of time for an open one."""
        return {
            "first_ms": MIN_MS if self.first_ms is None else self.first_ms,
            "end_ms": MAX_MS + 1 if self.end_ms is None else self.end_ms,
        }


def read_span(since_from: str | None, since_to: str | None) -> Span:
    """The span of a request. Raises InvalidInput."""
    return Span(optional_first_ms(since_from), optional_first_ms(since_to))


def within(column: InstrumentedAttribute[int], ends: Ends) -> list[ColumnElement[bool]]:
    """The conditions that an instant in ms is in a span with these ends;
    their parameters are `first_ms` and `end_ms`.
    """
    has_start, has_end = ends
    conditions: list[ColumnElement[bool]] = []
    if has_start:
        conditions.append(column >= bindparam("first_ms"))
    if has_end:
        conditions.append(column < bindparam("end_ms"))
    return conditions


def day_of(column: InstrumentedAttribute[int]) -> Label[int]:
    """The number of the day that an instant in ms is in, as an expression of SQL.

    The length of a day is part of the text: PostgreSQL does not take two parameters for the same expression in GROUP
    BY.
    """
    return (column // literal_column(str(DAY_MS), Big)).label("day")


def show_day(day: int) -> str:
    """A day by its number: `2026-01-15`."""
    return date.fromordinal(_EPOCH + day).isoformat()
