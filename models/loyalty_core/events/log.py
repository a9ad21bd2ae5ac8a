"""What happens in an organization: written to the log of events, told to triggers, and left for evaluation.

An event that nothing looks at is done when it is written. Any other is `pending` until its job has evaluated it, in a unit
of work of its own right after this one (`evaluation.py`): effects have their own locks, and a broken rule must not undo
what a caller did.
"""

from typing import Any

from models.kernel.budgets import LimitExceeded
from models.kernel.statements import Insertion
from models.loyalty_core.events.built_in import EVENT_TYPES, GENERIC
from models.loyalty_core.events.causes import DEPTH_MAX, causes_of, root_of
from models.loyalty_core.events.ports import members_changed
from models.loyalty_core.events.subscriptions import is_heard
from models.loyalty_core.events.tables import FAILED, PENDING, SUCCESS, LoggedEvent
from models.loyalty_core.events.triggers import tell
from models.numbers import new_number
from models.outbox.outbox import schedule
from models.uow import UnitOfWork

EVENT_JOB = "loyalty-event"
ORGANIZATION_EVENT_TYPES = frozenset({"user-invited"})
MEMBER_CHANGES = frozenset(
    {"member-created", "member-updated", "member-profile-deactivated", "member-tier-set", "member-tier-removed"}
)
"""After these an audience may have other members."""
TOO_DEEP = f"More than {DEPTH_MAX} causes led to this event: it is not evaluated."
_KNOWN = ORGANIZATION_EVENT_TYPES.union(EVENT_TYPES)
_INSERT = Insertion(LoggedEvent)


def emit(uow: UnitOfWork, event_type: str, data: dict[str, Any], *, member_id: int | None = None) -> None:
    """Write an event about a member, or about nobody; it is there when the unit ends."""
    assert event_type in _KNOWN, event_type
    _write(uow, event_type, "", data, member_id)


def emit_tracked(uow: UnitOfWork, topic: str, data: dict[str, Any], *, member_id: int) -> int:
    """Write a tracked event that an effect has caused. Returns its number."""
    return _write(uow, GENERIC, topic, data, member_id)


def _write(uow: UnitOfWork, event_type: str, topic: str, data: dict[str, Any], member_id: int | None) -> int:
    status, error = _fate(uow, member_id, event_type, topic)
    row = row_of(uow, event_type, topic, data, member_id=member_id, status=status, error=error)
    uow.insert_at_end(_INSERT, **row)
    if status == PENDING:
        schedule(uow, EVENT_JOB, str(row["id"]), uow.now_ms)
        uow.urgent.add(uow.tenant_id)
    tell(uow, row)
    if event_type in MEMBER_CHANGES:
        members_changed(uow)
    number: int = row["id"]
    return number


def row_of(
    uow: UnitOfWork,
    event_type: str,
    topic: str,
    data: dict[str, Any],
    *,
    member_id: int | None,
    status: str,
    error: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    """The columns of a new event by their names; `more` is what a sender said beside it."""
    return {
        "tenant_id": uow.tenant_id,
        "id": new_number(uow, LoggedEvent),
        "member_id": member_id,
        "type": event_type,
        "topic": topic,
        "status": status,
        "chain": list(causes_of(uow)),
        "root_id": root_of(uow),
        "data": data,
        "effects": [],
        "rule_errors": [],
        "error": error,
        "unique_key": None,
        "fingerprint": None,
        "external_id": None,
        "external_ms": None,
        "description": None,
        "tags": [],
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
        "used_steps": None,
        "used_effects": None,
        "used_events": None,
        **more,
    }


def _fate(uow: UnitOfWork, member_id: int | None, *names: str) -> tuple[str, str | None]:
    """(status, error) of a new event. One that may not be evaluated is `failed` from the start, without a job."""
    if member_id is None or not is_heard(uow, *names):
        return SUCCESS, None
    if len(causes_of(uow)) > DEPTH_MAX:
        return FAILED, TOO_DEEP
    if root_of(uow) is not None:
        try:
            uow.budget.spend_event()
        except LimitExceeded as problem:
            return FAILED, problem.message
    return PENDING, None
