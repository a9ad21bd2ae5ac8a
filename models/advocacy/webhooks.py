"""Webhooks of the advocacy API: envelope, both sets of headers, retries (facts: webhooks of the API's digest).

Every delivery carries the publisher's own headers and those of Standard Webhooks (standardwebhooks.com). The first
signature covers the body only, the second one its timestamp too.
"""

import hashlib
import hmac
from collections.abc import Mapping

from models.advocacy.ids import new_id
from models.advocacy.settings import Settings, parse_settings
from models.kernel.clock import DAY_MS, SECOND_MS
from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.kernel.vault import same
from models.outbox import endpoints, standard_webhooks
from models.outbox.addresses import masked
from models.outbox.endpoints import ALL_TYPES
from models.outbox.outbox import DELIVERED, FAILED, Delivery, Event, Outcome, Settled
from models.outbox.signature_faults import Fault
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork

API = "advocacy"
EVENT_TYPES = frozenset(
    {
        "advocate.joined",
        "advocate.updated",
        "points.changed",
        "reward.redeemed",
        "quest.task_completed",
        "quest.completed",
        "referral.converted",
        "review.received",
        "survey.responded",
        "testimonial.approved",
        "testimonial.rejected",
        "idea.status_changed",
    }
)

SIGNATURE_HEADER = "X-Sentiments-Signature"
KEPT_HEADERS = ("x-sentiments-", "webhook-")

