"""What the Loyalty Core API refuses beyond what every API does."""

from models.kernel import problems
from models.kernel.problems import Forbidden, Problem, RequestProblem


class OtherOrganization(Forbidden):
    """The path names an organization that is not the credential's."""

    default_message = "The organization is not the credential's."


class RoleMissing(Forbidden):
    """The credential has no role that the operation needs."""

    default_message = "The credential lacks the role for this."


class BeyondRights(Forbidden):
    """The caller would give, or change somebody who has, what the caller does not have."""

    default_message = "The caller has not what is given or changed here."


class NotFound(problems.NotFound):
    """The organization has no such object."""


class Conflict(problems.Conflict):
    """What is asked contradicts what is there: a key that is taken, a state that does not allow it."""


class RuleViolation(RequestProblem):
    """A rule of the operation is broken that no schema can tell: the message says which."""

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
