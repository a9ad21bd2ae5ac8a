"""Events, their effects, event types and triggers as answers and webhooks show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.events.tables import EventTrigger, EventType
from models.loyalty_core.settings import organization_id
from models.outbox.addresses import masked
from models.uow import UnitOfWork


def show_effect(effect_id: str, source: str, source_id: int, data: Shown, *, action_id: int | None = None) -> Shown:
    """An effect as answers and the event log show it; `source` is campaign, mission or referral-program."""
    return {"effectId": effect_id, "source": source, "sourceId": source_id, "actionId": action_id, "data": data}


def show_event(
    uow: UnitOfWork, event_id: int, event_type: str, topic: str, data: Shown, *, member_id: int | None, created_ms: int
) -> Shown:
    """An event as triggers send it; `eventType` is the topic of a tracked event."""
    return {
        "eventId": event_id,
        "eventType": topic or event_type,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "memberId": member_id,
        "createdAt": iso(created_ms),
        "data": data,
    }


def show_trigger(uow: UnitOfWork, row: EventTrigger, secret: str | None = None) -> Shown:
    """A trigger as answers show it; the secret in the answer to the call that made or set it only."""
    return {
        "triggerId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "type": row.type,
        "name": row.name,
        "active": row.active,
        "settings": {"url": masked(row.url), "events": row.event_types, "headers": row.headers, "secret": secret},
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_event_type(uow: UnitOfWork, row: EventType) -> Shown:
    """An event type as answers show it."""
    return {
        "eventTypeId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "apiCode": row.api_code,
        "name": row.name,
        "description": row.description,
        "active": row.active,
        "schemaType": row.schema_type,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
