"""What a write names by key. Only what it adds is looked up: an object can be sent back as it was read, whatever has gone since."""

from collections.abc import Collection, Iterable

from models.loyalty_core.problems import NotFound


def added(before: Iterable[str | None], after: Iterable[str | None]) -> list[str]:
    """The names that a write adds to those that were there, each once; None is no name."""
    known = set(before)
    return [name for name in dict.fromkeys(after) if name is not None and name not in known]


def check_found(kind: type[NotFound], what: str, asked: Iterable[str], found: Collection[str]) -> None:
    """Raises a NotFound, of the kind that is given, for the names that are not among those that were found."""
    gone = [name for name in asked if name not in found]
    if gone:
        raise kind(f"There is no {what} {' and no '.join(gone)}.")
