"""Times as text: instants and durations of ISO 8601, in and out of milliseconds."""

import re
from calendar import monthrange
from datetime import UTC, datetime, timedelta

from models.kernel.clock import DAY_MS, HOUR_MS, MAX_MS, MINUTE_MS, SECOND_MS
from models.kernel.fault_words import quoted
from models.kernel.problems import InvalidInput

TARGET_MAX_MS = 32_503_680_000_000
"""The year 3000: no clock is moved further, so that what is added to the present stays a date."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAIVE_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  is in UTC, and says so behind the text
_DURATION = re.compile(
    r"P(?:([0-9]{1,9})W)?(?:([0-9]{1,9})D)?(?:T(?=[0-9])(?:([0-9]{1,9})H)?(?:([0-9]{1,9})M)?(?:([0-9]{1,9})(?:\.([0-9]{1,3}))?S)?)?"
)
_INSTANT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?W[0-9]{2}(-?[0-9])?)"
    r"([Tt ][0-9]{2}[0-9:.,]*([Zz]|[+-][0-9]{2}(:?[0-5][0-9][0-9:.]*)?)?)?"
)
_WITHIN_A_MS = re.compile(r"[.,][0-9]{3}[0-9]*[1-9]")
_WEEK_MS = 7 * DAY_MS


def iso(at_ms: int) -> str:
    """An instant as text in UTC, with milliseconds: `2026-01-15T12:00:00.000Z`."""
    return (_NAIVE_EPOCH + timedelta(milliseconds=at_ms)).isoformat(timespec="milliseconds") + "Z"


def iso_seconds(at_ms: int) -> str:
    """An instant as text in UTC, cut to the second, with its offset as numbers: `2026-01-15T12:00:00+00:00`."""
    return (_EPOCH + timedelta(seconds=at_ms // SECOND_MS)).isoformat()


def parse_instant_ms(text: str) -> int:
    """An instant of ISO 8601 of the years 1970 to 9999, as `parse_any_instant_ms` takes it. Raises ValueError."""
    at_ms = parse_any_instant_ms(text)
    if not 0 <= at_ms <= MAX_MS:
        raise ValueError(f"{text!r} is not between the years 1970 and 9999")
    return at_ms


def parse_any_instant_ms(text: str) -> int:
    """An instant of ISO 8601 with date, or date and time; UTC where no offset is given; negative before 1970.

    Raises ValueError.
    """
    # `fromisoformat` takes any character between date and time: 2026-01-15512 would be noon.
    if _INSTANT.fullmatch(text) is None:
        raise ValueError(f"{text!r} is not an instant like 2026-01-15T12:00:00Z")
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=UTC)
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def names_part_of_ms(text: str) -> bool:
    """Whether an instant is between two whole milliseconds."""
    return _WITHIN_A_MS.search(text) is not None


def parse_duration_ms(text: str) -> int:
    """A duration in weeks, days, hours, minutes and seconds (`P1D`, `PT1H30M`). Raises ValueError.

    Years and months are no fixed length of time, and are refused.
    """
    found = _DURATION.fullmatch(text)
    if found is None or text == "P":
        raise ValueError(f"{text!r} is not a duration like P1D or PT1H30M")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:5])
    milliseconds = int((found[6] or "").ljust(3, "0"))
    return weeks * _WEEK_MS + days * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS + seconds * SECOND_MS + milliseconds


def read_instant_ms(value: int | str, member: str) -> int:
    """An instant that a member of a request has, in ms or as text. Raises InvalidInput."""
    try:
        return value if isinstance(value, int) else parse_instant_ms(value)
    except ValueError as error:
        rule = "must be an instant of the years 1970 to 9999, such as 2026-01-15T12:00:00Z"
        raise InvalidInput(f"/{member}: {rule}, not {quoted(value)}", pointer=f"/{member}") from error


def read_duration_ms(text: str, member: str) -> int:
    """A duration that a member of a request has. Raises InvalidInput."""
    try:
        return parse_duration_ms(text)
    except ValueError as error:
        rule = "must be a duration such as P1D or PT1H30M"
        raise InvalidInput(f"/{member}: {rule}, not {quoted(text)}", pointer=f"/{member}") from error


def check_target_ms(at_ms: int) -> None:
    """Where a clock is to be moved must be before the year 3000. Raises InvalidInput."""
    if at_ms > TARGET_MAX_MS:
        raise InvalidInput("The clock is not moved beyond the year 3000.")


def add_months(at_ms: int, months: int) -> int:
    """The same time of day so many calendar months later, UTC; the month's last day where it has no such day."""
    instant = _EPOCH + timedelta(milliseconds=at_ms)
    years, month = divmod(instant.month - 1 + months, 12)
    year = instant.year + years
    day = min(instant.day, monthrange(year, month + 1)[1])
    return (instant.replace(year=year, month=month + 1, day=day) - _EPOCH) // timedelta(milliseconds=1)
