"""Stats of coupons: uses that were assigned and uses that were made; reverted ones do not count."""

from models.kernel.json_values import Shown
from models.loyalty_core.money import from_units
from models.loyalty_core.stats import queries
from models.loyalty_core.stats.spans import Span, show_day
from models.uow import UnitOfWork


def usages_by_day(uow: UnitOfWork, span: Span) -> list[Shown]:
    """How many uses were assigned, and how many were made, on each day with any."""
    return [
        {"date": show_day(day), "amountAssigned": int(assigned), "amountUsed": int(used)}
        for day, assigned, used in uow.rows(queries.usages_by_day(span.ends), **span.values)
    ]


def performance(uow: UnitOfWork, span: Span, *, limit: int, by_usage: bool) -> list[Shown]:
    """The books of which the most uses were made, or else assigned, with both."""
    return [
        {"couponBookId": book_id, "name": name, "amountAssigned": int(assigned), "amountUsed": int(used)}
        for book_id, name, assigned, used in uow.rows(
            queries.best_books(span.ends, by_usage=by_usage), limit=limit, **span.values
        )
    ]


def usages_by_book(uow: UnitOfWork, span: Span, tag: str | None) -> list[Shown]:
    """How many uses of each book were assigned and made on each day, by days and books."""
    return [
        {
            "date": show_day(day),
            "couponBookId": book_id,
            "name": name,
            "amountAssigned": int(assigned),
            "amountUsed": int(used),
        }
        for day, book_id, name, assigned, used in uow.rows(
            queries.usages_by_book(span.ends, is_tagged=tag is not None), tag=tag, **span.values
        )
    ]


def discounts(uow: UnitOfWork, span: Span, discount_type: str | None) -> Shown:
    """What coupons took off when they were used, in all and by the books' discount types."""
    query = queries.discounts(span.ends, of_type=discount_type is not None)
    found = [
        (kind, count, int(amount or 0))
        for kind, count, amount in uow.rows(query, discount_type=discount_type, **span.values)
    ]
    # By code points, since databases sort text differently; uses without a type come last.
    found.sort(key=lambda row: (row[0] is None, row[0] or ""))
    return {
        "usageCount": sum(count for _, count, _ in found),
        "discountAmount": from_units(sum(amount for _, _, amount in found)),
        "byDiscountType": [
            {"discountType": kind, "usageCount": count, "discountAmount": from_units(amount)}
            for kind, count, amount in found
        ],
    }
