"""The database: SQLite inline on the event loop, PostgreSQL through a small pool of threads."""

import asyncio
import contextlib
import importlib
import pkgutil
import sqlite3
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from models.base import Base

BUSY_TIMEOUT_MS = 5_000

_MISSING = """SELECT sql FROM part.sqlite_master WHERE sql IS NOT NULL AND name NOT IN (SELECT name FROM main.sqlite_master)
    ORDER BY type = 'index'"""
_OF_TENANTS = """SELECT name FROM part.sqlite_master AS known WHERE type = 'table' AND (name = 'tenants'
    OR EXISTS (SELECT 1 FROM pragma_table_info(known.name, 'part') AS member WHERE member.name = 'tenant_id'))"""

Result = TypeVar("Result")


def import_tables(apis: Collection[str] | None = None) -> None:
    """Import every module of `models`, so that the metadata knows all tables; or those of some APIs, with what they use."""
    for name in ["models"] if apis is None else sorted(f"models.{api}" for api in apis):
        for found in pkgutil.walk_packages(importlib.import_module(name).__path__, f"{name}."):
            if "migrations" not in found.name:
                importlib.import_module(found.name)


@cache
def _schema(_tables: frozenset[str]) -> str:
    """Every table and index that has been imported, as SQLite's script: as one it takes half as long as one by one."""
    dialect, tables = sqlite.dialect(), Base.metadata.sorted_tables
    creations: list[ExecutableDDLElement] = [CreateTable(table) for table in tables]
    creations += [CreateIndex(index) for table in tables for index in sorted(table.indexes, key=lambda index: str(index.name))]
    return ";\n".join(str(creation.compile(dialect=dialect)) for creation in creations)


class Storage:
    """An engine, its sessions, and where a unit of work runs.

    On SQLite a unit runs inline: it holds no await, so units never interleave, and one connection serves all. On
    PostgreSQL the whole unit is one job of a thread pool that is as large as the connection pool.
    """

    def __init__(self, url: str, pool_size: int = 8) -> None:
        parsed = make_url(url)
        if parsed.get_backend_name() not in ("sqlite", "postgresql"):
            raise ValueError(f"{parsed.get_backend_name()}: the database is sqlite or postgresql")
        self.inline = parsed.get_backend_name() == "sqlite"
        self.url = url
        self.memory = self.is_memory(url)
        self.engine = _sqlite(url) if self.inline else create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_size=pool_size, max_overflow=0, pool_pre_ping=True,
            isolation_level="READ COMMITTED", hide_parameters=True,
        )
        self.sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._threads = None if self.inline else ThreadPoolExecutor(pool_size, thread_name_prefix="troth-unit")

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

    def create_tables(self, apis: Collection[str] | None = None) -> None:
        """Create what is missing, of all tables or of those of some APIs; for memory databases and tests (others are migrated)."""
        import_tables(apis)
        if self.memory:
            self._memory().executescript(_schema(frozenset(Base.metadata.tables)))
        else:
            Base.metadata.create_all(self.engine)

    def dump(self) -> bytes:
        """A memory database as the bytes of a SQLite file."""
        return self._memory().serialize()

    def restore(self, dumps: Sequence[bytes]) -> None:
        """Make a memory database what `dump` gave in several processes, each about tenants of its own.

        Everything of a tenant has the tenant's id in its key, so that rows of two dumps never meet. What has no tenant (the
        sandbox, the key that signs webhooks) is the first dump's. Raises sqlite3.Error, e.g. when two tenants hold the same
        credential; then the database is of no use.
        """
        connection = self._memory()
        with contextlib.closing(sqlite3.connect(":memory:")) as source:
            source.deserialize(dumps[0])
            source.backup(connection)  # a database that is deserialised itself could not grow beyond SQLite's limit for such
        for dump in dumps[1:]:
            connection.execute("ATTACH ':memory:' AS part")
            connection.deserialize(dump, name="part")
            connection.execute("BEGIN")
            connection.execute("PRAGMA defer_foreign_keys=ON")
            for (creation,) in connection.execute(_MISSING).fetchall():
                connection.execute(creation)
            for name in [name for (name,) in connection.execute(_OF_TENANTS)]:
                connection.execute(f"INSERT INTO main.{name} SELECT * FROM part.{name}")  # noqa: S608  names of ours
            connection.execute("COMMIT")
            connection.execute("DETACH part")

    def forget(self) -> None:
        """Begin a memory database anew, with nothing in it."""
        self._memory()
        self.engine.dispose()

    def _memory(self) -> sqlite3.Connection:
        """The one connection that a memory database lives in."""
        if not self.memory:
            raise ValueError("only a memory database has its connection to itself")
        connection: sqlite3.Connection = self.engine.raw_connection().driver_connection  # type: ignore[assignment]  # pysqlite's
        return connection

    def session(self) -> Session:
        return self.sessions()

    def close(self) -> None:
        if self._threads is not None:
            self._threads.shutdown()
        self.engine.dispose()


def _sqlite(url: str) -> Engine:
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

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine
