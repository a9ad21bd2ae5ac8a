"""The organization, its users, portals, content schemas, locations and categories as answers show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.organization.tables import (
    CodedItem,
    ContentSchema,
    ContentSchemaVersion,
    Organization,
    OrganizationUser,
    Portal,
)
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork

FREE_FORM = {
    "links": "links",
    "theme": "theme",
    "forms": "forms",
    "metadata": "metadata",
    "customAttributes": "custom_attributes",
}
"""Objects of a portal that are stored as they are, with their columns."""


def show_organization(uow: UnitOfWork, row: Organization) -> Shown:
    """The organization."""
    return {
        "organizationId": organization_id(uow.tenant, uow.directory),
        "name": row.name,
        "description": row.description,
        "pictureUrl": row.picture_url,
        "defaultLoyaltyProgramId": row.default_program_id,
        "defaultLocale": row.default_locale,
        "locales": row.locales,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_user(uow: UnitOfWork, row: OrganizationUser) -> Shown:
    """A user, without the password."""
    return {
        "userId": row.user_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "userName": row.user_name,
        "email": row.email,
        "emailIsVerified": row.email_is_verified,
        "name": row.name,
        "nickname": row.nickname,
        "profilePictureUrl": row.picture_url,
        "active": row.active,
        "isSystemAdmin": row.is_system_admin,
        "isAdmin": row.is_admin,
        "roles": row.roles,
        "pendingProvisioning": row.pending_provisioning,
        "passwordIsTemporary": row.password_is_temporary,
        "isAPIUser": row.is_api_user,
        "authClientId": row.auth_client_id,
        "organizations": row.organizations,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_portal(uow: UnitOfWork, row: Portal) -> Shown:
    """A portal, as a query returns it."""
    return {
        "portalId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "publicId": row.public_id,
        "name": row.name,
        "active": row.active,
        "loyaltyProgramId": row.program_id,
        **{member: getattr(row, column) for member, column in FREE_FORM.items()},
        "authRedirectUrl": row.auth_redirect_url,
        "authValidScopes": row.auth_valid_scopes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_schema(uow: UnitOfWork, row: ContentSchema, version: ContentSchemaVersion | None = None) -> Shown:
    """A content schema with the text of a version; without one, the number of the latest and no text."""
    shown = {
        "contentSchemaId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "name": row.name,
        "description": row.description,
        "pictureUrl": row.picture_url,
        "type": row.type,
        "active": row.active,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
        "contentSchemaVersionId": row.version_id if version is None else version.id,
    }
    return shown if version is None else {**shown, "schema": version.schema}


def show_item(uow: UnitOfWork, row: CodedItem) -> Shown:
    """A location or category; its kind is in the names of its members."""
    return {
        f"{row.kind}Code": row.code,
        f"{row.kind}Label": row.label,
        "tags": row.tags,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
