"""The log of a member's events, and what came of each."""

from collections.abc import Mapping
from typing import Any

from models.kernel.times import iso
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.views import find_member
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork

ORDERS = {
    "eventId": LoggedEvent.id,
    "createdAt": LoggedEvent.created_ms,
    "eventType": LoggedEvent.type,
    "status": LoggedEvent.status,
}


def list_member_events(
    uow: UnitOfWork, member_id: int, *, filters: Mapping[str, Any], page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of a member's events.

    `filters` (each may be None): from_created_at and to_created_at (text, both included), event_type, status.
    Raises NotFound, InvalidInput.
    """
    find_member(uow, member_id)
    row = LoggedEvent
    matching = uow.scoped(row).where(row.member_id == member_id)
    if filters["from_created_at"] is not None:
        matching = matching.where(row.created_ms >= bounded_ms(filters["from_created_at"]))
    if filters["to_created_at"] is not None:
        matching = matching.where(row.created_ms <= bounded_ms(filters["to_created_at"]))
    if filters["event_type"] is not None:
        matching = matching.where(row.type == filters["event_type"])
    if filters["status"] is not None:
        matching = matching.where(row.status == filters["status"])
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, found) for found in rows], total, page, limit)


def _show(uow: UnitOfWork, row: LoggedEvent) -> dict[str, Any]:
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
