"""Calendar periods in UTC: when the one began that an instant is in."""

from datetime import UTC, datetime, timedelta
from typing import Literal

from models.kernel.clock import DAY_MS

Period = Literal["day", "week", "month", "year"]
PERIODS: tuple[Period, ...] = ("day", "week", "month", "year")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_WEEKDAY = 3
"""1 January 1970 was a Thursday."""


def weekday(at_ms: int) -> str:
    """The day of the week, in lower-case English."""
    return WEEKDAYS[(at_ms // DAY_MS + _EPOCH_WEEKDAY) % 7]


def period_start_ms(at_ms: int, period: Period) -> int:
    """The first millisecond of the day, week (from Monday), month or year that an instant is in."""
    day_ms = at_ms // DAY_MS * DAY_MS
    if period == "day":
        return day_ms
    if period == "week":
        return day_ms - (at_ms // DAY_MS + _EPOCH_WEEKDAY) % 7 * DAY_MS
    first = (_EPOCH + timedelta(milliseconds=day_ms)).replace(day=1)
    if period == "year":
        first = first.replace(month=1)
    return (first - _EPOCH) // timedelta(milliseconds=1)


def month_start_ms(at_ms: int) -> int:
    """The first millisecond of the month that an instant is in."""
    return period_start_ms(at_ms, "month")
