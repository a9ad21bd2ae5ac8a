"""A closed-loop load client: some keep-alive connections, one request in flight on each, no pipelining."""

import asyncio
from collections.abc import Iterator
from typing import Any

CONNECTIONS = 16
_END = b"\r\n\r\n"
_LENGTH = b"content-length: "


class _Connection(asyncio.Protocol):
    def __init__(self, requests: Iterator[bytes], tally: "Tally") -> None:
        self.requests = requests
        self.tally = tally
        self.buffer = b""
        self.transport: Any = None

    def connection_made(self, transport: Any) -> None:
        self.transport = transport
        transport.write(next(self.requests))

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data if self.buffer else data
        end = data.find(_END)
        if end < 0:
            self.buffer = data
            return
        at = data.find(_LENGTH, 0, end)
        length = int(data[at + len(_LENGTH):data.find(b"\r", at)])
        if len(data) < end + len(_END) + length:
            self.buffer = data
            return
        self.buffer = b""
        if data.startswith(b"HTTP/1.1 20"):
            self.tally.good += 1
        else:
            self.tally.bad += 1
            self.tally.example = data
        if self.tally.running:
            self.transport.write(next(self.requests))
        else:
            self.transport.close()


class Tally:
    """How many answers came."""

    def __init__(self) -> None:
        self.good = self.bad = 0
        self.example = b""
        self.running = True


async def load(port: int, requests: Iterator[bytes], seconds: float, connections: int = CONNECTIONS) -> tuple[int, float]:
    """Send one request after the other for some seconds; (answers, seconds). Any answer but a success is an error."""
    loop = asyncio.get_running_loop()
    tally = Tally()
    made = [await loop.create_connection(lambda: _Connection(requests, tally), "127.0.0.1", port) for _ in range(connections)]
    began, before = loop.time(), tally.good
    await asyncio.sleep(seconds)
    count, took = tally.good - before, loop.time() - began
    tally.running = False
    for transport, _ in made:
        transport.close()
    if tally.bad or not count:
        raise RuntimeError(f"{tally.bad} answers were refusals, e.g. {tally.example[:300]!r}")
    return count, took
