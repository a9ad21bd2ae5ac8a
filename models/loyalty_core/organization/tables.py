"""Tables of the organization: its own row, its loyalty programs, and who administers it.

Programs are here, below the ledger, since they name what points, portals and members belong to.
"""

from typing import Any

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name

KEY = Name(255)


class Organization(Base):
    """Who owns everything else in the tenant; one row each."""

    __tablename__ = "lc_organizations"

    tenant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str] = mapped_column(String(4096))
    picture_url: Mapped[str] = mapped_column(String(2048))
    default_program_id: Mapped[int | None]
    default_locale: Mapped[str] = mapped_column(String(35))
    locales: Mapped[list[str]]
    custom_attributes: Mapped[dict[str, Any]]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Program(Base):
    """A loyalty program: which ledger and accounts hold its points. The organization says which one is the default."""

    __tablename__ = "lc_programs"
    __table_args__ = (
        UniqueConstraint("tenant_id", "program_key"),
        Index("ix_lc_programs_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_programs_updated", "tenant_id", "updated_ms", "id"),
        Index("ix_lc_programs_name", "tenant_id", "name", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    program_key: Mapped[str] = mapped_column(KEY)
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str] = mapped_column(String(4096))
    active: Mapped[bool]
    ledger_id: Mapped[int]
    main_account_id: Mapped[int | None]
    """Points that members spend; the ledger's default account when None."""
    tier_account_id: Mapped[int | None]
    """Points that decide on tiers; the main account when None."""
    main_portal_id: Mapped[int | None]
    default_tier_id: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class OrganizationUser(Base):
    """A person, or a program with a token of its own. A deleted one stays, seen by nobody, and its names are free again."""

    __tablename__ = "lc_users"
    __table_args__ = (
        UniqueConstraint("tenant_id", "user_id"),
        UniqueConstraint("tenant_id", "taken_name"),
        UniqueConstraint("tenant_id", "taken_email"),
        Index("ix_lc_users_name", "tenant_id", "name", "id"),
        Index("ix_lc_users_active", "tenant_id", "active", "id"),
        Index("ix_lc_users_client", "tenant_id", "auth_client_id", "id"),
        Index("ix_lc_users_kind", "tenant_id", "is_api_user", "id"),
        Index("ix_lc_users_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_users_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """Grows: the order in which users came."""
    user_id: Mapped[str] = mapped_column(String(36))
    user_name: Mapped[str] = mapped_column(String(255))
    email: Mapped[str] = mapped_column(String(320))
    taken_name: Mapped[str | None] = mapped_column(Name(255))
    """The user name, until the user is deleted."""
    taken_email: Mapped[str | None] = mapped_column(Name(960))
    """The e-mail address without upper case, until the user is deleted. Folding makes up to three characters of one."""
    email_is_verified: Mapped[bool]
    name: Mapped[str] = mapped_column(Name(255))
    nickname: Mapped[str] = mapped_column(String(255))
    search: Mapped[str] = mapped_column(Text)
    """What a search looks through."""
    picture_url: Mapped[str] = mapped_column(String(2048))
    active: Mapped[bool]
    is_system_admin: Mapped[bool]
    is_admin: Mapped[bool]
    roles: Mapped[list[str]]
    pending_provisioning: Mapped[bool]
    password_hash: Mapped[str] = mapped_column(String(255))
    password_is_temporary: Mapped[bool]
    is_api_user: Mapped[bool]
    auth_client_id: Mapped[str] = mapped_column(String(255))
    organizations: Mapped[list[str]]
    custom_attributes: Mapped[dict[str, Any]]
    deleted_ms: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]
