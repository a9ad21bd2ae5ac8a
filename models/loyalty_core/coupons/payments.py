"""Points that coupons cost: burned, or captured from a transaction that the caller has set aside for it."""

from collections.abc import Sequence
from math import inf

from models import ledger
from models.kernel.findings import at, findings
from models.kernel.problems import Problem
from models.kernel.written import check_written
from models.loyalty_core.coupons.problems import CouponBookCostsNothing, PendingTransactionUnfit
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.ledger.account_names import spendable, wallet_balances
from models.loyalty_core.ledger.lifecycle import capture
from models.loyalty_core.ledger.opening import open_account
from models.loyalty_core.ledger.posting import BURN, Note, TransactionRequest, check_enough, lock_wallets, make
from models.loyalty_core.ledger.queries import ACCOUNTS, TRANSACTION, Account, Transaction
from models.loyalty_core.ledger.transaction_input import Capture
from models.loyalty_core.members.payouts import payout_account
from models.loyalty_core.members.tables import Member
from models.loyalty_core.problems import TransactionNotFound
from models.numbers import read_number
from models.uow import UnitOfWork

PENDING = "/pendingCaptureLedgerTransactionId"
"""The pointer of the transaction that is to pay."""


def pay_for(
    uow: UnitOfWork, book: CouponBook, member: Member, points: int, count: int, pending_id: str | None, why: str
) -> list[int | None]:
    """Take points from a member for each of `count` coupons; the transactions that paid, one for each.

    A pending transaction pays for all of them at once and stands there for each; what it has beyond that is released.
    Raises what `make` and `capture` do; NotFound for an unknown transaction, RuleViolation for one that is not the
    member's, of other points, too small, or not needed.
    """
    if points * count == 0:
        if pending_id is not None:
            with at(PENDING):
                raise CouponBookCostsNothing(f"The coupon book {book.id} takes no points for this.")
        return [None] * count
    ledger_id, account_id = payout_account(
        uow, program_id=book.program_id, ledger_id=book.ledger_id, account_id=book.account_id
    )
    if pending_id is None:
        if count > 1:
            _check_whole(uow, ledger_id, account_id, member, points * count)
        note = Note(description=f"{why} {book.name}"[:1024])
        request = TransactionRequest(BURN, ledger_id, account_id, points, member.wallet_id, None, note=note)
        return [one.row.id for one in make(uow, [request] * count, {member.wallet_id: member.id})]
    row = find_pending(uow, pending_id)
    with findings() as found:
        with found.at(PENDING):
            if row.from_wallet_id != member.wallet_id:
                raise PendingTransactionUnfit(
                    f"The transaction {pending_id} takes no points of the member {member.id}."
                )
        with found.at(PENDING):
            if row.account_id != account_id:
                raise PendingTransactionUnfit(
                    f"The transaction {pending_id} is of the account {row.account_id}, not of {account_id}."
                )
    captured = capture(uow, ledger_id, account_id, [Capture(pending_id, points * count, PENDING, PENDING)])[0]
    check_written(f"points captured of the transaction {pending_id}", points * count, captured.captured_amount or 0)
    return [row.id] * count


def _check_whole(uow: UnitOfWork, ledger_id: int, account_id: int, member: Member, points: int) -> None:
    """Check that the member can pay for all the coupons before the first is burned: otherwise the refusal would give
    the balance left after the earlier burns. Raises NotEnoughPoints.
    """
    account = _open_locked(uow, ledger_id, account_id, member)
    check_enough(uow, account, member.wallet_id, points)


def _open_locked(uow: UnitOfWork, ledger_id: int, account_id: int, member: Member) -> Account:
    """An account whose points can move, with what the member has of it locked. Raises what `open_account` does."""
    account = open_account(uow, ledger_id, account_id)
    lock_wallets(uow, [(account, [member.wallet_id])], supplies_of=[account_id], owners={member.wallet_id: member.id})
    return account


def count_payable(
    uow: UnitOfWork, book: CouponBook, member: Member, points: int, pending_id: str | None
) -> int | float:
    """How many coupons of so many points each the member can pay for.

    The balance is locked; what `pay_for` refuses is not looked at.
    """
    if points == 0:
        return inf
    if pending_id is not None:
        return find_pending(uow, pending_id).amount // points
    ledger_id, account_id = payout_account(
        uow, program_id=book.program_id, ledger_id=book.ledger_id, account_id=book.account_id
    )
    _open_locked(uow, ledger_id, account_id, member)
    return ledger.balance(uow, spendable(account_id, member.wallet_id)) // points


def payment_accounts(uow: UnitOfWork, books: Sequence[CouponBook]) -> set[int]:
    """The accounts that assignments of books are paid from."""
    accounts = [_account_of(uow, book) for book in books if book.assignment_points]
    return {account[1] for account in accounts if account is not None}


def payable_books(uow: UnitOfWork, books: Sequence[CouponBook], member: Member) -> set[int]:
    """The ids of those books of which the member can pay for an assignment now, unlocked."""
    accounts = {book.id: _account_of(uow, book) for book in books if book.assignment_points}
    ids = sorted({account[1] for account in accounts.values() if account is not None})
    active = {row.id: row.ledger_id for row in uow.rows(ACCOUNTS, ids=ids) if row.active} if ids else {}
    balances = wallet_balances(uow, ids, member.wallet_id)
    payable = {book.id for book in books if not book.assignment_points}
    for book in books:
        account = accounts.get(book.id)
        if account is None or active.get(account[1]) != account[0]:
            continue
        if balances[account[1]][1] >= book.assignment_points:
            payable.add(book.id)
    return payable


def _account_of(uow: UnitOfWork, book: CouponBook) -> tuple[int, int] | None:
    """Ledger and account that a book is paid from; None where there is none."""
    try:
        return payout_account(uow, program_id=book.program_id, ledger_id=book.ledger_id, account_id=book.account_id)
    except Problem:
        return None


def find_pending(uow: UnitOfWork, pending_id: str) -> Transaction:
    """The transaction that a body names as the one that is to pay. Raises NotFound."""
    number = read_number(pending_id)
    row = None if number is None else uow.first(TRANSACTION, id=number)
    if row is None:
        with at(PENDING):
            raise TransactionNotFound(f"There is no transaction {pending_id}.")
    return row
