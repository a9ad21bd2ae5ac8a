"""Stats of events: how often something happened."""

from typing import Any

from sqlalchemy import func, select

from models.loyalty_core.event_tables import EventType, LoggedEvent
from models.loyalty_core.happenings import EVENT_TYPES, GENERIC
from models.loyalty_core.problems import Missing
from models.loyalty_core.stats.spans import day_of, show_day, within
from models.uow import UnitOfWork


def by_day(uow: UnitOfWork, event_type: str, since_from: str | None, since_to: str | None) -> dict[str, Any]:
    """How often events of a built-in type, or with a code of the organization's, happened: in all, and on each day with any.

    Raises Missing for a type that there is not, InvalidInput.
    """
    row = LoggedEvent
    is_built_in = event_type in EVENT_TYPES
    day = day_of(row.created_ms)
    found = uow.session.execute(
        select(day, func.count()).where(
            row.tenant_id == uow.tenant_id, row.type == (event_type if is_built_in else GENERIC),
            row.topic.in_(_topics(uow, event_type, is_built_in=is_built_in)), *within(row.created_ms, since_from, since_to))
        .group_by(day).order_by(day)).all()
    return {"eventType": event_type, "count": sum(count for _, count in found),
            "days": [{"date": show_day(number), "count": count} for number, count in found]}


def _topics(uow: UnitOfWork, event_type: str, *, is_built_in: bool) -> list[str]:
    """What events of a type can be about: named, they let the index lead to the span. Raises Missing."""
    if is_built_in and event_type != GENERIC:
        return [""]
    codes = select(EventType.api_code).where(EventType.tenant_id == uow.tenant_id)
    if is_built_in:
        return ["", *uow.session.scalars(codes)]
    found = list(uow.session.scalars(codes.where(EventType.api_code == event_type)))
    if not found:
        raise Missing(f"There is no event type {event_type}.")
    return found
