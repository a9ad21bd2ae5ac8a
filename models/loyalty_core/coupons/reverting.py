"""Reverting an assignment or a use of a coupon, with all that it changed."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from models.kernel.statements import replaced
from models.loyalty_core.coupons.finding import lock_book
from models.loyalty_core.coupons.problems import CouponUsageNotFound, CouponUsageReverted
from models.loyalty_core.coupons.queries import (
    ASSIGNMENTS_PAID_BY,
    COUNT_BOOK,
    COUNT_COUPONS,
    REVERT,
    SUBTRACT_USES,
    USAGE,
    USES_OF,
)
from models.loyalty_core.coupons.states import ASSIGNED, ASSIGNMENT, EXPIRED, REVERTED, USE, USED, is_over
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.coupons.using import check_amount, count_uses
from models.loyalty_core.ledger.lifecycle import take_back
from models.loyalty_core.members.views import lock_member
from models.uow import UnitOfWork


def revert(uow: UnitOfWork, usage_id: int) -> list[CouponUsage]:
    """Revert a use, or an assignment with all its uses, and the transactions that paid; all usages that were reverted.

    Assignments that one transaction paid for are reverted together. Raises NotFound; Conflict for what is reverted
    already; what `take_back` does.
    """
    found = _find(uow, usage_id)
    lock_member(uow, found.member_id)
    lock_book(uow, found.book_id)
    # Read again: another call may have used or reverted it while this one waited for the locks.
    named = _find(uow, usage_id)
    if named.status == REVERTED:
        raise CouponUsageReverted(f"The coupon usage {usage_id} was reverted already.")
    rows = [named] if named.type == USE else _with_uses(uow, named)
    reverted = _revert_use(uow, named) if named.type == USE else _revert_assignments(uow, rows)
    uow.execute(REVERT, ids=[row.id for row in rows], now_ms=uow.now_ms)
    _uncount(uow, named.book_id, rows)
    take_back(uow, [row.transaction_id for row in rows if row.transaction_id is not None])
    return reverted


def _find(uow: UnitOfWork, usage_id: int) -> CouponUsage:
    row = uow.first(USAGE, usage_id=usage_id)
    if row is None:
        raise CouponUsageNotFound(f"There is no coupon usage {usage_id}.")
    return row


def _with_uses(uow: UnitOfWork, assignment: CouponUsage) -> list[CouponUsage]:
    """An assignment, those that the same transaction paid for, and the uses of all, without those that are reverted
    already.
    """
    together = [assignment]
    if assignment.transaction_id is not None:
        together = uow.rows(ASSIGNMENTS_PAID_BY, transaction_id=assignment.transaction_id)
    return [*together, *uow.rows(USES_OF, assignment_ids=[row.id for row in together])]


def _revert_use(uow: UnitOfWork, use: CouponUsage) -> list[CouponUsage]:
    """Give the use back to its assignment."""
    assignment = uow.one(USAGE, usage_id=use.assignment_id)
    status = assignment.status
    if status == USED:
        status = EXPIRED if is_over(assignment, uow.now_ms) else ASSIGNED
    count_uses(uow, assignment, check_amount(assignment, assignment.amount_used - 1), status)
    return [_as_reverted(uow, use, use.amount_used)]


def _revert_assignments(uow: UnitOfWork, rows: Sequence[CouponUsage]) -> list[CouponUsage]:
    """Take the uses that are reverted out of the numbers of the assignments; assignments of equal numbers by one
    statement.
    """
    uses = Counter(row.assignment_id for row in rows if row.type == USE)
    left = {row.id: check_amount(row, row.amount_used - uses[row.id]) for row in rows if row.type == ASSIGNMENT}
    by_uses: defaultdict[int, list[int]] = defaultdict(list)
    for assignment_id in left:
        by_uses[uses[assignment_id]].append(assignment_id)
    for count, assignment_ids in by_uses.items():
        if count:
            uow.execute(SUBTRACT_USES, ids=assignment_ids, uses=count)
    return [_as_reverted(uow, row, left.get(row.id, row.amount_used)) for row in rows]


def _as_reverted(uow: UnitOfWork, row: CouponUsage, used: int) -> CouponUsage:
    return replaced(row, amount_used=used, status=REVERTED, updated_ms=uow.now_ms, reverted_ms=uow.now_ms)


def _uncount(uow: UnitOfWork, book_id: int, rows: Sequence[CouponUsage]) -> None:
    """Take usages out of what their book and coupons count; coupons with equal changes by one statement."""
    assigned = Counter(row.coupon_id for row in rows if row.type == ASSIGNMENT)
    used = Counter(row.coupon_id for row in rows if row.type == USE)
    by_change: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for coupon_id in sorted({row.coupon_id for row in rows}):
        by_change[assigned[coupon_id], used[coupon_id]].append(coupon_id)
    for (assignments, uses), coupon_ids in by_change.items():
        uow.execute(COUNT_COUPONS, ids=coupon_ids, newly_assigned=-assignments, newly_used=-uses)
    uow.execute(COUNT_BOOK, book_id=book_id, added=0, newly_assigned=-assigned.total(), newly_used=-used.total())
