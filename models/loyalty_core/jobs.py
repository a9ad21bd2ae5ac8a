"""What the dispatcher runs for the Loyalty Core API, and what it forgets."""

from collections.abc import Callable

from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {}


def prune(_uow: UnitOfWork) -> None:
    """Nothing is kept for a time only yet."""
