"""Enrolments of members in programs: their tiers there, set by hand or by rule, and the history of these.

The order of locks: jobs of a tier, then balances that decide on it, then enrolments by the number of their members. The
dispatcher holds a job while it runs it, so jobs are removed before anything is locked.
"""

from collections.abc import Sequence

from models.kernel.findings import Findings, findings
from models.kernel.times import iso
from models.ledger import postings
from models.loyalty_core.events.log import emit, member_changed
from models.loyalty_core.members.input import TierChoice
from models.loyalty_core.members.ladders import tier_key
from models.loyalty_core.members.problems import TierExpiryPassed, TierNotActive
from models.loyalty_core.members.queries import (
    DELETE_ENROLMENT,
    ENROLMENT,
    ENROLMENTS_IN,
    INSERT_ENROLMENT,
    INSERT_TIER_CHANGE,
    LIST_TIER_CHANGES,
    SET_ENROLMENT,
)
from models.loyalty_core.members.tables import Enrolment, Member, TierChange
from models.loyalty_core.members.views import find_loyalty_member, find_member, find_program, find_tier
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import EnrolmentNotFound
from models.numbers import new_number
from models.outbox.outbox import lock_jobs, schedule, unschedule
from models.uow import UnitOfWork

TIER_EXPIRY_JOB = "tier-expiry"


def set_tier(uow: UnitOfWork, member_id: int, program_id: int, choice: TierChoice) -> None:
    """Put a member into a tier by hand, or into none.

    Raises NotFound for member, program and tier, RuleViolation for a tier that is not active or a time that has passed.
    """
    member, program = find_member(uow, member_id), find_program(uow, program_id)
    with findings() as found:
        _find_faults(uow, found, program.id, choice)
    _set_tier(uow, member, program, choice)


def set_tier_by_own_id(uow: UnitOfWork, loyalty_member_id: str, program_id: int, choice: TierChoice) -> None:
    """The same for a member by the organization's own id."""
    member = find_loyalty_member(uow, loyalty_member_id)
    with findings() as found:
        with found.at("/loyaltyProgramId"):
            program = find_program(uow, program_id)
        _find_faults(uow, found, program_id, choice)
    _set_tier(uow, member, program, choice)


def leave(uow: UnitOfWork, member_id: int, program_id: int) -> None:
    """Take a member out of a program. Raises NotFound for member and program, and for a member who is not in it."""
    member, program = find_member(uow, member_id), find_program(uow, program_id)
    unschedule(uow, TIER_EXPIRY_JOB, _subject(member.id, program.id))
    row = lock_enrolment(uow, member_id, program_id)
    if row is None:
        raise EnrolmentNotFound(f"The member {member_id} is not in the loyalty program {program_id}.")
    if row.tier_id is not None:
        _record_change(uow, member, program, row.tier_id, None, None)
    uow.execute(DELETE_ENROLMENT, member_id=member_id, program_id=program_id)
    member_changed(uow)
    _forget_standings(uow, member)


def list_tier_history(uow: UnitOfWork, member_id: int, program_id: int, paging: Paging) -> tuple[list[TierChange], int]:
    """A page of a member's tier changes in a program, and how many there are.

    Raises NotFound for either, InvalidInput for an unknown order.
    """
    find_member(uow, member_id)
    find_program(uow, program_id)
    return LIST_TIER_CHANGES.page(uow, paging, member_id=member_id, program_id=program_id)


def lock_enrolment(uow: UnitOfWork, member_id: int, program_id: int) -> Enrolment | None:
    """A member's enrolment in a program, read only, locked until the unit ends; None for none."""
    return uow.lock_row(ENROLMENT, member_id=member_id, program_id=program_id)


def lock_enrolments(uow: UnitOfWork, member: Member, program_ids: Sequence[int]) -> None:
    """Lock a member's enrolments in programs, as far as there are any, in the order of the programs."""
    uow.lock_rows(ENROLMENTS_IN, member_id=member.id, program_ids=program_ids)


def lock_tier_expiries(uow: UnitOfWork, member: Member, program_ids: Sequence[int]) -> None:
    """Lock the jobs that end a member's tiers in programs, where there are any, before what they lock."""
    lock_jobs(uow, TIER_EXPIRY_JOB, [_subject(member.id, program_id) for program_id in program_ids])


