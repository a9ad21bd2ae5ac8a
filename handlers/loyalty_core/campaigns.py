"""Campaigns: what is given for which events, to whom and when."""

from handlers.http import Answer, created, ok
from models.loyalty_core.campaigns import campaigns
from models.loyalty_core.campaigns.input import CampaignBody, read_campaign
from models.loyalty_core.campaigns.views import show_campaign
from models.loyalty_core.paging import Paging, show_page, split_list
from models.uow import UnitOfWork


def list_campaigns(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    loyalty_program_id: int | None,
    type: str | None,
    tags: str | None,
    codes: str | None,
) -> Answer:
    rows, total = campaigns.list_campaigns(
        uow,
        Paging(page, limit, order),
        program_id=loyalty_program_id,
        campaign_type=type,
        tags=split_list(tags),
        codes=split_list(codes),
    )
    return ok(show_page([show_campaign(uow, row) for row in rows], total, page, limit))


def create_campaign(uow: UnitOfWork, *, body: CampaignBody) -> Answer:
    return created({"campaign": show_campaign(uow, campaigns.create_campaign(uow, read_campaign(body)))})


def get_campaign(uow: UnitOfWork, *, campaign_id: int) -> Answer:
    return ok({"campaign": show_campaign(uow, campaigns.find_campaign(uow, campaign_id))})


def update_campaign(uow: UnitOfWork, *, campaign_id: int, body: CampaignBody) -> Answer:
    return ok({"campaign": show_campaign(uow, campaigns.update_campaign(uow, campaign_id, read_campaign(body)))})
