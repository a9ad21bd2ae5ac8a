"""Statements on referral programs, their codes, and the members who were referred by them."""

from typing import NamedTuple

from sqlalchemy import and_, bindparam, select, update

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query, RowUpdate
from models.loyalty_core.members.tables import Member
from models.loyalty_core.paging import Listing
from models.loyalty_core.referrals.tables import Referral, ReferralCode, ReferralProgram, Referrer


class Referred(NamedTuple):
    """A member who was referred by a code."""

    id: int
    referral_program_id: int
    code_id: int
    referrer_id: int
    referred_id: int
    loyalty_member_id: str
    referrer_points: int
    referred_points: int
    paid_ms: int | None
    created_ms: int


class ReferrerLine(NamedTuple):
    """A member with codes in a program, with how many were referred and what was paid for them."""

    member_id: int
    loyalty_member_id: str
    code_count: int
    referred_count: int
    paid_count: int
    referrer_points: int
    referred_points: int
    last_referred_ms: int | None
    created_ms: int


PROGRAM = Query(
    select(ReferralProgram).where(ReferralProgram.tenant_id == TENANT, ReferralProgram.id == bindparam("id"))
)
ANY_PROGRAM = Query(select(ReferralProgram.id).where(ReferralProgram.tenant_id == TENANT).limit(1))
PROGRAM_WITH_CODE = Query(
    select(ReferralProgram.id).where(
        ReferralProgram.tenant_id == TENANT,
        ReferralProgram.code == bindparam("code"),
        ReferralProgram.id != bindparam("other_than"),
    )
)
"""Another referral program that has a code."""
INSERT_PROGRAM, UPDATE_PROGRAM = Insertion(ReferralProgram), RowUpdate(ReferralProgram)
COUNT_REFERRED = Change(
    update(ReferralProgram)
    .where(ReferralProgram.tenant_id == TENANT, ReferralProgram.id == bindparam("program_id"))
    .values(referred_count=ReferralProgram.referred_count + 1)
)
PROGRAMS = Listing(
    select(ReferralProgram).where(ReferralProgram.tenant_id == TENANT),
    {
        "referralProgramId": ReferralProgram.id,
        "name": ReferralProgram.name,
        "code": ReferralProgram.code,
        "validFromDate": ReferralProgram.valid_from_ms,
        "validToDate": ReferralProgram.valid_to_ms,
        "referredCount": ReferralProgram.referred_count,
        "createdAt": ReferralProgram.created_ms,
        "updatedAt": ReferralProgram.updated_ms,
    },
)

CODE = Query(select(ReferralCode).where(ReferralCode.tenant_id == TENANT, ReferralCode.id == bindparam("id")))
CODE_WITH_TEXT = Query(
    select(ReferralCode).where(ReferralCode.tenant_id == TENANT, ReferralCode.code == bindparam("code"))
)
TAKEN = Query(select(ReferralCode.code).where(ReferralCode.tenant_id == TENANT, among(ReferralCode.code, "codes")))
"""Those of some codes that exist."""
INSERT_CODE = Insertion(ReferralCode)
COUNT_BY_CODE = Change(
    update(ReferralCode)
    .where(ReferralCode.tenant_id == TENANT, ReferralCode.id == bindparam("code_id"))
    .values(referred_count=ReferralCode.referred_count + 1)
)
CODES = Listing(
    select(ReferralCode).where(
        ReferralCode.tenant_id == TENANT, ReferralCode.referral_program_id == bindparam("referral_program_id")
    ),
    {
        "referralCodeId": ReferralCode.id,
        "code": ReferralCode.code,
        "referredCount": ReferralCode.referred_count,
        "createdAt": ReferralCode.created_ms,
    },
    {"member_id": ReferralCode.member_id == bindparam("member_id")},
)

REFERRER = Query(
    select(Referrer).where(
        Referrer.tenant_id == TENANT,
        Referrer.referral_program_id == bindparam("program_id"),
        Referrer.member_id == bindparam("member_id"),
    )
)
INSERT_REFERRER, UPDATE_REFERRER = Insertion(Referrer), RowUpdate(Referrer)
_OF_REFERRER = and_(Member.tenant_id == Referrer.tenant_id, Member.id == Referrer.member_id)
REFERRERS = Listing(
    select(
        Referrer.member_id,
        Member.loyalty_member_id,
        Referrer.code_count,
        Referrer.referred_count,
        Referrer.paid_count,
        Referrer.referrer_points,
        Referrer.referred_points,
        Referrer.last_referred_ms,
        Referrer.created_ms,
    )
    .join(Member, _OF_REFERRER)
    .where(Referrer.tenant_id == TENANT, Referrer.referral_program_id == bindparam("referral_program_id")),
    {
        "memberId": Referrer.member_id,
        "codeCount": Referrer.code_count,
        "referredCount": Referrer.referred_count,
        "paidCount": Referrer.paid_count,
        "referrerPoints": Referrer.referrer_points,
        "lastReferredAt": Referrer.last_referred_ms,
        "createdAt": Referrer.created_ms,
    },
    row=ReferrerLine,
)

UNPAID = Query(
    select(Referral).where(
        Referral.tenant_id == TENANT, Referral.referred_id == bindparam("member_id"), Referral.paid_ms.is_(None)
    )
)
"""The referral of a member as the referred side, while it is unpaid."""
ATTRIBUTED_REFERRALS = Query(
    select(Referral)
    .where(Referral.tenant_id == TENANT, Referral.referred_id == bindparam("member_id"))
    .order_by(Referral.created_ms, Referral.id)
)
"""The referrals of a member as the referred side, the oldest first."""
INSERT_REFERRAL = Insertion(Referral)
SET_PAID = Change(
    update(Referral)
    .where(Referral.tenant_id == TENANT, Referral.id == bindparam("referral_id"))
    .values({name: bindparam(name) for name in ("referrer_points", "referred_points", "paid_ms")})
)
_OF_REFERRAL = and_(Member.tenant_id == Referral.tenant_id, Member.id == Referral.referred_id)
REFERRED = Listing(
    select(
        Referral.id,
        Referral.referral_program_id,
        Referral.code_id,
        Referral.referrer_id,
        Referral.referred_id,
        Member.loyalty_member_id,
        Referral.referrer_points,
        Referral.referred_points,
        Referral.paid_ms,
        Referral.created_ms,
    )
    .join(Member, _OF_REFERRAL)
    .where(Referral.tenant_id == TENANT, Referral.code_id == bindparam("code_id")),
    {
        "referralId": Referral.id,
        "memberId": Referral.referred_id,
        "createdAt": Referral.created_ms,
        "paidAt": Referral.paid_ms,
    },
    row=Referred,
)
