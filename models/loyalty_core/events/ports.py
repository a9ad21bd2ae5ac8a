"""What the event log asks of higher rooms (`wiring.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.kernel.json_values import Shown
from models.kernel.ports import Port, Signal
from models.loyalty_core.events.tables import LoggedEvent
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Evaluated:
    """An event that a caller reported, and the result of its evaluation."""

    id: int
    type: str
    status: str
    error: str | None
    effects: list[Shown]
    rule_errors: list[Shown]


@dataclass(frozen=True, slots=True)
class Amended:
    """An order's event whose campaigns were evaluated again for the order as it is now.

    `excess` are points, by campaign and account, that the order has brought and would not bring now; they are still
    there.
    """

    evaluated: Evaluated
    excess: Mapping[tuple[int, int], int]


report_event: Port[[UnitOfWork, str, str, Shown, Any, Mapping[str, object]], Evaluated] = Port("report_event")
"""(type, topic, data, member, further columns): evaluate an event that a caller reports, and write it. The member is a
row that was locked in this unit.
"""
amend_event: Port[[UnitOfWork, LoggedEvent, Shown, Any, Mapping[tuple[int, int], int]], Amended] = Port("amend_event")
"""(event, order as it is shown, member, points by campaign and account): evaluate an order's earlier event again with
the order as it is now. Points beyond the given ones are added; those that would not be given now are returned.
"""
members_changed: Signal[[UnitOfWork]] = Signal("members_changed")
"""A member was added or changed, came into another tier, came into a program or left it."""
