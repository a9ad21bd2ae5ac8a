"""Accounts: containers of users. Who changes what an account holds locks it first."""

from collections.abc import Collection

from models.kernel.statements import Insertion
from models.saasquatch.problems import AccountNotFound
from models.saasquatch.queries import ACCOUNT, ACCOUNTS
from models.saasquatch.tables import Account
from models.uow import UnitOfWork

INSERT_ACCOUNT = Insertion(Account)


def get_account(uow: UnitOfWork, account_id: str) -> Account:
    """An account. Raises AccountNotFound."""
    account = uow.first(ACCOUNT, account_id=account_id)
    if account is None:
        raise AccountNotFound
    return account


def lock_account(uow: UnitOfWork, account_id: str) -> Account:
    """An account, locked until the unit ends. Raises AccountNotFound."""
    account = uow.lock_row(ACCOUNT, account_id=account_id)
    if account is None:
        raise AccountNotFound
    return account


def lock_accounts(uow: UnitOfWork, account_ids: Collection[str]) -> frozenset[str]:
    """Lock several accounts until the unit ends, in the order of their ids, so that two units cannot deadlock; the ids
    of those that exist.
    """
    return frozenset(account.id for account in uow.lock_rows(ACCOUNTS, account_ids=account_ids))


def ensure_account(uow: UnitOfWork, account_id: str) -> bool:
    """Lock an account, and create it when there is none. Returns whether it is new."""
    if uow.lock_row(ACCOUNT, account_id=account_id) is not None:
        return False
    uow.insert(INSERT_ACCOUNT, id=account_id, created_ms=uow.now_ms)
    return True
