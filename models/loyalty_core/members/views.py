"""Finding members, their programs and tiers, and what answers show of them."""

from collections.abc import Sequence
from typing import TypeVar

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.ledger import postings
from models.loyalty_core.members.problems import MemberNotFound
from models.loyalty_core.members.queries import (
    ENROLMENTS,
    MEMBER,
    MEMBER_NAMED,
    TIER,
    WALLET_NAMED,
    EnrolmentRow,
    WalletRow,
)
from models.loyalty_core.members.tables import Member, Tier, TierChange
from models.loyalty_core.organization.programs import program_of, programs
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.problems import LoyaltyProgramNotFound, TierNotFound
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork

Found = TypeVar("Found")


def find_member(uow: UnitOfWork, member_id: int) -> Member:
    """A member by number, active or not, read only. Raises NotFound."""
    return _found(uow.first(MEMBER, id=member_id), member_id)


def lock_member(uow: UnitOfWork, member_id: int) -> Member:
    """A member by number, read only, locked until the unit ends: what is counted of a member is counted under this.

    One that the unit has locked already is not read again. Raises NotFound.
    """
    known = postings(uow).known
    if ("member", member_id) not in known:
        known["member", member_id] = _found(uow.lock_row(MEMBER, id=member_id), member_id)
    found: Member = known["member", member_id]
    return found


def forget_member(uow: UnitOfWork, member_id: int) -> None:
    """Drop what `lock_member` has read: the unit has changed the row."""
    postings(uow).known.pop(("member", member_id), None)


def find_loyalty_member(uow: UnitOfWork, loyalty_member_id: str) -> Member:
    """A member by the organization's own id, active or not, read only. Raises NotFound."""
    return _found(uow.first(MEMBER_NAMED, loyalty_member_id=loyalty_member_id), loyalty_member_id)


def number_of(uow: UnitOfWork, loyalty_member_id: str) -> int | None:
    """The number of a member by the organization's own id; None where nobody has it."""
    row = uow.first(WALLET_NAMED, loyalty_member_id=loyalty_member_id)
    return None if row is None else row.member_id


def find_wallet(uow: UnitOfWork, loyalty_member_id: str) -> WalletRow:
    """A member and its wallet, by the organization's own id. Raises NotFound."""
    return _found(uow.first(WALLET_NAMED, loyalty_member_id=loyalty_member_id), loyalty_member_id)


def find_program(uow: UnitOfWork, program_id: int) -> Program:
    """A program, active or not, read only. Raises NotFound."""
    row = program_of(uow, program_id)
    if row is None:
        raise LoyaltyProgramNotFound(f"There is no loyalty program {program_id}.")
    return row


def found_program_id(uow: UnitOfWork, program_id: int | None) -> int | None:
    """The number of a program, which must exist, or None for none. Raises NotFound."""
    return None if program_id is None else find_program(uow, program_id).id


def find_tier(uow: UnitOfWork, program_id: int, tier_id: int) -> Tier:
    """A tier of a program, active or not, read only. Raises NotFound."""
    row = uow.first(TIER, id=tier_id)
    if row is None or row.program_id != program_id:
        raise TierNotFound(f"The loyalty program {program_id} has no tier {tier_id}.")
    return row


def enrolments_of(uow: UnitOfWork, member_ids: Sequence[int]) -> dict[int, list[EnrolmentRow]]:
    """The programs that members are in, by the number of each member."""
    found: dict[int, list[EnrolmentRow]] = {member_id: [] for member_id in member_ids}
    if found:
        for row in uow.rows(ENROLMENTS, member_ids=list(found)):
            found[row.member_id].append(row)
    return found


def remember_programs(uow: UnitOfWork, member: Member, enrolled: Sequence[EnrolmentRow]) -> None:
    """Note which programs a member is in, for `known_programs`; dropped when the unit changes that."""
    postings(uow).known["programs", member.wallet_id] = frozenset(one.program_id for one in enrolled)