def put_tier(
    uow: UnitOfWork,
    member: Member,
    program: Program,
    before: Enrolment | None,
    tier_id: int | None,
    *,
    manual: bool = False,
    expires_ms: int | None = None,
) -> None:
    """Change the tier of a locked enrolment, or enrol a member who is not in the program yet.

    Writes history if the tier or its expiry changes, and an event if the tier changes. If two units enrol a member at
    once, the later one is retried as a whole.
    """
    before_id, before_expires_ms = (None, None) if before is None else (before.tier_id, before.tier_expires_ms)
    is_changed = (before_id, before_expires_ms) != (tier_id, expires_ms)
    if before is None:
        uow.insert(
            INSERT_ENROLMENT,
            member_id=member.id,
            program_id=program.id,
            tier_id=tier_id,
            manual=manual,
            tier_expires_ms=expires_ms,
            created_ms=uow.now_ms,
        )
    elif is_changed or manual != before.manual:
        uow.execute(
            SET_ENROLMENT,
            of_member=member.id,
            of_program=program.id,
            new_tier_id=tier_id,
            new_manual=manual,
            new_expires_ms=expires_ms,
        )
    _forget_standings(uow, member)
    if is_changed:
        _record_change(uow, member, program, before_id, tier_id, expires_ms)
    if before is None:
        member_changed(uow)


def _record_change(
    uow: UnitOfWork,
    member: Member,
    program: Program,
    before_id: int | None,
    tier_id: int | None,
    expires_ms: int | None,
) -> None:
    """Write the history of a tier, and the event where it is another tier than before."""
    key = tier_key(uow, tier_id)
    uow.insert_at_end(
        INSERT_TIER_CHANGE,
        id=new_number(uow, TierChange),
        member_id=member.id,
        program_id=program.id,
        tier_id=tier_id,
        tier_key=key,
        expires_ms=expires_ms,
        created_ms=uow.now_ms,
    )
    if tier_id != before_id:
        emit(
            uow,
            "member-tier-removed" if tier_id is None else "member-tier-set",
            {
                "loyaltyMemberId": member.loyalty_member_id,
                "loyaltyProgramId": program.id,
                "loyaltyProgramKey": program.program_key,
                "previousLoyaltyTierId": before_id,
                "previousLoyaltyTierKey": tier_key(uow, before_id),
                "loyaltyTierId": tier_id,
                "loyaltyTierKey": key,
                "expiresAt": None if expires_ms is None else iso(expires_ms),
            },
            member_id=member.id,
        )


def _find_faults(uow: UnitOfWork, found: Findings, program_id: int, choice: TierChoice) -> None:
    """Find a tier that the program does not have, or that is not active, and a time that has passed."""
    with found.at("/loyaltyTierId"):
        if choice.tier_id is not None and not find_tier(uow, program_id, choice.tier_id).active:
            raise TierNotActive(f"The tier {choice.tier_id} is not active.")
    with found.at("/expiresAt"):
        if choice.expires_ms is not None and choice.expires_ms <= uow.now_ms:
            raise TierExpiryPassed("expiresAt must be in the future.")


def _set_tier(uow: UnitOfWork, member: Member, program: Program, choice: TierChoice) -> None:
    tier_id, expires_ms = choice.tier_id, choice.expires_ms
    subject = _subject(member.id, program.id)
    unschedule(uow, TIER_EXPIRY_JOB, subject)
    # A tier that is only taken away leaves the rule in force: the member is judged again when points change.
    put_tier(
        uow,
        member,
        program,
        lock_enrolment(uow, member.id, program.id),
        tier_id,
        manual=tier_id is not None or expires_ms is not None,
        expires_ms=expires_ms,
    )
    if expires_ms is not None:
        schedule(uow, TIER_EXPIRY_JOB, subject, expires_ms)


def _subject(member_id: int, program_id: int) -> str:
    return f"{member_id}/{program_id}"


def _forget_standings(uow: UnitOfWork, member: Member) -> None:
    """Drop what the unit has read of a member's enrolments (`tier_rules.points_changed`)."""
    known = postings(uow).known
    for key in [key for key in known if key[0] in ("standing", "programs") and key[-1] == member.wallet_id]:
        del known[key]
