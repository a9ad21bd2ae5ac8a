"""Reading a tenant's rows a page at a time."""

from collections.abc import Collection, Iterator
from typing import Any, TypeVar

from sqlalchemy import Select, tuple_
from sqlalchemy.orm import InstrumentedAttribute

from models.kernel.base import Base
from models.uow import UnitOfWork

PAGE_ROWS = 200
"""What is read and written in one step of an export: 5 to 20 ms."""

Model = TypeVar("Model", bound=Base)


def pages(
    uow: UnitOfWork, statement: Select[Model], order: Collection[InstrumentedAttribute[Any]]
) -> Iterator[list[Model]]:
    """All rows of a statement in pages. `order` are columns without null that are unique together and have an index."""
    after: tuple[Any, ...] | None = None
    while True:
        rest = statement if after is None else statement.where(tuple_(*order) > tuple_(*after))
        page = list(uow.session.scalars(rest.order_by(*order).limit(PAGE_ROWS)))
        if page:
            yield page
        if len(page) < PAGE_ROWS:
            return
        after = tuple(getattr(page[-1], column.key) for column in order)
