"""Webhooks of the SaaSquatch API: subscriptions, events, signatures, and how deliveries are retried."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

import orjson
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.kernel.clock import HOUR_MS
from models.kernel.ids import hex24
from models.kernel.json_text import dumps
from models.kernel.json_values import Shown
from models.kernel.jws import has_extensions
from models.kernel.vault import digest, same
from models.outbox import signature_faults, signing
from models.outbox.addresses import HIDDEN, check_target, check_url, masked, unmasked
from models.outbox.outbox import DELIVERED, FAILED, Delivery, Event, Job, Outcome, Settled, Target, publish
from models.outbox.signature_faults import Fault
from models.saasquatch.problems import BadAddress, SubscriptionNotFound, TooManySubscriptions
from models.saasquatch.queries import (
    CHANGE_SUBSCRIPTION,
    COUNT_SUBSCRIPTIONS,
    DELETE_SUBSCRIPTION,
    INSERT_SUBSCRIPTION,
    SUBSCRIPTION,
    SUBSCRIPTIONS,
)
from models.saasquatch.tables import Subscription
from models.tenancy.tenants import Tenant, list_tenants
from models.uow import UnitOfWork

API = "saasquatch"
ALL_TYPES = "*"
REMOVES = "~"
TYPES = (
    "user.created",
    "coupon.created",
    "reward.created",
    "user.reward.balance.changed",
    "referral.started",
    "referral.converted",
    "referral.ended",
    "referral.automoderation.complete",
    "email.referred.reward.earned",
    "email.referral.started",
    "email.referral.paid",
    "email.referral.rewardLimitReached",
    "theme.publish.finished",
    "export.created",
    "export.completed",
    "test",
)
"""What can be subscribed to: the vendor's list. Those of classic tenants, of mails and of themes never happen here."""

SUBSCRIPTIONS_MAX = 50
"""Addresses of a tenant: each event is written with a delivery for each, about 80 us."""
SUCCESS_STATUS = 200
RETRY_AFTER_MS = HOUR_MS
ATTEMPTS_MAX = 72

KEY_KIND = "api_key"
JWS_HEADER = "X-Hook-JWS-RFC-7797"
HMAC_HEADER = "X-Hook-Signature"
HEADER_PREFIX = "x-hook-"
KEPT_HEADERS = (HEADER_PREFIX,)
_HMAC = re.compile(r"[A-Za-z0-9+/]{27}=")


# Subscriptions


def _find(uow: UnitOfWork, url: str) -> Subscription | None:
    return uow.first(SUBSCRIPTION, digest=digest(_unmasked(uow, url)))


def _unmasked(uow: UnitOfWork, url: str) -> str:
    """The address of a subscription, which may be written as it is masked."""
    return unmasked(url, (row.url for row in list_subscriptions(uow))) if HIDDEN in url else url


def _get(uow: UnitOfWork, url: str) -> Subscription:
    found = _find(uow, url)
    if found is None:
        raise SubscriptionNotFound
    return found


def _types(requested: Sequence[str], present: Sequence[str]) -> list[str]:
    """The types asked for, each once. If any begins with `~`, they change the present ones, in the order given."""
    types = list(present) if any(name.startswith(REMOVES) for name in requested) else []
    for name in requested:
        plain = name.removeprefix(REMOVES)
        if plain in types:
            types.remove(plain)
        if plain == name:
            types.append(name)
    return types


@dataclass(frozen=True, slots=True)
class SubscriptionInput:
    """An address to subscribe, and the types of events asked for."""

    url: str
    name: str | None = None
    types: Sequence[str] = (ALL_TYPES,)


class SubscriptionBody(TypedDict):
    """The body of a subscription."""

    endpointUrl: str
    name: NotRequired[str | None]
    webhookTypes: NotRequired[list[str] | None]


def read_subscription(body: SubscriptionBody) -> SubscriptionInput:
    """A subscription from its body."""
    return SubscriptionInput(body["endpointUrl"], body.get("name"), body.get("webhookTypes") or (ALL_TYPES,))


