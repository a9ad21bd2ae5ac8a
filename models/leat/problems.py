"""What the Leat API refuses, with the vendor's numbers and short texts (facts: error table of the API's digest).

    LeatProblem                        400
    ├── ShopNotFound             1008  ├── ContactNotFound            55031
    ├── LoyaltyProgramNotFound   1103  ├── UsageLimitReached          60000
    ├── AccountInactive          7002  ├── ContactIdentifierNotFound  60003
    ├── NoAccessToAccount        7011  ├── ContactExists              60005
    ├── LoyaltyProgramNotActive 55018  ├── ContactIdentifierLinked    60014
    └── SubscriptionNotFound    80300  └── ContactNotAnonymous        60016
    UnknownReferralCode          1003  as everything that breaks the contract
    OAuthProblem                       RFC 6749: no number, but an `error`
    └── InvalidClient            401

1000 and 1003 stand for what is not the domain's: see `handlers.leat._edge`.
"""

from typing import ClassVar

from models.kernel.problems import InvalidInput, Problem


class LeatProblem(Problem):
    """A refusal in the vendor's vocabulary. `number` is the `code` of the answer."""

    status = 400
    code = "BAD_REQUEST"
    number: ClassVar[int] = 1003
    default_message = "Invalid input."


class ShopNotFound(LeatProblem):
    """The account has no shop with this uuid."""

    code = "SHOP_NOT_FOUND"
    number = 1008
    default_message = "Shop not found."


class LoyaltyProgramNotFound(LeatProblem):
    """The account has no loyalty program that could give credits (setting `loyalty_program: none`)."""

    code = "LOYALTY_PROGRAM_NOT_FOUND"
    number = 1103
    default_message = "Loyalty Program not found."


class LoyaltyProgramNotActive(LeatProblem):
    """The account's loyalty program is switched off (setting `loyalty_program: inactive`)."""

    code = "LOYALTY_PROGRAM_NOT_ACTIVE"
    number = 55018
    default_message = "Loyalty Program not active."


class AccountInactive(LeatProblem):
    """The account is switched off (setting `account_active: false`); no call of it is served."""

    code = "ACCOUNT_INACTIVE"
    number = 7002
    default_message = "Account inactive."


class NoAccessToAccount(LeatProblem):
    """The user may not see this account.

    Credentials of this part of the API name their account: never answered here.
    """

    code = "NO_ACCESS_TO_ACCOUNT"
    number = 7011
    default_message = "User has no access to this account."


class ContactNotFound(LeatProblem):
    """The account has no contact with this uuid or e-mail address."""

    code = "CONTACT_NOT_FOUND"
    number = 55031
    default_message = "Contact not found."


class UsageLimitReached(LeatProblem):
    """A balance would pass 2**53 - 1, the largest that JSON clients read exactly."""

    code = "USAGE_LIMIT_REACHED"
    number = 60000
    default_message = "Usage limit reached."


class ContactIdentifierNotFound(LeatProblem):
    """The contact has no identifier (card) with this value."""

    code = "CONTACT_IDENTIFIER_NOT_FOUND"
    number = 60003
    default_message = "Contact identifier not found."


class ContactExists(LeatProblem):
    """The account has a contact with this e-mail address."""

    code = "CONTACT_EXISTS"
    number = 60005
    default_message = "Contact already exists."


class ContactIdentifierLinked(LeatProblem):
    """The identifier belongs to another contact."""

    code = "CONTACT_IDENTIFIER_LINKED"
    number = 60014
    default_message = "Contact identifier is already linked."


class ContactNotAnonymous(LeatProblem):
    """The contact has an e-mail address."""

    code = "CONTACT_NOT_ANONYMOUS"
    number = 60016
    default_message = "Contact not anonymous."


class SubscriptionNotFound(LeatProblem):
    """The account has no webhook subscription with this uuid."""

    code = "WEBHOOK_SUBSCRIPTION_NOT_FOUND"
    number = 80300
    default_message = "Webhook subscription not found."


class UnknownReferralCode(InvalidInput):
    """No contact of the account has this referral code."""

    default_message = "No contact has this code."

    def __init__(self) -> None:
        super().__init__(self.default_message, pointer="/referral_code")


class OAuthProblem(Problem):
    """A refusal of the token request, in the form of RFC 6749, section 5.2."""

    status = 400
    code = "INVALID_REQUEST"
    error: ClassVar[str] = "invalid_request"
    default_message = "The token request is not valid."


class InvalidClient(OAuthProblem):
    """The client is unknown, or its secret is wrong."""

    status = 401
    code = "INVALID_CLIENT"
    error = "invalid_client"
    is_failed_credential = True
    default_message = "Client authentication failed."


class TooManySubscriptions(Problem):
    """The account has as many webhook subscriptions as it may have.

    The vendor has no number for it: it is answered as invalid input (1003).
    """

    status = 400
    code = "TOO_MANY_WEBHOOK_SUBSCRIPTIONS"
    default_message = "An account has at most 50 webhook subscriptions."
