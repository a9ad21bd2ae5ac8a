"""PostgreSQL: engines, and which connections of a pool are checked before a unit gets them.

A check is a round trip, as long as a look-up itself. So it is left out for a connection that was in use a moment ago:
one that the server has ended since makes the unit's first statement fail, and the unit is run again
(`errors.is_conflict`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from models.kernel.clock import monotonic_s
from models.kernel.json_text import dumps, loads
from troth.database.timeouts import DatabaseTimeouts
from troth.database.urls import has_several_hosts

CHECK_AFTER_S = 1.0
"""A connection that nobody has used for so long is checked."""

_USED_S = "troth_used_s"

_READ_ONLY = "25006"
"""PostgreSQL's state for a write on a server that is read-only: a standby, or a primary that has been made one."""

START_LOCK = int.from_bytes(b"troth", "big")
"""The key of an advisory lock, in a namespace that all users of the database share."""


def postgres_engine(url: str, timeouts: DatabaseTimeouts, **options: Any) -> Engine:
    """An engine on a PostgreSQL database; `options` are those of SQLAlchemy's `create_engine`."""
    parsed = make_url(url)
    engine = create_engine(
        parsed.set(drivername="postgresql+psycopg"),
        hide_parameters=True,
        json_serializer=dumps,
        json_deserializer=loads,
        pool_timeout=timeouts.pool_s,
        connect_args=timeouts.connect_arguments(parsed.query) | _which_server(parsed),
        **options,
    )
    _drop_what_is_read_only(engine)
    _Checks(engine)
    return engine


def _which_server(url: URL) -> dict[str, str]:
    """The driver's arguments that choose among several hosts:
    the one that takes writes, unless the URL says otherwise.
    """
    if has_several_hosts(url) and "target_session_attrs" not in url.query:
        return {"target_session_attrs": "read-write"}
    return {}


def _drop_what_is_read_only(engine: Engine) -> None:
    """Count a refused write as a lost connection: the connection, and the others of its pool, lead to a server that
    writes nothing.

    A connection outlives a change of roles where a pooler or a balancer stands between, or where a primary is made
    read-only while it runs. Kept in the pool it would fail each write for as long as the server process lives.
    """
    knows: Any = engine.dialect
    is_disconnect = knows.is_disconnect

    def is_lost(error: Any, connection: Any, cursor: Any) -> bool:
        return getattr(error, "sqlstate", None) == _READ_ONLY or is_disconnect(error, connection, cursor)

    knows.is_disconnect = is_lost


def serialise_starts(connection: Connection) -> None:
    """Keep other servers from migrating, booting or seeding this database until the transaction ends; nothing to do on
    SQLite, which has one writer.

    The wait is as long as the other server's migration: no timeout of the connection holds for it.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)"
        )
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({START_LOCK})")
        connection.exec_driver_sql("SET LOCAL lock_timeout TO DEFAULT")
        connection.exec_driver_sql("SET LOCAL statement_timeout TO DEFAULT")


class _Checks:
    """Checks connections that were idle for long, or were last used before another connection of the pool was lost."""

    def __init__(self, engine: Engine) -> None:
        self._lost_s = 0.0
        event.listen(engine, "checkin", self._checkin)
        event.listen(engine, "checkout", self._checkout)
        event.listen(engine, "invalidate", self._invalidate)

    def _checkin(self, _connection: Any, record: Any) -> None:
        record.info[_USED_S] = monotonic_s()

    def _invalidate(self, _connection: Any, _record: Any, _error: Any) -> None:
        self._lost_s = monotonic_s()

    def _checkout(self, connection: Any, record: Any, _proxy: Any) -> None:
        used_s = record.info.get(_USED_S)
        if used_s is None or (used_s >= self._lost_s and monotonic_s() - used_s < CHECK_AFTER_S):
            return
        try:
            # In autocommit: a transaction would be rolled back, which makes psycopg forget the prepared statements.
            connection.autocommit = True
            (read_only,) = connection.execute("SELECT current_setting('transaction_read_only')").fetchone()
            connection.autocommit = False
        except Exception as error:
            raise DisconnectionError("the server has ended the connection") from error
        if read_only == "on":
            raise DisconnectionError("the server has become read-only")
