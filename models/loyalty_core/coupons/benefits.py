"""What members have of coupons, and what they could have."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select

from models.loyalty_core.coupons.books import AUDIENCE, PUBLISHED, TAG, TIER, labelled
from models.loyalty_core.coupons.books import ORDERS as BOOK_ORDERS
from models.loyalty_core.coupons.calls import ASSIGNMENT, REVERTED, USE
from models.loyalty_core.coupons.eligibility import is_eligible
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponUsage
from models.loyalty_core.coupons.using import open_assignments
from models.loyalty_core.coupons.views import show_books, show_usage
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.members.views import find_member, find_program
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import NotFound
from models.uow import UnitOfWork

COUPON_ORDERS = {
    "couponUsageId": CouponUsage.id,
    "createdAt": CouponUsage.created_ms,
    "expiredAt": CouponUsage.expires_ms,
    "couponCode": CouponUsage.code,
}
IN_STOCK = and_(
    or_(CouponBook.max_coupons.is_(None), CouponBook.assigned < CouponBook.max_coupons),
    exists().where(
        Coupon.tenant_id == CouponBook.tenant_id,
        Coupon.book_id == CouponBook.id,
        or_(CouponBook.max_per_coupon.is_(None), Coupon.assigned < CouponBook.max_per_coupon),
    ),
)


def list_member_books(
    uow: UnitOfWork,
    program_id: int,
    member_id: int,
    *,
    book_id: int | None,
    tags: str | None,
    audiences: str | None,
    tier_id: int | None,
    valid_from: str | None,
    valid_to: str | None,
    out_of_stock: bool | None,
    with_last_usage: bool,
    locale: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of the published books of a program, or of none, and what a member has of each. Raises NotFound, InvalidInput."""
    member = _find_enrolled(uow, program_id, member_id)
    matching = uow.scoped(CouponBook).where(
        CouponBook.publishing_status == PUBLISHED,
        or_(CouponBook.program_id == program_id, CouponBook.program_id.is_(None)),
    )
    if book_id is not None:
        matching = matching.where(CouponBook.id == book_id)
    for kind, labels in ((TAG, tags), (AUDIENCE, audiences)):
        if labels is not None:
            matching = matching.where(CouponBook.id.in_(labelled(uow, kind, labels.split(","))))
    if tier_id is not None:
        tier = uow.session.get(Tier, (uow.tenant_id, tier_id))
        matching = matching.where(CouponBook.id.in_(labelled(uow, TIER, [] if tier is None else [tier.tier_key])))
    if valid_from is not None:
        matching = matching.where(CouponBook.valid_from_ms >= bounded_ms(valid_from))
    if valid_to is not None:
        matching = matching.where(CouponBook.valid_to_ms <= bounded_ms(valid_to))
    if out_of_stock is not None:
        matching = matching.where(~IN_STOCK if out_of_stock else IN_STOCK)
    rows, total = page_of(uow, matching, BOOK_ORDERS, page=page, limit=limit, order=order)
    return show_page(_show_books(uow, rows, member, locale, with_last_usage=with_last_usage), total, page, limit)


