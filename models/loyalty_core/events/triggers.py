"""Event triggers: addresses that an organization wants events sent to, and the sending of them.

A trigger's secret is sealed and shown once, in the answer to the call that made or set it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import func, select

from models.kernel.times import iso
from models.loyalty_core.events.causes import root_of
from models.loyalty_core.events.tables import EventTrigger
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.outbox import outbox, standard_webhooks
from models.outbox.endpoints import ALL_TYPES, SEALED_FOR, check_url
from models.uow import UnitOfWork

ORDERS = {
    "triggerId": EventTrigger.id,
    "name": EventTrigger.name,
    "createdAt": EventTrigger.created_ms,
    "updatedAt": EventTrigger.updated_ms,
}
ACTIVE_MAX = 25
"""Active triggers of an organization: each event is written with a delivery for each, about 80 us."""
DELIVERY_STEPS = 150
"""What a delivery counts for, in steps of evaluation, where the event comes of one that is evaluated: there may be a hundred events."""
OUR_HEADERS = frozenset(
    {
        "connection",
        "content-length",
        "content-type",
        "expect",
        "host",
        "keep-alive",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
"""Headers that are the sender's own; so are all that start with `webhook-`."""
HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}")
"""A token (RFC 9110, section 5.6.2)."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """An active trigger, as it is remembered for a second."""

    id: int
    url: str
    types: frozenset[str]


def list_triggers(
    uow: UnitOfWork,
    *,
    trigger_type: str | None,
    active: bool | None,
    name: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of triggers. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(EventTrigger)
    for column, wanted in ((EventTrigger.type, trigger_type), (EventTrigger.active, active), (EventTrigger.name, name)):
        if wanted is not None:
            matching = matching.where(column == wanted)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_trigger(uow: UnitOfWork, trigger_id: int) -> dict[str, Any]:
    """A trigger as answers show it. Raises NotFound."""
    return _show(uow, _found(uow.session.get(EventTrigger, (uow.tenant_id, trigger_id)), trigger_id))


def create_trigger(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add a trigger, with a secret of the server's where none is given.

    Raises RuleViolation for an address, header or secret, and for one active trigger more than there may be.
    """
    row = EventTrigger(tenant_id=uow.tenant_id, active=True, headers={}, created_ms=uow.now_ms, updated_ms=uow.now_ms)
    settings = body["settings"]
    secret = settings.get("secret") or standard_webhooks.new_secret(uow.random)
    _take(uow, row, {**body, "settings": {**settings, "secret": secret}})
    row.id = new_number(uow, EventTrigger)
    if row.active:
        _check_room(uow, row.id)
    uow.session.add(row)
    return _show(uow, row, secret)


