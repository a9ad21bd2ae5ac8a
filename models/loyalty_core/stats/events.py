"""Stats of events: how often something happened.

The log is the largest table there is. Its index on type, topic and time answers alone; both statements name all three,
so that no more of it is read than is counted.
"""

from models.kernel.json_values import Shown
from models.loyalty_core.events.built_in import EVENT_TYPES, GENERIC
from models.loyalty_core.problems import EventTypeNotFound
from models.loyalty_core.stats.queries import EVENT_TYPE, EVENTS_OF_ANY_TOPIC, EVENTS_OF_TOPIC
from models.loyalty_core.stats.spans import Span, show_day
from models.uow import UnitOfWork


def by_day(uow: UnitOfWork, event_type: str, span: Span) -> Shown:
    """How often events of a built-in type, or with a code of the organization's, happened: in all, and on each day with
    any.

    Raises NotFound for an unknown type.
    """
    is_built_in = event_type in EVENT_TYPES
    bound = {**span.bounds, "type": event_type if is_built_in else GENERIC}
    found = (
        uow.rows(EVENTS_OF_ANY_TOPIC, **bound)
        if event_type == GENERIC
        else uow.rows(EVENTS_OF_TOPIC, **bound, topic="" if is_built_in else event_type)
    )
    if not found and not is_built_in:  # what was tracked has a type, and types are never removed
        _check_known(uow, event_type)
    return {
        "eventType": event_type,
        "count": sum(count for _, count in found),
        "days": [{"date": show_day(number), "count": count} for number, count in found],
    }


def _check_known(uow: UnitOfWork, code: str) -> None:
    if uow.first(EVENT_TYPE, api_code=code) is None:
        raise EventTypeNotFound(f"There is no event type {code}.")
