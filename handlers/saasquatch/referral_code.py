"""Referral codes: look-up and attribution."""

from handlers.http import Answer, ok
from models.saasquatch.codes import codes
from models.saasquatch.referrals import referrals
from models.saasquatch.settings import parse_settings
from models.saasquatch.users import users
from models.uow import UnitOfWork


def get_code(uow: UnitOfWork, *, code: str) -> Answer:
    found, owner = codes.resolve(uow, code)
    return ok(codes.show(uow, found, owner))


def open_validate_code(uow: UnitOfWork, *, referral_code: str) -> Answer:
    return get_code(uow, code=referral_code)


def open_apply_code(uow: UnitOfWork, *, code: str, account_id: str, user_id: str, body: object) -> Answer:
    """The body is empty by contract: nothing of it is read."""
    del body
    user = users.lock_user(uow, account_id, user_id)
    referrals.apply_code(uow, user, code, parse_settings(uow.tenant.settings))
    found = codes.get_code(uow, code)
    return ok(codes.show(uow, found, codes.owner(uow, found)))
