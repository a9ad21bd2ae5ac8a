"""Points that coupons cost: burned, or captured from a transaction that the caller has set aside for it."""

from models.kernel.written import check_written
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.ledger.lifecycle import capture
from models.loyalty_core.ledger.posting import BURN, Note, TransactionRequest, make
from models.loyalty_core.ledger.tables import PointTransaction
from models.loyalty_core.members.payouts import payout_account
from models.loyalty_core.members.tables import Member
from models.loyalty_core.problems import NotFound, RuleViolation
from models.numbers import read_number
from models.uow import UnitOfWork


def pay_for(
    uow: UnitOfWork, book: CouponBook, member: Member, points: int, count: int, pending_id: str | None, why: str
) -> list[int | None]:
    """Take points from a member for each of `count` coupons; the transactions that paid, one for each.

    A pending transaction pays for all of them at once and stands there for each; what it has beyond that is released.
    Raises what `make` and `capture` do; NotFound for an unknown transaction, RuleViolation for one that is not the member's, of
    other points, too small, or not needed.
    """
    if points * count == 0:
        if pending_id is not None:
            raise RuleViolation(f"The coupon book {book.id} takes no points for this.")
        return [None] * count
    ledger_id, account_id = payout_account(
        uow, program_id=book.program_id, ledger_id=book.ledger_id, account_id=book.account_id
    )
    if pending_id is None:
        note = Note(description=f"{why} {book.name}"[:1024])
        made = make(
            uow, [TransactionRequest(BURN, ledger_id, account_id, points, member.wallet_id, None, note=note)] * count
        )
        return [int(one["ledgerTransactionId"]) for one in made]
    row = _set_aside(uow, pending_id)
    if row.from_wallet_id != member.wallet_id:
        raise RuleViolation(f"The transaction {pending_id} takes no points of the member {member.id}.")
    if row.account_id != account_id:
        raise RuleViolation(f"The transaction {pending_id} is of the account {row.account_id}, not of {account_id}.")
    capture(uow, ledger_id, account_id, [{"ledgerTransactionId": pending_id, "captureAmount": points * count}])
    check_written(f"points captured of the transaction {pending_id}", points * count, row.captured_amount or 0)
    return [row.id] * count


def _set_aside(uow: UnitOfWork, pending_id: str) -> PointTransaction:
    number = read_number(pending_id)
    row = None if number is None else uow.session.get(PointTransaction, (uow.tenant_id, number))
    if row is None:
        raise NotFound(f"There is no transaction {pending_id}.")
    return row
