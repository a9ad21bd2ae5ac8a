"""Coupons that were assigned for a time only."""

from models.loyalty_core.coupons.finding import lock_book
from models.loyalty_core.coupons.queries import BOOK_OF_GROUP, OPEN_OF_GROUP, SET_STATUS
from models.loyalty_core.coupons.states import EXPIRED, is_over
from models.outbox.outbox import schedule
from models.uow import UnitOfWork

COUPON_EXPIRY_JOB = "coupon-expiry"
EXPIRED_AT_ONCE = 200
"""Coupons that one job lets expire, about 10 ms."""


def await_expiry(uow: UnitOfWork, group_id: int, expires_ms: int) -> None:
    """Schedule the expiry of the coupons of one call. Nothing unschedules it: the job looks for what is left to do."""
    schedule(uow, COUPON_EXPIRY_JOB, str(group_id), expires_ms)


def expire_coupons(uow: UnitOfWork, subject: str) -> None:
    """A job: mark the assignments of one call that are over as expired. Their points are not given back.

    A call assigns up to 1,000 coupons: what one job does not reach, the next one does.
    """
    group_id = int(subject)
    book_id = uow.first(BOOK_OF_GROUP, group_id=group_id)
    if book_id is None:
        return
    lock_book(uow, book_id)
    rows = uow.rows(OPEN_OF_GROUP, group_id=group_id, limit=EXPIRED_AT_ONCE)
    over = [row.id for row in rows if is_over(row, uow.now_ms)]
    if over:
        uow.execute(SET_STATUS, ids=over, new_status=EXPIRED, now_ms=uow.now_ms)
    if len(over) == EXPIRED_AT_ONCE:
        await_expiry(uow, group_id, uow.now_ms)
