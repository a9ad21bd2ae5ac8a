"""Tables of the organization: its own row, its loyalty programs, users, portals, content schemas, locations and
categories, partnerships, messages between organizations, and surveys (which no call makes: they come from scenario
files).

Programs are here, below the ledger, since they name what points, portals and members belong to.
"""

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base, Name
from models.kernel.json_values import FreeForm

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
    custom_attributes: Mapped[FreeForm]
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
    """A person, or a program with a token of its own.

    A deleted one stays, seen by nobody, and its names are free again.
    """

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
    custom_attributes: Mapped[FreeForm]
    deleted_ms: Mapped[int | None]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Portal(Base):
    """One site of an organization."""

    __tablename__ = "lc_portals"
    __table_args__ = (
        UniqueConstraint("tenant_id", "public_id"),
        Index("ix_lc_portals_name", "tenant_id", "name", "id"),
        Index("ix_lc_portals_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_portals_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_id: Mapped[str] = mapped_column(Name(255))
    name: Mapped[str] = mapped_column(Name(255))
    active: Mapped[bool]
    program_id: Mapped[int | None]
    links: Mapped[FreeForm]
    theme: Mapped[FreeForm]
    forms: Mapped[FreeForm]
    notes: Mapped[FreeForm] = mapped_column("metadata")
    custom_attributes: Mapped[FreeForm]
    auth_redirect_url: Mapped[str | None] = mapped_column(String(2048))
    auth_valid_scopes: Mapped[list[str]]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class PortalName(Base):
    """A public id that is taken, and by whose portal: no two organizations have the same one."""

    __tablename__ = "lc_portal_names"

    public_id: Mapped[str] = mapped_column(Name(255), primary_key=True)
    tenant_id: Mapped[int]


class ContentSchema(Base):
    """What content of a type looks like. `version_id` is the latest version."""

    __tablename__ = "lc_content_schemas"
    __table_args__ = (
        Index("ix_lc_content_schemas_name", "tenant_id", "name", "id"),
        Index("ix_lc_content_schemas_type", "tenant_id", "type", "id"),
        Index("ix_lc_content_schemas_active", "tenant_id", "active", "id"),
        Index("ix_lc_content_schemas_created", "tenant_id", "created_ms", "id"),
        Index("ix_lc_content_schemas_updated", "tenant_id", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(Name(255))
    description: Mapped[str | None] = mapped_column(String(4096))
    picture_url: Mapped[str | None] = mapped_column(String(2048))
    type: Mapped[int]
    active: Mapped[bool]
    version_id: Mapped[int]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class ContentSchemaVersion(Base):
    """The text of one version, as it came; never changed. Numbers count through all schemas of the organization."""

    __tablename__ = "lc_content_schema_versions"
    __table_args__ = (Index("ix_lc_content_schema_versions_schema", "tenant_id", "content_schema_id", "id"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content_schema_id: Mapped[int]
    schema: Mapped[str] = mapped_column(Text)


class CodedItem(Base):
    """A location, an order location or a category of either sort; `kind` is the name of its field in answers."""

    __tablename__ = "lc_coded_items"
    __table_args__ = (
        UniqueConstraint("tenant_id", "kind", "code"),
        Index("ix_lc_coded_items_kind", "tenant_id", "kind", "id"),
        Index("ix_lc_coded_items_label", "tenant_id", "kind", "label", "id"),
        Index("ix_lc_coded_items_created", "tenant_id", "kind", "created_ms", "id"),
        Index("ix_lc_coded_items_updated", "tenant_id", "kind", "updated_ms", "id"),
    )

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(Name(255))
    label: Mapped[str] = mapped_column(Name(255))
    tags: Mapped[list[str]]
    created_ms: Mapped[int]
    updated_ms: Mapped[int]


class Partnership(Base):
    """Another organization that this one deals with, by its tenant's alias; the other has a row of its own."""

    __tablename__ = "lc_partnerships"
    __table_args__ = (UniqueConstraint("tenant_id", "partner_alias"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    partner_alias: Mapped[str] = mapped_column(Name(50))
    created_ms: Mapped[int]


class TenantMessage(Base):
    """A message to the tenant that owns the row, until it is read; `payload` is as the sender wrote it."""

    __tablename__ = "lc_crossings"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sender_tenant_id: Mapped[int]
    kind: Mapped[str] = mapped_column(String(32))
    payload: Mapped[FreeForm]
    created_ms: Mapped[int]


class Survey(Base):
    """A question that members answer with 0 to 10."""

    __tablename__ = "lc_surveys"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(255))
    created_ms: Mapped[int]


class SurveyAnswer(Base):
    """What a member answered."""

    __tablename__ = "lc_survey_answers"
    __table_args__ = (Index("ix_lc_survey_answers_score", "tenant_id", "survey_id", "score"),)

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    score: Mapped[int]
    answered_ms: Mapped[int]
