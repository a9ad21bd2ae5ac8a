"""Webhooks of the Leat API: events, signatures, how deliveries are retried, and the subscriptions of an administrator.

A subscription is an endpoint of one event type (`models.outbox.endpoints`). Which events there are, and what they
carry, is in the contract's introduction; retries are not published by the vendor: five attempts over 24 hours.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence

from models.kernel.clock import HOUR_MS, MINUTE_MS
from models.kernel.ids import text, uuid4
from models.kernel.json_values import Shown
from models.kernel.vault import same
from models.outbox import endpoints, standard_webhooks
from models.outbox.addresses import masked
from models.outbox.endpoints import Endpoint
from models.outbox.outbox import DELIVERED, FAILED, Delivery, Event, Outcome, Settled
from models.outbox.signature_faults import Fault
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork

API = "leat"
CONTACT_CREATED = "contact_created"
CONTACT_UPDATED = "contact_updated"
RECEPTION_CREATED = "credit_reception_created"
REFERRAL_COMPLETED = "referral_completed"
IDENTIFIER_CREATED = "contact_identifier_created"
PREPAID_CREATED = "prepaid_transaction_created"
VOUCHER_CREATED = "voucher_created"
SENT_TYPES = (
    CONTACT_CREATED,
    CONTACT_UPDATED,
    RECEPTION_CREATED,
    REFERRAL_COMPLETED,
    IDENTIFIER_CREATED,
    PREPAID_CREATED,
    VOUCHER_CREATED,
)
TYPES = (
    *SENT_TYPES,
    "giftcard_transaction_created",
    "voucher_updated",
    "voucher_redeemed",
    "form_submission_completed",
    "reward_updated",
    "promotion_updated",
)
"""What can be subscribed to; those of gift cards, forms, and changes of vouchers, rewards and promotions never happen
here.
"""

SIGNATURE_HEADER = "Signature"
KEPT_HEADERS = (SIGNATURE_HEADER.lower(),)
RETRY_AFTER_MS = (5 * MINUTE_MS, 55 * MINUTE_MS, 5 * HOUR_MS, 18 * HOUR_MS)
"""How long after each failed attempt the next one comes: the fifth is 24 hours after the first."""
SECRET_CHARACTERS = 30
NAME_CHARACTERS_MAX = 255


# Events and deliveries


def emit(uow: UnitOfWork, event_type: str, data: Shown) -> None:
    """Notify the subscriptions of a type of what has happened."""
    endpoints.emit(uow, uuid4(uow.random, "event"), event_type, {"type": event_type, "data": data})


def headers(uow: UnitOfWork, event: Event, delivery: Delivery, _at_ms: int) -> dict[str, str] | None:
    """The headers of a delivery; None when its subscription is gone or INACTIVE. Its signature holds no time."""
    endpoint = endpoints.find_active(uow, delivery.endpoint_id)
    if endpoint is None:
        return None
    signature = sign(endpoints.secret_of(uow, endpoint), event.body.encode())
    return {"Content-Type": "application/json", SIGNATURE_HEADER: signature}


def settle(uow: UnitOfWork, delivery: Delivery, outcome: Outcome) -> Settled:
    """Any 2xx is a success; else it is tried again, five times in all."""
    if outcome.status is not None and outcome.status // 100 == 2:
        return DELIVERED
    if delivery.attempts > len(RETRY_AFTER_MS):
        return FAILED
    return Settled("pending", uow.now_ms + RETRY_AFTER_MS[delivery.attempts - 1])


# Signatures


def sign(secret: str, payload: bytes) -> str:
    """The signature of a payload: HMAC-SHA256 in lower-case hexadecimal."""
    return hmac.new(secret.encode(), payload, hashlib.sha256).hexdigest()


def is_signed(headers: Mapping[str, str]) -> bool:
    """Whether a received message has a signature.

    Beside one of Standard Webhooks, a `Signature` is a header of another sender.
    """
    return SIGNATURE_HEADER.lower() in headers and standard_webhooks.SIGNATURE_HEADER not in headers


def check_signatures(
    uow: UnitOfWork, tenant: Tenant | None, headers: Mapping[str, str], payload: bytes
) -> dict[str, bool | None]:
    """Whether the signature of a received webhook is right; None when there is none.

    The payload names no account. Without a `tenant`, the signature of any subscription of any account will do.
    `headers` have lower-case names.
    """
    sent = headers.get(SIGNATURE_HEADER.lower())
    if sent is None:
        return {SIGNATURE_HEADER: None}
    return {
        SIGNATURE_HEADER: any(same(sign(secret, payload), sent) for secret in endpoints.secrets_of(uow, API, tenant))
    }


def signing_secrets(uow: UnitOfWork, tenant: Tenant) -> list[str]:
    """The secrets of the tenant's endpoints, each once."""
    return list(dict.fromkeys(endpoints.secrets_of(uow, API, tenant)))


