"""Points that an order has brought: remembered, and taken back when it is cancelled or returned."""

from collections.abc import Mapping
from typing import Any

from models import ledger
from models.loyalty_core.happenings import told
from models.loyalty_core.movements import BURN, Note, Wanted, make, read_account
from models.loyalty_core.order_tables import OrderPoints, PurchaseOrder
from models.loyalty_core.places import spendable
from models.loyalty_core.tables import Member
from models.uow import UnitOfWork

TAKEN_BACK = "Taken back: the order was cancelled or returned."


def remember_points(uow: UnitOfWork, order_id: int, transaction: Mapping[str, Any]) -> None:
    """Note that a mint (as answers tell it) came of an order."""
    uow.session.add(OrderPoints(
        tenant_id=uow.tenant_id, order_id=order_id, transaction_id=transaction["ledgerTransactionId"], ledger_id=transaction["ledgerId"],
        account_id=transaction["ledgerAccountId"], points=transaction["amount"], taken=0))


def take_back(uow: UnitOfWork, order: PurchaseOrder, member: Member, kept: int) -> list[dict[str, Any]]:
    """Take back the points of an order of which so much money (ten-thousandths) is kept, in proportion; what was taken.

    What a member has spent already cannot be taken, nor what is in an account that is not active any more: then as much is
    taken as can be. The order is locked.
    """
    rows = list(uow.session.scalars(uow.scoped(OrderPoints).where(OrderPoints.order_id == order.id)
                                    .order_by(OrderPoints.ledger_id, OrderPoints.account_id, OrderPoints.transaction_id)))
    earned_by = max(order.earning_spend or 0, 1)
    lost = earned_by - min(max(kept, 0), earned_by)
    accounts = {account_id: read_account(uow, account_id) for account_id in sorted({row.account_id for row in rows})}
    places = {account_id: spendable(account_id, member.wallet_id) for account_id in accounts}
    ledger.lock(uow, places.values())
    wanted: list[Wanted] = []
    for row in rows:
        account = accounts[row.account_id]
        if account is None or not account.active:
            continue
        due = row.points * lost // earned_by - row.taken
        already = sum(one.amount for one in wanted if one.account_id == row.account_id)
        amount = min(due, ledger.balance(uow, places[row.account_id]) - already)
        if amount > 0:
            row.taken += amount
            note = Note(external_id=order.external_id, description=TAKEN_BACK)
            wanted.append(Wanted(BURN, row.ledger_id, row.account_id, amount, member.wallet_id, None, note=note))
    return [told("burn-points", "purchase-order", order.id, {
        "ledgerTransactionId": made["ledgerTransactionId"], "ledgerId": made["ledgerId"],
        "ledgerAccountId": made["ledgerAccountId"], "amount": made["amount"]}) for made in make(uow, wanted)] if wanted else []
