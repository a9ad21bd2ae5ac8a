"""Whole-number ids for the APIs whose objects have them.

In production they grow with time (`Sandbox.order_number`) and several servers may make them at once; a clash, which a
primary key finds, is tried again with the whole request. In mock mode they are 1, 2, 3 for each tenant and kind.
"""

from typing import Any

from sqlalchemy import func, select

from models.kernel.base import Base
from models.uow import UnitOfWork

DIGITS_MAX = 18
"""More do not all fit 64 bits."""


def new_number(uow: UnitOfWork, model: type[Base], column: Any = None) -> int:
    """An id for a new row of a table, for its `id` or for another column that is numbered."""
    counted = model.id if column is None else column  # type: ignore[attr-defined]
    owner = model.tenant_id  # type: ignore[attr-defined]

    def last() -> int:
        return uow.session.scalar(select(func.max(counted)).where(owner == uow.tenant_id)) or 0

    return uow.sandbox.number(uow.tenant_id, str(counted), last) or uow.order_number()


def read_number(text: str) -> int | None:
    """The number that an id in a body stands for; None for a text that is not exactly how an id is written."""
    is_one = text.isascii() and text.isdigit() and len(text) <= DIGITS_MAX and str(int(text)) == text
    return int(text) if is_one else None