def faults(uow: UnitOfWork, tenant: Tenant | None, headers: Mapping[str, str], payload: bytes) -> dict[str, Fault]:
    """Why receivers refuse a webhook, by header; else as `check_signatures`."""
    secrets = endpoints.secrets_of(uow, API, tenant)
    tenants = list_tenants(uow.session, API) if tenant is None else [tenant]
    fault = endpoints.hex_fault(
        uow, tenants, payload, SIGNATURE_HEADER, headers, lambda body: [sign(secret, body) for secret in secrets]
    )
    return {} if fault is None else {SIGNATURE_HEADER: fault}


# Configuration


def new_secret(uow: UnitOfWork) -> str:
    """A secret for a subscription that came without one: 178 bits."""
    return text(uow.random, "webhook-secret", SECRET_CHARACTERS)


def subscribe(
    uow: UnitOfWork, *, event_type: str, url: str, name: str, secret: str, endpoint_id: str | None = None
) -> Endpoint:
    """Add an active subscription."""
    return endpoints.add(
        uow,
        endpoint_id=endpoint_id or uuid4(uow.random, "webhook-subscription"),
        url=url,
        types=[event_type],
        secret=secret,
        name=name,
    )


def configure_endpoint(
    uow: UnitOfWork,
    *,
    url: str,
    types: Sequence[str],
    name: str | None = None,
    secret: str | None = None,
    endpoint_id: str | None = None,
) -> Shown:
    """Subscribe an address for the account's administrator; `*` stands for all types that are sent.

    There is a subscription for each type, all with one secret, which is answered once. Raises ValueError for an unknown
    type, and for the id of a subscription (`endpoint_id`) with several types.
    """
    expanded = expand(types)
    if endpoint_id is not None and len(expanded) != 1:
        raise ValueError(f"the subscription {endpoint_id} has one type, not {len(expanded)}")
    shared = new_secret(uow) if secret is None else secret
    for event_type in expanded:
        subscribe(
            uow,
            event_type=event_type,
            url=url,
            name=(name or url)[:NAME_CHARACTERS_MAX],
            secret=shared,
            endpoint_id=endpoint_id,
        )
    return {"url": url, "types": expanded, "name": name, "secret": shared}


def expand(types: Sequence[str]) -> list[str]:
    """Event types, each once, `*` as all that are sent. Raises ValueError for an unknown one."""
    expanded = list(
        dict.fromkeys(one for name in types for one in (SENT_TYPES if name == endpoints.ALL_TYPES else (name,)))
    )
    unknown = [name for name in expanded if name not in TYPES]
    if unknown:
        raise ValueError(f"{', '.join(map(repr, unknown))}: no such event type; there are {', '.join(TYPES)}")
    return expanded


def configured_endpoints(uow: UnitOfWork) -> list[Shown]:
    """The account's subscriptions, oldest first, as its administrator sees them."""
    return [
        {"url": masked(row.url), "types": row.types, "name": row.name, "active": row.active}
        for row in endpoints.list_endpoints(uow)
    ]


def remove_endpoints(uow: UnitOfWork, url: str) -> int:
    """End the subscriptions of an address. Returns how many there were."""
    found = [row.id for row in endpoints.list_endpoints(uow) if url in (row.url, masked(row.url))]
    endpoints.remove(uow, found)
    return len(found)
