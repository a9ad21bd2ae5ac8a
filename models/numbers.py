"""Whole-number ids for the APIs whose objects have them.

In production they grow with time (`Sandbox.order_number`) and several servers may make them at once; a number that is
taken already, which a primary key finds, has the whole request tried again. In mock mode they are 1, 2, 3 for each
tenant and kind.
"""

from functools import cache
from typing import Any

from sqlalchemy import func, select

from models.kernel.base import Base
from models.kernel.statements import TENANT, Query
from models.uow import UnitOfWork

DIGITS_MAX = 18
"""More do not all fit 64 bits."""


def new_number(uow: UnitOfWork, model: type[Base], column: Any = None) -> int:
    """An id for a new row of a table, for its `id` or for another column that is numbered."""
    name, highest = _numbered(model, "id" if column is None else column.key)
    return uow.sandbox.number(uow.tenant_id, name, lambda: uow.one(highest) or 0) or uow.order_number()


def read_number(text: str) -> int | None:
    """The number that an id in a body stands for; None for a text that is not exactly how an id is written."""
    is_one = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX and str(int(text)) == text
    return int(text) if is_one else None


@cache
def _numbered(model: type[Base], name: str) -> tuple[str, Query[int | None]]:
    """The name of a column of numbers, and the query of the highest."""
    column = getattr(model, name)
    owner: object = getattr(model, "tenant_id")  # noqa: B009  tables of tenants have it, which their base does not say
    return str(column), Query(select(func.max(column)).where(owner == TENANT))
