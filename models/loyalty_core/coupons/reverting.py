"""Taking back that a coupon was given out or used, with all that it changed."""

from typing import Any

from models.loyalty_core.coupons.calls import ASSIGNED, ASSIGNMENT, EXPIRED, REVERTED, USE, USED, is_over
from models.loyalty_core.coupons.tables import CouponBook, CouponUsage
from models.loyalty_core.coupons.using import count_use
from models.loyalty_core.coupons.views import find_coupon, lock_book, show_usage
from models.loyalty_core.ledger.lifecycle import take_back
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.problems import Conflict, NotFound
from models.uow import UnitOfWork


def revert(uow: UnitOfWork, usage_id: int) -> list[dict[str, Any]]:
    """Take back a use, or an assignment with all its uses; points come back as they were. Returns all that was taken back.

    Assignments that one transaction paid for are taken back together. Raises NotFound; Conflict for what was taken back
    before; what `take_back` does.
    """
    named = _find(uow, usage_id)
    lock_member(uow, named.member_id)
    book = lock_book(uow, named.book_id)
    uow.session.refresh(named)
    if named.status == REVERTED:
        raise Conflict(f"The coupon usage {usage_id} was taken back already.")
    rows = [named] if named.type == USE else _with_uses(uow, named)
    for row in rows:
        _undo(uow, book, row)
    uow.session.flush()
    take_back(uow, [row.transaction_id for row in rows if row.transaction_id is not None])
    return [show_usage(uow, row) for row in rows]


def _find(uow: UnitOfWork, usage_id: int) -> CouponUsage:
    row = uow.session.get(CouponUsage, (uow.tenant_id, usage_id))
    if row is None:
        raise NotFound(f"There is no coupon usage {usage_id}.")
    return row


def _with_uses(uow: UnitOfWork, assignment: CouponUsage) -> list[CouponUsage]:
    """An assignment, those that were paid for with it, and their uses; what was taken back before is left out."""
    standing = uow.scoped(CouponUsage).where(CouponUsage.status != REVERTED).execution_options(populate_existing=True)
    together = [assignment]
    if assignment.transaction_id is not None:
        together = list(
            uow.session.scalars(
                standing.where(
                    CouponUsage.type == ASSIGNMENT, CouponUsage.transaction_id == assignment.transaction_id
                ).order_by(CouponUsage.id)
            )
        )
    uses = uow.session.scalars(
        standing.where(CouponUsage.assignment_id.in_([row.id for row in together])).order_by(CouponUsage.id)
    )
    return [*together, *uses]


def _undo(uow: UnitOfWork, book: CouponBook, row: CouponUsage) -> None:
    if row.type == ASSIGNMENT:
        find_coupon(uow, book.id, row.coupon_id).assigned -= 1
        book.assigned -= 1
    else:
        assignment = uow.session.get_one(CouponUsage, (uow.tenant_id, row.assignment_id))
        count_use(uow, book, assignment, -1)
        if assignment.status == USED:
            assignment.status = EXPIRED if is_over(assignment, uow.now_ms) else ASSIGNED
    row.status, row.updated_ms, row.reverted_ms = REVERTED, uow.now_ms, uow.now_ms
