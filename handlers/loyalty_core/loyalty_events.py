"""Loyalty events: reporting what members do, and what kinds of it there are."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.engine import tracking
from models.loyalty_core.events import types
from models.uow import UnitOfWork


def track_loyalty_event(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created(tracking.track(uow, body))


def list_loyalty_event_types(uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> Answer:
    return ok(types.list_event_types(uow, page=page, limit=limit, order=order))


def create_loyalty_event_type(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"eventType": types.create_event_type(uow, body)})


def upsert_loyalty_event_type(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok({"eventType": types.upsert_event_type(uow, body)})


def get_loyalty_event_type_by_api_code(uow: UnitOfWork, *, api_code: str) -> Answer:
    return ok({"eventType": types.get_event_type(uow, api_code)})