def subscribe(uow: UnitOfWork, given: SubscriptionInput) -> None:
    """Subscribe an address; an address has one subscription, whose name and types the last call sets.

    Raises TooManySubscriptions for one address more than there may be; of two calls at once both may take the last
    place, which does no harm.
    """
    url = _unmasked(uow, given.url)
    uow.configuration_changed("subscriptions")
    key = digest(url)
    found = uow.lock_row(SUBSCRIPTION, digest=key)
    if found is not None:
        types = _types(given.types, found.types)
        uow.execute(CHANGE_SUBSCRIPTION, subscription=key, new_name=given.name, new_types=types)
        return
    if uow.one(COUNT_SUBSCRIPTIONS) >= SUBSCRIPTIONS_MAX:
        raise TooManySubscriptions(f"A tenant has at most {SUBSCRIPTIONS_MAX} webhook subscriptions.")
    uow.insert(
        INSERT_SUBSCRIPTION,
        digest=key,
        url=url,
        name=given.name,
        types=_types(given.types, ()),
        source="MANUAL",
        created_ms=uow.now_ms,
    )


def create(uow: UnitOfWork, given: SubscriptionInput) -> None:
    """As `subscribe`, for a caller of the API. Raises BadAddress for an address that webhooks may not go to,
    TooManySubscriptions.
    """
    try:
        check_target(uow, given.url)
    except ValueError as error:
        raise BadAddress(f"/endpointUrl: {error}") from error
    subscribe(uow, given)


def show(subscription: Subscription) -> Shown:
    """A subscription as answers show it."""
    return {
        "endpointUrl": masked(subscription.url),
        "name": subscription.name,
        "source": subscription.source,
        "webhookTypes": subscription.types,
    }


def list_subscriptions(uow: UnitOfWork) -> list[Subscription]:
    """The tenant's subscriptions, oldest first. Read only: they are kept from one unit of work to the next."""
    return uow.configuration("subscriptions", _load_subscriptions)


def _load_subscriptions(uow: UnitOfWork) -> list[Subscription]:
    return uow.rows(SUBSCRIPTIONS)


def unsubscribe(uow: UnitOfWork, url: str) -> None:
    """End a subscription; its pending deliveries are not sent (by another process for up to a second more).

    Raises SubscriptionNotFound.
    """
    if not remove_endpoints(uow, url):
        raise SubscriptionNotFound


def send_test(uow: UnitOfWork, url: str) -> None:
    """Send a test event to one address, whatever types it has asked for. Raises SubscriptionNotFound."""
    target = _get(uow, url)
    send(uow, "test", {"endpointUrl": masked(target.url), "name": target.name}, [target])


# Configuration


def configure_endpoint(
    uow: UnitOfWork, *, url: str, types: list[str], name: str | None = None, secret: str | None = None
) -> Shown:
    """Subscribe an address for the tenant's administrator. Raises ValueError for a secret (the API keys sign
    here), and for an unknown type.
    """
    if secret is not None:
        raise ValueError(
            "webhooks of this API are signed with the host's key and the tenant's API key, not with a secret"
        )
    unknown = [one for one in types if one != ALL_TYPES and one not in TYPES]
    if unknown:
        raise ValueError(f"{', '.join(map(repr, unknown))}: no such event type; there are {', '.join(TYPES)}")
    subscribe(uow, SubscriptionInput(check_url(url), name, types or (ALL_TYPES,)))
    return {"url": url, "types": types, "name": name}


def configured_endpoints(uow: UnitOfWork) -> list[Shown]:
    """The tenant's subscriptions, as its administrator sees them."""
    return [
        {"url": masked(row.url), "types": row.types, "name": row.name, "active": True}
        for row in list_subscriptions(uow)
    ]


def remove_endpoints(uow: UnitOfWork, url: str) -> int:
    """End the subscription of an address. Returns how many there were."""
    uow.configuration_changed("subscriptions")
    return uow.execute(DELETE_SUBSCRIPTION, subscription=digest(_unmasked(uow, url)))


def addresses_changed(session: Session) -> None:
    """Bring what derives from the addresses of subscriptions up to date, after these were changed in the database."""
    for tenant in list_tenants(session, API):
        for row in session.scalars(select(Subscription).where(Subscription.tenant_id == tenant.id)).all():
            before, row.digest = row.digest, digest(row.url)
            for model in (Delivery, Job):
                session.execute(
                    update(model)
                    .where(model.tenant_id == tenant.id, model.endpoint_id == before)
                    .values(endpoint_id=row.digest)
                )


# Events


