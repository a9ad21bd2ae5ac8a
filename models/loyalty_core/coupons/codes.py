"""Coupons: the codes of a book."""

from typing import Any

from sqlalchemy import func, select

from models.loyalty_core.coupons.books import check_open
from models.loyalty_core.coupons.tables import Coupon, CouponBook
from models.loyalty_core.coupons.views import find_book, find_coupon, lock_book, show_book, show_coupon
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {"couponId": Coupon.id, "code": Coupon.code, "createdAt": Coupon.created_ms, "updatedAt": Coupon.updated_ms}


def list_coupons(uow: UnitOfWork, book_id: int, *, page: int, limit: int, order: str | None) -> dict[str, Any]:
    """A page of a book's coupons. Raises NotFound, InvalidInput for an unknown order."""
    find_book(uow, book_id)
    matching = uow.scoped(Coupon).where(Coupon.book_id == book_id)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_coupon(uow, row) for row in rows], total, page, limit)


def get_coupon(uow: UnitOfWork, book_id: int, coupon_id: int) -> dict[str, Any]:
    """A coupon. Raises NotFound for the book, or a coupon that is not one of it."""
    find_book(uow, book_id)
    return show_coupon(uow, find_coupon(uow, book_id, coupon_id))


def add_coupons(uow: UnitOfWork, book_id: int, codes: list[str]) -> list[dict[str, Any]]:
    """Add coupons with these codes, all or none; the coupons in the order given.

    Raises NotFound; Conflict for a code that is taken, an archived book, and more coupons than the book may have.
    """
    book = lock_book(uow, book_id)
    check_open(book)
    if book.max_coupons is not None and book.coupon_count + len(codes) > book.max_coupons:
        raise Conflict(f"The coupon book {book_id} has {book.coupon_count} coupons and may have {book.max_coupons}.")
    _check_free(uow, book, codes)
    rows = [
        Coupon(
            tenant_id=uow.tenant_id,
            id=new_number(uow, Coupon),
            book_id=book_id,
            code=code,
            assigned=0,
            used=0,
            created_ms=uow.now_ms,
            updated_ms=uow.now_ms,
        )
        for code in codes
    ]
    uow.session.add_all(rows)
    book.coupon_count += len(rows)
    return [show_coupon(uow, row) for row in rows]


def update_coupon(uow: UnitOfWork, book_id: int, coupon_id: int, code: str) -> dict[str, Any]:
    """Give a coupon that nobody has another code; the book of it.

    Raises NotFound; Conflict for a code that is taken, a coupon that was given out, and an archived book.
    """
    book = lock_book(uow, book_id)
    check_open(book)
    row = find_coupon(uow, book_id, coupon_id)
    if code != row.code:
        if row.assigned:
            raise Conflict(f"The coupon {coupon_id} was given out with its code.")
        _check_free(uow, book, [code])
        row.code, row.updated_ms = code, uow.now_ms
    return show_book(uow, book)


def _check_free(uow: UnitOfWork, book: CouponBook, codes: list[str]) -> None:
    taken = uow.session.scalar(
        select(func.min(Coupon.code)).where(
            Coupon.tenant_id == uow.tenant_id, Coupon.book_id == book.id, Coupon.code.in_(codes)
        )
    )
    if taken is not None:
        raise Conflict(f"The coupon book {book.id} has a coupon with the code {taken} already.")
