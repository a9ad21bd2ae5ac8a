"""Points that are too old: what the dispatcher runs when a lot expires."""

from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import spendable
from models.loyalty_core.ledger.posting import (
    EXPIRY,
    TransactionRequest,
    lock_wallets,
    move,
    publish_tier_changes,
    read_account,
    record,
    row_of,
    sink,
)
from models.uow import UnitOfWork


def expire(uow: UnitOfWork, subject: str) -> None:
    """Destroy the points of a wallet that have expired by now, as one transaction of the account."""
    account_id, wallet_id = map(int, subject.split("/"))
    account = read_account(uow, account_id)
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
    row = row_of(uow, TransactionRequest(EXPIRY, account.ledger_id, account_id, amount, wallet_id, None))
    move(uow, account, str(row.id), [(place, -amount), (sink(account), amount)])
    record(uow, row, owners)
    publish_tier_changes(uow, [row])
