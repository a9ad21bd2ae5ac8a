"""Hot statements: compiled once for each kind of database, and run on the driver's own cursor.

SQLAlchemy describes them like all others; what is left out is its work for each execution, which costs a ledger more
than the database does (benchmarks/ledger.py). They run in the session's own transaction. Nobody's pending objects are
flushed first: whoever wrote rows by the session that a hot statement reads, flushes.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Executable, bindparam, insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.kernel.base import Base

Parameters = Mapping[str, object]
T = TypeVar("T")


class Hot:
    """One statement. Its parameters are named by `bindparam`; values go to the driver as they are (JSON as text)."""

    __slots__ = ("_compiled", "_statement")

    def __init__(self, statement: Executable) -> None:
        self._statement = statement
        self._compiled: dict[str, tuple[str, list[str] | None]] = {}

    def rows(self, session: Session, parameters: Parameters) -> list[tuple[Any, ...]]:
        """Run it once; what it selects. Raises DBAPIError."""
        connection = session.connection()
        text, names = self.text(connection.dialect)
        with _told_as_ours(text, connection.dialect):
            cursor = connection.connection.cursor()
            cursor.execute(text, parameters if names is None else [parameters[name] for name in names])
            found = list(cursor.fetchall())
            cursor.close()
        return found

    def many(self, session: Session, parameters: Sequence[Parameters]) -> None:
        """Run it for each row of parameters. Raises DBAPIError."""
        connection = session.connection()
        text, names = self.text(connection.dialect)
        with _told_as_ours(text, connection.dialect):
            cursor = connection.connection.cursor()
            for row in parameters:
                cursor.execute(text, row if names is None else [row[name] for name in names])
            cursor.close()

    def text(self, dialect: Any) -> tuple[str, list[str] | None]:
        """The statement for a database: named parameters (None), or the names in the order of its question marks."""
        known = self._compiled.get(dialect.name)
        if known is None:
            compiled: Any = self._statement.compile(dialect=dialect)  # type: ignore[attr-defined]
            known = self._compiled[dialect.name] = (
                str(compiled),
                list(compiled.positiontup) if compiled.positional else None,
            )
        return known


def padded_slices(values: Sequence[T], size: int) -> Iterator[list[T]]:
    """Slices of at most so many values (a power of two), each padded to a power of two with its last one: for statements with a list of
    parameters, of which there are then few to prepare.
    """
    for first in range(0, len(values), size):
        some = values[first : first + size]
        yield [*some, *[some[-1]] * ((1 << (len(some) - 1).bit_length()) - len(some))]


def inserting(model: type[Base]) -> Hot:
    """The insert of a whole row of a table, its parameters named as the columns."""
    return Hot(insert(model).values({column.key: bindparam(column.key) for column in model.__table__.columns}))


@contextmanager
def pipelined(session: Session) -> Iterator[None]:
    """A context in which statements without results go to PostgreSQL in one round trip; nothing changes on SQLite.

    What is wrong with them may be told only at its end.
    """
    connection = session.connection()
    driver: Any = connection.connection.driver_connection
    if not hasattr(driver, "pipeline"):
        yield
        return
    with _told_as_ours("a pipeline", connection.dialect), driver.pipeline():
        yield


@contextmanager
def _told_as_ours(text: str, dialect: Any) -> Iterator[None]:
    """The driver's errors as SQLAlchemy's, which the edge knows."""
    try:
        yield
    except dialect.dbapi.Error as error:
        raise DBAPIError.instance(
            text, None, error, dialect.dbapi.Error, hide_parameters=True, dialect=dialect
        ) from error
