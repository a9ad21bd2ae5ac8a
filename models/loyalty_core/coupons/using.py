"""Using coupons that members were assigned."""

from models.kernel.statements import replaced
from models.kernel.written import WrittenDiffers
from models.loyalty_core.coupons.finding import find_codes, find_coupon
from models.loyalty_core.coupons.input import UseRequest
from models.loyalty_core.coupons.payments import pay_for
from models.loyalty_core.coupons.problems import NoCouponLeft
from models.loyalty_core.coupons.queries import COUNT_BOOK, COUNT_COUPONS, COUNT_USES, assignment_to_use
from models.loyalty_core.coupons.states import ASSIGNED, USE, USED
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponUsage
from models.loyalty_core.coupons.usages import check_usable, insert_usages, listing_missing, lock_both, replayed
from models.loyalty_core.coupons.views import show_book, show_usage
from models.loyalty_core.events.log import emit
from models.loyalty_core.members.tables import Member
from models.loyalty_core.references import Reference
from models.numbers import new_number
from models.uow import UnitOfWork


def use(uow: UnitOfWork, book_id: int, request: UseRequest) -> CouponUsage:
    """Use a member's coupon of a book once; the use, that of the earlier call where its key is known.

    Raises NotFound for book, member, coupon, code and transaction; Conflict for a key with other input, a book or
    member that does not allow it, and a member who has no use left; RuleViolation for a transaction that cannot pay;
    NotEnoughPoints.
    """
    known = replayed(uow, book_id, [] if request.key is None else [request.key], request.fingerprint)
    if known is not None:
        return known[0]
    codes = [] if request.code is None else [Reference(request.code, "/code")]
    with listing_missing(uow, book_id, request.member_id, codes, request.pending_id):
        return _use(uow, book_id, request)


def _use(uow: UnitOfWork, book_id: int, request: UseRequest) -> CouponUsage:
    member, book = lock_both(uow, request.member_id, book_id)
    check_usable(uow, book, member)
    assignment = _to_use(uow, book, member, _named(uow, book_id, request))
    [transaction_id] = pay_for(uow, book, member, book.usage_points, 1, request.pending_id, "Use of a coupon of")
    number = new_number(uow, CouponUsage)
    [row] = insert_usages(
        uow,
        [
            {
                "id": number,
                "type": USE,
                "status": USED,
                "book_id": book.id,
                "coupon_id": assignment.coupon_id,
                "code": assignment.code,
                "member_id": member.id,
                "assignment_id": assignment.id,
                "group_id": number,
                "amount_used": 1,
                "points": book.usage_points,
                "transaction_id": transaction_id,
                "discount": book.discount,
                "discount_type": book.discount_type,
                "expires_ms": assignment.expires_ms,
                "unique_key": request.key,
                "fingerprint": request.fingerprint,
                "custom_attributes": request.attributes,
            }
        ],
    )
    used = check_amount(assignment, assignment.amount_used + 1)
    count_uses(uow, assignment, used, USED if used == assignment.amount_assigned else ASSIGNED)
    uow.execute(COUNT_COUPONS, ids=[assignment.coupon_id], newly_assigned=0, newly_used=1)
    uow.execute(COUNT_BOOK, book_id=book.id, added=0, newly_assigned=0, newly_used=1)
    _emit(uow, replaced(book, used=book.used + 1), row)
    return row


def check_amount(assignment: CouponUsage, used: int) -> int:
    """A new number of uses of an assignment. Raises WrittenDiffers for one that the assignment cannot have."""
    if not 0 <= used <= assignment.amount_assigned:
        raise WrittenDiffers(
            f"coupon usage {assignment.id}: used {used} times of {assignment.amount_assigned} after a change "
            f"by {used - assignment.amount_used}"
        )
    return used


def count_uses(uow: UnitOfWork, assignment: CouponUsage, used: int, status: str) -> None:
    """Write how often an assignment has been used. Member and book are locked."""
    uow.execute(COUNT_USES, usage_id=assignment.id, new_amount_used=used, new_status=status, now_ms=uow.now_ms)


def _emit(uow: UnitOfWork, book: CouponBook, row: CouponUsage) -> None:
    shown = show_usage(uow, row)
    emit(uow, "coupon-code-used", shown, member_id=row.member_id)
    emit(uow, "benefit-used", {"couponUsage": shown, "couponBook": show_book(uow, book)}, member_id=row.member_id)


def _named(uow: UnitOfWork, book_id: int, request: UseRequest) -> Coupon | None:
    """The coupon that the request names, if it names one. Raises NotFound."""
    if request.coupon_id is not None:
        return find_coupon(uow, book_id, request.coupon_id)
    return None if request.code is None else find_codes(uow, book_id, [request.code])[0]


def _to_use(uow: UnitOfWork, book: CouponBook, member: Member, coupon: Coupon | None) -> CouponUsage:
    row = uow.first(
        assignment_to_use(is_named=coupon is not None),
        member_id=member.id,
        book_id=book.id,
        coupon_id=None if coupon is None else coupon.id,
        now_ms=uow.now_ms,
    )
    if row is None:
        which = "" if coupon is None else f" with the code {coupon.code}"
        raise NoCouponLeft(f"The member {member.id} has no coupon{which} of the book {book.id} left to use.")
    return row
