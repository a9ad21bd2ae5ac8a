"""Coupons that were given out for a time only."""

from models.loyalty_core.coupons.calls import ASSIGNED, EXPIRED, is_over
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.coupons.views import lock_book
from models.outbox.outbox import schedule
from models.uow import UnitOfWork

COUPON_EXPIRY_JOB = "coupon-expiry"
EXPIRED_AT_ONCE = 200
"""Coupons that one job lets expire, about 10 ms."""


def await_expiry(uow: UnitOfWork, group_id: int, expires_ms: int) -> None:
    """Let the coupons of one call expire together. Nobody removes the job: it sees what there is still to do."""
    schedule(uow, COUPON_EXPIRY_JOB, str(group_id), expires_ms)


def expire_coupons(uow: UnitOfWork, subject: str) -> None:
    """A job: what was given out in one call and is over by now cannot be used any more. Nothing is given back.

    A call gives out up to 1,000 coupons: what one job does not reach, the next one does.
    """
    matching = uow.scoped(CouponUsage).where(CouponUsage.group_id == int(subject), CouponUsage.status == ASSIGNED)
    first = uow.session.scalars(matching.limit(1)).first()
    if first is None:
        return
    lock_book(uow, first.book_id)
    some = matching.order_by(CouponUsage.id).limit(EXPIRED_AT_ONCE).execution_options(populate_existing=True)
    over = [row for row in uow.session.scalars(some) if is_over(row, uow.now_ms)]
    for row in over:
        row.status, row.updated_ms = EXPIRED, uow.now_ms
    if len(over) == EXPIRED_AT_ONCE:
        await_expiry(uow, int(subject), uow.now_ms)
