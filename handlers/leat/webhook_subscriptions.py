"""Webhook subscriptions: create, list, get, update, delete."""

from handlers.http import Answer
from handlers.leat._answers import answer
from models.leat import subscriptions
from models.uow import UnitOfWork


def create_webhook_subscription(uow: UnitOfWork, *, body: subscriptions.SubscriptionBody) -> Answer:
    made, secret = subscriptions.create(uow, subscriptions.read_subscription(body))
    return answer({**subscriptions.show(made), "secret": secret})


def list_webhook_subscriptions(uow: UnitOfWork, *, event_type: str | None, status: str | None) -> Answer:
    rows = subscriptions.list_subscriptions(uow, event_type=event_type, status=status)
    return answer([subscriptions.show(row) for row in rows])


def get_webhook_subscription(uow: UnitOfWork, *, webhook_subscription_uuid: str) -> Answer:
    return answer(subscriptions.show(subscriptions.get(uow, webhook_subscription_uuid)))


def update_webhook_subscription(
    uow: UnitOfWork, *, webhook_subscription_uuid: str, body: subscriptions.SubscriptionChangeBody
) -> Answer:
    return answer(
        subscriptions.show(subscriptions.change(uow, webhook_subscription_uuid, subscriptions.read_change(body)))
    )


def delete_webhook_subscription(uow: UnitOfWork, *, webhook_subscription_uuid: str) -> Answer:
    subscriptions.remove(uow, webhook_subscription_uuid)
    return answer([])