def list_member_coupons(
    uow: UnitOfWork,
    program_id: int,
    member_id: int,
    *,
    book_id: int | None,
    unused: bool,
    tags: str | None,
    coupon_id: int | None,
    code: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of the coupons that a member was given of books of a program, or of none. Raises NotFound, InvalidInput."""
    _find_enrolled(uow, program_id, member_id)
    matching = (open_assignments(uow) if unused else _standing(uow, ASSIGNMENT)).where(
        CouponUsage.member_id == member_id, CouponUsage.book_id.in_(_books_of(uow, program_id))
    )
    equal = {CouponUsage.book_id: book_id, CouponUsage.coupon_id: coupon_id, CouponUsage.code: code}
    matching = matching.where(*(column == value for column, value in equal.items() if value is not None))
    if tags is not None:
        matching = matching.where(CouponUsage.book_id.in_(labelled(uow, TAG, tags.split(","))))
    rows, total = page_of(uow, matching, COUPON_ORDERS, page=page, limit=limit, order=order)
    return show_page([show_usage(uow, row) for row in rows], total, page, limit)


def count_member_usages(
    uow: UnitOfWork, program_id: int, member_id: int, *, from_instant: str | None, to_instant: str | None
) -> dict[str, int]:
    """How often a member was given a use, and used one, within a time; what was taken back does not count. Raises NotFound."""
    _find_enrolled(uow, program_id, member_id)
    conditions = [CouponUsage.member_id == member_id, CouponUsage.book_id.in_(_books_of(uow, program_id))]
    if from_instant is not None:
        conditions.append(CouponUsage.created_ms >= bounded_ms(from_instant))
    if to_instant is not None:
        conditions.append(CouponUsage.created_ms <= bounded_ms(to_instant))

    def total(kind: str, amount: Any) -> int:
        rows = _standing(uow, kind).where(*conditions).with_only_columns(func.sum(amount))
        return int(uow.session.scalar(rows) or 0)

    return {
        "amountUsed": total(USE, CouponUsage.amount_used),
        "amountAssigned": total(ASSIGNMENT, CouponUsage.amount_assigned),
    }


def _show_books(
    uow: UnitOfWork, rows: Sequence[CouponBook], member: Member, locale: str | None, *, with_last_usage: bool
) -> list[dict[str, Any]]:
    context = member_context(uow, member)
    mine = [CouponUsage.member_id == member.id, CouponUsage.book_id.in_([row.id for row in rows])]
    used = _sums(uow, _standing(uow, USE).where(*mine), CouponUsage.amount_used)
    assigned = _sums(uow, _standing(uow, ASSIGNMENT).where(*mine), CouponUsage.amount_assigned)
    last = {}
    if with_last_usage:
        newest = (
            _standing(uow, USE).where(*mine).with_only_columns(func.max(CouponUsage.id)).group_by(CouponUsage.book_id)
        )
        last = {
            row.book_id: show_usage(uow, row)
            for row in uow.session.scalars(uow.scoped(CouponUsage).where(CouponUsage.id.in_(newest)))
        }
    in_stock = set(
        uow.session.scalars(
            select(CouponBook.id).where(
                CouponBook.tenant_id == uow.tenant_id, CouponBook.id.in_([row.id for row in rows]), IN_STOCK
            )
        )
    )
    return [
        {
            **shown,
            "amountAssigned": assigned.get(row.id, 0),
            "amountUsed": used.get(row.id, 0),
            "isEligible": is_eligible(uow, row, context),
            "outOfStock": row.id not in in_stock,
            "lastUsage": last.get(row.id),
        }
        for row, shown in zip(rows, show_books(uow, rows, locale), strict=True)
    ]


def _sums(uow: UnitOfWork, rows: Select[CouponUsage], amount: Any) -> dict[int, int]:
    """Sums by book."""
    found = uow.session.execute(
        rows.with_only_columns(CouponUsage.book_id, func.sum(amount)).group_by(CouponUsage.book_id)
    )
    return {book_id: int(total) for book_id, total in found}


def _standing(uow: UnitOfWork, kind: str) -> Select[CouponUsage]:
    return uow.scoped(CouponUsage).where(CouponUsage.type == kind, CouponUsage.status != REVERTED)


def _books_of(uow: UnitOfWork, program_id: int) -> Any:
    return select(CouponBook.id).where(
        CouponBook.tenant_id == uow.tenant_id, or_(CouponBook.program_id == program_id, CouponBook.program_id.is_(None))
    )


def _find_enrolled(uow: UnitOfWork, program_id: int, member_id: int) -> Member:
    """A member who is in a program. Raises NotFound."""
    program, member = find_program(uow, program_id), find_member(uow, member_id)
    if uow.session.get(Enrolment, (uow.tenant_id, member.id, program.id)) is None:
        raise NotFound(f"The member {member_id} is not in the loyalty program {program_id}.")
    return member
