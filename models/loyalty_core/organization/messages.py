"""The one way from an organization into another: a message, and the job that reads it in the other's own unit of work.

Nothing else may write what another tenant owns, and a test holds the syntax tree against that. Who receives decides by
its own rows what comes of a message; who sends cannot touch them.
"""

from dataclasses import dataclass
from typing import Any

from models.loyalty_core.organization.tables import Crossing
from models.outbox.outbox import Job
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

MESSAGE_JOB = "crossing"


@dataclass(frozen=True, slots=True)
class Message:
    """What came across."""

    sender: Tenant
    kind: str
    payload: dict[str, Any]


def send(uow: UnitOfWork, receiver: Tenant, kind: str, payload: dict[str, Any]) -> None:
    """Leave a message for another organization of the same sandbox, to be read as soon as its jobs run."""
    assert receiver.sandbox_id == uow.sandbox.id, "organizations of two sandboxes have nothing to do with each other"
    # The number is drawn among the receiver's: one of the sender's could be the number of a job that the receiver made.
    number = uow.sandbox.order_number(uow.sandbox.next_request_number(receiver.id), 1)
    uow.session.add(
        Crossing(
            tenant_id=receiver.id,
            id=number,
            sender_tenant_id=uow.tenant_id,
            kind=kind,
            payload=payload,
            created_ms=uow.now_ms,
        )
    )
    uow.session.add(
        Job(
            tenant_id=receiver.id,
            id=number,
            sandbox_id=receiver.sandbox_id,
            kind=MESSAGE_JOB,
            subject=str(number),
            due_at_ms=uow.now_ms,
            attempts=0,
        )
    )
    uow.wakes = True
    uow.urgent.add(receiver.id)


def receive(uow: UnitOfWork, subject: str) -> Message | None:
    """The message that a job is about, which is gone then; None where there is none, or its sender is not there any more."""
    row = uow.session.get(Crossing, (uow.tenant_id, int(subject)))
    if row is None:
        return None
    uow.session.delete(row)
    sender = uow.directory.tenant_by_id(uow.connection, row.sender_tenant_id)
    return None if sender is None else Message(sender, row.kind, row.payload)
