"""Campaign actions: the steps of a campaign."""

from handlers.http import Answer, created, ok
from models.loyalty_core.campaigns import actions
from models.loyalty_core.campaigns.input import ActionBody, read_action
from models.loyalty_core.campaigns.views import show_action
from models.loyalty_core.paging import Paging, show_page
from models.uow import UnitOfWork


def list_campaign_actions(
    uow: UnitOfWork, *, campaign_id: int, page: int, limit: int, order: str | None, status: str | None
) -> Answer:
    rows, total = actions.list_actions(uow, campaign_id, Paging(page, limit, order), status=status)
    return ok(show_page([show_action(uow, row) for row in rows], total, page, limit))


def create_campaign_action(uow: UnitOfWork, *, campaign_id: int, body: ActionBody) -> Answer:
    return created({"action": show_action(uow, actions.create_action(uow, campaign_id, read_action(body)))})


def get_campaign_action(uow: UnitOfWork, *, campaign_id: int, action_id: int) -> Answer:
    return ok({"action": show_action(uow, actions.get_action(uow, campaign_id, action_id))})


def update_campaign_action(uow: UnitOfWork, *, campaign_id: int, action_id: int, body: ActionBody) -> Answer:
    row = actions.update_action(uow, campaign_id, action_id, read_action(body))
    return ok({"action": show_action(uow, row)})
