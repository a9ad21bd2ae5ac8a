"""Campaigns: what is given for which events, to whom and when."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select

from models.kernel.times import iso
from models.loyalty_core.campaigns.tables import Campaign, CampaignTag
from models.loyalty_core.columns import set_columns, show_columns
from models.loyalty_core.events.subscriptions import CAMPAIGN, listen
from models.loyalty_core.members.views import found_program_id
from models.loyalty_core.missions.participation import check_account
from models.loyalty_core.money import from_units, optional_units
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "campaignId": Campaign.id,
    "code": Campaign.code,
    "name": Campaign.name,
    "type": Campaign.type,
    "validFrom": Campaign.valid_from_ms,
    "validTo": Campaign.valid_to_ms,
    "createdAt": Campaign.created_ms,
    "updatedAt": Campaign.updated_ms,
}
PLAIN = {
    "code": "code",
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "type": "type",
    "active": "active",
    "eventType": "event_type",
    "enabledTopics": "enabled_topics",
    "audienceKeys": "audience_keys",
    "loyaltyTierKeys": "tier_keys",
    "daysOfWeek": "days_of_week",
    "locationCodes": "location_codes",
    "pointsMonthlyLimitPerMember": "points_monthly_limit",
    "allowPartialApplicationOnLimit": "allow_partial",
    "smartRewards": "smart_rewards",
    "tags": "tags",
    "customAttributes": "custom_attributes",
}
INSTANTS = {"validFrom": "valid_from_ms", "validTo": "valid_to_ms"}


def list_campaigns(
    uow: UnitOfWork,
    *,
    program_id: int | None,
    campaign_type: str | None,
    tags: str | None,
    codes: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of campaigns; of `tags` and `codes`, with commas between them, one is enough. Raises InvalidInput."""
    matching = uow.scoped(Campaign)
    if program_id is not None:
        matching = matching.where(Campaign.program_id == program_id)
    if campaign_type is not None:
        matching = matching.where(Campaign.type == campaign_type)
    if codes is not None:
        matching = matching.where(Campaign.code.in_(codes.split(",")))
    if tags is not None:
        matching = matching.where(
            Campaign.id.in_(
                select(CampaignTag.campaign_id).where(
                    CampaignTag.tenant_id == uow.tenant_id, CampaignTag.tag.in_(tags.split(","))
                )
            )
        )
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_campaign(uow: UnitOfWork, campaign_id: int) -> dict[str, Any]:
    """A campaign as answers show it. Raises NotFound."""
    return _show(uow, find_campaign(uow, campaign_id))


def create_campaign(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Any]:
    """Add a campaign. Raises Conflict when the code is taken, NotFound for its program, ledger and account, RuleViolation for dates."""
    row = Campaign(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Campaign),
        active=True,
        enabled_topics=[],
        audience_keys=[],
        tier_keys=[],
        days_of_week=[],
        location_codes=[],
        allow_partial=False,
        smart_rewards={},
        tags=[],
        custom_attributes={},
        created_ms=uow.now_ms,
    )
    _take(uow, row, body)
    uow.session.add(row)
    return _show(uow, row)


def update_campaign(uow: UnitOfWork, campaign_id: int, body: Mapping[str, Any]) -> dict[str, Any]:
    """Change a campaign; what is left out stays, what is null is taken away. Raises NotFound, and what `create_campaign` does."""
    row = lock_campaign(uow, campaign_id)
    _take(uow, row, body)
    return _show(uow, row)


def find_campaign(uow: UnitOfWork, campaign_id: int) -> Campaign:
    """A campaign, active or not. Raises NotFound."""
    return _found(uow.session.get(Campaign, (uow.tenant_id, campaign_id)), campaign_id)


def lock_campaign(uow: UnitOfWork, campaign_id: int) -> Campaign:
    """The same, locked until the unit ends. Raises NotFound."""
    return _found(uow.lock(uow.scoped(Campaign).where(Campaign.id == campaign_id)), campaign_id)


def _found(row: Campaign | None, campaign_id: int) -> Campaign:
    if row is None:
        raise NotFound(f"There is no campaign {campaign_id}.")
    return row


def _take(uow: UnitOfWork, row: Campaign, body: Mapping[str, Any]) -> None:
    if (
        body["code"] != row.code
        and uow.session.scalars(
            uow.scoped(Campaign).where(Campaign.code == body["code"], Campaign.id != row.id)
        ).first()
        is not None
    ):
        raise Conflict(f"The code {body['code']} is taken.")
    if "loyaltyProgramId" in body:
        row.program_id = found_program_id(uow, body["loyaltyProgramId"])
    set_columns(row, body, PLAIN, INSTANTS)
    if "minSpendValue" in body:
        row.min_spend = optional_units(body["minSpendValue"])
    if row.valid_from_ms is not None and row.valid_to_ms is not None and row.valid_to_ms <= row.valid_from_ms:
        raise RuleViolation("validTo is not after validFrom.")
    rewards = body.get("smartRewards", {})
    if "ledgerId" in rewards or "ledgerAccountId" in rewards:
        check_account(
            uow, program_id=row.program_id, ledger_id=rewards.get("ledgerId"), account_id=rewards.get("ledgerAccountId")
        )
    row.updated_ms = uow.now_ms
    _index(uow, row)


def _index(uow: UnitOfWork, row: Campaign) -> None:
    """What the list's filter and the evaluation of events look up."""
    uow.session.execute(
        delete(CampaignTag).where(CampaignTag.tenant_id == uow.tenant_id, CampaignTag.campaign_id == row.id)
    )
    uow.session.add_all(
        [CampaignTag(tenant_id=uow.tenant_id, campaign_id=row.id, tag=tag) for tag in sorted(set(row.tags))]
    )
    named = [row.event_type, *row.enabled_topics] if row.active else []
    listen(uow, CAMPAIGN, row.id, [name for name in named if name is not None])


def _show(uow: UnitOfWork, row: Campaign) -> dict[str, Any]:
    return {
        "campaignId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramId": row.program_id,
        **show_columns(row, PLAIN, INSTANTS),
        "minSpendValue": None if row.min_spend is None else from_units(row.min_spend),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
