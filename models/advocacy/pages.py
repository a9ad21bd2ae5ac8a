"""Lists that come whole unless a page of them is asked for."""

from typing import Any, TypeVar

from sqlalchemy import Select, func, select

from models.kernel.base import Base
from models.uow import UnitOfWork

LIMIT_DEFAULT = 20
Row = TypeVar("Row", bound=Base)


def whole_or_page(
    uow: UnitOfWork, matching: Select[Row], *order: Any, page: int | None, limit: int | None
) -> tuple[list[Row], int]:
    """All rows that match, or one page of them, counted from 1, when either is asked for; and how many match.

    A page past the end is empty, so that whoever turns pages comes to an end.
    """
    if limit is None and page is not None:
        limit = LIMIT_DEFAULT
    ordered = matching.order_by(*order)
    if limit is None:
        rows = list(uow.session.scalars(ordered))
        return rows, len(rows)
    total = uow.session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    first = ((page or 1) - 1) * limit
    if first >= total:
        # Nor does an offset reach the database that its integers cannot hold.
        return [], total
    return list(uow.session.scalars(ordered.limit(limit).offset(first))), total
