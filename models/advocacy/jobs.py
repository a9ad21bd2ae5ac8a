"""What the dispatcher runs for the advocacy API, and what it forgets."""

from collections.abc import Callable

from sqlalchemy import delete

from models import idempotency
from models.advocacy.tables import AdvocateSession, UsedSignature
from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {}


def prune(uow: UnitOfWork) -> None:
    """Forget idempotency keys, used signatures and sessions whose time is over."""
    idempotency.prune(uow)
    session, tenant_id, now_ms = uow.session, uow.tenant_id, uow.now_ms
    session.execute(delete(UsedSignature).where(UsedSignature.tenant_id == tenant_id, UsedSignature.until_ms <= now_ms))
    session.execute(delete(AdvocateSession).where(
        AdvocateSession.tenant_id == tenant_id, AdvocateSession.expires_ms <= now_ms))
