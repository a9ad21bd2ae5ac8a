"""The sockets that a server listens on."""

from __future__ import annotations

import errno
import socket

from troth.starting import CannotStart

LOOPBACK = ("127.0.0.1", "::1")
"""A client that resolves `localhost` may try either address first, and some (Node.js 18) try only the first they
get.
"""

BACKLOG = 1_024
"""Connections that the kernel keeps until they are accepted."""

UNREAD_MS = 30_000
"""How long a client may leave an answer unread. Then the kernel closes the connection: the server's answer waits in
memory until then, and it is one of the connections that may be open. A client that reads anything within this time goes
on.
"""

PORT_ATTEMPTS_MAX = 20
"""How often a free port is looked for that is free on every address."""


class CannotListen(CannotStart):
    """The address is taken, not this machine's, or not permitted."""


def listen(host: str, port: int, *, unread_ms: int = UNREAD_MS) -> list[socket.socket]:
    """Listening sockets of a host, all on one port; port 0 picks a free one. Raises CannotListen.

    `localhost` and 127.0.0.1 listen on ::1 as well where the machine has IPv6. ::1 alone listens on ::1 only. On Linux
    a connection is closed when its client leaves an answer unread for `unread_ms` milliseconds.
    """
    if host not in ("localhost", LOOPBACK[0]):
        return [_listen(host, port, unread_ms)]
    for _ in range(PORT_ATTEMPTS_MAX):
        first = _listen(LOOPBACK[0], port, unread_ms)
        try:
            return [first, _listen(LOOPBACK[1], _port(first), unread_ms)]
        except CannotListen as error:
            reason = error.__cause__
            if not isinstance(reason, OSError) or reason.errno != errno.EADDRINUSE:
                return [first]  # no IPv6 on this machine
            first.close()
            if port:
                raise
    raise CannotListen(f"no port is free on both {' and '.join(LOOPBACK)}")


def _listen(host: str, port: int, unread_ms: int) -> socket.socket:
    opened: socket.socket | None = None
    try:
        opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
            # The connections that are accepted inherit it. Granian has no timeout for writing, and its `send` returns
            # as soon as the answer is handed over, so that nothing above the kernel can see that a client does not
            # read.
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, unread_ms)
        if ":" in host and host != "::":
            opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        opened.bind((host, port))
        opened.listen(BACKLOG)
        opened.setblocking(False)
    except OSError as error:
        if opened is not None:
            opened.close()
        raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror or error}") from error
    return opened


def _port(opened: socket.socket) -> int:
    return int(opened.getsockname()[1])


def port_of(sockets: list[socket.socket]) -> int:
    """The port that all of these listen on."""
    return _port(sockets[0])
