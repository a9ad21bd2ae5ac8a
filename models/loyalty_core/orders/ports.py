"""What orders ask of higher rooms (`wiring.py`)."""

from models.kernel.ports import Signal
from models.uow import UnitOfWork

points_taken_back: Signal[[UnitOfWork, int, int, int, int]] = Signal("points_taken_back")
"""(campaign, member, start of the month, points): points that a campaign gave in that month were taken back with their
order.
"""
