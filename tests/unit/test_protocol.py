"""The server's protocol, over real sockets: answers leave whole, in order and in one write; connections are kept and closed."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
import uvicorn

from tests.support.live import troth
from troth.protocol import LeanProtocol
from troth.serving import listen

REQUEST = b"%s /%s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answers as the path says."""
    path = scope["path"].strip("/")
    if path == "echo":
        await echo(receive, send)
    elif path in ANSWERS:
        await answer(send, *ANSWERS[path])
    elif path in ("chunks", "empty"):
        await send({"type": "http.response.start", "status": 200 if path == "chunks" else 204, "headers": []})
        for piece in (b"one", b"", b"two") if path == "chunks" else ():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body"})
    elif path in ("short", "long"):
        await answer(send, b"abc", length=4 if path == "short" else 2)
    elif path == "twice":
        await answer(send, b"abc")
        await answer(send, b"def")
    elif path == "broken":
        raise ValueError("broken")
    else:
        await asyncio.sleep(0.3 if path == "slow" else 0)
        await answer(send, path.encode())


ANSWERS: dict[str, tuple[Any, ...]] = {
    "close": (b"bye", (b"Connection", b"close")), "split": (b"x", (b"location", b"/a\r\nset-cookie: b=1")),
    "nul": (b"x", (b"location", b"/a\0")),
}


async def echo(receive: Any, send: Any) -> None:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    await answer(send, body)


async def answer(send: Any, body: bytes, *headers: tuple[bytes, bytes], length: int | None = None) -> None:
    size = str(len(body) if length is None else length).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [*headers, (b"Content-Length", size)]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def serving(keep_alive_s: float = 5) -> Iterator[int]:
    """The application behind the protocol; its port."""
    opened = listen("127.0.0.1", 0)
    server = uvicorn.Server(uvicorn.Config(app, loop="uvloop", http=LeanProtocol, access_log=False, log_level="critical",
                                           timeout_keep_alive=keep_alive_s, lifespan="off"))  # type: ignore[arg-type]  # seconds
    thread = threading.Thread(target=server.run, kwargs={"sockets": [opened]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield opened.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serving() as found:
        yield found


def talk(port: int, sent: bytes) -> bytes:
    """All that comes back until the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=5) as opened:
        opened.sendall(sent)
        received = b""
        while part := opened.recv(65_536):
            received += part
        return received


def get(path: bytes, method: bytes = b"GET", *, last: bool = True) -> bytes:
    return REQUEST % (method, path, b"Connection: close\r\n" if last else b"")


def bodies(received: bytes) -> list[bytes]:
    """The bodies of answers that say their length."""
    found = []
    while received:
        head, _, rest = received.partition(b"\r\n\r\n")
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length"))
        found.append(rest[:length])
        received = rest[length:]
    return found


def test_an_answer_is_one_write(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as opened:
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        opened.sendall(get(b"hello", last=False))
        assert opened.recv(65_536).endswith(b"content-length: 5\r\n\r\nhello")
        opened.sendall(get(b"again", last=False))
        assert opened.recv(65_536).endswith(b"again")


def test_requests_that_are_sent_at_once_are_answered_in_order(port: int) -> None:
    received = talk(port, get(b"one", last=False) + get(b"slow", last=False) + get(b"three"))
    assert bodies(received) == [b"one", b"slow", b"three"]


def test_bodies_of_requests(port: int) -> None:
    large = b"x" * 300_000
    for body in (b"", b"abc", large):
        sent = REQUEST % (b"POST", b"echo", b"Connection: close\r\nContent-Length: %d\r\n" % len(body)) + body
        assert bodies(talk(port, sent)) == [body]
    waits = REQUEST % (b"POST", b"echo", b"Connection: close\r\nExpect: 100-continue\r\nContent-Length: 3\r\n") + b"abc"
    assert talk(port, waits).startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_without_a_length_an_answer_comes_in_chunks(port: int) -> None:
    head, _, body = talk(port, get(b"chunks")).partition(b"\r\n\r\n")
    assert b"transfer-encoding: chunked" in head
    assert body == b"3\r\none\r\n3\r\ntwo\r\n0\r\n\r\n"


def test_answers_without_a_body(port: int) -> None:
    assert talk(port, get(b"hello", b"HEAD")).endswith(b"content-length: 5\r\nconnection: close\r\n\r\n")
    empty = talk(port, get(b"empty"))
    assert empty.startswith(b"HTTP/1.1 204 ")
    assert empty.endswith(b"connection: close\r\n\r\n")
    assert b"content-length" not in empty
    assert b"chunked" not in empty


def test_who_closes(port: int) -> None:
    assert talk(port, get(b"close", last=False)).count(b"onnection: close") == 1
    assert talk(port, get(b"hello")).count(b"connection: close") == 1
    assert bodies(talk(port, b"GET /old HTTP/1.0\r\n\r\n")) == [b"old"]


@pytest.mark.parametrize("path", [b"split", b"nul", b"broken"])
def test_a_header_that_would_be_two_and_an_error_before_the_answer(port: int, path: bytes) -> None:
    received = talk(port, get(path))
    assert b"set-cookie" not in received
    assert path == b"broken" or received == b"", "the answer had begun: the connection is closed"
    assert path != b"broken" or received.startswith(b"HTTP/1.1 500 ")


def test_a_body_that_is_not_as_long_as_it_says(port: int) -> None:
    assert talk(port, get(b"long", last=False)) == b""
    assert talk(port, get(b"short", last=False)).endswith(b"content-length: 4\r\n\r\nabc"), "closed before the fourth byte"


def test_what_comes_after_the_end_of_an_answer_is_not_sent(port: int) -> None:
    assert bodies(talk(port, get(b"twice"))) == [b"abc"]


def test_what_is_no_request(port: int) -> None:
    assert talk(port, b"\0\1\2\r\n\r\n").startswith(b"HTTP/1.1 400 ")


def test_an_idle_connection_is_closed_and_a_busy_one_is_not() -> None:
    with serving(keep_alive_s=0.4) as port, socket.create_connection(("127.0.0.1", port), timeout=5) as opened:
        for _ in range(4):
            opened.sendall(get(b"hello", last=False))
            assert opened.recv(65_536).endswith(b"hello")
            time.sleep(0.25)  # longer in all than an idle connection is kept
        started = time.monotonic()
        assert opened.recv(65_536) == b""
        assert time.monotonic() - started < 3


def test_the_whole_server_behind_it() -> None:
    request = b"GET /saasquatch/api/v1/nobody/users HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    with troth("mock") as url:
        received = talk(int(url.rpartition(":")[2]), request % b"" + request % b"" + request % b"Connection: close\r\n")
        assert received.count(b"HTTP/1.1 404 Not Found") == 3
        assert received.count(b'"rsCode":"RS038"') == 3
        with httpx2.Client() as http:
            assert len(http.get(f"{url}/docs/saasquatch/swagger-ui-bundle.js").content) > 1_000_000
            assert http.head(f"{url}/docs/saasquatch/").status_code == 200
            assert http.put(f"{url}/saasquatch/api/v1/demo/open/account/a/user/u", content=b"x" * (2 << 20), auth=("", "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"),
                            headers={"Content-Type": "application/json"}).status_code == 413
