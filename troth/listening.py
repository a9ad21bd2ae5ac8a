"""The socket that a server listens on."""

import socket


class CannotListen(Exception):
    """The address is taken, not this machine's, or not to be had."""


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 picks a free one. Raises CannotListen."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    opened = socket.socket(family, socket.SOCK_STREAM)
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((host, port))
    except OSError as error:
        opened.close()
        raise CannotListen(f"cannot listen on {host}:{port}: {error.strerror}") from error
    return opened