def envelope(uow: UnitOfWork, event_id: str, event_type: str, data: Shown) -> Shown:
    """The JSON that a webhook carries, as the vendor documents it."""
    return {
        "id": event_id,
        "type": event_type,
        "tenantAlias": uow.tenant.alias,
        "live": uow.tenant.live,
        "created": uow.now_ms,
        "data": data,
    }


def emit(uow: UnitOfWork, event_type: str, data: Shown) -> None:
    """Write an event and a delivery for every endpoint that is subscribed to its type."""
    targets = [
        subscription
        for subscription in list_subscriptions(uow)
        if ALL_TYPES in subscription.types or event_type in subscription.types
    ]
    send(uow, event_type, data, targets)


def send(uow: UnitOfWork, event_type: str, data: Shown, targets: Sequence[Subscription]) -> None:
    """Write an event and its deliveries to the given endpoints."""
    event_id = hex24(uow.random, "event")
    payload = dumps(envelope(uow, event_id, event_type, data))
    publish(
        uow,
        event_id,
        event_type,
        payload,
        [Target(hex24(uow.random, "delivery"), target.digest, target.url) for target in targets],
    )


# Deliveries


def settle(uow: UnitOfWork, delivery: Delivery, outcome: Outcome) -> Settled:
    """Exactly 200 counts as received, no other success status; else again after an hour, 72 times in all."""
    if outcome.status == SUCCESS_STATUS:
        return DELIVERED
    return Settled("pending", uow.now_ms + RETRY_AFTER_MS) if delivery.attempts < ATTEMPTS_MAX else FAILED


def headers(uow: UnitOfWork, event: Event, delivery: Delivery, _at_ms: int) -> dict[str, str] | None:
    """The headers of a delivery; None when its address is not subscribed any more. Its signature holds no time."""
    return signed_headers(uow, event.body.encode()) if _is_subscribed(uow, delivery.url) else None


def _is_subscribed(uow: UnitOfWork, url: str) -> bool:
    """Whether an address is subscribed.

    Called for each delivery, so it reads what this process keeps first: what another process has removed or changed is
    still used for up to a second; what is missing there is looked up.
    """
    if any(row.url == url for row in list_subscriptions(uow)):
        return True
    return _find(uow, url) is not None  # another process may have added it in this second


# Signatures


def signed_headers(uow: UnitOfWork, payload: bytes) -> dict[str, str]:
    """The headers of a webhook: a detached JWS by the host's key, and an HMAC by the tenant's oldest active key.

    The JWS is an ordinary one (RFC 7515) whose payload is left out: despite the header's name it does not use the
    unencoded payload of RFC 7797.
    """
    key = signing.signing_key(uow.session, uow.vault, uow.now_ms)
    protected = signing.base64url(orjson.dumps({"kid": key.kid, "typ": "JWT", "alg": "RS256"}))
    signature = key.sign(f"{protected}.{signing.base64url(payload)}".encode())
    headers = {
        "Content-Type": "application/json; charset=UTF-8",
        JWS_HEADER: f"{protected}..{signing.base64url(signature)}",
    }
    secrets = uow.directory.secrets(uow.connection, uow.tenant, KEY_KIND)
    if secrets:
        headers[HMAC_HEADER] = _hmac(secrets[0], payload)
    return headers


def _hmac(key: str, payload: bytes) -> str:
    # The vendor documents SHA-1; HMAC does not rest on its collision resistance (RFC 6151 and RFC 2104).
    return base64.b64encode(hmac.new(key.encode(), payload, hashlib.sha1).digest()).decode()


def is_signed(headers: Mapping[str, str]) -> bool:
    """Whether a received message has headers of this API's webhooks."""
    return any(name.startswith(HEADER_PREFIX) for name in headers)


def check_signatures(
    uow: UnitOfWork, tenant: Tenant | None, headers: Mapping[str, str], payload: bytes
) -> dict[str, bool | None]:
    """Whether the signatures of a received webhook are right; None for one that is absent or cannot be checked.

    Without a `tenant` it is the one that the payload names. `headers` have lower-case names.
    """
    tenant = tenant or _tenant_named(uow, payload)
    sent_hmac, sent_jws = headers.get(HMAC_HEADER.lower()), headers.get(JWS_HEADER.lower())
    return {
        HMAC_HEADER: None
        if sent_hmac is None or tenant is None
        else any(
            same(_hmac(key, payload), sent_hmac) for key in uow.directory.secrets(uow.connection, tenant, KEY_KIND)
        ),
        JWS_HEADER: None if sent_jws is None else _check_jws(uow, sent_jws, payload),
    }


