"""Using coupons that members were given."""

from typing import Any

from sqlalchemy import Select

from models.kernel.written import WrittenDiffers
from models.loyalty_core.coupons.calls import (
    ASSIGNED,
    ASSIGNMENT,
    USE,
    USED,
    add_usage,
    check_usable,
    fingerprint,
    not_over,
    replayed,
)
from models.loyalty_core.coupons.payments import pay_for
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponUsage
from models.loyalty_core.coupons.views import find_book, find_codes, find_coupon, lock_book, show_book, show_usage
from models.loyalty_core.events.log import emit
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.problems import Conflict
from models.numbers import new_number
from models.uow import UnitOfWork


def use(uow: UnitOfWork, book_id: int, body: dict[str, Any], coupon_id: int | None = None) -> dict[str, Any]:
    """Use a member's coupon of a book once: the one that is named, or has the code, or else expires first; the use.

    A call that came before with its key is answered again. Raises NotFound for book, member, coupon, code and transaction;
    Conflict for a book or member that cannot, and for a member who has no use left; RuleViolation for a transaction that cannot
    pay; NotEnoughPoints.
    """
    find_book(uow, book_id)
    key = body.get("systemUniqueKey")
    mark = None if key is None else fingerprint(USE, book_id, coupon_id, body)
    before = replayed(uow, [] if key is None else [key], mark or "")
    if before is not None:
        return show_usage(uow, before[0], as_made=True)
    member = lock_member(uow, body["memberId"])
    book = lock_book(uow, book_id)
    check_usable(uow, book, member)
    coupon = (
        find_coupon(uow, book_id, coupon_id)
        if coupon_id is not None
        else (find_codes(uow, book_id, [body["code"]])[0] if "code" in body else None)
    )
    assignment = _to_use(uow, book, member, coupon)
    [transaction_id] = pay_for(
        uow, book, member, book.usage_points, 1, body.get("pendingCaptureLedgerTransactionId"), "Use of a coupon of"
    )
    number = new_number(uow, CouponUsage)
    row = add_usage(
        uow,
        book,
        member,
        USE,
        id=number,
        group_id=number,
        status=USED,
        coupon_id=assignment.coupon_id,
        code=assignment.code,
        assignment_id=assignment.id,
        amount_used=1,
        points=book.usage_points,
        transaction_id=transaction_id,
        discount=book.discount,
        discount_type=book.discount_type,
        expires_ms=assignment.expires_ms,
        unique_key=key,
        fingerprint=mark,
        custom_attributes=body.get("customAttributes", {}),
    )
    count_use(uow, book, assignment, 1)
    assignment.status = USED if assignment.amount_used == assignment.amount_assigned else ASSIGNED
    uow.session.flush()
    shown = show_usage(uow, row)
    emit(uow, "coupon-code-used", shown, member_id=member.id)
    emit(uow, "benefit-used", {"couponUsage": shown, "couponBook": show_book(uow, book)}, member_id=member.id)
    return shown


def count_use(uow: UnitOfWork, book: CouponBook, assignment: CouponUsage, by: int) -> None:
    """Count a use, or one that is taken back, where it counts. Book and member are locked."""
    coupon = find_coupon(uow, book.id, assignment.coupon_id)
    coupon.used += by
    book.used += by
    assignment.amount_used += by
    assignment.updated_ms = uow.now_ms
    if not 0 <= assignment.amount_used <= assignment.amount_assigned:
        raise WrittenDiffers(
            f"coupon usage {assignment.id}: used {assignment.amount_used} times of {assignment.amount_assigned} after a change by {by}"
        )


def open_assignments(uow: UnitOfWork) -> Select[CouponUsage]:
    """Assignments that have a use left now, whether or not the job that ends them has run yet."""
    return uow.scoped(CouponUsage).where(
        CouponUsage.type == ASSIGNMENT, CouponUsage.status == ASSIGNED, not_over(uow.now_ms)
    )


def _to_use(uow: UnitOfWork, book: CouponBook, member: Member, coupon: Coupon | None) -> CouponUsage:
    matching = open_assignments(uow).where(CouponUsage.member_id == member.id, CouponUsage.book_id == book.id)
    if coupon is not None:
        matching = matching.where(CouponUsage.coupon_id == coupon.id)
    first = matching.order_by(CouponUsage.expires_ms.asc().nulls_last(), CouponUsage.id).limit(1)
    row = uow.session.scalars(first.execution_options(populate_existing=True)).first()
    if row is None:
        which = "" if coupon is None else f" with the code {coupon.code}"
        raise Conflict(f"The member {member.id} has no coupon{which} of the book {book.id} left to use.")
    return row
