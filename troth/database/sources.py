"""How units of work get their connections and begin their transactions, for each kind of database and of unit.

| unit | SQLite in memory | SQLite file | PostgreSQL |
| --- | --- | --- | --- |
| writes | BEGIN IMMEDIATE at the first change | BEGIN IMMEDIATE when opened | READ COMMITTED when opened |
| reads | no transaction until something is changed | BEGIN when opened | autocommit until something is changed |
| long reads | as reads | BEGIN on a read-only connection | REPEATABLE READ, read only |

A memory database has one connection, on which units run one after another: nobody can change what a unit reads. On
PostgreSQL each statement of a READ COMMITTED transaction sees its own snapshot, so that reading in autocommit sees no
less, and saves BEGIN and COMMIT, a round trip each.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError

from troth.database.sqlite import begin, prepare

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

IDLE_MAX = 1
"""SQLite connections that a source keeps open for the next unit: units on the event loop run one after another."""


class SqliteSource:
    """Connections to a SQLite database.

    `at_open` is the statement that begins a transaction as soon as a connection is opened, None where one begins at the
    first change.
    """

    shares_cursor = False

    def __init__(self, engine: Engine, at_open: str | None) -> None:
        self.dialect = engine.dialect
        self._engine = engine
        self._at_open = at_open
        self._idle: deque[Connection] = deque()

    def open(self) -> Connection:
        connection = self._idle.pop() if self._idle else self._engine.connect()
        prepare(connection)
        if self._at_open is not None:
            try:
                begin(connection, self._at_open)
            except DBAPIError:
                self.close(connection)
                raise
        return connection

    def begin(self, connection: Connection) -> None:
        if self._at_open is None:
            begin(connection, "BEGIN IMMEDIATE")

    def commit(self, connection: Connection) -> None:
        driver = connection.connection
        try:
            driver.commit()
        except self.dialect.loaded_dbapi.Error as error:
            raise _as_ours(self.dialect, "COMMIT", error) from error

    def close(self, connection: Connection) -> None:
        if connection.invalidated or len(self._idle) >= IDLE_MAX:
            connection.close()
            return
        connection.connection.rollback()
        self._idle.append(connection)

    def dispose(self) -> None:
        """Close the connections that wait for the next unit."""
        while self._idle:
            self._idle.pop().close()


class PostgresSource:
    """Connections to PostgreSQL. With `reads_first` the connection is in autocommit until something is changed."""

    shares_cursor = True

    def __init__(self, engine: Engine, *, reads_first: bool) -> None:
        self.dialect = engine.dialect
        self._engine = engine
        self._reads_first = reads_first

    def open(self) -> Connection:
        connection = self._engine.connect()
        if self._reads_first:
            _driver(connection).autocommit = True
        return connection

    def begin(self, connection: Connection) -> None:
        if self._reads_first:
            _driver(connection).autocommit = False

    def commit(self, connection: Connection) -> None:
        try:
            connection.connection.commit()
        except self.dialect.loaded_dbapi.Error as error:
            raise _as_ours(self.dialect, "COMMIT", error) from error

    def close(self, connection: Connection) -> None:
        if self._reads_first and not connection.invalidated:
            driver = _driver(connection)
            if not driver.closed and driver.autocommit:
                driver.autocommit = False
        connection.close()

    def dispose(self) -> None:
        """The engine's pool holds the connections."""


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


def _as_ours(dialect: Any, text: str, error: Exception) -> BaseException:
    """The driver's error as SQLAlchemy's."""
    return DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)
