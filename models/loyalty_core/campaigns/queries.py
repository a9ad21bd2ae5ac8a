"""Statements on campaigns and their actions."""

from typing import NamedTuple

from sqlalchemy import Text, and_, bindparam, case, cast, delete, func, select, update

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query, RowUpdate
from models.loyalty_core.campaigns.tables import (
    RUNNING,
    ActionEffects,
    ActionRules,
    Campaign,
    CampaignAction,
    CampaignPoints,
    CampaignTag,
    SmartRewards,
)
from models.loyalty_core.paging import Listing

EFFECTS_CHARACTERS_MAX = 10_000
"""Effects of an action that are longer are read when it acts."""


class CampaignRule(NamedTuple):
    """What the evaluation needs of a campaign: its texts and custom attributes may have a megabyte."""

    id: int
    program_id: int | None
    code: str
    active: bool
    valid_from_ms: int | None
    valid_to_ms: int | None
    days_of_week: list[str]
    location_codes: list[str]
    min_spend: int | None
    tier_keys: list[str]
    audience_keys: list[str]
    points_monthly_limit: int | None
    allow_partial: bool
    smart_rewards: SmartRewards
    created_ms: int
    running_actions: int
    """How many actions it has that act."""


class ActionRule(NamedTuple):
    """What the evaluation needs of a running action. `effects` are None where they are long."""

    id: int
    campaign_id: int
    abort_if_false: bool
    abort_on_error: bool
    rules: ActionRules
    effects: ActionEffects | None


_IS_RUNNING = and_(
    CampaignAction.tenant_id == TENANT, CampaignAction.campaign_id == Campaign.id, CampaignAction.status == RUNNING
)
CAMPAIGN_RULES = Query(
    select(
        *(getattr(Campaign, name) for name in CampaignRule._fields[:-1]),
        select(func.count()).select_from(CampaignAction).where(_IS_RUNNING).correlate(Campaign).scalar_subquery(),
    )
    .where(Campaign.tenant_id == TENANT, among(Campaign.id, "ids"))
    .order_by(Campaign.id),
    CampaignRule,
)
ACTION_RULES = Query(
    select(
        *(getattr(CampaignAction, name) for name in ActionRule._fields[:-1]),
        case(
            (func.length(cast(CampaignAction.effects, Text)) <= EFFECTS_CHARACTERS_MAX, CampaignAction.effects),
            else_=None,
        ),
    )
    .where(
        CampaignAction.tenant_id == TENANT,
        among(CampaignAction.campaign_id, "campaign_ids"),
        CampaignAction.status == RUNNING,
    )
    .order_by(CampaignAction.campaign_id, CampaignAction.action_index, CampaignAction.id),
    ActionRule,
)
"""The running actions of campaigns, those of each campaign in their order."""
EFFECTS = Query(
    select(CampaignAction.effects).where(CampaignAction.tenant_id == TENANT, CampaignAction.id == bindparam("id"))
)

CAMPAIGN = Query(select(Campaign).where(Campaign.tenant_id == TENANT, Campaign.id == bindparam("id")))
CAMPAIGN_WITH_CODE = Query(
    select(Campaign.id).where(
        Campaign.tenant_id == TENANT, Campaign.code == bindparam("code"), Campaign.id != bindparam("other_than")
    )
)
INSERT_CAMPAIGN, UPDATE_CAMPAIGN = Insertion(Campaign), RowUpdate(Campaign)
INSERT_TAG = Insertion(CampaignTag)
DELETE_TAGS = Change(
    delete(CampaignTag).where(CampaignTag.tenant_id == TENANT, CampaignTag.campaign_id == bindparam("of_campaign"))
)
_TAGGED = select(CampaignTag.campaign_id).where(CampaignTag.tenant_id == TENANT, among(CampaignTag.tag, "tags"))
CAMPAIGNS = Listing(
    select(Campaign).where(Campaign.tenant_id == TENANT),
    {
        "campaignId": Campaign.id,
        "code": Campaign.code,
        "name": Campaign.name,
        "type": Campaign.type,
        "validFrom": Campaign.valid_from_ms,
        "validTo": Campaign.valid_to_ms,
        "createdAt": Campaign.created_ms,
        "updatedAt": Campaign.updated_ms,
    },
    {
        "program_id": Campaign.program_id == bindparam("program_id"),
        "type": Campaign.type == bindparam("type"),
        "codes": among(Campaign.code, "codes"),
        "tags": Campaign.id.in_(_TAGGED),
    },
)

ACTION = Query(
    select(CampaignAction).where(
        CampaignAction.tenant_id == TENANT,
        CampaignAction.campaign_id == bindparam("campaign_id"),
        CampaignAction.id == bindparam("id"),
    )
)
ACTIONS_OF_CAMPAIGN = Query(
    select(func.count(), func.max(CampaignAction.action_index)).where(
        CampaignAction.tenant_id == TENANT, CampaignAction.campaign_id == bindparam("campaign_id")
    )
)
"""How many actions a campaign has, and the highest index."""
INSERT_ACTION, UPDATE_ACTION = Insertion(CampaignAction), RowUpdate(CampaignAction)
ACTIONS = Listing(
    select(CampaignAction).where(
        CampaignAction.tenant_id == TENANT, CampaignAction.campaign_id == bindparam("campaign_id")
    ),
    {
        "actionId": CampaignAction.id,
        "actionIndex": CampaignAction.action_index,
        "name": CampaignAction.name,
        "createdAt": CampaignAction.created_ms,
        "updatedAt": CampaignAction.updated_ms,
    },
    {"status": CampaignAction.status == bindparam("status")},
)

POINTS_OF_MONTH = Query(
    select(CampaignPoints.points).where(
        CampaignPoints.tenant_id == TENANT,
        CampaignPoints.campaign_id == bindparam("campaign_id"),
        CampaignPoints.member_id == bindparam("member_id"),
        CampaignPoints.month_ms == bindparam("month_ms"),
    )
)
"""What a campaign has given a member in a month."""
INSERT_POINTS = Insertion(CampaignPoints)
ADD_POINTS = Insertion(CampaignPoints, or_add=("points",))
SET_POINTS = Change(
    update(CampaignPoints)
    .where(
        CampaignPoints.tenant_id == TENANT,
        CampaignPoints.campaign_id == bindparam("of_campaign"),
        CampaignPoints.member_id == bindparam("of_member"),
        CampaignPoints.month_ms == bindparam("of_month_ms"),
    )
    .values(points=bindparam("new_points"))
)
