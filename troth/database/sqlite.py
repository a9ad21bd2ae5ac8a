"""SQLite: its connections, its transactions, and waiting for its one write lock.

Units of work run on the event loop, where nothing may wait: there SQLite answers SQLITE_BUSY at once when another
process holds the write lock, and the unit is run again once the lock is free (`WriteLock`). In a thread that has no
event loop (commands, the start, long reads) SQLite itself waits.

A transaction that may write takes the lock when it begins (BEGIN IMMEDIATE): one that reads first and writes then would
fail in the middle (SQLITE_BUSY_SNAPSHOT) whenever another process has written in between. A request that only reads
takes no lock (BEGIN), so that no writer delays it: in WAL mode readers see the state before.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import StaticPool

from models.kernel.clock import monotonic_s
from models.kernel.json_text import dumps, loads
from models.kernel.problems import ServerBusy
from troth.database.errors import is_busy, reason_of
from troth.log import logger

BUSY_TIMEOUT_MS = 5_000
"""How long SQLite waits for a lock where there is no event loop that it would hold up."""

CHECKPOINT_TIMEOUT_MS = 1_000
"""How long the last checkpoint waits for other processes: the exit waits with it."""

LOCK_WAIT_S = 2.0
"""How long a unit of work on the event loop waits for the write lock, in all its attempts. Then a request is answered
503.
"""

PROBE_S_MIN, PROBE_S_MAX = 0.001, 0.025
"""Between two checks of the lock: the pause doubles from the first to the second value."""

WAITING_MAX = 1_000
"""Units that may wait for the lock. Further ones are refused: all of them try again when it is free."""

ANALYZED_ROWS = 1_000
"""Rows of an index that ANALYZE reads at most: 30 ms with a million rows."""

STATEMENTS_MAX = 1_000
"""Compiled statements that a connection keeps: the server has several hundred."""

PRIVATE = 0o600
"""Permissions of a database file: it holds personal data and sealed secrets."""

DEFERRED = "troth_deferred"
"""The execution option of connections whose transactions take the write lock only when they write."""


def is_memory(url: str) -> bool:
    """Whether a URL names a database that lives and dies with its process."""
    parsed = make_url(url)
    name = parsed.database or ""
    # SQLite's own URI (https://sqlite.org/uri.html), with its options in the query.
    is_named = name.startswith("file:") and (name == "file::memory:" or parsed.query.get("mode") == "memory")
    return parsed.get_backend_name() == "sqlite" and (name in ("", ":memory:") or is_named)


def file_of(url: URL) -> Path | None:
    """The file of a SQLite database; None for one in memory, of another kind, or that the URL wants opened as it is."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in ("", ":memory:"):
        return None
    if not name.startswith("file:"):
        return Path(name)
    # SQLite's own URI (https://sqlite.org/uri.html), with its options in the query.
    return Path(unquote(name.removeprefix("file:"))) if url.query.get("mode", "rwc") == "rwc" else None


def _create_private(file: Path) -> None:
    """Make the file of a database that is not there yet, for this user alone; SQLite gives its journals the same
    permissions.
    """
    # Whatever else prevents it, SQLite is about to meet and to report.
    with contextlib.suppress(OSError):
        os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))


def sqlite_engine(url: str, *, reads_only: bool = False) -> Engine:
    """An engine on a memory database or a file; one that `reads_only` cannot write."""
    memory = is_memory(url)
    extra: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(
        url,
        connect_args={"check_same_thread": False, "cached_statements": STATEMENTS_MAX},
        hide_parameters=True,
        json_serializer=dumps,
        json_deserializer=loads,
        **extra,
    )

    file = file_of(engine.url)
    if file is not None:
        event.listen(engine, "do_connect", lambda *_connection: _create_private(file))

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, record: Any) -> None:
        # pysqlite's own transactions start late and keep a released savepoint's rows after a rollback; ours are
        # explicit.
        connection.isolation_level = None
        _set_busy_timeout(connection, record.info)
        connection.execute("PRAGMA foreign_keys=ON")
        if not memory:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        if reads_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        if connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]  # pysqlite's
            return  # a unit of work has begun it, and asks for a session now
        prepare(connection)
        deferred = reads_only or connection.get_execution_options().get(DEFERRED, False)
        connection.exec_driver_sql("BEGIN" if deferred else "BEGIN IMMEDIATE")

    return engine


def prepare(connection: Connection) -> None:
    """Make a connection ready for the thread that uses it now."""
    _set_busy_timeout(connection.connection.driver_connection, connection.info)  # type: ignore[arg-type]  # pysqlite's


def begin(connection: Connection, statement: str) -> None:
    """Begin a transaction on the driver's connection.

    Raises DBAPIError, for one where another process holds the write lock.
    """
    try:
        connection.connection.driver_connection.execute(statement)  # type: ignore[union-attr]  # pysqlite's
    except sqlite3.Error as error:
        raise DBAPIError.instance(
            statement, None, error, sqlite3.Error, hide_parameters=True, dialect=connection.dialect
        ) from error


