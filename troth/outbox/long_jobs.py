"""Long jobs (`models/outbox/long_jobs.py`): claimed under a lease, worked off a step at a time, finished in a unit of
work.

On a SQLite file and on PostgreSQL the steps run in a thread with a connection that only reads: one snapshot, beside the
writers. A memory database has one connection; there each step is a unit of work on the event loop, with other requests
between two of them. What only works on files runs in a thread everywhere.

The lease is renewed while the job runs. If the server dies, the lease ends and another dispatcher begins the job anew.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

from models.kernel.clock import SECOND_MS
from models.kernel.connection import LazyConnection
from models.outbox import outbox
from models.outbox.long_jobs import Next
from troth.database.errors import is_unavailable, reason_of
from troth.log import logger
from troth.outbox.work import ClaimedLongJob
from troth.threads import DaemonPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.outbox.long_jobs import Steps
    from models.outbox.outbox import Claim
    from models.tenancy.sandboxes import Sandbox
    from troth.database.storage import Storage
    from troth.outbox.units import OutboxUnits
    from troth.outbox.work import Fired

RUNNING_MAX = 2
"""How many run at once, of different tenants: a tenant with many exports must not keep another's waiting behind
them.
"""

RENEW_S = outbox.LEASE_MS / SECOND_MS / 3
STOP_S = 5.0
"""For the steps under way to end. One that packs a large workbook can take longer; its lease ends later, as if the
server had died.
"""

PAUSE_S = 0.002
"""Between two steps on the event loop: a request takes several turns of the loop, and must not wait for a step at
each.
"""


class LongJobStopped(Exception):
    """The job is given up without a result: the server stops, or the lease was lost."""


class LongJobs:
    """Runs long jobs for one event loop."""

    def __init__(self, storage: Storage, units: OutboxUnits) -> None:
        self._storage = storage
        self._units = units
        self._threads: DaemonPool | None = None
        self._running: dict[asyncio.Task[Fired], int] = {}
        self._stopping = False

    def start(self) -> None:
        """Jobs may run."""
        self._stopping = False

    async def stop(self) -> None:
        """Give up what runs, at the end of its step, so that another server can begin it at once.

        A step that has not ended after some seconds is left to its thread, which ends with the process.
        """
        self._stopping = True
        if self._running:
            _, late = await asyncio.wait(set(self._running), timeout=STOP_S)
            for task in late:
                task.cancel()
            if late:
                logger.warning("long jobs were cut off", count=len(late), after_s=STOP_S)
        if self._threads is not None:
            self._threads.close(0)
            self._threads = None

    async def ended(self) -> None:
        """Wait until none runs."""
        while self._running:
            await asyncio.wait(set(self._running))

    def busy_tenants(self) -> frozenset[int] | None:
        """The tenants whose long jobs must not be claimed now; None when no long job may be."""
        return None if self._stopping or len(self._running) >= RUNNING_MAX else frozenset(self._running.values())

    async def run_next(
        self, sandbox: Sandbox, now_ms: int, tenant_id: int | None, *, urgent_only: bool = False
    ) -> Fired | None:
        """Run the next internal job that is due to its end, long or not, or only one of an urgent kind; None without
        one.
        """
        done = await self._storage.run(self._units.run_internal, sandbox, now_ms, tenant_id, (), urgent_only)
        return await self.begin(sandbox, done) if isinstance(done, ClaimedLongJob) else done

    def begin(self, sandbox: Sandbox, begun: ClaimedLongJob) -> asyncio.Task[Fired]:
        """Run a job in the background."""
        task = asyncio.create_task(self.run(sandbox, begun), name="troth-long-job")
        self._running[task] = begun.job.tenant_id
        task.add_done_callback(self._running.pop)
        return task

    async def run(self, sandbox: Sandbox, begun: ClaimedLongJob) -> Fired:
        """Run a job to its end. Never raises, unless it is cancelled: one that fails is put off, as other jobs are."""
        job = begun.job
        renewing = asyncio.create_task(self._renew(job), name="troth-lease")
        try:
            result = await self._work(sandbox, begun, renewing)
            return await self._storage.run(self._units.finish_long, sandbox, begun, result)
        except LongJobStopped:
            if not renewing.done():  # else the lease is over, and may be another dispatcher's by now
                with contextlib.suppress(Exception):  # the lease's end does the same
                    await self._storage.run(self._units.release, job)
            return _fired(job, "stopped")
        except Exception as error:
            return await self._failed(sandbox, job, error)
        finally:
            renewing.cancel()

    async def _failed(self, sandbox: Sandbox, job: Claim, error: Exception) -> Fired:
        """Put a job off. Without the database, which is often why it failed, the end of its lease does the same."""
        try:
            return await self._storage.run(self._units.failed, sandbox, job, error)
        except Exception as second:
            logger.error(
                "job not put off: it begins again when its lease ends",
                kind=job.kind,
                subject=job.subject,
                reason=reason_of(second),
                exc_info=None if is_unavailable(second) else second,
            )
            return _fired(job, f"{type(error).__name__}: {error}"[:500])

    async def _renew(self, job: Claim) -> None:
        """Keep the lease until cancelled; returns when it is lost."""
        while True:
            await asyncio.sleep(RENEW_S)
            try:
                if not await self._storage.run(self._units.renew, job):
                    return
            except Exception as error:  # tried again before the lease ends
                logger.error("lease not renewed", kind=job.kind, subject=job.subject, exc_info=error)

    async def _work(self, sandbox: Sandbox, begun: ClaimedLongJob, renewing: asyncio.Task[None]) -> Any:
        work = _Work(self._units, self._storage, sandbox, begun)
        loop, cut_off = asyncio.get_running_loop(), False
        try:
            if not self._storage.memory:
                return await loop.run_in_executor(self._pool(), work.to_end, lambda: self._stopping or renewing.done())
            while not work.ended:
                if self._stopping or renewing.done():
                    raise LongJobStopped
                if work.wants is Next.FILES_ONLY:
                    await loop.run_in_executor(self._pool(), work.step)
                else:
                    work.step()
                    work.close_session()
                    await asyncio.sleep(PAUSE_S)
            return work.result
        except asyncio.CancelledError:
            cut_off = True
            raise
        finally:
            if not cut_off:  # else a step is under way in its thread, and uses what would be closed here
                work.close()

    def _pool(self) -> DaemonPool:
        if self._threads is None:
            self._threads = DaemonPool(RUNNING_MAX + 1, "troth-long-job")
        return self._threads


def _fired(job: Claim, error: str) -> Fired:
    return {"kind": job.kind, "subject": job.subject, "due_at_ms": job.due_at_ms, "error": error}


def run_here(units: OutboxUnits, storage: Storage, sandbox: Sandbox, begun: ClaimedLongJob) -> Fired:
    """Run a job to its end in the caller's thread, which may have no event loop; else as `LongJobs.run`."""
    work = _Work(units, storage, sandbox, begun)
    try:
        return units.finish_long(sandbox, begun, work.to_end(lambda: False))
    except Exception as error:
        return units.failed(sandbox, begun.job, error)
    finally:
        work.close()


