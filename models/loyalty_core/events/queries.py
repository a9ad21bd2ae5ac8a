"""Statements on events, event types, subscriptions and event triggers."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, delete, func, select, update

from models.kernel.json_values import Shown
from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query, RowUpdate
from models.loyalty_core.events.tables import EventTrigger, EventType, Listener, LoggedEvent
from models.loyalty_core.paging import Listing


class LoggedAnswer(NamedTuple):
    """What a tracked event was answered with, and the hash of its input."""

    fingerprint: str
    effects: list[Shown]


class TrackedType(NamedTuple):
    """What decides whether an event of a type can be tracked."""

    api_code: str
    active: bool
    schema_type: str


class ActiveTrigger(NamedTuple):
    """What decides whether a trigger gets an event, where that is sent, and what it is sent and signed with."""

    id: int
    url: str
    event_types: Collection[str]
    headers: Mapping[str, str]
    sealed: bytes


INSERT_EVENT = Insertion(LoggedEvent)
EVENT = Query(select(LoggedEvent).where(LoggedEvent.tenant_id == TENANT, LoggedEvent.id == bindparam("id")))
LAST_EVENT = Query(
    select(LoggedEvent)
    .where(
        LoggedEvent.tenant_id == TENANT,
        LoggedEvent.member_id == bindparam("member_id"),
        LoggedEvent.type == bindparam("type"),
        LoggedEvent.external_id == bindparam("external_id"),
    )
    .order_by(LoggedEvent.id.desc())
    .limit(1)
)
"""The last event of a type that a caller reported of a member with a reference."""
ANSWER_TO_KEY = Query(
    select(LoggedEvent.fingerprint, LoggedEvent.effects).where(
        LoggedEvent.tenant_id == TENANT, LoggedEvent.unique_key == bindparam("unique_key")
    ),
    LoggedAnswer,
)
_EVALUATED = ("status", "error", "effects", "rule_errors", "updated_ms")
_USED = ("used_steps", "used_effects", "used_events")
SET_EVALUATED = Change(
    update(LoggedEvent)
    .where(LoggedEvent.tenant_id == TENANT, LoggedEvent.id == bindparam("event_id"))
    .values({name: bindparam(name) for name in _EVALUATED})
)
"""The result of the evaluation of an event."""
SET_USED = Change(
    update(LoggedEvent)
    .where(LoggedEvent.tenant_id == TENANT, LoggedEvent.id == bindparam("event_id"))
    .values({name: bindparam(name) for name in _USED})
)
"""What an event and all events that it led to have used of their budget."""

LISTENERS = Query(
    select(Listener.event_type, Listener.source, Listener.source_id)
    .where(Listener.tenant_id == TENANT)
    .order_by(Listener.source_id)
)
DELETE_LISTENERS = Change(
    delete(Listener).where(
        Listener.tenant_id == TENANT,
        Listener.source == bindparam("listener"),
        Listener.source_id == bindparam("listener_id"),
    )
)
INSERT_LISTENER = Insertion(Listener)

INSERT_TYPE, UPDATE_TYPE = Insertion(EventType), RowUpdate(EventType)
TYPE_WITH_CODE = Query(
    select(EventType).where(EventType.tenant_id == TENANT, EventType.api_code == bindparam("api_code"))
)
TRACKED_TYPES = Query(
    select(EventType.api_code, EventType.active, EventType.schema_type).where(
        EventType.tenant_id == TENANT, among(EventType.api_code, "api_codes")
    ),
    TrackedType,
)
TYPES = Listing(
    select(EventType).where(EventType.tenant_id == TENANT),
    {
        "eventTypeId": EventType.id,
        "apiCode": EventType.api_code,
        "createdAt": EventType.created_ms,
        "updatedAt": EventType.updated_ms,
    },
)

INSERT_TRIGGER, UPDATE_TRIGGER = Insertion(EventTrigger), RowUpdate(EventTrigger)
TRIGGER = Query(select(EventTrigger).where(EventTrigger.tenant_id == TENANT, EventTrigger.id == bindparam("id")))
ALL_TRIGGERS = Query(select(EventTrigger).where(EventTrigger.tenant_id == TENANT).order_by(EventTrigger.id))
_ACTIVE = select(
    EventTrigger.id, EventTrigger.url, EventTrigger.event_types, EventTrigger.headers, EventTrigger.sealed
).where(EventTrigger.tenant_id == TENANT, EventTrigger.active.is_(True))
ACTIVE_TRIGGERS = Query(_ACTIVE.order_by(EventTrigger.id), ActiveTrigger)
ACTIVE_TRIGGER = Query(_ACTIVE.where(EventTrigger.id == bindparam("id")), ActiveTrigger)
OTHER_ACTIVE_TRIGGERS = Query(
    select(func.count())
    .select_from(EventTrigger)
    .where(EventTrigger.tenant_id == TENANT, EventTrigger.active.is_(True), EventTrigger.id != bindparam("id"))
)
"""How many active triggers there are beside one."""
DEACTIVATE_TRIGGER = Change(
    update(EventTrigger)
    .where(EventTrigger.tenant_id == TENANT, EventTrigger.id == bindparam("trigger_id"))
    .values(active=False)
)
DELETE_TRIGGERS = Change(
    delete(EventTrigger).where(EventTrigger.tenant_id == TENANT, EventTrigger.url == bindparam("to_url"))
)
TRIGGERS = Listing(
    select(EventTrigger).where(EventTrigger.tenant_id == TENANT),
    {
        "triggerId": EventTrigger.id,
        "name": EventTrigger.name,
        "createdAt": EventTrigger.created_ms,
        "updatedAt": EventTrigger.updated_ms,
    },
    {
        "type": EventTrigger.type == bindparam("type"),
        "active": EventTrigger.active == bindparam("active"),
        "name": EventTrigger.name == bindparam("name"),
    },
)
