"""Campaign actions: the steps of a campaign."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.campaigns import actions
from models.uow import UnitOfWork


def list_campaign_actions(
    uow: UnitOfWork, *, campaign_id: int, page: int, limit: int, order: str | None, status: str | None
) -> Answer:
    return ok(actions.list_actions(uow, campaign_id, status=status, page=page, limit=limit, order=order))


def create_campaign_action(uow: UnitOfWork, *, campaign_id: int, body: dict[str, Any]) -> Answer:
    return created({"action": actions.create_action(uow, campaign_id, body)})


def get_campaign_action(uow: UnitOfWork, *, campaign_id: int, action_id: int) -> Answer:
    return ok({"action": actions.get_action(uow, campaign_id, action_id)})


def update_campaign_action(uow: UnitOfWork, *, campaign_id: int, action_id: int, body: dict[str, Any]) -> Answer:
    return ok({"action": actions.update_action(uow, campaign_id, action_id, body)})
