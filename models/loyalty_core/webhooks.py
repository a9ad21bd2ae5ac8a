"""Webhooks of the Loyalty Core API: what event triggers send, signed as Standard Webhooks says, and how it is retried.

The vendor publishes neither signatures nor retries: these are the server's own, eight attempts over 27 hours.
"""

from collections.abc import Mapping

from sqlalchemy import select

from models.kernel.clock import DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS
from models.kernel.json_values import Shown
from models.loyalty_core.events.input import TriggerInput
from models.loyalty_core.events.queries import ALL_TRIGGERS, DELETE_TRIGGERS
from models.loyalty_core.events.tables import TYPE_CHARACTERS_MAX, EventTrigger
from models.loyalty_core.events.triggers import PART, create_trigger, deactivate_trigger, find_active, secret_of
from models.loyalty_core.problems import EventTypeNotFound, RuleViolation
from models.outbox import standard_webhooks
from models.outbox.addresses import masked, unmasked
from models.outbox.endpoints import NAME_CHARACTERS_MAX
from models.outbox.outbox import DELIVERED, FAILED, Delivery, Event, Outcome, Settled
from models.outbox.signature_faults import Fault
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork

API = "loyalty_core"
GONE = 410
KEPT_HEADERS = ("webhook-",)
TYPES_MAX = 100
SUCCESS = range(200, 300)
RETRY_AFTER_MS = (5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 5 * HOUR_MS, 10 * HOUR_MS, 10 * HOUR_MS)
"""How long after each failed attempt the next one comes: what the examples of Standard Webhooks do."""


def headers(uow: UnitOfWork, event: Event, delivery: Delivery, at_ms: int) -> dict[str, str] | None:
    """The headers of a delivery that is signed at an instant (ms), the trigger's own among them; None when that is not
    active any more.
    """
    trigger = find_active(uow, delivery.endpoint_id)
    if trigger is None:
        return None
    signed = standard_webhooks.headers(secret_of(uow, trigger), event.id, at_ms // SECOND_MS, event.body)
    return {**trigger.headers, "Content-Type": "application/json", **signed}


def settle(uow: UnitOfWork, delivery: Delivery, outcome: Outcome) -> Settled:
    """Any 2xx is a success, a 410 ends the trigger; else it is tried again, not before the answer's Retry-After."""
    if outcome.status in SUCCESS:
        return DELIVERED
    if outcome.status == GONE:
        deactivate_trigger(uow, int(delivery.endpoint_id))
        return FAILED
    if delivery.attempts > len(RETRY_AFTER_MS):
        return FAILED
    asked_ms = min((outcome.retry_after_s or 0) * SECOND_MS, DAY_MS)
    return Settled("pending", uow.now_ms + max(RETRY_AFTER_MS[delivery.attempts - 1], asked_ms))


def is_signed(received: Mapping[str, str]) -> bool:
    """Whether a received message has a signature of Standard Webhooks."""
    return standard_webhooks.SIGNATURE_HEADER in received


def check_signatures(
    uow: UnitOfWork, tenant: Tenant | None, received: Mapping[str, str], body: bytes
) -> dict[str, bool | None]:
    """Whether the signature of a received webhook is right under the secret of any trigger; None when there is none.

    Without a `tenant`, a trigger of any organization will do. `received` has lower-case names.
    """
    secrets = secrets_of(uow, _senders(uow, tenant))
    return {standard_webhooks.SIGNATURE_HEADER: standard_webhooks.verifies(secrets, received, body)}


def signing_secrets(uow: UnitOfWork, tenant: Tenant) -> list[str]:
    """The secrets of the organization's triggers, each once."""
    return list(dict.fromkeys(secrets_of(uow, [tenant])))


def faults(uow: UnitOfWork, tenant: Tenant | None, received: Mapping[str, str], body: bytes) -> dict[str, Fault]:
    """Why receivers refuse a webhook, by header; else as `check_signatures`."""
    senders = _senders(uow, tenant)
    fault = standard_webhooks.fault(uow, senders, secrets_of(uow, senders), received, body)
    return {} if fault is None else {standard_webhooks.SIGNATURE_HEADER: fault}


def _senders(uow: UnitOfWork, tenant: Tenant | None) -> list[Tenant]:
    return list_tenants(uow.session, API) if tenant is None else [tenant]


def secrets_of(uow: UnitOfWork, tenants: list[Tenant]) -> list[str]:
    """The secrets of the triggers of some organizations."""
    return [
        secret_of(uow, row)
        for one in tenants
        for row in uow.session.scalars(select(EventTrigger).where(EventTrigger.tenant_id == one.id))
    ]


def configure_endpoint(
    uow: UnitOfWork, *, url: str, types: list[str], name: str | None = None, secret: str | None = None
) -> Shown:
    """Add a trigger for an operator of the server. Raises ValueError for what cannot be one."""
    if not 0 < len(types) <= TYPES_MAX or not all(0 < len(one) <= TYPE_CHARACTERS_MAX for one in types):
        raise ValueError(f"a trigger has 1 to {TYPES_MAX} event types of at most {TYPE_CHARACTERS_MAX} characters")
    if name is not None and len(name) > NAME_CHARACTERS_MAX:
        raise ValueError(f"a name has at most {NAME_CHARACTERS_MAX} characters")
    given = TriggerInput("WebHook", name or url[:NAME_CHARACTERS_MAX], url, list(dict.fromkeys(types)), secret=secret)
    try:
        row, secret = create_trigger(uow, given)
    except (RuleViolation, EventTypeNotFound) as error:
        raise ValueError(error.summary) from error
    return {"id": row.id, "url": url, "types": types, "name": row.name, "secret": secret}


def configured_endpoints(uow: UnitOfWork) -> list[Shown]:
    """The organization's triggers, oldest first, without their secrets."""
    return [
        {"id": row.id, "url": masked(row.url), "types": row.event_types, "name": row.name, "active": row.active}
        for row in uow.rows(ALL_TRIGGERS)
    ]


def remove_endpoints(uow: UnitOfWork, url: str) -> int:
    """Remove the triggers of an address. Returns how many there were."""
    uow.configuration_changed(PART)
    return uow.execute(DELETE_TRIGGERS, to_url=unmasked(url, (row.url for row in uow.rows(ALL_TRIGGERS))))
