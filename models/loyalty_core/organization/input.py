"""What callers say of the organization, its users, portals, content schemas, locations and categories, read from request bodies."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from models.loyalty_core.columns import read_columns

_PORTAL = {
    "publicId": "public_id",
    "name": "name",
    "active": "active",
    "loyaltyProgramId": "program_id",
    "links": "links",
    "theme": "theme",
    "forms": "forms",
    "metadata": "metadata",
    "customAttributes": "custom_attributes",
    "authRedirectUrl": "auth_redirect_url",
    "authValidScopes": "auth_valid_scopes",
}
_ORGANIZATION = {
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "defaultLoyaltyProgramId": "default_program_id",
    "defaultLocale": "default_locale",
    "locales": "locales",
    "customAttributes": "custom_attributes",
}
_PROFILE = {
    "active": "active",
    "name": "name",
    "nickname": "nickname",
    "profilePictureUrl": "picture_url",
    "customAttributes": "custom_attributes",
    "isSystemAdmin": "is_system_admin",
    "pendingProvisioning": "pending_provisioning",
}
_SCHEMA = {
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "type": "type",
    "active": "active",
}
Columns = Mapping[str, Any]
"""Values by column; what a body leaves out is not among them."""


@dataclass(frozen=True, slots=True)
class Permissions:
    """Whether a user is an administrator, and the user's roles."""

    is_admin: bool
    roles: Sequence[str]


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user to be created."""

    user_name: str
    email: str
    email_is_verified: bool
    password_is_temporary: bool
    client_id: str
    profile: Columns
    """What a change of a user may write too."""
    permissions: Permissions
    is_invited: bool


@dataclass(frozen=True, slots=True)
class UserChanges:
    """Changes of who a user is."""

    profile: Columns
    organizations: Sequence[str]


@dataclass(frozen=True, slots=True)
class SchemaInput:
    """A new content schema, or changes of one; `schema` is the text of the JSON Schema, None where it was left out."""

    columns: Columns
    schema: str | None


@dataclass(frozen=True, slots=True)
class ItemInput:
    """A location or category, or changes of one: None where it was left out."""

    code: str
    label: str | None
    tags: Sequence[str] | None


def read_organization(body: Mapping[str, Any]) -> Columns:
    """Changes of the organization."""
    return read_columns(body, _ORGANIZATION)


def read_new_user(body: Mapping[str, Any]) -> NewUser:
    """A new user."""
    return NewUser(
        user_name=body["userName"],
        email=body["email"],
        email_is_verified=body.get("emailIsVerified", False),
        password_is_temporary=body.get("passwordIsTemporary", False) or body.get("password") is None,
        client_id=body["authClientId"],
        profile=read_columns(body, _PROFILE),
        permissions=read_permissions(body),
        is_invited=bool(body.get("sendInvite")),
    )


def read_user_changes(body: Mapping[str, Any]) -> UserChanges:
    """Changes of who a user is."""
    return UserChanges(read_columns(body, _PROFILE), body["organizations"])


def read_permissions(body: Mapping[str, Any]) -> Permissions:
    """What a user may do; a role that is there twice counts once."""
    return Permissions(body["isAdmin"], list(dict.fromkeys(body["roles"])))


def read_portal(body: Mapping[str, Any]) -> Columns:
    """A portal or changes of one."""
    return read_columns(body, _PORTAL)


def read_schema(body: Mapping[str, Any]) -> SchemaInput:
    """A content schema or changes of one."""
    return SchemaInput(read_columns(body, _SCHEMA), body.get("schema"))


def read_item(body: Mapping[str, Any], kind: str) -> ItemInput:
    """A location or category of a kind, or changes of one."""
    return ItemInput(body.get(f"{kind}Code", ""), body.get(f"{kind}Label"), body.get("tags"))
