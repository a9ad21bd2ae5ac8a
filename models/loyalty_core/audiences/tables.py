"""The table of audiences."""

from typing import NotRequired, TypedDict

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.loyalty_core.expressions.nodes import Scalar

COUNT_JOB, DAILY_JOB = "audience-count", "audience-counts"
"""Kinds of jobs: the next slice of a count, and the counts of a day."""
IDLE, BEGUN = 0, -1
"""What `counted_to` is while nobody counts, and before the first member was looked at."""


class AudienceCondition(TypedDict):
    """What an attribute of a member has to be; with some operators there is no value."""

    attribute: str
    operator: str
    value: NotRequired[Scalar | list[Scalar]]


class AudienceMatcher(TypedDict, total=False):
    """The rule of an audience: conditions or an expression for attributes, numbers of members for a list, nothing for
    nobody.
    """

    match: str
    conditions: list[AudienceCondition]
    expression: str
    memberIds: list[int]


class Audience(Base):
    """Some of the members, by a rule or a list. `segment_key` is what campaigns and coupon books name it by.

    `found_by` are name and description as the search compares them. While members are being counted, `counted` of those
    up to the number `counted_to` belong to it.
    """

    __tablename__ = "lc_audiences"
    __table_args__ = (
        UniqueConstraint("tenant_id", "segment_key"),
        Index("ix_lc_audiences_name", "tenant_id", "name", "id"),
        Index("ix_lc_audiences_active", "tenant_id", "active", "id"),
        Index("ix_lc_audiences_type", "tenant_id", "matcher_type", "id"),
        Index("ix_lc_audiences_count", "tenant_id", "member_count", "id"),
        Index("ix_lc_audiences_refreshed", "tenant_id", "refreshed_ms", "id"),
        Index("ix_lc_audiences_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_audiences_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    segment_key: Mapped[str] = mapped_column(Name(255))
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    active: Mapped[bool]
    matcher_type: Mapped[str] = mapped_column(String(32))
    matcher: Mapped[AudienceMatcher] = mapped_column(Json)
    found_by: Mapped[str] = mapped_column(Text)
    member_count: Mapped[int | None]
    refreshed_ms: Mapped[int | None]
    counted: Mapped[int]
    counted_to: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
