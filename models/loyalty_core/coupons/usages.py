"""What assigning and using coupons have in common: replayed calls, whether a book can be used, new rows."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from models.kernel.findings import findings
from models.kernel.statements import replaced
from models.loyalty_core.coupons.finding import check_book, lock_book
from models.loyalty_core.coupons.payments import find_pending
from models.loyalty_core.coupons.problems import (
    CouponBookNotBegun,
    CouponBookNotPublished,
    CouponBookOver,
    CouponNotFound,
)
from models.loyalty_core.coupons.queries import (
    COUPONS_WITH_CODES,
    INSERT_USAGE,
    MEMBER_AND_BOOK,
    USAGE_WITH_KEY,
    USAGES_OF_GROUP,
)
from models.loyalty_core.coupons.states import ASSIGNED, ASSIGNMENT, PUBLISHED, USED
from models.loyalty_core.coupons.tables import CouponBook, CouponUsage
from models.loyalty_core.inserted import inserted
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member, lock_member
from models.loyalty_core.problems import Conflict, MemberNotActive, NotFound, SystemUniqueKeyReused
from models.loyalty_core.references import Reference, names_of
from models.uow import UnitOfWork


def replayed(uow: UnitOfWork, book_id: int, keys: Sequence[str], fingerprint: str | None) -> list[CouponUsage] | None:
    """The rows that an earlier call with one of the idempotency keys wrote, as it wrote them; None when there was none.

    Raises Conflict when that call had other input, NotFound when that is a book that does not exist.
    """
    if not keys:
        return None
    first = uow.first(USAGE_WITH_KEY, keys=keys)
    if first is None:
        return None
    if first.fingerprint != fingerprint:
        check_book(uow, book_id)
        raise SystemUniqueKeyReused(f"The systemUniqueKey {first.unique_key} was used before with other input.")
    return [as_made(row) for row in uow.rows(USAGES_OF_GROUP, group_id=first.group_id)]


def as_made(row: CouponUsage) -> CouponUsage:
    """A usage as it was when it was made."""
    used, status = (0, ASSIGNED) if row.type == ASSIGNMENT else (1, USED)
    return replaced(row, amount_used=used, status=status, updated_ms=row.created_ms, reverted_ms=None)


@contextmanager
def listing_missing(
    uow: UnitOfWork, book_id: int, member_id: int, codes: Sequence[Reference], pending_id: str | None
) -> Iterator[None]:
    """Add to a refusal of a body every reference in it that does not exist.

    They are looked up after the refusal only, so that a call that succeeds takes no more statements.
    """
    try:
        yield
    except (NotFound, Conflict) as refusal:
        check_book(uow, book_id)
        with findings() as found:
            with found.at("/memberId"):
                find_member(uow, member_id)
            there = {row.code for row in uow.rows(COUPONS_WITH_CODES, book_id=book_id, codes=names_of(codes))}
            for code, pointer in codes:
                with found.at(pointer):
                    if code not in there:
                        raise CouponNotFound(f"The coupon book {book_id} has no coupon with the code {code}.") from None
            if pending_id is not None:
                with found.at(""):
                    find_pending(uow, pending_id)
            if found.problems and isinstance(refusal, Conflict):
                found.keep(refusal)
        raise


def lock_both(uow: UnitOfWork, member_id: int, book_id: int) -> tuple[Member, CouponBook]:
    """A member and a book, locked in this order. Raises NotFound, for the book where neither exists."""
    found = uow.lock_row(MEMBER_AND_BOOK, member_id=member_id, book_id=book_id)
    if found is not None:
        return found
    try:
        member = lock_member(uow, member_id)
    except NotFound as problem:
        check_book(uow, book_id)
        problem.put_below("/memberId")
        raise
    return member, lock_book(uow, book_id)


def check_usable(uow: UnitOfWork, book: CouponBook, member: Member) -> None:
    """Raises Conflict unless the book is published and valid now, and the member active."""
    refusal = unusable(uow, book, member)
    if refusal is not None:
        raise refusal


def unusable(uow: UnitOfWork, book: CouponBook, member: Member) -> Conflict | None:
    """None, or why nothing of a book can be given to a member or used now."""
    if not member.active:
        return MemberNotActive(f"The member {member.id} is not active.")
    if book.publishing_status != PUBLISHED:
        return CouponBookNotPublished(f"The coupon book {book.id} is {book.publishing_status}, not published.")
    if book.valid_from_ms is not None and uow.now_ms < book.valid_from_ms:
        return CouponBookNotBegun(f"The coupon book {book.id} is not valid yet.")
    if book.valid_to_ms is not None and uow.now_ms > book.valid_to_ms:
        return CouponBookOver(f"The coupon book {book.id} is not valid any more.")
    return None


def insert_usages(uow: UnitOfWork, rows: Sequence[Mapping[str, object]]) -> list[CouponUsage]:
    """Write new assignments or uses, given by their columns; those that are left out are 0 or NULL."""
    made = [
        {
            "amount_assigned": 0,
            "amount_used": 0,
            "created_ms": uow.now_ms,
            "updated_ms": uow.now_ms,
            "custom_attributes": {},
            **row,
        }
        for row in rows
    ]
    uow.insert_many(INSERT_USAGE, made)
    return [inserted(uow, CouponUsage, INSERT_USAGE, values) for values in made]
