"""What callers say of triggers, event types and tracked events, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.kernel.fingerprints import fingerprint
from models.loyalty_core.instants import bounded_ms


@dataclass(frozen=True, slots=True)
class TriggerInput:
    """A trigger as it is asked for; None for what is left out."""

    type: str
    name: str
    url: str
    event_types: list[str]
    active: bool | None = None
    headers: dict[str, str] | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class EventTypeInput:
    """An event type as it is asked for."""

    api_code: str
    schema_type: str
    columns: Mapping[str, Any]
    """All that is said of it, by column; what is left out is not there."""


@dataclass(frozen=True, slots=True)
class TrackedEvent:
    """An event that a caller reports of a member."""

    unique_key: str
    fingerprint: str
    """SHA-256 of the whole body: the same key may only come again with the same input."""
    organization_id: int
    member_id: int
    event_type: str
    payload: dict[str, Any]
    external_id: str | None
    external_ms: int | None
    description: str | None
    tags: list[str]


def read_trigger(body: Mapping[str, Any]) -> TriggerInput:
    """A trigger of a request."""
    settings = body["settings"]
    return TriggerInput(
        type=body["type"],
        name=body["name"],
        url=settings["url"],
        event_types=settings["events"],
        active=body.get("active"),
        headers=settings.get("headers"),
        secret=settings.get("secret"),
    )


_TYPE_COLUMNS = {
    "name": "name",
    "schemaType": "schema_type",
    "description": "description",
    "active": "active",
    "customAttributes": "custom_attributes",
}


def read_event_type(body: Mapping[str, Any]) -> EventTypeInput:
    """An event type of a request."""
    return EventTypeInput(
        body["apiCode"],
        body["schemaType"],
        {column: body[name] for name, column in _TYPE_COLUMNS.items() if name in body},
    )


def read_tracked_event(body: Mapping[str, Any]) -> TrackedEvent:
    """A tracked event of a request. Raises InvalidInput for a date that cannot be read."""
    date = body.get("externalEventDate")
    return TrackedEvent(
        unique_key=body["systemUniqueKey"],
        fingerprint=fingerprint(body),
        organization_id=body["organizationId"],
        member_id=body["memberId"],
        event_type=body["eventType"],
        payload=body.get("payload", {}),
        external_id=body.get("externalId"),
        external_ms=None if date is None else bounded_ms(date),
        description=body.get("description"),
        tags=body.get("tags", []),
    )
