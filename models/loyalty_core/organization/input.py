"""What callers say of the organization, its users, portals, content schemas, locations and categories, read from
request bodies.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm
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
_SCHEMA = {
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "type": "type",
    "active": "active",
}
Columns = Mapping[str, object]
"""Values by column; what a body leaves out is not among them."""


class OrganizationBody(TypedDict):
    """Changes of the organization, of a request."""

    name: str
    description: str
    pictureUrl: str
    defaultLoyaltyProgramId: int
    defaultLocale: str
    locales: NotRequired[list[str]]
    customAttributes: NotRequired[FreeForm]


class PermissionsBody(TypedDict):
    """What a user of a request may do."""

    isAdmin: bool
    roles: list[str]


class ProfileBody(TypedDict):
    """Who a user of a request is."""

    active: bool
    name: str
    nickname: str
    profilePictureUrl: str
    customAttributes: FreeForm
    isSystemAdmin: bool
    pendingProvisioning: bool


class NewUserBody(ProfileBody, PermissionsBody):
    """A new user of a request."""

    userName: str
    email: str
    authClientId: str
    emailIsVerified: NotRequired[bool]
    password: NotRequired[str]
    passwordIsTemporary: NotRequired[bool]
    sendInvite: NotRequired[bool]


class UserChangesBody(ProfileBody):
    """Changes of who a user is, of a request."""

    organizations: list[str]


class PasswordBody(TypedDict):
    """Another password for a user, of a request."""

    password: str
    permanent: NotRequired[bool]


class PortalBody(TypedDict):
    """A portal of a request, or changes of one."""

    name: str
    active: bool
    publicId: NotRequired[str]
    """Of an existing portal only."""
    loyaltyProgramId: NotRequired[int | None]
    links: NotRequired[FreeForm]
    theme: NotRequired[FreeForm]
    forms: NotRequired[FreeForm]
    metadata: NotRequired[FreeForm]
    customAttributes: NotRequired[FreeForm]
    authRedirectUrl: NotRequired[str | None]
    authValidScopes: NotRequired[list[str]]


class SchemaBody(TypedDict, total=False):
    """A content schema of a request, or changes of one."""

    name: str
    description: str | None
    pictureUrl: str | None
    type: int
    active: bool
    schema: str


class LocationBody(TypedDict, total=False):
    """A location of a request, or changes of one."""

    locationCode: str
    locationLabel: str
    tags: list[str]


class OrderLocationBody(TypedDict, total=False):
    """An order location of a request, or changes of one."""

    orderLocationCode: str
    orderLocationLabel: str
    tags: list[str]


class CategoryBody(TypedDict, total=False):
    """A category of a request, or changes of one."""

    categoryCode: str
    categoryLabel: str
    tags: list[str]


class ProductCategoryBody(TypedDict, total=False):
    """A product category of a request, or changes of one."""

    productCategoryCode: str
    productCategoryLabel: str
    tags: list[str]


class Profile(TypedDict):
    """Who a user is, by column: what both a new user and a change of one has."""

    active: bool
    name: str
    nickname: str
    picture_url: str
    custom_attributes: FreeForm
    is_system_admin: bool
    pending_provisioning: bool


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
    profile: Profile
    permissions: Permissions
    is_invited: bool


@dataclass(frozen=True, slots=True)
class UserChanges:
    """Changes of who a user is."""

    profile: Profile
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


def read_organization(body: OrganizationBody) -> Columns:
    """Changes of the organization."""
    return read_columns(body, _ORGANIZATION)


def read_new_user(body: NewUserBody) -> NewUser:
    """A new user."""
    return NewUser(
        user_name=body["userName"],
        email=body["email"],
        email_is_verified=body.get("emailIsVerified", False),
        password_is_temporary=body.get("passwordIsTemporary", False) or body.get("password") is None,
        client_id=body["authClientId"],
        profile=_read_profile(body),
        permissions=read_permissions(body),
        is_invited=bool(body.get("sendInvite")),
    )


def read_user_changes(body: UserChangesBody) -> UserChanges:
    """Changes of who a user is."""
    return UserChanges(_read_profile(body), body["organizations"])


def read_permissions(body: PermissionsBody) -> Permissions:
    """What a user may do; a role that is given twice counts once."""
    return Permissions(body["isAdmin"], list(dict.fromkeys(body["roles"])))


def _read_profile(body: ProfileBody) -> Profile:
    return {
        "active": body["active"],
        "name": body["name"],
        "nickname": body["nickname"],
        "picture_url": body["profilePictureUrl"],
        "custom_attributes": body["customAttributes"],
        "is_system_admin": body["isSystemAdmin"],
        "pending_provisioning": body["pendingProvisioning"],
    }


def read_portal(body: PortalBody) -> Columns:
    """A portal or changes of one."""
    return read_columns(body, _PORTAL)


def read_schema(body: SchemaBody) -> SchemaInput:
    """A content schema or changes of one."""
    return SchemaInput(read_columns(body, _SCHEMA), body.get("schema"))


def read_location(body: LocationBody) -> ItemInput:
    """A location, or changes of one."""
    return ItemInput(body.get("locationCode", ""), body.get("locationLabel"), body.get("tags"))


def read_order_location(body: OrderLocationBody) -> ItemInput:
    """An order location, or changes of one."""
    return ItemInput(body.get("orderLocationCode", ""), body.get("orderLocationLabel"), body.get("tags"))


def read_category(body: CategoryBody) -> ItemInput:
    """A category, or changes of one."""
    return ItemInput(body.get("categoryCode", ""), body.get("categoryLabel"), body.get("tags"))


def read_product_category(body: ProductCategoryBody) -> ItemInput:
    """A product category, or changes of one."""
    return ItemInput(body.get("productCategoryCode", ""), body.get("productCategoryLabel"), body.get("tags"))
