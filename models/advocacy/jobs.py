"""What the dispatcher runs for the advocacy API, and what it forgets."""

from collections.abc import Callable

from models import idempotency
from models.advocacy.tables import AdvocateSession, UsedSignature
from models.pruning import delete_some
from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {}


def prune(uow: UnitOfWork) -> bool:
    """Forget some idempotency keys, used signatures and sessions whose time is over.

    Returns whether there may be more.
    """
    return any(
        [
            idempotency.prune(uow),
            delete_some(uow, UsedSignature.signature, UsedSignature.until_ms <= uow.now_ms),
            delete_some(uow, AdvocateSession.digest, AdvocateSession.expires_ms <= uow.now_ms),
        ]
    )
