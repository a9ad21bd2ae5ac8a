"""What a schema has beside tables, columns and indexes that SQLAlchemy describes: triggers, and indexes of one kind of
database.

Declared beside the tables that they belong to, made with them (`Storage.create_tables`) and by the migrations. On
SQLite a migration that makes a table anew (`batch_alter_table`) drops its triggers: it has to make them again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection


@dataclass(frozen=True, slots=True)
class Extra:
    """Something beside the tables, on one kind of database, as SQL."""

    dialect: str
    make: Sequence[str]
    drop: Sequence[str]
    names: Sequence[str] = ()
    """Tables and indexes, of which SQLAlchemy knows nothing; tables of SQLite's own may begin with them."""


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
        for statement in extra.make:
            connection.exec_driver_sql(statement)
