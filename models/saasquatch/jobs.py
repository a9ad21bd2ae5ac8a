"""What the dispatcher runs for the SaaSquatch API: a function for each kind of job."""

from sqlalchemy import delete

from models.clock import DAY_MS
from models.saasquatch import exports, rewards
from models.saasquatch.tables import IdempotencyKey
from models.uow import UnitOfWork

JOBS = {**rewards.JOBS, **exports.JOBS}


def prune(uow: UnitOfWork) -> None:
    """Forget idempotency keys that are free again."""
    uow.session.execute(delete(IdempotencyKey).where(
        IdempotencyKey.tenant_id == uow.tenant_id, IdempotencyKey.received_ms <= uow.now_ms - DAY_MS))
