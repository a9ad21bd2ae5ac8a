"""What a write names by key.

Only what it adds is looked up: an object can be sent back as it was read, whatever has gone since.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from models.kernel.problems import joined
from models.loyalty_core.problems import NotFound


class Reference(NamedTuple):
    """A name in a body, and the JSON pointer of the member that has it; empty where it is not a member by itself."""

    name: str
    pointer: str


def added(before: Iterable[str | None], after: Iterable[str], pointer: str) -> list[Reference]:
    """The names that a write adds to those that were there, of the list at a pointer."""
    known = set(before)
    return [Reference(name, f"{pointer}/{place}") for place, name in enumerate(after) if name not in known]


def added_one(before: Iterable[str | None], after: str | None, pointer: str) -> list[Reference]:
    """The name at a pointer, if a write adds it to those that were there; None is no name."""
    return [] if after is None or after in before else [Reference(after, pointer)]


def names_of(references: Sequence[Reference]) -> list[str]:
    """The names, each once."""
    return list(dict.fromkeys(one.name for one in references))


def check_found(kind: type[NotFound], what: str, references: Sequence[Reference], found: Collection[str]) -> None:
    """Raises a NotFound, of the kind that is given, for each name that is not among those that were found."""
    gone = []
    for name, pointer in references:
        if name not in found:
            problem = kind(f"There is no {what} {name}.")
            problem.put_below(pointer)
            gone.append(problem)
    if gone:
        raise joined(gone)
