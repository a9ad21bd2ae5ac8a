"""What the organization asks of higher rooms (`wiring.py`)."""

from models.kernel.ports import Signal
from models.uow import UnitOfWork

before_schema_deleted: Signal[[UnitOfWork, int, str]] = Signal("before_schema_deleted")
"""(number, id as callers know it): a content schema is about to be deleted. Raises Clash where something uses it."""
