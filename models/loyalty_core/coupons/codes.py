"""Coupons: the codes of a book."""

from collections.abc import Sequence

from models.kernel.findings import findings
from models.loyalty_core.coupons.finding import check_book, check_open, find_coupon, lock_book
from models.loyalty_core.coupons.problems import CouponCodeTaken, CouponCountLimitReached, CouponGivenOut
from models.loyalty_core.coupons.queries import COUNT_BOOK, COUPONS, INSERT_COUPON, SET_CODE, TAKEN_CODES
from models.loyalty_core.coupons.tables import Coupon, CouponBook
from models.loyalty_core.inserted import inserted
from models.loyalty_core.paging import Paging
from models.loyalty_core.references import Reference, names_of
from models.numbers import new_number
from models.uow import UnitOfWork


def list_coupons(uow: UnitOfWork, book_id: int, paging: Paging) -> tuple[list[Coupon], int]:
    """A page of a book's coupons, and how many it has. Raises NotFound, InvalidInput for an unknown order."""
    check_book(uow, book_id)
    return COUPONS.page(uow, paging, book_id=book_id)


def get_coupon(uow: UnitOfWork, book_id: int, coupon_id: int) -> Coupon:
    """A coupon. Raises NotFound for the book, or a coupon that is not one of it."""
    check_book(uow, book_id)
    return find_coupon(uow, book_id, coupon_id)


def add_coupons(uow: UnitOfWork, book_id: int, codes: Sequence[str]) -> list[Coupon]:
    """Add coupons with these codes, all or none; the coupons in the order given.

    Raises NotFound; Conflict for a code that is taken, an archived book, and more coupons than the book may have.
    """
    book = lock_book(uow, book_id)
    check_open(book)
    with findings() as found:
        with found.at("/codes"):
            if book.max_coupons is not None and book.coupon_count + len(codes) > book.max_coupons:
                raise CouponCountLimitReached(
                    f"The coupon book {book_id} has {book.coupon_count} coupons and may have {book.max_coupons}."
                )
        with found.at(""):
            _check_free(uow, book, [Reference(code, f"/codes/{place}") for place, code in enumerate(codes)])
    rows = [
        {
            "id": new_number(uow, Coupon),
            "book_id": book_id,
            "code": code,
            "assigned": 0,
            "used": 0,
            "created_ms": uow.now_ms,
            "updated_ms": uow.now_ms,
        }
        for code in codes
    ]
    uow.insert_many(INSERT_COUPON, rows)
    uow.execute(COUNT_BOOK, book_id=book_id, added=len(rows), newly_assigned=0, newly_used=0)
    return [inserted(uow, Coupon, INSERT_COUPON, row) for row in rows]


def update_coupon(uow: UnitOfWork, book_id: int, coupon_id: int, code: str) -> CouponBook:
    """Give a coupon another code before it is assigned; its book.

    Raises NotFound; Conflict for a code that is taken, a coupon that has been assigned, and an archived book.
    """
    book = lock_book(uow, book_id)
    row = find_coupon(uow, book_id, coupon_id)
    if code != row.code:
        check_open(book)
        with findings() as found:
            with found.at("/code"):
                if row.assigned:
                    raise CouponGivenOut(f"The coupon {coupon_id} was given out with its code.")
            with found.at(""):
                _check_free(uow, book, [Reference(code, "/code")])
        uow.execute(SET_CODE, coupon_id=coupon_id, new_code=code, now_ms=uow.now_ms)
    return book


def _check_free(uow: UnitOfWork, book: CouponBook, codes: Sequence[Reference]) -> None:
    """Raises Conflict for the codes that the book has already."""
    taken = set(uow.rows(TAKEN_CODES, book_id=book.id, codes=names_of(codes)))
    with findings() as found:
        for code, pointer in codes:
            with found.at(pointer):
                if code in taken:
                    raise CouponCodeTaken(f"The coupon book {book.id} has a coupon with the code {code} already.")
