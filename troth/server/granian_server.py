"""Granian on sockets of ours.

What is private to Granian is in this module; its version is pinned exactly for that reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from granian._granian import SocketHolder
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server

from troth.server.sockets import BACKLOG

if TYPE_CHECKING:
    import socket

    from starlette.types import ASGIApp

HEAD_TIMEOUT_MS = 30_000
"""For the whole head of a request, and so for an idle connection too."""

HEAD_BYTES_MAX = 64 << 10
"""A larger head is answered 431. Each connection may fill a buffer of this size before anything is known of its
caller.
"""

CONNECTIONS_MAX = 4_096
"""Open connections; more wait in the kernel's backlog. Granian's own default, 128, would let 128 idle clients shut out
the rest.

Granian accepts connections without asking Python, so that there is no limit for each client: a proxy in front has one.
"""


class SocketServer(Server):
    """Serves an application on a socket that is listening already, in the running event loop.

    A socket of ours, since Granian opens its own with SO_REUSEPORT: a second server on the same port would start
    without an error and take half of the connections, and a port that was chosen by the kernel (port 0) could not be
    found out.
    """

    def __init__(self, app: ASGIApp, opened: socket.socket, head_timeout_ms: int = HEAD_TIMEOUT_MS) -> None:
        # HTTP/1.1 only: with HTTP/2 switched on, the head's timeout is off. Lifespan is ours, once for all sockets.
        super().__init__(
            app,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            backpressure=CONNECTIONS_MAX,
            backlog=BACKLOG,
            http1_settings=HTTP1Settings(header_read_timeout=head_timeout_ms, max_buffer_size=HEAD_BYTES_MAX),
            log_enabled=False,
            log_level=LogLevels.critical,
        )
        self._opened = opened

    def _init_shared_socket(self) -> None:
        fd = self._opened.detach()  # Granian closes it when it stops
        self._shd: SocketHolder = SocketHolder(fd, False, self.backlog)  # type: ignore[call-arg, assignment]  # its stub has neither
        self._ssp = None

    def begin_stop(self) -> None:
        """Accept nothing more, and let `serve` end once the requests under way are finished."""
        self.stop()  # type: ignore[no-untyped-call]  # Granian's
