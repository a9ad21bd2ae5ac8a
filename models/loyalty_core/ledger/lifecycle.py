"""Transactions that are there: listing them, capturing pending ones, taking them back."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from models.kernel.written import check_written
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import held, spendable
from models.loyalty_core.ledger.accounts import find_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.ledger.posting import (
    BURN,
    MINT,
    PENDING,
    POSTED,
    REVERT,
    REVERTED,
    TRANSFER,
    VOIDED,
    Account,
    Note,
    TransactionRequest,
    check_enough,
    check_room,
    lock_wallets,
    move,
    open_account,
    publish_tier_changes,
    put_lots,
    read_note,
    record,
    restoring,
    row_of,
    sink,
    source,
    take_lots,
)
from models.loyalty_core.ledger.tables import PointTransaction, TransactionTag
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound, RuleViolation
from models.numbers import read_number
from models.uow import UnitOfWork

ORDERS = {
    "ledgerTransactionId": PointTransaction.id,
    "externalEventDate": PointTransaction.external_ms,
    "createdAt": PointTransaction.created_ms,
    "updatedAt": PointTransaction.updated_ms,
}
REVERTIBLE = {MINT, BURN, TRANSFER}
REVERTED_AT_ONCE_MAX = 1_000


def list_transactions(
    uow: UnitOfWork,
    ledger_id: int,
    account_id: int,
    *,
    filters: Mapping[str, Any],
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of an account's transactions.

    `filters` (each may be None): from_external and to_external (text), from_id, to_id, unique_key, wallet_id, tags (with
    commas between them, of which one is enough). Raises NotFound, InvalidInput.
    """
    find_ledger(uow, ledger_id)
    find_account(uow, ledger_id, account_id)
    row = PointTransaction
    matching = uow.scoped(row).where(row.account_id == account_id)
    conditions: dict[str, Callable[[Any], ColumnElement[bool]]] = {
        "from_external": lambda text: row.external_ms >= bounded_ms(text),
        "to_external": lambda text: row.external_ms <= bounded_ms(text),
        "from_id": lambda number: row.id >= number,
        "to_id": lambda number: row.id <= number,
        "unique_key": lambda key: row.unique_key == key,
        "wallet_id": lambda wallet: or_(row.from_wallet_id == wallet, row.to_wallet_id == wallet),
        "tags": lambda text: row.id.in_(
            select(TransactionTag.transaction_id).where(
                TransactionTag.tenant_id == uow.tenant_id,
                TransactionTag.account_id == account_id,
                TransactionTag.tag.in_(text.split(",")),
            )
        ),
    }
    for name, condition in conditions.items():
        if filters[name] is not None:
            matching = matching.where(condition(filters[name]))
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_transaction(uow, found) for found in rows], total, page, limit)


def capture(uow: UnitOfWork, ledger_id: int, account_id: int, items: Sequence[Mapping[str, Any]]) -> None:
    """Carry out pending transactions, whole or in part, all of them or none; the rest goes back to the wallet.

    Raises NotFound for what is not of the account, RuleViolation for one that stands there twice or less than what is to be
    captured, Conflict for one that is not pending or an account that is not active.
    """
    account = open_account(uow, ledger_id, account_id)
    amounts: dict[str, int | None] = {}
    for item in items:
        if item["ledgerTransactionId"] in amounts:
            raise RuleViolation(f"The transaction {item['ledgerTransactionId']} stands there twice.")
        amounts[item["ledgerTransactionId"]] = item.get("captureAmount")
    rows = _lock_rows(uow, account_id, list(amounts))
    for key, row in rows.items():
        wanted = amounts[key]
        if row.status != PENDING:
            raise Conflict(f"The transaction {key} is {row.status}.")
        if wanted is not None and wanted > row.amount:
            raise RuleViolation(f"The transaction {key} has {row.amount} points, fewer than {wanted}.")
    lock_wallets(uow, [(account, _wallets(row)) for row in rows.values()], supplies_of={account_id})
    for key, row in rows.items():
        _capture_one(uow, account, row, row.amount if amounts[key] is None else amounts[key] or 0)
    publish_tier_changes(uow, rows.values())


