"""Resources of an API as rows of its tables: what a change of a row is a change of, and how the API shows that."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.uow import UnitOfWork

Shown = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource whose rows are in one table. `show` gives a row (of the ORM) as the API does.

    `accounts` are beginnings of the ledger accounts whose balances it shows; the id of the row follows them.
    """

    name: str
    show: Callable[[UnitOfWork, Any], Shown]
    accounts: tuple[str, ...] = ()


Resources = Mapping[str, Resource]
"""By the name of the table."""


def plainly(show: Callable[[Any], Shown]) -> Callable[[UnitOfWork, Any], Shown]:
    """For what is shown without anything but its row."""
    return lambda _uow, row: show(row)
