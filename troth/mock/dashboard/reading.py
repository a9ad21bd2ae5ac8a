"""What pages read: the control plane of their sandbox, within the process, as its other clients read it over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson

if TYPE_CHECKING:
    from troth.mock.calls import Caller

REFUSED_MIN = 400


class RefusedError(Exception):
    """The control plane has refused to answer: for a host of another site, a filter that it does not take, a call that
    is not kept.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status, self.message = status, message


class ControlPlane:
    """The control plane of one sandbox.

    `host` is what the page was asked for as: the guard of the control plane judges it.
    """

    def __init__(self, caller: Caller, host: bytes) -> None:
        self._caller, self._headers = caller, {b"host": host} if host else {}

    async def get(self, path: str, **query: str) -> Any:
        """The JSON at a path below `/_troth`. Raises RefusedError."""
        target = f"/_troth{path}".encode()
        answered = await self._caller.send("GET", target, urlencode(query).encode(), self._headers, b"")
        body = orjson.loads(answered.body)
        if answered.status >= REFUSED_MIN:
            raise RefusedError(answered.status, body["error"]["message"])
        return body
