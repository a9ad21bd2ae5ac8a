"""What stands before the application: exactly one Host, and a record of the requests under way.

One layer for both: each coroutine around another costs every request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from troth.server.host import has_one_host, refuse_host

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UnderWay:
    """An application that gets requests with one Host header only, and knows which of them are not finished.

    Belongs to one event loop. This is for the end: the server waits for them, and then cuts them off. Each has a task
    of its own.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._tasks: set[asyncio.Task[Any] | None] = set()
        self._none: asyncio.Event | None = None
        """Set when the last is finished; None until a caller waits for that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        self._tasks.add(task)
        try:
            if has_one_host(scope):
                await self._app(scope, receive, send)
            else:
                await refuse_host(send)
        finally:
            self._tasks.discard(task)
            if self._none is not None and not self._tasks:
                self._none.set()

    async def finish(self, seconds: float) -> bool:
        """Wait until no request is under way; False when some are left after that time."""
        self._none = asyncio.Event()
        if not self._tasks:
            return True
        try:
            await asyncio.wait_for(self._none.wait(), seconds)
        except TimeoutError:
            return False
        return True

    def cut_off(self) -> None:
        """Cancel the requests that are under way.

        Granian ends when the last of its connections does. Left to the end of the event loop, which cancels every task,
        it would end after the task that waits for it: its callback would then raise InvalidStateError.
        """
        for task in self._tasks:
            if task is not None:
                task.cancel()
