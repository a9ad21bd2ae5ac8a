"""Requests that take several units of work: what a call asks for item by item is done in transactions of its own each.

Between two of them other requests are served, so that a caller with much to do delays itself and nobody else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from sqlalchemy.exc import DBAPIError

from handlers.turns import let_others_run
from models.kernel.clock import monotonic_s
from models.kernel.connection import LazyConnection
from models.uow import UnitOfWork
from troth.database.errors import is_busy, is_conflict
from troth.database.sqlite import on_event_loop

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from troth.outbox.due_jobs import DueJobs
    from troth.runtime import Runtime

ATTEMPTS_MAX = 5
RETRY_S = 10.0
"""After so many attempts, or so long, a unit that loses races in the database fails."""

UNITS = "units"
"""The name among a unit's services."""

Result = TypeVar("Result")


class RequestUnits:
    """Runs further units of work for a request that has been committed: the `later` part of its answer
    (`handlers/http.py`).
    """

    def __init__(self, runtime: Runtime, due_jobs: DueJobs) -> None:
        self._runtime = runtime
        self._due_jobs = due_jobs

    async def run(self, request: UnitOfWork, works: Sequence[Callable[[UnitOfWork], Result]]) -> list[Result]:
        """Run each of these in a unit of work of its own, in the tenant of the request, with the jobs that it makes
        due; the results.

        What was committed stays when a later one raises. On a fixed clock the tenant's other requests wait until all is
        done, so that every unit has the same number in each run of a script. The work goes on when the caller leaves.
        """
        work = self._run_all(request, works)
        return await self._due_jobs.hold(request.sandbox, [request.tenant_id], work)

    async def _run_all(self, request: UnitOfWork, works: Sequence[Callable[[UnitOfWork], Result]]) -> list[Result]:
        runtime, sandbox = self._runtime, request.sandbox
        results: list[Result] = []
        for work in works:
            result, uow = await runtime.storage.run(self._attempt, request, work)
            results.append(result)
            if sandbox.clock.fixed:
                sandbox.clock.tick()
                if not runtime.storage.memory:
                    await runtime.storage.run(runtime.save_clock, sandbox)
            if uow.wakes:
                runtime.wake()
            if (sandbox.clock.fixed and uow.wakes) or (runtime.storage.inline and uow.urgent):
                await self._due_jobs.run_held(sandbox, [request.tenant_id])
            await let_others_run()
        return results

    def _attempt(self, request: UnitOfWork, work: Callable[[UnitOfWork], Result]) -> tuple[Result, UnitOfWork]:
        """One unit; one that has lost a race is tried again. Returns the result and the unit, which is over.

        Where another process holds SQLite's write lock, `Storage.run` waits and calls this again.
        """
        attempts, started = 0, monotonic_s()
        while True:
            try:
                return self._unit(request, work)
            except DBAPIError as error:
                if is_busy(error) and on_event_loop():
                    raise
                attempts += 1
                if attempts == ATTEMPTS_MAX or not is_conflict(error) or monotonic_s() - started >= RETRY_S:
                    raise

    def _unit(self, request: UnitOfWork, work: Callable[[UnitOfWork], Result]) -> tuple[Result, UnitOfWork]:
        runtime = self._runtime
        connection = LazyConnection(runtime.storage.writing)
        with connection.transaction():
            uow = UnitOfWork(
                tenant=request.tenant,
                sandbox=request.sandbox,
                connection=connection,
                directory=request.directory,
                public_url=request.public_url,
                request_number=request.sandbox.next_request_number(request.tenant_id),
                subject=request.subject,
                client_ip=request.client_ip,
                services=request.services,
            )
            result = work(uow)
            uow.finish()
        return result, uow
