"""The outbox's dispatcher: runs due jobs and sends due webhooks, inside the server.

An internal job is claimed, run and removed in one transaction, so that its effects happen once. Deliveries are sent by
`troth/outbox/deliveries.py`.

On wall time a background task does what is due. On a fixed clock it only sends: internal jobs run right after the
write that made them due (`run_due`) or when the clock is moved (`advance`), so that they come in an order that repeats.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from handlers.turns import let_others_run
from models.kernel.clock import SECOND_MS, FixedClock, monotonic_s, running, wall_ms
from models.kernel.problems import ClockBackwards, SpeedNotKept
from models.kernel.times import check_target_ms
from troth.database.errors import is_unavailable, reason_of
from troth.log import logger
from troth.outbox.deliveries import BUSY_S, Deliveries
from troth.outbox.due_jobs import DueJobs, run_due
from troth.outbox.long_jobs import LongJobs
from troth.outbox.units import WORK_MAX, OutboxUnits
from troth.outbox.work import ClaimedLongJob, Fired

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from models.outbox.outbox import DeliveryKey
    from models.tenancy.sandboxes import Sandbox
    from troth.outbox.outgoing import Sender
    from troth.runtime import Runtime

ADVANCE_SENDS_MAX = 10
"""How many deliveries that are due at the same time are sent at once when a clock is moved. On a fixed clock the order
of what is sent follows from it.
"""

ROUND_JOBS_MAX = 20
"""How many internal jobs run before deliveries get their turn."""

IDLE_S = 1.0
FAILED_S_MAX = 10.0
"""After a round that failed there is a pause of IDLE_S, which doubles up to this with each further one."""

STOP_S = 5.0
"""For the round under way at the stop, and then for the deliveries under way."""

PRUNE_FIRST_S = 60.0
"""Seconds after the start, which has other work to do."""

PRUNE_EVERY_S = 3_600.0


@dataclass(slots=True)
class Move:
    """A move of a clock that is under way: from where, to where, and how many jobs have run."""

    from_ms: int
    to_ms: int
    fired: int = 0


@dataclass(frozen=True, slots=True)
class ClockMove:
    """A move of a clock that is over: what ran, and whether the clock has got there."""

    fired: list[Fired]
    is_whole: bool


class Dispatcher:
    """Works off the outbox of every sandbox of a runtime."""

    def __init__(self, runtime: Runtime, sender: Sender) -> None:
        self.runtime = runtime
        self._storage = runtime.storage
        self._units = OutboxUnits(runtime)
        self.run_due = partial(run_due, self._units)
        self.long_jobs = LongJobs(self._storage, self._units)
        self.due_jobs = DueJobs(self.long_jobs)
        self.deliveries = Deliveries(self._storage, self._units, sender)
        self._turn = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._failures, self._outage = 0, False
        self._looked_s = 0.0
        self._prune_at_s = 0.0
        self.move: Move | None = None
        """The move of a clock that is under way."""

    @property
    def sender(self) -> Sender:
        """What sends deliveries."""
        return self.deliveries.sender

    @sender.setter
    def sender(self, sender: Sender) -> None:
        self.deliveries.sender = sender

    # Life

    async def start(self) -> None:
        """Begin to work in the background."""
        self._loop = asyncio.get_running_loop()
        self._woken, self._stopping = asyncio.Event(), asyncio.Event()
        self.long_jobs.start()
        self._looked_s = monotonic_s()
        self._prune_at_s = self._looked_s + PRUNE_FIRST_S
        self._task = asyncio.create_task(self._work(), name="troth-dispatcher")

    async def stop(self) -> None:
        """Begin nothing new, and give what is under way a moment; the rest is sent again when its lease is over."""
        if self._task is not None:
            self._stopping.set()
            self._woken.set()
            # A round can hang in a thread, in a statement of a database that does not answer.
            _, late = await asyncio.wait({self._task}, timeout=STOP_S)
            for task in late:
                task.cancel()
        self._task = self._loop = None
        await self.long_jobs.stop()
        await self.deliveries.close(STOP_S)
        await self._keep_clocks()

    async def _keep_clocks(self) -> None:
        """Store where fixed clocks of a mock stand: each write has moved them by 1 ms, and after a restart none may go
        back.
        """
        if not self.runtime.mock or self._storage.memory:
            return
        for sandbox in [one for one in self.runtime.sandboxes.values() if one.clock.fixed]:
            try:
                await self._storage.run(self.runtime.save_clock, sandbox)
            except Exception as error:
                if not is_unavailable(error):
                    raise
                logger.warning("the clock cannot be stored", reason=reason_of(error))

    @property
    def age_s(self) -> float | None:
        """Seconds since the background task last looked for something to do; None while it does not run."""
        return None if self._task is None or self._task.done() else monotonic_s() - self._looked_s

    def wake(self) -> None:
        """There may be something to do. From any thread."""
        loop = self._loop
        if loop is not None:
            # The loop may close between the check and the call; then there is nobody left to wake.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(self._woken.set)

    async def _work(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            self._looked_s = monotonic_s()
            waking = self._woken
            try:
                async with self._turn:
                    wait_s = await self._round()
                    await self._prune()
                self._worked()
            except Exception as error:
                # Only the stop ends this pause: what wakes the dispatcher must not make it ask a database that is away
                # again.
                waking, wait_s = self._stopping, self._failed(error)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(wait_s):
                    await waking.wait()

    def _failed(self, error: Exception) -> float:
        """Log a round that failed, one of an outage of the database only once. Returns how many seconds to wait."""
        self._failures += 1
        if not is_unavailable(error):
            logger.error("dispatcher failed, goes on", exc_info=error)
        elif not self._outage:
            self._outage = True
            logger.error("dispatcher waits for the database", reason=reason_of(error))
        return min(IDLE_S * 2.0 ** min(self._failures - 1, 10), FAILED_S_MAX)

    def _worked(self) -> None:
        if self._failures:
            logger.warning("dispatcher works again", failed_rounds=self._failures)
        self._failures, self._outage = 0, False

    async def _round(self) -> float:
        """Run some of the due work of each sandbox. Returns for how many seconds there is nothing to do."""
        wait_s = IDLE_S
        for sandbox in list(self.runtime.sandboxes.values()):
            room = self.deliveries.slots.free > 0
            fixed = sandbox.clock.fixed
            if fixed and not room:
                continue
            look = partial(self._units.next_due, internal=not fixed, deliveries=room)
            due = await self._storage.run(look, sandbox, self.long_jobs.busy_tenants())
            now_ms, first_ms = sandbox.clock.now_ms(), due.first_ms
            if first_ms is None or first_ms > now_ms:
                away_ms = None if first_ms is None or fixed else (first_ms - now_ms) / sandbox.clock.speed
                wait_s = min(wait_s, IDLE_S if away_ms is None else away_ms / SECOND_MS)
                continue
            done, begin_s = False, BUSY_S
            if due.internal_ms is not None and due.internal_ms <= now_ms:
                done = await self._work_off(sandbox, now_ms)
            if due.delivery_ms is not None and due.delivery_ms <= now_ms:
                begin_s = await self.deliveries.begin(sandbox, now_ms, self._woken)
            # Due, but nothing to claim: another process holds the row for the moment.
            wait_s = 0.0 if done else min(wait_s, begin_s)
        return wait_s

    async def _work_off(self, sandbox: Sandbox, now_ms: int) -> bool:
        """Run some internal jobs, the long ones in the background: nothing waits for these.

        Returns whether there were any.
        """
        for count in range(ROUND_JOBS_MAX):
            done = await self._storage.run(
                self._units.run_internal, sandbox, now_ms, None, self.long_jobs.busy_tenants()
            )
            if done is None:
                return count > 0
            if isinstance(done, ClaimedLongJob):
                self.long_jobs.begin(sandbox, done).add_done_callback(lambda _task: self.wake())
            await let_others_run()
        return True

    async def _prune(self) -> None:
        """Once an hour, forget what is not kept any longer."""
        if monotonic_s() < self._prune_at_s:
            return
        self._prune_at_s = monotonic_s() + PRUNE_EVERY_S
        for sandbox in list(self.runtime.sandboxes.values()):
            await self._prune_sandbox(sandbox)
        await self._storage.run(self._storage.analyze)

    async def _prune_sandbox(self, sandbox: Sandbox) -> None:
        """Forget what is not kept any longer; other requests are served between two slices."""
        for tenant in await self._storage.run(self._units.tenants_of, sandbox):
            more = True
            while more:
                more = await self._storage.run(self._units.prune_some, sandbox, tenant)
                await let_others_run()

    # What others call

    @contextlib.asynccontextmanager
    async def at_rest(self) -> AsyncIterator[None]:
        """A context in which no unit of work of the outbox is under way, so that the database may be replaced.

        It waits for a move of the clock and for jobs that have begun; webhooks that are being sent are given up.
        """
        async with self._turn:
            await self.due_jobs.ended()
            await self.long_jobs.ended()
            await self.deliveries.abandon()
            yield

    async def settle(self) -> list[Fired]:
        """Run everything that is due now, and wait for it."""
        async with self._turn:
            fired: list[Fired] = []
            for sandbox in list(self.runtime.sandboxes.values()):
                fired += await self._run_until(sandbox, sandbox.clock.now_ms())
            return fired

    async def advance(self, sandbox: Sandbox, to_ms: int) -> ClockMove:
        """Move a sandbox's clock to a time, and run what becomes due on the way, each at its time and waited for.

        After 10,000 jobs the clock stops where it is. Raises ClockBackwards.
        """
        async with self._turn:
            if to_ms < sandbox.clock.now_ms():
                raise ClockBackwards
            return await self._advance(sandbox, to_ms)

    async def advance_by(self, sandbox: Sandbox, by_ms: int) -> ClockMove:
        """Move a sandbox's clock by a duration; else as `advance`."""
        async with self._turn:
            return await self._advance(sandbox, sandbox.clock.now_ms() + by_ms)

    async def _advance(self, sandbox: Sandbox, to_ms: int) -> ClockMove:
        self.move = Move(sandbox.clock.now_ms(), to_ms)
        try:
            fired = await self._run_until(sandbox, to_ms)
            moved = ClockMove(fired, len(fired) < WORK_MAX)
            if moved.is_whole:
                sandbox.clock.forward(to_ms)
            await self._clock_moved(sandbox)
        finally:
            self.move = None
        return moved

    async def run_clock(self, sandbox: Sandbox, speed: float, offset_ms: int | None) -> ClockMove:
        """Run a sandbox's clock at a speed, from where it stands or from an offset to wall time, where it is moved
        first.

        A move that stops at 10,000 jobs leaves the clock as it was but for that. Raises ClockBackwards, SpeedNotKept,
        and InvalidInput for a time that is too late.
        """
        if speed != 1 and not self.runtime.keeps_speed:
            raise SpeedNotKept
        async with self._turn:
            now_ms = sandbox.clock.now_ms()
            to_ms = now_ms if offset_ms is None else wall_ms() + offset_ms
            check_target_ms(to_ms)
            if to_ms < now_ms:
                raise ClockBackwards
            moved = ClockMove([], True) if offset_ms is None else await self._advance(sandbox, to_ms)
            if moved.is_whole:
                # What ran on the way took a while, in which wall time went on.
                from_ms = now_ms if offset_ms is None else wall_ms() + offset_ms
                sandbox.clock = running(max(sandbox.clock.now_ms(), from_ms), speed)
                await self._clock_moved(sandbox)
            return moved

    async def resend(self, sandbox: Sandbox, keys: Sequence[DeliveryKey], url: str | None) -> list[Fired]:
        """Send deliveries now, to their own addresses or all to another one; returns the outcome of each, in their
        order.

        An endpoint that does not answer in time is asked once.
        """
        async with self._turn:
            await self.deliveries.under_way_ended()
            with self.deliveries.each_silence_once():
                return [await self.deliveries.deliver_again(sandbox, key, url) for key in keys]

    async def freeze(self, sandbox: Sandbox) -> list[Fired]:
        """Stop a sandbox's clock where it is; internal jobs that are due run first."""
        async with self._turn:
            if not sandbox.clock.fixed:
                sandbox.clock = FixedClock(sandbox.clock.now_ms())
            fired = await self._run_internal_jobs(sandbox, sandbox.clock.now_ms(), WORK_MAX)
            await self._clock_moved(sandbox)
            return fired

    async def _clock_moved(self, sandbox: Sandbox) -> None:
        await self._prune_sandbox(sandbox)
        await self._storage.run(self.runtime.save_clock, sandbox)
        self.runtime.directory.forget()
        self.wake()

    async def _run_until(self, sandbox: Sandbox, to_ms: int) -> list[Fired]:
        """Run what is due up to a time, moving the clock from one due time to the next."""
        fired: list[Fired] = []
        with self.deliveries.each_silence_once():
            await self.deliveries.under_way_ended()
            await self.long_jobs.ended()
            while len(fired) < WORK_MAX:
                due_ms = (await self._storage.run(self._units.next_due, sandbox)).first_ms
                if due_ms is None or due_ms > to_ms:
                    break
                sandbox.clock.forward(due_ms)
                done = await self._run_internal_jobs(sandbox, due_ms, WORK_MAX - len(fired))
                jobs = await self._storage.run(self._units.claim_deliveries, sandbox, due_ms, ADVANCE_SENDS_MAX)
                done += await self.deliveries.deliver_all(sandbox, jobs)
                fired += done
                if self.move is not None:
                    self.move.fired = len(fired)
                if not done:  # another process holds the row for the moment
                    await asyncio.sleep(BUSY_S)
        return fired

    async def _run_internal_jobs(self, sandbox: Sandbox, now_ms: int, limit: int) -> list[Fired]:
        fired: list[Fired] = []
        while len(fired) < limit:
            done = await self.long_jobs.run_next(sandbox, now_ms, None)
            if done is None:
                break
            fired.append(done)
            await let_others_run()
        return fired
