"""Wallets in a whole ledger, and in its default account."""

from typing import Any

from handlers.http import Answer, ok
from models.loyalty_core import accounts, movements
from models.loyalty_core.ledgers import default_account_id
from models.loyalty_core.movements import read_burn, read_mint
from models.uow import UnitOfWork


def list_wallet_balances(uow: UnitOfWork, *, ledger_id: int, wallet_id: int) -> Answer:
    return ok({"wallets": accounts.show_balances(uow, ledger_id, wallet_id)})


def mint_wallet_points_default_account(uow: UnitOfWork, *, ledger_id: int, wallet_id: int, body: dict[str, Any]) -> Answer:
    account_id = default_account_id(uow, ledger_id)
    return ok({"transactions": movements.make(uow, [read_mint(body, ledger_id, account_id, wallet_id)])})


def burn_wallet_points_default_account(uow: UnitOfWork, *, ledger_id: int, wallet_id: int, body: dict[str, Any]) -> Answer:
    account_id = default_account_id(uow, ledger_id)
    return ok({"transactions": movements.make(uow, [read_burn(body, ledger_id, account_id, wallet_id)])})
