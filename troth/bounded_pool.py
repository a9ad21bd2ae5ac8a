"""Threads for work that would hold up the event loop, with a bound on what waits for them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

from models.kernel.problems import ServerBusy
from troth.threads import DaemonPool

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")


class BoundedPool:
    """A thread pool for one event loop. Beyond `waiting_max` calls that wait for a thread, further ones are refused."""

    def __init__(self, threads: int, waiting_max: int, name: str) -> None:
        self._threads = DaemonPool(threads, name)
        self._calls_max = threads + waiting_max
        self._calls = 0

    async def run(self, work: Callable[..., Result], *arguments: Any) -> Result:
        """The result of a call in a thread. Raises ServerBusy when too many wait; it was not called then.

        A call that has begun goes on when the caller leaves, and counts until it ends.
        """
        if self._calls >= self._calls_max:
            raise ServerBusy
        self._calls += 1
        future = asyncio.get_running_loop().run_in_executor(self._threads, work, *arguments)
        future.add_done_callback(self._ended)
        return await asyncio.shield(future)

    def _ended(self, future: asyncio.Future[Any]) -> None:
        self._calls -= 1
        if not future.cancelled():
            future.exception()  # was raised in `run`, or nobody waits for it any more

    def close(self, timeout_s: float) -> bool:
        """Wait for the calls that have begun; those that wait are dropped.

        False when some have not ended in that time.
        """
        return self._threads.close(timeout_s)
