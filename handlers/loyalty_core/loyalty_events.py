"""Loyalty events: reporting what members do, and what kinds of it there are."""

from handlers.http import Answer, created, ok
from models.loyalty_core.engine import tracking
from models.loyalty_core.events import types
from models.loyalty_core.events.input import EventTypeBody, TrackedEventBody, read_event_type, read_tracked_event
from models.loyalty_core.events.views import show_event_type
from models.loyalty_core.paging import Paging, show_page
from models.uow import UnitOfWork


def track_loyalty_event(uow: UnitOfWork, *, body: TrackedEventBody) -> Answer:
    event = read_tracked_event(body)
    return created({"systemUniqueKey": event.unique_key, "effects": tracking.track(uow, event)})


def list_loyalty_event_types(uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> Answer:
    rows, total = types.list_event_types(uow, Paging(page, limit, order))
    return ok(show_page([show_event_type(uow, row) for row in rows], total, page, limit))


def create_loyalty_event_type(uow: UnitOfWork, *, body: EventTypeBody) -> Answer:
    return created({"eventType": show_event_type(uow, types.create_event_type(uow, read_event_type(body)))})


def upsert_loyalty_event_type(uow: UnitOfWork, *, body: EventTypeBody) -> Answer:
    return ok({"eventType": show_event_type(uow, types.upsert_event_type(uow, read_event_type(body)))})


def get_loyalty_event_type_by_api_code(uow: UnitOfWork, *, api_code: str) -> Answer:
    return ok({"eventType": show_event_type(uow, types.get_event_type(uow, api_code))})
