"""The coupon books and coupons of members."""

from handlers.http import Answer, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.coupons import benefits
from models.loyalty_core.coupons.benefits import BookFilter, CouponFilter
from models.loyalty_core.coupons.views import show_usage
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_member_coupon_books(
    uow: UnitOfWork,
    *,
    loyalty_program_id: int,
    member_id: int,
    page: int,
    limit: int,
    order: str | None,
    tags: str | None,
    coupon_book_id: int | None,
    valid_from_date: str | None,
    valid_to_date: str | None,
    tiers: int | None,
    audiences: str | None,
    out_of_stock: bool | None,
    include_last_usage: bool | None,
    locale: str | None,
) -> Answer:
    filters = BookFilter(
        book_id=coupon_book_id,
        tags=tags,
        audiences=audiences,
        tier_id=tiers,
        valid_from=valid_from_date,
        valid_to=valid_to_date,
        out_of_stock=out_of_stock,
    )
    paging = Paging(page, limit, order)
    rows, total = benefits.list_member_books(
        uow, loyalty_program_id, member_id, filters, paging, with_last_usage=bool(include_last_usage)
    )
    return page_answer(paging, benefits.show_member_books(uow, rows, locale), total)


def list_member_coupons(
    uow: UnitOfWork,
    *,
    loyalty_program_id: int,
    member_id: int,
    page: int,
    limit: int,
    order: str | None,
    coupon_book_id: int | None,
    not_used_only: bool | None,
    coupon_book_tags: str | None,
    coupon_code_id: int | None,
    coupon_code: str | None,
) -> Answer:
    filters = CouponFilter(
        book_id=coupon_book_id,
        tags=coupon_book_tags,
        coupon_id=coupon_code_id,
        code=coupon_code,
        unused=bool(not_used_only),
    )
    paging = Paging(page, limit, order)
    rows, total = benefits.list_member_coupons(uow, loyalty_program_id, member_id, filters, paging)
    return page_answer(paging, [show_usage(uow, row) for row in rows], total)


def get_member_coupon_usage_count(
    uow: UnitOfWork, *, loyalty_program_id: int, member_id: int, valid_from_date: str | None, valid_to_date: str | None
) -> Answer:
    used, assigned = benefits.count_member_usages(
        uow, loyalty_program_id, member_id, from_instant=valid_from_date, to_instant=valid_to_date
    )
    return ok({"amountUsed": used, "amountAssigned": assigned})
