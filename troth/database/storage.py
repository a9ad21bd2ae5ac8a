"""The database: SQLite inline on the event loop, PostgreSQL through a small pool of threads.

What only reads and takes long (lists of a thousand, exports) does not hold up the others: on a SQLite file and on PostgreSQL it
has connections and threads of its own.
"""

import asyncio
import importlib
import pkgutil
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any, Self, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from models.kernel.base import Base
from troth.bounded_pool import BoundedPool
from troth.database.timeouts import DEFAULT, DatabaseTimeouts
from troth.log import logger

BUSY_TIMEOUT_MS = 5_000
CHECKPOINT_TIMEOUT_MS = 1_000
"""How long the last checkpoint waits for other processes: the exit waits with it."""

READERS, READS_WAITING = 2, 32
"""Long reads at once on a SQLite file, and how many may wait. They are Python for the most part, so more threads do no more."""


Result = TypeVar("Result")


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
    return ";\n".join(str(creation.compile(dialect=dialect)) for creation in creations)


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
            _sqlite(url)
            if self.inline
            else create_engine(
                parsed.set(drivername="postgresql+psycopg"),
                pool_size=pool_size,
                max_overflow=0,
                pool_pre_ping=True,
                isolation_level="READ COMMITTED",
                hide_parameters=True,
                pool_timeout=timeouts.pool_s,
                connect_args=timeouts.connect_arguments(parsed.query),
            )
        )
        self.slots = 1 if self.inline else pool_size
        """How many units of work can run at once."""
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._threads = None if self.inline else ThreadPoolExecutor(pool_size, thread_name_prefix="troth-unit")
        self._reading = self.engine if self.memory else _reading_engine(self.engine, timeouts)
        self._reading_sessions = sessionmaker(self._reading, expire_on_commit=False)
        self.reads = BoundedPool(READERS, READS_WAITING, "troth-read") if self.inline and not self.memory else None
        """Where long reads of requests run on a SQLite file, with `reading_session`; elsewhere they run as all units do."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @staticmethod
    def is_memory(url: str) -> bool:
        """Whether a URL names a database that lives and dies with its process."""
        parsed = make_url(url)
        return parsed.get_backend_name() == "sqlite" and parsed.database in (None, "", ":memory:")

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """Run a unit of work where this database wants it."""
        if self._threads is None:
            return work(*arguments)
        return await asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)

    def create_tables(self) -> None:
        """Create the tables that are missing; for memory databases and tests (others are migrated)."""
        import_tables()
        if self.memory:
            self._memory().executescript(_schema(frozenset(Base.metadata.tables)))
        else:
            Base.metadata.create_all(self.engine)

    def _memory(self) -> sqlite3.Connection:
        """The one connection that a memory database lives in."""
        if not self.memory:
            raise ValueError("only a memory database has its connection to itself")
        connection: sqlite3.Connection = self.engine.raw_connection().driver_connection  # type: ignore[assignment]  # pysqlite's
        return connection

    def session(self) -> Session:
        return self.sessions()

    def reading_session(self) -> Session:
        """A session that can only read, and sees one state of the database from its first statement to its end.

        Not of a memory database, which has one connection: there it is a session like all others.
        """
        return self._reading_sessions()

    def close(self) -> None:
        """Wait for units that run in threads, and close all connections. A SQLite file then holds everything, without its WAL."""
        if self._threads is not None:
            self._threads.shutdown()
        if self.reads is not None:
            self.reads.close()
        if not self.memory:
            self._reading.dispose()  # before the checkpoint, which an open reader would hold up
        if self.inline and not self.memory:
            _checkpoint(self.engine)
        self.engine.dispose()


def _checkpoint(engine: Engine) -> None:
    """Copy the WAL into the SQLite file, so that a copy of this file alone has every committed row.

    SQLite does so by itself when the last connection of all processes is closed; a connection that is left open elsewhere, or in
    this process by a unit that was interrupted, prevents that. Never raises: what is in the WAL is committed and stays readable.
    """
    if not Path(engine.url.database or "").is_file():
        return  # never used: to connect would create it
    try:
        connection = engine.raw_connection()
        try:
            driver: sqlite3.Connection = connection.driver_connection  # type: ignore[assignment]  # pysqlite's
            driver.execute(f"PRAGMA busy_timeout={CHECKPOINT_TIMEOUT_MS}")
            # TRUNCATE waits for readers in other processes, since it ends with an empty WAL; if one stays for longer, PASSIVE
            # copies what it can without waiting, which is everything when only the last snapshot is being read.
            busy, in_wal, copied = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if busy:
                busy, in_wal, copied = driver.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
            if busy or in_wal != copied:
                logger.warning("WAL not checkpointed: another connection uses it", pages=in_wal, copied=copied)
        finally:
            connection.close()
    except (sqlite3.Error, SQLAlchemyError) as error:  # a full or read-only disk
        logger.error("WAL not checkpointed", exc_info=error)


def _reading_engine(engine: Engine, timeouts: DatabaseTimeouts) -> Engine:
    """Another engine on the same database: read only, one snapshot a transaction. Connections are opened when they are needed."""
    if engine.dialect.name == "sqlite":
        return _sqlite(engine.url.render_as_string(hide_password=False), reads_only=True)
    return create_engine(
        engine.url,
        pool_size=1,
        max_overflow=READERS,
        pool_pre_ping=True,
        isolation_level="REPEATABLE READ",
        hide_parameters=True,
        pool_timeout=timeouts.pool_s,
        connect_args=timeouts.connect_arguments(engine.url.query),
        execution_options={"postgresql_readonly": True},
    )


def _sqlite(url: str, *, reads_only: bool = False) -> Engine:
    memory = Storage.is_memory(url)
    extra: dict[str, Any] = {"poolclass": StaticPool} if memory else {}
    engine = create_engine(url, connect_args={"check_same_thread": False}, hide_parameters=True, **extra)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: Any) -> None:
        # pysqlite's own transactions start late and keep a released savepoint's rows after a rollback; ours are explicit.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        connection.execute("PRAGMA foreign_keys=ON")
        if not memory:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        if reads_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        # IMMEDIATE takes the write lock, which a reader beside the writer must not want: its snapshot begins with its first read.
        connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")

    return engine
