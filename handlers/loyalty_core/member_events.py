"""Member events: the log of what happened to a member, and what came of it."""

from handlers.http import Answer, ok
from models.loyalty_core.members import events
from models.uow import UnitOfWork


def list_member_events(
    uow: UnitOfWork,
    *,
    member_id: int,
    page: int,
    limit: int,
    order: str | None,
    from_created_at: str | None,
    to_created_at: str | None,
    event_type: str | None,
    status: str | None,
) -> Answer:
    filters = {
        "from_created_at": from_created_at,
        "to_created_at": to_created_at,
        "event_type": event_type,
        "status": status,
    }
    return ok(events.list_member_events(uow, member_id, filters=filters, page=page, limit=limit, order=order))
