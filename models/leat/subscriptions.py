"""Webhook subscriptions as the API's callers see them: one event type and one address each."""

from typing import Any

from models.kernel.problems import InvalidInput
from models.kernel.times import iso_seconds
from models.leat.problems import SubscriptionNotFound, TooManySubscriptions
from models.leat.webhooks import new_secret, subscribe
from models.outbox import endpoints
from models.outbox.endpoints import Endpoint
from models.uow import UnitOfWork

ACTIVE, INACTIVE = "ACTIVE", "INACTIVE"
VERSION = "V1"
Shown = dict[str, Any]


def create(uow: UnitOfWork, body: dict[str, Any]) -> Shown:
    """Subscribe an address to an event type; the only answer that has the secret.

    Raises InvalidInput, TooManySubscriptions.
    """
    try:
        endpoints.check_room(uow)
    except ValueError as error:
        raise TooManySubscriptions(
            f"An account has at most {endpoints.ENDPOINTS_MAX} webhook subscriptions."
        ) from error
    secret = body["secret"] if "secret" in body else new_secret(uow)
    made = subscribe(uow, event_type=body["event_type"], url=_address(body["url"]), name=body["name"], secret=secret)
    return {**show(made), "secret": secret}


def list_subscriptions(uow: UnitOfWork, *, event_type: str | None, status: str | None) -> list[Endpoint]:
    """The account's subscriptions, oldest first; filters combine."""
    return [
        row
        for row in endpoints.list_endpoints(uow)
        if event_type in (None, row.types[0]) and status in (None, _status(row))
    ]


def get(uow: UnitOfWork, subscription_uuid: str) -> Endpoint:
    """A subscription. Raises SubscriptionNotFound, also for what is no uuid."""
    found = endpoints.find(uow, subscription_uuid.lower())
    if found is None:
        raise SubscriptionNotFound
    return found


def change(uow: UnitOfWork, subscription_uuid: str, body: dict[str, Any]) -> Endpoint:
    """Change name, address and status, each if given. Raises SubscriptionNotFound."""
    row = _lock(uow, subscription_uuid)
    row.name = body.get("name", row.name)
    row.url = _address(body["url"]) if "url" in body else row.url
    if "status" in body:
        row.active = body["status"] == ACTIVE
    uow.session.flush()
    return row


def remove(uow: UnitOfWork, subscription_uuid: str) -> None:
    """End a subscription; what is still on its way to it is not sent any more. Raises SubscriptionNotFound."""
    uow.session.delete(_lock(uow, subscription_uuid))


def show(row: Endpoint) -> Shown:
    """A subscription without its secret."""
    return {
        "uuid": row.id,
        "name": row.name,
        "event_type": row.types[0],
        "url": row.url,
        "status": _status(row),
        "version": VERSION,
        "created_at": iso_seconds(row.created_ms),
    }


def _address(url: str) -> str:
    """An address that a POST can go to. Raises InvalidInput."""
    try:
        return endpoints.check_url(url)
    except ValueError as error:
        raise InvalidInput(str(error), pointer="/url") from error


def _status(row: Endpoint) -> str:
    return ACTIVE if row.active else INACTIVE


def _lock(uow: UnitOfWork, subscription_uuid: str) -> Endpoint:
    row = uow.lock(uow.scoped(Endpoint).where(Endpoint.id == subscription_uuid.lower()))
    if row is None:
        raise SubscriptionNotFound
    return row
