"""Stats of coupons: what was given out and what was used, without what was taken back."""

from typing import Any

from sqlalchemy import case, func, select

from models.loyalty_core.coupons.states import ASSIGNMENT, USE
from models.loyalty_core.coupons.tables import CouponBook, CouponBookLabel, CouponUsage
from models.loyalty_core.money import from_units
from models.loyalty_core.stats.spans import day_of, show_day, within
from models.uow import UnitOfWork

_ASSIGNED = func.coalesce(func.sum(case((CouponUsage.type == ASSIGNMENT, CouponUsage.amount_assigned), else_=0)), 0)
_USED = func.coalesce(func.sum(case((CouponUsage.type == USE, CouponUsage.amount_used), else_=0)), 0)
TAG = "tag"


def usages_by_day(uow: UnitOfWork, since_from: str | None, since_to: str | None) -> list[dict[str, Any]]:
    """How many uses were given out, and how many were made, on each day with any. Raises InvalidInput."""
    day = day_of(CouponUsage.created_ms)
    found = uow.session.execute(
        select(day, _ASSIGNED, _USED)
        .where(CouponUsage.tenant_id == uow.tenant_id, *_counted(since_from, since_to))
        .group_by(day)
        .order_by(day)
    )
    return [
        {"date": show_day(number), "amountAssigned": int(assigned), "amountUsed": int(used)}
        for number, assigned, used in found
    ]


def performance(
    uow: UnitOfWork, since_from: str | None, since_to: str | None, *, limit: int, by_usage: bool
) -> list[dict[str, Any]]:
    """The books that most uses of were made, or else given out, with both. Raises InvalidInput."""
    of, ranked = CouponUsage.book_id, (_USED if by_usage else _ASSIGNED).desc()
    best = (
        select(of, _ASSIGNED.label("assigned"), _USED.label("used"))
        .where(CouponUsage.tenant_id == uow.tenant_id, *_counted(since_from, since_to))
        .group_by(of)
        .order_by(ranked, of)
        .limit(limit)
        .subquery()
    )
    ranked = (best.c.used if by_usage else best.c.assigned).desc()
    found = uow.session.execute(
        select(CouponBook.id, CouponBook.name, best.c.assigned, best.c.used)
        .join_from(best, CouponBook, CouponBook.id == best.c.book_id)
        .where(CouponBook.tenant_id == uow.tenant_id)
        .order_by(ranked, CouponBook.id)
    )
    return [
        {"couponBookId": book_id, "name": name, "amountAssigned": int(assigned), "amountUsed": int(used)}
        for book_id, name, assigned, used in found
    ]


def usages_by_book(
    uow: UnitOfWork, since_from: str | None, since_to: str | None, tag: str | None
) -> list[dict[str, Any]]:
    """How many uses of each book were given out and made on each day, by days and books. Raises InvalidInput."""
    day, of = day_of(CouponUsage.created_ms), CouponUsage.book_id
    counted = (
        select(day, of, _ASSIGNED.label("assigned"), _USED.label("used"))
        .where(CouponUsage.tenant_id == uow.tenant_id, *_counted(since_from, since_to))
        .group_by(day, of)
    )
    if tag is not None:
        counted = counted.where(
            of.in_(
                select(CouponBookLabel.book_id).where(
                    CouponBookLabel.tenant_id == uow.tenant_id,
                    CouponBookLabel.kind == TAG,
                    CouponBookLabel.label == tag,
                )
            )
        )
    # Books are joined to the sums, not to every usage.
    each = counted.subquery()
    found = uow.session.execute(
        select(each.c.day, CouponBook.id, CouponBook.name, each.c.assigned, each.c.used)
        .join_from(each, CouponBook, CouponBook.id == each.c.book_id)
        .where(CouponBook.tenant_id == uow.tenant_id)
        .order_by(each.c.day, CouponBook.id)
    )
    return [
        {
            "date": show_day(number),
            "couponBookId": book_id,
            "name": name,
            "amountAssigned": int(assigned),
            "amountUsed": int(used),
        }
        for number, book_id, name, assigned, used in found
    ]


def discounts(
    uow: UnitOfWork, since_from: str | None, since_to: str | None, discount_type: str | None
) -> dict[str, Any]:
    """What coupons took off when they were used, in all and by the books' discount types. Raises InvalidInput."""
    use = CouponUsage
    statement = (
        select(use.discount_type, func.count(), func.coalesce(func.sum(use.discount), 0))
        .where(
            CouponUsage.tenant_id == uow.tenant_id,
            *_counted(since_from, since_to),
            use.type == USE,
            use.discount.is_not(None),
        )
        .group_by(use.discount_type)
    )
    if discount_type is not None:
        statement = statement.where(use.discount_type == discount_type)
    found = [(kind, int(count), int(amount or 0)) for kind, count, amount in uow.session.execute(statement)]
    found.sort(key=lambda row: (row[0] is None, row[0]))  # by code points, which no two databases do alike
    return {
        "usageCount": sum(count for _, count, _ in found),
        "discountAmount": from_units(sum(amount for _, _, amount in found)),
        "byDiscountType": [
            {"discountType": kind, "usageCount": count, "discountAmount": from_units(amount)}
            for kind, count, amount in found
        ],
    }


def _counted(since_from: str | None, since_to: str | None) -> list[Any]:
    return [
        CouponUsage.type.in_((ASSIGNMENT, USE)),
        CouponUsage.reverted_ms.is_(None),
        *within(CouponUsage.created_ms, since_from, since_to),
    ]
