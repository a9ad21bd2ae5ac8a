"""Stats of events: how often something happened.

The log is the largest table there is. Its index on type, topic and time answers alone; both statements name all three, so
that no more of it is read than is counted.
"""

from typing import Any

from sqlalchemy import bindparam, func, literal_column, select

from models.kernel.base import Big
from models.kernel.clock import DAY_MS
from models.kernel.statements import TENANT, Query
from models.loyalty_core.events.built_in import EVENT_TYPES, GENERIC
from models.loyalty_core.events.tables import EventType, LoggedEvent
from models.loyalty_core.problems import NotFound
from models.loyalty_core.stats.spans import bounds, show_day
from models.uow import UnitOfWork

_DAY = (LoggedEvent.created_ms // literal_column(str(DAY_MS), Big)).label("day")
_OF_TYPE = (
    select(_DAY, func.count())
    .where(
        LoggedEvent.tenant_id == TENANT,
        LoggedEvent.type == bindparam("type"),
        LoggedEvent.created_ms >= bindparam("first_ms"),
        LoggedEvent.created_ms < bindparam("end_ms"),
    )
    .group_by(_DAY)
    .order_by(_DAY)
)
_TOPICS = (
    select(EventType.api_code)
    .where(EventType.tenant_id == TENANT)
    .union_all(select(literal_column("''", EventType.api_code.type)))
)
_ABOUT_ONE = Query(_OF_TYPE.where(LoggedEvent.topic == bindparam("topic")))
_ABOUT_ANY = Query(_OF_TYPE.where(LoggedEvent.topic.in_(_TOPICS)))


def by_day(uow: UnitOfWork, event_type: str, since_from: str | None, since_to: str | None) -> dict[str, Any]:
    """How often events of a built-in type, or with a code of the organization's, happened: in all, and on each day with any.

    Raises NotFound for a type that there is not, InvalidInput.
    """
    is_built_in = event_type in EVENT_TYPES
    first_ms, end_ms = bounds(since_from, since_to)
    asked = {"first_ms": first_ms, "end_ms": end_ms, "type": event_type if is_built_in else GENERIC}
    found = (
        uow.rows(_ABOUT_ANY, **asked)
        if event_type == GENERIC
        else uow.rows(_ABOUT_ONE, **asked, topic="" if is_built_in else event_type)
    )
    if not found and not is_built_in:  # what was tracked has a type, and types are never removed
        _check_known(uow, event_type)
    return {
        "eventType": event_type,
        "count": sum(count for _, count in found),
        "days": [{"date": show_day(number), "count": count} for number, count in found],
    }


def _check_known(uow: UnitOfWork, code: str) -> None:
    known = select(EventType.id).where(EventType.tenant_id == uow.tenant_id, EventType.api_code == code)
    if uow.session.scalars(known).first() is None:
        raise NotFound(f"There is no event type {code}.")
