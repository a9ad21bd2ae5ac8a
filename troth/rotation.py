"""Changing TROTH_SECRET_KEY on a served database: every sealed secret is sealed again, in short transactions
(`models/tenancy/rotation.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from models.tenancy.rotation import SealedColumn, Slice, count_sealed, reseal_some, sealed_columns
from troth.database.storage import import_tables

if TYPE_CHECKING:
    from troth.runtime import Runtime

PASSES_MAX = 3
"""Servers that still seal under the old key may add rows behind a pass; when they go on for so long, it is said that
something is left.
"""

Progress = Callable[[str, int, int], None]
"""Called after each slice with the table, how many rows of it were looked at, and how many there are."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many secrets of a table are sealed under the new key (TROTH_SECRET_KEY), under the old one (the fallback),
    under neither.
    """

    table: str
    new: int
    old: int
    unreadable: int

    @property
    def row(self) -> dict[str, Any]:
        return {"table": self.table, "new_key": self.new, "old_key": self.old, "neither": self.unreadable}


def sealed_secrets(runtime: Runtime, progress: Progress) -> list[Sealed]:
    """Count the sealed secrets of each table by the key that opens them. Changes nothing."""
    import_tables()
    return [_column(runtime, column, progress, writes=False)[0] for column in sealed_columns()]


def rotate(runtime: Runtime, progress: Progress) -> tuple[list[Sealed], int]:
    """Seal every secret that is under the fallback key under TROTH_SECRET_KEY; what is found then, and how many were
    sealed again.

    A run that is ended in the middle leaves rows under either key, which servers that have both read; the next run goes
    on.
    """
    import_tables()
    resealed = 0
    for _ in range(PASSES_MAX):
        for column in sealed_columns():
            resealed += _column(runtime, column, progress, writes=True)[1]
        found = sealed_secrets(runtime, progress)
        if not any(one.old for one in found):
            break
    return found, resealed


def _column(runtime: Runtime, column: SealedColumn, progress: Progress, *, writes: bool) -> tuple[Sealed, int]:
    name = column.table.name
    with runtime.storage.deferred_session() as session:
        total = count_sealed(session, column)
    new = old = unreadable = resealed = 0
    after: tuple[Any, ...] | None = None
    while True:
        part = _slice(runtime, column, after, writes=writes)
        new, old, unreadable = new + part.current, old + part.fallback, unreadable + part.unreadable
        resealed += part.resealed
        progress(name, new + old + unreadable, total)
        if part.last is None:
            return Sealed(name, new, old, unreadable), resealed
        after = part.last


def _slice(runtime: Runtime, column: SealedColumn, after: tuple[Any, ...] | None, *, writes: bool) -> Slice:
    vault = runtime.directory.vault
    if not writes:
        with runtime.storage.deferred_session() as session:
            return reseal_some(session, vault, column, after, writes=False)
    with runtime.storage.session() as session, session.begin():
        return reseal_some(session, vault, column, after)
