"""Admission: how many requests work at once, how many wait, and which are refused because the server is too busy.

Without a bound, a server that gets more requests than it can serve answers each of them later and later: everybody
waits until nobody is served in time. Here a request waits only as long as `queue_s`, as far as can be foreseen when it
comes; otherwise it is refused at once, with the time after which the client may try again. A request that waits for
longer than was foreseen is refused at its deadline: those that work may all be waiting for one lock in the database.
"""

from __future__ import annotations

import asyncio
from collections import deque

from models.kernel.clock import monotonic_s
from models.kernel.problems import ServerBusy

SMOOTHING = 0.1
"""The weight of the newest measurement: about the last ten count."""

FIRST_UNIT_S = 0.001
UNIT_S_MIN = 0.000_001
"""Divided by; a clock may be too coarse to see a short request."""

WAITING_MIN = 8
"""So many may always begin to wait: a few parallel clients of a slow operation are no overload."""

DEADLINE_TIMES, DEADLINE_S_MIN = 4, 1.0
"""A request waits for four times `queue_s` at most, or for a second where that is less. The queue is only as long as
could be served within `queue_s` when the request came, so that few meet this deadline while requests are served at all.
"""

WAITING_MAX = 2_000
STRETCH_S = 0.002
"""For how long requests work on the event loop as they come, before the loop turns and those that came meanwhile
queue.
"""

BATCH_S = 0.05
"""The longest that queued requests work one after another before the loop turns."""


class Admission:
    """Slots for requests at work, and a queue of those that wait for one. Belongs to one event loop.

    A request calls `enter_now`, or `wait` where that is False, and `leave` at the end.
    """

    def __init__(self, slots: int, *, queue_s: float) -> None:
        self._free = slots
        self._queue_s = queue_s
        self._wait_s_max = max(DEADLINE_TIMES * queue_s, DEADLINE_S_MIN)
        self._waiting: deque[tuple[float, asyncio.Future[None]]] = deque()
        """Until when each waits, and what is set when it is its turn; in the order of their deadlines."""
        self._timer: asyncio.TimerHandle | None = None
        self._interval_s = FIRST_UNIT_S
        """How far apart requests are taken from the queue, lately."""
        self._taken_s: float | None = None
        """When one was last taken, None while nobody waits."""

    def full(self) -> bool:
        """Whether a request that comes now would have to wait too long."""
        waiting = len(self._waiting)
        return waiting >= WAITING_MIN and (waiting >= WAITING_MAX or waiting * self._interval_s > self._queue_s)

    def enter_now(self) -> bool:
        """Take a slot if one is free and nobody waits."""
        if self._waiting or not self._free:
            return False
        self._free -= 1
        return True

    async def wait(self) -> None:
        """Wait for a slot. Raises ServerBusy when that would take too long, or takes too long."""
        if self.full():
            raise ServerBusy
        turn, now_s = asyncio.get_running_loop().create_future(), monotonic_s()
        if not self._waiting:
            self._taken_s = now_s
        self._waiting.append((now_s + self._wait_s_max, turn))
        if self._timer is None:
            self._start_timer(self._wait_s_max)
        try:
            await turn
        except asyncio.CancelledError:
            # Cancelled after the slot was given, before it was used: it goes to the next, or it would be lost.
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._release()
            raise

    def leave(self) -> None:
        """Give the slot to the next request that waits."""
        self._release()

    def _release(self) -> None:
        if not self._take():
            self._taken_s = None
            self._free += 1
            return
        now_s = monotonic_s()
        if self._taken_s is not None:
            self._measure(now_s - self._taken_s)
        self._taken_s = now_s

    def _start_timer(self, seconds: float) -> None:
        """One timer for all, at the deadline of the request that has waited longest."""
        self._timer = asyncio.get_running_loop().call_later(seconds, self._refuse_overdue)

    def _refuse_overdue(self) -> None:
        """Refuse those whose deadline has passed."""
        now_s = monotonic_s()
        while self._waiting and self._waiting[0][0] <= now_s:
            _, turn = self._waiting.popleft()
            if not turn.done():
                turn.set_exception(ServerBusy())
        self._timer = None
        if self._waiting:
            self._start_timer(self._waiting[0][0] - now_s)

    def _take(self) -> bool:
        """Give the slot to the next request whose client has not left; False when none waits."""
        while self._waiting:
            _, turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return True
        return False

    def _measure(self, interval_s: float) -> None:
        self._interval_s += (interval_s - self._interval_s) * SMOOTHING


class LoopAdmission(Admission):
    """The same for requests that do their work on the event loop, where nothing is awaited between `enter_now` and
    `leave`.

    They work in batches, between which the loop turns: new requests arrive, are queued or refused. To refuse takes time
    too: if one request were served in each turn, clients that come again at once could leave next to none of it for
    serving. So a batch of queued requests is as large as to work for about as long as the rest of the turn took.
    """

    def __init__(self, *, queue_s: float) -> None:
        super().__init__(1, queue_s=queue_s)
        self._unit_s = FIRST_UNIT_S
        """How long one request works, lately."""
        self._batch = self._working = 0
        """How many queued requests have begun at this turn, and how many of them have not left."""
        self._turning = False
        self._turned_s = self._began_s = self._worked_s = 0.0

    def enter_now(self) -> bool:
        """Begin unless others wait, or requests have worked for a stretch since the loop has turned."""
        if self._waiting or self._working or self._worked_s > STRETCH_S:
            return False
        self._began_s = monotonic_s()
        return True

    async def wait(self) -> None:
        """Wait for the request's turn. Raises ServerBusy when that would take too long."""
        await super().wait()
        self._began_s = monotonic_s()

    def leave(self) -> None:
        """Let the loop turn after the last request of the batch."""
        worked_s = monotonic_s() - self._began_s
        self._worked_s += worked_s
        self._unit_s += (max(worked_s, UNIT_S_MIN) - self._unit_s) * SMOOTHING
        self._release()

    def _release(self) -> None:
        if self._working:
            self._working -= 1
        if not self._working and not self._turning:
            self._turning = True
            asyncio.get_running_loop().call_soon(self._turn)

    def _turn(self) -> None:
        """Begin the next batch."""
        now_s = monotonic_s()
        turn_s, self._turned_s = now_s - self._turned_s, now_s
        others_s = turn_s - self._worked_s if self._batch else 0
        if self._batch:
            self._measure(turn_s / self._batch)
        elif not self._waiting:
            self._interval_s = self._unit_s  # the best guess for the next queue
        size = max(1, int(min(others_s, BATCH_S) / self._unit_s))
        self._worked_s, self._batch, self._turning = 0.0, 0, False
        while self._batch < size and self._take():
            self._batch += 1
        self._working = self._batch


def admission(slots: int, *, queue_s: float, inline: bool) -> Admission:
    """For requests that work on the event loop (`inline`), or in so many threads."""
    return LoopAdmission(queue_s=queue_s) if inline else Admission(slots, queue_s=queue_s)
