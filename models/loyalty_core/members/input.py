"""Members, programs and tiers as callers describe them, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NotRequired, TypedDict

from models.kernel.json_values import FreeForm
from models.loyalty_core.columns import read_columns
from models.loyalty_core.instants import bounded_ms

MEMBER_COLUMNS = {
    "onChain": "on_chain",
    "profile": "profile",
    "customAttributes": "custom_attributes",
    "active": "active",
    "publicLoyaltyMemberId": "public_loyalty_member_id",
    "loyaltyMemberId": "loyalty_member_id",
    "memberType": "member_type",
}
"""Members of a member that can be changed, and their columns."""


class MemberBody(TypedDict, total=False):
    """What a new member and changes of one can both have."""

    memberType: str | None
    publicLoyaltyMemberId: str | None
    onChain: FreeForm
    profile: FreeForm
    customAttributes: FreeForm
    active: bool


class NewMemberBody(MemberBody):
    """A new member of a request."""

    loyaltyMemberId: str
    referralCode: NotRequired[str]


class MemberChangesBody(MemberBody, total=False):
    """Changes of a member in a request."""

    loyaltyMemberId: str
    updateReason: str


class MembersBody(TypedDict):
    """The members that a request asks for."""

    memberIds: list[int]


class TierChoiceBody(TypedDict):
    """A tier that a request sets."""

    loyaltyTierId: NotRequired[int]
    expiresAt: NotRequired[str]


class ProgramTierChoiceBody(TierChoiceBody):
    """A tier of a program that the request names."""

    loyaltyProgramId: int


class ProgramBody(TypedDict):
    """A program of a request; `defaultTierId` is read of a new one only."""

    active: bool
    name: str
    ledgerId: int
    tierPointsLedgerAccountId: NotRequired[int | None]
    mainLedgerAccountId: NotRequired[int | None]
    description: str
    setAsDefault: bool
    mainPortalId: NotRequired[int | None]
    defaultTierId: NotRequired[int]


class TierBody(TypedDict):
    """A tier of a request."""

    name: str
    active: bool
    minRequiredPoints: int
    tierOrder: int
    customAttributes: NotRequired[FreeForm]
    pictureUrl: NotRequired[str | None]
    isDefault: NotRequired[bool]


@dataclass(frozen=True, slots=True)
class NewMember:
    """A new member; what is left out is not in `columns`."""

    loyalty_member_id: str
    columns: Mapping[str, object]
    referral_code: str | None
    profile: FreeForm = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """New values of a member's columns, and why they change."""

    columns: Mapping[str, object]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TierChoice:
    """A tier that is set by hand, None for none; it holds until `expires_ms`, where that is not None."""

    tier_id: int | None
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ProgramInput:
    """The members of a program; those that are left out are not in `columns` and `accounts`, or None.

    `accounts` are of the ledger, by column.
    """

    name: str
    ledger_id: int
    accounts: Mapping[str, int | None]
    main_portal_id: int | None
    columns: Mapping[str, object]
    default_tier_id: int | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class TierInput:
    """The members of a tier; those that are left out are not in `columns`, or None."""

    name: str
    columns: Mapping[str, object]
    is_default: bool | None


def read_new_member(body: NewMemberBody) -> NewMember:
    """A new member of a request."""
    return NewMember(
        body["loyaltyMemberId"], read_columns(body, MEMBER_COLUMNS), body.get("referralCode"), body.get("profile", {})
    )


def read_member_changes(body: MemberChangesBody) -> MemberChanges:
    """Changes of a member in a request."""
    return MemberChanges(read_columns(body, MEMBER_COLUMNS), body.get("updateReason"))


def read_tier_choice(body: TierChoiceBody) -> TierChoice:
    """A tier that a request sets. Raises InvalidInput."""
    return TierChoice(body.get("loyaltyTierId"), bounded_ms(body["expiresAt"]) if "expiresAt" in body else None)


def read_program(body: ProgramBody) -> ProgramInput:
    """A program of a request."""
    columns = read_columns(
        body,
        {
            "name": "name",
            "description": "description",
            "active": "active",
            "mainLedgerAccountId": "main_account_id",
            "tierPointsLedgerAccountId": "tier_account_id",
            "mainPortalId": "main_portal_id",
        },
    )
    accounts: dict[str, int | None] = {}
    if "mainLedgerAccountId" in body:
        accounts["main_account_id"] = body["mainLedgerAccountId"]
    if "tierPointsLedgerAccountId" in body:
        accounts["tier_account_id"] = body["tierPointsLedgerAccountId"]
    return ProgramInput(
        body["name"],
        body["ledgerId"],
        accounts,
        body.get("mainPortalId"),
        columns,
        body.get("defaultTierId"),
        body["setAsDefault"],
    )


def read_tier(body: TierBody) -> TierInput:
    """A tier of a request."""
    columns = read_columns(
        body,
        {
            "name": "name",
            "active": "active",
            "minRequiredPoints": "min_required_points",
            "tierOrder": "tier_order",
            "pictureUrl": "picture_url",
            "customAttributes": "custom_attributes",
        },
    )
    return TierInput(body["name"], columns, body.get("isDefault"))
