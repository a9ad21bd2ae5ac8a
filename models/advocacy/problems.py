"""What the advocacy API refuses, with its codes. `field` names the member that is to blame, where a single one is."""

from models.kernel import problems
from models.kernel.problems import Forbidden, Problem, TooManyRequests, Unauthenticated


class AdvocacyProblem(Problem):
    """A refusal of the advocacy API."""

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Invalid(AdvocacyProblem):
    """A value breaks a rule that its schema cannot express."""

    status = 400
    code = "VALIDATION_ERROR"
    default_message = "The request is not valid."


class InsufficientPoints(AdvocacyProblem):
    """The advocate has fewer points than are to be taken."""

    status = 400
    code = "INSUFFICIENT_POINTS"
    default_message = "The advocate has too few points."


class OutOfStock(AdvocacyProblem):
    """No unit of the reward is left."""

    status = 400
    code = "OUT_OF_STOCK"
    default_message = "The reward is out of stock."


class NotFound(AdvocacyProblem, problems.NotFound):
    """There is no such object in this business."""

    default_message = "There is no such object."


class Conflict(AdvocacyProblem, problems.Conflict):
    """The request contradicts what is stored: a value that is taken, an object that is not active."""

    default_message = "The request contradicts what is stored."


class SignatureRefused(AdvocacyProblem, Unauthenticated):
    """A single sign-on request outside its time window, wrongly signed, or used before."""

    default_message = "The signature is not valid."


class OtherBusiness(AdvocacyProblem, Forbidden):
    """The request names another business than the key's."""

    default_message = "The business is not the key's."


class ReadOnlyKey(AdvocacyProblem, Forbidden):
    """The key may read only."""

    default_message = "This key may only read."


class Suspended(AdvocacyProblem, Forbidden):
    """The business is suspended."""

    default_message = "The business is suspended."


class RateLimited(TooManyRequests):
    """The plan's calls of the minute or the day are used up."""

    default_message = "The plan's calls are used up for now."
