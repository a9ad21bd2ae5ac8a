"""Tables of members: tiers, enrolments, search terms, badges.

Numbers are the API's ids. What ends in `_key` is a name for programs, unique in its kind and never changed.
"""

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name
from models.kernel.json_values import FreeForm
from models.row_counts import count_rows

KEY = Name(255)
TERM_CHARACTERS_MAX = 64


class Tier(Base):
    """A level of a program. The program says which one is its default."""

    __tablename__ = "lc_tiers"
    __table_args__ = (
        UniqueConstraint("tenant_id", "tier_key"),
        Index("ix_lc_tiers_program", "tenant_id", "program_id", "id"),
        Index("ix_lc_tiers_created", "tenant_id", "program_id", "created_ms", "id"),
        Index("ix_lc_tiers_updated", "tenant_id", "program_id", "updated_ms", "id"),
        Index("ix_lc_tiers_name", "tenant_id", "program_id", "name", "id"),
        Index("ix_lc_tiers_points", "tenant_id", "program_id", "min_required_points", "id"),
        Index("ix_lc_tiers_order", "tenant_id", "program_id", "tier_order", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[int]
    tier_key: Mapped[str] = mapped_column(KEY)
    name: Mapped[str] = mapped_column(Name(255))
    active: Mapped[bool]
    min_required_points: Mapped[int]
    tier_order: Mapped[int]
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    custom_attributes: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Member(Base):
    """A person of the organization.

    `email` is the profile's, case-folded, for the filter; the wallet is in every ledger.
    """

    __tablename__ = "lc_members"
    __table_args__ = (
        UniqueConstraint("tenant_id", "loyalty_member_id"),
        UniqueConstraint("tenant_id", "public_loyalty_member_id"),
        UniqueConstraint("tenant_id", "wallet_id"),
        Index("ix_lc_members_email", "tenant_id", "email", "id"),
        Index("ix_lc_members_type", "tenant_id", "member_type", "id"),
        Index("ix_lc_members_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_members_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    loyalty_member_id: Mapped[str] = mapped_column(Name(255))
    public_loyalty_member_id: Mapped[str | None] = mapped_column(Name(255))
    member_type: Mapped[str | None] = mapped_column(Name(255))
    wallet_id: Mapped[int]
    active: Mapped[bool]
    referral_code: Mapped[str | None] = mapped_column(String(255))
    email: Mapped[str | None] = mapped_column(String(320))
    on_chain: Mapped[FreeForm]
    profile: Mapped[FreeForm]
    custom_attributes: Mapped[FreeForm]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Enrolment(Base):
    """A member in a program, and the tier there. A `manual` tier was set by hand and holds until `tier_expires_ms`."""

    __tablename__ = "lc_enrolments"
    __table_args__ = (
        Index("ix_lc_enrolments_program", "tenant_id", "program_id", "member_id"),
        Index("ix_lc_enrolments_tier", "tenant_id", "tier_id", "member_id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tier_id: Mapped[int | None]
    manual: Mapped[bool]
    tier_expires_ms: Mapped[int | None]
    created_ms: Mapped[int]


count_rows("lc_members")
count_rows("lc_enrolments", ("program_id", "tier_id"))


class TierChange(Base):
    """One change of a member's tier in a program, with the tier's key as it was."""

    __tablename__ = "lc_tier_changes"
    __table_args__ = (
        Index("ix_lc_tier_changes_member", "tenant_id", "member_id", "program_id", "id"),
        Index("ix_lc_tier_changes_created", "tenant_id", "member_id", "program_id", "created_ms", "id"),
        Index("ix_lc_tier_changes_expires", "tenant_id", "member_id", "program_id", "expires_ms", "id"),
        Index("ix_lc_tier_changes_tier", "tenant_id", "member_id", "program_id", "tier_id", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int]
    program_id: Mapped[int]
    tier_id: Mapped[int | None]
    tier_key: Mapped[str | None] = mapped_column(KEY)
    expires_ms: Mapped[int | None]
    created_ms: Mapped[int]


class MemberTerm(Base):
    """A normalised word of a member, for the search; prefixes are found as ranges of it."""

    __tablename__ = "lc_member_terms"
    __table_args__ = (Index("ix_lc_member_terms_member", "tenant_id", "member_id", "term"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    term: Mapped[str] = mapped_column(Name(TERM_CHARACTERS_MAX), primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class Badge(Base):
    """A badge that members can be given; it comes from a scenario file, since no call makes one."""

    __tablename__ = "lc_badges"
    __table_args__ = (UniqueConstraint("tenant_id", "badge_key"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    badge_key: Mapped[str] = mapped_column(Name(255))
    name: Mapped[str] = mapped_column(String(255))


class MemberBadge(Base):
    """A badge that a member has."""

    __tablename__ = "lc_member_badges"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    badge_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    minted_ms: Mapped[int]
