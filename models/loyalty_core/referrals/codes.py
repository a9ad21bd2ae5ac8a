"""Referral codes: giving them to members, and what came of them."""

from collections.abc import Sequence
from typing import Any

from models.kernel.times import iso
from models.loyalty_core.audiences.audiences import is_in
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member
from models.loyalty_core.paging import page_of, rows_of_page, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.referrals.programs import find_program_of_referrals, lock_program_of_referrals
from models.loyalty_core.referrals.tables import Referral, ReferralCode, ReferralProgram, Referrer
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

CODE_ORDERS = {
    "referralCodeId": ReferralCode.id,
    "code": ReferralCode.code,
    "referredCount": ReferralCode.referred_count,
    "createdAt": ReferralCode.created_ms,
}
REFERRED_ORDERS = {
    "referralId": Referral.id,
    "memberId": Referral.referred_id,
    "createdAt": Referral.created_ms,
    "paidAt": Referral.paid_ms,
}
REPORT_ORDERS = {
    "memberId": Referrer.member_id,
    "codeCount": Referrer.code_count,
    "referredCount": Referrer.referred_count,
    "paidCount": Referrer.paid_count,
    "referrerPoints": Referrer.referrer_points,
    "lastReferredAt": Referrer.last_referred_ms,
    "createdAt": Referrer.created_ms,
}


def create_codes(
    uow: UnitOfWork, referral_program_id: int, member_id: int, codes: Sequence[str]
) -> list[dict[str, Any]]:
    """Give a member codes, all or none. Raises NotFound; Conflict for a code that is taken, or a member who may not refer."""
    program, member = lock_program_of_referrals(uow, referral_program_id), find_member(uow, member_id)
    reason = unfit(uow, program, member)
    if reason is not None:
        raise Conflict(f"The member {member_id} {reason}.")
    taken = uow.session.scalars(
        uow.scoped(ReferralCode).where(ReferralCode.code.in_(codes)).order_by(ReferralCode.id)
    ).first()
    if taken is not None:
        raise Conflict(f"The referral code {taken.code} is taken.")
    referrer = uow.session.get(Referrer, (uow.tenant_id, referral_program_id, member_id))
    if referrer is None:
        referrer = Referrer(
            tenant_id=uow.tenant_id,
            referral_program_id=referral_program_id,
            member_id=member_id,
            code_count=0,
            referred_count=0,
            paid_count=0,
            referrer_points=0,
            referred_points=0,
            last_referred_ms=None,
            created_ms=uow.now_ms,
        )
        uow.session.add(referrer)
    referrer.code_count += len(codes)
    rows = [
        ReferralCode(
            tenant_id=uow.tenant_id,
            id=new_number(uow, ReferralCode),
            referral_program_id=referral_program_id,
            member_id=member_id,
            code=code,
            referred_count=0,
            created_ms=uow.now_ms,
        )
        for code in codes
    ]
    uow.session.add_all(rows)
    return [_show_code(uow, row) for row in rows]


def unfit(uow: UnitOfWork, program: ReferralProgram, referrer: Member) -> str | None:
    """None, or why a member may not refer others in a program now."""
    if not referrer.active:
        return "is not active"
    if program.audience_id is not None and not is_in(uow, program.audience_id, member_context(uow, referrer)):
        return "is not in the audience of the referral program"
    return None


def list_codes(
    uow: UnitOfWork, referral_program_id: int, *, member_id: int | None, page: int, limit: int, order: str | None
) -> list[dict[str, Any]]:
    """The codes of a page, of one member or of all. Raises NotFound, InvalidInput for an unknown order."""
    find_program_of_referrals(uow, referral_program_id)
    matching = uow.scoped(ReferralCode).where(ReferralCode.referral_program_id == referral_program_id)
    if member_id is not None:
        matching = matching.where(ReferralCode.member_id == member_id)
    return [
        _show_code(uow, row) for row in rows_of_page(uow, matching, CODE_ORDERS, page=page, limit=limit, order=order)
    ]


def list_referred(
    uow: UnitOfWork, referral_program_id: int, referral_code_id: int, *, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of those who came by a code. Raises NotFound, InvalidInput for an unknown order."""
    find_program_of_referrals(uow, referral_program_id)
    code = uow.session.get(ReferralCode, (uow.tenant_id, referral_code_id))
    if code is None or code.referral_program_id != referral_program_id:
        raise NotFound(f"The referral program {referral_program_id} has no code {referral_code_id}.")
    matching = uow.scoped(Referral).where(Referral.code_id == referral_code_id)
    rows, total = page_of(uow, matching, REFERRED_ORDERS, page=page, limit=limit, order=order)
    members = _members(uow, [row.referred_id for row in rows])
    return show_page([_show_referral(row, members[row.referred_id]) for row in rows], total, page, limit)


def report_members(
    uow: UnitOfWork, referral_program_id: int, *, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of those who have codes in a program, with what came of them. Raises NotFound, InvalidInput."""
    find_program_of_referrals(uow, referral_program_id)
    matching = uow.scoped(Referrer).where(Referrer.referral_program_id == referral_program_id)
    rows, total = page_of(uow, matching, REPORT_ORDERS, page=page, limit=limit, order=order)
    members = _members(uow, [row.member_id for row in rows])
    return show_page([_show_referrer(row, members[row.member_id]) for row in rows], total, page, limit)


def _members(uow: UnitOfWork, numbers: Sequence[int]) -> dict[int, Member]:
    return {row.id: row for row in uow.session.scalars(uow.scoped(Member).where(Member.id.in_(numbers)))}


def _show_code(uow: UnitOfWork, row: ReferralCode) -> dict[str, Any]:
    return {
        "referralCodeId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "referralProgramId": row.referral_program_id,
        "memberId": row.member_id,
        "code": row.code,
        "referredCount": row.referred_count,
        "createdAt": iso(row.created_ms),
    }


def _show_referral(row: Referral, member: Member) -> dict[str, Any]:
    return {
        "referralId": row.id,
        "referralProgramId": row.referral_program_id,
        "referralCodeId": row.code_id,
        "referrerMemberId": row.referrer_id,
        "memberId": row.referred_id,
        "loyaltyMemberId": member.loyalty_member_id,
        "status": "pending" if row.paid_ms is None else "paid",
        "referrerPoints": row.referrer_points,
        "referredPoints": row.referred_points,
        "createdAt": iso(row.created_ms),
        "paidAt": None if row.paid_ms is None else iso(row.paid_ms),
    }


def _show_referrer(row: Referrer, member: Member) -> dict[str, Any]:
    return {
        "memberId": row.member_id,
        "loyaltyMemberId": member.loyalty_member_id,
        "codeCount": row.code_count,
        "referredCount": row.referred_count,
        "paidCount": row.paid_count,
        "pendingCount": row.referred_count - row.paid_count,
        "referrerPoints": row.referrer_points,
        "referredPoints": row.referred_points,
        "lastReferredAt": None if row.last_referred_ms is None else iso(row.last_referred_ms),
        "createdAt": iso(row.created_ms),
    }
