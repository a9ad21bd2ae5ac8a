"""Lists that are answered whole unless one page of them is asked for."""

from typing import TypeVar

from models.advocacy.queries import Order, count_of, list_of
from models.kernel.base import Base
from models.uow import UnitOfWork

LIMIT_DEFAULT = 20
Row = TypeVar("Row", bound=Base)


def whole(uow: UnitOfWork, table: type[Row], *, order: Order = (), **filters: object) -> list[Row]:
    """All rows of a table that meet the filters which are not None, newest first or in an order."""
    given = {name: value for name, value in filters.items() if value is not None}
    return uow.rows(list_of(table, frozenset(given), order), **given)


def whole_or_page(
    uow: UnitOfWork, table: type[Row], *, page: int | None, limit: int | None, order: Order = (), **filters: object
) -> tuple[list[Row], int]:
    """The rows of `whole`, or one page of them, counted from 1, when a page or a limit is given; and how many match.

    A page past the end is empty.
    """
    if limit is None and page is not None:
        limit = LIMIT_DEFAULT
    if limit is None:
        rows = whole(uow, table, order=order, **filters)
        return rows, len(rows)
    given = {name: value for name, value in filters.items() if value is not None}
    names = frozenset(given)
    total = uow.one(count_of(table, names), **given)
    first = ((page or 1) - 1) * limit
    if first >= total:
        # The offset may also be too large for the integers of the database.
        return [], total
    return uow.rows(list_of(table, names, order, pages=True), limit=limit, offset=first, **given), total
