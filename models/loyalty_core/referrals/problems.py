"""Refusals of referral programs and codes."""

from models.loyalty_core.problems import Conflict, NotFound, RuleViolation


class MemberNotInAudience(Conflict):
    """The member is not in the audience of the referral program."""

    code = "MEMBER_NOT_IN_AUDIENCE"


class ReferralCodeNotFound(NotFound):
    """The referral program has no such code."""

    code = "REFERRAL_CODE_NOT_FOUND"


class ReferralCodeTaken(Conflict):
    """A member has the referral code."""

    code = "REFERRAL_CODE_TAKEN"


class ReferralCodeUnknown(RuleViolation):
    """No member has the referral code that a new member comes with."""

    code = "REFERRAL_CODE_UNKNOWN"


class ReferralCodeUsedUp(RuleViolation):
    """The referral code has been used as often as it may be."""

    code = "REFERRAL_CODE_USED_UP"


class ReferralProgramCodeTaken(Conflict):
    """Another referral program has the code."""

    code = "REFERRAL_PROGRAM_CODE_TAKEN"


class ReferralProgramNotActive(RuleViolation):
    """The referral program, or its loyalty program, is not active."""

    code = "REFERRAL_PROGRAM_NOT_ACTIVE"


class ReferralProgramNotBegun(RuleViolation):
    """The time of validity of the referral program has not begun."""

    code = "REFERRAL_PROGRAM_NOT_BEGUN"


class ReferralProgramNotFound(NotFound):
    """The organization has no such referral program."""

    code = "REFERRAL_PROGRAM_NOT_FOUND"


class ReferralProgramOver(RuleViolation):
    """The time of validity of the referral program is over."""

    code = "REFERRAL_PROGRAM_OVER"


class ReferrerLimitReached(RuleViolation):
    """The owner of the referral code has referred as many members as one may."""

    code = "REFERRER_LIMIT_REACHED"


class ReferrerUnfit(RuleViolation):
    """The owner of the referral code may not refer others now."""

    code = "REFERRER_UNFIT"
