"""Accounts: they come with their first user and only need an end."""

from handlers.http import Answer, no_content
from models.saasquatch.users import users
from models.uow import UnitOfWork


def open_delete_account(uow: UnitOfWork, *, account_id: str, do_not_track: bool) -> Answer:
    users.delete_account(uow, account_id, do_not_track=do_not_track)
    return no_content()
