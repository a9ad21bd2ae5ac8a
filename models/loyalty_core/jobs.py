"""What the dispatcher runs for the Loyalty Core API, and what it forgets."""

from collections.abc import Callable

from models.loyalty_core.audience_counts import COUNT_JOB, DAILY_JOB, continue_count, count_all
from models.loyalty_core.coupon_expiry import COUPON_EXPIRY_JOB, expire_coupons
from models.loyalty_core.crossings import CROSSING_JOB
from models.loyalty_core.enrolments import TIER_EXPIRY_JOB
from models.loyalty_core.evaluation import evaluate_event
from models.loyalty_core.events import EVENT_JOB
from models.loyalty_core.expiry import expire
from models.loyalty_core.lots import EXPIRY_JOB
from models.loyalty_core.offerings import take_message
from models.loyalty_core.tier_rules import expire_tier
from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {
    TIER_EXPIRY_JOB: expire_tier, EXPIRY_JOB: expire, COUPON_EXPIRY_JOB: expire_coupons, CROSSING_JOB: take_message,
    EVENT_JOB: evaluate_event,
    COUNT_JOB: continue_count, DAILY_JOB: count_all,
}


def prune(_uow: UnitOfWork) -> bool:
    """Nothing is kept for a time only yet."""
    return False
