"""Campaigns: what is given for which events, to whom and when."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.campaigns import campaigns
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
    return ok(
        campaigns.list_campaigns(
            uow,
            program_id=loyalty_program_id,
            campaign_type=type,
            tags=tags,
            codes=codes,
            page=page,
            limit=limit,
            order=order,
        )
    )


def create_campaign(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"campaign": campaigns.create_campaign(uow, body)})


def get_campaign(uow: UnitOfWork, *, campaign_id: int) -> Answer:
    return ok({"campaign": campaigns.get_campaign(uow, campaign_id)})


def update_campaign(uow: UnitOfWork, *, campaign_id: int, body: dict[str, Any]) -> Answer:
    return ok({"campaign": campaigns.update_campaign(uow, campaign_id, body)})
