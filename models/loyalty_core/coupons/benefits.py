"""The coupon books and coupons of a member: what the member could have, has, and has used."""

from collections.abc import Sequence
from dataclasses import dataclass

from models.kernel.json_values import Shown
from models.loyalty_core.coupons.books import split_labels
from models.loyalty_core.coupons.eligibility import assignable_books
from models.loyalty_core.coupons.queries import (
    ASSIGNMENTS,
    BOOKS_FOR_MEMBERS,
    IN_STOCK_OF,
    IS_ENROLLED,
    LAST_USES,
    OPEN_ASSIGNMENTS,
    TIER_KEY,
    sum_of_member,
    sums_by_book,
)
from models.loyalty_core.coupons.states import ASSIGNMENT, USE
from models.loyalty_core.coupons.tables import CouponBook, CouponUsage
from models.loyalty_core.coupons.views import show_books, show_usage
from models.loyalty_core.instants import optional_first_ms, optional_ms
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_member, find_program
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import EnrolmentNotFound
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class BookFilter:
    """Which books of a program a member is shown; None for a filter that is not used."""

    book_id: int | None = None
    tags: str | None = None
    """With commas between them; one is enough."""
    audiences: str | None = None
    """With commas between them; one is enough."""
    tier_id: int | None = None
    valid_from: str | None = None
    valid_to: str | None = None
    out_of_stock: bool | None = None


@dataclass(frozen=True, slots=True)
class CouponFilter:
    """Which coupons of a member are shown; None for a filter that is not used."""

    book_id: int | None = None
    tags: str | None = None
    """With commas between them; one is enough."""
    coupon_id: int | None = None
    code: str | None = None
    unused: bool = False
    """Only those that have a use left."""


@dataclass(frozen=True, slots=True)
class MemberBook:
    """A book, and what a member has of it."""

    book: CouponBook
    assigned: int
    used: int
    is_eligible: bool
    is_in_stock: bool
    last_use: CouponUsage | None


def list_member_books(
    uow: UnitOfWork, program_id: int, member_id: int, filters: BookFilter, paging: Paging, *, with_last_usage: bool
) -> tuple[list[MemberBook], int]:
    """A page of the published books of a program, or of no program, and what a member has of each; how many match.

    Raises NotFound, InvalidInput.
    """
    member = _find_enrolled(uow, program_id, member_id)
    rows, total = BOOKS_FOR_MEMBERS.page(
        uow,
        paging,
        program_id=program_id,
        book_id=filters.book_id,
        tags=split_labels(filters.tags),
        audiences=split_labels(filters.audiences),
        tiers=None if filters.tier_id is None else _tier_keys(uow, filters.tier_id),
        valid_from_ms=optional_first_ms(filters.valid_from),
        valid_to_ms=optional_ms(filters.valid_to),
        in_stock=True if filters.out_of_stock is False else None,
        out_of_stock=True if filters.out_of_stock else None,
    )
    return _of_member(uow, rows, member, with_last_usage=with_last_usage), total


def list_member_coupons(
    uow: UnitOfWork, program_id: int, member_id: int, filters: CouponFilter, paging: Paging
) -> tuple[list[CouponUsage], int]:
    """A page of the coupons that a member was assigned of a program's books, or of books of no program; how many match.

    Raises NotFound, InvalidInput.
    """
    _find_enrolled(uow, program_id, member_id)
    listing = OPEN_ASSIGNMENTS if filters.unused else ASSIGNMENTS
    return listing.page(
        uow,
        paging,
        program_id=program_id,
        member_id=member_id,
        book_id=filters.book_id,
        coupon_id=filters.coupon_id,
        code=filters.code,
        tags=split_labels(filters.tags),
        now_ms=uow.now_ms,
    )


def count_member_usages(
    uow: UnitOfWork, program_id: int, member_id: int, *, from_instant: str | None, to_instant: str | None
) -> tuple[int, int]:
    """(uses, assigned uses) of a member from one instant to another, both included; reverted ones do not count.

    Raises NotFound.
    """
    _find_enrolled(uow, program_id, member_id)
    from_ms, to_ms = optional_first_ms(from_instant), optional_ms(to_instant)
    given = {"program_id": program_id, "member_id": member_id, "from_ms": from_ms, "to_ms": to_ms}
    used, assigned = (
        int(uow.one(sum_of_member(kind, has_start=from_ms is not None, has_end=to_ms is not None), **given))
        for kind in (USE, ASSIGNMENT)
    )
    return used, assigned


def show_member_books(uow: UnitOfWork, rows: Sequence[MemberBook], locale: str | None) -> list[Shown]:
    """Books with what a member has of each, in a locale."""
    return [
        {
            **shown,
            "amountAssigned": row.assigned,
            "amountUsed": row.used,
            "isEligible": row.is_eligible,
            "outOfStock": not row.is_in_stock,
            "lastUsage": None if row.last_use is None else show_usage(uow, row.last_use),
        }
        for row, shown in zip(rows, show_books(uow, [row.book for row in rows], locale), strict=True)
    ]


def _of_member(
    uow: UnitOfWork, rows: Sequence[CouponBook], member: Member, *, with_last_usage: bool
) -> list[MemberBook]:
    if not rows:
        return []
    mine = {"member_id": member.id, "book_ids": [row.id for row in rows]}
    used, assigned = (dict(uow.rows(sums_by_book(kind), **mine)) for kind in (USE, ASSIGNMENT))
    last = {row.book_id: row for row in uow.rows(LAST_USES, **mine)} if with_last_usage else {}
    in_stock = set(uow.rows(IN_STOCK_OF, ids=mine["book_ids"]))
    assignable = assignable_books(uow, rows, member)
    return [
        MemberBook(
            book=row,
            assigned=int(assigned.get(row.id, 0)),
            used=int(used.get(row.id, 0)),
            is_eligible=row.id in assignable,
            is_in_stock=row.id in in_stock,
            last_use=last.get(row.id),
        )
        for row in rows
    ]


def _tier_keys(uow: UnitOfWork, tier_id: int) -> list[str]:
    """The key of a tier; none for a tier that does not exist."""
    return uow.rows(TIER_KEY, tier_id=tier_id)


def _find_enrolled(uow: UnitOfWork, program_id: int, member_id: int) -> Member:
    """A member who is in a program. Raises NotFound."""
    program, member = find_program(uow, program_id), find_member(uow, member_id)
    if uow.first(IS_ENROLLED, member_id=member.id, program_id=program.id) is None:
        raise EnrolmentNotFound(f"The member {member_id} is not in the loyalty program {program_id}.")
    return member
