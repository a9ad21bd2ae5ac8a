"""Referral codes: giving them to members, and who was referred by them."""

from collections.abc import Sequence

from models.kernel.findings import findings
from models.kernel.statements import columns_of, replaced, row_of
from models.loyalty_core.audiences.audiences import is_in
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import Conflict, MemberNotActive
from models.loyalty_core.referrals.problems import MemberNotInAudience, ReferralCodeNotFound, ReferralCodeTaken
from models.loyalty_core.referrals.programs import find_program_of_referrals, lock_program_of_referrals
from models.loyalty_core.referrals.queries import (
    ATTRIBUTED_REFERRALS,
    CODE,
    CODES,
    INSERT_CODE,
    INSERT_REFERRER,
    REFERRED,
    REFERRER,
    REFERRERS,
    TAKEN,
    UPDATE_REFERRER,
    Referred,
    ReferrerLine,
)
from models.loyalty_core.referrals.tables import Referral, ReferralCode, ReferralProgram
from models.numbers import new_number
from models.uow import UnitOfWork


def create_codes(uow: UnitOfWork, referral_program_id: int, member_id: int, codes: Sequence[str]) -> list[ReferralCode]:
    """Give a member codes, all or none.

    Raises NotFound; Conflict for a code that is taken, or a member who may not refer.
    """
    program = lock_program_of_referrals(uow, referral_program_id)
    with findings() as found:
        with found.at("/memberId"):
            ineligibility = ineligibility_of(uow, program, find_member(uow, member_id))
            if ineligibility is not None:
                kind, reason = ineligibility
                raise kind(f"The member {member_id} {reason}.")
        taken = set(uow.rows(TAKEN, codes=codes))
        for place, code in enumerate(codes):
            with found.at(f"/codes/{place}"):
                if code in taken:
                    raise ReferralCodeTaken(f"The referral code {code} is taken.")
    _count_codes(uow, referral_program_id, member_id, len(codes))
    rows = [
        {
            "id": new_number(uow, ReferralCode),
            "referral_program_id": referral_program_id,
            "member_id": member_id,
            "code": code,
            "referred_count": 0,
            "created_ms": uow.now_ms,
        }
        for code in codes
    ]
    uow.insert_many(INSERT_CODE, rows)
    return [row_of(ReferralCode, tenant_id=uow.tenant_id, **row) for row in rows]


def _count_codes(uow: UnitOfWork, referral_program_id: int, member_id: int, count: int) -> None:
    """Count new codes of a member. The program is locked."""
    referrer = uow.first(REFERRER, program_id=referral_program_id, member_id=member_id)
    if referrer is not None:
        uow.execute(UPDATE_REFERRER, **columns_of(replaced(referrer, code_count=referrer.code_count + count)))
        return
    uow.insert(
        INSERT_REFERRER,
        referral_program_id=referral_program_id,
        member_id=member_id,
        code_count=count,
        referred_count=0,
        paid_count=0,
        referrer_points=0,
        referred_points=0,
        created_ms=uow.now_ms,
    )


def ineligibility_of(uow: UnitOfWork, program: ReferralProgram, referrer: Member) -> tuple[type[Conflict], str] | None:
    """None, or why a member may not refer others in a program now: what that is refused with, and the reason."""
    if not referrer.active:
        return MemberNotActive, "is not active"
    if program.audience_id is not None and not is_in(uow, program.audience_id, member_context(uow, referrer)):
        return MemberNotInAudience, "is not in the audience of the referral program"
    return None


def list_codes(
    uow: UnitOfWork, referral_program_id: int, paging: Paging, *, member_id: int | None
) -> list[ReferralCode]:
    """The codes of a page, of one member or of all. Raises NotFound, InvalidInput for an unknown order."""
    find_program_of_referrals(uow, referral_program_id)
    return CODES.rows(uow, paging, referral_program_id=referral_program_id, member_id=member_id)


def list_referred(
    uow: UnitOfWork, referral_program_id: int, referral_code_id: int, paging: Paging
) -> tuple[list[Referred], int]:
    """A page of the members who were referred by a code, and how many there are.

    Raises NotFound, InvalidInput for an unknown order.
    """
    find_program_of_referrals(uow, referral_program_id)
    code = uow.first(CODE, id=referral_code_id)
    if code is None or code.referral_program_id != referral_program_id:
        raise ReferralCodeNotFound(f"The referral program {referral_program_id} has no code {referral_code_id}.")
    return REFERRED.page(uow, paging, code_id=referral_code_id)


def attributed_referrals(uow: UnitOfWork, member_id: int) -> list[Referral]:
    """The referrals of a member as the referred side, the oldest first."""
    return uow.rows(ATTRIBUTED_REFERRALS, member_id=member_id)


def report_members(uow: UnitOfWork, referral_program_id: int, paging: Paging) -> tuple[list[ReferrerLine], int]:
    """A page of those who have codes in a program, with how many they have referred, and how many such members there
    are. Raises NotFound, InvalidInput.
    """
    find_program_of_referrals(uow, referral_program_id)
    return REFERRERS.page(uow, paging, referral_program_id=referral_program_id)
