"""What the event log asks of higher rooms (`wiring.py`)."""

from collections.abc import Mapping
from typing import Any

from models.kernel.ports import Port, Signal
from models.loyalty_core.events.tables import LoggedEvent
from models.uow import UnitOfWork

report_event: Port[[UnitOfWork, str, str, dict[str, Any], int, Mapping[str, Any]], LoggedEvent] = Port("report_event")
"""(type, topic, data, member id, further columns): write an event that a caller reports and evaluate it at once; its row."""
members_changed: Signal[[UnitOfWork]] = Signal("members_changed")
"""A member was added or changed, or came into another tier."""
