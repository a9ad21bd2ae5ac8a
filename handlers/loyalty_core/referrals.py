"""Referrals: programs that pay members for those whom they bring, their codes, and who came by them."""

from typing import Any

from handlers.http import Answer, created, long_read, ok
from models.loyalty_core.referrals import codes, programs
from models.uow import UnitOfWork


def list_referral_programs(uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> Answer:
    return ok(programs.list_programs(uow, page=page, limit=limit, order=order))


def create_referral_program(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"referralProgram": programs.create_program(uow, body)})


def get_referral_program(uow: UnitOfWork, *, referral_program_id: int) -> Answer:
    return ok({"referralProgram": programs.get_program(uow, referral_program_id)})


def update_referral_program(uow: UnitOfWork, *, referral_program_id: int, body: dict[str, Any]) -> Answer:
    return ok({"referralProgram": programs.update_program(uow, referral_program_id, body)})


def create_referral_codes(uow: UnitOfWork, *, referral_program_id: int, body: dict[str, Any]) -> Answer:
    return created({"referrals": codes.create_codes(uow, referral_program_id, body["memberId"], body["codes"])})


def list_referral_codes(
    uow: UnitOfWork, *, referral_program_id: int, page: int, limit: int, order: str | None, member_id: int | None
) -> Answer:
    return ok(
        {
            "referrals": codes.list_codes(
                uow, referral_program_id, member_id=member_id, page=page, limit=limit, order=order
            )
        }
    )


def list_referred_members(
    uow: UnitOfWork, *, referral_program_id: int, referral_code_id: int, page: int, limit: int, order: str | None
) -> Answer:
    return ok(codes.list_referred(uow, referral_program_id, referral_code_id, page=page, limit=limit, order=order))


@long_read()
def get_referral_members_report(
    uow: UnitOfWork, *, referral_program_id: int, page: int, limit: int, order: str | None
) -> Answer:
    return ok(codes.report_members(uow, referral_program_id, page=page, limit=limit, order=order))
