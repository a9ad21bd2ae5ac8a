"""Accounts of ledgers, their supplies, and what wallets hold of them."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.ledger import accounts, supplies
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
    return ok(
        accounts.list_accounts(
            uow, ledger_id, name=name, account_key=ledger_account_key, page=page, limit=limit, order=order
        )
    )


def create_ledger_account(uow: UnitOfWork, *, ledger_id: int, body: dict[str, Any]) -> Answer:
    return created({"ledgerAccount": accounts.create_account(uow, ledger_id, body)})


def get_ledger_account(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int) -> Answer:
    return ok({"ledgerAccount": accounts.get_account(uow, ledger_id, ledger_account_id)})


def update_ledger_account(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: dict[str, Any]) -> Answer:
    return ok({"ledgerAccount": accounts.update_account(uow, ledger_id, ledger_account_id, body)})


def get_ledger_account_wallet_balance(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, wallet_id: int
) -> Answer:
    return ok({"wallet": accounts.show_balance(uow, ledger_id, ledger_account_id, wallet_id)})


def update_ledger_account_supply(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: dict[str, Any]
) -> Answer:
    return ok({"transactions": supplies.set_supply(uow, ledger_id, ledger_account_id, body)})
