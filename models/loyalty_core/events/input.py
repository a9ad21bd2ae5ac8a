"""What callers say of triggers, event types and tracked events, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.fingerprints import fingerprint
from models.kernel.json_values import FreeForm
from models.loyalty_core.columns import read_columns
from models.loyalty_core.instants import bounded_ms


class SettingsBody(TypedDict):
    """Where a trigger of a request sends events, which, and how they are signed."""

    url: str
    events: list[str]
    headers: NotRequired[dict[str, str]]
    secret: NotRequired[str]


class TriggerBody(TypedDict):
    """A trigger of a request."""

    type: str
    name: str
    settings: SettingsBody
    active: NotRequired[bool]


class EventTypeBody(TypedDict):
    """An event type of a request."""

    apiCode: str
    name: str
    schemaType: str
    description: NotRequired[str | None]
    active: NotRequired[bool]
    customAttributes: NotRequired[FreeForm]


class TrackedEventBody(TypedDict):
    """An event that a request reports of a member."""

    systemUniqueKey: str
    organizationId: int
    memberId: int
    eventType: str
    externalId: NotRequired[str]
    externalEventDate: NotRequired[str]
    description: NotRequired[str]
    payload: NotRequired[FreeForm]
    tags: NotRequired[list[str]]


@dataclass(frozen=True, slots=True)
class TriggerInput:
    """A trigger of a request; None for what is left out."""

    type: str
    name: str
    url: str
    event_types: list[str]
    active: bool | None = None
    headers: dict[str, str] | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class EventTypeInput:
    """An event type of a request."""

    api_code: str
    schema_type: str
    columns: Mapping[str, object]
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
    payload: FreeForm
    external_id: str | None
    external_ms: int | None
    description: str | None
    tags: list[str]


def read_trigger(body: TriggerBody) -> TriggerInput:
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


def read_event_type(body: EventTypeBody) -> EventTypeInput:
    """An event type of a request."""
    return EventTypeInput(body["apiCode"], body["schemaType"], read_columns(body, _TYPE_COLUMNS))


def read_tracked_event(body: TrackedEventBody) -> TrackedEvent:
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