def on_event_loop() -> bool:
    """Whether an event loop runs in this thread: what waits here holds up all requests."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


def _set_busy_timeout(connection: sqlite3.Connection, info: dict[Any, Any]) -> None:
    """Set whether SQLite waits for locks, by the thread that uses the connection now.

    `info` belongs to the connection.
    """
    wanted_ms = 0 if on_event_loop() else BUSY_TIMEOUT_MS
    if info.get("busy_timeout_ms") != wanted_ms:
        connection.execute(f"PRAGMA busy_timeout={wanted_ms}")
        info["busy_timeout_ms"] = wanted_ms


class WriteLock:
    """Waiting for the write lock of a SQLite file, which another process holds, on one event loop.

    One task checks the lock for all that wait, or a thousand waiting requests would each try every few milliseconds.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._probe: asyncio.Task[None] | None = None
        self._waiting = 0

    async def released(self, deadline_s: float) -> bool:
        """Wait until the lock is free; False when it is not before the deadline (of `monotonic_s`).

        Another process may take it again before the caller does. Raises ServerBusy when too many wait.
        """
        if self._waiting >= WAITING_MAX:
            raise ServerBusy
        self._waiting += 1
        try:
            async with asyncio.timeout(max(0.0, deadline_s - monotonic_s())):
                await asyncio.shield(self._probing())
        except TimeoutError:
            return False
        else:
            return True
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._end_probe()

    def _probing(self) -> asyncio.Task[None]:
        if self._probe is None or self._probe.done() or self._probe.get_loop() is not asyncio.get_running_loop():
            self._probe = asyncio.create_task(self._until_free(), name="troth-write-lock")
        return self._probe

    def _end_probe(self) -> None:
        """Nobody waits any longer.

        A cancelled task is done a turn of the loop later: who waits next begins a new probe.
        """
        probe, self._probe = self._probe, None
        if probe is not None:
            probe.cancel()

    async def _until_free(self) -> None:
        """Check the lock until it is free."""
        pause_s = PROBE_S_MIN
        await asyncio.sleep(pause_s)
        while not self._is_free():
            pause_s = min(2 * pause_s, PROBE_S_MAX)
            await asyncio.sleep(pause_s)

    def _is_free(self) -> bool:
        """Whether a writing transaction can begin.

        An error other than the lock is for the unit that waits to run into.
        """
        try:
            with self._engine.begin():
                return True
        except SQLAlchemyError as error:
            return not is_busy(error)


def analyze(engine: Engine) -> None:
    """Gather SQLite's statistics about its indexes, from some rows of each: without them its planner takes an index of
    a whole tenant for one of a member (look-ups among 500,000 users took 18 times as long). Left for the next time
    while another process writes.
    """
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA analysis_limit={ANALYZED_ROWS}")
            connection.exec_driver_sql("ANALYZE")
    except SQLAlchemyError as error:
        if not is_busy(error):
            raise
        logger.info("no statistics gathered: another process writes into the database")


def copy_file(source: Path, target: Path) -> int:
    """Copy a database that others may be using, as it was at one moment; the size of the copy in bytes.

    In WAL mode the copy is read in one transaction beside writers. Under its name it appears whole, or not at all.
    Raises OSError, FileExistsError among them, and sqlite3.Error.
    """
    part = target.with_name(f"{target.name}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, PRIVATE))
    try:
        with (
            # Not read-only: the last connection of all removes the write-ahead log.
            contextlib.closing(sqlite3.connect(f"file:{quote(str(source))}?mode=rw", uri=True)) as opened,
            contextlib.closing(sqlite3.connect(part)) as copy,
        ):
            opened.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
            opened.backup(copy)
        _sync(part)
        os.link(part, target)  # unlike a rename, it never replaces a file
        _sync(target.parent)
    finally:
        part.unlink()
    return target.stat().st_size


def _sync(path: Path) -> None:
    """Flush a file, or the entries of a folder, to the disk (fsync)."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def checkpoint(engine: Engine) -> None:
    """Copy the WAL into the SQLite file, so that a copy of this file alone has every committed row.

    SQLite does so by itself when the last connection of all processes is closed; a connection that is left open
    elsewhere, or in this process by a unit that was interrupted, prevents that. Never raises: what is in the WAL is
    committed and stays readable.
    """
    if not Path(engine.url.database or "").is_file():
        return  # never used: to connect would create it
    try:
        connection = engine.raw_connection()
        try:
            driver: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]  # pysqlite's
            driver.execute(f"PRAGMA busy_timeout={CHECKPOINT_TIMEOUT_MS}")
            # TRUNCATE waits for readers in other processes, since it ends with an empty WAL; if one stays for longer,
            # PASSIVE copies what it can without waiting, which is everything when only the last snapshot is being read.
            busy, in_wal, copied = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                busy, in_wal, copied = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if busy or in_wal != copied:
                logger.warning("WAL not checkpointed: another connection uses it", pages=in_wal, copied=copied)
        finally:
            connection.close()
    except (sqlite3.Error, SQLAlchemyError) as error:  # a full or read-only disk
        logger.error("WAL not checkpointed", reason=reason_of(error))
