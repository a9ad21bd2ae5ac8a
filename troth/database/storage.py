"""The database: SQLite inline on the event loop, PostgreSQL through a small pool of threads.

What only reads and takes long (lists of a thousand, exports) does not hold up the others: on a SQLite file and on
PostgreSQL it has connections and threads of its own.
"""

import asyncio
import contextlib
import importlib
import pkgutil
import sqlite3
from collections.abc import Callable
from contextvars import copy_context
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, Self, TypeVar

from sqlalchemy import Engine, event, inspect, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError, InvalidRequestError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import QueuePool
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from models.kernel.base import Base
from models.kernel.clock import monotonic_s
from models.kernel.extras import extras_of, make_extras
from models.row_counts import RowCount
from troth.bounded_pool import BoundedPool
from troth.database.errors import is_busy
from troth.database.postgres import postgres_engine
from troth.database.sources import PostgresSource, SqliteSource
from troth.database.sqlite import DEFERRED, LOCK_WAIT_S, WriteLock, analyze, checkpoint, is_memory, sqlite_engine
from troth.database.timeouts import DEFAULT, DatabaseTimeouts
from troth.log import logger
from troth.threads import DaemonPool

CLOSE_S = 5.0
"""How long `close` waits for units that run in threads.
A statement can take longer on a database that does not answer.
"""

READERS, READS_WAITING = 2, 32
"""Long reads at once on a SQLite file, and how many may wait. They are Python for the most part, so more threads do no
more.
"""


Result = TypeVar("Result")
Source = SqliteSource | PostgresSource


def import_tables() -> None:
    """Import every module of `models`, so that the metadata knows all tables."""
    for found in pkgutil.walk_packages(importlib.import_module("models").__path__, "models."):
        if "migrations" not in found.name:
            importlib.import_module(found.name)


@cache
def _schema(_tables: frozenset[str]) -> str:
    """Every table and index that has been imported, as SQLite's script: as one it takes half as long as one by one."""
    dialect, tables = sqlite.dialect(), Base.metadata.sorted_tables
    creations: list[ExecutableDDLElement] = [CreateTable(table) for table in tables]
    creations += [
        CreateIndex(index) for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))
    ]
    texts = [str(creation.compile(dialect=dialect)) for creation in creations]
    return ";\n".join([*texts, *(text for extra in extras_of(dialect.name) for text in extra.make)])


def memory_schema() -> str:
    """The script that makes all tables of a memory database, with what fills some of them."""
    import_tables()
    return _schema(frozenset(Base.metadata.tables))


class StorageClosedError(InvalidRequestError):
    """A connection was asked for after the database was closed."""


