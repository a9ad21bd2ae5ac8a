"""Members as the API shows them, and finding them, their programs and tiers."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from models.kernel.times import iso
from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.problems import NotFound
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def find_member(uow: UnitOfWork, member_id: int) -> Member:
    """A member by number, active or not. Raises NotFound."""
    row = uow.session.get(Member, (uow.tenant_id, member_id))
    if row is None:
        raise NotFound(f"There is no member {member_id}.")
    return row


def lock_member(uow: UnitOfWork, member_id: int) -> Member:
    """A member by number, locked until the unit ends: what is counted of a member is counted under this. Raises NotFound."""
    row = uow.lock(uow.scoped(Member).where(Member.id == member_id))
    if row is None:
        raise NotFound(f"There is no member {member_id}.")
    return row


def find_loyalty_member(uow: UnitOfWork, loyalty_member_id: str) -> Member:
    """A member by the organization's own id, active or not. Raises NotFound."""
    row = _named(uow, loyalty_member_id)
    if row is None:
        raise NotFound(f"There is no member {loyalty_member_id}.")
    return row


def number_of(uow: UnitOfWork, loyalty_member_id: str) -> int | None:
    """The number of a member by the organization's own id; None where nobody has it."""
    row = _named(uow, loyalty_member_id)
    return None if row is None else row.id


def find_program(uow: UnitOfWork, program_id: int) -> Program:
    """A program, active or not. Raises NotFound."""
    row = uow.session.get(Program, (uow.tenant_id, program_id))
    if row is None:
        raise NotFound(f"There is no loyalty program {program_id}.")
    return row


def found_program_id(uow: UnitOfWork, program_id: int | None) -> int | None:
    """The number of a program, which is there, or None for none. Raises NotFound."""
    return None if program_id is None else find_program(uow, program_id).id


def find_tier(uow: UnitOfWork, program_id: int, tier_id: int) -> Tier:
    """A tier of a program, active or not. Raises NotFound."""
    row = uow.session.get(Tier, (uow.tenant_id, tier_id))
    if row is None or row.program_id != program_id:
        raise NotFound(f"The loyalty program {program_id} has no tier {tier_id}.")
    return row


def show_member(uow: UnitOfWork, row: Member) -> dict[str, Any]:
    """A member with programs and tiers."""
    return show_members(uow, [row])[0]


def show_members(uow: UnitOfWork, rows: Sequence[Member]) -> list[dict[str, Any]]:
    """Members with their programs and tiers, in the order given."""
    programs = programs_of(uow, rows)
    return [
        {
            "memberId": row.id,
            "organizationId": organization_id(uow.tenant, uow.directory),
            "loyaltyMemberId": row.loyalty_member_id,
            "publicLoyaltyMemberId": row.public_loyalty_member_id,
            "memberType": row.member_type,
            "walletId": row.wallet_id,
            "active": row.active,
            "referralCode": row.referral_code,
            "onChain": row.on_chain,
            "profile": row.profile,
            "customAttributes": row.custom_attributes,
            "loyaltyPrograms": programs[row.id],
            "createdAt": iso(row.created_ms),
            "updatedAt": iso(row.updated_ms),
        }
        for row in rows
    ]


def programs_of(uow: UnitOfWork, rows: Sequence[Member]) -> dict[int, list[dict[str, Any]]]:
    """The programs and tiers of each member, by the member's number."""
    shown: dict[int, list[dict[str, Any]]] = {row.id: [] for row in rows}
    if not shown:
        return shown
    found = uow.session.execute(
        select(Enrolment, Tier.tier_key)
        .outerjoin(Tier, and_(Tier.tenant_id == Enrolment.tenant_id, Tier.id == Enrolment.tier_id))
        .where(Enrolment.tenant_id == uow.tenant_id, Enrolment.member_id.in_(shown))
        .order_by(Enrolment.member_id, Enrolment.program_id)
    )
    for enrolment, tier_key in found:
        expires_ms = enrolment.tier_expires_ms
        shown[enrolment.member_id].append(
            {
                "loyaltyProgramId": enrolment.program_id,
                "loyaltyTierId": enrolment.tier_id,
                "loyaltyTierKey": tier_key,
                "tierExpiresAt": None if expires_ms is None else iso(expires_ms),
            }
        )
    return shown


def _named(uow: UnitOfWork, loyalty_member_id: str) -> Member | None:
    return uow.session.scalars(uow.scoped(Member).where(Member.loyalty_member_id == loyalty_member_id)).first()
