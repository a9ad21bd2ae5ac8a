"""Lots: which points of a wallet came when, so that the oldest go first and what is too old expires.

Only for accounts that keep track of it. Points that were there before that are in no lot: they are the oldest, and do
not expire. Whoever takes or puts lots has locked the wallet's balance, which guards its lots too.
"""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from models.kernel.times import add_months
from models.kernel.written import check_written
from models.loyalty_core.ledger.tables import Lot
from models.outbox.outbox import Job, schedule
from models.uow import UnitOfWork

EXPIRY_JOB = "points-expiry"
EXPIRED_AT_ONCE = 500
"""Lots that one job lets expire, about 10 ms."""
READ_AT_ONCE = 50
"""Lots that one statement reads, until there are enough."""

Piece = tuple[int, int | None, int]
"""Number of the lot that it is from (0 for points in no lot), when it expires (None for never), how many points it has."""


def fresh(uow: UnitOfWork, amount: int, expires_in_months: int) -> list[Piece]:
    """New points as a lot of their own."""
    expires_ms = add_months(uow.now_ms, expires_in_months) if expires_in_months else None
    return [(uow.order_number(), expires_ms, amount)]


def take(uow: UnitOfWork, place: str, amount: int, *, balance: int, first: Sequence[Piece] = ()) -> list[Piece]:
    """Take points out of a place that holds `balance`: out of the lots of `first` as far as they are there, then the oldest.

    Returns what was taken. A place with a balance in no lot has that as its oldest.
    """
    tracked = (
        uow.session.scalar(select(func.sum(Lot.amount)).where(Lot.tenant_id == uow.tenant_id, Lot.place == place)) or 0
    )
    if tracked > balance or amount > balance:
        raise AssertionError(f"{place} holds {balance} points, {tracked} of them in lots, and {amount} are taken")
    left, untracked = amount, balance - tracked
    taken: list[Piece] = []
    wanted = {number: size for number, _, size in first}
    for row in (
        uow.session.scalars(uow.scoped(Lot).where(Lot.place == place, Lot.number.in_(wanted)).order_by(Lot.number))
        if wanted
        else ()
    ):
        left -= _draw(uow, row, min(left, wanted[row.number]), taken)
    if part := min(left, untracked):
        taken.append((0, None, part))
        left -= part
    while left:
        oldest = uow.scoped(Lot).where(Lot.place == place, Lot.amount > 0).order_by(Lot.number).limit(READ_AT_ONCE)
        rows = uow.session.scalars(oldest.execution_options(populate_existing=True)).all()
        if not rows:
            break
        for row in rows:
            left -= _draw(uow, row, min(left, row.amount), taken)
        uow.session.flush()
    uow.session.flush()
    check_written(f"lots taken of {place}", amount, size_of(taken))
    return taken


def size_of(pieces: Sequence[Piece]) -> int:
    """How many points there are in pieces."""
    return sum(size for _, _, size in pieces)


def left_of(uow: UnitOfWork, place: str, pieces: Sequence[Sequence[int | None]]) -> int:
    """How many of the points of some pieces are in a place still."""
    sizes = {number: size or 0 for number, _, size in pieces}
    rows = uow.session.scalars(uow.scoped(Lot).where(Lot.place == place, Lot.number.in_(sizes)))
    return sum(min(row.amount, sizes[row.number]) for row in rows)


def put(uow: UnitOfWork, place: str, pieces: Sequence[Piece], *, expiry_subject: str) -> None:
    """Put points into a place. They keep their age and their expiry, wherever they come from; a job waits for the earliest."""
    numbered = [piece for piece in pieces if piece[0]]
    if not numbered:
        return
    there = {
        row.number: row
        for row in uow.session.scalars(
            uow.scoped(Lot).where(Lot.place == place, Lot.number.in_([number for number, _, _ in numbered]))
        )
    }
    for number, expires_ms, amount in numbered:
        if number in there:
            there[number].amount += amount
        else:
            there[number] = Lot(
                tenant_id=uow.tenant_id, place=place, number=number, amount=amount, expires_ms=expires_ms
            )
            uow.session.add(there[number])
    expiries = [expires_ms for _, expires_ms, _ in numbered if expires_ms is not None]
    if expiries:
        await_expiry(uow, expiry_subject, min(expiries))
    uow.session.flush()


def await_expiry(uow: UnitOfWork, subject: str, expires_ms: int) -> None:
    """Have a job run when points expire, unless one comes before: each job sees to the next (`next_expiry`).

    None is removed that comes later: the dispatcher may hold it, and wait for what this unit has locked.
    """
    due_ms = max(expires_ms, uow.now_ms)
    earlier = select(Job.id).where(
        Job.tenant_id == uow.tenant_id,
        Job.kind == EXPIRY_JOB,
        Job.subject == subject,
        Job.due_at_ms > uow.now_ms,
        Job.due_at_ms <= due_ms,
    )
    if uow.session.scalar(earlier.limit(1)) is None:
        schedule(uow, EXPIRY_JOB, subject, due_ms)


def next_expiry(uow: UnitOfWork, place: str) -> int | None:
    """When the next points of a place expire."""
    found: int | None = uow.session.scalar(
        select(func.min(Lot.expires_ms)).where(Lot.tenant_id == uow.tenant_id, Lot.place == place)
    )
    return found


def _draw(uow: UnitOfWork, row: Lot, amount: int, taken: list[Piece]) -> int:
    """Take points out of one lot, which is gone when it is empty."""
    amount = min(amount, row.amount)
    if amount:
        taken.append((row.number, row.expires_ms, amount))
        row.amount -= amount
        if not row.amount:
            uow.session.delete(row)
    return amount


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

    At most EXPIRED_AT_ONCE lots, the oldest first: `next_expiry` is in the past then, and the job that it leads to does the rest.
    """
    due = (
        uow.scoped(Lot)
        .where(Lot.place == place, Lot.expires_ms <= uow.now_ms)
        .order_by(Lot.number)
        .limit(EXPIRED_AT_ONCE)
    )
    rows = uow.session.scalars(due.execution_options(populate_existing=True)).all()
    # Exactly the rows that are counted are removed: a second statement could find another row due a millisecond later.
    for row in rows:
        uow.session.delete(row)
    uow.session.flush()
    return sum(row.amount for row in rows)


def forget(uow: UnitOfWork, account_id: int) -> None:
    """Remove all lots of an account that does not keep track any more: its points do not expire from then on."""
    uow.session.execute(
        delete(Lot).where(Lot.tenant_id == uow.tenant_id, Lot.place >= f"a{account_id}/", Lot.place < f"a{account_id}0")
    )
