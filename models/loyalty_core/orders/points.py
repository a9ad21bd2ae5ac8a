"""Points that an order has brought: remembered, and taken back when it is cancelled or returned."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from models import ledger
from models.kernel.json_values import Shown
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import held, spendable
from models.loyalty_core.ledger.opening import share_account, share_accounts
from models.loyalty_core.ledger.posting import BURN, REVERTED, Made, Note, TransactionRequest, make
from models.loyalty_core.ledger.queries import TRANSACTIONS, Transaction
from models.loyalty_core.ledger.tables import Piece
from models.loyalty_core.members.tables import Member
from models.loyalty_core.orders.ports import points_taken_back
from models.loyalty_core.orders.queries import INSERT_ORDER_POINTS, ORDER, POINTS_OF_ORDER, SET_ORDER_POINTS
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


def remember_points(
    uow: UnitOfWork, order_id: int, campaign_id: int, minted: Transaction, event_id: int, at_ms: int
) -> None:
    """Note that a campaign's mint was for an order, by an event of that time."""
    order = read_order(uow, order_id)
    uow.insert_at_end(
        INSERT_ORDER_POINTS,
        order_id=order_id,
        transaction_id=str(minted.id),  # the column's type; the number is in `Transaction.id`
        ledger_id=minted.ledger_id,
        account_id=minted.account_id,
        campaign_id=campaign_id,
        event_id=event_id,
        month_ms=month_start_ms(at_ms),
        spend=max(order.spend, 1),
        points=minted.amount,
        taken=0,
    )


class Due(NamedTuple):
    """Points to take back (`due`) of what was minted for an order, and the values of its row afterwards.

    `taken` does not include `due`.
    """

    row: OrderPoints
    due: int
    points: int
    spend: int
    taken: int


def take_back(uow: UnitOfWork, order: PurchaseOrder, member: Member, kept: int) -> list[Shown]:
    """Take back the points of an order of which so much money (ten-thousandths) is kept, in proportion; the effects.

    What was reverted in the ledger counts as taken. The order is locked.
    """
    dues = proportional(uow.rows(POINTS_OF_ORDER, order_id=order.id), kept)
    return collect(uow, order, member, dues, counts_reverted=True)


def proportional(rows: Sequence[OrderPoints], kept: int) -> list[Due]:
    """What is to be taken of mints for an order of which so much money is kept, in proportion."""
    return [Due(row, due, row.points, row.spend, row.taken) for row, due in zip(rows, _dues(rows, kept), strict=True)]


def collect(
    uow: UnitOfWork, order: PurchaseOrder, member: Member, dues: Sequence[Due], *, counts_reverted: bool = False
) -> list[Shown]:
    """Take back what is due of an order's points; the effects.

    What is not there any more cannot be taken: points that were spent, set aside, reverted or have expired, or are in
    an account that is not active. The limits of their campaigns get back what is taken, and with `counts_reverted` what
    is due of reverted mints. The order is locked.
    """
    amounts, reverted = _available(uow, member, [one for one in dues if one.due > 0])
    requests: list[TransactionRequest] = []
    for one in dues:
        row, (amount, pieces) = one.row, amounts.get(one.row.transaction_id, (0, ()))
        taken = one.due if counts_reverted and row.transaction_id in reverted else amount
        new = {"new_points": one.points, "new_spend": one.spend, "new_taken": one.taken + taken}
        if tuple(new.values()) != (row.points, row.spend, row.taken):
            uow.execute(SET_ORDER_POINTS, of_order=order.id, of_transaction=row.transaction_id, **new)
        if taken:
            points_taken_back(uow, row.campaign_id, member.id, row.month_ms, taken)
        if amount:
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


def _available(
    uow: UnitOfWork, member: Member, dues: Sequence[Due]
) -> tuple[dict[str, tuple[int, Sequence[Piece]]], frozenset[str]]:
    """How much of what is due of each mint, by its transaction, can be taken, and of which lots; and those that were
    reverted.
    """
    if not dues:
        return {}, frozenset()
    rows = [one.row for one in dues]
    account_ids = sorted({row.account_id for row in rows})
    share_accounts(uow, account_ids)
    accounts = {account_id: share_account(uow, account_id) for account_id in account_ids}
    places = {account_id: spendable(account_id, member.wallet_id) for account_id in account_ids}
    # With what is set aside, as transfers lock it: that comes before what can be spent in the order of balances.
    ledger.lock(uow, [*places.values(), *(held(account_id, member.wallet_id) for account_id in account_ids)])
    free = {account_id: ledger.balance(uow, place) for account_id, place in places.items()}
    sources = {row.id: row for row in uow.rows(TRANSACTIONS, ids=[int(row.transaction_id) for row in rows])}
    found: dict[str, tuple[int, Sequence[Piece]]] = {}
    for row, due, *_ in dues:
        account, source = accounts[row.account_id], sources[int(row.transaction_id)]
        if account is None or not account.active or source.status == REVERTED:
            continue
        kept = (source.lots or ()) if account.tracked else ()
        pieces: Sequence[Piece] = [(number, expires_ms, size) for number, expires_ms, size in kept]
        there = lots.left_of(uow, places[row.account_id], pieces) if pieces else row.points
        amount = max(0, min(due, free[row.account_id], there))
        free[row.account_id] -= amount
        found[row.transaction_id] = amount, pieces
    return found, frozenset(str(source.id) for source in sources.values() if source.status == REVERTED)


def _show_burn(order: PurchaseOrder, made: Made) -> Shown:
    row = made.row
    shown: Shown = {
        "ledgerTransactionId": str(row.id),
        "ledgerId": row.ledger_id,
        "ledgerAccountId": row.account_id,
        "amount": row.amount,
    }
    return show_effect("burn-points", "purchase-order", order.id, shown)


def _dues(rows: Sequence[OrderPoints], kept: int) -> list[int]:
    """How many points of each mint are to be taken, beyond those that were.

    The mints of a campaign are rounded together, to the member's favour: else an order that was amended often would
    keep a point for each.
    """
    sums: dict[tuple[int, int, int], int] = defaultdict(int)
    dues = []
    for row in rows:
        key, lost = (row.campaign_id, row.account_id, row.spend), row.spend - min(max(kept, 0), row.spend)
        before, sums[key] = sums[key], sums[key] + row.points
        dues.append(sums[key] * lost // row.spend - before * lost // row.spend - row.taken)
    return dues
