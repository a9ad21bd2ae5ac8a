"""Coupon books, their coupons, and assigning, using and reverting these."""

from collections.abc import Sequence

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.coupons import assigning, books, codes, finding, reverting, using
from models.loyalty_core.coupons.bodies import AssignmentBody, BookBody, CodeBody, CodesBody, UseBody
from models.loyalty_core.coupons.input import read_assignment, read_book, read_new_book, read_use
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.coupons.views import show_book, show_books, show_coupon, show_usage
from models.loyalty_core.paging import Paging
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
    paging = Paging(page, limit, order)
    rows, total = books.list_books(
        uow, paging, program_id=loyalty_program_id, search=search, tags=tags, status=status, audiences=audiences
    )
    return page_answer(paging, show_books(uow, rows, locale), total)


def create_coupon_book(uow: UnitOfWork, *, body: BookBody) -> Answer:
    row, locale = books.create_book(uow, read_new_book(body))
    return created({"couponBook": show_book(uow, row, locale)})


def get_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, locale: str | None) -> Answer:
    return ok({"couponBook": show_book(uow, finding.find_book(uow, coupon_book_id), locale)})


def update_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, body: BookBody) -> Answer:
    row, locale = books.update_book(uow, coupon_book_id, read_book(body))
    return ok({"couponBook": show_book(uow, row, locale)})


def use_coupon_from_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, body: UseBody) -> Answer:
    row = using.use(uow, coupon_book_id, read_use(body, coupon_book_id))
    return ok({"couponUsages": [show_usage(uow, row)]})


def assign_coupon_from_coupon_book(uow: UnitOfWork, *, coupon_book_id: int, body: AssignmentBody) -> Answer:
    return _usages(uow, assigning.assign(uow, coupon_book_id, read_assignment(body, coupon_book_id)))


def revert_coupon_usage(uow: UnitOfWork, *, coupon_usage_id: int) -> Answer:
    return _usages(uow, reverting.revert(uow, coupon_usage_id))


def list_coupons(uow: UnitOfWork, *, coupon_book_id: int, page: int, limit: int, order: str | None) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = codes.list_coupons(uow, coupon_book_id, paging)
    return page_answer(paging, [show_coupon(uow, row) for row in rows], total)


def add_coupons(uow: UnitOfWork, *, coupon_book_id: int, body: CodesBody) -> Answer:
    rows = codes.add_coupons(uow, coupon_book_id, body["codes"])
    return created({"codes": [show_coupon(uow, row) for row in rows]})


def get_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int) -> Answer:
    return ok({"couponCode": show_coupon(uow, codes.get_coupon(uow, coupon_book_id, coupon_id))})


def update_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int, body: CodeBody) -> Answer:
    return ok({"couponBook": show_book(uow, codes.update_coupon(uow, coupon_book_id, coupon_id, body["code"]))})


def use_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int, body: UseBody) -> Answer:
    row = using.use(uow, coupon_book_id, read_use(body, coupon_book_id, coupon_id))
    return ok({"couponUsage": show_usage(uow, row)})


def assign_coupon(uow: UnitOfWork, *, coupon_book_id: int, coupon_id: int, body: AssignmentBody) -> Answer:
    return _usages(uow, assigning.assign(uow, coupon_book_id, read_assignment(body, coupon_book_id, coupon_id)))


def _usages(uow: UnitOfWork, rows: Sequence[CouponUsage]) -> Answer:
    return ok({"couponUsages": [show_usage(uow, row) for row in rows]})
