"""Referrals, and the program that they belong to."""

from handlers.http import Answer, ok
from handlers.leat._answers import answer
from models.leat import referrals
from models.leat.settings import settings_of
from models.leat.views import show_program, show_referrals
from models.uow import UnitOfWork


def list_referrals(
    uow: UnitOfWork, *, referring_contact_uuid: str | None, status: str | None, limit: int, page: int
) -> Answer:
    rows = referrals.list_referrals(uow, referring_uuid=referring_contact_uuid, status=status, limit=limit, page=page)
    return answer(show_referrals(uow, rows))


def get_referral_program_settings(uow: UnitOfWork) -> Answer:
    # The vendor prints an object here, and an array everywhere else.
    return ok({"data": show_program(settings_of(uow).referral_program), "meta": {}})
