"""A server that is too busy: its 503 can be read by clients that send their body first, over raw sockets and httpx."""

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.raw_http import connection, post, talk
from tests.support.serving import Served, memory_server, serving
from troth.request import reception

REDEEM = "/saasquatch/api/v1/demo/credit/bulkredeem"
MIB = 1 << 20
MORE = b"GET /_health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """A server whose queue is full."""
    monkeypatch.setattr(reception, "REFUSED_S_MAX", 0.5)
    server = memory_server()
    monkeypatch.setattr(server.compiled.admission, "full", lambda: True)
    with serving(server) as made:
        yield made
    server.close()


def kept(request: bytes) -> bytes:
    return request.replace(b"Connection: close\r\n", b"")


@pytest.mark.parametrize("size", [2, 200_000, MIB])
def test_who_sends_its_body_first_reads_the_refusal_and_keeps_the_connection(busy: Served, size: int) -> None:
    with connection(busy.port) as opened:
        opened.send(kept(post(REDEEM, b" " * size)))
        answer = opened.read()
        assert answer.startswith(b"HTTP/1.1 503 ")
        assert b"SERVER_BUSY" in answer
        assert b"retry-after: 1" in answer.lower()
        assert b"connection: close" not in answer.lower()
        opened.send(MORE)
        assert opened.rest().status == 200


def test_so_does_who_sends_it_in_chunks(busy: Served) -> None:
    head = kept(post(REDEEM, b"", "Transfer-Encoding: chunked")).replace(b"Content-Length: 0\r\n", b"")
    with connection(busy.port) as opened:
        opened.send(head + b"40000\r\n%s\r\n0\r\n\r\n" % (b" " * 0x40000))
        assert opened.read().startswith(b"HTTP/1.1 503 ")
        opened.send(MORE)
        assert opened.rest().status == 200


@pytest.mark.parametrize("body", [b"", b" " * 1_000])
def test_a_body_that_does_not_come_is_not_waited_for(busy: Served, body: bytes) -> None:
    found = talk(busy.port, kept(post(REDEEM, body, length=100_000)))
    assert (found.statuses, found.closed) == ([503], True)
    assert b"connection: close" in found.data.lower()
    assert 0.4 < found.seconds < 3


def test_a_body_that_drips_gets_no_more_time(busy: Served) -> None:
    with connection(busy.port) as opened:
        opened.send(kept(post(REDEEM, b" ", length=100)))
        opened.socket.settimeout(0.1)
        for _ in range(20):
            try:
                if opened.socket.recv(1_000).startswith(b"HTTP/1.1 503 "):
                    return
            except TimeoutError:
                opened.send(b" ")
    raise AssertionError("it was waited for")


def test_a_larger_body_is_not_read(busy: Served) -> None:
    found = talk(busy.port, kept(post(REDEEM, b"{", length=MIB + 1)))
    assert (found.statuses, found.closed) == ([503], True)
    assert b"connection: close" in found.data.lower()
    assert found.seconds < 0.4


def test_chunks_without_end_are_read_to_the_limit(busy: Served) -> None:
    head = kept(post(REDEEM, b"", "Transfer-Encoding: chunked")).replace(b"Content-Length: 0\r\n", b"")
    found = talk(busy.port, head + (b"10000\r\n%s\r\n" % (b" " * 0x10000)) * 17)
    assert (found.statuses, found.closed) == ([503], True)
    assert b"connection: close" in found.data.lower()


def test_a_client_that_asks_first_is_not_asked_for_its_body(busy: Served) -> None:
    found = talk(busy.port, kept(post(REDEEM, b"", "Expect: 100-continue", length=500)))
    assert (found.statuses, found.closed) == ([503], True)
    assert b"connection: close" in found.data.lower()
    assert found.seconds < 0.4


def test_a_client_library_gets_the_refusal_each_time(busy: Served) -> None:
    with httpx2.Client(base_url=f"http://127.0.0.1:{busy.port}") as client:
        for size in (2, 100_000, MIB - 10, MIB, 300_000):
            answer = client.post(REDEEM, content=b" " * size, headers={"Content-Type": "application/json"})
            assert (answer.status_code, answer.json()["apiErrorCode"]) == (503, "SERVER_BUSY"), size
        assert client.get("/_health/live").status_code == 200