def known_programs(uow: UnitOfWork, wallet_id: int) -> frozenset[int]:
    """The programs that the unit has read the member of a wallet is in; none where it has not."""
    found: frozenset[int] = postings(uow).known.get(("programs", wallet_id), frozenset())
    return found


def show_member(uow: UnitOfWork, row: Member, enrolled: Sequence[EnrolmentRow] | None = None) -> Shown:
    """A member with programs and tiers, which are looked up unless they are given."""
    if enrolled is None:
        enrolled = enrolments_of(uow, [row.id])[row.id]
    return _show_member(uow, row, enrolled)


def show_members(uow: UnitOfWork, rows: Sequence[Member]) -> list[Shown]:
    """Members with their programs and tiers, in the order given."""
    enrolled = enrolments_of(uow, [row.id for row in rows])
    return [_show_member(uow, row, enrolled[row.id]) for row in rows]


def show_found_members(uow: UnitOfWork, rows: Sequence[Member]) -> list[Shown]:
    """Members as the search shows them, in the order given."""
    enrolled = enrolments_of(uow, [row.id for row in rows])
    return [
        {
            **_show_identity(uow, row),
            "profile": row.profile,
            "loyaltyPrograms": _show_enrolments(enrolled[row.id]),
            "since": iso(row.created_ms),
        }
        for row in rows
    ]


def show_program(uow: UnitOfWork, row: Program) -> Shown:
    """A program."""
    is_default = row.id == programs(uow).default_id
    return {
        "loyaltyProgramId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramKey": row.program_key,
        "name": row.name,
        "description": row.description,
        "active": row.active,
        "isDefault": is_default,
        "setAsDefault": is_default,
        "ledgerId": row.ledger_id,
        "mainLedgerAccountId": row.main_account_id,
        "tierPointsLedgerAccountId": row.tier_account_id,
        "mainPortalId": row.main_portal_id,
        "defaultTierId": row.default_tier_id,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_tier(uow: UnitOfWork, row: Tier, default_tier_id: int | None) -> Shown:
    """A tier; the default one of its program is marked."""
    return {
        "loyaltyTierId": row.id,
        "loyaltyProgramId": row.program_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyTierKey": row.tier_key,
        "name": row.name,
        "active": row.active,
        "minRequiredPoints": row.min_required_points,
        "tierOrder": row.tier_order,
        "isDefault": row.id == default_tier_id,
        "pictureUrl": row.picture_url,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_tier_change(row: TierChange) -> Shown:
    """A change of a member's tier."""
    return {
        "memberTierHistoryId": row.id,
        "memberId": row.member_id,
        "loyaltyProgramId": row.program_id,
        "loyaltyTierId": row.tier_id,
        "loyaltyTierKey": row.tier_key,
        "expiresAt": None if row.expires_ms is None else iso(row.expires_ms),
        "createdAt": iso(row.created_ms),
    }


def _show_identity(uow: UnitOfWork, row: Member) -> Shown:
    return {
        "memberId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyMemberId": row.loyalty_member_id,
        "publicLoyaltyMemberId": row.public_loyalty_member_id,
        "memberType": row.member_type,
        "walletId": row.wallet_id,
        "active": row.active,
    }


def _show_member(uow: UnitOfWork, row: Member, enrolled: Sequence[EnrolmentRow]) -> Shown:
    return {
        **_show_identity(uow, row),
        "referralCode": row.referral_code,
        "onChain": row.on_chain,
        "profile": row.profile,
        "customAttributes": row.custom_attributes,
        "loyaltyPrograms": _show_enrolments(enrolled),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def _show_enrolments(enrolled: Sequence[EnrolmentRow]) -> list[Shown]:
    return [
        {
            "loyaltyProgramId": one.program_id,
            "loyaltyTierId": one.tier_id,
            "loyaltyTierKey": one.tier_key,
            "tierExpiresAt": None if one.tier_expires_ms is None else iso(one.tier_expires_ms),
        }
        for one in enrolled
    ]


def _found(row: Found | None, name: int | str) -> Found:
    if row is None:
        raise MemberNotFound(f"There is no member {name}.")
    return row
