"""What an error of the database means for the unit of work that ran into it."""

import sqlite3

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.kernel.connection import AT_COMMIT
from models.kernel.problems import Unavailable

_RETRYABLE_STATES = {"40001", "40P01", "55P03"}
"""PostgreSQL: serialization failure, deadlock detected, lock not available."""

_UNAVAILABLE_CLASSES = {"08", "40", "53", "58"}
"""PostgreSQL: connection lost, transaction rolled back, insufficient resources (disk full, too many connections),
system error.
"""

_UNAVAILABLE_STATES = {"25006", "25P03", "55P03", "57014", "57P01", "57P02", "57P03", "57P05"}
"""PostgreSQL: read-only transaction (a standby), idle in transaction too long, lock timeout, statement timeout,
shutdown, crash, starting up, idle session closed.
"""

_UNAVAILABLE_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_NOMEM,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
}
_PRIMARY_CODE = 0xFF
"""SQLite's extended result codes have the primary one in their low byte."""


_LOCKED = "database is locked"
"""SQLite's message for SQLITE_BUSY and its extended codes."""


def is_conflict(error: SQLAlchemyError) -> bool:
    """Whether the same unit may succeed when it is tried again: a lost race, not a broken statement.

    The database has said in each of these cases that nothing was committed, also when the error comes from the commit
    itself. A connection that is lost before the commit belongs to them: PostgreSQL rolls back what it has not been
    asked to commit. One that is lost during the commit does not: the transaction may have been committed, and to run
    the unit again could write everything twice.
    """
    if isinstance(error, IntegrityError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return AT_COMMIT not in error.detail
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE_STATES or is_busy(error)


def is_busy(error: BaseException) -> bool:
    """Whether another process held SQLite's write lock, or has written since this transaction began to read."""
    return (
        isinstance(error, DBAPIError)
        and isinstance(error.orig, sqlite3.OperationalError)
        and _LOCKED in str(error.orig)
    )


def is_unavailable(error: BaseException) -> bool:
    """Whether the database cannot do its work now: away, full, read-only, out of memory, or busy for too long."""
    if isinstance(error, PoolTimeout):
        return True
    if not isinstance(error, DBAPIError) or isinstance(error, IntegrityError):
        return False
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.Error):
        return getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY_CODE in _UNAVAILABLE_CODES
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state is None:  # not an answer of the server: the connection was refused, reset or closed
        return isinstance(error, OperationalError | InterfaceError)
    return state[:2] in _UNAVAILABLE_CLASSES or state in _UNAVAILABLE_STATES


def unavailable(error: BaseException) -> Unavailable | None:
    """The problem that a request is refused with when the database cannot do its work now;
    None for all other errors.
    """
    return Unavailable() if is_unavailable(error) else None


def plain_reason_of(error: BaseException) -> str:
    """The first line of what the driver says, for people."""
    lines = str(getattr(error, "orig", None) or error).splitlines()
    return lines[0] if lines else type(error).__name__


def reason_of(error: BaseException) -> str:
    """The error's class and the first line of what the driver says: for logs, which need no traceback for a database
    that is away.
    """
    return f"{type(error).__name__}: {plain_reason_of(error)}"[:500]
