"""Reception: reading request bodies, each within a time and a size, all together within a bound of memory."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from starlette.requests import ClientDisconnect

from models.kernel.clock import monotonic_s
from models.kernel.problems import BodyTimeout, ServerBusy
from troth.request.bodies import BODY_BYTES_MAX

if TYPE_CHECKING:
    from starlette.types import Receive

BODY_SECONDS_MAX = 30.0
"""From the head to the last byte of the body: half a body must not hold a connection for longer than half a head does."""

LOOKS = 10
"""How often bodies that are being read are looked at within that time. One timer for all: a timer for each costs more than
to validate a small request."""

DRAIN_BYTES_MAX = 16 << 20
"""What is read of a body that is too large, so that a client which sends first and reads afterwards gets its answer."""

HELD_BYTES_MAX = 128 << 20
"""Of bodies that have been read and not been answered, all together; beyond it, requests with a body are refused."""


class Reception:
    """Reads the bodies of the requests of one event loop."""

    def __init__(self, body_s: float = BODY_SECONDS_MAX) -> None:
        self.body_s = body_s
        """How long a body may take."""
        self._deadlines: dict[asyncio.Task[Any], float] = {}
        """The tasks that read a body, and until when."""
        self._late: set[asyncio.Task[Any]] = set()
        """Those of them that have been cancelled since it took too long."""
        self._timer: asyncio.TimerHandle | None = None
        self._held_bytes = 0
        self._stopping = False

    async def read(self, receive: Receive) -> bytes | None:
        """The body, or None when it is larger than 1 MiB. Whoever has it calls `release` when it is not needed any more.

        Raises ClientDisconnect when the client leaves before the end, since half a body must not be served as a whole one;
        BodyTimeout when it does not end in time; ServerBusy when too many bodies are held already.
        """
        task = asyncio.current_task()
        assert task is not None, "servers run each request in a task"
        self._deadlines[task] = 0 if self._stopping else monotonic_s() + self.body_s
        if self._timer is None:
            self._start_timer()
        try:
            return await self._read(receive)
        except asyncio.CancelledError:
            if task not in self._late or task.uncancel():  # somebody else has cancelled it as well
                raise
            raise BodyTimeout from None
        finally:
            del self._deadlines[task]
            self._late.discard(task)

    def release(self, body: bytes | None) -> None:
        """The body is not held any more."""
        if body:
            self._held_bytes -= len(body)

    def stop(self) -> None:
        """Wait no longer for the rest of bodies: a client that never sends it must not hold up the server's exit."""
        self._stopping = True
        for task in self._deadlines:
            self._deadlines[task] = 0
        self._look()

    def _start_timer(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(0 if self._stopping else self.body_s / LOOKS, self._look)

    def _look(self) -> None:
        """Cancel the tasks whose time is over."""
        self._timer = None
        now_s = monotonic_s()
        for task, deadline_s in self._deadlines.items():
            if deadline_s <= now_s and task not in self._late:
                self._late.add(task)
                task.cancel()
        if self._deadlines:
            self._start_timer()

    async def _read(self, receive: Receive) -> bytes | None:
        parts: list[bytes] = []
        size = held = 0
        try:
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnect
                part = message.get("body", b"")
                size += len(part)
                if size <= BODY_BYTES_MAX:
                    parts.append(part)
                    held += self._hold(len(part))
                if not message.get("more_body", False) or size > DRAIN_BYTES_MAX:
                    break
        except BaseException:
            self._held_bytes -= held
            raise
        if size > BODY_BYTES_MAX:
            self._held_bytes -= held
            return None
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _hold(self, size: int) -> int:
        if self._held_bytes + size > HELD_BYTES_MAX:
            raise ServerBusy
        self._held_bytes += size
        return size
