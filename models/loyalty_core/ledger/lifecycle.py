"""The life cycle of transactions: listing them, capturing holds, reverting."""

from collections.abc import Mapping, Sequence

from models.kernel.findings import at, findings
from models.kernel.statements import replaced
from models.kernel.written import check_written
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import held, spendable
from models.loyalty_core.ledger.accounts import find_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.ledger.opening import open_account, open_accounts
from models.loyalty_core.ledger.posting import (
    BURN,
    MINT,
    PENDING,
    POSTED,
    REVERT,
    REVERTED,
    TRANSFER,
    VOIDED,
    Made,
    Note,
    Owners,
    TransactionRequest,
    check_enough,
    check_room,
    lock_wallets,
    move,
    new_transaction,
    publish_balances,
    put_lots,
    record,
    restoring,
    sink,
    source,
    take_lots,
)
from models.loyalty_core.ledger.problems import (
    CaptureTooLarge,
    TooManyTransactions,
    TransactionClosed,
    TransactionNotPending,
    TransactionNotRevertible,
    TransactionRepeated,
)
from models.loyalty_core.ledger.queries import (
    LIST_TRANSACTIONS,
    SETTLE,
    TRANSACTIONS,
    TRANSACTIONS_OF_ACCOUNT,
    Account,
    Transaction,
    transactions_named,
)
from models.loyalty_core.ledger.tables import Piece, PointTransaction
from models.loyalty_core.ledger.transaction_input import Capture, Reversal
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import TransactionNotFound
from models.numbers import new_number, read_number
from models.uow import UnitOfWork

REVERTIBLE = {MINT, BURN, TRANSFER}
REVERTED_AT_ONCE_MAX = 1_000


def list_transactions(
    uow: UnitOfWork, ledger_id: int, account_id: int, paging: Paging, filters: Mapping[str, object]
) -> tuple[list[PointTransaction], int]:
    """A page of an account's transactions, and how many match.

    `filters` (each may be None): from_external_ms, to_external_ms, from_id, to_id, unique_key, wallet_id, tags (of
    which one is enough). Raises NotFound, InvalidInput.
    """
    find_ledger(uow, ledger_id)
    find_account(uow, ledger_id, account_id)
    return LIST_TRANSACTIONS.page(uow, paging, account_id=account_id, **filters)


def capture(uow: UnitOfWork, ledger_id: int, account_id: int, captures: Sequence[Capture]) -> list[Transaction]:
    """Capture pending transactions, whole or in part, all of them or none; what is not captured goes back to the
    wallet.

    Returns the captured transactions. Raises NotFound for one that is not of the account, RuleViolation for one that
    stands there twice or has fewer points than are to be captured, Conflict for one that is not pending or an account
    that is not active.
    """
    account = open_account(uow, ledger_id, account_id)
    amounts = {one.transaction_id: one.amount for one in captures}
    rows = _lock_rows(uow, account_id, list(amounts))
    _check_captures(account_id, captures, rows)
    lock_wallets(uow, [(account, row.wallet_ids) for row in rows.values()], supplies_of={account_id})
    captured = [
        _capture_one(uow, account, row, row.amount if amounts[key] is None else amounts[key] or 0)
        for key, row in rows.items()
    ]
    _write(uow, captured)
    publish_balances(uow, captured)
    return captured


def _check_captures(account_id: int, captures: Sequence[Capture], rows: Mapping[str, Transaction]) -> None:
    """Raises NotFound, RuleViolation, Conflict for all that cannot be captured.

    `rows` are those that exist, by their ids.
    """
    seen: set[str] = set()
    with findings() as found:
        for one in captures:
            row = rows.get(one.transaction_id)
            with found.at(one.id_pointer):
                if one.transaction_id in seen:
                    raise TransactionRepeated(
                        f"The transaction {one.transaction_id} must be unique within the request."
                    )
                seen.add(one.transaction_id)
                if row is None:
                    raise TransactionNotFound(f"The account {account_id} has no transaction {one.transaction_id}.")
                if row.status != PENDING:
                    raise TransactionNotPending(
                        f"The transaction {one.transaction_id} is {row.status}, and only a pending one can be captured."
                    )
            with found.at(one.amount_pointer):
                if row is not None and one.amount is not None and one.amount > row.amount:
                    raise CaptureTooLarge(
                        f"The transaction {row.id} has {row.amount} points, and {one.amount} are to be captured."
                    )


