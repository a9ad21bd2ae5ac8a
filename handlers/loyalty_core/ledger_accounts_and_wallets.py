"""Accounts of ledgers, their supplies, and what wallets hold of them."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.ledger import accounts, supplies
from models.loyalty_core.ledger.input import AccountBody, read_account
from models.loyalty_core.ledger.transaction_input import SupplyBody, read_supply
from models.loyalty_core.ledger.views import show_account, show_balance
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_ledger_accounts(
    uow: UnitOfWork,
    *,
    ledger_id: int,
    page: int,
    limit: int,
    order: str | None,
    name: str | None,
    ledger_account_key: str | None,
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total, default = accounts.list_accounts(uow, ledger_id, paging, name=name, account_key=ledger_account_key)
    return page_answer(paging, [show_account(uow, row, default) for row in rows], total)


def create_ledger_account(uow: UnitOfWork, *, ledger_id: int, body: AccountBody) -> Answer:
    row, default = accounts.create_account(uow, ledger_id, read_account(body))
    return created({"ledgerAccount": show_account(uow, row, default)})


def get_ledger_account(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int) -> Answer:
    row, default = accounts.get_account(uow, ledger_id, ledger_account_id)
    return ok({"ledgerAccount": show_account(uow, row, default)})


def update_ledger_account(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: AccountBody) -> Answer:
    row, default = accounts.update_account(uow, ledger_id, ledger_account_id, read_account(body))
    return ok({"ledgerAccount": show_account(uow, row, default)})


def get_ledger_account_wallet_balance(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, wallet_id: int
) -> Answer:
    account, balance, available = accounts.wallet_balance(uow, ledger_id, ledger_account_id, wallet_id)
    return ok({"wallet": show_balance(uow, account, wallet_id, balance, available)})


def update_ledger_account_supply(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: SupplyBody
) -> Answer:
    made = supplies.set_supply(uow, ledger_id, ledger_account_id, read_supply(body))
    return ok({"transactions": [one.shown for one in made]})
