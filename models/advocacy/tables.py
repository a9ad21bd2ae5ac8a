"""Tables of the advocacy API. Points are in the shared ledger (`models/ledger.py`), under `advocate/<id>`."""

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.json_values import FreeForm
from models.row_counts import count_rows


class Advocate(Base):
    """A person who speaks for the business. `email` is lower case; `search` is what a search looks through."""

    __tablename__ = "advocacy_advocates"
    __table_args__ = (
        UniqueConstraint("tenant_id", "email"),
        Index("ix_advocacy_advocates_created", "tenant_id", "created_ms", "id"),
        Index("ix_advocacy_advocates_tier", "tenant_id", "tier", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str | None] = mapped_column(String(120))
    search: Mapped[str] = mapped_column(Text)
    tier: Mapped[str] = mapped_column(String(16), default="bronze")
    status: Mapped[str] = mapped_column(String(16), default="active")
    source: Mapped[str] = mapped_column(String(16), default="api")
    referral_code: Mapped[str] = mapped_column(String(8))
    details: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


count_rows("advocacy_advocates")


class Reward(Base):
    """What points can be spent on. `stock` is None for no limit."""

    __tablename__ = "advocacy_rewards"
    __table_args__ = (
        Index("ix_advocacy_rewards_created", "tenant_id", "created_ms", "id"),
        Index("ix_advocacy_rewards_status", "tenant_id", "status", "created_ms", "id"),
        Index("ix_advocacy_rewards_type", "tenant_id", "type", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(String(2000))
    points_cost: Mapped[int]
    type: Mapped[str] = mapped_column(String(16))
    stock: Mapped[int | None]
    status: Mapped[str] = mapped_column(String(16))
    redemption_count: Mapped[int] = mapped_column(default=0)
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Redemption(Base):
    """A reward that an advocate has paid for."""

    __tablename__ = "advocacy_redemptions"
    __table_args__ = (Index("ix_advocacy_redemptions_advocate", "tenant_id", "advocate_id", "created_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    reward_id: Mapped[str] = mapped_column(String(36))
    reward_name: Mapped[str] = mapped_column(String(120))
    advocate_id: Mapped[str] = mapped_column(String(36))
    points_spent: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    code: Mapped[str | None] = mapped_column(String(16))
    created_ms: Mapped[int]
    fulfilled_ms: Mapped[int | None]


class Quest(Base):
    """Tasks that advocates do for points, and a bonus for doing them all."""

    __tablename__ = "advocacy_quests"
    __table_args__ = (
        Index("ix_advocacy_quests_created", "tenant_id", "created_ms", "id"),
        Index("ix_advocacy_quests_status", "tenant_id", "status", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    title: Mapped[str] = mapped_column(String(160))
    description: Mapped[str | None] = mapped_column(String(2000))
    status: Mapped[str] = mapped_column(String(16))
    reward_points: Mapped[int]
    task_count: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Task(Base):
    """One step of a quest; `place` counts from 1."""

    __tablename__ = "advocacy_tasks"
    __table_args__ = (Index("ix_advocacy_tasks_quest", "tenant_id", "quest_id", "place"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    quest_id: Mapped[str] = mapped_column(String(36))
    title: Mapped[str] = mapped_column(String(160))
    description: Mapped[str | None] = mapped_column(String(2000))
    type: Mapped[str] = mapped_column(String(16))
    points: Mapped[int]
    url: Mapped[str | None] = mapped_column(String(2048))
    place: Mapped[int]


class Completion(Base):
    """A task that an advocate has done: once for each advocate and task."""

    __tablename__ = "advocacy_completions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "advocate_id", "task_id"),
        Index("ix_advocacy_completions_quest", "tenant_id", "advocate_id", "quest_id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    quest_id: Mapped[str] = mapped_column(String(36))
    task_id: Mapped[str] = mapped_column(String(36))
    advocate_id: Mapped[str] = mapped_column(String(36))
    points_awarded: Mapped[int]
    quest_completed: Mapped[bool]
    completed_ms: Mapped[int]


class ReferralCode(Base):
    """An advocate's code, with its results: distinct visitors, distinct orders, their sum in minor units."""

    __tablename__ = "advocacy_referral_codes"
    __table_args__ = (
        UniqueConstraint("tenant_id", "advocate_id"),
        Index("ix_advocacy_referral_codes_created", "tenant_id", "created_ms", "code"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    advocate_id: Mapped[str] = mapped_column(String(36))
    status: Mapped[str] = mapped_column(String(16), default="active")
    clicks: Mapped[int] = mapped_column(default=0)
    conversions: Mapped[int] = mapped_column(default=0)
    revenue_minor: Mapped[int] = mapped_column(default=0)
    created_ms: Mapped[int]


class ReferralClick(Base):
    """A visitor who followed a code: counted once, for good."""

    __tablename__ = "advocacy_referral_clicks"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), primary_key=True)
    visitor_id: Mapped[str] = mapped_column(String(128), primary_key=True)
    created_ms: Mapped[int]


class Conversion(Base):
    """An order that a code has led to; an order counts once in a business."""

    __tablename__ = "advocacy_conversions"
    __table_args__ = (
        UniqueConstraint("tenant_id", "order_id"),
        Index("ix_advocacy_conversions_code", "tenant_id", "code", "created_ms"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    code: Mapped[str] = mapped_column(String(8))
    advocate_id: Mapped[str] = mapped_column(String(36))
    order_id: Mapped[str] = mapped_column(String(128))
    order_value_minor: Mapped[int]
    points_awarded: Mapped[int]
    created_ms: Mapped[int]


class Testimonial(Base):
    """A customer's words about the business; it is reviewed before it is shown."""

    __tablename__ = "advocacy_testimonials"
    __table_args__ = (
        Index("ix_advocacy_testimonials_created", "tenant_id", "created_ms", "id"),
        Index("ix_advocacy_testimonials_status", "tenant_id", "status", "created_ms", "id"),
        Index("ix_advocacy_testimonials_rating", "tenant_id", "rating", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    advocate_id: Mapped[str | None] = mapped_column(String(36))
    author_name: Mapped[str] = mapped_column(String(120))
    author_email: Mapped[str | None] = mapped_column(String(254))
    content: Mapped[str] = mapped_column(Text)
    rating: Mapped[int]
    status: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(16))
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
    reviewed_ms: Mapped[int | None]


class Board(Base):
    """Where ideas are collected."""

    __tablename__ = "advocacy_boards"
    __table_args__ = (Index("ix_advocacy_boards_created", "tenant_id", "created_ms", "id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    description: Mapped[str | None] = mapped_column(String(2000))
    is_public: Mapped[bool]
    idea_count: Mapped[int] = mapped_column(default=0)
    created_ms: Mapped[int]


class Idea(Base):
    """A wish of a customer, and how far it got."""

    __tablename__ = "advocacy_ideas"
    __table_args__ = (
        Index("ix_advocacy_ideas_votes", "tenant_id", "board_id", "votes", "created_ms", "id"),
        Index("ix_advocacy_ideas_created", "tenant_id", "board_id", "created_ms", "id"),
        Index("ix_advocacy_ideas_status", "tenant_id", "board_id", "status", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    board_id: Mapped[str] = mapped_column(String(36))
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str | None] = mapped_column(String(5000))
    status: Mapped[str] = mapped_column(String(16))
    votes: Mapped[int]
    advocate_id: Mapped[str | None] = mapped_column(String(36))
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Mapping(Base):
    """Which advocate a customer of the business's own system is. One customer maps to one advocate."""

    __tablename__ = "advocacy_mappings"
    __table_args__ = (
        UniqueConstraint("tenant_id", "external_customer_id"),
        Index("ix_advocacy_mappings_created", "tenant_id", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    advocate_id: Mapped[str] = mapped_column(String(36))
    external_customer_id: Mapped[str] = mapped_column(String(255))
    external_email: Mapped[str | None] = mapped_column(String(254))
    external_name: Mapped[str | None] = mapped_column(String(120))
    created_ms: Mapped[int]


class UsedSignature(Base):
    """A single sign-on signature that has succeeded, kept until it can no longer be valid."""

    __tablename__ = "advocacy_used_signatures"
    __table_args__ = (Index("ix_advocacy_used_signatures_until", "tenant_id", "until_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    until_ms: Mapped[int]


class AdvocateSession(Base):
    """A session that a recognised customer was given. `digest` is SHA-256 of its token."""

    __tablename__ = "advocacy_sessions"
    __table_args__ = (Index("ix_advocacy_sessions_expires", "tenant_id", "expires_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    advocate_id: Mapped[str] = mapped_column(String(36))
    created_ms: Mapped[int]
    expires_ms: Mapped[int]
