"""A closed-loop load client: some keep-alive connections, one request in flight on each, no pipelining.

It is a bare loop over non-blocking sockets: a client that does more than that is slower than what it measures.
"""

import selectors
import socket
from collections.abc import Iterator

from models.kernel.clock import monotonic_s

CONNECTIONS = 16
RECEIVE_BYTES = 65_536
WAIT_SECONDS_MAX = 10
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


def _whole(data: bytes) -> bool:
    """Whether these bytes are a whole answer."""
    end = data.find(_END)
    if end < 0:
        return False
    at = data.find(_LENGTH, 0, end) + len(_LENGTH)
    return len(data) >= end + len(_END) + int(data[at : data.find(b"\r", at)])


class _Connection:
    """One connection, and what it has received of its answer."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=WAIT_SECONDS_MAX)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.send = self.socket.send
        self.recv = self.socket.recv
        self.received = b""

    def answer(self) -> bytes | None:
        """The answer when all of it is there. Raises ConnectionError when the server has closed."""
        data = self.recv(RECEIVE_BYTES)
        if not data:
            raise ConnectionError("the server closed a connection")
        data = self.received + data
        if not _whole(data):
            self.received = data
            return None
        self.received = b""
        return data


def load(
    port: int, requests: Iterator[bytes], seconds: float, connections: int = CONNECTIONS, *, awake: bool = False
) -> tuple[int, float]:
    """Send one request after the other for some seconds; (answers, seconds).

    Raises RuntimeError for any answer but a success. An `awake` client polls: one that sleeps between two answers has
    to be woken by the server's own system call, which on a virtual machine can cost the server more than the whole
    answer. It needs a core for itself.
    """
    made = [_Connection(port) for _ in range(connections)]
    with selectors.DefaultSelector() as selector:
        try:
            for connection in made:
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                connection.send(next(requests))
            return _drive(selector, requests, seconds, 0 if awake else WAIT_SECONDS_MAX)
        finally:
            for connection in made:
                connection.socket.close()


def _drive(
    selector: selectors.BaseSelector, requests: Iterator[bytes], seconds: float, timeout: float
) -> tuple[int, float]:
    began = now = monotonic_s()
    last = began
    count = 0
    while now - began < seconds:
        for key, _ in selector.select(timeout):
            connection = key.data
            data = connection.answer()
            if data is not None:
                if not data.startswith(b"HTTP/1.1 20"):
                    raise RuntimeError(f"an answer was a refusal: {data[:300]!r}")
                count += 1
                connection.send(next(requests))
                last = now
        now = monotonic_s()
        if now - last > WAIT_SECONDS_MAX:
            raise RuntimeError("no answer has come")
    if not count:
        raise RuntimeError("no answer has come in time")
    return count, now - began
