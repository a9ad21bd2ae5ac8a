"""What the dispatcher runs for the SaaSquatch API: a function for each kind of job."""

from models.kernel.clock import DAY_MS
from models.pruning import delete_some
from models.saasquatch.exports import exports
from models.saasquatch.rewards import rewards
from models.saasquatch.tables import IdempotencyKey
from models.uow import UnitOfWork

JOBS = rewards.JOBS
LONG_JOBS = exports.LONG_JOBS


def prune(uow: UnitOfWork) -> bool:
    """Forget some idempotency keys that are free again. Returns whether there may be more."""
    return delete_some(uow, IdempotencyKey.key, IdempotencyKey.received_ms <= uow.now_ms - DAY_MS)
