"""Tables of events: the log, the types that an organization adds, who listens, and where events are sent."""

from sqlalchemy import Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.kernel.json_values import FreeForm, Shown
from models.kernel.vault import PURPOSE
from models.outbox.endpoints import SEALED_FOR

TYPE_CHARACTERS_MAX = 255
PENDING, RUNNING, FAILED, SUCCESS = "pending", "running", "failed", "success"


class LoggedEvent(Base):
    """An event, of a member as a rule, and the result of its evaluation.

    `type` is a built-in type, `topic` what the sender called a tracked event (empty for all others). `chain` names what
    caused it, the first cause first: `campaign/3`; `root_id` is the event at the beginning of that chain. `data` is
    what webhooks and expressions see of it. `used_steps`, `used_effects` and `used_events` are what it and all events
    that it led to have used of their budget (`models/kernel/budgets.py`); null until it leads to another event.
    """

    __tablename__ = "lc_events"
    __table_args__ = (
        UniqueConstraint("tenant_id", "unique_key"),
        Index("ix_lc_events_member", "tenant_id", "member_id", "id"),
        Index("ix_lc_events_member_type", "tenant_id", "member_id", "type", "id"),
        Index("ix_lc_events_member_status", "tenant_id", "member_id", "status", "id"),
        Index("ix_lc_events_member_created", "tenant_id", "member_id", "created_ms", "id"),
        Index("ix_lc_events_type", "tenant_id", "type", "topic", "created_ms"),
        Index(
            "ix_lc_events_root",
            "tenant_id",
            "root_id",
            "id",
            postgresql_where=text("root_id IS NOT NULL"),
            sqlite_where=text("root_id IS NOT NULL"),
        ),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int | None]
    type: Mapped[str] = mapped_column(String(64))
    topic: Mapped[str] = mapped_column(Name(TYPE_CHARACTERS_MAX))
    status: Mapped[str] = mapped_column(String(8))
    chain: Mapped[list[str]]
    root_id: Mapped[int | None]
    data: Mapped[Shown]
    effects: Mapped[list[Shown]] = mapped_column(Json)
    rule_errors: Mapped[list[Shown]] = mapped_column(Json)
    error: Mapped[str | None] = mapped_column(String(1024))
    unique_key: Mapped[str | None] = mapped_column(Name(255))
    fingerprint: Mapped[str | None] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(255))
    external_ms: Mapped[int | None]
    description: Mapped[str | None] = mapped_column(Text)
    tags: Mapped[list[str]]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
    used_steps: Mapped[int | None]
    used_effects: Mapped[int | None]
    used_events: Mapped[int | None]


class EventType(Base):
    """A type of tracked events, or the organization's own words for a built-in one."""

    __tablename__ = "lc_event_types"
    __table_args__ = (
        UniqueConstraint("tenant_id", "api_code"),
        Index("ix_lc_event_types_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_event_types_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    api_code: Mapped[str] = mapped_column(Name(TYPE_CHARACTERS_MAX))
    name: Mapped[str] = mapped_column(String(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    active: Mapped[bool]
    schema_type: Mapped[str] = mapped_column(String(8))
    custom_attributes: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Listener(Base):
    """A subscription of a campaign, a mission or a referral program to events of a type or topic."""

    __tablename__ = "lc_listeners"
    __table_args__ = (Index("ix_lc_listeners_source", "tenant_id", "source", "source_id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    event_type: Mapped[str] = mapped_column(Name(TYPE_CHARACTERS_MAX), primary_key=True)
    source: Mapped[str] = mapped_column(String(16), primary_key=True)
    source_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class EventTrigger(Base):
    """An address that gets a POST for each event of its types and topics; `*` stands for all of them."""

    __tablename__ = "lc_event_triggers"
    __table_args__ = (
        Index("ix_lc_event_triggers_active", "tenant_id", "active", "id"),
        Index("ix_lc_event_triggers_name", "tenant_id", "name", "id"),
        Index("ix_lc_event_triggers_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_event_triggers_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    type: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(Name(255))
    active: Mapped[bool]
    url: Mapped[str] = mapped_column(String(2048))
    event_types: Mapped[list[str]]
    headers: Mapped[dict[str, str]] = mapped_column(Json)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info={PURPOSE: SEALED_FOR})
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
