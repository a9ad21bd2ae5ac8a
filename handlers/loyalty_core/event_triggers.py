"""Event triggers: addresses that events are sent to."""

from handlers.http import Answer, created, ok
from models.loyalty_core.events import triggers
from models.loyalty_core.events.input import TriggerBody, read_trigger
from models.loyalty_core.events.views import show_trigger
from models.loyalty_core.paging import Paging, show_page
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
    rows, total = triggers.list_triggers(uow, Paging(page, limit, order), trigger_type=type, active=active, name=name)
    return ok(show_page([show_trigger(uow, row) for row in rows], total, page, limit))


def create_event_trigger(uow: UnitOfWork, *, body: TriggerBody) -> Answer:
    made = triggers.create_trigger(uow, read_trigger(body), check=triggers.check_address)
    return created({"trigger": show_trigger(uow, *made)})


def get_event_trigger(uow: UnitOfWork, *, trigger_id: int) -> Answer:
    return ok({"trigger": show_trigger(uow, triggers.get_trigger(uow, trigger_id))})


def update_event_trigger(uow: UnitOfWork, *, trigger_id: int, body: TriggerBody) -> Answer:
    given = read_trigger(body)
    return ok({"trigger": show_trigger(uow, triggers.update_trigger(uow, trigger_id, given), given.secret)})
