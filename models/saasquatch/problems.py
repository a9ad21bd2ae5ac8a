"""What the SaaSquatch API refuses, with the vendor's RS codes (facts: reference catalogue of the API).

SaasquatchProblem
├── UnknownTenant        404 RS038     ├── UserNotFound        404 RS042
├── BadToken             401 RS032     ├── AccountNotFound     404 RS041
├── NoCredentials        401 RS045     ├── CodeNotFound        404
├── OpenEndpointsOff     403           ├── ReferralNotFound, RewardNotFound, ExportNotFound, SubscriptionNotFound 404
├── NotYourUser          403           ├── DoNotTrack          403 RS050
├── ReadTokenCannotWrite 403           ├── AccountFull         400 RS013
├── TokenDoesNotCarry    403           ├── ReferralNotPending  409, BadAddress 400
├── AlreadyBlocked, NotBlocked 403     ├── IdsDisagree, BadFields, BadLink, BadCookies, CodeTaken 400
├── RateLimited          429 RS033     ├── CannotRefer, RedemptionRefused, NotCancellable, BadReward 400
└── ...                                └── IdempotencyKeyUsed  409
"""

from collections.abc import Mapping
from typing import ClassVar

from models.kernel.problems import Conflict, Forbidden, NotFound, Problem, TooManyRequests, Unauthenticated


class SaasquatchProblem(Problem):
    """A refusal in the vendor's vocabulary. `code` is the apiErrorCode; few of its values are published."""

    rs_code: ClassVar[str | None] = None
    code = "BAD_REQUEST"
    status = 400


class UnknownTenant(SaasquatchProblem, NotFound):
    """No tenant has this alias."""

    status = 404
    code = "TENANT_NOT_FOUND"
    rs_code = "RS038"
    default_message = "No tenant has this alias."


class NoCredentials(SaasquatchProblem, Unauthenticated):
    """The call needs an API key or a user token, and has none that is valid."""

    status = 401
    code = "UNAUTHORIZED"
    rs_code = "RS045"
    default_message = "Valid credentials are needed."


class BadToken(SaasquatchProblem, Unauthenticated):
    """A user token that is malformed, not HS256, wrongly signed or expired."""

    status = 401
    code = "UNAUTHORIZED"
    rs_code = "RS032"
    default_message = "The user token is not valid."


class OpenEndpointsOff(SaasquatchProblem, Forbidden):
    """The tenant has not switched its open endpoints on."""

    status = 403
    code = "OPEN_ENDPOINTS_DISABLED"
    default_message = "Open endpoints are switched off for this tenant."


class NotYourUser(SaasquatchProblem, Forbidden):
    """A user token speaks for its own user only."""

    status = 403
    code = "FORBIDDEN"
    default_message = "The token belongs to another user."


class TokenDoesNotCarry(SaasquatchProblem, Forbidden):
    """The body would write a member of the user that the user token does not carry, or another value of it."""

    status = 403
    code = "USER_TOKEN_DOES_NOT_CARRY"
    default_message = "The user token does not carry what the body would write."


class ReadTokenCannotWrite(SaasquatchProblem, Forbidden):
    """The token names only the user's ids: it may read, not write."""

    status = 403
    code = "FORBIDDEN"
    default_message = "A read token cannot write."


class RateLimited(SaasquatchProblem, TooManyRequests):
    """The per-address limit of open endpoints was hit."""

    status = 429
    code = "RATE_LIMITED"
    rs_code = "RS033"
    default_message = "Too many requests from this address."

    def __init__(self, *, retry_after_s: int, stands_still: bool = False) -> None:
        TooManyRequests.__init__(self, self.default_message, retry_after_s=retry_after_s, stands_still=stands_still)


class AccountNotFound(SaasquatchProblem, NotFound):
    """No account has this id."""

    status = 404
    code = "ACCOUNT_NOT_FOUND"
    rs_code = "RS041"
    default_message = "No account has this id."


class UserNotFound(SaasquatchProblem, NotFound):
    """No user of the account has this id."""

    status = 404
    code = "USER_NOT_FOUND"
    rs_code = "RS042"
    default_message = "No user of this account has this id."


class CodeNotFound(SaasquatchProblem, NotFound):
    """No referral code, or its owner is blocked or deleted."""

    status = 404
    code = "REFERRAL_CODE_NOT_FOUND"
    default_message = "No such referral code."


class ReferralNotFound(SaasquatchProblem, NotFound):
    """No referral has this id."""

    status = 404
    code = "REFERRAL_NOT_FOUND"
    default_message = "No referral has this id."


class ReferralNotPending(SaasquatchProblem):
    """No side that was named is PENDING, and not all were decided in this way."""

    status = 409
    code = "REFERRAL_NOT_PENDING"
    default_message = "This has been decided otherwise already: only sides that are PENDING can be approved or denied."


class RewardNotFound(SaasquatchProblem, NotFound):
    """No reward has this id."""

    status = 404
    code = "REWARD_NOT_FOUND"
    default_message = "No reward has this id."


