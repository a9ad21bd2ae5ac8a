"""Members, programs and tiers as callers describe them, read from the bodies of requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.loyalty_core.columns import read_columns
from models.loyalty_core.instants import bounded_ms

Body = Mapping[str, Any]

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


@dataclass(frozen=True, slots=True)
class NewMember:
    """A new member; what is left out is not in `columns`."""

    loyalty_member_id: str
    columns: Mapping[str, Any]
    referral_code: str | None


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """New values of a member's columns, and why they change."""

    columns: Mapping[str, Any]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class TierChoice:
    """A tier that is set by hand, None for none; it holds until `expires_ms`, where that is not None."""

    tier_id: int | None
    expires_ms: int | None = None


@dataclass(frozen=True, slots=True)
class ProgramInput:
    """The members of a program; those that are left out are not in `columns`, or None."""

    name: str
    ledger_id: int
    columns: Mapping[str, Any]
    default_tier_id: int | None
    is_default: bool


@dataclass(frozen=True, slots=True)
class TierInput:
    """The members of a tier; those that are left out are not in `columns`, or None."""

    name: str
    columns: Mapping[str, Any]
    is_default: bool | None


def read_new_member(body: Body) -> NewMember:
    """A new member of a request."""
    return NewMember(body["loyaltyMemberId"], read_columns(body, MEMBER_COLUMNS), body.get("referralCode"))


def read_member_changes(body: Body) -> MemberChanges:
    """Changes of a member in a request."""
    return MemberChanges(read_columns(body, MEMBER_COLUMNS), body.get("updateReason"))


def read_tier_choice(body: Body) -> TierChoice:
    """A tier that a request sets. Raises InvalidInput."""
    return TierChoice(body.get("loyaltyTierId"), bounded_ms(body["expiresAt"]) if "expiresAt" in body else None)


def read_program(body: Body) -> ProgramInput:
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
    return ProgramInput(body["name"], body["ledgerId"], columns, body.get("defaultTierId"), body["setAsDefault"])


def read_tier(body: Body) -> TierInput:
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
