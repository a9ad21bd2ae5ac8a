"""Which members may have coupons of a book: by audience, by tier, by a condition, of which all that a book names must
hold; and who would be given one now.
"""

from collections.abc import Sequence
from math import inf

from models.loyalty_core.audiences.audiences import is_in_any
from models.loyalty_core.coupons.payments import payable_books
from models.loyalty_core.coupons.problems import CouponBookNotForMember
from models.loyalty_core.coupons.queries import BOOKS_WITH_COUPON_FOR, COUNTS_OF_ASSIGNMENTS
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.coupons.usages import unusable
from models.loyalty_core.expressions import EvaluationError, truth
from models.loyalty_core.expressions.metering import value_of
from models.loyalty_core.members.event_context import SeenMember, member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.organization.programs import is_running
from models.loyalty_core.problems import LoyaltyProgramNotActive
from models.uow import UnitOfWork


def check_eligible(uow: UnitOfWork, book: CouponBook, member: Member) -> None:
    """Raises Conflict when a member may not have coupons of a book, or its program is not active; LimitExceeded."""
    if not is_running(uow, book.program_id):
        raise LoyaltyProgramNotActive(
            f"The coupon book {book.id} is of the loyalty program {book.program_id}, which is not active."
        )
    if not (book.tiers or book.audience_keys or book.condition):
        return  # the book is for everybody: the member's programs need not be read
    if not is_eligible(uow, book, member_context(uow, member)):
        raise CouponBookNotForMember(f"The coupon book {book.id} is not for the member {member.id}.")


def assignable_books(uow: UnitOfWork, books: Sequence[CouponBook], member: Member) -> set[int]:
    """The ids of those books of which an assignment of one coupon to the member would succeed now.

    Raises LimitExceeded.
    """
    mine = {"member_id": member.id, "book_ids": [book.id for book in books]}
    assigned = dict(uow.rows(COUNTS_OF_ASSIGNMENTS, **mine))
    with_coupon = set(uow.rows(BOOKS_WITH_COUPON_FOR, **mine, now_ms=uow.now_ms))
    payable = payable_books(uow, books, member)
    context = member_context(uow, member)
    return {
        book.id
        for book in books
        if is_running(uow, book.program_id)
        and is_eligible(uow, book, context)
        and unusable(uow, book, member) is None
        and room_of(book, assigned.get(book.id, 0)) > 0
        and book.id in with_coupon & payable
    }


def room_of(book: CouponBook, assigned: int) -> int | float:
    """How many more coupons of a book a member may be assigned who was assigned so many."""
    of_book = inf if book.max_coupons is None else book.max_coupons - book.assigned
    return max(0, of_book if book.max_per_member is None else min(of_book, book.max_per_member - assigned))


def is_eligible(uow: UnitOfWork, book: CouponBook, member: SeenMember) -> bool:
    """Whether a member, as `member_context` shows one, may have coupons of a book.

    A condition that cannot be evaluated is false.

    Raises LimitExceeded.
    """
    if book.tiers and set(book.tiers).isdisjoint(member["tiers"]):
        return False
    if book.audience_keys and not is_in_any(uow, book.audience_keys, member):
        return False
    if book.condition is None:
        return True
    try:
        return truth(value_of(uow, book.condition, {"member": member}, now_ms=uow.now_ms))
    except EvaluationError:
        return False