def _check_jws(uow: UnitOfWork, token: str, payload: bytes) -> bool:
    kid = _kid(token)
    if kid is None:
        return False
    protected, _, signature = token.split(".")
    signed = f"{protected}.{signing.base64url(payload)}".encode()
    return signing.verify(uow.session, kid, signed, signing.base64url_decode(signature))


def _kid(token: str) -> str | None:
    """The id of the key that a JWS with a detached payload names; None for what is none, or not of RS256."""
    parts = token.split(".")
    if len(parts) != 3 or parts[1]:
        return None
    try:
        header = orjson.loads(signing.base64url_decode(parts[0]))
        signing.base64url_decode(parts[2])
    except ValueError:
        return None
    is_ours = (
        isinstance(header, dict)
        and header.get("alg") == "RS256"
        and isinstance(header.get("kid"), str)
        and not has_extensions(header)
    )
    return header["kid"] if is_ours else None


def signing_secrets(uow: UnitOfWork, tenant: Tenant) -> list[str]:
    """The API keys, the oldest of which signs the HMAC; the JWS is verified with the published keys of the host."""
    return uow.directory.secrets(uow.connection, tenant, KEY_KIND)


def faults(uow: UnitOfWork, tenant: Tenant | None, headers: Mapping[str, str], payload: bytes) -> dict[str, Fault]:
    """Why receivers refuse a webhook, by header; else as `check_signatures`."""
    tenant = tenant or _tenant_named(uow, payload)
    found = {
        HMAC_HEADER: _hmac_fault(uow, tenant, headers.get(HMAC_HEADER.lower()), payload),
        JWS_HEADER: _jws_fault(uow, tenant, headers.get(JWS_HEADER.lower()), payload),
    }
    return {header: fault for header, fault in found.items() if fault is not None}


def _hmac_fault(uow: UnitOfWork, tenant: Tenant | None, sent: str | None, payload: bytes) -> Fault | None:
    if sent is None:
        return signature_faults.missing(HMAC_HEADER)
    if not _HMAC.fullmatch(sent):
        return signature_faults.malformed(HMAC_HEADER, "Base64 of 20 bytes")
    if tenant is None:
        return Fault("TENANT_UNKNOWN", "The body names no tenant of this mock, whose API keys would sign it.")

    def signs(one: Tenant, body: bytes) -> bool:
        keys = uow.directory.secrets(uow.connection, one, KEY_KIND)
        return any(same(_hmac(key, body), sent) for key in keys)

    if signs(tenant, payload):
        return None
    others = [one for one in list_tenants(uow.session, API) if one.id != tenant.id]
    other = next((one for one in others if signs(one, payload)), None)
    if other is not None:
        return Fault(
            signature_faults.SECRET_WRONG, f"It was signed with an API key of {other.key}; the body names {tenant.key}."
        )
    return signature_faults.unmatched(
        uow, [tenant], payload, lambda body: signs(tenant, body), f"an active API key of {tenant.key}"
    )


def _jws_fault(uow: UnitOfWork, tenant: Tenant | None, sent: str | None, payload: bytes) -> Fault | None:
    if sent is None:
        return signature_faults.missing(JWS_HEADER)
    if _check_jws(uow, sent, payload):
        return None
    kid = _kid(sent)
    if kid is None:
        return signature_faults.malformed(JWS_HEADER, "a JWS with a detached payload, RS256 and the id of a key")
    if not any(key["kid"] == kid for key in signing.jwks(uow)["keys"]):
        return Fault("KEY_UNKNOWN", f"The key {kid!r} is not among those that this server publishes.")
    tenants = list_tenants(uow.session, API) if tenant is None else [tenant]
    return signature_faults.unmatched(
        uow, tenants, payload, lambda body: _check_jws(uow, sent, body), f"the published key {kid}"
    )


def _tenant_named(uow: UnitOfWork, payload: bytes) -> Tenant | None:
    """The tenant that the envelope of a webhook names."""
    try:
        message = orjson.loads(payload)
    except orjson.JSONDecodeError:
        return None
    alias = message.get("tenantAlias") if isinstance(message, dict) else None
    return uow.directory.tenant(uow.connection, API, alias) if isinstance(alias, str) else None
