"""Referral programs, codes and referrals as answers show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.columns import show_columns
from models.loyalty_core.referrals.input import PROGRAM_COLUMNS, PROGRAM_INSTANTS
from models.loyalty_core.referrals.queries import Referred, ReferrerLine
from models.loyalty_core.referrals.tables import ReferralCode, ReferralProgram
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_program(uow: UnitOfWork, row: ReferralProgram) -> Shown:
    """A referral program as answers show it."""
    return {
        "referralProgramId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramId": row.program_id,
        **show_columns(row, PROGRAM_COLUMNS, PROGRAM_INSTANTS),
        "referredCount": row.referred_count,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def show_code(uow: UnitOfWork, row: ReferralCode) -> Shown:
    """A referral code as answers show it."""
    return {
        "referralCodeId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "referralProgramId": row.referral_program_id,
        "memberId": row.member_id,
        "code": row.code,
        "referredCount": row.referred_count,
        "createdAt": iso(row.created_ms),
    }


def show_referred(row: Referred) -> Shown:
    """A member who was referred by a code, as answers show one."""
    return {
        "referralId": row.id,
        "referralProgramId": row.referral_program_id,
        "referralCodeId": row.code_id,
        "referrerMemberId": row.referrer_id,
        "memberId": row.referred_id,
        "loyaltyMemberId": row.loyalty_member_id,
        "status": "pending" if row.paid_ms is None else "paid",
        "referrerPoints": row.referrer_points,
        "referredPoints": row.referred_points,
        "createdAt": iso(row.created_ms),
        "paidAt": None if row.paid_ms is None else iso(row.paid_ms),
    }


def show_referrer(row: ReferrerLine) -> Shown:
    """A member with codes, with how many were referred and paid for, as the report shows it."""
    return {
        "memberId": row.member_id,
        "loyaltyMemberId": row.loyalty_member_id,
        "codeCount": row.code_count,
        "referredCount": row.referred_count,
        "paidCount": row.paid_count,
        "pendingCount": row.referred_count - row.paid_count,
        "referrerPoints": row.referrer_points,
        "referredPoints": row.referred_points,
        "lastReferredAt": None if row.last_referred_ms is None else iso(row.last_referred_ms),
        "createdAt": iso(row.created_ms),
    }
