"""PostgreSQL: engines, and which connections of a pool are checked before a unit gets them.

A check is a round trip, as long as a look-up itself. So it is left out for a connection that was in use a moment ago: one that the
server has ended since makes the unit's first statement fail, and the unit is run again (`errors.is_conflict`).
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

from models.kernel.clock import monotonic_s
from models.kernel.json_text import dumps, loads
from troth.database.timeouts import DatabaseTimeouts

CHECK_AFTER_S = 1.0
"""A connection that nobody has used for so long is checked."""

_USED_S = "troth_used_s"

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
        connect_args=timeouts.connect_arguments(parsed.query),
        **options,
    )
    _Checks(engine)
    return engine


def serialise_starts(connection: Connection) -> None:
    """Let no other server migrate, boot or seed this database until the transaction ends; nothing to do on SQLite, which has one writer.

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
            connection.execute("SELECT 1")
            connection.autocommit = False
        except Exception as error:
            raise DisconnectionError("the server has ended the connection") from error
