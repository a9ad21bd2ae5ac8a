"""Calls that give out or use coupons: who and what they are about, and the same call a second time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_

from models.kernel.fingerprints import fingerprint as fingerprint_of
from models.loyalty_core.coupons.books import PUBLISHED
from models.loyalty_core.coupons.tables import CouponBook, CouponUsage
from models.loyalty_core.members.tables import Member
from models.loyalty_core.problems import Conflict
from models.uow import UnitOfWork

ASSIGNMENT, USE = "assignment", "use"
ASSIGNED, USED, REVERTED, EXPIRED = "assigned", "used", "reverted", "expired"


def fingerprint(what: str, book_id: int, coupon_id: int | None, body: dict[str, Any]) -> str:
    """SHA-256 of all that was asked for: the same key may only come again with the same input."""
    return fingerprint_of([what, book_id, coupon_id, body])


def replayed(uow: UnitOfWork, keys: Sequence[str], mark: str) -> list[CouponUsage] | None:
    """The rows of the call that came before with one of the keys; None when none did. Raises Conflict for other input."""
    if not keys:
        return None
    first = uow.session.scalars(uow.scoped(CouponUsage).where(CouponUsage.unique_key.in_(keys)).limit(1)).first()
    if first is None:
        return None
    if first.fingerprint != mark:
        raise Conflict(f"The systemUniqueKey {first.unique_key} came before with other input.")
    return list(
        uow.session.scalars(
            uow.scoped(CouponUsage).where(CouponUsage.group_id == first.group_id).order_by(CouponUsage.id)
        )
    )


def check_usable(uow: UnitOfWork, book: CouponBook, member: Member) -> None:
    """Coupons are given out and used while their book is published and valid, by active members. Raises Conflict."""
    if not member.active:
        raise Conflict(f"The member {member.id} is not active.")
    if book.publishing_status != PUBLISHED:
        raise Conflict(f"The coupon book {book.id} is {book.publishing_status}.")
    if book.valid_from_ms is not None and uow.now_ms < book.valid_from_ms:
        raise Conflict(f"The coupon book {book.id} is not valid yet.")
    if book.valid_to_ms is not None and uow.now_ms > book.valid_to_ms:
        raise Conflict(f"The coupon book {book.id} is not valid any more.")


def is_over(row: CouponUsage, now_ms: int) -> bool:
    """Whether the time of an assignment has ended, whether or not the job that writes that down has run."""
    return row.expires_ms is not None and row.expires_ms <= now_ms


def not_over(now_ms: int) -> ColumnElement[bool]:
    """The opposite of `is_over`, in SQL; tests/api/loyalty_core/test_twins.py holds the two against each other."""
    return or_(CouponUsage.expires_ms.is_(None), CouponUsage.expires_ms > now_ms)


def add_usage(uow: UnitOfWork, book: CouponBook, member: Member, kind: str, **members: Any) -> CouponUsage:
    """A new assignment or use, added and written."""
    values: dict[str, Any] = {
        "assignment_id": None,
        "amount_assigned": 0,
        "amount_used": 0,
        "points": 0,
        "transaction_id": None,
        "discount": None,
        "discount_type": None,
        "expires_ms": None,
        "unique_key": None,
        "fingerprint": None,
        "reverted_ms": None,
        **members,
    }
    row = CouponUsage(
        tenant_id=uow.tenant_id,
        type=kind,
        book_id=book.id,
        member_id=member.id,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **values,
    )
    uow.session.add(row)
    return row
