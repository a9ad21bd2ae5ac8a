"""Breakage of points: the job that runs when a lot expires."""

from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import spendable
from models.loyalty_core.ledger.opening import share_account
from models.loyalty_core.ledger.posting import (
    EXPIRY,
    TransactionRequest,
    lock_wallets,
    move,
    new_transaction,
    publish_balances,
    record,
    sink,
)
from models.loyalty_core.ledger.tables import PointTransaction
from models.numbers import new_number
from models.uow import UnitOfWork


def expire(uow: UnitOfWork, subject: str) -> None:
    """Destroy the points of a wallet that have expired by now, as one transaction of the account."""
    account_id, wallet_id = map(int, subject.split("/"))
    account = share_account(uow, account_id)
    if account is None or not account.tracked:
        return
    owners = lock_wallets(uow, [(account, [wallet_id])], supplies_of={account_id})
    place = spendable(account_id, wallet_id)
    amount = lots.take_due(uow, place)
    following = lots.next_expiry(uow, place)
    if following is not None:
        lots.await_expiry(uow, subject, following)
    if not amount:
        return
    request = TransactionRequest(EXPIRY, account.ledger_id, account_id, amount, wallet_id, None)
    row = new_transaction(uow, request, new_number(uow, PointTransaction))
    move(uow, account, str(row.id), [(place, -amount), (sink(account), amount)])
    record(uow, row, owners)
    publish_balances(uow, [row])
