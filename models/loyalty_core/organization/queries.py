"""Statements on the organization, its users, portals, content schemas, locations and categories, partnerships, messages
and surveys.
"""

from sqlalchemy import BindParameter, ColumnElement, bindparam, delete, or_, select, update

from models.kernel.base import Base
from models.kernel.lists import among
from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, Query
from models.loyalty_core.organization.tables import (
    CodedItem,
    ContentSchema,
    ContentSchemaVersion,
    Organization,
    OrganizationUser,
    Partnership,
    Portal,
    PortalName,
    Program,
    Survey,
    SurveyAnswer,
    TenantMessage,
)
from models.loyalty_core.paging import Listing
from models.tenancy.tenants import CredentialRow

_FIXED = frozenset({"tenant_id", "id", "created_ms"})
"""Columns that no change writes."""


def columns_of(model: type[Base]) -> tuple[str, ...]:
    """The columns of a table that a change may write."""
    return tuple(column.key for column in model.__table__.columns if column.key not in _FIXED)


def _written(model: type[Base]) -> dict[ColumnElement[object], BindParameter[object]]:
    return {model.__table__.c[name]: bindparam(name) for name in columns_of(model)}


ORGANIZATION = Query(select(Organization).where(Organization.tenant_id == TENANT))
UPDATE_ORGANIZATION = Change(
    update(Organization).where(Organization.tenant_id == TENANT).values(_written(Organization))
)
PROGRAM_ID = Query(select(Program.id).where(Program.tenant_id == TENANT, Program.id == bindparam("program_id")))
"""The number of a program, if there is one with it."""

# Users

_USERS = select(OrganizationUser).where(OrganizationUser.tenant_id == TENANT, OrganizationUser.deleted_ms.is_(None))
USER = Query(_USERS.where(OrganizationUser.user_id == bindparam("user_id")))
USER_NAMED = Query(_USERS.where(OrganizationUser.taken_name == bindparam("user_name")))
ACTIVE_USER = Query(_USERS.where(OrganizationUser.user_id == bindparam("user_id"), OrganizationUser.active.is_(True)))
NAME_OWNER = Query(
    select(OrganizationUser.id).where(
        OrganizationUser.tenant_id == TENANT, OrganizationUser.taken_name == bindparam("user_name")
    )
)
EMAIL_OWNER = Query(
    select(OrganizationUser.id).where(
        OrganizationUser.tenant_id == TENANT, OrganizationUser.taken_email == bindparam("email")
    )
)
USERS = Listing(
    _USERS,
    {
        "id": OrganizationUser.id,
        "userName": OrganizationUser.taken_name,
        "name": OrganizationUser.name,
        "email": OrganizationUser.taken_email,
        "createdAt": OrganizationUser.created_ms,
        "updatedAt": OrganizationUser.updated_ms,
    },
    {
        "email": OrganizationUser.taken_email == bindparam("email"),
        "user_name": OrganizationUser.taken_name == bindparam("user_name"),
        "is_active": OrganizationUser.active == bindparam("is_active"),
        "client_id": OrganizationUser.auth_client_id == bindparam("client_id"),
        "only_people": OrganizationUser.is_api_user.is_(False),
        "only_programs": OrganizationUser.is_api_user.is_(True),
        "pattern": OrganizationUser.search.like(bindparam("pattern"), escape=LIKE_ESCAPE),
    },
)
INSERT_USER = Insertion(OrganizationUser)
UPDATE_USER = Change(
    update(OrganizationUser)
    .where(OrganizationUser.tenant_id == TENANT, OrganizationUser.id == bindparam("number"))
    .values(_written(OrganizationUser))
)
TOKENS = Query(
    select(CredentialRow.digest, CredentialRow.scopes).where(
        CredentialRow.tenant_id == TENANT, CredentialRow.kind == bindparam("kind"), CredentialRow.revoked_ms.is_(None)
    )
)
REVOKE_TOKENS = Change(
    update(CredentialRow)
    .where(CredentialRow.tenant_id == TENANT, among(CredentialRow.digest, "digests"))
    .values(revoked_ms=bindparam("now_ms"))
)

# Portals

_PORTALS = select(Portal).where(Portal.tenant_id == TENANT)
PORTAL = Query(_PORTALS.where(Portal.id == bindparam("portal_id")))
PORTAL_WITH_PUBLIC_ID = Query(_PORTALS.where(Portal.public_id == bindparam("public_id")))
PORTALS = Listing(
    _PORTALS,
    {
        "id": Portal.id,
        "name": Portal.name,
        "publicId": Portal.public_id,
        "createdAt": Portal.created_ms,
        "updatedAt": Portal.updated_ms,
    },
    {"public_id": Portal.public_id == bindparam("public_id")},
)
INSERT_PORTAL = Insertion(Portal)
UPDATE_PORTAL = Change(
    update(Portal).where(Portal.tenant_id == TENANT, Portal.id == bindparam("portal_id")).values(_written(Portal))
)
PUBLIC_ID = Query(select(PortalName.public_id).where(PortalName.public_id == bindparam("public_id")))
"""A public id, if a portal of any organization has it."""
INSERT_PUBLIC_ID = Insertion(PortalName)
RENAME_PUBLIC_ID = Change(
    update(PortalName)
    .where(PortalName.tenant_id == TENANT, PortalName.public_id == bindparam("known_id"))
    .values(public_id=bindparam("new_id"))
)

