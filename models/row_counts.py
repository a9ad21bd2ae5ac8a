"""How many rows some tables have, kept beside them by triggers, since lists return it and to count half a million rows
takes 10 ms.

A count is spread over rows of its own for each connection (the shard), so that no two units wait for each other; it is
their sum, exact in every transaction, whichever server wrote the rows. SQLite has one writer and one shard.
"""

from collections.abc import Sequence

from sqlalchemy import String, bindparam, func, select
from sqlalchemy.orm import Mapped, mapped_column

from models.kernel.base import Base
from models.kernel.extras import Extra, declare
from models.kernel.statements import TENANT, Query
from models.uow import UnitOfWork

SHARDS = 256
"""Connections of PostgreSQL have numbers that mostly follow each other: of a pool, no two share a shard."""
ALL = 0
"""The value of a count of all rows of a tenant."""


class RowCount(Base):
    """A part of how many rows of a tenant a table has: all of them, or those with a value in a column."""

    __tablename__ = "row_counts"

    tenant_id: Mapped[int] = mapped_column(primary_key=True)
    counted: Mapped[str] = mapped_column(String(64), primary_key=True)
    """The table, or `table.column`."""
    value: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shard: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int]
    """May be below zero: rows are not always removed by the connection that has inserted them."""


_COUNT = Query(
    select(func.coalesce(func.sum(RowCount.number), 0)).where(
        RowCount.tenant_id == TENANT, RowCount.counted == bindparam("counted"), RowCount.value == bindparam("value")
    )
)


def count_of(uow: UnitOfWork, counted: str, value: int = ALL) -> int:
    """How many rows the tenant has in a table, or in `table.column` with a value."""
    return int(uow.one(_COUNT, counted=counted, value=value))


def count_rows(table: str, columns: Sequence[str | None] = (None,)) -> None:
    """Keep the count of a table's rows: all of a tenant's for None, those with each value of a column of integers for
    its name.
    """
    declare(*(counting(dialect, table, columns) for dialect in ("sqlite", "postgresql")))


def counting(dialect: str, table: str, columns: Sequence[str | None] = (None,)) -> Extra:
    """The triggers that keep a table's counts on a kind of database;
    for migrations of tables that have rows already.
    """
    return (_on_sqlite if dialect == "sqlite" else _on_postgres)(table, columns)


def _key(table: str, column: str | None) -> str:
    return table if column is None else f"{table}.{column}"


def _on_sqlite(table: str, columns: Sequence[str | None]) -> Extra:
    def body(row: str, sign: int) -> str:
        return "".join(
            "INSERT INTO row_counts (tenant_id, counted, value, shard, number) "
            f"SELECT {row}.tenant_id, '{_key(table, column)}', {f'{row}.{column}' if column else ALL}, 0, {sign} "
            f"WHERE {f'{row}.{column} IS NOT NULL' if column else '1'} "
            f"ON CONFLICT DO UPDATE SET number = number + ({sign}); "
            for column in columns
        )

    changed = [column for column in columns if column is not None]
    events = {"insert": ("AFTER INSERT", body("NEW", 1)), "delete": ("AFTER DELETE", body("OLD", -1))}
    if changed:
        events["update"] = (f"AFTER UPDATE OF {', '.join(changed)}", body("OLD", -1) + body("NEW", 1))
    return Extra(
        "sqlite",
        [
            f"CREATE TRIGGER count_{table}_{name} {event} ON {table} BEGIN {statements}END"
            for name, (event, statements) in events.items()
        ],
        [f"DROP TRIGGER IF EXISTS count_{table}_{name}" for name in events],
    )


def _on_postgres(table: str, columns: Sequence[str | None]) -> Extra:
    """Triggers of statements: one that inserts many rows changes a count once."""

    def rows(of: str, sign: int) -> str:
        return " UNION ALL ".join(
            f"SELECT tenant_id, '{_key(table, column)}' AS counted, {column or ALL} AS value, {sign} AS number FROM {of} "  # noqa: S608  names of our tables
            f"WHERE {f'{column} IS NOT NULL' if column else 'true'}"
            for column in columns
        )

    def change(source: str) -> str:
        return (
            "INSERT INTO row_counts AS known (tenant_id, counted, value, shard, number) "  # noqa: S608  names of our tables
            f"SELECT tenant_id, counted, value, mod(pg_backend_pid(), {SHARDS}), sum(number) FROM ({source}) AS changed "
            "GROUP BY tenant_id, counted, value HAVING sum(number) <> 0 ORDER BY tenant_id, counted, value "
            "ON CONFLICT (tenant_id, counted, value, shard) DO UPDATE SET number = known.number + excluded.number; "
        )

    added, removed = rows("added", 1), rows("removed", -1)
    events = {"insert": "REFERENCING NEW TABLE AS added", "delete": "REFERENCING OLD TABLE AS removed"}
    if any(columns):
        events["update"] = "REFERENCING NEW TABLE AS added OLD TABLE AS removed"
    function = (
        f"CREATE FUNCTION count_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'INSERT' THEN {change(added)}"
        f"ELSIF TG_OP = 'DELETE' THEN {change(removed)}"
        f"ELSE {change(f'{added} UNION ALL {removed}')}END IF; RETURN NULL; END $$"
    )
    triggers = [
        f"CREATE TRIGGER count_{table}_{name} AFTER {name} ON {table} {tables} FOR EACH STATEMENT EXECUTE FUNCTION count_{table}()"
        for name, tables in events.items()
    ]
    dropped = [f"DROP TRIGGER IF EXISTS count_{table}_{name} ON {table}" for name in events]
    return Extra("postgresql", [function, *triggers], [*dropped, f"DROP FUNCTION IF EXISTS count_{table}()"])