class _Work:
    """The steps of a job under way, and their unit of work, which only reads."""

    def __init__(self, units: OutboxUnits, storage: Storage, sandbox: Sandbox, begun: ClaimedLongJob) -> None:
        self._units, self._sandbox, self._begun = units, sandbox, begun
        self._connection = LazyConnection(storage.long_reading)
        self._steps: Steps | None = None
        self.wants = Next.DATABASE
        self.ended = False
        self.result: Any = None

    def step(self) -> None:
        """Take the next step. Without a session where none is wanted: no transaction is open while a file is packed."""
        if self.wants is Next.FILES_ONLY:
            self.close_session()
        try:
            if self._steps is None:
                uow = self._units.unit(self._connection, self._sandbox, self._begun)
                job = self._begun.job
                self._steps = self._units.runtime.domain(uow.tenant.api).long_jobs[job.kind].steps(uow, job.subject)
            self.wants = next(self._steps)
        except StopIteration as end:
            self.ended, self.result = True, end.value

    def to_end(self, is_stopped: Callable[[], bool]) -> Any:
        """Take all steps; the result. Raises LongJobStopped."""
        try:
            while not self.ended:
                if is_stopped():
                    raise LongJobStopped
                self.step()
            return self.result
        finally:
            self.close()  # here: a session belongs to the thread that has used it

    def close_session(self) -> None:
        """Close the connection that the steps have used."""
        self._connection.close()

    def close(self) -> None:
        """End the steps where they are, which removes what they have written, and the session."""
        if self._steps is not None:
            self._steps.close()
        self.close_session()
