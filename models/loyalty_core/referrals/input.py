"""What callers say of referral programs, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm
from models.loyalty_core.columns import read_columns

PROGRAM_COLUMNS = {
    "code": "code",
    "name": "name",
    "description": "description",
    "pictureUrl": "picture_url",
    "active": "active",
    "customAttributes": "custom_attributes",
    "maxPerCode": "max_per_code",
    "maxReferralsPerMember": "max_per_referrer",
    "maxRedeemsPerReferredMemberPerCode": "max_per_referred",
    "audienceId": "audience_id",
    "tags": "tags",
    "eventType": "event_type",
    "referrerPointsAccrual": "referrer_points",
    "referrerLedgerId": "referrer_ledger_id",
    "referrerLedgerAccountId": "referrer_account_id",
    "referredPointsAccrual": "referred_points",
    "referredLedgerId": "referred_ledger_id",
    "referredLedgerAccountId": "referred_account_id",
}
"""Members of a referral program that are a column as they are."""
PROGRAM_INSTANTS = {"validFromDate": "valid_from_ms", "validToDate": "valid_to_ms"}


class ReferralProgramBody(TypedDict):
    """A referral program of a request."""

    code: str
    name: str
    description: NotRequired[str | None]
    pictureUrl: NotRequired[str | None]
    active: bool
    loyaltyProgramId: NotRequired[int | None]
    customAttributes: NotRequired[FreeForm]
    validFromDate: NotRequired[str | None]
    validToDate: NotRequired[str | None]
    maxPerCode: int
    maxReferralsPerMember: int
    maxRedeemsPerReferredMemberPerCode: NotRequired[int]
    audienceId: NotRequired[int | None]
    tags: NotRequired[list[str]]
    eventType: str
    referrerPointsAccrual: NotRequired[int]
    referrerLedgerId: NotRequired[int | None]
    referrerLedgerAccountId: NotRequired[int | None]
    referredPointsAccrual: NotRequired[int]
    referredLedgerId: NotRequired[int | None]
    referredLedgerAccountId: NotRequired[int | None]


class ReferralCodesBody(TypedDict):
    """Codes of a request, and the member who gets them."""

    memberId: int
    codes: list[str]


@dataclass(frozen=True, slots=True)
class ReferralProgramInput:
    """A referral program of a request. The `referredCount` of a body is the server's own and not read."""

    code: str
    columns: Mapping[str, object]
    """All that is said of it, by column; what is left out is not there."""


def read_referral_program(body: ReferralProgramBody) -> ReferralProgramInput:
    """A referral program of a request. Raises InvalidInput for a date that cannot be read."""
    columns = read_columns(body, PROGRAM_COLUMNS, PROGRAM_INSTANTS)
    if "loyaltyProgramId" in body:
        columns["program_id"] = body["loyaltyProgramId"]
    return ReferralProgramInput(body["code"], columns)
