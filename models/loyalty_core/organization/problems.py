"""Refusals of what an organization has beside its members."""

from models.loyalty_core.problems import BeyondRights, Conflict, NotFound, RuleViolation


class AdministratorProtected(BeyondRights):
    """The caller would change an administrator without being one."""

    code = "ADMINISTRATOR_PROTECTED"


class ContentInvalid(RuleViolation):
    """The content is not as its schema wants it, or cannot be held against it."""

    code = "CONTENT_INVALID"


class ContentSchemaInvalid(RuleViolation):
    """The text of a content schema is no JSON Schema that content can be held against."""

    code = "CONTENT_SCHEMA_INVALID"


class ContentSchemaNotActive(Conflict):
    """The content schema is not active."""

    code = "CONTENT_SCHEMA_NOT_ACTIVE"


class ContentSchemaNotFound(NotFound):
    """The organization has no such content schema."""

    code = "CONTENT_SCHEMA_NOT_FOUND"


class ContentSchemaVersionNotFound(NotFound):
    """The content schema has no such version."""

    code = "CONTENT_SCHEMA_VERSION_NOT_FOUND"


class DefaultLocaleUnknown(RuleViolation):
    """The defaultLocale is not among the locales of the organization."""

    code = "DEFAULT_LOCALE_UNKNOWN"


class ItemCodeTaken(Conflict):
    """Another location or category of the kind has the code."""

    code = "ITEM_CODE_TAKEN"


class OrganizationsIncomplete(RuleViolation):
    """The organizations of a user leave out the one of the path."""

    code = "ORGANIZATIONS_INCOMPLETE"


class PartnerMissing(Conflict):
    """The other organization of the partnership is not there."""

    code = "PARTNER_MISSING"


class PartnershipNotFound(NotFound):
    """The organization has no such partnership."""

    code = "PARTNERSHIP_NOT_FOUND"


class PortalNotFound(NotFound):
    """There is no such portal."""

    code = "PORTAL_NOT_FOUND"


class PublicIdTaken(Conflict):
    """A portal has the public id."""

    code = "PUBLIC_ID_TAKEN"


class RightNotHeld(BeyondRights):
    """The caller would give a right that the caller does not have."""

    code = "RIGHT_NOT_HELD"


class UserEmailTaken(Conflict):
    """Another user has the e-mail address."""

    code = "USER_EMAIL_TAKEN"


class UserNameTaken(Conflict):
    """Another user has the userName."""

    code = "USER_NAME_TAKEN"


class UserNotFound(NotFound):
    """The organization has no such user."""

    code = "USER_NOT_FOUND"