# Content schemas

_SCHEMAS = select(ContentSchema).where(ContentSchema.tenant_id == TENANT)
SCHEMA = Query(_SCHEMAS.where(ContentSchema.id == bindparam("schema_id")))
SCHEMAS = Listing(
    _SCHEMAS,
    {
        "id": ContentSchema.id,
        "name": ContentSchema.name,
        "type": ContentSchema.type,
        "createdAt": ContentSchema.created_ms,
        "updatedAt": ContentSchema.updated_ms,
    },
    {
        "content_type": ContentSchema.type == bindparam("content_type"),
        "is_active": ContentSchema.active == bindparam("is_active"),
    },
)
INSERT_SCHEMA = Insertion(ContentSchema)
UPDATE_SCHEMA = Change(
    update(ContentSchema)
    .where(ContentSchema.tenant_id == TENANT, ContentSchema.id == bindparam("schema_id"))
    .values(_written(ContentSchema))
)
DELETE_SCHEMA = Change(
    delete(ContentSchema).where(ContentSchema.tenant_id == TENANT, ContentSchema.id == bindparam("schema_id"))
)
_VERSIONS = select(ContentSchemaVersion).where(ContentSchemaVersion.tenant_id == TENANT)
VERSION = Query(_VERSIONS.where(ContentSchemaVersion.id == bindparam("version_id")))
VERSIONS = Query(_VERSIONS.where(among(ContentSchemaVersion.id, "ids")))
INSERT_VERSION = Insertion(ContentSchemaVersion)
DELETE_VERSIONS = Change(
    delete(ContentSchemaVersion).where(
        ContentSchemaVersion.tenant_id == TENANT, ContentSchemaVersion.content_schema_id == bindparam("schema_id")
    )
)

# Locations and categories

_ITEMS = select(CodedItem).where(CodedItem.tenant_id == TENANT, CodedItem.kind == bindparam("kind"))
ITEM = Query(_ITEMS.where(CodedItem.code == bindparam("code")))
LOCATION_CODES = Query(
    select(CodedItem.code).where(
        CodedItem.tenant_id == TENANT,
        or_(CodedItem.kind == "location", CodedItem.kind == "orderLocation"),
        among(CodedItem.code, "codes"),
    )
)
"""Those of some codes that a location or an order location has."""
ITEMS = {
    kind: Listing(
        _ITEMS,
        {
            "id": CodedItem.id,
            f"{kind}Code": CodedItem.code,
            f"{kind}Label": CodedItem.label,
            "name": CodedItem.label,
            "createdAt": CodedItem.created_ms,
            "updatedAt": CodedItem.updated_ms,
        },
        {"codes": among(CodedItem.code, "codes")},
    )
    for kind in ("location", "orderLocation", "category", "productCategory")
}
"""The lists by kind: an order names the members of that kind."""
INSERT_ITEM = Insertion(CodedItem)
UPDATE_ITEM = Change(
    update(CodedItem)
    .where(CodedItem.tenant_id == TENANT, CodedItem.id == bindparam("number"))
    .values(label=bindparam("new_label"), tags=bindparam("new_tags"), updated_ms=bindparam("now_ms"))
)

# Partnerships and messages

_PARTNERSHIPS = select(Partnership).where(Partnership.tenant_id == TENANT)
PARTNERSHIP = Query(_PARTNERSHIPS.where(Partnership.id == bindparam("partnership_id")))
PARTNERSHIP_WITH = Query(_PARTNERSHIPS.where(Partnership.partner_alias == bindparam("alias")))
PARTNERSHIPS = Query(_PARTNERSHIPS.order_by(Partnership.id))
INSERT_PARTNERSHIP = Insertion(Partnership)
MESSAGE = Query(
    select(TenantMessage).where(TenantMessage.tenant_id == TENANT, TenantMessage.id == bindparam("message_id"))
)
DELETE_MESSAGE = Change(
    delete(TenantMessage).where(TenantMessage.tenant_id == TENANT, TenantMessage.id == bindparam("message_id"))
)

# Surveys

SURVEY = Query(select(Survey).where(Survey.tenant_id == TENANT, Survey.id == bindparam("survey_id")))
INSERT_SURVEY = Insertion(Survey)
RENAME_SURVEY = Change(
    update(Survey)
    .where(Survey.tenant_id == TENANT, Survey.id == bindparam("survey_id"))
    .values(name=bindparam("new_name"))
)
ANSWERS = Query(
    select(SurveyAnswer.member_id, SurveyAnswer.score).where(
        SurveyAnswer.tenant_id == TENANT, SurveyAnswer.survey_id == bindparam("survey_id")
    )
)
INSERT_ANSWER = Insertion(SurveyAnswer)
CHANGE_ANSWER = Change(
    update(SurveyAnswer)
    .where(
        SurveyAnswer.tenant_id == TENANT,
        SurveyAnswer.survey_id == bindparam("of_survey"),
        SurveyAnswer.member_id == bindparam("of_member"),
    )
    .values(score=bindparam("new_score"), answered_ms=bindparam("now_ms"))
)
