"""Assigning coupons to members: which ones, within which limits, and for how many points."""

from collections.abc import Sequence

from models.kernel.findings import at
from models.loyalty_core.coupons.eligibility import check_eligible, room_of
from models.loyalty_core.coupons.expiry import await_expiry
from models.loyalty_core.coupons.finding import find_codes, find_coupon, lock_book
from models.loyalty_core.coupons.input import AssignmentRequest
from models.loyalty_core.coupons.payments import count_payable, pay_for
from models.loyalty_core.coupons.problems import (
    CouponLimitReached,
    CouponsExhausted,
    CouponsTaken,
    ExpiryPassed,
    UniqueKeysUncounted,
)
from models.loyalty_core.coupons.queries import COUNT_BOOK, COUNT_COUPONS, COUNT_OF_ASSIGNMENTS, available_coupons
from models.loyalty_core.coupons.states import ASSIGNED, ASSIGNMENT
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponUsage
from models.loyalty_core.coupons.usages import check_usable, insert_usages, listing_missing, lock_both, replayed
from models.loyalty_core.coupons.views import show_usage
from models.loyalty_core.events.log import emit
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.problems import Conflict
from models.loyalty_core.references import Reference
from models.numbers import new_number
from models.uow import UnitOfWork


def assign(uow: UnitOfWork, book_id: int, request: AssignmentRequest) -> list[CouponUsage]:
    """Assign coupons of a book to a member and return the assignments; keys that were used before return the first
    ones.

    Raises NotFound for book, member, coupon, code and transaction; RuleViolation for keys that do not fit, an expiry
    that has passed, a transaction that cannot pay; Conflict for keys with other input, a book, member or coupon that
    does not allow it and for too few coupons; NotEnoughPoints.
    """
    if request.keys and len(request.keys) != request.count:
        with at("/systemUniqueKeys"):
            raise UniqueKeysUncounted(
                f"systemUniqueKeys must hold one key for each of the {request.count} codes, not {len(request.keys)}."
            )
    known = replayed(uow, book_id, request.keys, request.fingerprint)
    if known is not None:
        return known
    if request.expires_ms is not None and request.expires_ms <= uow.now_ms:
        with at("/expiredAt"):
            raise ExpiryPassed("expiredAt must be in the future.")
    codes = [Reference(code, f"/codes/{place}") for place, code in enumerate(request.codes or ())]
    with listing_missing(uow, book_id, request.member_id, codes, request.pending_id):
        return _assign(uow, *lock_both(uow, request.member_id, book_id), request)


def assign_for_effect(
    uow: UnitOfWork, member_id: int, book_id: int, number_of_codes: int = 1, amount: int = 1
) -> list[CouponUsage]:
    """Assign up to so many coupons for an effect of a campaign, which pays for all of them or none; raises as `assign`
    does.
    """
    request = AssignmentRequest(member_id, count=number_of_codes, amount=amount, pays_for_all=True)
    return _assign(uow, lock_member(uow, member_id), lock_book(uow, book_id), request)


def _assign(uow: UnitOfWork, member: Member, book: CouponBook, request: AssignmentRequest) -> list[CouponUsage]:
    """Assign coupons of a book to a member; both are locked."""
    check_usable(uow, book, member)
    check_eligible(uow, book, member)
    room = _room(uow, book, member)
    chosen = _choose(uow, book, member, request, min(request.count, room))
    if not chosen or (request.is_strict and len(chosen) < request.count):
        raise _too_few(book, member, request, room, len(chosen))
    if not (request.is_strict or request.pays_for_all):
        payable = count_payable(uow, book, member, book.assignment_points, request.pending_id)
        chosen = chosen[
            : int(max(1, min(payable, len(chosen))))
        ]  # who can pay for none is refused by the payment of one
    paid = pay_for(uow, book, member, book.assignment_points, len(chosen), request.pending_id, "Coupon of")
    rows = _write(uow, book, member, request, chosen, paid)
    if request.expires_ms is not None:
        await_expiry(uow, rows[0].group_id, request.expires_ms)
    for row in rows:
        emit(uow, "coupon-code-assigned", show_usage(uow, row), member_id=member.id)
    return rows


def _write(
    uow: UnitOfWork,
    book: CouponBook,
    member: Member,
    request: AssignmentRequest,
    chosen: Sequence[Coupon],
    paid: Sequence[int | None],
) -> list[CouponUsage]:
    """Write the assignments and count them. `paid` are the transactions that paid, one for each coupon."""
    numbers = [new_number(uow, CouponUsage) for _ in chosen]
    rows = insert_usages(
        uow,
        [
            {
                "id": number,
                "type": ASSIGNMENT,
                "status": ASSIGNED,
                "book_id": book.id,
                "coupon_id": coupon.id,
                "code": coupon.code,
                "member_id": member.id,
                "group_id": numbers[0],
                "amount_assigned": request.amount,
                "points": book.assignment_points,
                "transaction_id": transaction_id,
                "expires_ms": request.expires_ms,
                "unique_key": _key(request, place, coupon),
                "fingerprint": request.fingerprint,
                "custom_attributes": request.attributes,
            }
            for place, (number, coupon, transaction_id) in enumerate(zip(numbers, chosen, paid, strict=True))
        ],
    )
    uow.execute(COUNT_COUPONS, ids=[coupon.id for coupon in chosen], newly_assigned=1, newly_used=0)
    uow.execute(COUNT_BOOK, book_id=book.id, added=0, newly_assigned=len(chosen), newly_used=0)
    return rows


def _key(request: AssignmentRequest, place: int, coupon: Coupon) -> str | None:
    """The idempotency key of a coupon: that of its code where codes are named, else the next one."""
    if not request.keys:
        return None
    return request.keys[place if request.codes is None else request.codes.index(coupon.code)]


def _room(uow: UnitOfWork, book: CouponBook, member: Member) -> int | float:
    """How many more coupons of the book the member may be assigned."""
    if book.max_per_member is None:
        return room_of(book, 0)
    return room_of(book, uow.one(COUNT_OF_ASSIGNMENTS, member_id=member.id, book_id=book.id))


def _choose(
    uow: UnitOfWork, book: CouponBook, member: Member, request: AssignmentRequest, count: int | float
) -> list[Coupon]:
    """The coupons to assign: those that are named and available, or the least assigned of the book.

    The book is locked.
    """
    is_named = request.coupon_id is not None or request.codes is not None
    query = available_coupons(is_limited=book.max_per_coupon is not None, is_named=is_named)
    bound = {"book_id": book.id, "member_id": member.id, "max_per_coupon": book.max_per_coupon, "now_ms": uow.now_ms}
    if not is_named:
        return uow.rows(query, limit=int(count), **bound)
    named = (
        [find_coupon(uow, book.id, request.coupon_id)]
        if request.coupon_id is not None
        else find_codes(uow, book.id, request.codes or ())
    )
    available = {row.id for row in uow.rows(query, ids=[row.id for row in named], **bound)}
    return [row for row in named if row.id in available][: int(min(count, len(named)))]


def _too_few(book: CouponBook, member: Member, request: AssignmentRequest, room: int | float, found: int) -> Conflict:
    """Why there are too few coupons."""
    if room < request.count and found == room:
        return CouponLimitReached(
            f"The member {member.id} may have {room} more coupons of the book {book.id}, not {request.count}."
        )
    if request.codes is None and request.coupon_id is None:
        return CouponsExhausted(
            f"The coupon book {book.id} has {found} coupons left for the member {member.id}, not {request.count}."
        )
    return CouponsTaken(
        f"Of the coupons asked for, {found} can be given to the member {member.id}: the others are taken."
    )
