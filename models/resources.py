"""Resources of an API as rows of its tables: what a change of a row is a change of, and how the API shows that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.uow import UnitOfWork

Shown = Mapping[str, Any]


Key = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource whose rows are in one table.

    `show` gives a row (of the ORM) as the API does; None where the API does not show it.

    `accounts` are beginnings of the ledger accounts whose balances it shows; the id of the row follows them. `key`
    names the members that are its id, where those are not the columns of the primary key; of several kinds of rows the
    ones that are there. `parts` are other tables whose rows it shows as its own, each with what gives a row's primary
    key here, without the tenant (None for a row that it does not show).
    """

    name: str
    show: Callable[[UnitOfWork, Any], Shown | None]
    accounts: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    parts: Mapping[str, Callable[[Any], Key | None]] = field(default_factory=dict)


Resources = Mapping[str, Resource]
"""By the name of the table."""


def plainly(show: Callable[[Any], Shown]) -> Callable[[UnitOfWork, object], Shown]:
    """For what is shown without anything but its row."""
    return lambda _uow, row: show(row)


def never_shown(*tables: str) -> Resources:
    """Tables that the API works with and that no call shows: indexes, limits, marks of what was used."""
    return {table: Resource(table, lambda _uow, _row: None) for table in tables}
