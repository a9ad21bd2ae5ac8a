"""What the organization asks of higher rooms (`wiring.py`)."""

from models.kernel.ports import Port, Signal
from models.uow import UnitOfWork

before_schema_deleted: Signal[[UnitOfWork, int, str]] = Signal("before_schema_deleted")
"""(number, id as callers know it): a content schema is about to be deleted. Raises Conflict where something uses it."""
member_number: Port[[UnitOfWork, str], int | None] = Port("member_number")
"""The number of a member by the organization's own id for the member; None where nobody has it."""
