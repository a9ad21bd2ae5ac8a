"""Event types: what an organization's tracked events are called, and its own words for the built-in ones."""

from collections.abc import Mapping
from typing import Any

from models.kernel.times import iso
from models.loyalty_core.events.built_in import EVENT_TYPES
from models.loyalty_core.events.tables import EventType
from models.loyalty_core.events.tracked import BUILTIN
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "eventTypeId": EventType.id,
    "apiCode": EventType.api_code,
    "createdAt": EventType.created_ms,
    "updatedAt": EventType.updated_ms,
}


def list_event_types(uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> dict[str, Any]:
    """A page of them. Raises InvalidInput for an unknown order."""
    rows, total = page_of(uow, uow.scoped(EventType), ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_event_type(uow: UnitOfWork, api_code: str) -> dict[str, Any]:
    """One by its code. Raises NotFound."""
    row = _named(uow, api_code)
    if row is None:
        raise NotFound(f"There is no event type {api_code}.")
    return _show(uow, row)


def create_event_type(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add one. Raises Conflict when the code is taken, RuleViolation for a code that does not fit its schema."""
    if _named(uow, body["apiCode"]) is not None:
        raise Conflict(f"The code {body['apiCode']} is taken.")
    return _show(uow, _add(uow, body))


def upsert_event_type(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change the one with the body's code, or add it; what is left out stays. Raises RuleViolation as `create_event_type`."""
    row = uow.lock(uow.scoped(EventType).where(EventType.api_code == body["apiCode"]))
    if row is None:
        return _show(uow, _add(uow, body))
    _take(row, body)
    row.updated_ms = uow.now_ms
    return _show(uow, row)


def _add(uow: UnitOfWork, body: Mapping[str, Any]) -> EventType:
    row = EventType(
        tenant_id=uow.tenant_id,
        id=new_number(uow, EventType),
        api_code=body["apiCode"],
        description=None,
        active=True,
        custom_attributes={},
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    _take(row, body)
    uow.session.add(row)
    return row


def _take(row: EventType, body: Mapping[str, Any]) -> None:
    if (body["schemaType"] == BUILTIN) != (row.api_code in EVENT_TYPES):
        raise RuleViolation("The schemaType builtin is for the codes of built-in events, and these have no other.")
    row.name, row.schema_type = body["name"], body["schemaType"]
    row.description = body.get("description", row.description)
    row.active = body.get("active", row.active)
    row.custom_attributes = body.get("customAttributes", row.custom_attributes)


def _named(uow: UnitOfWork, api_code: str) -> EventType | None:
    return uow.session.scalars(uow.scoped(EventType).where(EventType.api_code == api_code)).first()


def _show(uow: UnitOfWork, row: EventType) -> dict[str, Any]:
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
