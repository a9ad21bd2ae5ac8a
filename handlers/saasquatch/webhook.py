"""Webhooks: subscribe, list, unsubscribe, test."""

from handlers.http import Answer, no_content, ok
from models.saasquatch import webhooks
from models.uow import UnitOfWork


def create_webhook(uow: UnitOfWork, *, body: webhooks.SubscriptionBody) -> Answer:
    webhooks.create(uow, webhooks.read_subscription(body))
    return no_content(201)


def list_webhooks(uow: UnitOfWork) -> Answer:
    return ok([webhooks.show(subscription) for subscription in webhooks.list_subscriptions(uow)])


def delete_webhook(uow: UnitOfWork, *, url: str) -> Answer:
    webhooks.unsubscribe(uow, url)
    return no_content()


def test_webhook(uow: UnitOfWork, *, url: str) -> Answer:
    webhooks.send_test(uow, url)
    return no_content()
