"""The outbox's dispatcher: runs due jobs and sends due webhooks, inside the server.

An internal job is claimed, run and removed in one transaction, so that its effects happen once. A delivery takes three
steps, since no transaction may wait for somebody outside: it is claimed under a lease and read, sent, and recorded.

On wall time a background task does what is due. On a fixed clock it only sends: internal jobs run right after the
write that made them due (`run_due`) or when the clock is moved (`advance`), so that they come in an order that repeats.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from models.clock import SECOND_MS, FixedClock, WallClock, monotonic_s
from models.outbox import Claim
from models.problems import ClockBackwards
from troth.due_jobs import DueJobs
from troth.log import logger
from troth.outbox_units import WORK_MAX, Fired, OutboxUnits, fired_of, text_of

if TYPE_CHECKING:
    from models.sandboxes import Sandbox
    from troth.outgoing import Sender
    from troth.runtime import Runtime

SENDS_MAX = 10
"""How many deliveries are under way at once."""

ROUND_JOBS_MAX = 20
"""How many internal jobs run before deliveries get their turn."""

IDLE_S = 1.0
BUSY_S = 0.02
STOP_S = 5.0
PRUNE_FIRST_S = 60.0
"""After the start, which has other things to do."""

PRUNE_EVERY_S = 3_600.0


class Dispatcher:
    """Works off the outbox of every sandbox of a runtime."""

    def __init__(self, runtime: Runtime, sender: Sender) -> None:
        self.runtime = runtime
        self.sender = sender
        self._storage = runtime.storage
        self._units = OutboxUnits(runtime)
        self.run_due = self._units.run_due
        self.due_jobs = DueJobs(self._storage, self._units)
        self._turn = asyncio.Lock()
        self._sending: set[asyncio.Task[Fired]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._prune_at_s = 0.0

    # Life

    async def start(self) -> None:
        """Begin to work in the background."""
        self._loop = asyncio.get_running_loop()
        self._woken = asyncio.Event()
        self._stopping = False
        self._prune_at_s = monotonic_s() + PRUNE_FIRST_S
        self._task = asyncio.create_task(self._work(), name="troth-dispatcher")

    async def stop(self) -> None:
        """Begin nothing new, and give what is under way a moment; the rest is sent again when its lease is over."""
        if self._task is not None:
            self._stopping = True
            self._woken.set()
            await self._task
        self._task = self._loop = None
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=STOP_S)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self.sender.close()

    def wake(self) -> None:
        """There may be something to do. From any thread."""
        loop = self._loop
        if loop is not None:
            # The loop may close between the check and the call; then there is nobody left to wake.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

    async def _work(self) -> None:
        while not self._stopping:
            self._woken.clear()
            try:
                async with self._turn:
                    wait_s = await self._round()
                    await self._prune()
            except Exception as error:
                logger.error("dispatcher failed, goes on", exc_info=error)
                wait_s = IDLE_S
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await self._woken.wait()

    async def _round(self) -> float:
        """Do some of what is due in each sandbox. Returns for how many seconds there is nothing to do."""
        wait_s = IDLE_S
        for sandbox in list(self.runtime.sandboxes.values()):
            room = SENDS_MAX - len(self._sending)
            fixed = sandbox.clock.fixed
            if fixed and not room:
                continue
            due_ms = await self._storage.run(self._units.next_due_ms, sandbox, True if fixed else None if room else False)
            now_ms = sandbox.clock.now_ms()
            if due_ms is None or due_ms > now_ms:
                wait_s = min(wait_s, IDLE_S if due_ms is None or fixed else (due_ms - now_ms) / SECOND_MS)
                continue
            done = [] if fixed else await self._run_internal_jobs(sandbox, now_ms, ROUND_JOBS_MAX)
            jobs = await self._storage.run(self._units.claim_deliveries, sandbox, now_ms, room) if room else []
            for job in jobs:
                self._send_in_background(sandbox, job)
            # Due, but nothing to claim: another process holds the row for the moment.
            wait_s = 0.0 if done or jobs else min(wait_s, BUSY_S)
        return wait_s

    async def _prune(self) -> None:
        """Once an hour, forget what is not kept any longer."""
        if monotonic_s() < self._prune_at_s:
            return
        self._prune_at_s = monotonic_s() + PRUNE_EVERY_S
        for sandbox in list(self.runtime.sandboxes.values()):
            await self._storage.run(self._units.prune, sandbox)

    def _send_in_background(self, sandbox: Sandbox, job: Claim) -> None:
        task = asyncio.create_task(self._deliver(sandbox, job))
        self._sending.add(task)
        task.add_done_callback(self._sent)

    def _sent(self, task: asyncio.Task[Fired]) -> None:
        self._sending.discard(task)
        self._woken.set()

    # What others call

    async def settle(self) -> list[Fired]:
        """Run everything that is due now, and wait for it."""
        async with self._turn:
            fired: list[Fired] = []
            for sandbox in list(self.runtime.sandboxes.values()):
                fired += await self._run_until(sandbox, sandbox.clock.now_ms())
            return fired

    async def advance(self, sandbox: Sandbox, to_ms: int) -> list[Fired]:
        """Move a sandbox's clock to a time, and run what becomes due on the way, each at its time and waited for.

        After 10,000 jobs the clock stops where it is. Raises ClockBackwards.
        """
        async with self._turn:
            if to_ms < sandbox.clock.now_ms():
                raise ClockBackwards
            return await self._advance(sandbox, to_ms)

    async def advance_by(self, sandbox: Sandbox, by_ms: int) -> list[Fired]:
        """Move a sandbox's clock by a duration; else as `advance`."""
        async with self._turn:
            return await self._advance(sandbox, sandbox.clock.now_ms() + by_ms)

    async def _advance(self, sandbox: Sandbox, to_ms: int) -> list[Fired]:
        fired = await self._run_until(sandbox, to_ms)
        if len(fired) < WORK_MAX:
            _move(sandbox, to_ms)
        await self._clock_moved(sandbox)
        return fired

    async def freeze(self, sandbox: Sandbox) -> list[Fired]:
        """Stop a sandbox's clock where it is; internal jobs that are due run first."""
        async with self._turn:
            if not sandbox.clock.fixed:
                sandbox.clock = FixedClock(sandbox.clock.now_ms())
            fired = await self._run_internal_jobs(sandbox, sandbox.clock.now_ms(), WORK_MAX)
            await self._clock_moved(sandbox)
            return fired

    async def _clock_moved(self, sandbox: Sandbox) -> None:
        await self._storage.run(self._units.prune, sandbox)
        await self._storage.run(self.runtime.save_clock, sandbox)
        self.runtime.directory.forget()
        self.wake()

    async def _run_until(self, sandbox: Sandbox, to_ms: int) -> list[Fired]:
        """Run what is due up to a time, moving the clock from one due time to the next."""
        if self._sending:
            await asyncio.wait(set(self._sending))
        fired: list[Fired] = []
        while len(fired) < WORK_MAX:
            due_ms = await self._storage.run(self._units.next_due_ms, sandbox, None)
            if due_ms is None or due_ms > to_ms:
                break
            _move(sandbox, due_ms)
            done = await self._run_internal_jobs(sandbox, due_ms, WORK_MAX - len(fired))
            jobs = await self._storage.run(self._units.claim_deliveries, sandbox, due_ms, SENDS_MAX)
            done += await asyncio.gather(*(self._deliver(sandbox, job) for job in jobs))
            fired += done
            if not done:  # another process holds the row for the moment
                await asyncio.sleep(BUSY_S)
        return fired

    async def _run_internal_jobs(self, sandbox: Sandbox, now_ms: int, limit: int) -> list[Fired]:
        fired: list[Fired] = []
        while len(fired) < limit:
            done = await self._storage.run(self._units.run_internal, sandbox, now_ms, None)
            if done is None:
                break
            fired.append(done)
            await asyncio.sleep(0)
        return fired

    async def _deliver(self, sandbox: Sandbox, job: Claim) -> Fired:
        """Read, send, record. Never raises; what fails on our side is tried again."""
        fired = fired_of(job)
        try:
            call = await self._storage.run(self._units.prepare, sandbox, job, fired)
            if call is not None:
                result = await self.sender.send(call.url, call.body, call.headers)
                fired["status"] = result.status
                if result.error is not None:
                    fired["error"] = result.error
                await self._storage.run(self._units.record, sandbox, job, result)
        except Exception as error:
            logger.error("delivery failed on our side", subject=job.subject, exc_info=error)
            fired["error"] = text_of(error)
            await self._storage.run(self._units.put_off_delivery, sandbox, job, error)
        return fired


def _move(sandbox: Sandbox, to_ms: int) -> None:
    """Set a clock forward; one that is further already stays."""
    clock = sandbox.clock
    if isinstance(clock, FixedClock):
        clock.at_ms = max(clock.at_ms, to_ms)
    elif isinstance(clock, WallClock):
        clock.offset_ms += max(0, to_ms - clock.now_ms())
