"""What must be true of a site's database and receiver once its processes have worked everything off."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from models.advocacy.tables import Advocate
from models.ledger import LedgerBalance, LedgerEntry
from models.loyalty_core.ledger.tables import PointTransaction
from models.loyalty_core.orders.tables import PurchaseOrder
from models.outbox.outbox import Delivery, Event
from models.saasquatch.tables import Referral, User
from troth.database.storage import Storage

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from tests.soak.load import Acknowledged


def pending(url: str) -> int:
    """Deliveries that have not come to an end."""
    with Storage(url, 1) as storage, storage.deferred_session() as session:
        return session.scalar(select(func.count()).where(Delivery.status == "pending")) or 0


def faults(url: str, noted: Acknowledged, received: Counter[str]) -> list[str]:
    """Everything that is lost, doubled or does not add up. `received` counts the calls of the receiver by event id."""
    with Storage(url, 1) as storage, storage.deferred_session() as session:
        return [*_writes(session, noted), *_books(session), *_events(session, received)]


def _writes(session: Session, noted: Acknowledged) -> list[str]:
    found = []
    stored: dict[str, Counter[str]] = {
        "users": Counter(session.scalars(select(User.id))),
        "referred": Counter(session.scalars(select(Referral.referred_user_id))),
        "advocates": Counter(session.scalars(select(Advocate.id))),
        "orders": Counter(session.scalars(select(PurchaseOrder.external_id))),
    }
    for what, counts in stored.items():
        acknowledged = set(getattr(noted, what))
        found += [f"{what}: {one} is lost" for one in acknowledged - counts.keys()]
        found += [f"{what}: {one} is there {count} times" for one, count in counts.items() if count > 1]
    emails = Counter(session.scalars(select(Advocate.email)))
    found += [f"advocates: {one} is there {count} times" for one, count in emails.items() if count > 1]
    amounts: dict[str, Any] = {
        str(number): amount for number, amount in session.execute(select(PointTransaction.id, PointTransaction.amount))
    }
    for number, amount in {**noted.minted, **noted.transfers}.items():
        if amounts.get(number) != amount:
            found.append(f"transaction {number}: {amounts.get(number)} in place of {amount}")
    for advocate, points in noted.points.items():
        held = session.scalars(
            select(LedgerBalance.balance).where(LedgerBalance.account == f"advocate/{advocate}")
        ).all()
        if held != [points]:
            found.append(f"advocate {advocate}: {held} in place of {points}")
    return found


def _books(session: Session) -> list[str]:
    """Each transaction's entries sum to zero, and each balance is the sum of its entries and not below zero."""
    per_transaction = select(LedgerEntry.tenant_id, LedgerEntry.transaction_id, func.sum(LedgerEntry.amount)).group_by(
        LedgerEntry.tenant_id, LedgerEntry.transaction_id
    )
    found = [
        f"transaction {key}: its entries sum to {total}" for _, key, total in session.execute(per_transaction) if total
    ]
    per_account = select(LedgerEntry.tenant_id, LedgerEntry.account, func.sum(LedgerEntry.amount)).group_by(
        LedgerEntry.tenant_id, LedgerEntry.account
    )
    sums = {(tenant, account): total for tenant, account, total in session.execute(per_account)}
    held = session.execute(select(LedgerBalance.tenant_id, LedgerBalance.account, LedgerBalance.balance)).all()
    for tenant, account, balance in held:
        if balance != sums.get((tenant, account), 0) or balance < 0:
            found.append(f"account {account}: {balance}, its entries {sums.get((tenant, account))}")
    return found


def _events(session: Session, received: Counter[str]) -> list[str]:
    """Every event of a tenant with an endpoint has reached it at least once."""
    delivered = select(Event.id, Delivery.status).join(
        Delivery, (Delivery.tenant_id == Event.tenant_id) & (Delivery.event_id == Event.id)
    )
    found = []
    for event, status in session.execute(delivered):
        if status != "delivered":
            found.append(f"event {event}: {status}")
        elif not received[event]:
            found.append(f"event {event}: delivered, but the receiver has not got it")
    return found
