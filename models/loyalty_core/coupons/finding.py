"""Finding coupon books and coupons, and locking books.

Callers that change the counters of a book lock the member first and then the book.
"""

from collections.abc import Sequence

from models.ledger import postings
from models.loyalty_core.coupons.problems import CouponBookArchived, CouponBookNotFound, CouponNotFound
from models.loyalty_core.coupons.queries import BOOK, BOOK_ID, BOOKS_WITH_IDS, COUPON, COUPONS_WITH_CODES
from models.loyalty_core.coupons.states import ARCHIVED
from models.loyalty_core.coupons.tables import Coupon, CouponBook
from models.loyalty_core.problems import NotFound
from models.uow import UnitOfWork


def find_book(uow: UnitOfWork, book_id: int) -> CouponBook:
    """A coupon book, in any state. Raises NotFound."""
    row = uow.first(BOOK, book_id=book_id)
    if row is None:
        raise _no_book(book_id)
    return row


def check_book(uow: UnitOfWork, book_id: int) -> None:
    """Raises NotFound unless there is such a coupon book, in any state."""
    if uow.first(BOOK_ID, book_id=book_id) is None:
        raise _no_book(book_id)


def lock_book(uow: UnitOfWork, book_id: int) -> CouponBook:
    """A coupon book, read only, locked until the unit ends: everyone who changes it, its coupons or their usages locks
    it.

    The first call reuses the row that `lock_books` has read; later ones read it again, since the caller may have
    changed its counters. Raises NotFound.
    """
    row: CouponBook | None = postings(uow).known.pop(("book", book_id), None)
    if row is None:
        row = uow.lock_row(BOOK, book_id=book_id)
    if row is None:
        raise _no_book(book_id)
    return row


def lock_books(uow: UnitOfWork, book_ids: Sequence[int]) -> list[CouponBook]:
    """Those of these coupon books that there are, read only, locked in the order of their ids."""
    books = uow.lock_rows(BOOKS_WITH_IDS, book_ids=book_ids)
    postings(uow).known.update({("book", book.id): book for book in books})
    return books


def check_open(row: CouponBook) -> None:
    """Raises Conflict for an archived book: nothing of it changes any more."""
    if row.publishing_status == ARCHIVED:
        raise CouponBookArchived(f"The coupon book {row.id} is archived.")


def find_coupon(uow: UnitOfWork, book_id: int, coupon_id: int) -> Coupon:
    """A coupon of a book. Raises NotFound."""
    row = uow.first(COUPON, book_id=book_id, coupon_id=coupon_id)
    if row is None:
        raise CouponNotFound(f"The coupon book {book_id} has no coupon {coupon_id}.")
    return row


def find_codes(uow: UnitOfWork, book_id: int, codes: Sequence[str]) -> list[Coupon]:
    """Coupons of a book by their codes, in the order given. Raises NotFound for a code that the book does not have."""
    found = {row.code: row for row in uow.rows(COUPONS_WITH_CODES, book_id=book_id, codes=codes)}
    for code in codes:
        if code not in found:
            raise CouponNotFound(f"The coupon book {book_id} has no coupon with the code {code}.")
    return [found[code] for code in codes]


def _no_book(book_id: int) -> NotFound:
    return CouponBookNotFound(f"There is no coupon book {book_id}.")