def revert(uow: UnitOfWork, ledger_id: int, account_id: int, given: Reversal) -> list[Made]:
    """Revert what was made with a systemUniqueKey, or without one all that was made with an externalId, or nothing at
    all.

    Returns the new transactions, and those that were pending and are voided. Raises NotFound; Conflict for what was
    reverted before or is no mint, burn or transfer; NotEnoughPoints for points that are spent; SupplyExhausted.
    """
    account = open_account(uow, ledger_id, account_id)
    rows = _lock_named(uow, account_id, given)
    # A reference may be used again after what was made with it was reverted.
    rows = [row for row in rows if row.type in REVERTIBLE and row.status in (PENDING, POSTED)] or rows[:1]
    for row in rows:
        if row.type not in REVERTIBLE:
            raise TransactionNotRevertible(f"The transaction {row.id} is a {row.type}, which cannot be reverted.")
        if row.status not in (PENDING, POSTED):
            raise TransactionClosed(f"The transaction {row.id} is {row.status} already.")
    owners = lock_wallets(uow, [(account, row.wallet_ids) for row in rows], supplies_of={account_id})
    # The latest first: a later transaction may have spent what an earlier one gave.
    made = [
        _void(uow, account, row) if row.status == PENDING else _undo(uow, account, row, given.note, owners)
        for row in reversed(rows)
    ]
    publish_balances(uow, rows)
    return made[::-1]


def take_back(uow: UnitOfWork, transaction_ids: Sequence[int]) -> None:
    """Revert posted transactions of any accounts, as `revert` does; those that were reverted already are left alone.

    Raises Conflict for an account that is not active; NotEnoughPoints for points that are spent; SupplyExhausted.
    """
    if not transaction_ids:
        return
    named = {(row.account_id, row.ledger_id) for row in uow.rows(TRANSACTIONS, ids=transaction_ids)}
    accounts = open_accounts(uow, named)
    rows = [row for row in uow.lock_rows(TRANSACTIONS, ids=transaction_ids) if row.status == POSTED]
    owners = lock_wallets(
        uow, [(accounts[row.account_id], row.wallet_ids) for row in rows], supplies_of=accounts.keys()
    )
    for row in reversed(rows):
        _undo(uow, accounts[row.account_id], row, Note(), owners)
    publish_balances(uow, rows)


def _lock_named(uow: UnitOfWork, account_id: int, given: Reversal) -> list[Transaction]:
    """The transactions that were made with a key or reference, locked, in the order they were made. Raises NotFound."""
    names = {"unique_key": given.unique_key, "external_id": given.external_id}
    named = {name: value for name, value in names.items() if value is not None}
    query = transactions_named(frozenset(named))
    rows = uow.lock_rows(query, account_id=account_id, limit=REVERTED_AT_ONCE_MAX + 1, **named)
    if not rows:
        with at("/externalId" if given.unique_key is None else "/systemUniqueKey"):
            raise TransactionNotFound("The account has no transaction with that systemUniqueKey or externalId.")
    if len(rows) > REVERTED_AT_ONCE_MAX:
        raise TooManyTransactions(
            f"More than {REVERTED_AT_ONCE_MAX} transactions have that externalId, and no more are reverted at once."
        )
    return rows


def _lock_rows(uow: UnitOfWork, account_id: int, keys: Sequence[str]) -> dict[str, Transaction]:
    """Those of some transactions of an account that exist, by their ids in the order of the request; they are locked in
    one order.
    """
    numbers = {number: key for key in keys if (number := read_number(key)) is not None}
    rows = uow.lock_rows(TRANSACTIONS_OF_ACCOUNT, account_id=account_id, ids=list(numbers))
    found = {numbers[row.id]: row for row in rows}
    return {key: found[key] for key in keys if key in found}