class ExportNotFound(SaasquatchProblem, NotFound):
    """No export has this id."""

    status = 404
    code = "EXPORT_NOT_FOUND"
    default_message = "No export has this id."


class ExportNotReady(SaasquatchProblem):
    """The export is still pending, was aborted, or has expired."""

    code = "EXPORT_NOT_READY"
    default_message = "The export is not ready to be downloaded."


class SubscriptionNotFound(SaasquatchProblem, NotFound):
    """No webhook subscription has this address."""

    status = 404
    code = "SUBSCRIPTION_NOT_FOUND"
    default_message = "No webhook subscription has this address."


class TooManySubscriptions(SaasquatchProblem):
    """The tenant has as many webhook subscriptions as it may have."""

    default_message = "A tenant has at most 50 webhook subscriptions."


class ProgramNotFound(SaasquatchProblem, NotFound):
    """No program has this id."""

    status = 404
    code = "PROGRAM_NOT_FOUND"
    default_message = "No program has this id."


class AlreadyBlocked(SaasquatchProblem, Forbidden):
    """The user is blocked already."""

    status = 403
    code = "USER_ALREADY_BLOCKED"
    default_message = "The user is blocked already."


class NotBlocked(SaasquatchProblem, Forbidden):
    """The user is not blocked."""

    status = 403
    code = "USER_NOT_BLOCKED"
    default_message = "The user is not blocked."


class DoNotTrack(SaasquatchProblem, Forbidden):
    """The user was deleted with doNotTrack and may not come back to this account."""

    status = 403
    code = "DO_NOT_TRACK"
    rs_code = "RS050"
    default_message = "This user may not be tracked on this account."


class AccountFull(SaasquatchProblem):
    """An account holds at most 1000 users."""

    rs_code = "RS013"
    default_message = "The account already holds 1000 users."


class IdsDisagree(SaasquatchProblem):
    """The ids of the body are not those of the path."""

    default_message = "The ids in the body differ from those in the path."

    @classmethod
    def check(cls, ids: Mapping[str, tuple[str, str]]) -> None:
        """Raises IdsDisagree, which names each member whose value in the body, the first of two, is not that of the
        path.
        """
        different = [f"/{name}: must be the one in the path" for name, (given, named) in ids.items() if given != named]
        if different:
            raise cls("; ".join(different))


class BadFields(SaasquatchProblem):
    """`fields` and `extraFields` exclude each other."""

    default_message = "Use fields or extraFields, not both."


class BadCustomField(SaasquatchProblem):
    """A custom field's name is not 1 to 64 of letters, digits, underscore and dash, or there are too many."""

    code = "VALIDATION_FAILED"
    default_message = "A custom field is not valid."


class CodeTaken(SaasquatchProblem):
    """The referral code belongs to another user or program."""

    code = "REFERRAL_CODE_TAKEN"
    default_message = "The referral code belongs to somebody else."


class BadLink(SaasquatchProblem):
    """The share link is malformed, taken, or not on the tenant's own short domain."""

    rs_code = "RS053"
    default_message = "The share link is not valid."


class BadCookies(SaasquatchProblem):
    """The cookies value is not base64url JSON of the documented shape."""

    rs_code = "RS052"
    default_message = "/cookies: cannot be read."


class CannotRefer(SaasquatchProblem):
    """The code cannot be applied to this user."""

    code = "REFERRAL_REFUSED"
    default_message = "The code cannot be applied to this user."


class PairNeeded(SaasquatchProblem):
    """A full referring or referred pair of ids is needed."""

    default_message = "Give referringAccountId and referringUserId, or referredAccountId and referredUserId."


class BadEvent(SaasquatchProblem):
    """An event's fields break a rule that the contract cannot express."""

    code = "VALIDATION_FAILED"
    default_message = "An event is not valid."


class IdempotencyKeyUsed(SaasquatchProblem, Conflict):
    """The idempotency key was seen within the last 24 hours."""

    status = 409
    code = "IDEMPOTENCY_KEY_USED"
    default_message = "The idempotency key has been used already; nothing was processed."


class BadReward(SaasquatchProblem):
    """The reward breaks a rule of its type."""

    code = "VALIDATION_FAILED"
    default_message = "The reward is not valid."


class RedemptionRefused(SaasquatchProblem):
    """There is not enough credit, or the reward cannot be redeemed. The code is spelled as on the vendor's wire."""

    code = "INVALD_REWARD_REDEMPTION"
    default_message = "The credit cannot be redeemed."


class NotCancellable(SaasquatchProblem):
    """The reward cannot be cancelled."""

    code = "REWARD_NOT_CANCELLABLE"
    default_message = "The reward cannot be cancelled."


class BadAddress(SaasquatchProblem):
    """Webhooks may not or cannot go to the address."""

    code = "WEBHOOK_ADDRESS_REFUSED"
    default_message = "Webhooks may not be sent to this address."


class BadExport(SaasquatchProblem):
    """A parameter of the export cannot be read."""

    code = "VALIDATION_FAILED"
    default_message = "The export's parameters are not valid."