def revert(uow: UnitOfWork, ledger_id: int, account_id: int, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Take back what was made with a systemUniqueKey, or without one all that was made with an externalId, or nothing at all.

    Returns the new transactions, and those that were pending and are voided. Raises NotFound; Conflict for what was taken back
    before or is no mint, burn or transfer; NotEnoughPoints for points that are spent; SupplyExhausted.
    """
    account = open_account(uow, ledger_id, account_id)
    rows = _named(uow, account_id, body.get("systemUniqueKey"), body.get("externalId"))
    # A reference may be used again after what was made with it was taken back.
    rows = [row for row in rows if row.type in REVERTIBLE and row.status in (PENDING, POSTED)] or rows[:1]
    for row in rows:
        if row.type not in REVERTIBLE:
            raise Conflict(f"The transaction {row.id} is a {row.type}, which cannot be taken back.")
        if row.status not in (PENDING, POSTED):
            raise Conflict(f"The transaction {row.id} is {row.status} already.")
    owners = lock_wallets(uow, [(account, _wallets(row)) for row in rows], supplies_of={account_id})
    asked = read_note(body)
    note = Note(description=asked.description, external_ms=asked.external_ms, tags=asked.tags)
    # The latest first: what came later may have spent what came before.
    written = [
        _void(uow, account, row) if row.status == PENDING else _undo(uow, account, row, note, owners)
        for row in reversed(rows)
    ]
    publish_tier_changes(uow, rows)
    return [show_transaction(uow, row) for row in reversed(written)]


def take_back(uow: UnitOfWork, transaction_ids: Sequence[int]) -> None:
    """Take back posted transactions of any accounts, as `revert` does; those that were taken back already are left alone.

    Raises Conflict for an account that is not active; NotEnoughPoints for points that are spent; SupplyExhausted.
    """
    matching = uow.scoped(PointTransaction).where(PointTransaction.id.in_(transaction_ids))
    named = {(row.account_id, row.ledger_id) for row in uow.session.scalars(matching)}
    accounts = {account_id: open_account(uow, ledger_id, account_id) for account_id, ledger_id in sorted(named)}
    rows = [row for row in uow.lock_all(matching.order_by(PointTransaction.id)) if row.status == POSTED]
    owners = lock_wallets(uow, [(accounts[row.account_id], _wallets(row)) for row in rows], supplies_of=accounts.keys())
    for row in reversed(rows):
        _undo(uow, accounts[row.account_id], row, Note(), owners)
    publish_tier_changes(uow, rows)


def _named(uow: UnitOfWork, account_id: int, unique_key: str | None, external_id: str | None) -> list[PointTransaction]:
    """What a caller means by key or reference, locked, in the order it was made. Raises NotFound."""
    matching = uow.scoped(PointTransaction).where(PointTransaction.account_id == account_id)
    if unique_key is not None:
        matching = matching.where(PointTransaction.unique_key == unique_key)
    if external_id is not None:
        matching = matching.where(PointTransaction.external_id == external_id)
    rows = uow.lock_all(matching.order_by(PointTransaction.id).limit(REVERTED_AT_ONCE_MAX + 1))
    if not rows:
        raise NotFound("No transaction of the account was made with that.")
    if len(rows) > REVERTED_AT_ONCE_MAX:
        raise RuleViolation(f"More than {REVERTED_AT_ONCE_MAX} transactions were made with that.")
    return rows


def _lock_rows(uow: UnitOfWork, account_id: int, keys: Sequence[str]) -> dict[str, PointTransaction]:
    """Transactions of an account by their ids, locked in one order. Raises NotFound."""
    numbers = {number: key for key in keys if (number := read_number(key)) is not None}
    found = {
        numbers[row.id]: row
        for row in uow.lock_all(
            uow.scoped(PointTransaction)
            .where(PointTransaction.account_id == account_id, PointTransaction.id.in_(numbers))
            .order_by(PointTransaction.id)
        )
    }
    for key in keys:
        if key not in found:
            raise NotFound(f"The account {account_id} has no transaction {key}.")
    return {key: found[key] for key in keys}


def _wallets(row: PointTransaction) -> list[int]:
    return [wallet for wallet in (row.from_wallet_id, row.to_wallet_id) if wallet is not None]


def _giver(row: PointTransaction) -> int:
    assert row.from_wallet_id is not None, "only what takes points out of a wallet can be pending"
    return row.from_wallet_id


def _pieces(row: PointTransaction) -> list[lots.Piece]:
    return [(number, expires_ms, amount) for number, expires_ms, amount in row.lots or ()]


def _capture_one(uow: UnitOfWork, account: Account, row: PointTransaction, amount: int) -> None:
    giver = _giver(row)
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
    row.lots = first if row.lots is not None else None
    row.status, row.captured_amount, row.updated_ms = POSTED, amount, uow.now_ms


def _void(uow: UnitOfWork, account: Account, row: PointTransaction) -> PointTransaction:
    giver = _giver(row)
    move(
        uow,
        account,
        f"{row.id}/void",
        [(held(account.id, giver), -row.amount), (spendable(account.id, giver), row.amount)],
    )
    put_lots(uow, account, giver, _pieces(row))
    row.status, row.captured_amount, row.updated_ms, row.lots = VOIDED, 0, uow.now_ms, None
    return row


def _undo(
    uow: UnitOfWork, account: Account, row: PointTransaction, note: Note, owners: Mapping[int, int]
) -> PointTransaction:
    """The transaction the other way. What a wallet gave comes back as old as it was."""
    amount = row.captured_amount or 0
    back = TransactionRequest(
        REVERT, row.ledger_id, row.account_id, amount, row.to_wallet_id, row.from_wallet_id, note=note
    )
    made = row_of(uow, back, reverts_id=row.id)
    if row.to_wallet_id is None:
        givers = restoring(uow, account, amount)
    else:
        check_enough(uow, account, row.to_wallet_id, amount)
        givers = [(spendable(account.id, row.to_wallet_id), -amount)]
        # The lots that it brought go first: who got them keeps what was there before.
        made.lots = take_lots(uow, account, row.to_wallet_id, amount, first=_pieces(row))
    taker = source(account) if row.from_wallet_id is None else spendable(account.id, row.from_wallet_id)
    if row.from_wallet_id is not None:
        check_room(uow, account, row.from_wallet_id, amount)
    move(uow, account, str(made.id), [*givers, (taker, amount)])
    if row.from_wallet_id is not None:
        put_lots(uow, account, row.from_wallet_id, _pieces(row))
    row.status, row.updated_ms = REVERTED, uow.now_ms
    return record(uow, made, owners)
