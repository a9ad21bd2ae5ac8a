"""Tables of referrals: programs, the codes of their referrers, and the members who were referred by them."""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name
from models.kernel.json_values import FreeForm


class ReferralProgram(Base):
    """What members and those whom they refer get, and how often. `referred_count` counts all its referrals."""

    __tablename__ = "lc_referral_programs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index("ix_lc_referral_programs_name", "tenant_id", "name", "id"),
        Index("ix_lc_referral_programs_valid_from", "tenant_id", "valid_from_ms", "id"),
        Index("ix_lc_referral_programs_valid_to", "tenant_id", "valid_to_ms", "id"),
        Index("ix_lc_referral_programs_referred", "tenant_id", "referred_count", "id"),
        Index("ix_lc_referral_programs_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_referral_programs_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[int | None]
    code: Mapped[str] = mapped_column(Name(255))
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    custom_attributes: Mapped[FreeForm]
    active: Mapped[bool]
    valid_from_ms: Mapped[int | None]
    valid_to_ms: Mapped[int | None]
    max_per_code: Mapped[int]
    max_per_referrer: Mapped[int]
    max_per_referred: Mapped[int]
    """How often one member may be referred by one code: a member joins once, so that only 0 makes a difference."""
    audience_id: Mapped[int | None]
    tags: Mapped[list[str]]
    event_type: Mapped[str] = mapped_column(Name(255))
    referrer_points: Mapped[int]
    referrer_ledger_id: Mapped[int | None]
    referrer_account_id: Mapped[int | None]
    referred_points: Mapped[int]
    referred_ledger_id: Mapped[int | None]
    referred_account_id: Mapped[int | None]
    referred_count: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class ReferralCode(Base):
    """A code of a member in a program. `referred_count` counts the members who joined by it."""

    __tablename__ = "lc_referral_codes"
    __table_args__ = (
        UniqueConstraint("tenant_id", "code"),
        Index("ix_lc_referral_codes_program", "tenant_id", "referral_program_id", "id"),
        Index("ix_lc_referral_codes_member", "tenant_id", "referral_program_id", "member_id", "id"),
        Index("ix_lc_referral_codes_code", "tenant_id", "referral_program_id", "code"),
        Index("ix_lc_referral_codes_referred", "tenant_id", "referral_program_id", "referred_count", "id"),
        Index("ix_lc_referral_codes_created", "tenant_id", "referral_program_id", "created_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    referral_program_id: Mapped[int]
    member_id: Mapped[int]
    code: Mapped[str] = mapped_column(Name(255))
    referred_count: Mapped[int]
    created_ms: Mapped[int]


class Referrer(Base):
    """How many members the codes of a member in a program have referred, and for how many points were paid.

    Changed under the lock of the program.
    """

    __tablename__ = "lc_referrers"
    __table_args__ = (
        Index("ix_lc_referrers_created", "tenant_id", "referral_program_id", "created_ms", "member_id"),
        Index("ix_lc_referrers_codes", "tenant_id", "referral_program_id", "code_count", "member_id"),
        Index("ix_lc_referrers_referred", "tenant_id", "referral_program_id", "referred_count", "member_id"),
        Index("ix_lc_referrers_paid", "tenant_id", "referral_program_id", "paid_count", "member_id"),
        Index("ix_lc_referrers_points", "tenant_id", "referral_program_id", "referrer_points", "member_id"),
        Index("ix_lc_referrers_last", "tenant_id", "referral_program_id", "last_referred_ms", "member_id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    referral_program_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code_count: Mapped[int]
    referred_count: Mapped[int]
    paid_count: Mapped[int]
    referrer_points: Mapped[int]
    referred_points: Mapped[int]
    last_referred_ms: Mapped[int | None]
    created_ms: Mapped[int]


class Referral(Base):
    """A member who was referred by a code. Both sides are paid once, at `paid_ms`, with these points."""

    __tablename__ = "lc_referrals"
    __table_args__ = (
        UniqueConstraint("tenant_id", "referred_id"),
        Index("ix_lc_referrals_code", "tenant_id", "code_id", "id"),
        Index("ix_lc_referrals_code_referred", "tenant_id", "code_id", "referred_id"),
        Index("ix_lc_referrals_code_created", "tenant_id", "code_id", "created_ms", "id"),
        Index("ix_lc_referrals_code_paid", "tenant_id", "code_id", "paid_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    referral_program_id: Mapped[int]
    code_id: Mapped[int]
    referrer_id: Mapped[int]
    referred_id: Mapped[int]
    referrer_points: Mapped[int]
    referred_points: Mapped[int]
    paid_ms: Mapped[int | None]
    created_ms: Mapped[int]
