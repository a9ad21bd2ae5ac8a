"""Lots: which points of a wallet came when, so that the oldest go first and what is too old expires.

Only for accounts that keep track of it. Points that were there before that are in no lot: they are the oldest, and do
not expire. Whoever takes or puts lots has locked the wallet's balance, which guards its lots too.
"""

from collections.abc import Sequence

from sqlalchemy import delete

from models.loyalty_core.ledger_tables import Lot
from models.outbox import schedule
from models.times import add_months
from models.uow import UnitOfWork

EXPIRY_JOB = "points-expiry"

Piece = tuple[int, int | None, int]
"""Number of the lot that it is from (0 for points in no lot), when it expires (None for never), how many points it has."""


def fresh(uow: UnitOfWork, amount: int, expires_in_months: int) -> list[Piece]:
    """New points as a lot of their own."""
    expires_ms = add_months(uow.now_ms, expires_in_months) if expires_in_months else None
    return [(uow.order_number(), expires_ms, amount)]


def take(uow: UnitOfWork, place: str, amount: int, *, balance: int) -> list[Piece]:
    """Take points out of the oldest lots of a place that holds `balance`. Returns what was taken."""
    rows = list(uow.session.scalars(uow.scoped(Lot).where(Lot.place == place).order_by(Lot.number)))
    untracked = min(amount, balance - sum(row.amount for row in rows))
    taken: list[Piece] = [(0, None, untracked)] if untracked else []
    left = amount - untracked
    for row in rows:
        part = min(left, row.amount)
        if not part:
            break
        taken.append((row.number, row.expires_ms, part))
        left -= part
        row.amount -= part
        if not row.amount:
            uow.session.delete(row)
    uow.session.flush()
    return taken


def put(uow: UnitOfWork, place: str, pieces: Sequence[Piece], *, expiry_subject: str) -> None:
    """Put points into a place. They keep their age and their expiry, wherever they come from; a job waits for each expiry."""
    for number, expires_ms, amount in pieces:
        if not number:
            continue
        row = uow.session.get(Lot, (uow.tenant_id, place, number))
        if row is not None:
            row.amount += amount
            continue
        uow.session.add(Lot(tenant_id=uow.tenant_id, place=place, number=number, amount=amount, expires_ms=expires_ms))
        if expires_ms is not None:
            schedule(uow, EXPIRY_JOB, expiry_subject, max(expires_ms, uow.now_ms))
    uow.session.flush()


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


def due(uow: UnitOfWork, place: str) -> int:
    """How many points of a place have expired by now."""
    rows = uow.session.scalars(uow.scoped(Lot).where(Lot.place == place, Lot.expires_ms <= uow.now_ms))
    return sum(row.amount for row in rows)


def drop_due(uow: UnitOfWork, place: str) -> None:
    """Remove the lots that have expired by now."""
    uow.session.execute(delete(Lot).where(Lot.tenant_id == uow.tenant_id, Lot.place == place, Lot.expires_ms <= uow.now_ms))


def forget(uow: UnitOfWork, account_id: int) -> None:
    """Remove all lots of an account that does not keep track any more: its points do not expire from then on."""
    uow.session.execute(delete(Lot).where(
        Lot.tenant_id == uow.tenant_id, Lot.place >= f"a{account_id}/", Lot.place < f"a{account_id}0"))
