"""What the Loyalty Core API refuses beyond what every API does."""

from models.kernel import problems
from models.kernel.problems import Forbidden, Problem, RequestProblem


class OtherOrganization(Forbidden):
    """The path names an organization that is not the credential's."""

    code = "OTHER_ORGANIZATION"
    default_message = "The organization is not the credential's."


class RoleMissing(Forbidden):
    """The credential has no role that the operation needs."""

    code = "ROLE_MISSING"
    default_message = "The credential lacks the role for this."


class BeyondRights(Forbidden):
    """The call grants rights that its caller does not have, or changes a user who has more rights than the caller."""

    default_message = "The caller lacks the rights that are granted or changed here."


class NotFound(problems.NotFound):
    """The organization has no such object."""


class Conflict(problems.Conflict):
    """The request contradicts the current state: a key that is taken, a state that does not allow it."""


class RuleViolation(RequestProblem):
    """A rule of the operation that no schema can express is broken: the message says which."""

    code = "REFUSED"
    default_message = "A rule of the operation is broken."


class NotEnoughPoints(Problem):
    """A wallet has fewer points to spend than are asked for; nothing was moved."""

    status = 400
    code = "NOT_ENOUGH_POINTS"
    default_message = "The wallet has not enough points to spend."


class SupplyExhausted(Problem):
    """More points would be made than the account's maxSupply allows, or its supply lowered under what circulates."""

    status = 400
    code = "SUPPLY_EXHAUSTED"
    default_message = "The account's supply does not allow this."


class AmountTooFine(RuleViolation):
    """An amount of money has more than four decimal places."""

    code = "AMOUNT_TOO_FINE"


class AudienceNotFound(NotFound):
    """The organization has no such audience."""

    code = "AUDIENCE_NOT_FOUND"


class CampaignNotFound(NotFound):
    """The organization has no such campaign."""

    code = "CAMPAIGN_NOT_FOUND"


class EnrolmentNotFound(NotFound):
    """The member is not in the loyalty program."""

    code = "ENROLMENT_NOT_FOUND"


class EventTypeNotFound(NotFound):
    """The organization has no such event type, or it is not active."""

    code = "EVENT_TYPE_NOT_FOUND"


class ItemNotFound(NotFound):
    """The organization has no location or category of the kind with the code."""

    code = "ITEM_NOT_FOUND"


class LedgerAccountNotFound(NotFound):
    """The ledger has no such account."""

    code = "LEDGER_ACCOUNT_NOT_FOUND"


class LoyaltyProgramNotActive(Conflict):
    """The loyalty program is not active: nothing of it runs."""

    code = "LOYALTY_PROGRAM_NOT_ACTIVE"


class LoyaltyProgramNotFound(NotFound):
    """The organization has no such loyalty program."""

    code = "LOYALTY_PROGRAM_NOT_FOUND"


class MatcherMemberUnknown(RuleViolation):
    """A matcher has a member, an operator or a type that matchers do not have."""

    code = "MATCHER_MEMBER_UNKNOWN"


class MemberNotActive(Conflict):
    """The member is not active."""

    code = "MEMBER_NOT_ACTIVE"


class MissionNotFound(NotFound):
    """The organization has no such mission."""

    code = "MISSION_NOT_FOUND"


class OrganizationMismatch(RuleViolation):
    """The organizationId of the body is not that of the path."""

    code = "ORGANIZATION_MISMATCH"


class SystemUniqueKeyReused(Conflict):
    """The systemUniqueKey was used before with other input."""

    code = "SYSTEM_UNIQUE_KEY_REUSED"


class TierNotFound(NotFound):
    """The loyalty program has no such tier."""

    code = "TIER_NOT_FOUND"


class TransactionNotFound(NotFound):
    """There is no such transaction in the ledger or the account."""

    code = "TRANSACTION_NOT_FOUND"


class ValidityInvalid(RuleViolation):
    """The end of a time of validity is not after its beginning."""

    code = "VALIDITY_INVALID"
