"""Tables of missions: what there is to achieve, what each member has achieved of it, every count, and matchers."""

from typing import NotRequired, TypedDict

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.kernel.json_values import FreeForm
from models.loyalty_core.periods import Period

KEY = Name(255)


class Mission(Base):
    """Something that members achieve by doing it `goal_count` times, `max_repetitions` times in all."""

    __tablename__ = "lc_missions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        UniqueConstraint("tenant_id", "mission_key"),
        Index("ix_lc_missions_program", "tenant_id", "program_id", "id"),
        Index("ix_lc_missions_type", "tenant_id", "type", "id"),
        Index("ix_lc_missions_name", "tenant_id", "name", "id"),
        Index("ix_lc_missions_valid_from", "tenant_id", "valid_from_ms", "id"),
        Index("ix_lc_missions_valid_to", "tenant_id", "valid_to_ms", "id"),
        Index("ix_lc_missions_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_missions_updated", "tenant_id", "updated_ms", "id"),
        Index("ix_lc_missions_audience", "tenant_id", "audience_id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[int]
    mission_key: Mapped[str] = mapped_column(KEY)
    code: Mapped[str] = mapped_column(KEY)
    name: Mapped[str] = mapped_column(Name(255))
    short_description: Mapped[str | None] = mapped_column(String(1024))
    description: Mapped[str | None] = mapped_column(String(4096))
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    custom_attributes: Mapped[FreeForm]
    type: Mapped[str | None] = mapped_column(Name(255))
    audience_id: Mapped[int | None]
    matcher_id: Mapped[int | None]
    tags: Mapped[list[str]]
    active: Mapped[bool]
    valid_from_ms: Mapped[int | None]
    valid_to_ms: Mapped[int | None]
    repetition_period: Mapped[Period | None] = mapped_column(String(8))
    period_limit: Mapped[int | None]
    points_accrual: Mapped[int]
    ledger_id: Mapped[int | None]
    account_id: Mapped[int | None]
    event_type: Mapped[str] = mapped_column(String(64))
    max_repetitions: Mapped[int]
    goal_count: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class MissionTag(Base):
    """A label of a mission, so that they are found by it."""

    __tablename__ = "lc_mission_tags"
    __table_args__ = (Index("ix_lc_mission_tags_mission", "tenant_id", "mission_id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(String(255), primary_key=True)
    mission_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class MemberMission(Base):
    """How far a member is with a mission. There is none before the first count.

    `period_achieved` belongs to the period that began at `period_start_ms`: in any other it is 0.
    """

    __tablename__ = "lc_member_missions"
    __table_args__ = (Index("ix_lc_member_missions_mission", "tenant_id", "mission_id", "times_achieved"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mission_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    counter_count: Mapped[int]
    """All that was ever counted."""
    progress: Mapped[int]
    """What was counted since the last achievement."""
    times_achieved: Mapped[int]
    period_start_ms: Mapped[int | None]
    period_achieved: Mapped[int]
    updated_ms: Mapped[int]


class MissionCount(Base):
    """One count of a member's mission, and what the counters were after it. What stats are made of."""

    __tablename__ = "lc_mission_counts"
    __table_args__ = (
        UniqueConstraint("tenant_id", "unique_key"),
        Index("ix_lc_mission_counts_created", "tenant_id", "created_ms", "mission_id"),
        Index("ix_lc_mission_counts_mission", "tenant_id", "mission_id", "created_ms"),
        Index("ix_lc_mission_counts_member", "tenant_id", "member_id", "mission_id", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mission_id: Mapped[int]
    member_id: Mapped[int]
    amount: Mapped[int]
    """What was counted, which may be less than was asked for."""
    achieved: Mapped[int]
    """How many times the mission was achieved by it."""
    points: Mapped[int]
    """What was paid for it, in the smallest unit of the account."""
    event_id: Mapped[int | None]
    """The member's event that was counted; None for what a call or a campaign has counted."""
    unique_key: Mapped[str | None] = mapped_column(String(255))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    """SHA-256 of the input, where there is a key."""
    external_id: Mapped[str | None] = mapped_column(String(255))
    external_ms: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(String(1024))
    tags: Mapped[list[str]]
    counter_count: Mapped[int]
    progress: Mapped[int]
    times_achieved: Mapped[int]
    period_achieved: Mapped[int]
    available: Mapped[bool]
    created_ms: Mapped[int]


class ItemCondition(TypedDict):
    """What an attribute of an item has to be: one of some values, or a number between bounds."""

    attribute: str
    values: NotRequired[list[str]]
    min: NotRequired[float]
    max: NotRequired[float]


class ItemMatcher(TypedDict, total=False):
    """What `any` or `all` of the items have to be, by `any` or `all` of the conditions."""

    match: str
    items: str
    conditions: list[ItemCondition]


class Matcher(Base):
    """What to look for among the items of orders; `matcher` holds it as the contract describes it."""

    __tablename__ = "lc_matchers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "matcher_key"),
        Index("ix_lc_matchers_name", "tenant_id", "name", "id"),
        Index("ix_lc_matchers_type", "tenant_id", "type", "id"),
        Index("ix_lc_matchers_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_matchers_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    matcher_key: Mapped[str] = mapped_column(Name(255))
    name: Mapped[str] = mapped_column(Name(255))
    type: Mapped[str] = mapped_column(String(32))
    matcher: Mapped[ItemMatcher] = mapped_column(Json)
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
