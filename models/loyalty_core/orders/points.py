"""Points that an order has brought: remembered, and taken back when it is cancelled or returned."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from models import ledger
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import spendable
from models.loyalty_core.ledger.posting import (
    BURN,
    REVERTED,
    Made,
    Note,
    TransactionRequest,
    make,
    share_account,
    share_accounts,
)
from models.loyalty_core.ledger.queries import TRANSACTIONS, Transaction
from models.loyalty_core.members.tables import Member
from models.loyalty_core.orders.ports import points_taken_back
from models.loyalty_core.orders.queries import INSERT_ORDER_POINTS, MEASURE_ANEW, ORDER, POINTS_OF_ORDER, SET_TAKEN
from models.loyalty_core.orders.tables import OrderPoints, PurchaseOrder
from models.loyalty_core.periods import month_start_ms
from models.uow import UnitOfWork

TAKEN_BACK = "Taken back: the order was cancelled, returned or amended."


def order_known(order_id: int) -> tuple[str, int]:
    """The key by which a unit of work knows an order that it has read (`PostingBuffer.known`)."""
    return "order", order_id


def read_order(uow: UnitOfWork, order_id: int) -> PurchaseOrder:
    """An order, read once in a unit of work."""
    known = ledger.postings(uow).known
    if order_known(order_id) not in known:
        known[order_known(order_id)] = uow.one(ORDER, id=order_id)
    order: PurchaseOrder = known[order_known(order_id)]
    return order


def remember_points(uow: UnitOfWork, order_id: int, campaign_id: int, minted: Transaction, at_ms: int) -> None:
    """Note that a campaign's mint was for an order, by an event of that time."""
    order = read_order(uow, order_id)
    uow.insert_at_end(
        INSERT_ORDER_POINTS,
        order_id=order_id,
        transaction_id=str(minted.id),  # the column's type; the number is in `Transaction.id`
        ledger_id=minted.ledger_id,
        account_id=minted.account_id,
        campaign_id=campaign_id,
        month_ms=month_start_ms(at_ms),
        spend=max(order.spend, 1),
        points=minted.amount,
        taken=0,
    )


def points_given(uow: UnitOfWork, order: PurchaseOrder) -> dict[tuple[int, int], int]:
    """What an order has brought so far and was not taken back, by campaign and account; from now on the measure of a return is what
    the order comes to now.
    """
    uow.execute(MEASURE_ANEW, of_order=order.id, new_spend=max(order.spend, 1))
    given: dict[tuple[int, int], int] = defaultdict(int)
    for row in uow.rows(POINTS_OF_ORDER, order_id=order.id):
        given[row.campaign_id, row.account_id] += row.points
    return given


def take_back(uow: UnitOfWork, order: PurchaseOrder, member: Member, kept: int) -> list[dict[str, Any]]:
    """Take back the points of an order of which so much money (ten-thousandths) is kept, in proportion; the effects.

    What is not there any more cannot be taken: points that were spent, set aside, reverted or have expired, or are in an
    account that is not active. The limits of their campaigns get it back. The order is locked.
    """
    rows = uow.rows(POINTS_OF_ORDER, order_id=order.id)
    if not rows:
        return []
    account_ids = sorted({row.account_id for row in rows})
    share_accounts(uow, account_ids)
    accounts = {account_id: share_account(uow, account_id) for account_id in account_ids}
    places = {account_id: spendable(account_id, member.wallet_id) for account_id in account_ids}
    ledger.lock(uow, places.values())
    free = {account_id: ledger.balance(uow, place) for account_id, place in places.items()}
    sources = {row.id: row for row in uow.rows(TRANSACTIONS, ids=[int(row.transaction_id) for row in rows])}
    requests: list[TransactionRequest] = []
    for row, due in zip(rows, _dues(rows, kept), strict=True):
        account, source = accounts[row.account_id], sources[int(row.transaction_id)]
        if account is None or not account.active or source.status == REVERTED:
            continue
        pieces: Sequence[lots.Piece] = [tuple(piece) for piece in source.lots or ()] if account.tracked else []
        there = lots.left_of(uow, places[row.account_id], pieces) if pieces else row.points
        amount = min(due, free[row.account_id], there)
        if amount > 0:
            uow.execute(
                SET_TAKEN, of_order=order.id, of_transaction=row.transaction_id, points_taken=row.taken + amount
            )
            free[row.account_id] -= amount
            points_taken_back(uow, row.campaign_id, member.id, row.month_ms, amount)
            requests.append(
                TransactionRequest(
                    BURN,
                    row.ledger_id,
                    row.account_id,
                    amount,
                    member.wallet_id,
                    None,
                    lots_first=tuple(pieces),
                    note=Note(external_id=order.external_id, description=TAKEN_BACK),
                )
            )
    made = make(uow, requests, {member.wallet_id: member.id}) if requests else []
    return [_show_burn(order, one) for one in made]


def _show_burn(order: PurchaseOrder, made: Made) -> dict[str, Any]:
    shown = {name: made.shown[name] for name in ("ledgerTransactionId", "ledgerId", "ledgerAccountId", "amount")}
    return show_effect("burn-points", "purchase-order", order.id, shown)


def _dues(rows: Sequence[OrderPoints], kept: int) -> list[int]:
    """How many points of each mint are to be taken, beyond those that were. The mints of a campaign are rounded together, to the member's
    favour: else an order that was amended often would keep a point for each.
    """
    sums: dict[tuple[int, int, int], int] = defaultdict(int)
    dues = []
    for row in rows:
        key, lost = (row.campaign_id, row.account_id, row.spend), row.spend - min(max(kept, 0), row.spend)
        before, sums[key] = sums[key], sums[key] + row.points
        dues.append(sums[key] * lost // row.spend - before * lost // row.spend - row.taken)
    return dues
