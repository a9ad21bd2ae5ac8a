"""Refusals of members, programs and tiers."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class BadgeNotFound(NotFound):
    """The organization has no such badge."""

    code = "BADGE_NOT_FOUND"


class MemberIdTaken(Conflict):
    """Another member has the id or the e-mail address."""

    code = "MEMBER_ID_TAKEN"


class MemberNotFound(NotFound):
    """The organization has no such member."""

    code = "MEMBER_NOT_FOUND"


class TierExpiryPassed(RuleViolation):
    """The time in expiresAt has passed."""

    code = "TIER_EXPIRY_PASSED"


class TierNotActive(RuleViolation):
    """The tier is not active."""

    code = "TIER_NOT_ACTIVE"


class PathUnknown(RuleViolation):
    """A condition or an expression begins with what is not there, or names a member that members, orders or events do
    not have.
    """

    code = "PATH_UNKNOWN"
