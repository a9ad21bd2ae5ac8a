"""The database connection of a unit of work: opened when it is first needed, and what runs prepared statements on it.

A session of the ORM is bound to it when something asks for one (`session`): both work in the same transaction. Rows
that the ORM holds pending are written before a prepared statement runs, so that it sees them.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from models.kernel.statement_observer import observer
from models.kernel.statements import ROWS_MAX, Insertion, Parameters, Query, Statement

R = TypeVar("R")

AT_COMMIT = "at the commit"
"""A detail of errors of a commit: where the connection is lost meanwhile, nobody knows whether it has happened."""


class Source(Protocol):
    """How a kind of unit gets its connection (`troth/database/sources.py`)."""

    dialect: Dialect
    shares_cursor: bool
    """Whether all statements of a unit run on one cursor. A new one costs psycopg as much as a third of a statement,
    sqlite3 next to nothing; and a statement of SQLite is not over before its cursor is closed.
    """

    def open(self) -> Connection:
        """A connection for one unit, ready to read."""

    def begin(self, connection: Connection) -> None:
        """Begin the transaction in which the unit writes."""

    def commit(self, connection: Connection) -> None:
        """Commit the transaction, if one has begun."""

    def close(self, connection: Connection) -> None:
        """Roll back what was not committed, and give the connection back."""


class LazyConnection:
    """The connection of one unit of work."""

    __slots__ = ("_after_commit", "_connection", "_cursor", "_is_begun", "_savepoints", "_session", "_source")

    def __init__(self, source: Source) -> None:
        self._source = source
        self._connection: Connection | None = None
        self._cursor: Any = None
        self._session: Session | None = None
        self._is_begun = False
        self._savepoints = 0
        self._after_commit: list[Callable[[], None]] = []

    @classmethod
    def of(cls, session: Session) -> "LazyConnection":
        """The connection of a session that its caller opened, commits and closes."""
        made = cls(_Borrowed(session))
        made._session = session
        return made

    @property
    def dialect(self) -> Dialect:
        return self._source.dialect

    @property
    def session(self) -> Session:
        """The session of the ORM, for objects that are changed."""
        if self._session is None:
            self._session = Session(self.begin(), expire_on_commit=False)
        return self._session

    def read(self) -> Connection:
        """The connection, open; in a transaction only where reads need one."""
        if self._connection is None:
            self._connection = self._source.open()
        return self._connection

    def begin(self) -> Connection:
        """The connection, in the transaction in which the unit writes."""
        connection = self.read()
        if not self._is_begun:
            self._source.begin(connection)
            self._is_begun = True
        return connection

    def rows(self, query: Query[R], parameters: Parameters, *, locks: bool = False) -> list[R]:
        """Run a query; its rows. Raises DBAPIError."""
        cursor = self._run(query, parameters, self.begin() if locks else self.read())
        make = query.prepared(self._source.dialect).make
        return [make(row) for row in cursor.fetchall()]

    def first(self, query: Query[R], parameters: Parameters, *, locks: bool = False) -> R | None:
        """Run a query; its first row, or None. Raises DBAPIError."""
        cursor = self._run(query, parameters, self.begin() if locks else self.read())
        row = cursor.fetchone()
        if not self._source.shares_cursor:
            cursor.close()
        return None if row is None else query.prepared(self._source.dialect).make(row)

    def execute(self, statement: Statement, parameters: Parameters) -> int:
        """Run a change; how many rows it has changed. Raises DBAPIError."""
        return int(self._run(statement, parameters, self.begin()).rowcount)

    def execute_many(self, statement: Statement, parameters: Sequence[Parameters]) -> None:
        """Run a change once for each of the parameters, on PostgreSQL in one round trip. Raises DBAPIError."""
        connection = self.begin()
        self._flush()
        prepared = statement.prepared(self._source.dialect)
        observed = observer()
        with self.driver_errors(prepared.text), nullcontext() if observed is None else observed(prepared.text):
            cursor = connection.connection.cursor()
            cursor.executemany(prepared.text, [prepared.arguments(row) for row in parameters])
            cursor.close()

    def insert_many(self, statement: Insertion, rows: Sequence[Parameters]) -> None:
        """Insert rows, up to ROWS_MAX in one statement. Raises DBAPIError."""
        if len(rows) == 1:
            self.execute(statement, rows[0])
            return
        connection = self.begin()
        self._flush()
        for start in range(0, len(rows), ROWS_MAX):
            text, arguments = statement.of_many(self._source.dialect, rows[start : start + ROWS_MAX])
            self._execute(connection, text, arguments)

    def _run(self, statement: Statement, parameters: Parameters, connection: Connection) -> Any:
        self._flush()
        prepared = statement.prepared(self._source.dialect)
        return self._execute(connection, prepared.text, prepared.arguments(parameters))

    def _execute(self, connection: Connection, text: str, arguments: Any = ()) -> object:
        cursor = self._cursor
        if cursor is None:
            cursor = connection.connection.cursor()
            if self._source.shares_cursor:
                self._cursor = cursor
        observed = observer()
        try:
            if observed is None:
                cursor.execute(text, arguments)
            else:
                with observed(text):
                    cursor.execute(text, arguments)
        except self._source.dialect.loaded_dbapi.Error as error:
            raise self._as_ours(text, error) from error
        return cursor

    def _flush(self) -> None:
        if self._session is not None:
            self._session.flush()  # returns at once when nothing is pending

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A savepoint: what fails inside is rolled back, and the transaction continues."""
        if self._session is not None:
            with self._session.begin_nested():
                self._session.connection()  # the session sets the savepoint at its next use of the connection, which may be too late
                yield
            return
        connection = self.begin()
        self._savepoints += 1
        name = f"troth_{self._savepoints}"
        self._execute(connection, f"SAVEPOINT {name}")
        try:
            yield
            self._flush()
        except BaseException as error:
            if self._session is not None:
                self._session.expunge_all()  # all that it holds was read or made inside
            self._roll_back_to(connection, name, error)
            raise
        self._execute(connection, f"RELEASE SAVEPOINT {name}")

    def _roll_back_to(self, connection: Connection, name: str, cause: BaseException) -> None:
        """Undo what was done since a savepoint because of an error; where that fails, too, the first error gets a note
        of it.
        """
        if connection.invalidated:
            return  # the server has rolled everything back when the connection was lost
        try:
            self._execute(connection, f"ROLLBACK TO SAVEPOINT {name}")
        except DBAPIError as error:
            cause.add_note(f"The savepoint could not be rolled back: {error}")

    @contextmanager
    def pipelined(self) -> Iterator[None]:
        """A context in which statements without results go to PostgreSQL in one round trip; nothing changes on SQLite.

        An error of one of them may be raised at its end only.
        """
        self._flush()  # the ORM counts the rows that it changes, and a pipeline does not report them
        driver: object = self.begin().connection.driver_connection
        if not hasattr(driver, "pipeline"):
            yield
            return
        with self.driver_errors("a pipeline"), driver.pipeline():
            yield

    @contextmanager
    def driver_errors(self, text: str) -> Iterator[None]:
        """Raise errors of the database driver as SQLAlchemy's, with the text of the statement."""
        try:
            yield
        except self._source.dialect.loaded_dbapi.Error as error:
            raise self._as_ours(text, error) from error

    def _as_ours(self, text: str, error: Any) -> DBAPIError:
        """The driver's error as SQLAlchemy's, which the edge knows; a lost connection is marked as such."""
        dialect = self._source.dialect
        ours = DBAPIError.instance(text, None, error, dialect.loaded_dbapi.Error, hide_parameters=True, dialect=dialect)
        assert isinstance(ours, DBAPIError)
        connection = self._connection
        if connection is not None and dialect.is_disconnect(error, connection.connection.dbapi_connection, None):
            ours.connection_invalidated = True
            connection.invalidate(error)
        return ours

    def flush(self) -> None:
        """Write what the ORM holds pending."""
        self._flush()

    def commit(self) -> None:
        """Commit, if anything has been read or written, and release the connection. The edge alone calls it."""
        if self._connection is None:
            return
        try:
            if self._session is not None:
                self._session.commit()
            self._source.commit(self._connection)
        except DBAPIError as error:
            error.add_detail(AT_COMMIT)
            raise
        calls = list(self._after_commit)
        self.close()  # others may wait for a connection of the pool
        for call in calls:
            call()

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call a function after the commit; not at all where there is none. It must not raise."""
        if isinstance(self._source, _Borrowed):
            self._source.after_commit(call)
        else:
            self._after_commit.append(call)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """A transaction that is committed when its context ends, and rolled back when that raises."""
        try:
            yield self.session
            self.commit()
        finally:
            self.close()

    def close(self) -> None:
        """Roll back what was not committed and release rows and connection; it can be used again."""
        session, connection = self._session, self._connection
        self._session = self._connection = self._cursor = None
        self._is_begun = False
        self._after_commit.clear()  # calls of what was not committed
        try:
            if session is not None:
                session.close()
        finally:
            if connection is not None:
                self._source.close(connection)


class _Borrowed:
    """The connection of a session whose transaction is its caller's."""

    shares_cursor = False

    def __init__(self, session: Session) -> None:
        self._session = session
        self.dialect = session.get_bind().dialect

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call a function when the session has committed."""
        event.listen(self._session, "after_commit", lambda _session: call(), once=True)

    def open(self) -> Connection:
        return self._session.connection()

    def begin(self, connection: Connection) -> None:
        """The session began it."""

    def commit(self, connection: Connection) -> None:
        """The opener of the session commits it."""

    def close(self, connection: Connection) -> None:
        """The opener of the session closes it."""
