"""The jobs that the dispatcher runs for the Loyalty Core API, and what it prunes."""

from collections.abc import Callable

from models.loyalty_core import wiring  # noqa: F401  connects the ports of the rooms
from models.loyalty_core.audiences.counts import continue_count, count_all
from models.loyalty_core.audiences.tables import COUNT_JOB, DAILY_JOB
from models.loyalty_core.coupons.expiry import COUPON_EXPIRY_JOB, expire_coupons
from models.loyalty_core.coupons.offerings import take_message
from models.loyalty_core.engine.evaluation import evaluate_event
from models.loyalty_core.events.log import EVENT_JOB
from models.loyalty_core.ledger.expiry import expire
from models.loyalty_core.ledger.lots import EXPIRY_JOB
from models.loyalty_core.members.enrolments import TIER_EXPIRY_JOB
from models.loyalty_core.members.tier_rules import expire_tier
from models.loyalty_core.organization.messages import MESSAGE_JOB
from models.uow import UnitOfWork

JOBS: dict[str, Callable[[UnitOfWork, str], None]] = {
    TIER_EXPIRY_JOB: expire_tier,
    EXPIRY_JOB: expire,
    COUPON_EXPIRY_JOB: expire_coupons,
    MESSAGE_JOB: take_message,
    EVENT_JOB: evaluate_event,
    COUNT_JOB: continue_count,
    DAILY_JOB: count_all,
}

URGENT_JOBS = frozenset({EVENT_JOB, MESSAGE_JOB})
"""Jobs that the call which scheduled them waits for where it can: the effects of its event, messages to partners."""


def prune(_uow: UnitOfWork) -> bool:
    """There is nothing to prune yet."""
    return False
