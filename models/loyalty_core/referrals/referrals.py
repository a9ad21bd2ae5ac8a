"""Members who join by another member's code: counting them, and paying both sides once."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.kernel.json_values import Shown
from models.kernel.statements import columns_of, replaced, row_of
from models.loyalty_core.events.causes import causing
from models.loyalty_core.events.subscriptions import REFERRAL_PROGRAM, subscribers
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.members.event_context import EventContext, counts_in
from models.loyalty_core.members.payouts import Payment, pay, payout_account
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member
from models.loyalty_core.organization.programs import is_running
from models.loyalty_core.problems import RuleViolation
from models.loyalty_core.referrals.codes import ineligibility_of
from models.loyalty_core.referrals.problems import (
    ReferralCodeUnknown,
    ReferralCodeUsedUp,
    ReferralProgramNotActive,
    ReferralProgramNotBegun,
    ReferralProgramOver,
    ReferrerLimitReached,
    ReferrerUnfit,
)
from models.loyalty_core.referrals.programs import AT_CREATION, lock_program_of_referrals
from models.loyalty_core.referrals.queries import (
    ANY_PROGRAM,
    CODE,
    CODE_WITH_TEXT,
    COUNT_BY_CODE,
    COUNT_REFERRED,
    INSERT_REFERRAL,
    REFERRER,
    SET_PAID,
    UNPAID,
    UPDATE_REFERRER,
)
from models.loyalty_core.referrals.tables import Referral, ReferralCode, ReferralProgram, Referrer
from models.numbers import new_number
from models.uow import UnitOfWork

Obstacle = tuple[type[RuleViolation], str]
"""What a code that cannot be used is refused with, and the reason."""


def redeem(uow: UnitOfWork, member: Member, code: str) -> None:
    """Count a new member as referred by the owner of a code, and pay where that is due at once.

    Raises RuleViolation for a code that cannot be used, and what a payment does. An organization without referral
    programs takes any code, and does nothing.
    """
    found = uow.first(CODE_WITH_TEXT, code=code)
    if found is None:
        if uow.first(ANY_PROGRAM) is None:
            return
        raise ReferralCodeUnknown(f"There is no referral code {code}.")
    program = lock_program_of_referrals(uow, found.referral_program_id)
    row = uow.one(CODE, id=found.id)  # read again under the lock: others may have used the code since
    referrer = uow.one(REFERRER, program_id=program.id, member_id=row.member_id)
    obstacle = _obstacle(uow, program, row, referrer)
    if obstacle is not None:
        kind, reason = obstacle
        raise kind(f"The referral code {code} cannot be used: {reason}.")
    uow.execute(COUNT_REFERRED, program_id=program.id)
    uow.execute(COUNT_BY_CODE, code_id=row.id)
    referrer = replaced(referrer, referred_count=referrer.referred_count + 1, last_referred_ms=uow.now_ms)
    uow.execute(UPDATE_REFERRER, **columns_of(referrer))
    values = {
        "id": new_number(uow, Referral),
        "referral_program_id": program.id,
        "code_id": row.id,
        "referrer_id": row.member_id,
        "referred_id": member.id,
        "referrer_points": 0,
        "referred_points": 0,
        "paid_ms": None,
        "created_ms": uow.now_ms,
    }
    uow.insert(INSERT_REFERRAL, **values)
    if program.event_type == AT_CREATION:
        referral = row_of(Referral, tenant_id=uow.tenant_id, **values)
        _pay(uow, DueReferral(program, referrer, referral, _payments(uow, program, referral)))


@dataclass(frozen=True, slots=True)
class DueReferral:
    """A referral whose sides an event pays; its program is locked.

    `payments` are who gets how many points, in which ledger and account.
    """

    program: ReferralProgram
    referrer: Referrer
    referral: Referral
    payments: Sequence[Payment]


def lock_due_referral(uow: UnitOfWork, context: EventContext) -> DueReferral | None:
    """The referral of a member, where this is the event that both sides are paid for, with its program locked.

    While its loyalty program is not active nobody is paid. A referrer who is not active is not paid, nor then is the
    other. The referral stays unpaid either way, for the next such event. Raises NotFound, Conflict for an account that
    is not there.
    """
    program_ids = subscribers(uow, REFERRAL_PROGRAM, context.names)
    referral = uow.first(UNPAID, member_id=context.member.id) if program_ids else None
    if referral is None or referral.referral_program_id not in program_ids:
        return None
    program = lock_program_of_referrals(uow, referral.referral_program_id)
    referral = uow.first(UNPAID, member_id=context.member.id)  # as it is behind the lock
    if referral is None or not program.active or program.event_type not in context.names:
        return None
    if not counts_in(uow, context, program.program_id) or not find_member(uow, referral.referrer_id).active:
        return None
    referrer = uow.one(REFERRER, program_id=program.id, member_id=referral.referrer_id)
    return DueReferral(program, referrer, referral, _payments(uow, program, referral))


def pay_referral(uow: UnitOfWork, due: DueReferral) -> list[Shown]:
    """Pay both sides of a referral; the effects. Raises what `pay` does, LimitExceeded."""
    _pay(uow, due)
    return [
        show_effect(
            "mint-points",
            REFERRAL_PROGRAM,
            due.program.id,
            {"referralId": due.referral.id, "memberId": member.id, "amount": points},
        )
        for member, points, _ in due.payments
    ]


def _obstacle(uow: UnitOfWork, program: ReferralProgram, code: ReferralCode, referrer: Referrer) -> Obstacle | None:
    """None, or why a code cannot be used now. Its program is locked."""
    closed = _closed(uow, program)
    if closed is not None:
        return closed
    if program.max_per_referred < 1 or code.referred_count >= program.max_per_code:
        return ReferralCodeUsedUp, "it has been used as often as it may be"
    if referrer.referred_count >= program.max_per_referrer:
        return ReferrerLimitReached, "its member has referred as many as one may"
    ineligibility = ineligibility_of(uow, program, find_member(uow, code.member_id))
    return None if ineligibility is None else (ReferrerUnfit, f"its member {ineligibility[1]}")


def _closed(uow: UnitOfWork, program: ReferralProgram) -> Obstacle | None:
    """None, or why a referral program refers no members now."""
    if not program.active:
        return ReferralProgramNotActive, "the referral program is not active"
    if not is_running(uow, program.program_id):
        return ReferralProgramNotActive, f"the loyalty program {program.program_id} is not active"
    if program.valid_from_ms is not None and uow.now_ms < program.valid_from_ms:
        return ReferralProgramNotBegun, "the referral program has not begun"
    if program.valid_to_ms is not None and uow.now_ms > program.valid_to_ms:
        return ReferralProgramOver, "the referral program is over"
    return None


def _payments(uow: UnitOfWork, program: ReferralProgram, referral: Referral) -> list[Payment]:
    """What a program pays each side that gets anything. Raises NotFound, Conflict for an account that is not there."""
    sides = [
        (referral.referrer_id, program.referrer_points, program.referrer_ledger_id, program.referrer_account_id),
        (referral.referred_id, program.referred_points, program.referred_ledger_id, program.referred_account_id),
    ]
    return [
        (
            find_member(uow, member_id),
            points,
            payout_account(uow, program_id=program.program_id, ledger_id=ledger_id, account_id=account_id),
        )
        for member_id, points, ledger_id, account_id in sides
        if points
    ]


def _pay(uow: UnitOfWork, due: DueReferral) -> None:
    """Pay both sides what the locked program gives. Raises what `pay` does, LimitExceeded."""
    program, referrer = due.program, due.referrer
    if due.payments:
        uow.budget.spend_effects(len(due.payments))
        with causing(uow, f"{REFERRAL_PROGRAM}/{program.id}"):
            pay(uow, due.payments, Note(description=f"Referral program {program.code}"))
    uow.execute(
        SET_PAID,
        referral_id=due.referral.id,
        referrer_points=program.referrer_points,
        referred_points=program.referred_points,
        paid_ms=uow.now_ms,
    )
    paid = replaced(
        referrer,
        paid_count=referrer.paid_count + 1,
        referrer_points=referrer.referrer_points + program.referrer_points,
        referred_points=referrer.referred_points + program.referred_points,
    )
    uow.execute(UPDATE_REFERRER, **columns_of(paid))
