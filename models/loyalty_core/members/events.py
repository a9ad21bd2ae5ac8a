"""The log of a member's events, and the effects of each."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.members.queries import LIST_EVENTS
from models.loyalty_core.members.views import find_member
from models.loyalty_core.paging import Paging
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def list_member_events(
    uow: UnitOfWork,
    member_id: int,
    paging: Paging,
    *,
    from_ms: int | None,
    to_ms: int | None,
    event_type: str | None,
    status: str | None,
) -> tuple[list[LoggedEvent], int]:
    """A page of a member's events, and how many match. Times are included. Raises NotFound, InvalidInput."""
    find_member(uow, member_id)
    return LIST_EVENTS.page(
        uow, paging, member_id=member_id, from_ms=from_ms, to_ms=to_ms, event_type=event_type, status=status
    )


def show_event(uow: UnitOfWork, row: LoggedEvent) -> Shown:
    """A logged event as answers show it."""
    return {
        "eventId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "memberId": row.member_id,
        "eventType": row.type,
        "topic": row.topic or None,
        "status": row.status,
        "systemUniqueKey": row.unique_key,
        "externalId": row.external_id,
        "externalEventDate": None if row.external_ms is None else iso(row.external_ms),
        "description": row.description,
        "tags": row.tags,
        "data": row.data,
        "causes": row.chain,
        "effects": row.effects,
        "ruleErrors": row.rule_errors,
        "error": row.error,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
