"""Ids of operations that tests and rules name."""

from difflib import get_close_matches

from handlers.control._ports import operations
from handlers.control.problems import UnknownOperation
from models.uow import UnitOfWork


def check_operation(uow: UnitOfWork, operation: str) -> None:
    """Raises UnknownOperation, naming similar ones: a typing error would otherwise verify that nothing was called."""
    known = operations(uow)
    if operation not in known:
        similar = get_close_matches(operation, sorted(known), n=3)
        hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
        raise UnknownOperation(f"No API has an operation {operation!r}.{hint}")
