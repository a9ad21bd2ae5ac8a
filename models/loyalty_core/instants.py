"""Instants of requests: any that the contract's date-time may name, held to what the server can express."""

from datetime import UTC, datetime, timedelta

from models.kernel.clock import MAX_MS
from models.kernel.problems import InvalidInput
from models.kernel.times import names_part_of_ms
from models.loyalty_core.problems import ValidityInvalid

MIN_MS = -62_135_596_800_000
"""The first millisecond of the year 1."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def bounded_ms(text: str) -> int:
    """A date-time of the contract in ms, at the earliest the year 1 and at the latest 9999, both in UTC.

    Raises InvalidInput for the few that have no instant here (a leap second, the year 0).
    """
    try:
        at_ms = (datetime.fromisoformat(text.upper()) - _EPOCH) // timedelta(milliseconds=1)
    except ValueError as error:
        raise InvalidInput(f"The instant {text} cannot be read: {error}.") from error
    return min(max(at_ms, MIN_MS), MAX_MS)


def optional_ms(text: str | None) -> int | None:
    """The same; None, which takes an instant away, stays None."""
    return None if text is None else bounded_ms(text)


def first_ms(text: str) -> int:
    """The first whole millisecond that is not before an instant: what happens is dated to the millisecond.

    Raises InvalidInput.
    """
    return bounded_ms(text) + (1 if names_part_of_ms(text) else 0)


def optional_first_ms(text: str | None) -> int | None:
    """The same of the begin of a filter; None, for a filter that is not used, stays None."""
    return None if text is None else first_ms(text)


def check_validity(from_ms: int | None, to_ms: int | None, *, begin: str = "validFrom", end: str = "validTo") -> None:
    """That a validity ends after it begins, where it does both; `begin` and `end` are its members.

    Raises ValidityInvalid.
    """
    if from_ms is not None and to_ms is not None and to_ms <= from_ms:
        raise ValidityInvalid(f"{end} must be after {begin}.")
