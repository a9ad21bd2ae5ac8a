"""Coupons that were given out for a time only."""

from models.loyalty_core.coupon_calls import ASSIGNED, EXPIRED
from models.loyalty_core.coupon_tables import CouponUsage
from models.loyalty_core.coupon_views import lock_book
from models.outbox import schedule
from models.uow import UnitOfWork

COUPON_EXPIRY_JOB = "coupon-expiry"


def await_expiry(uow: UnitOfWork, group_id: int, expires_ms: int) -> None:
    """Let the coupons of one call expire together. Nobody removes the job: it sees what there is still to do."""
    schedule(uow, COUPON_EXPIRY_JOB, str(group_id), expires_ms)


def expire_coupons(uow: UnitOfWork, subject: str) -> None:
    """A job: what was given out in one call and is over by now cannot be used any more. Nothing is given back."""
    matching = uow.scoped(CouponUsage).where(
        CouponUsage.group_id == int(subject), CouponUsage.status == ASSIGNED, CouponUsage.expires_ms <= uow.now_ms)
    first = uow.session.scalars(matching.limit(1)).first()
    if first is None:
        return
    lock_book(uow, first.book_id)
    for row in uow.session.scalars(matching.execution_options(populate_existing=True)):
        row.status, row.updated_ms = EXPIRED, uow.now_ms
