"""Members who come by a code of another: counting them, and paying both sides once."""

from typing import Any

from sqlalchemy import select

from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.subscriptions import REFERRAL_PROGRAM, listening
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.members.event_context import EventContext
from models.loyalty_core.members.payouts import pay, payout_account
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member
from models.loyalty_core.problems import RuleViolation
from models.loyalty_core.referrals.codes import unfit
from models.loyalty_core.referrals.programs import AT_CREATION, lock_program_of_referrals
from models.loyalty_core.referrals.tables import Referral, ReferralCode, ReferralProgram, Referrer
from models.numbers import new_number
from models.uow import UnitOfWork


def redeem(uow: UnitOfWork, member: Member, code: str) -> None:
    """Count a new member as referred by the owner of a code, and pay where that is due at once.

    Raises RuleViolation for a code that cannot be used, and what a payment does. An organization without referral programs
    takes any code, and does nothing.
    """
    row = uow.session.scalars(uow.scoped(ReferralCode).where(ReferralCode.code == code)).first()
    if row is None:
        if (
            uow.session.scalar(select(ReferralProgram.id).where(ReferralProgram.tenant_id == uow.tenant_id).limit(1))
            is None
        ):
            return
        raise RuleViolation(f"There is no referral code {code}.")
    program = lock_program_of_referrals(uow, row.referral_program_id)
    # Read again behind the lock: others may have come by the code since.
    uow.session.refresh(row)
    referrer = _referrer(uow, program, row.member_id)
    reason = _obstacle(uow, program, row, referrer)
    if reason is not None:
        raise RuleViolation(f"The referral code {code} cannot be used: {reason}.")
    for counted in (program, row, referrer):
        counted.referred_count += 1
    referrer.last_referred_ms = uow.now_ms
    referral = Referral(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Referral),
        referral_program_id=program.id,
        code_id=row.id,
        referrer_id=row.member_id,
        referred_id=member.id,
        referrer_points=0,
        referred_points=0,
        paid_ms=None,
        created_ms=uow.now_ms,
    )
    uow.session.add(referral)
    if program.event_type == AT_CREATION:
        _pay(uow, program, referrer, referral)


def pay_for_event(uow: UnitOfWork, context: EventContext) -> list[dict[str, Any]]:
    """Pay both sides where this is the event of a referred member that they are paid for; the effects.

    A referrer who is not active is not paid, nor then is the other. Raises what a payment does. The referral stays unpaid
    either way, for the next such event.
    """
    referral = uow.session.scalars(
        uow.scoped(Referral).where(Referral.referred_id == context.member.id, Referral.paid_ms.is_(None))
    ).first()
    if referral is None or referral.referral_program_id not in listening(uow, REFERRAL_PROGRAM, context.names):
        return []
    program = lock_program_of_referrals(uow, referral.referral_program_id)
    uow.session.refresh(referral)
    if referral.paid_ms is not None or not program.active or program.event_type not in context.names:
        return []
    if not find_member(uow, referral.referrer_id).active:
        return []
    paid = _pay(uow, program, _referrer(uow, program, referral.referrer_id), referral)
    return [
        show_effect(
            "mint-points",
            REFERRAL_PROGRAM,
            program.id,
            {"referralId": referral.id, "memberId": member.id, "amount": points},
        )
        for member, points, _ in paid
    ]


def _obstacle(uow: UnitOfWork, program: ReferralProgram, code: ReferralCode, referrer: Referrer) -> str | None:
    """None, or why a code cannot be used now. Its program is locked."""
    if not program.active:
        return "the referral program is not active"
    if program.valid_from_ms is not None and uow.now_ms < program.valid_from_ms:
        return "the referral program has not begun"
    if program.valid_to_ms is not None and uow.now_ms > program.valid_to_ms:
        return "the referral program is over"
    if program.max_per_referred < 1 or code.referred_count >= program.max_per_code:
        return "it has been used as often as it may be"
    if referrer.referred_count >= program.max_per_referrer:
        return "its member has referred as many as one may"
    reason = unfit(uow, program, find_member(uow, code.member_id))
    return None if reason is None else f"its member {reason}"


def _referrer(uow: UnitOfWork, program: ReferralProgram, member_id: int) -> Referrer:
    """Whom a code of a locked program belongs to, as it is behind the lock."""
    return uow.session.scalars(
        uow.scoped(Referrer)
        .where(Referrer.referral_program_id == program.id, Referrer.member_id == member_id)
        .execution_options(populate_existing=True)
    ).one()


def _pay(
    uow: UnitOfWork, program: ReferralProgram, referrer: Referrer, referral: Referral
) -> list[tuple[Member, int, tuple[int, int]]]:
    """Pay both sides what the locked program gives; (member, points, account) of each that gets any. Raises what `pay` does, LimitExceeded."""
    sides = [
        (referral.referrer_id, program.referrer_points, program.referrer_ledger_id, program.referrer_account_id),
        (referral.referred_id, program.referred_points, program.referred_ledger_id, program.referred_account_id),
    ]
    payments = [
        (
            find_member(uow, member_id),
            points,
            payout_account(uow, program_id=program.program_id, ledger_id=ledger_id, account_id=account_id),
        )
        for member_id, points, ledger_id, account_id in sides
        if points
    ]
    if payments:
        uow.budget.spend_effects(len(payments))
        with causing(uow, f"{REFERRAL_PROGRAM}/{program.id}"):
            pay(uow, payments, Note(description=f"Referral program {program.code}"))
    referral.referrer_points, referral.referred_points, referral.paid_ms = (
        program.referrer_points,
        program.referred_points,
        uow.now_ms,
    )
    referrer.paid_count += 1
    referrer.referrer_points += program.referrer_points
    referrer.referred_points += program.referred_points
    return payments