def _held_wallet(row: Transaction) -> int:
    assert row.from_wallet_id is not None, "only what takes points out of a wallet can be pending"
    return row.from_wallet_id


def _pieces(row: Transaction) -> list[Piece]:
    return [(number, expires_ms, amount) for number, expires_ms, amount in row.lots or ()]


def _write(uow: UnitOfWork, rows: Sequence[Transaction]) -> None:
    """Write what has become of transactions."""
    uow.execute_many(
        SETTLE,
        [
            {
                "transaction_id": row.id,
                "new_status": row.status,
                "new_captured_amount": row.captured_amount,
                "new_lots": row.lots,
                "new_updated_ms": row.updated_ms,
            }
            for row in rows
        ],
    )


def _capture_one(uow: UnitOfWork, account: Account, row: Transaction, amount: int) -> Transaction:
    """Capture so many points of a hold, and release the rest; the row as it is then, not written yet."""
    giver = _held_wallet(row)
    taker = sink(account) if row.to_wallet_id is None else spendable(account.id, row.to_wallet_id)
    if row.to_wallet_id is not None:
        check_room(uow, account, row.to_wallet_id, amount)
    move(
        uow,
        account,
        f"{row.id}/capture",
        [(held(account.id, giver), -row.amount), (taker, amount), (spendable(account.id, giver), row.amount - amount)],
    )
    first, rest = lots.split(_pieces(row), amount)
    if row.lots is not None:  # None where the account kept no lots when the points were set aside
        check_written(f"lots captured of the transaction {row.id}", amount, lots.size_of(first))
    put_lots(uow, account, giver, rest)
    if row.to_wallet_id is not None:
        put_lots(uow, account, row.to_wallet_id, first)
    moved = None if row.lots is None else first
    return replaced(row, status=POSTED, captured_amount=amount, lots=moved, updated_ms=uow.now_ms)


def _void(uow: UnitOfWork, account: Account, row: Transaction) -> Made:
    """Release a hold."""
    giver = _held_wallet(row)
    move(
        uow,
        account,
        f"{row.id}/void",
        [(held(account.id, giver), -row.amount), (spendable(account.id, giver), row.amount)],
    )
    put_lots(uow, account, giver, _pieces(row))
    voided = replaced(row, status=VOIDED, captured_amount=0, lots=None, updated_ms=uow.now_ms)
    _write(uow, [voided])
    return Made(voided, show_transaction(uow, voided))


def _undo(uow: UnitOfWork, account: Account, row: Transaction, note: Note, owners: Owners) -> Made:
    """Make the opposite transaction. A wallet gets its points back with the age that they had."""
    amount = row.captured_amount or 0
    back = TransactionRequest(
        REVERT, row.ledger_id, row.account_id, amount, row.to_wallet_id, row.from_wallet_id, note=note
    )
    number = new_number(uow, PointTransaction)
    pieces = None
    if row.to_wallet_id is None:
        givers = restoring(uow, account, amount)
    else:
        check_enough(uow, account, row.to_wallet_id, amount)
        givers = [(spendable(account.id, row.to_wallet_id), -amount)]
        # The lots that the transaction brought go first: the receiver keeps what was there before.
        pieces = take_lots(uow, account, row.to_wallet_id, amount, first=_pieces(row))
    taker = source(account) if row.from_wallet_id is None else spendable(account.id, row.from_wallet_id)
    if row.from_wallet_id is not None:
        check_room(uow, account, row.from_wallet_id, amount)
    move(uow, account, str(number), [*givers, (taker, amount)])
    if row.from_wallet_id is not None:
        put_lots(uow, account, row.from_wallet_id, _pieces(row))
    _write(uow, [replaced(row, status=REVERTED, updated_ms=uow.now_ms)])
    return record(uow, new_transaction(uow, back, number, lots_moved=pieces, reverts_id=row.id), owners)
