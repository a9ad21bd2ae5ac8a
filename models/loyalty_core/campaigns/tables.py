"""Tables of campaigns: when they apply, what they do, and what they have given."""

from typing import NotRequired, TypedDict

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.kernel.json_values import FreeForm

DISABLED, RUNNING, DRAFT = "disabled", "running", "draft"
CAMPAIGNS_PART, ACTIONS_PART = "campaigns", "campaign-actions"
"""Parts of the tenant's configuration (`UnitOfWork.configured`)."""


class SmartRewards(TypedDict, total=False):
    """What a campaign gives without actions (`smart_rewards.py`)."""

    fixedPoints: int
    pointsPerCurrencyUnit: float
    multiplier: float
    ledgerId: int
    ledgerAccountId: int


class ActionRules(TypedDict, total=False):
    """When an action has its effects; without an expression always."""

    expression: str


class EffectItem(TypedDict):
    """An effect of the catalogue with its parameters, each a value or an expression."""

    effectId: str
    parameters: NotRequired[FreeForm]


class ActionEffects(TypedDict):
    """The effects of an action in their order."""

    items: list[EffectItem]


class Campaign(Base):
    """What is given for events, to whom and when. Amounts of money are in ten-thousandths (`money.py`)."""

    __tablename__ = "lc_campaigns"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index("ix_lc_campaigns_program", "tenant_id", "program_id", "id"),
        Index("ix_lc_campaigns_type", "tenant_id", "type", "id"),
        Index("ix_lc_campaigns_name", "tenant_id", "name", "id"),
        Index("ix_lc_campaigns_valid_from", "tenant_id", "valid_from_ms", "id"),
        Index("ix_lc_campaigns_valid_to", "tenant_id", "valid_to_ms", "id"),
        Index("ix_lc_campaigns_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_campaigns_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[int | None]
    code: Mapped[str] = mapped_column(Name(255))
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    type: Mapped[str | None] = mapped_column(Name(255))
    active: Mapped[bool]
    event_type: Mapped[str | None] = mapped_column(Name(255))
    enabled_topics: Mapped[list[str]]
    audience_keys: Mapped[list[str]]
    tier_keys: Mapped[list[str]]
    days_of_week: Mapped[list[str]]
    location_codes: Mapped[list[str]]
    min_spend: Mapped[int | None]
    valid_from_ms: Mapped[int | None]
    valid_to_ms: Mapped[int | None]
    points_monthly_limit: Mapped[int | None]
    allow_partial: Mapped[bool]
    smart_rewards: Mapped[SmartRewards] = mapped_column(Json)
    tags: Mapped[list[str]]
    custom_attributes: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CampaignTag(Base):
    """A tag of a campaign, for the list's filter."""

    __tablename__ = "lc_campaign_tags"
    __table_args__ = (Index("ix_lc_campaign_tags_tag", "tenant_id", "tag", "campaign_id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tag: Mapped[str] = mapped_column(Name(255), primary_key=True)


class CampaignAction(Base):
    """One step of a campaign: where its rules hold, its effects are applied."""

    __tablename__ = "lc_campaign_actions"
    __table_args__ = (
        Index("ix_lc_campaign_actions_index", "tenant_id", "campaign_id", "action_index", "id"),
        Index("ix_lc_campaign_actions_id", "tenant_id", "campaign_id", "id"),
        Index("ix_lc_campaign_actions_status", "tenant_id", "campaign_id", "status", "id"),
        Index("ix_lc_campaign_actions_name", "tenant_id", "campaign_id", "name", "id"),
        Index("ix_lc_campaign_actions_created", "tenant_id", "campaign_id", "created_ms", "id"),
        Index("ix_lc_campaign_actions_updated", "tenant_id", "campaign_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    campaign_id: Mapped[int]
    action_index: Mapped[int]
    name: Mapped[str] = mapped_column(Name(255))
    status: Mapped[str] = mapped_column(String(8))
    abort_if_false: Mapped[bool]
    abort_on_error: Mapped[bool]
    rules: Mapped[ActionRules] = mapped_column(Json)
    effects: Mapped[ActionEffects] = mapped_column(Json)
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class CampaignPoints(Base):
    """Points that a campaign has given a member in a calendar month (UTC), which begins at `month_ms`."""

    __tablename__ = "lc_campaign_points"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    campaign_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month_ms: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    points: Mapped[int]
