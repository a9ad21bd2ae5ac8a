"""Wallets in a whole ledger, and in its default account."""

from handlers.http import Answer, ok
from models.loyalty_core.ledger import accounts, posting
from models.loyalty_core.ledger.opening import resolve_account
from models.loyalty_core.ledger.transaction_input import PointsBody, read_points
from models.loyalty_core.ledger.views import show_balance
from models.uow import UnitOfWork


def list_wallet_balances(uow: UnitOfWork, *, ledger_id: int, wallet_id: int) -> Answer:
    held = accounts.wallet_balances_of_ledger(uow, ledger_id, wallet_id)
    return ok({"wallets": [show_balance(uow, account, wallet_id, *amounts) for account, *amounts in held]})


def mint_wallet_points_default_account(uow: UnitOfWork, *, ledger_id: int, wallet_id: int, body: PointsBody) -> Answer:
    given = read_points(body)
    account = resolve_account(uow, ledger_id, None, given.note.unique_key)
    return ok({"transactions": [posting.mint(uow, given.mint(*account, wallet_id)).shown]})


def burn_wallet_points_default_account(uow: UnitOfWork, *, ledger_id: int, wallet_id: int, body: PointsBody) -> Answer:
    given = read_points(body)
    account = resolve_account(uow, ledger_id, None, given.note.unique_key)
    return ok({"transactions": [posting.burn(uow, given.burn(*account, wallet_id)).shown]})
