"""Coupon books, their coupons, and giving these out and using them."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.coupons import assigning, books, codes, reverting, using
from models.uow import UnitOfWork


def list_coupon_books(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    loyalty_program_id: int | None,
    search: str | None,
    tags: str | None,
    status: str | None,
    locale: str | None,
    audiences: str | None,
) -> Answer:
    return ok(
        books.list_books(
            uow,
            program_id=loyalty_program_id,
            search=search,
            tags=tags,
            status=status,
            locale=locale,
            audiences=audiences,
            page=page,
            limit=limit,
            order=order,
        )
    )


def create_coupon_book(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"couponBook": books.create_book(uow, body)})


def get_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, locale: str | None) -> Answer:
    return ok({"couponBook": books.get_book(uow, coupon_book_id, locale)})


def update_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, body: dict[str, Any]) -> Answer:
    return ok({"couponBook": books.update_book(uow, coupon_book_id, body)})


def use_coupon_from_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, body: dict[str, Any]) -> Answer:
    return ok({"couponUsages": [using.use(uow, coupon_book_id, body)]})


def assign_coupon_from_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, body: dict[str, Any]) -> Answer:
    return ok({"couponUsages": assigning.assign(uow, coupon_book_id, body)})


def revert_coupon_usage(uow: UnitOfWork, *, coupon_usage_id: int) -> Answer:
    return ok({"couponUsages": reverting.revert(uow, coupon_usage_id)})


def list_coupons(uow: UnitOfWork, *, coupon_book_id: int, page: int, limit: int, order: str | None) -> Answer:
    return ok(codes.list_coupons(uow, coupon_book_id, page=page, limit=limit, order=order))


def add_coupons(uow: UnitOfWork, *, coupon_book_id: int, body: dict[str, Any]) -> Answer:
    return created({"codes": codes.add_coupons(uow, coupon_book_id, body["codes"])})


def get_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int) -> Answer:
    return ok({"couponCode": codes.get_coupon(uow, coupon_book_id, coupon_id)})


def update_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int, body: dict[str, Any]) -> Answer:
    return ok({"couponBook": codes.update_coupon(uow, coupon_book_id, coupon_id, body["code"])})


def use_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int, body: dict[str, Any]) -> Answer:
    return ok({"couponUsage": using.use(uow, coupon_book_id, body, coupon_id)})


def assign_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int, body: dict[str, Any]) -> Answer:
    return ok({"couponUsages": assigning.assign(uow, coupon_book_id, body, coupon_id)})
