"""Which members may have coupons of a book: by audience, by tier, by a condition. All that a book names must hold."""

from typing import Any

from models.loyalty_core.audiences.audiences import is_in_any
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.expressions import EvaluationError, truth
from models.loyalty_core.expressions.metering import value_of
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.tables import Member
from models.loyalty_core.problems import Conflict
from models.uow import UnitOfWork


def check_eligible(uow: UnitOfWork, book: CouponBook, member: Member) -> None:
    """Raises Conflict when a member may not have coupons of a book; LimitExceeded."""
    if not (book.tiers or book.audience_keys or book.condition):
        return  # the book is for everybody: the member's programs need not be read
    if not is_eligible(uow, book, member_context(uow, member)):
        raise Conflict(f"The coupon book {book.id} is not for the member {member.id}.")


def is_eligible(uow: UnitOfWork, book: CouponBook, member: dict[str, Any]) -> bool:
    """Whether a member, as `member_context` shows one, may have coupons of a book. A condition that cannot be evaluated is false.

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
