"""What members have of coupons, and what they could have."""

from handlers.http import Answer, ok
from models.loyalty_core.coupons import benefits
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
    return ok(
        benefits.list_member_books(
            uow,
            loyalty_program_id,
            member_id,
            book_id=coupon_book_id,
            tags=tags,
            audiences=audiences,
            tier_id=tiers,
            valid_from=valid_from_date,
            valid_to=valid_to_date,
            out_of_stock=out_of_stock,
            with_last_usage=bool(include_last_usage),
            locale=locale,
            page=page,
            limit=limit,
            order=order,
        )
    )


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
    return ok(
        benefits.list_member_coupons(
            uow,
            loyalty_program_id,
            member_id,
            book_id=coupon_book_id,
            unused=bool(not_used_only),
            tags=coupon_book_tags,
            coupon_id=coupon_code_id,
            code=coupon_code,
            page=page,
            limit=limit,
            order=order,
        )
    )


def get_member_coupon_usage_count(
    uow: UnitOfWork, *, loyalty_program_id: int, member_id: int, valid_from_date: str | None, valid_to_date: str | None
) -> Answer:
    return ok(
        benefits.count_member_usages(
            uow, loyalty_program_id, member_id, from_instant=valid_from_date, to_instant=valid_to_date
        )
    )
