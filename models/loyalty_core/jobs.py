"""What the dispatcher runs for the Loyalty Core API, and what it forgets."""

from collections.abc import Callable

from models.loyalty_core.enrolments import TIER_EXPIRY_JOB
from models.loyalty_core.expiry import expire
from models.loyalty_core.lots import EXPIRY_JOB
from models.loyalty_core.tier_rules import expire_tier
from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {TIER_EXPIRY_JOB: expire_tier, EXPIRY_JOB: expire}


def prune(_uow: UnitOfWork) -> None:
    """Nothing is kept for a time only yet."""
