"""Points that an order has brought: remembered, and taken back when it is cancelled or returned."""

from collections.abc import Mapping
from typing import Any

from models import ledger
from models.loyalty_core.events.views import show_effect
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import spendable
from models.loyalty_core.ledger.posting import BURN, REVERTED, Note, TransactionRequest, make, read_account
from models.loyalty_core.ledger.tables import PointTransaction
from models.loyalty_core.members.tables import Member
from models.loyalty_core.orders.ports import points_taken_back
from models.loyalty_core.orders.tables import OrderPoints, PurchaseOrder
from models.loyalty_core.periods import month_start_ms
from models.uow import UnitOfWork

TAKEN_BACK = "Taken back: the order was cancelled or returned."


def remember_points(
    uow: UnitOfWork, order_id: int, campaign_id: int, transaction: Mapping[str, Any], at_ms: int
) -> None:
    """Note that a mint of a campaign (as answers show it) came of an order, by an event of that time."""
    order = uow.session.get_one(PurchaseOrder, (uow.tenant_id, order_id))
    uow.session.add(
        OrderPoints(
            tenant_id=uow.tenant_id,
            order_id=order_id,
            transaction_id=transaction["ledgerTransactionId"],
            ledger_id=transaction["ledgerId"],
            account_id=transaction["ledgerAccountId"],
            campaign_id=campaign_id,
            month_ms=month_start_ms(at_ms),
            spend=max(order.spend, 1),
            points=transaction["amount"],
            taken=0,
        )
    )


def take_back(uow: UnitOfWork, order: PurchaseOrder, member: Member, kept: int) -> list[dict[str, Any]]:
    """Take back the points of an order of which so much money (ten-thousandths) is kept, in proportion; what was taken.

    What is not there any more cannot be taken: points that were spent, set aside, reverted or have expired, or are in an
    account that is not active. The limits of their campaigns get it back. The order is locked.
    """
    rows = list(
        uow.session.scalars(
            uow.scoped(OrderPoints)
            .where(OrderPoints.order_id == order.id)
            .order_by(OrderPoints.ledger_id, OrderPoints.account_id, OrderPoints.transaction_id)
        )
    )
    accounts = {account_id: read_account(uow, account_id) for account_id in sorted({row.account_id for row in rows})}
    places = {account_id: spendable(account_id, member.wallet_id) for account_id in accounts}
    ledger.lock(uow, places.values())
    free = {account_id: ledger.balance(uow, place) for account_id, place in places.items()}
    wanted: list[TransactionRequest] = []
    for row in rows:
        account = accounts[row.account_id]
        # A mint of this very unit is not written yet: nothing can have become of it.
        source = uow.session.get(PointTransaction, (uow.tenant_id, int(row.transaction_id)))
        if account is None or not account.active or (source is not None and source.status == REVERTED):
            continue
        pieces = source.lots or () if source is not None and account.tracked else ()
        there = lots.left_of(uow, places[row.account_id], pieces) if pieces else row.points
        amount = min(_due(row, kept), free[row.account_id], there)
        if amount > 0:
            row.taken += amount
            free[row.account_id] -= amount
            points_taken_back(uow, row.campaign_id, member.id, row.month_ms, amount)
            wanted.append(
                TransactionRequest(
                    BURN,
                    row.ledger_id,
                    row.account_id,
                    amount,
                    member.wallet_id,
                    None,
                    lots_first=tuple((number, expires_ms, size) for number, expires_ms, size in pieces),
                    note=Note(external_id=order.external_id, description=TAKEN_BACK),
                )
            )
    return (
        [
            show_effect(
                "burn-points",
                "purchase-order",
                order.id,
                {
                    "ledgerTransactionId": made["ledgerTransactionId"],
                    "ledgerId": made["ledgerId"],
                    "ledgerAccountId": made["ledgerAccountId"],
                    "amount": made["amount"],
                },
            )
            for made in make(uow, wanted)
        ]
        if wanted
        else []
    )


def _due(row: OrderPoints, kept: int) -> int:
    """How many points of an order's are to be taken, beyond those that were."""
    lost = row.spend - min(max(kept, 0), row.spend)
    return row.points * lost // row.spend - row.taken
