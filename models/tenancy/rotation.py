"""Changing TROTH_SECRET_KEY: sealing again, under the new key, what is sealed under the old one.

The columns that hold sealed secrets say so themselves (`vault.PURPOSE`). They are gone through in slices by their
primary keys; a row that is sealed under the new key is left alone, so that a run that was killed is simply started
again.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, LargeBinary, String, Table, func, literal, select, tuple_, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.kernel.base import Base
from models.kernel.vault import PURPOSE, PURPOSE_COLUMN, Vault, VaultError
from models.tenancy.tenants import CredentialRow

SLICE = 200
"""Rows in one transaction: some milliseconds, in which requests that write wait on SQLite."""
MARKS = "marks"
MARKS_SEALED_FOR = "mark-key"


class VaultKeyRow(Base):
    """A key of the host that is kept sealed under TROTH_SECRET_KEY, so that it stays the same when that is changed."""

    __tablename__ = "vault_keys"

    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary, info={PURPOSE: MARKS_SEALED_FOR})
    created_ms: Mapped[int]


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds sealed secrets.

    Each is sealed for `purpose`, or for what the column `purpose_column` of its row says.
    """

    table: Table
    column: Column[object]
    purpose: str | None
    purpose_column: str | None


@dataclass(frozen=True, slots=True)
class Slice:
    """What was found in some rows of one column: how many secrets are sealed under the key in use, under the fallback,
    under neither.

    `resealed` says how many of those under the fallback were sealed again. `last` is the primary key of the last row,
    None where there is no further row.
    """

    current: int
    fallback: int
    unreadable: int
    resealed: int
    last: tuple[object, ...] | None


def sealed_columns() -> list[SealedColumn]:
    """Every column with sealed secrets.

    The host's own keys come last: a server that has the new key alone starts when all else is done.
    """
    found = [
        SealedColumn(table, column, column.info.get(PURPOSE), column.info.get(PURPOSE_COLUMN))
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.keys() & {PURPOSE, PURPOSE_COLUMN}
    ]
    return sorted(found, key=lambda one: (one.table.name == VaultKeyRow.__tablename__, one.table.name, one.column.name))


def count_sealed(session: Session, sealed: SealedColumn) -> int:
    """How many rows hold a secret in a column."""
    counted = session.scalar(select(func.count()).select_from(sealed.table).where(sealed.column.is_not(None)))
    return counted or 0


def reseal_some(
    session: Session, vault: Vault, sealed: SealedColumn, after: tuple[object, ...] | None, *, writes: bool = True
) -> Slice:
    """Seal the secrets of the next rows after a primary key under the vault's master key; without `writes` they are
    only counted.
    """
    key = list(sealed.table.primary_key)
    rows = session.execute(_next_rows(sealed, key, after)).all()
    current = fallback = unreadable = resealed = 0
    for row in rows:
        *values, stored, purpose = row
        try:
            again = vault.resealed(stored, purpose)
        except VaultError:
            unreadable += 1
            continue
        if again is None:
            current += 1
            continue
        fallback += 1
        if writes:
            resealed += _replace(session, sealed, dict(zip(key, values, strict=True)), stored, again)
    last = tuple(rows[-1][: len(key)]) if len(rows) == SLICE else None
    return Slice(current, fallback, unreadable, resealed, last)


def _next_rows(sealed: SealedColumn, key: list[Column[Any]], after: tuple[object, ...] | None) -> Any:
    purpose = sealed.table.c[sealed.purpose_column] if sealed.purpose_column else literal(sealed.purpose)
    statement = select(*key, sealed.column, purpose).where(sealed.column.is_not(None)).order_by(*key).limit(SLICE)
    return statement if after is None else statement.where(tuple_(*key) > tuple_(*after))


def _replace(
    session: Session, sealed: SealedColumn, key: dict[Column[object], object], stored: bytes, again: bytes
) -> int:
    """How many rows were changed: none where the secret was changed, or the row removed, since it was read."""
    # Compared with what was read: a request may have set another secret meanwhile, which must not be lost.
    of_row = [column == value for column, value in key.items()]
    changed = session.execute(
        update(sealed.table).where(*of_row, sealed.column == stored).values({sealed.column.name: again})
    )
    return int(changed.rowcount)  # type: ignore[attr-defined]  # a CursorResult


def use_mark_key(session: Session, vault: Vault, *, stores: bool, now_ms: int) -> None:
    """Make the vault use the database's key of marks. With `stores`, a database that has none yet gets it.

    A database from before there was such a row has marks under a key that is derived from the secret key, so that this
    one is stored. Raises VaultError when the key is sealed under another secret key.
    """
    row = session.get(VaultKeyRow, MARKS)
    if row is not None:
        vault.mark_with(vault.open(row.sealed, MARKS_SEALED_FOR))
        return
    key = vault.mark_key(of_fallback=_is_under_fallback(session, vault))
    vault.mark_with(key)
    if stores:
        session.add(VaultKeyRow(name=MARKS, sealed=vault.seal(key, MARKS_SEALED_FOR), created_ms=now_ms))
        session.flush()


def _is_under_fallback(session: Session, vault: Vault) -> bool:
    """Whether the oldest sealed credential is under the fallback key. Raises VaultError when it is under neither."""
    row = session.scalars(
        select(CredentialRow).where(CredentialRow.sealed.is_not(None)).order_by(CredentialRow.created_ms).limit(1)
    ).first()
    return row is not None and row.sealed is not None and vault.resealed(row.sealed, row.kind) is not None
