"""Reception: reading request bodies within a time, a rate and a size, all together within a bound of memory.

The memory is full when clients send large bodies but not their ends, which needs no credentials. Then the unfinished
bodies that have used most of it for longest are ended, not the newcomers: a client that sends its body at once is
served beside any number of clients that do not.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from starlette.requests import ClientDisconnect

from models.kernel.clock import monotonic_s
from models.kernel.problems import BodyTimeout, ServerBusy
from troth.request.bodies import BODY_BYTES_MAX

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import Receive

BODY_SECONDS_MAX = 30.0
"""From the head to the last byte of the body: half a body must not hold a connection for longer than half a head
does.
"""

STOP_S = 0.5
"""How long bodies that are being sent may take once the server stops."""

RATE_BYTES_S_MIN = 1_024
RATE_WINDOW = 6
"""A body that is not finished comes at this rate at least, measured over a sixth of its time (5 s), one window after
the other.
"""

CHECKS = 10
"""How often bodies that are being read are checked within their time. One timer for all: a timer for each costs more
than to validate a small request.
"""

DRAIN_BYTES_MAX = 16 << 20
"""What is read of a body that is too large, so that a client which sends first and reads afterwards gets its answer."""

REFUSED_BYTES_MAX, REFUSED_S_MAX = 1 << 20, 2.0
"""The same for a request that is refused because the server is busy: as much as any operation takes, and for as long as
a client needs to send it without pausing. To read takes little, and nothing is kept.
"""

HELD_BYTES_MAX = 128 << 20
"""Of bodies that are being read or have not been answered, all together."""

FREED = 16
"""When that memory is full, one part of so many is freed: the bodies are sorted once for all of these bytes."""


class _Unfinished:
    """A body that is being read."""

    __slots__ = ("began_s", "deadline_s", "ended_by", "held", "parts", "received", "window_bytes", "window_s")

    def __init__(self, now_s: float, deadline_s: float) -> None:
        self.began_s = self.window_s = now_s
        self.deadline_s = deadline_s
        self.parts: list[bytes] = []
        self.held = self.received = 0
        """Bytes in memory, and bytes that have come: more, when the body is too large and the rest is thrown away."""
        self.window_bytes = 0
        """What had come when the window began that the rate is measured over."""
        self.ended_by: type[BodyTimeout | ServerBusy] | None = None
        """Why its task was cancelled."""

    def is_slow(self, now_s: float, window_s: float) -> bool:
        """Whether the window is over and less has come in it than has to. Begins the next window when it is over."""
        passed_s = now_s - self.window_s
        if passed_s < window_s:
            return False
        received = self.received - self.window_bytes
        self.window_s, self.window_bytes = now_s, self.received
        return received < RATE_BYTES_S_MIN * passed_s


class Announced(NamedTuple):
    """What the head of a request says of its body: its size in bytes, and whether the client waits for 100 Continue
    before it sends it.
    """

    size: int
    waits: bool


def announced(headers: Mapping[bytes, bytes]) -> Announced | None:
    """What is announced of a body; None where its size is not (RFC 9112, section 7.1)."""
    size = headers.get(b"content-length")
    return None if size is None else Announced(int(size), headers.get(b"expect", b"").lower() == b"100-continue")


class Reception:
    """Reads the bodies of the requests of one event loop."""

    def __init__(self, body_s: float = BODY_SECONDS_MAX, held_bytes_max: int = HELD_BYTES_MAX) -> None:
        self.body_s = body_s
        """How long a body may take."""
        self._held_bytes_max = held_bytes_max
        self._unfinished: dict[asyncio.Task[Any], _Unfinished] = {}
        """The bodies that are being read, by the tasks that read them."""
        self._timer: asyncio.TimerHandle | None = None
        self._checked_s = 0.0
        self._held_bytes = 0
        self._stopping = False

    async def read(
        self, receive: Receive, bytes_max: int = BODY_BYTES_MAX, announced: Announced | None = None
    ) -> bytes | None:
        """The body, or None when it is larger than it may be (1 MiB).

        The caller calls `release` when it is not needed any more.

        A body that is `announced` as too large is not read where its client waits for 100 Continue, nor where it is
        larger than what is drained. Raises ClientDisconnect when the client leaves before the end, since half a body
        must not be served as a whole one; BodyTimeout when it does not end in time or comes too slowly; ServerBusy when
        the server stops, or when the memory for bodies is full and this one is among those that are ended. After the
        last two the connection has to be closed: the rest of the body is unread.
        """
        if announced is not None and announced.size > (
            bytes_max if announced.waits else max(DRAIN_BYTES_MAX, bytes_max)
        ):
            return None
        task = asyncio.current_task()
        assert task is not None, "servers run each request in a task"
        now_s = monotonic_s()
        body = self._unfinished[task] = _Unfinished(now_s, now_s + (STOP_S if self._stopping else self.body_s))
        if self._timer is None:
            self._start_timer()
        try:
            return await self._read(body, receive, bytes_max)
        except asyncio.CancelledError:
            if body.ended_by is None or task.uncancel():  # it was cancelled by another caller as well
                raise
            raise self._refusal(body.ended_by) from None
        finally:
            del self._unfinished[task]

    @staticmethod
    async def drop(receive: Receive, announced: Announced | None) -> bool:
        """Read the body of a request that is refused because the server is busy, and keep nothing of it: a client that
        sends it before it reads the answer would find the connection reset.

        Returns whether all of it was read: no more than REFUSED_BYTES_MAX, in REFUSED_S_MAX seconds. Else the
        connection has to be closed. Nothing is read where the client waits for 100 Continue, or announces more.
        """
        if announced is not None and (announced.waits or announced.size > REFUSED_BYTES_MAX):
            return False
        received, more = 0, True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(REFUSED_S_MAX):
                while more and received <= REFUSED_BYTES_MAX:
                    message = await receive()
                    if message["type"] == "http.disconnect":
                        break
                    received += len(message.get("body", b""))
                    more = message.get("more_body", False)
        return not more

    def release(self, body: bytes | None) -> None:
        """The body is not held any more."""
        if body:
            self._held_bytes -= len(body)

    def stop(self) -> None:
        """Wait only a moment longer for the rest of bodies: a client that never sends it must not hold up the server's
        exit.
        """
        self._stopping = True
        end_s = monotonic_s() + STOP_S
        for body in self._unfinished.values():
            body.deadline_s = min(body.deadline_s, end_s)
        self._check()

    def _start_timer(self) -> None:
        self._checked_s = monotonic_s()
        pause_s = STOP_S / CHECKS if self._stopping else self.body_s / CHECKS
        self._timer = asyncio.get_running_loop().call_later(pause_s, self._check)

    def _check(self) -> None:
        """End the bodies whose time is over and those that come too slowly."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None
        now_s, window_s = monotonic_s(), self.body_s / RATE_WINDOW
        # The server has read nothing while its event loop was held up: the rate of that window is its own.
        was_held_up = now_s - self._checked_s > 2 * self.body_s / CHECKS
        for task, body in self._unfinished.items():
            slow = body.is_slow(now_s, window_s) and not was_held_up
            if body.deadline_s <= now_s or slow:
                self._end(task, body, ServerBusy if self._stopping else BodyTimeout)
        if self._unfinished:
            self._start_timer()

    def _end(self, task: asyncio.Task[Any], body: _Unfinished, reason: type[BodyTimeout | ServerBusy]) -> None:
        """Give up an unfinished body and free its memory at once; its task raises the reason."""
        if body.ended_by is None:
            body.ended_by = reason
            self._drop(body)
            task.cancel()

    @staticmethod
    def _refusal(reason: type[BodyTimeout | ServerBusy]) -> BodyTimeout | ServerBusy:
        refusal = reason()
        refusal.headers = {**(refusal.headers or {}), "Connection": "close"}
        return refusal

    async def _read(self, body: _Unfinished, receive: Receive, bytes_max: int) -> bytes | None:
        try:
            more = True
            while more and body.received <= max(DRAIN_BYTES_MAX, bytes_max):
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                part = message.get("body", b"")
                more = message.get("more_body", False)
                body.received += len(part)
                if body.received > bytes_max:
                    self._drop(body)
                elif part:
                    self._hold(body, len(part))
                    body.parts.append(part)
        except BaseException:
            self._drop(body)
            raise
        if body.received > bytes_max:
            return None
        return body.parts[0] if len(body.parts) == 1 else b"".join(body.parts)

    def _hold(self, body: _Unfinished, size: int) -> None:
        """Take memory for a part of a body. Raises ServerBusy when there is none, and no other body to end for it."""
        if self._held_bytes + size > self._held_bytes_max:
            self._make_room(body, size)
            if self._held_bytes + size > self._held_bytes_max:
                raise self._refusal(ServerBusy)
        self._held_bytes += size
        body.held += size

    def _drop(self, body: _Unfinished) -> None:
        self._held_bytes -= body.held
        body.held = 0
        body.parts.clear()

    def _make_room(self, newcomer: _Unfinished, size: int) -> None:
        """End the unfinished bodies that have held most for longest, until a part of the memory is free.

        By bytes times seconds: a client that sends its body without pauses has used little of it whatever the body's
        size, and a small body hardly any even when it comes slowly.
        """
        now_s = monotonic_s()
        others = [one for one in self._unfinished.items() if one[1].held and one[1] is not newcomer]
        others.sort(key=lambda one: one[1].held * (now_s - one[1].began_s), reverse=True)
        needed = max(size, self._held_bytes_max // FREED)
        for task, body in others:
            if self._held_bytes + needed <= self._held_bytes_max:
                break
            self._end(task, body, ServerBusy)
