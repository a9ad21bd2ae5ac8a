"""What the dispatcher runs for the Leat API: nothing is due at a time of its own, expired access tokens are
forgotten.
"""

from collections.abc import Callable

from models.leat.tokens import prune
from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {}

__all__ = ["JOBS", "prune"]
