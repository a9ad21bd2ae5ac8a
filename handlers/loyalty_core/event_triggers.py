"""Event triggers: addresses that events are sent to."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.events import triggers
from models.uow import UnitOfWork


def list_event_triggers(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    type: str | None,
    active: bool | None,
    name: str | None,
) -> Answer:
    return ok(
        triggers.list_triggers(uow, trigger_type=type, active=active, name=name, page=page, limit=limit, order=order)
    )


def create_event_trigger(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"trigger": triggers.create_trigger(uow, body)})


def get_event_trigger(uow: UnitOfWork, *, trigger_id: int) -> Answer:
    return ok({"trigger": triggers.get_trigger(uow, trigger_id)})


def update_event_trigger(uow: UnitOfWork, *, trigger_id: int, body: dict[str, Any]) -> Answer:
    return ok({"trigger": triggers.update_trigger(uow, trigger_id, body)})
