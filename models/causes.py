"""What a call has caused in a seeded sandbox: events, postings and deliveries carry numbers that begin with the number
of the request.
"""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from models.kernel.lists import among
from models.kernel.statements import TENANT, Query
from models.ledger import LedgerEntry, LedgerTransaction
from models.outbox.outbox import Delivery, Event
from models.tenancy.sandboxes import CAUSE_SHIFT, Sandbox
from models.uow import UnitOfWork

ROWS_MAX = 200
"""Of each kind: what a call with a thousand items has caused is shown in part."""


class _Posting(NamedTuple):
    kind: str
    account: str
    amount: int
    balance_after: int | None


EVENTS = Query(
    select(Event)
    .where(Event.tenant_id == TENANT, Event.number.between(bindparam("first"), bindparam("last")))
    .order_by(Event.number)
    .limit(ROWS_MAX)
)
DELIVERIES = Query(
    select(Delivery).where(Delivery.tenant_id == TENANT, among(Delivery.event_id, "event_ids")).order_by(Delivery.id)
)
POSTINGS = Query(
    select(LedgerTransaction.kind, LedgerEntry.account, LedgerEntry.amount, LedgerEntry.balance_after)
    .join(
        LedgerEntry,
        (LedgerEntry.tenant_id == LedgerTransaction.tenant_id) & (LedgerEntry.transaction_id == LedgerTransaction.id),
    )
    .where(
        LedgerTransaction.tenant_id == TENANT, LedgerTransaction.number.between(bindparam("first"), bindparam("last"))
    )
    .order_by(LedgerTransaction.number, LedgerEntry.account)
    .limit(ROWS_MAX),
    _Posting,
)


def caused_by(
    uow: UnitOfWork, sandbox: Sandbox, tenant_id: int, request_number: int
) -> dict[str, list[dict[str, object]]]:
    """The events, ledger postings and deliveries of one request of a tenant, which need not be the unit's; in their
    order.

    What a job has done later, such as the evaluation of an event by the dispatcher, is not the request's.
    """
    first = sandbox.order_number(request_number, 0)
    bounds = {"tenant_id": tenant_id, "first": first, "last": first + (1 << CAUSE_SHIFT) - 1}
    events = uow.connection.rows(EVENTS, bounds)
    ids = {"tenant_id": tenant_id, "event_ids": [event.id for event in events]}
    deliveries = uow.connection.rows(DELIVERIES, ids) if events else []
    return {
        "events": [{"id": row.id, "type": row.type, "at_ms": row.created_ms} for row in events],
        "postings": [row._asdict() for row in uow.connection.rows(POSTINGS, bounds)],
        "deliveries": [
            {"id": row.id, "event_id": row.event_id, "url": row.url, "status": row.status, "attempts": row.attempts}
            for row in deliveries
        ],
    }
