"""What a schema has beside tables, columns and indexes that SQLAlchemy describes: triggers, and indexes of one kind of database.

Declared beside the tables that they belong to, made with them (`Storage.create_tables`) and by the migrations. On SQLite a migration that
makes a table anew (`batch_alter_table`) drops its triggers: it has to make them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@dataclass(frozen=True, slots=True)
class Extra:
    """Something beside the tables, on one kind of database, as SQL."""

    dialect: str
    make: Sequence[str]
    drop: Sequence[str]
    names: Sequence[str] = ()
    """Tables and indexes, of which SQLAlchemy knows nothing; tables of SQLite's own may begin with them."""
    optional: bool = False
    """Whether a database that does not allow it does without."""


_EXTRAS: list[Extra] = []


def declare(*extras: Extra) -> None:
    """Make something together with the tables. What it belongs to is declared before."""
    _EXTRAS.extend(extras)


def extras_of(dialect: str) -> list[Extra]:
    """All that is declared for a kind of database, in the order of their names."""
    return sorted((extra for extra in _EXTRAS if extra.dialect == dialect), key=lambda extra: extra.make[0])


def is_extra(dialect: str, name: str) -> bool:
    """Whether a table or index is one of them."""
    return any(name.startswith(tuple(extra.names)) for extra in extras_of(dialect) if extra.names)


def make_extras(connection: Connection) -> None:
    """Make all of them in a database that has none. Raises DBAPIError."""
    for extra in extras_of(connection.dialect.name):
        try:
            with connection.begin_nested():
                for statement in extra.make:
                    connection.exec_driver_sql(statement)
        except DBAPIError:
            if not extra.optional:
                raise


def printed_extras(dialect: str) -> list[str]:
    """The statements of `make_extras` for whoever runs them by hand on PostgreSQL; what is optional fails without an error."""
    printed: list[str] = []
    for extra in extras_of(dialect):
        if extra.optional:
            tried = " ".join(f"{statement};" for statement in extra.make)
            printed.append(
                f"DO $optional$ BEGIN {tried} "
                "EXCEPTION WHEN OTHERS THEN RAISE NOTICE USING MESSAGE = 'left out: ' || SQLERRM; END $optional$"
            )
        else:
            printed += extra.make
    return printed


def drop_extras(connection: Connection) -> None:
    """Drop all of them that are there."""
    for extra in extras_of(connection.dialect.name):
        for statement in extra.drop:
            connection.exec_driver_sql(statement)
