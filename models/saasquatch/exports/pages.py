"""Reading a tenant's rows a page at a time."""

from collections.abc import Iterator
from typing import TypeVar

from models.kernel.base import Base
from models.saasquatch.exports.queries import Listing, page_of
from models.uow import UnitOfWork

PAGE_ROWS = 200
"""Rows that one step of an export reads and writes: 5 to 20 ms."""

Model = TypeVar("Model", bound=Base)


def pages(uow: UnitOfWork, listing: Listing[Model], /, *only: str, **conditions: object) -> Iterator[list[Model]]:
    """All rows of a listing that meet the conditions, in pages; of their columns only some, and those of the order,
    where these are named.
    """
    names = frozenset(conditions)
    last: dict[str, object] = {}
    while True:
        page = uow.rows(page_of(listing, names, continues=bool(last), only=only), limit=PAGE_ROWS, **conditions, **last)
        if page:
            yield page
        if len(page) < PAGE_ROWS:
            return
        last = {f"after{place}": getattr(page[-1], column.key) for place, column in enumerate(listing.order)}
