"""Messages between organizations: each is a row and a job of the receiver, which reads it in a unit of work of its own.

Nothing else may write rows of another tenant; a test checks the syntax tree for that. The receiver decides by its own
rows what a message changes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.loyalty_core.organization.queries import DELETE_MESSAGE, MESSAGE
from models.loyalty_core.organization.tables import TenantMessage
from models.outbox.outbox import Job
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork

MESSAGE_JOB = "crossing"


@dataclass(frozen=True, slots=True)
class Message:
    """A message that was received."""

    sender: Tenant | None
    """None where it does not exist any more."""
    kind: str
    payload: dict[str, Any]


def send(uow: UnitOfWork, receiver: Tenant, kind: str, payload: Mapping[str, object]) -> None:
    """Send a message to another organization of the same sandbox, to be read as soon as its jobs run.

    Both rows are written by the session: a prepared statement is bound to the sender's tenant.
    """
    assert receiver.sandbox_id == uow.sandbox.id, "organizations of two sandboxes have nothing to do with each other"
    # The number is drawn among the receiver's: one of the sender's could be the number of a job that the receiver made.
    number = uow.sandbox.order_number(uow.sandbox.next_request_number(receiver.id), 1)
    uow.session.add(
        TenantMessage(
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
    """Take the message that a job is about out of the table; None where there is none."""
    row = uow.first(MESSAGE, message_id=int(subject))
    if row is None:
        return None
    uow.execute(DELETE_MESSAGE, message_id=row.id)
    sender = uow.directory.tenant_by_id(uow.connection, row.sender_tenant_id)
    return Message(sender, row.kind, row.payload)
