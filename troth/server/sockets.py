"""The sockets that a server listens on."""

from __future__ import annotations

import errno
import socket

LOOPBACK = ("127.0.0.1", "::1")
"""A client that resolves `localhost` may try either address first, and some (Node.js 18) try only the first they get."""

BACKLOG = 1_024
"""Connections that the kernel keeps until they are accepted."""

PORT_ATTEMPTS_MAX = 20
"""How often a free port is looked for that is free on every address."""


class CannotListen(Exception):
    """The address is taken, not this machine's, or not permitted."""


def listen(host: str, port: int) -> list[socket.socket]:
    """Listening sockets of a host, all on one port; port 0 picks a free one. Raises CannotListen.

    `localhost` and 127.0.0.1 listen on ::1 as well where the machine has IPv6. ::1 alone listens on ::1 only.
    """
    if host not in ("localhost", LOOPBACK[0]):
        return [_listen(host, port)]
    for _ in range(PORT_ATTEMPTS_MAX):
        first = _listen(LOOPBACK[0], port)
        try:
            return [first, _listen(LOOPBACK[1], _port(first))]
        except CannotListen as error:
            reason = error.__cause__
            if not isinstance(reason, OSError) or reason.errno != errno.EADDRINUSE:
                return [first]  # no IPv6 on this machine
            first.close()
            if port:
                raise
    raise CannotListen(f"no port is free on both {' and '.join(LOOPBACK)}")


def _listen(host: str, port: int) -> socket.socket:
    opened: socket.socket | None = None
    try:
        opened = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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
