"""Answers leave in one write, whole and in order, over a real socket too."""

import asyncio
import socket

import httpx2

from tests.support.live import troth
from troth.joined_writes import JOINED_BYTES_MAX, JoinedWrites


class Transport:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def write(self, data: bytes) -> None:
        self.told.append(data)

    def close(self) -> None:
        self.told.append("closed")

    def is_closing(self) -> bool:
        return "closed" in self.told


def written(*steps: object) -> list[object]:
    """What reaches the transport for some writes (bytes), pauses (None) and closings (str)."""

    async def play() -> list[object]:
        real = Transport()
        joined = JoinedWrites(real, asyncio.get_running_loop())  # type: ignore[arg-type]
        for step in steps:
            if isinstance(step, bytes):
                joined.write(step)
            elif step is None:
                await asyncio.sleep(0)
            else:
                joined.close()
                assert joined.is_closing()
        await asyncio.sleep(0)
        return real.told

    return asyncio.run(play())


def test_what_is_written_in_one_step_is_one_write() -> None:
    assert written(b"head", b"body", None, b"next") == [b"headbody", b"next"]


def test_closing_writes_first_what_is_left() -> None:
    assert written(b"head", b"body", "close") == [b"headbody", "closed"]


def test_large_pieces_do_not_pile_up() -> None:
    large = b"x" * (JOINED_BYTES_MAX + 1)
    assert written(b"head", large, b"tail") == [b"head" + large, b"tail"]


def test_a_real_connection_is_kept_closed_and_pipelined_as_ever() -> None:
    request = b"GET /saasquatch/api/v1/nobody/users HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    with troth("mock") as url:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])), timeout=5) as opened:
            opened.sendall(request % b"" + request % b"" + request % b"Connection: close\r\n")
            received = b""
            while part := opened.recv(65_536):
                received += part
        assert received.count(b"HTTP/1.1 404 Not Found") == 3
        assert received.count(b'"rsCode":"RS038"') == 3
        with httpx2.Client() as http:
            assert len(http.get(f"{url}/docs/saasquatch/swagger-ui-bundle.js").content) > 1_000_000
            assert http.head(f"{url}/docs/saasquatch/").status_code == 200
            assert http.put(f"{url}/saasquatch/api/v1/demo/open/account/a/user/u", content=b"x" * (2 << 20), auth=("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"),
                            headers={"Content-Type": "application/json"}).status_code == 413
