"""Webhook subscriptions as the API's callers see them: one event type and one address each."""

from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import Shown
from models.kernel.problems import InvalidInput
from models.kernel.times import iso_seconds
from models.leat.problems import SubscriptionNotFound, TooManySubscriptions
from models.leat.webhooks import new_secret, subscribe
from models.outbox import endpoints
from models.outbox.addresses import check_target, masked, unmasked
from models.outbox.endpoints import Endpoint
from models.uow import UnitOfWork

ACTIVE, INACTIVE = "ACTIVE", "INACTIVE"
VERSION = "V1"


@dataclass(frozen=True, slots=True)
class SubscriptionInput:
    """A subscription to be made; `secret` is None where the server makes one."""

    event_type: str
    url: str
    name: str
    secret: str | None


@dataclass(frozen=True, slots=True)
class SubscriptionChange:
    """Changes of a subscription; None for what stays as it is."""

    name: str | None
    url: str | None
    active: bool | None


class SubscriptionBody(TypedDict):
    """The body of a subscription's creation, without the nulls that the contract ignores."""

    event_type: str
    url: str
    name: str
    secret: NotRequired[str]


class SubscriptionChangeBody(TypedDict, total=False):
    """The body of a subscription's change, likewise."""

    name: str
    url: str
    status: str


def read_subscription(body: SubscriptionBody) -> SubscriptionInput:
    """A subscription from the body of its creation."""
    return SubscriptionInput(body["event_type"], body["url"], body["name"], body.get("secret"))


def read_change(body: SubscriptionChangeBody) -> SubscriptionChange:
    """The changes of a subscription from their body."""
    return SubscriptionChange(body.get("name"), body.get("url"), body["status"] == ACTIVE if "status" in body else None)


def create(uow: UnitOfWork, given: SubscriptionInput) -> tuple[Endpoint, str]:
    """Subscribe an address to an event type; the subscription, and its secret, which only this answer shows.

    Raises InvalidInput for an address that webhooks may not go to, TooManySubscriptions.
    """
    _check_address(uow, given.url)
    try:
        endpoints.check_room(uow)
    except ValueError as error:
        raise TooManySubscriptions(
            f"An account has at most {endpoints.ENDPOINTS_MAX} webhook subscriptions."
        ) from error
    secret = new_secret(uow) if given.secret is None else given.secret
    made = subscribe(uow, event_type=given.event_type, url=given.url, name=given.name, secret=secret)
    return made, secret


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


def change(uow: UnitOfWork, subscription_uuid: str, given: SubscriptionChange) -> Endpoint:
    """Change name, address and status, each if given; the subscription after it.

    Raises SubscriptionNotFound, InvalidInput.
    """
    row = _lock(uow, subscription_uuid)
    url = row.url if given.url is None else unmasked(given.url, [row.url])
    _check_address(uow, url)
    return endpoints.change(
        uow,
        row,
        name=row.name if given.name is None else given.name,
        url=url,
        active=row.active if given.active is None else given.active,
    )


def remove(uow: UnitOfWork, subscription_uuid: str) -> None:
    """End a subscription; its pending deliveries are not sent (by another process for up to a second more).

    Raises SubscriptionNotFound.
    """
    endpoints.remove(uow, [_lock(uow, subscription_uuid).id])


def show(row: Endpoint) -> Shown:
    """A subscription without its secret."""
    return {
        "uuid": row.id,
        "name": row.name,
        "event_type": row.types[0],
        "url": masked(row.url),
        "status": _status(row),
        "version": VERSION,
        "created_at": iso_seconds(row.created_ms),
    }


def _check_address(uow: UnitOfWork, url: str) -> None:
    """Raises InvalidInput for an address that webhooks may not go to."""
    try:
        check_target(uow, url)
    except ValueError as error:
        raise InvalidInput(str(error), pointer="/url") from error


def _status(row: Endpoint) -> str:
    return ACTIVE if row.active else INACTIVE


def _lock(uow: UnitOfWork, subscription_uuid: str) -> Endpoint:
    row = endpoints.lock(uow, subscription_uuid.lower())
    if row is None:
        raise SubscriptionNotFound
    return row
