"""Members in programs: their tiers there, set by hand or by rule, and the history of these.

The order of locks: jobs of a tier, then balances that decide on it, then enrolments by the number of their members. The
dispatcher holds a job while it runs it, so whoever removes jobs does it before anything is locked.
"""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.events.log import emit
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.tables import Enrolment, Member, Tier, TierChange
from models.loyalty_core.members.views import find_loyalty_member, find_member, find_program, find_tier
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import NotFound, RuleViolation
from models.numbers import new_number
from models.outbox.outbox import schedule, unschedule
from models.uow import UnitOfWork

TIER_EXPIRY_JOB = "tier-expiry"


def set_tier(uow: UnitOfWork, member_id: int, program_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Put a member into a tier by hand, or into none; the tier that the member is in now.

    Raises NotFound for member, program and tier, RuleViolation for a tier that is not active or a time that has passed.
    """
    return _set_tier(uow, find_member(uow, member_id), program_id, body)


def set_tier_by_own_id(uow: UnitOfWork, loyalty_member_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """The same for a member by the organization's own id, with the program in the body."""
    return _set_tier(uow, find_loyalty_member(uow, loyalty_member_id), body["loyaltyProgramId"], body)


def leave(uow: UnitOfWork, member_id: int, program_id: int) -> None:
    """Take a member out of a program. Raises NotFound for member and program, and for a member who is not in it."""
    member, program = find_member(uow, member_id), find_program(uow, program_id)
    unschedule(uow, TIER_EXPIRY_JOB, _subject(member, program))
    row = lock_enrolment(uow, member_id, program_id)
    if row is None:
        raise NotFound(f"The member {member_id} is not in the loyalty program {program_id}.")
    if row.tier_id is not None:
        put_tier(uow, member, program, row, None)
    uow.session.delete(row)


def list_tier_history(
    uow: UnitOfWork, member_id: int, program_id: int, *, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of a member's tier changes in a program. Raises NotFound for either, InvalidInput for an unknown order."""
    find_member(uow, member_id)
    find_program(uow, program_id)
    matching = uow.scoped(TierChange).where(TierChange.member_id == member_id, TierChange.program_id == program_id)
    columns = {
        "id": TierChange.id,
        "createdAt": TierChange.created_ms,
        "expiresAt": TierChange.expires_ms,
        "loyaltyTierId": TierChange.tier_id,
    }
    rows, total = page_of(uow, matching, columns, page=page, limit=limit, order=order)
    return show_page([_show_change(row) for row in rows], total, page, limit)


def lock_enrolment(uow: UnitOfWork, member_id: int, program_id: int) -> Enrolment | None:
    """A member's enrolment in a program, locked until the unit ends; None for none."""
    return uow.lock(uow.scoped(Enrolment).where(Enrolment.member_id == member_id, Enrolment.program_id == program_id))


def new_enrolment(uow: UnitOfWork, member: Member, program: Program) -> Enrolment:
    """A member in a program, with no tier yet. Of two at once, the later is tried again as a whole."""
    row = Enrolment(
        tenant_id=uow.tenant_id,
        member_id=member.id,
        program_id=program.id,
        tier_id=None,
        manual=False,
        tier_expires_ms=None,
        created_ms=uow.now_ms,
    )
    uow.session.add(row)
    return row


def put_tier(
    uow: UnitOfWork,
    member: Member,
    program: Program,
    row: Enrolment,
    tier_id: int | None,
    *,
    manual: bool = False,
    expires_ms: int | None = None,
) -> None:
    """Change a locked enrolment's tier, write history and tell of it; what is so already leaves no trace."""
    before_id = row.tier_id
    row.manual = manual
    if (before_id, row.tier_expires_ms) == (tier_id, expires_ms):
        return
    row.tier_id, row.tier_expires_ms = tier_id, expires_ms
    key = _tier_key(uow, tier_id)
    uow.session.add(
        TierChange(
            tenant_id=uow.tenant_id,
            id=new_number(uow, TierChange),
            member_id=member.id,
            program_id=program.id,
            tier_id=tier_id,
            tier_key=key,
            expires_ms=expires_ms,
            created_ms=uow.now_ms,
        )
    )
    if tier_id is not None or before_id is not None:
        emit(
            uow,
            "member-tier-removed" if tier_id is None else "member-tier-set",
            {
                "loyaltyMemberId": member.loyalty_member_id,
                "loyaltyProgramId": program.id,
                "loyaltyProgramKey": program.program_key,
                "previousLoyaltyTierId": before_id,
                "previousLoyaltyTierKey": _tier_key(uow, before_id),
                "loyaltyTierId": tier_id,
                "loyaltyTierKey": key,
                "expiresAt": None if expires_ms is None else iso(expires_ms),
            },
            member_id=member.id,
        )


def _set_tier(uow: UnitOfWork, member: Member, program_id: int, body: dict[str, Any]) -> dict[str, Any]:
    program, tier_id = find_program(uow, program_id), body.get("loyaltyTierId")
    if tier_id is not None and not find_tier(uow, program_id, tier_id).active:
        raise RuleViolation(f"The tier {tier_id} is not active.")
    expires_ms = bounded_ms(body["expiresAt"]) if "expiresAt" in body else None
    if expires_ms is not None and expires_ms <= uow.now_ms:
        raise RuleViolation("The time in expiresAt has passed.")
    subject = _subject(member, program)
    unschedule(uow, TIER_EXPIRY_JOB, subject)
    row = lock_enrolment(uow, member.id, program_id) or new_enrolment(uow, member, program)
    # A tier that is only taken away leaves the rule in force: the member is judged again when points change.
    put_tier(
        uow, member, program, row, tier_id, manual=tier_id is not None or expires_ms is not None, expires_ms=expires_ms
    )
    if expires_ms is not None:
        schedule(uow, TIER_EXPIRY_JOB, subject, expires_ms)
    return {"loyaltyTierId": tier_id}


def _subject(member: Member, program: Program) -> str:
    return f"{member.id}/{program.id}"


def _tier_key(uow: UnitOfWork, tier_id: int | None) -> str | None:
    tier = None if tier_id is None else uow.session.get(Tier, (uow.tenant_id, tier_id))
    return None if tier is None else tier.tier_key


def _show_change(row: TierChange) -> dict[str, Any]:
    return {
        "memberTierHistoryId": row.id,
        "memberId": row.member_id,
        "loyaltyProgramId": row.program_id,
        "loyaltyTierId": row.tier_id,
        "loyaltyTierKey": row.tier_key,
        "expiresAt": None if row.expires_ms is None else iso(row.expires_ms),
        "createdAt": iso(row.created_ms),
    }
