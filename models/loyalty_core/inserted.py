"""Rows that were just inserted, without reading them back."""

from collections.abc import Mapping
from typing import TypeVar

from models.kernel.statements import Insertion, row_of
from models.uow import UnitOfWork

R = TypeVar("R")


def inserted(uow: UnitOfWork, model: type[R], statement: Insertion, values: Mapping[str, object]) -> R:
    """The read-only row that the INSERT has written from these values;
    columns that were left out have their defaults.
    """
    return row_of(model, **{**statement.defaults, **values, "tenant_id": uow.tenant_id})
