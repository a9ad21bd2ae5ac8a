"""Tables of the SaaSquatch API. Times are ms since the epoch, amounts integers in the unit's smallest part."""

from typing import TypedDict

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Json, Name
from models.kernel.json_values import FreeForm
from models.row_counts import count_rows

ID = String(255)
HEX = String(24)
FOLDED = Name(64)
"""Compared byte by byte on every database: free codes are found by range."""


class Account(Base):
    """A container of users; rewards pool in it."""

    __tablename__ = "sq_accounts"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    created_ms: Mapped[int]


class User(Base):
    """A participant, known by (account, id)."""

    __tablename__ = "sq_users"
    __table_args__ = (
        Index("ix_sq_users_created", "tenant_id", "created_ms", "account_id", "id"),
        Index("ix_sq_users_modified", "tenant_id", "modified_ms"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[str] = mapped_column(ID, primary_key=True)
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    first_name: Mapped[str | None] = mapped_column(ID)
    last_name: Mapped[str | None] = mapped_column(ID)
    email: Mapped[str | None] = mapped_column(String(320))
    image_url: Mapped[str] = mapped_column(String(2048), default="")
    cookie_id: Mapped[str | None] = mapped_column(ID)
    locale: Mapped[str | None] = mapped_column(String(8))
    country_code: Mapped[str | None] = mapped_column(String(2))
    payment_provider_id: Mapped[str | None] = mapped_column(ID)
    referral_source: Mapped[str] = mapped_column(String(64), default="UNKNOWN")
    referable: Mapped[bool] = mapped_column(default=True)
    first_seen_ip: Mapped[str | None] = mapped_column(String(64))
    last_seen_ip: Mapped[str | None] = mapped_column(String(64))
    first_seen_agent: Mapped[str | None] = mapped_column(String(512))
    last_seen_agent: Mapped[str | None] = mapped_column(String(512))
    us_tax_form_ms: Mapped[int | None]
    blocked_ms: Mapped[int | None]
    created_ms: Mapped[int]
    modified_ms: Mapped[int]
    custom_fields: Mapped[FreeForm]
    segments: Mapped[list[str]]
    referred_by_codes: Mapped[list[str]]
    search: Mapped[str] = mapped_column(Text)
    """E-mail, name and id in lower case, one a line: what `query` is looked for in."""
    balance_version: Mapped[int] = mapped_column(default=0)
    """Grows with each change of the user's available credit (`resourceVersion` of the balance webhook)."""


count_rows("sq_users")


class Program(Base):
    """A referral program: tenant configuration, loaded from a scenario. The lowest position is the default program."""

    __tablename__ = "sq_programs"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(ID)
    position: Mapped[int]
    landing_url: Mapped[str] = mapped_column(String(2048))
    conversion_event: Mapped[str] = mapped_column(ID)
    referrer_reward: Mapped[FreeForm | None] = mapped_column(Json)
    referred_reward: Mapped[FreeForm | None] = mapped_column(Json)
    reward_limit: Mapped[int | None]
    """How many rewards one referrer can earn from the program; None for no limit."""


class Code(Base):
    """A referral code and the share link that carries it; one primary for each user and program."""

    __tablename__ = "sq_codes"
    __table_args__ = (
        Index("ix_sq_codes_user", "tenant_id", "account_id", "user_id", "program_id"),
        UniqueConstraint("tenant_id", "link_token"),
        UniqueConstraint("tenant_id", "vanity_url"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    folded: Mapped[str] = mapped_column(FOLDED, primary_key=True)
    """The code in upper case: codes are found whatever their case."""
    code: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str] = mapped_column(ID)
    user_id: Mapped[str] = mapped_column(ID)
    program_id: Mapped[str] = mapped_column(String(64))
    is_primary: Mapped[bool]
    link_token: Mapped[str] = mapped_column(String(16))
    vanity_url: Mapped[str | None] = mapped_column(String(2048))
    clicks: Mapped[int] = mapped_column(default=0)
    created_ms: Mapped[int]


class Referral(Base):
    """Who referred whom. A deleted participant's ids become null; its account's stay while the account does."""

    __tablename__ = "sq_referrals"
    __table_args__ = (
        UniqueConstraint("tenant_id", "referred_account_id"),
        Index("ix_sq_referrals_started", "tenant_id", "started_ms", "id"),
        Index("ix_sq_referrals_referrer", "tenant_id", "referrer_account_id", "referrer_user_id", "started_ms", "id"),
        Index("ix_sq_referrals_referred", "tenant_id", "referred_account_id", "referred_user_id"),
        Index("ix_sq_referrals_converted", "tenant_id", "converted_ms"),
        Index("ix_sq_referrals_ended", "tenant_id", "ended_ms"),
        Index("ix_sq_referrals_modified", "tenant_id", "modified_ms"),
        Index("ix_sq_referrals_referrer_status", "tenant_id", "referrer_status", "started_ms"),
        Index("ix_sq_referrals_referred_status", "tenant_id", "referred_status", "started_ms"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(HEX, primary_key=True)
    program_id: Mapped[str] = mapped_column(String(64))
    referrer_account_id: Mapped[str | None] = mapped_column(ID)
    referrer_user_id: Mapped[str | None] = mapped_column(ID)
    referred_account_id: Mapped[str | None] = mapped_column(ID)
    referred_user_id: Mapped[str | None] = mapped_column(ID)
    code_used: Mapped[str] = mapped_column(String(64))
    """Empty once the referrer, whose name a code has, is deleted."""
    link_used: Mapped[str | None] = mapped_column(String(2048))
    referrer_status: Mapped[str] = mapped_column(String(16))
    referred_status: Mapped[str] = mapped_column(String(16))
    fraud_signals: Mapped[FreeForm | None] = mapped_column(Json)
    referrer_reward_id: Mapped[str | None] = mapped_column(HEX)
    referred_reward_id: Mapped[str | None] = mapped_column(HEX)
    started_ms: Mapped[int]
    converted_ms: Mapped[int | None]
    ended_ms: Mapped[int | None]
    moderated_ms: Mapped[int | None]
    modified_ms: Mapped[int]
    user_modified_ms: Mapped[int | None]


count_rows("sq_referrals")


class Reward(Base):
    """Something given to a user. Its statuses follow from its dates and, for credit, from what is left."""

    __tablename__ = "sq_rewards"
    __table_args__ = (
        Index("ix_sq_rewards_account", "tenant_id", "account_id", "type", "unit", "created_ms", "id"),
        Index("ix_sq_rewards_created", "tenant_id", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(HEX, primary_key=True)
    type: Mapped[str] = mapped_column(String(16))
    account_id: Mapped[str] = mapped_column(ID)
    user_id: Mapped[str] = mapped_column(ID)
    source: Mapped[str] = mapped_column(String(16))
    program_id: Mapped[str | None] = mapped_column(String(64))
    program_reward_key: Mapped[str | None] = mapped_column(String(64))
    referral_id: Mapped[str | None] = mapped_column(HEX)
    unit: Mapped[str] = mapped_column(String(64))
    name: Mapped[str | None] = mapped_column(ID)
    description: Mapped[str | None] = mapped_column(Text)
    currency: Mapped[str | None] = mapped_column(String(16))
    cancellable: Mapped[bool]
    assigned: Mapped[int | None]
    """CREDIT: what was given."""
    redeemed: Mapped[int] = mapped_column(default=0)
    """CREDIT: what has been used."""
    percent: Mapped[int | None]
    """PCT_DISCOUNT."""
    amount: Mapped[int | None]
    """FUELTANK: the amount; INTEGRATION: the value in cents."""
    fuel_tank_code: Mapped[str | None] = mapped_column(ID)
    fuel_tank_type: Mapped[str | None] = mapped_column(String(16))
    integration: Mapped[FreeForm | None] = mapped_column(Json)
    created_ms: Mapped[int]
    scheduled_ms: Mapped[int | None]
    given_ms: Mapped[int | None]
    expires_ms: Mapped[int | None]
    cancelled_ms: Mapped[int | None]
    redeemed_ms: Mapped[int | None]
    modified_ms: Mapped[int]


class Redemption(Base):
    """Credit taken from one reward; those of one debit share its transaction."""

    __tablename__ = "sq_redemptions"
    __table_args__ = (Index("ix_sq_redemptions_reward", "tenant_id", "reward_id", "at_ms", "id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(HEX, primary_key=True)
    transaction_id: Mapped[str] = mapped_column(HEX)
    reward_id: Mapped[str] = mapped_column(HEX)
    quantity: Mapped[int]
    at_ms: Mapped[int]


class UserEvent(Base):
    """Something a user did, as the integrator reported it."""

    __tablename__ = "sq_user_events"
    __table_args__ = (Index("ix_sq_user_events_user", "tenant_id", "account_id", "user_id", "received_ms", "id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(HEX, primary_key=True)
    account_id: Mapped[str] = mapped_column(ID)
    user_id: Mapped[str] = mapped_column(ID)
    key: Mapped[str] = mapped_column(ID)
    fields: Mapped[FreeForm | None] = mapped_column(Json)
    triggered_ms: Mapped[int]
    received_ms: Mapped[int]
    processed_ms: Mapped[int]


class IdempotencyKey(Base):
    """A key of a track-event call and when it was first received; it counts for 24 hours."""

    __tablename__ = "sq_idempotency_keys"
    __table_args__ = (Index("ix_sq_idempotency_keys_received", "tenant_id", "received_ms"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    received_ms: Mapped[int]


class ExportFields(TypedDict, total=False):
    """Groups of columns of a report that come when they are asked for."""

    includeUserStatsFields: bool
    includeUserFields: bool
    includeReferralFields: bool


class ExportParams(TypedDict, total=False):
    """What a report is to have, as its order says: kept as it came, with members that nothing reads."""

    programId: str | None
    createdSince: int | str | None
    createdBefore: int | str | None
    updatedSince: int | str | None
    updatedBefore: int | str | None
    createdOrUpdatedSince: int | str | None
    createdOrUpdatedBefore: int | str | None
    at: int | None
    filter: dict[str, object] | None
    fields: ExportFields | None


class Export(Base):
    """A requested report. EXPIRED follows from `expires_ms` and is not stored."""

    __tablename__ = "sq_exports"
    __table_args__ = (Index("ix_sq_exports_created", "tenant_id", "created_ms", "id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(HEX, primary_key=True)
    type: Mapped[str] = mapped_column(String(32))
    format: Mapped[str] = mapped_column(String(8))
    name: Mapped[str | None] = mapped_column(ID)
    requester: Mapped[str] = mapped_column(ID)
    params: Mapped[ExportParams | None] = mapped_column(Json)
    status: Mapped[str] = mapped_column(String(16))
    """PENDING, COMPLETED or ABORTED."""
    created_ms: Mapped[int]
    completed_ms: Mapped[int | None]
    expires_ms: Mapped[int | None]


class Subscription(Base):
    """A webhook endpoint; one for each address."""

    __tablename__ = "sq_subscriptions"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    """SHA-256 of the address: an index key of bounded length."""
    url: Mapped[str] = mapped_column(String(2048))
    name: Mapped[str | None] = mapped_column(ID)
    types: Mapped[list[str]]
    source: Mapped[str] = mapped_column(String(16))
    created_ms: Mapped[int]


class DoNotTrackMark(Base):
    """One-way hash of (tenant, account, user) of a deleted user who must not be created again."""

    __tablename__ = "sq_do_not_track"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    created_ms: Mapped[int]
