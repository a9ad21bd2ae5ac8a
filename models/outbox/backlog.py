"""How much of the outbox waits: for metrics."""

from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.outbox.outbox import Job


class Backlog(NamedTuple):
    """Deliveries or internal jobs of a sandbox that are due; `oldest_ms` says when the first of them was, on the
    sandbox's clock.
    """

    due: int
    oldest_ms: int | None


def backlog(session: Session, sandbox_id: int, now_ms: int, *, deliveries: bool) -> Backlog:
    """What is due at an instant, leased or not: what is under way is not done yet."""
    kind = Job.endpoint_id.is_not(None) if deliveries else Job.endpoint_id.is_(None)
    count, oldest_ms = session.execute(
        select(func.count(), func.min(Job.due_at_ms)).where(Job.sandbox_id == sandbox_id, kind, Job.due_at_ms <= now_ms)
    ).one()
    return Backlog(count, oldest_ms)
