"""HTTP/1.1 over a plain socket, for what no client library sends."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

WAIT_S = 10.0


@dataclass
class Talk:
    """What came back until the server closed the connection, or until nothing came for `WAIT_S`."""

    data: bytes = b""
    closed: bool = False
    seconds: float = 0.0
    statuses: list[int] = field(default_factory=list)

    @property
    def status(self) -> int:
        return self.statuses[0] if self.statuses else 0


class Connection:
    """One connection to a server on loopback."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self.socket = socket.create_connection((host, port), WAIT_S)
        self.began = time.monotonic()

    def send(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self, size: int = 65_536, wait_s: float = WAIT_S) -> bytes:
        """Some of what has come; empty when the server has closed. Raises TimeoutError."""
        self.socket.settimeout(wait_s)
        return self.socket.recv(size)

    def rest(self, wait_s: float = WAIT_S) -> Talk:
        """Read until the server closes the connection, or sends nothing for `wait_s`."""
        talk = Talk()
        try:
            while data := self.read(wait_s=wait_s):
                talk.data += data
            talk.closed = True
        except TimeoutError:
            pass
        except ConnectionError:
            talk.closed = True
        talk.seconds = time.monotonic() - self.began
        talk.statuses = [int(part[:3]) for part in talk.data.split(b"HTTP/1.1 ")[1:]]
        return talk

    def close(self) -> None:
        self.socket.close()


@contextlib.contextmanager
def connection(port: int, host: str = "127.0.0.1") -> Iterator[Connection]:
    made = Connection(port, host)
    try:
        yield made
    finally:
        made.close()


def talk(port: int, *pieces: bytes, host: str = "127.0.0.1", wait_s: float = WAIT_S) -> Talk:
    """Send pieces, and read all that comes."""
    with connection(port, host) as opened:
        with contextlib.suppress(ConnectionError):
            for piece in pieces:
                opened.send(piece)
        return opened.rest(wait_s)


def get(path: str, *headers: str, host: str = "localhost") -> bytes:
    """The bytes of a GET that closes its connection."""
    return "\r\n".join([f"GET {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]).encode(
        "latin-1"
    )


def post(path: str, body: bytes, *headers: str, length: int | None = None) -> bytes:
    """The bytes of a JSON POST that closes its connection; `length` is said instead of the body's own."""
    size = len(body) if length is None else length
    lines = [
        f"POST {path} HTTP/1.1",
        "Host: localhost",
        "Connection: close",
        "Content-Type: application/json",
        f"Content-Length: {size}",
    ]
    return "\r\n".join([*lines, *headers, "", ""]).encode("latin-1") + body


def together(count: int, work: object) -> list[threading.Thread]:
    """Start threads that each run `work`."""
    threads = [threading.Thread(target=work, daemon=True) for _ in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    return threads
