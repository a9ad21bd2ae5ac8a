"""What stands before the application: exactly one Host, and a count of the requests under way.

One layer for both: each coroutine around another costs every request.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from troth.server.host import has_one_host, refuse_host

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UnderWay:
    """An application that is asked by requests with one host only, and knows how many of them are not finished.

    Belongs to one event loop. The count is for the end: the server waits for them.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._count = 0
        self._none: asyncio.Event | None = None
        """Set when the last is finished, once somebody waits for that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._count += 1
        try:
            if has_one_host(scope):
                await self._app(scope, receive, send)
            else:
                await refuse_host(send)
        finally:
            self._count -= 1
            if self._none is not None and not self._count:
                self._none.set()

    async def finish(self, seconds: float) -> bool:
        """Wait until no request is under way; False when some are left after that time."""
        self._none = asyncio.Event()
        if not self._count:
            return True
        try:
            await asyncio.wait_for(self._none.wait(), seconds)
        except TimeoutError:
            return False
        return True
