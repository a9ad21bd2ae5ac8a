"""Lots: points of a wallet by when they were earned, so that the oldest are spent first and old ones expire.

Only accounts with `tracked` keep them. Points from before that are in no lot: they are the oldest, and do not expire.
Lots are taken and put under the lock of the wallet's balance, which guards its lots too.
"""

from collections.abc import Sequence

from models.kernel.times import add_months
from models.kernel.written import check_written
from models.loyalty_core.ledger.queries import (
    DELETE_LOTS,
    DELETE_LOTS_BETWEEN,
    EXPIRED_LOTS,
    EXPIRY_JOB_BEFORE,
    INSERT_LOT,
    LOTS_WITH_NUMBERS,
    NEXT_EXPIRY,
    OLDEST_LOTS,
    POINTS_IN_LOTS,
    SET_LOT,
    LotRow,
)
from models.loyalty_core.ledger.tables import Piece
from models.outbox.outbox import schedule
from models.uow import UnitOfWork

EXPIRY_JOB = "points-expiry"
EXPIRED_AT_ONCE = 500
"""Lots that one job lets expire, about 10 ms."""
READ_AT_ONCE = 50
"""Lots that one statement reads, until there are enough."""


def fresh(uow: UnitOfWork, amount: int, expires_in_months: int) -> list[Piece]:
    """New points as a lot of their own."""
    expires_ms = add_months(uow.now_ms, expires_in_months) if expires_in_months else None
    return [(uow.order_number(), expires_ms, amount)]


def take(uow: UnitOfWork, place: str, amount: int, *, balance: int, first: Sequence[Piece] = ()) -> list[Piece]:
    """Take points out of a place that holds `balance`: out of the lots of `first` as far as they are there, then the
    oldest.

    Returns what was taken. The part of a balance that is in no lot is its oldest.
    """
    tracked = int(uow.one(POINTS_IN_LOTS, place=place) or 0)
    if tracked > balance or amount > balance:
        raise AssertionError(f"{place} holds {balance} points, {tracked} of them in lots, and {amount} are taken")
    left, untracked = amount, balance - tracked
    taken: list[Piece] = []
    if first:
        preferred = {number: size for number, _, size in first}
        rows = uow.rows(LOTS_WITH_NUMBERS, place=place, numbers=list(preferred))
        left -= _draw(uow, place, [(row, preferred[row.number]) for row in rows], left, taken)
    if part := min(left, untracked):
        taken.append((0, None, part))
        left -= part
    while left:
        rows = uow.rows(OLDEST_LOTS, place=place, limit=READ_AT_ONCE)
        if not rows:
            break
        left -= _draw(uow, place, [(row, row.amount) for row in rows], left, taken)
    check_written(f"lots taken of {place}", amount, size_of(taken))
    return taken


def size_of(pieces: Sequence[Piece]) -> int:
    """How many points there are in pieces."""
    return sum(size for _, _, size in pieces)


def left_of(uow: UnitOfWork, place: str, pieces: Sequence[Piece]) -> int:
    """How many of the points of some pieces are in a place still."""
    sizes = {number: size for number, _, size in pieces}
    rows = uow.rows(LOTS_WITH_NUMBERS, place=place, numbers=list(sizes))
    return sum(min(row.amount, sizes[row.number]) for row in rows)


def put(uow: UnitOfWork, place: str, pieces: Sequence[Piece], *, expiry_subject: str) -> None:
    """Put points into a place.

    They keep their age and their expiry, wherever they come from; a job is scheduled for the earliest.
    """
    sizes: dict[int, int] = {}
    expiries: dict[int, int | None] = {}
    for number, expires_ms, amount in pieces:
        if number:
            sizes[number] = sizes.get(number, 0) + amount
            expiries.setdefault(number, expires_ms)
    if not sizes:
        return
    there = {row.number: row.amount for row in uow.rows(LOTS_WITH_NUMBERS, place=place, numbers=list(sizes))}
    uow.execute_many(
        SET_LOT,
        [
            {"of_place": place, "lot": number, "points": there[number] + amount}
            for number, amount in sizes.items()
            if number in there
        ],
    )
    uow.insert_many(
        INSERT_LOT,
        [
            {"place": place, "number": number, "amount": amount, "expires_ms": expiries[number]}
            for number, amount in sizes.items()
            if number not in there
        ],
    )
    known = [expires_ms for number, expires_ms, _ in pieces if number and expires_ms is not None]
    if known:
        await_expiry(uow, expiry_subject, min(known))


def await_expiry(uow: UnitOfWork, subject: str, expires_ms: int) -> None:
    """Schedule a job for when points expire, unless one is due before: each job schedules the next (`next_expiry`).

    A job that is due later is not removed: the dispatcher may hold it, and wait for what this unit has locked.
    """
    due_ms = max(expires_ms, uow.now_ms)
    before = uow.first(EXPIRY_JOB_BEFORE, kind=EXPIRY_JOB, subject=subject, now_ms=uow.now_ms, due_ms=due_ms)
    if before is None:
        schedule(uow, EXPIRY_JOB, subject, due_ms)


def next_expiry(uow: UnitOfWork, place: str) -> int | None:
    """When the next points of a place expire."""
    return uow.first(NEXT_EXPIRY, place=place)


def _draw(uow: UnitOfWork, place: str, rows: Sequence[tuple[LotRow, int]], amount: int, taken: list[Piece]) -> int:
    """Take points out of lots in their order, of each at most the number beside it; how many were taken.

    Empty lots are deleted.
    """
    emptied: list[int] = []
    reduced: list[dict[str, object]] = []
    left = amount
    for row, most in rows:
        part = min(left, most, row.amount)
        if not part:
            continue
        taken.append((row.number, row.expires_ms, part))
        left -= part
        if part == row.amount:
            emptied.append(row.number)
        else:
            reduced.append({"of_place": place, "lot": row.number, "points": row.amount - part})
    uow.execute_many(SET_LOT, reduced)
    if emptied:
        uow.execute(DELETE_LOTS, place=place, numbers=emptied)
    return amount - left


def split(pieces: Sequence[Piece], amount: int) -> tuple[list[Piece], list[Piece]]:
    """The first `amount` points of pieces, and the rest."""
    first: list[Piece] = []
    rest: list[Piece] = []
    for number, expires_ms, size in pieces:
        part = min(size, amount)
        amount -= part
        if part:
            first.append((number, expires_ms, part))
        if size > part:
            rest.append((number, expires_ms, size - part))
    return first, rest


def take_due(uow: UnitOfWork, place: str) -> int:
    """Remove lots of a place that have expired by now; how many points were in them.

    At most EXPIRED_AT_ONCE lots, the oldest first: `next_expiry` is in the past then, and the job that it leads to does
    the rest.
    """
    rows = uow.rows(EXPIRED_LOTS, place=place, now_ms=uow.now_ms, limit=EXPIRED_AT_ONCE)
    # Exactly the rows that are counted are removed: a second statement could find another row due a millisecond later.
    if rows:
        uow.execute(DELETE_LOTS, place=place, numbers=[row.number for row in rows])
    return sum(row.amount for row in rows)


def forget(uow: UnitOfWork, account_id: int) -> None:
    """Remove all lots of an account that does not keep track any more: its points do not expire from then on."""
    uow.execute(DELETE_LOTS_BETWEEN, first=f"a{account_id}/", end=f"a{account_id}0")
