"""Pages of lists: counted from 0, in an order that each list offers by the names of its rows' fields."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from models.kernel.base import Base
from models.kernel.problems import InvalidInput
from models.uow import UnitOfWork

Row = TypeVar("Row", bound=Base)


def page_of(
    uow: UnitOfWork, matching: Select[Row], columns: Mapping[str, Any], *, page: int, limit: int, order: str | None
) -> tuple[list[Row], int]:
    """One page of the rows that match, and how many match in all.

    `columns` are those that `order` (`name`, `name,asc`, `name,desc`) may name; the first is unique, grows with the rows'
    making, decides between equal ones, and is also known as `id`. A page past the end is empty.
    Raises InvalidInput for a name that is not offered.
    """
    total = uow.session.scalar(select(func.count()).select_from(matching.order_by(None).subquery())) or 0
    return rows_of_page(uow, matching, columns, page=page, limit=limit, order=order), total


def rows_of_page(
    uow: UnitOfWork, matching: Select[Row], columns: Mapping[str, Any], *, page: int, limit: int, order: str | None
) -> list[Row]:
    """The rows of one page alone, for the lists that do not tell how many there are in all. Raises InvalidInput."""
    ordered = matching.order_by(*_order(columns, order))
    return list(uow.session.scalars(ordered.limit(limit).offset(page * limit)))


def _order(columns: Mapping[str, Any], order: str | None) -> list[Any]:
    first = next(iter(columns))
    name, _, direction = (order or first).partition(",")
    column = columns.get(first if name == "id" else name)
    if column is None:
        raise InvalidInput(
            f"Rows can be ordered by {', '.join(columns)}, not by {name}.", location="query", pointer="/order"
        )
    tie = columns[first]
    falls = direction == "desc"
    last = tie.desc() if falls else tie.asc()
    if column is tie:
        return [last]
    # What is empty comes last, as in PostgreSQL's indexes; SQLite by itself would put it first.
    return [column.desc().nulls_first() if falls else column.asc().nulls_last(), last]


def show_page(results: Sequence[Any], total: int, page: int, limit: int) -> dict[str, Any]:
    """A page in the shape that all lists of the API have."""
    return {"totalCount": total, "page": page, "limit": limit, "results": list(results)}
