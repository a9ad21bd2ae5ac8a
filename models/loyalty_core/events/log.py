"""The log of events: an event is written, published to triggers, and left for evaluation.

An event that nothing subscribes to is done when it is written. Any other is `pending` until its job has evaluated it,
in a unit of work of its own right after this one (`engine/evaluation.py`): effects have their own locks, and a broken
rule must not undo what a caller did.
"""

from models.kernel.budgets import LimitExceeded
from models.kernel.json_values import Shown
from models.kernel.statements import Parameters
from models.loyalty_core.events.built_in import EVENT_TYPES, GENERIC, ORGANIZATION_EVENT_TYPES
from models.loyalty_core.events.causes import DEPTH_MAX
from models.loyalty_core.events.ports import members_changed
from models.loyalty_core.events.queries import INSERT_EVENT
from models.loyalty_core.events.subscriptions import has_subscriber
from models.loyalty_core.events.tables import FAILED, PENDING, SUCCESS, LoggedEvent
from models.loyalty_core.events.triggers import publish
from models.numbers import new_number
from models.outbox.outbox import schedule_at_end
from models.uow import UnitOfWork

EVENT_JOB = "loyalty-event"
MEMBER_CHANGES = frozenset(
    {"member-created", "member-updated", "member-profile-deactivated", "member-tier-set", "member-tier-removed"}
)
"""After these a member is another to expressions, and an audience may have other members."""
TOO_DEEP = f"More than {DEPTH_MAX} causes led to this event: it is not evaluated."
_KNOWN = ORGANIZATION_EVENT_TYPES.union(EVENT_TYPES)


def emit(uow: UnitOfWork, event_type: str, data: Shown, *, member_id: int | None = None) -> None:
    """Write an event about a member, or about nobody; its row is inserted when the unit ends."""
    assert event_type in _KNOWN, event_type
    _write(uow, event_type, "", data, member_id)


def emit_tracked(uow: UnitOfWork, topic: str, data: Shown, *, member_id: int) -> int:
    """Write a tracked event that an effect has caused. Returns its id."""
    return _write(uow, GENERIC, topic, data, member_id)


def member_changes(uow: UnitOfWork) -> int:
    """How many events of this unit say that a member has changed."""
    return sum(map(_is_change, uow.collected(INSERT_EVENT)))


def member_changed(uow: UnitOfWork) -> None:
    """Report that a member is another to expressions, where no event says so."""
    if not member_changes(uow):
        members_changed(uow)


def _write(uow: UnitOfWork, event_type: str, topic: str, data: Shown, member_id: int | None) -> int:
    status, error = _first_status(uow, member_id, event_type, topic)
    event_id = new_number(uow, LoggedEvent)
    row = new_row(uow, event_id, event_type, topic, data, member_id=member_id, status=status, error=error)
    is_first_change = event_type in MEMBER_CHANGES and not any(map(_is_change, reversed(uow.collected(INSERT_EVENT))))
    uow.insert_at_end(INSERT_EVENT, **row)
    if status == PENDING:
        schedule_at_end(uow, EVENT_JOB, str(event_id), uow.now_ms)
        uow.urgent.add(uow.tenant_id)
    publish(uow, event_id, event_type, topic, data, member_id=member_id)
    if is_first_change:
        members_changed(uow)
    return event_id


def new_row(
    uow: UnitOfWork,
    event_id: int,
    event_type: str,
    topic: str,
    data: Shown,
    *,
    member_id: int | None,
    status: str,
    error: str | None = None,
) -> dict[str, object]:
    """The columns of a new event by their names."""
    return {
        "id": event_id,
        "member_id": member_id,
        "type": event_type,
        "topic": topic,
        "status": status,
        "chain": list(uow.causes),
        "root_id": uow.root_event_id,
        "data": data,
        "effects": [],
        "rule_errors": [],
        "error": error,
        "tags": [],
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }


def _is_change(event: Parameters) -> bool:
    return event["type"] in MEMBER_CHANGES


def _first_status(uow: UnitOfWork, member_id: int | None, *names: str) -> tuple[str, str | None]:
    """(status, error) of a new event. One that may not be evaluated is `failed` from the start, without a job."""
    if member_id is None or not has_subscriber(uow, *names):
        return SUCCESS, None
    if len(uow.causes) > DEPTH_MAX:
        return FAILED, TOO_DEEP
    if uow.root_event_id is not None:
        try:
            uow.budget.spend_event()
        except LimitExceeded as problem:
            return FAILED, problem.summary
    return PENDING, None
