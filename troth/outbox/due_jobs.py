"""Due jobs before the answer: what a write made due in its tenant runs before the write is answered.

Each job is a unit of work of its own, and other requests are served between two of them, so that a caller with much
work due delays itself and nobody else.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from handlers.turns import let_others_run
from models.kernel.clock import monotonic_s
from troth.log import logger
from troth.outbox.long_jobs import run_here
from troth.outbox.units import WORK_MAX
from troth.outbox.work import ClaimedLongJob

if TYPE_CHECKING:
    from collections.abc import Coroutine, Sequence

    from models.tenancy.sandboxes import Sandbox
    from troth.outbox.long_jobs import LongJobs
    from troth.outbox.units import OutboxUnits

Result = TypeVar("Result")

WAIT_S_MAX = 0.2
"""How long an answer waits for jobs on a moving clock. With a longer queue of events a tenant's calls are answered
before their effects are there, as they are on PostgreSQL; the dispatcher goes on with the queue.
"""


def run_due(units: OutboxUnits, tenant_id: int) -> None:
    """Run the tenant's due internal jobs in due order, in the caller's thread, after its commit. Never raises."""
    try:
        sandbox = units.sandbox_of(tenant_id)
        for _ in range(WORK_MAX):
            done = units.run_internal(sandbox, sandbox.clock.now_ms(), tenant_id)
            if done is None:
                break
            if isinstance(done, ClaimedLongJob):
                run_here(units, units.runtime.storage, sandbox, done)
    except Exception as error:
        logger.error("due jobs failed", tenant_id=tenant_id, exc_info=error)


class TenantHeld(Exception):
    """The tenant's due jobs are running: begin the request again after `DueJobs.released`."""

    def __init__(self, tenant_id: int) -> None:
        super().__init__(tenant_id)
        self.tenant_id = tenant_id


class DueJobs:
    """Runs due internal jobs of tenants on the event loop."""

    def __init__(self, long_jobs: LongJobs) -> None:
        self._long_jobs = long_jobs
        self._held: dict[int, asyncio.Task[Any]] = {}
        self._running: set[asyncio.Task[Any]] = set()

    def holds(self, tenant_id: int) -> bool:
        """Whether requests of a tenant have to wait for its due jobs. From any thread."""
        return tenant_id in self._held

    async def released(self, tenant_id: int) -> None:
        """Wait until a tenant is not held."""
        while (task := self._held.get(tenant_id)) is not None:
            # `wait` lets the event loop turn even where the task has just ended: the callback that releases the tenant
            # still has to run.
            await asyncio.wait({task})

    async def ended(self) -> None:
        """Wait until none runs."""
        while self._running:
            await asyncio.wait(set(self._running))

    async def run(self, sandbox: Sandbox, tenant_ids: Sequence[int]) -> None:
        """Run internal jobs that are due in these tenants, tenant after tenant, each in due order.

        On a moving clock only urgent ones, and for `WAIT_S_MAX` at most: a tenant with much background work (audiences
        that are being counted) would else keep all its callers waiting for the whole of it. On a fixed clock all of
        them, and the tenants are held meanwhile: a request that ran between two of the jobs would see half of what the
        write led to, and would take a request number that another run of the same script gives to a job. The work goes
        on when the caller leaves. Never raises for a job that fails.
        """
        await self.hold(sandbox, tenant_ids, self.run_held(sandbox, tenant_ids))

    async def hold(self, sandbox: Sandbox, tenant_ids: Sequence[int], work: Coroutine[Any, Any, Result]) -> Result:
        """Run work to its end, with the tenants held on a fixed clock; returns its result.

        It continues when the caller leaves.
        """
        task = asyncio.create_task(work, name="troth-due-jobs")
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        if sandbox.clock.fixed:
            for tenant_id in tenant_ids:
                self._held[tenant_id] = task
            task.add_done_callback(self._release)
        return await asyncio.shield(task)

    def _release(self, task: asyncio.Task[Any]) -> None:
        for tenant_id in [tenant_id for tenant_id, holder in self._held.items() if holder is task]:
            del self._held[tenant_id]

    async def run_held(self, sandbox: Sandbox, tenant_ids: Sequence[int]) -> None:
        """The same as `run`, for a caller that holds the tenants."""
        end_s = float("inf") if sandbox.clock.fixed else monotonic_s() + WAIT_S_MAX
        for tenant_id in tenant_ids:
            try:
                await self._run_tenant(sandbox, tenant_id, end_s)
            except Exception as error:  # the database; a job that fails does not raise
                logger.error("due jobs failed", tenant_id=tenant_id, exc_info=error)

    async def _run_tenant(self, sandbox: Sandbox, tenant_id: int, end_s: float) -> None:
        urgent_only = not sandbox.clock.fixed
        for _ in range(WORK_MAX):
            now_ms = sandbox.clock.now_ms()
            done = await self._long_jobs.run_next(sandbox, now_ms, tenant_id, urgent_only=urgent_only)
            if done is None or monotonic_s() >= end_s:
                return
            await let_others_run()
