"""Ids of operations that tests and rules name."""

from difflib import get_close_matches

from handlers.control._ports import apis, operations
from handlers.control.problems import UnknownApi, UnknownOperation
from models.uow import UnitOfWork


def check_operation(uow: UnitOfWork, operation: str) -> None:
    """Raises UnknownOperation, naming similar ones: a typing error would otherwise verify that nothing was called."""
    known = operations(uow)
    if operation not in known:
        similar = get_close_matches(operation, sorted(known), n=3)
        hint = f" Did you mean {' or '.join(similar)}?" if similar else ""
        raise UnknownOperation(f"No API has an operation {operation!r}.{hint}")


def check_api(uow: UnitOfWork, api: str) -> None:
    """Raises UnknownApi, naming those that there are, for the same reason."""
    known = apis(uow)
    if api not in known:
        raise UnknownApi(f"There is no API {api!r}; there are {', '.join(known)}.")
