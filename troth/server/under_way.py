"""The requests under way, counted so that the server can wait for them when it stops."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class UnderWay:
    """An application that knows how many of its requests are not finished. Belongs to one event loop."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._count = 0
        self._none: asyncio.Event | None = None
        """Set when the last is finished, once somebody waits for that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._count += 1
        try:
            await self._app(scope, receive, send)
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
