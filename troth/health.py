"""Readiness: what a load balancer asks before it sends requests."""

from __future__ import annotations

import asyncio
import functools
import re
from typing import TYPE_CHECKING, Any

from troth.log import logger
from troth.paths import ROOT

if TYPE_CHECKING:
    from troth.outbox.dispatcher import Dispatcher
    from troth.runtime import Runtime

OK, UNKNOWN = "ok", "unknown"
DATABASE_S = 2.0
"""How long the database may take to answer. A balancer asks every few seconds, and gives up itself after some."""

DISPATCHER_S = 60.0
"""The dispatcher looks once a second; a round that takes longer than the lease of its jobs is stuck."""

VERSIONS = ROOT / "models" / "migrations" / "versions"
_REVISION = re.compile(r"^revision\b.*= *['\"](\w+)['\"]", re.MULTILINE)
_DOWN = re.compile(r"^down_revision\b.*= *['\"](\w+)['\"]", re.MULTILINE)


class Health:
    """Looks at database, schema and dispatcher of a runtime."""

    def __init__(self, runtime: Runtime, dispatcher: Dispatcher) -> None:
        self._runtime = runtime
        self._dispatcher = dispatcher
        self._asking: asyncio.Task[str | None] | None = None

    async def readiness(self) -> dict[str, Any]:
        """`status`, `checks` and `dispatcherAgeMs`, as in the contract."""
        database, schema = await self._database()
        age_s = self._dispatcher.age_s
        checks = {
            "server": "the server is being stopped" if self._runtime.stopping else OK,
            "database": database,
            "schema": schema,
            "dispatcher": self._dispatches(age_s),
        }
        ready = all(found == OK for found in checks.values())
        return {
            "status": "ready" if ready else "unavailable",
            "checks": checks,
            "dispatcherAgeMs": None if age_s is None else int(age_s * 1_000),
        }

    def _dispatches(self, age_s: float | None) -> str:
        if not self._runtime.settings.dispatch:
            return OK  # workers do it, which a server's readiness does not depend on
        if age_s is None:
            return "it does not run"
        return OK if age_s < DISPATCHER_S else f"no round for {age_s:.0f} s"

    async def _database(self) -> tuple[str, str]:
        # One question at a time: if each call asked anew, a database that hangs would get all threads, one after
        # another.
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._runtime.storage.run(self._stored_revision))
        try:
            revision = await asyncio.wait_for(asyncio.shield(self._asking), DATABASE_S)
        except TimeoutError:
            return "the database does not answer", UNKNOWN
        except Exception as error:
            logger.error("the database does not answer", reason=f"{type(error).__name__}: {error}"[:500])
            return "the database does not answer", UNKNOWN
        expected = newest_revision()
        if revision is None or revision == expected:
            return OK, OK
        return (OK, f"the schema is at {revision}, this version works with {expected}: run `troth migrate`")

    def _stored_revision(self) -> str | None:
        """The revision of the schema; None for a memory database, whose tables are made anew with each start.

        On the driver's cursor: a session would begin a write on SQLite, and wait for other writers.
        """
        memory = self._runtime.storage.memory
        connection = self._runtime.storage.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("SELECT NULL" if memory else "SELECT version_num FROM alembic_version")
            row = cursor.fetchone()
            cursor.close()
            return None if row is None else row[0]
        finally:
            connection.close()


@functools.cache
def newest_revision() -> str:
    """The revision that no other follows, read from the migrations' files:
    to load Alembic takes longer than a request.
    """
    sources = [path.read_text() for path in sorted(VERSIONS.glob("*.py"))]
    revisions = {found[1] for source in sources if (found := _REVISION.search(source))}
    followed = {found[1] for source in sources if (found := _DOWN.search(source))}
    (newest,) = revisions - followed
    return newest
