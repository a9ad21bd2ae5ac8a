"""Giving coupons to members: which ones, within which limits, and for how many points."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select

from models.loyalty_core.coupons.calls import (
    ASSIGNED,
    ASSIGNMENT,
    REVERTED,
    add_usage,
    check_usable,
    fingerprint,
    not_over,
    replayed,
)
from models.loyalty_core.coupons.eligibility import check_eligible
from models.loyalty_core.coupons.expiry import await_expiry
from models.loyalty_core.coupons.payments import pay_for
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponUsage
from models.loyalty_core.coupons.views import find_book, find_codes, find_coupon, lock_book, show_usage
from models.loyalty_core.events.log import emit
from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import lock_member
from models.loyalty_core.problems import Conflict, RuleViolation
from models.numbers import new_number
from models.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Order:
    """An assignment as it is asked for: so many coupons, or exactly these; `strict` is all of them or none."""

    count: int
    codes: Sequence[str] | None = None
    coupon_id: int | None = None
    amount: int = 1
    strict: bool = False
    keys: Sequence[str] = ()
    mark: str | None = None
    expires_ms: int | None = None
    pending_id: str | None = None
    attributes: dict[str, Any] | None = None


def assign(uow: UnitOfWork, book_id: int, body: dict[str, Any], coupon_id: int | None = None) -> list[dict[str, Any]]:
    """Give coupons of a book to a member, or the one that is named; the assignments.

    A call that came before with its keys is answered again. Raises NotFound for book, member, coupon, code and transaction;
    RuleViolation for keys that do not fit, a time that has passed, a transaction that cannot pay; Conflict for a book, member or
    coupon that is not to be had and for too few of them; NotEnoughPoints.
    """
    find_book(uow, book_id)
    order = _read(body, book_id, coupon_id)
    before = replayed(uow, order.keys, order.mark or "")
    if before is not None:
        return [show_usage(uow, row, as_made=True) for row in before]
    if order.expires_ms is not None and order.expires_ms <= uow.now_ms:
        raise RuleViolation("The time in expiredAt has passed.")
    return _assign(uow, lock_member(uow, body["memberId"]), book_id, order)


def assign_for_effect(
    uow: UnitOfWork, member: Member, book_id: int, number_of_codes: int = 1, amount: int = 1
) -> list[dict[str, Any]]:
    """Give as many of so many coupons as there are to a member, for what campaigns do; raises as `assign` does."""
    find_book(uow, book_id)
    return _assign(uow, lock_member(uow, member.id), book_id, Order(count=number_of_codes, amount=amount))


def _read(body: dict[str, Any], book_id: int, coupon_id: int | None) -> Order:
    codes = body.get("codes")
    count = 1 if coupon_id is not None else body.get("numberOfCodes", 1) if codes is None else len(codes)
    keys = body.get("systemUniqueKeys", [body["systemUniqueKey"]] if "systemUniqueKey" in body else [])
    if keys and len(keys) != count:
        raise RuleViolation(f"There are {len(keys)} systemUniqueKeys for {count} codes; each code needs one.")
    mark = fingerprint(ASSIGNMENT, book_id, coupon_id, body) if keys else None
    return Order(
        count,
        codes,
        coupon_id,
        body.get("amount", 1),
        body.get("strictMode", False),
        keys,
        mark,
        bounded_ms(body["expiredAt"]) if "expiredAt" in body else None,
        body.get("pendingCaptureLedgerTransactionId"),
        body.get("customAttributes"),
    )


def _assign(uow: UnitOfWork, member: Member, book_id: int, order: Order) -> list[dict[str, Any]]:
    book = lock_book(uow, book_id)
    check_usable(uow, book, member)
    check_eligible(uow, book, member)
    room = _room(uow, book, member)
    chosen = _choose(uow, book, member, order, min(order.count, room))
    if not chosen or (order.strict and len(chosen) < order.count):
        _refuse(book, member, order, room, len(chosen))
    paid = pay_for(uow, book, member, book.assignment_points, len(chosen), order.pending_id, "Coupon of")
    numbers = [new_number(uow, CouponUsage) for _ in chosen]
    rows = []
    for n, (number, coupon, transaction_id) in enumerate(zip(numbers, chosen, paid, strict=True)):
        rows.append(
            add_usage(
                uow,
                book,
                member,
                ASSIGNMENT,
                id=number,
                status=ASSIGNED,
                coupon_id=coupon.id,
                code=coupon.code,
                group_id=numbers[0],
                amount_assigned=order.amount,
                points=book.assignment_points,
                transaction_id=transaction_id,
                expires_ms=order.expires_ms,
                unique_key=order.keys[n] if order.keys else None,
                fingerprint=order.mark,
                custom_attributes=order.attributes or {},
            )
        )
        coupon.assigned += 1
    book.assigned += len(rows)
    uow.session.flush()
    if order.expires_ms is not None:
        await_expiry(uow, numbers[0], order.expires_ms)
    shown = [show_usage(uow, row) for row in rows]
    for one in shown:
        emit(uow, "coupon-code-assigned", one, member_id=member.id)
    return shown


def _room(uow: UnitOfWork, book: CouponBook, member: Member) -> int | float:
    """How many more coupons of the book the member may be given."""
    of_book = float("inf") if book.max_coupons is None else book.max_coupons - book.assigned
    if book.max_per_member is None:
        return max(0, of_book)
    has = (
        uow.session.scalar(
            select(func.count())
            .select_from(CouponUsage)
            .where(
                CouponUsage.tenant_id == uow.tenant_id,
                CouponUsage.member_id == member.id,
                CouponUsage.type == ASSIGNMENT,
                CouponUsage.book_id == book.id,
                CouponUsage.status != REVERTED,
            )
        )
        or 0
    )
    return max(0, min(of_book, book.max_per_member - has))


def _choose(uow: UnitOfWork, book: CouponBook, member: Member, order: Order, count: int | float) -> list[Coupon]:
    """The coupons that are to be given: those named that can be, or the least given out of the book."""
    if order.coupon_id is None and order.codes is None:
        return list(
            uow.session.scalars(_to_be_had(uow, book, member).order_by(Coupon.assigned, Coupon.id).limit(int(count)))
        )
    named = (
        [find_coupon(uow, book.id, order.coupon_id)]
        if order.coupon_id is not None
        else (find_codes(uow, book.id, order.codes or ()))
    )
    there = {
        row.id
        for row in uow.session.scalars(_to_be_had(uow, book, member).where(Coupon.id.in_([row.id for row in named])))
    }
    return [row for row in named if row.id in there][: int(min(count, len(named)))]


def _to_be_had(uow: UnitOfWork, book: CouponBook, member: Member) -> Any:
    """Coupons that were not given out too often, and that the member does not have now. The book is locked, and so are they."""
    holds = exists().where(
        CouponUsage.tenant_id == uow.tenant_id,
        CouponUsage.coupon_id == Coupon.id,
        CouponUsage.member_id == member.id,
        CouponUsage.type == ASSIGNMENT,
        CouponUsage.status == ASSIGNED,
        not_over(uow.now_ms),
    )
    matching = uow.scoped(Coupon).where(Coupon.book_id == book.id, ~holds).execution_options(populate_existing=True)
    return matching if book.max_per_coupon is None else matching.where(Coupon.assigned < book.max_per_coupon)


def _refuse(book: CouponBook, member: Member, order: Order, room: int | float, found: int) -> None:
    """Say why there are too few. Raises Conflict."""
    if room < order.count and found == room:
        raise Conflict(f"The member {member.id} may have {room} more coupons of the book {book.id}, not {order.count}.")
    if order.codes is None and order.coupon_id is None:
        raise Conflict(
            f"The coupon book {book.id} has {found} coupons left for the member {member.id}, not {order.count}."
        )
    raise Conflict(f"Of the coupons asked for, {found} can be given to the member {member.id}: the others are taken.")
