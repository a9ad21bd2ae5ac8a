"""Wallets in a whole ledger, and in its default account."""

from typing import Any

from handlers.http import Answer, ok
from models.loyalty_core.ledger import accounts, posting
from models.loyalty_core.ledger.posting import read_burn, read_mint, resolve_account
from models.uow import UnitOfWork


def list_wallet_balances(uow: UnitOfWork, *, ledger_id: int, wallet_id: int) -> Answer:
    return ok({"wallets": accounts.show_balances(uow, ledger_id, wallet_id)})


def mint_wallet_points_default_account(
    uow: UnitOfWork, *, ledger_id: int, wallet_id: int, body: dict[str, Any]
) -> Answer:
    wanted = read_mint(body, *resolve_account(uow, ledger_id, None, body.get("systemUniqueKey")), wallet_id)
    return ok({"transactions": posting.make(uow, [wanted])})


def burn_wallet_points_default_account(
    uow: UnitOfWork, *, ledger_id: int, wallet_id: int, body: dict[str, Any]
) -> Answer:
    wanted = read_burn(body, *resolve_account(uow, ledger_id, None, body.get("systemUniqueKey")), wallet_id)
    return ok({"transactions": posting.make(uow, [wanted])})
