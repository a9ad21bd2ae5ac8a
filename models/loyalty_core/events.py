"""What happens in an organization, as events of the outbox."""

from typing import Any

import orjson

from models.hot import inserting
from models.ids import uuid4
from models.ledger import book
from models.loyalty_core.settings import organization_id
from models.outbox import Event
from models.times import iso
from models.uow import UnitOfWork

MEMBER_EVENT_TYPES = frozenset({
    "member-created", "member-updated", "member-profile-deactivated", "member-tier-set", "member-tier-removed",
    "ledger-transaction-created",
})
ORGANIZATION_EVENT_TYPES = frozenset({"user-invited"})
_INSERT_EVENT = inserting(Event)


def emit(uow: UnitOfWork, event_type: str, data: dict[str, Any], *, member_id: int | None = None) -> None:
    """Write an event about a member, or about nobody; it is there when the unit ends."""
    assert event_type in MEMBER_EVENT_TYPES | ORGANIZATION_EVENT_TYPES, event_type
    event_id = uuid4(uow.draws, "event")
    body = {"eventId": event_id, "eventType": event_type, "organizationId": organization_id(uow.tenant, uow.directory),
            "memberId": member_id, "createdAt": iso(uow.now_ms), "data": data}
    book(uow).records.append((_INSERT_EVENT, {
        "tenant_id": uow.tenant_id, "id": event_id, "number": uow.order_number(), "type": event_type,
        "body": orjson.dumps(body).decode(), "created_ms": uow.now_ms}))
