"""What members ask of higher rooms (`wiring.py`)."""

from models.kernel.ports import Signal
from models.loyalty_core.members.tables import Member
from models.uow import UnitOfWork

joined_by_code: Signal[[UnitOfWork, Member, str]] = Signal("joined_by_code")
"""A new member has given a referral code. Raises RuleViolation for one that cannot be used, and what a payment does."""