class Storage:
    """An engine, its sessions, and where a unit of work runs.

    On SQLite a unit runs inline: it holds no await, so units never interleave, and one connection serves all. On
    PostgreSQL the whole unit is one job of a thread pool that is as large as the connection pool.
    """

    def __init__(self, url: str, pool_size: int = 8, timeouts: DatabaseTimeouts = DEFAULT) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise ValueError(f"{parsed.get_backend_name()}: the database is sqlite or postgresql")
        self.inline = parsed.get_backend_name() == "sqlite"
        self.url = url
        self.memory = self.is_memory(url)
        self.engine = (
            sqlite_engine(url)
            if self.inline
            else postgres_engine(url, timeouts, pool_size=pool_size, max_overflow=0, isolation_level="READ COMMITTED")
        )
        self.slots = 1 if self.inline else pool_size
        """How many units of work can run at once."""
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._deferred_sessions = sessionmaker(
            self.engine.execution_options(**{DEFERRED: True}), expire_on_commit=False
        )
        self._threads = None if self.inline else DaemonPool(pool_size, "troth-unit")
        self.write_lock = WriteLock(self.engine) if self.inline and not self.memory else None
        """What waits while another process writes into the SQLite file; None where a unit never meets that."""
        self._reading = self.engine if self.memory else _reading_engine(self.engine, timeouts)
        self.writing, self.reading, self.long_reading = self._sources()
        self._is_closed = False
        self.reads = BoundedPool(READERS, READS_WAITING, "troth-read") if self.inline and not self.memory else None
        """Where long reads of requests run on a SQLite file, with `long_reading`;
        elsewhere they run as all units do.
        """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @staticmethod
    def is_memory(url: str) -> bool:
        """Whether a URL names a database that lives and dies with its process."""
        return is_memory(url)

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run a unit of work where this database wants it.

        On a SQLite file that another process writes into, it is called again when that has ended, for two seconds at
        most: what can meet that must change nothing outside of its transaction before its first statement. Raises what
        `work` raises; ServerBusy when too many wait.
        """
        if self._threads is not None:
            within = copy_context()  # the request's trace
            return await asyncio.get_running_loop().run_in_executor(self._threads, within.run, work, *arguments)
        deadline_s = 0.0
        while True:
            try:
                return work(*arguments)
            except DBAPIError as error:
                if self.write_lock is None or not is_busy(error):
                    raise
                deadline_s = deadline_s or monotonic_s() + LOCK_WAIT_S
                if not await self.write_lock.released(deadline_s):
                    raise

    def _sources(self) -> tuple[Source, Source, Source]:
        """Where units get their connections that write; that read, and may write nevertheless; that read for long."""
        if not self.inline:
            return (
                PostgresSource(self.engine, reads_first=False),
                PostgresSource(self.engine, reads_first=True),
                PostgresSource(self._reading, reads_first=False),
            )
        if self.memory:
            source = SqliteSource(self.engine, None)
            return source, source, source
        return (
            SqliteSource(self.engine, "BEGIN IMMEDIATE"),
            SqliteSource(self.engine, "BEGIN"),
            SqliteSource(self._reading, "BEGIN"),
        )

    def create_tables(self) -> None:
        """Create the tables that are missing; for memory databases and tests (others are migrated)."""
        import_tables()
        if self.memory:
            self.memory_connection().executescript(memory_schema())
        else:
            with self.engine.begin() as connection:
                is_new = not inspect(connection).has_table(RowCount.__tablename__)
                Base.metadata.create_all(connection)
                if is_new:
                    make_extras(connection)

    def memory_connection(self) -> sqlite3.Connection:
        """The one connection that a memory database lives in."""
        if not self.memory:
            raise ValueError("only a memory database has its connection to itself")
        connection: sqlite3.Connection = self.engine.raw_connection().driver_connection  # type: ignore[assignment]  # pysqlite's
        return connection

    def save(self, file: Path) -> None:
        """Copy a memory database into a new file; 16 MB take 15 ms."""
        with contextlib.closing(sqlite3.connect(file)) as copy:
            copy.execute("PRAGMA synchronous=OFF")  # a file that is lost with the process need not be on the disk
            copy.execute("PRAGMA journal_mode=OFF")
            self.memory_connection().backup(copy)

    def restore(self, file: Path) -> None:
        """Replace all that a memory database holds by what `save` has stored. No unit of work may be under way."""
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as stored:
            stored.backup(self.memory_connection())

    @property
    def size_bytes(self) -> int:
        """How much memory the pages of a memory database take."""
        connection = self.memory_connection()
        (pages,), (size,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
        return int(pages * size)

    @property
    def connections(self) -> dict[str, int]:
        """Connections of the pool to PostgreSQL that units use, and that wait for one; empty on SQLite, which has one
        for all.
        """
        pool = self.engine.pool
        return {"used": pool.checkedout(), "idle": pool.checkedin()} if isinstance(pool, QueuePool) else {}

    def analyze(self) -> None:
        """Gather statistics for SQLite's query planner; PostgreSQL does so by itself."""
        if self.inline:
            analyze(self.engine)

    def session(self) -> Session:
        """A session that may write: on a SQLite file it waits for other writers."""
        return self.sessions()

    def deferred_session(self) -> Session:
        """A session for what should only read: on a SQLite file it waits for no writer.

        It may write, but then fails when another process has written since its first statement, or is writing.
        """
        return self._deferred_sessions()

    def close(self) -> None:
        """Wait some seconds for units that run in threads, and close all connections.

        A SQLite file then holds everything, without its WAL. A unit that has not ended is cut off with the process.
        What asks for a connection from then on gets StorageClosedError.
        """
        if self._is_closed:
            return
        self._is_closed = True
        ended = [pool.close(CLOSE_S) for pool in (self._threads, self.reads) if pool is not None]
        if not all(ended):
            logger.warning("units of work were cut off", after_s=CLOSE_S)
        for source in (self.writing, self.reading, self.long_reading):
            source.dispose()
        if not self.memory:
            self._reading.dispose()  # before the checkpoint, which an open reader would hold up
        if self.inline and not self.memory:
            checkpoint(self.engine)
        for engine in {self.engine, self._reading}:
            engine.dispose()
            event.listen(
                engine, "do_connect", _refuse_connection
            )  # a memory database would be a new one, without tables


def _refuse_connection(*_connection: object) -> NoReturn:
    raise StorageClosedError("The database has been closed.")


def _reading_engine(engine: Engine, timeouts: DatabaseTimeouts) -> Engine:
    """Another engine on the same database: read only, one snapshot a transaction.

    Connections are opened when they are needed.
    """
    if engine.dialect.name == "sqlite":
        return sqlite_engine(engine.url.render_as_string(hide_password=False), reads_only=True)
    return postgres_engine(
        engine.url.render_as_string(hide_password=False),
        timeouts,
        pool_size=1,
        max_overflow=READERS,
        isolation_level="REPEATABLE READ",
        execution_options={"postgresql_readonly": True},
    )
