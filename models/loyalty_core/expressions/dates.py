"""Instants in expressions: text in UTC, which sorts as it should, and what can be calculated with it."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from models.kernel.clock import DAY_MS, HOUR_MS, MAX_MS, MINUTE_MS
from models.kernel.times import add_months, iso, parse_instant_ms
from models.loyalty_core.expressions.decimals import as_whole
from models.loyalty_core.expressions.errors import EvaluationError
from models.loyalty_core.expressions.values import Value, is_number, kind_of

INSTANT_CHARACTERS_MAX = 64
AMOUNT_MAX = 10_000_000_000
"""More than the minutes from 1970 to 9999."""
MONTHS_PER_YEAR = 12
_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"([Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])?)?"
)
_NO_INSTANT = "the text is no instant of RFC 3339 between 1970 and 9999, such as 2026-01-15T12:00:00Z or 2026-01-15"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _ms(value: Value) -> int:
    """An instant as milliseconds: text of RFC 3339, UTC where it names no offset, or milliseconds.

    Raises EvaluationError.
    """
    if is_number(value):
        return _bounded(as_whole(value))
    if not isinstance(value, str):
        raise EvaluationError(f"an instant is a text, not {kind_of(value)}")
    # `fromisoformat` takes more than RFC 3339 has: weeks (2026-W01-1), dates without hyphens, any character before the
    # time.
    if len(value) > INSTANT_CHARACTERS_MAX or _INSTANT.fullmatch(value) is None:
        raise EvaluationError(_NO_INSTANT)
    try:
        return parse_instant_ms(value.upper())
    except (ValueError, OverflowError):
        raise EvaluationError(_NO_INSTANT) from None


def _bounded(at_ms: int | None) -> int:
    if at_ms is None or not 0 <= at_ms <= MAX_MS:
        raise EvaluationError("the instant is not between 1970 and 9999")
    return at_ms


def _amount(value: Value) -> int:
    amount = as_whole(value) if is_number(value) else None
    if amount is None or abs(amount) > AMOUNT_MAX:
        raise EvaluationError("what is added to an instant is a whole number")
    return amount


def _add(unit_ms: int) -> Callable[[Value, Value], str]:
    return lambda value, amount: iso(_bounded(_ms(value) + _amount(amount) * unit_ms))


def _add_months(value: Value, amount: Value) -> str:
    at_ms, months = _ms(value), _amount(amount)
    try:
        return iso(_bounded(add_months(at_ms, months)))
    except (ValueError, OverflowError):
        raise EvaluationError("the instant is not between 1970 and 9999") from None


def _between(unit_ms: int) -> Callable[[Value, Value], int]:
    def function(one: Value, other: Value) -> int:
        apart = _ms(other) - _ms(one)
        return abs(apart) // unit_ms * (1 if apart >= 0 else -1)

    return function


def _part(read: Callable[[datetime], int]) -> Callable[[Value], int]:
    return lambda value: read(_EPOCH + timedelta(milliseconds=_ms(value)))


CALENDAR = frozenset({"addMonths", "addYears"})
"""Functions that count in calendar months."""
DATES: dict[str, Callable[..., Value]] = {
    "instant": lambda value: iso(_ms(value)),
    "addMinutes": _add(MINUTE_MS),
    "addHours": _add(HOUR_MS),
    "addDays": _add(DAY_MS),
    "addMonths": _add_months,
    "addYears": lambda value, amount: _add_months(value, _amount(amount) * MONTHS_PER_YEAR),
    "minutesBetween": _between(MINUTE_MS),
    "hoursBetween": _between(HOUR_MS),
    "daysBetween": _between(DAY_MS),
    "year": _part(lambda at: at.year),
    "month": _part(lambda at: at.month),
    "day": _part(lambda at: at.day),
    "hour": _part(lambda at: at.hour),
    "minute": _part(lambda at: at.minute),
    "weekday": _part(datetime.isoweekday),
}
