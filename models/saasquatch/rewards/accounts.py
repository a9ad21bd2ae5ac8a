"""Accounts: containers of users. Who changes what an account holds locks it first."""

from models.saasquatch.problems import AccountNotFound
from models.saasquatch.tables import Account
from models.uow import UnitOfWork


def get_account(uow: UnitOfWork, account_id: str) -> Account:
    """An account. Raises AccountNotFound."""
    account: Account | None = uow.session.get(Account, (uow.tenant_id, account_id))
    if account is None:
        raise AccountNotFound
    return account


def lock_account(uow: UnitOfWork, account_id: str) -> Account:
    """An account, locked until the unit ends. Raises AccountNotFound."""
    account = uow.lock(uow.scoped(Account).where(Account.id == account_id))
    if account is None:
        raise AccountNotFound
    return account


def ensure_account(uow: UnitOfWork, account_id: str) -> None:
    """See that an account exists, and lock it."""
    account = uow.lock(uow.scoped(Account).where(Account.id == account_id))
    if account is None:
        uow.session.add(Account(tenant_id=uow.tenant_id, id=account_id, created_ms=uow.now_ms))
        uow.session.flush()