def update_trigger(uow: UnitOfWork, trigger_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a trigger; without a secret it keeps its own. Raises NotFound, RuleViolation as `create_trigger`."""
    row = _found(uow.lock(uow.scoped(EventTrigger).where(EventTrigger.id == trigger_id)), trigger_id)
    was_active = row.active
    secret = _take(uow, row, body)
    if row.active and not was_active:
        _check_room(uow, trigger_id)
    row.updated_ms = uow.now_ms
    return _show(uow, row, secret)


def tell(uow: UnitOfWork, event: Mapping[str, Any]) -> None:
    """Send an event (its row's columns) to each active trigger that wants it: written with it, sent after the commit.

    Raises LimitExceeded for an event that comes of one under evaluation; what a caller does is not refused for its deliveries.
    """
    names = {ALL_TYPES, event["type"], event["topic"]}
    wanted = [trigger for trigger in _active(uow) if not names.isdisjoint(trigger.types)]
    if not wanted:
        return
    if root_of(uow) is not None:
        uow.budget.spend_steps(DELIVERY_STEPS * len(wanted))
    event_id = f"lce_{event['id']}"
    outbox.add_event(uow, event_id, event["type"], orjson.dumps(show_event(uow, event)).decode())
    for trigger in wanted:
        outbox.deliver(uow, event_id, uow.random.take("delivery", 12).hex(), trigger.url, endpoint_id=str(trigger.id))


def show_event(uow: UnitOfWork, event: Mapping[str, Any]) -> dict[str, Any]:
    """An event as triggers tell it; `eventType` is what a tracked event was called."""
    return {
        "eventId": event["id"],
        "eventType": event["topic"] or event["type"],
        "organizationId": organization_id(uow.tenant, uow.directory),
        "memberId": event["member_id"],
        "createdAt": iso(event["created_ms"]),
        "data": event["data"],
    }


def find_trigger(uow: UnitOfWork, endpoint_id: str) -> EventTrigger | None:
    """The trigger that a delivery is for, active or not."""
    return uow.session.get(EventTrigger, (uow.tenant_id, int(endpoint_id)))


def secret_of(uow: UnitOfWork, row: EventTrigger) -> str:
    """The secret that a trigger's webhooks are signed with."""
    return uow.vault.open(row.sealed, SEALED_FOR).decode()


def _take(uow: UnitOfWork, row: EventTrigger, body: Mapping[str, Any]) -> str | None:
    """Set what a body names; the secret, where it names one."""
    settings = body["settings"]
    headers: dict[str, str] = settings.get("headers", row.headers)
    secret: str | None = settings.get("secret")
    _check_headers(headers)
    try:
        row.url = check_url(settings["url"])
        if secret is not None:
            standard_webhooks.check_secret(secret)
    except ValueError as error:
        raise RuleViolation(f"The settings cannot be used: {error}.") from error
    row.type, row.name, row.active = body["type"], body["name"], body.get("active", row.active)
    row.event_types, row.headers = list(dict.fromkeys(settings["events"])), headers
    if secret is not None:
        row.sealed = uow.vault.seal(secret.encode(), SEALED_FOR)
    uow.directory.doubt(_key(uow))
    return secret


def _check_room(uow: UnitOfWork, trigger_id: int) -> None:
    """Whether there may be one more active trigger. Two calls at once may both take the last place: one more does no harm."""
    others = select(func.count()).where(
        EventTrigger.tenant_id == uow.tenant_id, EventTrigger.active.is_(True), EventTrigger.id != trigger_id
    )
    with uow.session.no_autoflush:  # the trigger itself is not written yet
        if (uow.session.scalar(others) or 0) >= ACTIVE_MAX:
            raise RuleViolation(f"An organization has at most {ACTIVE_MAX} active triggers.")


def _check_headers(headers: Mapping[str, str]) -> None:
    """Raises RuleViolation for what is not a header, or is one of the sender's own."""
    for name, value in headers.items():
        if not HEADER_NAME.fullmatch(name) or value != value.strip():
            raise RuleViolation(f"The header {name!r} cannot be sent: it has a bad name, or blanks around its value.")
    names = [name.lower() for name in headers]
    taken = sorted(name for name in names if name in OUR_HEADERS or name.startswith("webhook-"))
    if taken:
        raise RuleViolation(f"The headers {', '.join(taken)} are set by the sender.")
    if len(set(names)) < len(names):
        raise RuleViolation("The same header is there twice.")


def _active(uow: UnitOfWork) -> tuple[_Wanted, ...]:
    """The active triggers, looked up at most once a second."""
    known: tuple[_Wanted, ...] | None = uow.directory.cached(_key(uow))
    if known is None:
        found = uow.session.execute(
            select(EventTrigger.id, EventTrigger.url, EventTrigger.event_types)
            .where(EventTrigger.tenant_id == uow.tenant_id, EventTrigger.active.is_(True))
            .order_by(EventTrigger.id)
        )
        known = tuple(_Wanted(trigger_id, url, frozenset(types)) for trigger_id, url, types in found)
        uow.directory.remember(_key(uow), known)
    return known


def _key(uow: UnitOfWork) -> tuple[str, int]:
    return "event-triggers", uow.tenant_id


def _found(row: EventTrigger | None, trigger_id: int) -> EventTrigger:
    if row is None:
        raise NotFound(f"There is no event trigger {trigger_id}.")
    return row


def _show(uow: UnitOfWork, row: EventTrigger, secret: str | None = None) -> dict[str, Any]:
    return {
        "triggerId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "type": row.type,
        "name": row.name,
        "active": row.active,
        "settings": {"url": row.url, "events": row.event_types, "headers": row.headers, "secret": secret},
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
