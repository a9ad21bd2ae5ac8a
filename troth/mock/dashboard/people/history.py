"""Histories of balances."""

from __future__ import annotations

from typing import TYPE_CHECKING

from models.ledger import movements
from troth.mock.dashboard.people.facts import Moment

if TYPE_CHECKING:
    from collections.abc import Iterable

    from models.uow import UnitOfWork

MOVEMENTS_MAX = 500
"""Of one account; a line that begins with the oldest of them begins at what was held before it."""


def running_total(changes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What is held after each of some changes (instant, signed amount), the oldest first."""
    held, points = 0, []
    for at_ms, amount in sorted(changes):
        held += amount
        points.append((at_ms, held))
    return points


def backwards(now: int, changes: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """What was held after each of some changes that have led to what is held now, the oldest first."""
    points = []
    for at_ms, amount in sorted(changes, reverse=True):
        points.append((at_ms, now))
        now -= amount
    return points[::-1]


def of_account(uow: UnitOfWork, account: str) -> tuple[list[Moment], list[tuple[int, int]]]:
    """The movements of an account of the ledger as moments, and what it held after each, the oldest first."""
    found = movements(uow, account, limit=MOVEMENTS_MAX)
    moments = [
        Moment(one.created_ms, "points", one.kind.replace("_", " ").capitalize(), one.description or "", one.amount)
        for one in found
    ]
    return moments, [(one.created_ms, one.balance_after or 0) for one in reversed(found)]
