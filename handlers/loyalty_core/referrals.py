"""Referrals: programs that pay members for those whom they refer, their codes, and the referred members."""

from handlers.http import Answer, created, long_read, ok
from models.loyalty_core.paging import Paging, show_page
from models.loyalty_core.referrals import codes, programs
from models.loyalty_core.referrals.input import ReferralCodesBody, ReferralProgramBody, read_referral_program
from models.loyalty_core.referrals.views import show_code, show_program, show_referred, show_referrer
from models.uow import UnitOfWork


def list_referral_programs(uow: UnitOfWork, *, page: int, limit: int, order: str | None) -> Answer:
    rows, total = programs.list_programs(uow, Paging(page, limit, order))
    return ok(show_page([show_program(uow, row) for row in rows], total, page, limit))


def create_referral_program(uow: UnitOfWork, *, body: ReferralProgramBody) -> Answer:
    return created({"referralProgram": show_program(uow, programs.create_program(uow, read_referral_program(body)))})


def get_referral_program(uow: UnitOfWork, *, referral_program_id: int) -> Answer:
    return ok({"referralProgram": show_program(uow, programs.find_program_of_referrals(uow, referral_program_id))})


def update_referral_program(uow: UnitOfWork, *, referral_program_id: int, body: ReferralProgramBody) -> Answer:
    row = programs.update_program(uow, referral_program_id, read_referral_program(body))
    return ok({"referralProgram": show_program(uow, row)})


def create_referral_codes(uow: UnitOfWork, *, referral_program_id: int, body: ReferralCodesBody) -> Answer:
    rows = codes.create_codes(uow, referral_program_id, body["memberId"], body["codes"])
    return created({"referrals": [show_code(uow, row) for row in rows]})


def list_referral_codes(
    uow: UnitOfWork, *, referral_program_id: int, page: int, limit: int, order: str | None, member_id: int | None
) -> Answer:
    rows = codes.list_codes(uow, referral_program_id, Paging(page, limit, order), member_id=member_id)
    return ok({"referrals": [show_code(uow, row) for row in rows]})


def list_referred_members(
    uow: UnitOfWork, *, referral_program_id: int, referral_code_id: int, page: int, limit: int, order: str | None
) -> Answer:
    rows, total = codes.list_referred(uow, referral_program_id, referral_code_id, Paging(page, limit, order))
    return ok(show_page([show_referred(row) for row in rows], total, page, limit))


@long_read()
def get_referral_members_report(
    uow: UnitOfWork, *, referral_program_id: int, page: int, limit: int, order: str | None
) -> Answer:
    rows, total = codes.report_members(uow, referral_program_id, Paging(page, limit, order))
    return ok(show_page([show_referrer(row) for row in rows], total, page, limit))
