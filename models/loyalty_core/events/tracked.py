"""Tracked events: what callers, and effects, report of a member, by the name of one of the organization's event
types.
"""

from collections.abc import Collection, Mapping, Sequence

from models.kernel.findings import at
from models.loyalty_core.events.built_in import EVENT_TYPES, GENERIC
from models.loyalty_core.events.problems import PayloadInvalid
from models.loyalty_core.events.queries import TRACKED_TYPES, TrackedType
from models.loyalty_core.problems import EventTypeNotFound
from models.loyalty_core.references import Reference, check_found, names_of
from models.uow import UnitOfWork

PART = "event-types"
STRING, NUMBER, URL, BUILTIN = "string", "number", "url", "builtin"


def tracked_topic(uow: UnitOfWork, event_type: str, payload: Mapping[str, object]) -> str:
    """The topic of a tracked event of a type: empty for the built-in generic one.

    Raises NotFound for a type that does not exist, or is not active; RuleViolation for a payload that is not of the
    type's schema.
    """
    with at("/eventType"):
        row = find_tracked_type(uow, event_type)
    if row is None:
        return ""
    with at("/payload/value"):
        _check_payload(row.schema_type, payload)
    return event_type


def find_tracked_type(uow: UnitOfWork, event_type: str) -> TrackedType | None:
    """A type of events that can be tracked; None for the built-in generic one. Raises NotFound."""
    if event_type == GENERIC:
        return None
    row = uow.configured(PART, [event_type], _load).get(event_type)
    if row is None or not row.active or row.schema_type == BUILTIN:
        raise EventTypeNotFound(f"There is no active type {event_type} of events that can be tracked.")
    return row


def check_event_types(uow: UnitOfWork, names: Sequence[Reference], known: Collection[str] = EVENT_TYPES) -> None:
    """Raises NotFound for names that are neither types known from the start nor codes of event types, active or not."""
    unknown = [one for one in names if one.name not in known]
    check_found(
        EventTypeNotFound, "event type", unknown, uow.configured(PART, names_of(unknown), _load) if unknown else ()
    )


def _check_payload(schema_type: str, payload: Mapping[str, object]) -> None:
    """Events of a string, a number or a URL carry it as `value`; those of a custom type carry anything."""
    value = payload.get("value")
    if schema_type == NUMBER and (isinstance(value, bool) or not isinstance(value, int | float)):
        raise PayloadInvalid("payload.value must be a number for this event type.")
    if schema_type in (STRING, URL) and not isinstance(value, str):
        raise PayloadInvalid("payload.value must be a string for this event type.")
    if schema_type == URL and not str(value).startswith(("http://", "https://")):
        raise PayloadInvalid("payload.value must be an http or https URL for this event type.")


def _load(uow: UnitOfWork, codes: list[str]) -> dict[str, TrackedType]:
    return {row.api_code: row for row in uow.rows(TRACKED_TYPES, api_codes=codes)}
