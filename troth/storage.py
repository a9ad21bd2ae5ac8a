"""The database: SQLite inline on the event loop, PostgreSQL through a small pool of threads."""

import asyncio
import importlib
import pkgutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import StaticPool

import models
from models.base import Base

BUSY_TIMEOUT_MS = 5_000

Result = TypeVar("Result")


def import_tables() -> None:
    """Import every module of `models`, so that the metadata knows all tables."""
    for found in pkgutil.walk_packages(models.__path__, "models."):
        if "migrations" not in found.name:
            importlib.import_module(found.name)


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

    def create_tables(self) -> None:
        """Create what is missing; for memory databases and tests (a served database is migrated)."""
        import_tables()
        Base.metadata.create_all(self.engine, checkfirst=not self.memory)

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