RETRY_S = (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
"""Seconds from each failed attempt to the next; the first attempt is at once."""
JITTER_PERMILLE = 100
GONE = 410
SUCCESS = range(200, 300)
DISABLED_AFTER_MS = 5 * DAY_MS
"""How long an endpoint may fail without a break before it is disabled."""


def business_id(tenant: Tenant) -> str:
    """The public id of the business."""
    return _business_id(tenant, parse_settings(tenant.settings))


def _business_id(tenant: Tenant, settings: Settings) -> str:
    return settings.business_id or f"biz_{tenant.id:012d}"


def emit(uow: UnitOfWork, event_type: str, data: Shown) -> None:
    """Write an event, and a delivery for every endpoint that wants its type."""
    assert event_type in EVENT_TYPES, event_type
    event_id = new_id(uow, "evt")
    endpoints.emit(
        uow,
        event_id,
        event_type,
        {
            "id": event_id,
            "type": event_type,
            "created": iso(uow.now_ms),
            "business_id": _business_id(uow.tenant, uow.directory.settings(uow.tenant, parse_settings)),
            "data": data,
        },
    )


# Configuration


def configure_endpoint(
    uow: UnitOfWork, *, url: str, types: list[str], name: str | None = None, secret: str | None = None
) -> Shown:
    """Add an endpoint for the business's administrator. Raises ValueError for an unknown type or a bad secret."""
    unknown = sorted(set(types) - EVENT_TYPES - {ALL_TYPES})
    if unknown:
        raise ValueError(f"no event type {', '.join(unknown)}; there are {', '.join(sorted(EVENT_TYPES))} and *")
    if secret is None:
        secret = standard_webhooks.new_secret(uow.random)
    standard_webhooks.check_secret(secret)
    made = endpoints.add(uow, endpoint_id=new_id(uow, "whe"), url=url, types=types, secret=secret, name=name)
    return {"id": made.id, "url": url, "types": types, "name": name, "secret": secret}


def configured_endpoints(uow: UnitOfWork) -> list[Shown]:
    """The business's endpoints, as its administrator sees them: never their secrets."""
    return [
        {"id": row.id, "url": masked(row.url), "types": row.types, "name": row.name, "active": row.active}
        for row in endpoints.list_endpoints(uow)
    ]


def remove_endpoints(uow: UnitOfWork, url: str) -> int:
    """Remove the endpoints of an address. Returns how many there were."""
    mine = [row.id for row in endpoints.list_endpoints(uow) if url in (row.url, masked(row.url))]
    endpoints.remove(uow, mine)
    return len(mine)


# Signatures


def headers(uow: UnitOfWork, event: Event, delivery: Delivery, at_ms: int) -> dict[str, str] | None:
    """The headers of a delivery that is signed at an instant (ms); None when its endpoint is gone or disabled."""
    endpoint = endpoints.find_active(uow, delivery.endpoint_id)
    if endpoint is None:
        return None
    # The delivery id is new for each attempt; derived, so that it repeats with the seed.
    attempt = hashlib.sha256(f"{delivery.id}|{delivery.attempts}".encode()).hexdigest()[:24]
    return {
        "X-Sentiments-Event": event.type,
        "X-Sentiments-Delivery-Id": f"dlv_{attempt}",
        **signatures(endpoints.secret_of(uow, endpoint), event.id, at_ms // SECOND_MS, event.body),
    }


def signatures(secret: str, event_id: str, at_s: int, payload: str) -> dict[str, str]:
    """Both signatures of a payload, with their timestamps in unix seconds."""
    return {
        "Content-Type": "application/json",
        SIGNATURE_HEADER: _hex_hmac(secret, payload.encode()),
        "X-Sentiments-Timestamp": str(at_s),
        **standard_webhooks.headers(secret, event_id, at_s, payload),
    }


def _hex_hmac(secret: str, payload: bytes) -> str:
    return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()


def is_signed(received: Mapping[str, str]) -> bool:
    """Whether a received message has the publisher's own signature."""
    return SIGNATURE_HEADER.lower() in received


def check_signatures(
    uow: UnitOfWork, tenant: Tenant | None, received: Mapping[str, str], payload: bytes
) -> dict[str, bool | None]:
    """Whether the signatures of a received webhook are right under any secret of the business; None for absent ones.

    Without a `tenant`, a secret of any business will do. `received` has lower-case names.
    """
    secrets = endpoints.secrets_of(uow, API, tenant)
    own = received.get(SIGNATURE_HEADER.lower())
    return {
        SIGNATURE_HEADER: None if own is None else any(same(_hex_hmac(s, payload), own) for s in secrets),
        standard_webhooks.SIGNATURE_HEADER: standard_webhooks.verifies(secrets, received, payload),
    }


def signing_secrets(uow: UnitOfWork, tenant: Tenant) -> list[str]:
    """The secrets of the tenant's endpoints, each once."""
    return list(dict.fromkeys(endpoints.secrets_of(uow, API, tenant)))


def faults(uow: UnitOfWork, tenant: Tenant | None, received: Mapping[str, str], payload: bytes) -> dict[str, Fault]:
    """Why receivers refuse a webhook, by header; else as `check_signatures`."""
    secrets = endpoints.secrets_of(uow, API, tenant)
    tenants = list_tenants(uow.session, API) if tenant is None else [tenant]
    found = {
        SIGNATURE_HEADER: endpoints.hex_fault(
            uow, tenants, payload, SIGNATURE_HEADER, received, lambda body: [_hex_hmac(one, body) for one in secrets]
        ),
        standard_webhooks.SIGNATURE_HEADER: standard_webhooks.fault(uow, tenants, secrets, received, payload),
    }
    return {header: fault for header, fault in found.items() if fault is not None}


# Retries


def settle(uow: UnitOfWork, delivery: Delivery, outcome: Outcome) -> Settled:
    """Any 2xx is success; 410 disables the endpoint; else again by the schedule, not before its Retry-After."""
    endpoint = endpoints.find(uow, delivery.endpoint_id)
    since_ms = None if endpoint is None else endpoint.failing_since_ms
    if outcome.status in SUCCESS:
        if since_ms is not None:
            endpoints.set_failing(uow, delivery.endpoint_id, None)
        return DELIVERED
    if since_ms is None:
        since_ms = uow.now_ms
        endpoints.set_failing(uow, delivery.endpoint_id, since_ms)
    if outcome.status == GONE:
        endpoints.disable(uow, delivery.endpoint_id)
        return FAILED
    if delivery.attempts > len(RETRY_S):
        if uow.now_ms - since_ms >= DISABLED_AFTER_MS:
            endpoints.disable(uow, delivery.endpoint_id)
        return FAILED
    wait_ms = RETRY_S[delivery.attempts - 1] * SECOND_MS
    jitter = int.from_bytes(uow.random.take("jitter", 4), "big") % (JITTER_PERMILLE + 1)
    wait_ms += wait_ms * jitter // 1_000
    asked_ms = min((outcome.retry_after_s or 0) * SECOND_MS, DAY_MS)
    return Settled("pending", uow.now_ms + max(wait_ms, asked_ms))
