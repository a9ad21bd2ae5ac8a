"""The HTTP server over raw sockets: limits, timeouts, what is no request, and what several requests on a connection
do.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import orjson
import pytest

from tests.support.raw_http import connection, get, post, talk
from tests.support.serving import Served, memory_server, serving, serving_application, wait_until
from troth.request.heads import combined

HEAD_TIMEOUT_MS = 1_000
LIVE = get("/_health/live")
KEEP = b"GET /_health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
ADVANCE = "/_troth/clock/advance"
REDEEM = "/saasquatch/api/v1/demo/credit/bulkredeem"


@pytest.fixture(scope="module")
def troth() -> Iterator[Served]:
    server = memory_server()
    server.compiled.reception.body_s = 1.0
    with serving(server, head_timeout_ms=HEAD_TIMEOUT_MS) as made:
        yield made
    server.close()


@pytest.fixture(scope="module")
def echo() -> Iterator[Served]:
    """Answers what it has seen of a request, as JSON."""

    async def application(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        content = orjson.dumps(
            {
                "path": scope["path"],
                "raw_path": scope["raw_path"].decode(),
                "query": scope["query_string"].decode(),
                "body": body.decode("latin-1"),
                "headers": [[name.decode(), value.decode("latin-1")] for name, value in scope["headers"]],
            }
        )
        await send(
            {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(content))]}
        )
        await send({"type": "http.response.body", "body": content})

    with serving_application(application) as made:
        yield made


def seen(served: Served, request: bytes) -> Any:
    found = talk(served.port, request)
    assert found.status == 200, found.data
    return orjson.loads(found.data.partition(b"\r\n\r\n")[2])


class TestHeads:
    def test_more_than_a_hundred_headers_are_refused(self, troth: Served) -> None:
        assert talk(troth.port, get("/_health/live", *(f"X-{n}: 1" for n in range(90)))).status == 200
        refused = talk(troth.port, get("/_health/live", *(f"X-{n}: 1" for n in range(120))))
        assert (refused.status, refused.closed) == (431, True)

    def test_a_head_without_end_is_cut_off_at_64_kib(self, troth: Served) -> None:
        refused = talk(troth.port, get("/_health/live", "X-Long: " + "a" * 200_000))
        assert (refused.status, refused.closed) == (431, True)

    @pytest.mark.parametrize(
        "start", [b"", b"GET /_health/live HT", KEEP[:-2]], ids=["silence", "half a line", "half a head"]
    )
    def test_a_head_that_does_not_end_is_closed_in_time(self, troth: Served, start: bytes) -> None:
        found = talk(troth.port, start)
        assert (found.closed, found.data) == (True, b"")
        assert found.seconds < 5 * HEAD_TIMEOUT_MS / 1_000

    def test_an_idle_connection_is_closed_later_than_announced_to_the_client(self, troth: Served) -> None:
        with connection(troth.port) as opened:
            opened.send(KEEP)
            answer = opened.read()
            began = time.monotonic()
            assert b"keep-alive: timeout=1\r\n" in answer.lower()
            assert opened.read() == b""
            assert time.monotonic() - began >= HEAD_TIMEOUT_MS / 1_000 * 0.9

    @pytest.mark.parametrize(
        "head",
        [
            b"GET /_health/live HTTP/1.1\r\n\r\n",
            b"GET /_health/live HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            b"GET /_health/live HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        ],
        ids=["none", "two", "two in HTTP/1.0"],
    )
    def test_a_request_has_exactly_one_host(self, troth: Served, head: bytes) -> None:
        found = talk(troth.port, head)
        assert b" 400 " in found.data.partition(b"\r\n")[0]
        assert found.closed

    @pytest.mark.parametrize(
        "host",
        [
            "a b/@",
            "a, b",
            "a/b",
            "user@a",
            "[::1",
            "::1",
            "a:80:80",
            "a:http",
            "a%zz",
            "[zz]",
            "a?b",
            "a#b",
            "a\\b",
            "é",
        ],
    )
    def test_a_host_that_is_none_is_refused(self, troth: Served, host: str) -> None:
        found = talk(troth.port, get("/_health/live", host=host))
        assert (found.status, found.closed) == (400, True)

    @pytest.mark.parametrize(
        "host",
        [
            "a",
            "shop.example.org:8080",
            "a:",
            "127.0.0.1:80",
            "[::1]:80",
            "[::ffff:192.0.2.1]",
            "xn--bcher-kva_1",
            "a%20b",
        ],
    )
    def test_names_and_addresses_are_hosts(self, troth: Served, host: str) -> None:
        assert talk(troth.port, get("/_health/live", host=host)).status == 200

    def test_http_1_0_needs_none(self, troth: Served) -> None:
        assert b" 200 " in talk(troth.port, b"GET /_health/live HTTP/1.0\r\n\r\n").data.partition(b"\r\n")[0]

    @pytest.mark.parametrize(
        "line",
        [b"GET  / HTTP/1.1", b"GET / HTTP/1.1 x", b"\x16\x03\x01\x02\x00", b"GET / HTTP/9.9", b"G\x00T / HTTP/1.1"],
    )
    def test_what_is_no_request_is_refused(self, troth: Served, line: bytes) -> None:
        found = talk(troth.port, line + b"\r\nHost: localhost\r\n\r\n")
        assert found.closed
        assert found.data == b"" or b" 400 " in found.data.partition(b"\r\n")[0]


class TestHeaderLines:
    """Headers in several lines (RFC 9110, section 5.3)."""

    def test_lines_of_a_list_are_one_list_and_those_of_a_cookie_one_cookie(self) -> None:
        lines = [(b"prefer", b"a"), (b"cookie", b"b=1"), (b"host", b"x"), (b"prefer", b"c, d"), (b"cookie", b"e=2")]
        assert combined(lines) == {b"prefer": b"a, c, d", b"cookie": b"b=1; e=2", b"host": b"x"}

    @pytest.mark.parametrize("name", ["Authorization", "Content-Type", "Idempotency-Key", "Troth-Sandbox"])
    def test_two_lines_of_what_has_one_value_are_refused(self, troth: Served, name: str) -> None:
        found = talk(troth.port, get("/saasquatch/api/v1/demo/open/code/A", f"{name}: a", f"{name}: b"))
        message = orjson.loads(found.data.partition(b"\r\n\r\n")[2])["message"]
        assert (found.status, message) == (400, f"The header {name.lower()} came more than once.")


class TestBodies:
    def test_half_a_body_is_408_in_time_in_the_vendors_shape(self, troth: Served) -> None:
        found = talk(troth.port, post(REDEEM, b'{"grant', length=500))
        assert (found.status, found.closed) == (408, True)
        assert found.seconds < 5
        assert b"connection: close" in found.data.lower()
        assert orjson.loads(found.data.partition(b"\r\n\r\n")[2])["statusCode"] == 408

    @pytest.mark.parametrize(
        ("path", "member"),
        [
            ("/leat/oauth/token", "status_code"),
            ("/leat/api/v3/oauth/clients/contacts", "status_code"),
            ("/loyalty-core/api/v1/organizations/1/loyalty-members/HC-000042/mint", "statusCode"),
            (ADVANCE, "error"),
        ],
    )
    def test_a_late_body_is_408_in_every_api(self, troth: Served, path: str, member: str) -> None:
        found = talk(troth.port, post(path, b'{"grant', length=500))
        assert (found.status, found.closed) == (408, True)
        shape = orjson.loads(found.data.partition(b"\r\n\r\n")[2])
        assert shape[member] == 408 or shape[member]["code"] == "REQUEST_TIMEOUT"

    def test_a_body_that_drips_does_not_get_more_time(self, troth: Served) -> None:
        with connection(troth.port) as opened:
            opened.send(post(REDEEM, b"", length=500))
            stop = threading.Event()

            def drip() -> None:
                while not stop.wait(0.2):
                    try:
                        opened.send(b" ")
                    except OSError:
                        return

            threading.Thread(target=drip, daemon=True).start()
            found = opened.rest()
            stop.set()
        assert (found.status, found.closed) == (408, True)
        assert found.seconds < 5

    @pytest.mark.parametrize("chunk", [b"zz\r\n", b"-1\r\n", b"f" * 19 + b"\r\n", b'5\r\n{"a": 1}'])
    def test_a_body_whose_chunks_cannot_be_read_is_refused_in_the_vendors_shape(
        self, troth: Served, chunk: bytes
    ) -> None:
        head = f"POST {REDEEM} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        found = talk(troth.port, head.encode() + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)
        assert (found.status, found.closed) == (400, True)
        assert "transfer coding is broken" in orjson.loads(found.data.partition(b"\r\n\r\n")[2])["message"]

    def test_half_a_body_whose_client_sends_no_more_is_refused(self, troth: Served) -> None:
        with connection(troth.port) as opened:
            opened.send(post(REDEEM, b'{"grant', length=500))
            opened.socket.shutdown(socket.SHUT_WR)
            found = opened.rest()
        assert (found.status, found.closed) == (400, True)

    def test_a_client_that_asks_first_is_refused_at_once_when_its_body_is_too_large(self, troth: Served) -> None:
        found = talk(troth.port, post(ADVANCE, b"", "Expect: 100-continue", length=2 << 20))
        assert (found.statuses, found.closed) == ([413], True)
        assert b"\r\nconnection: close\r\n" in found.data.lower()
        assert found.seconds < 0.5

    def test_a_body_is_asked_for_that_may_be_sent(self, troth: Served) -> None:
        with connection(troth.port) as opened:
            opened.send(post(ADVANCE, b"", "Expect: 100-continue", length=2))
            assert opened.read().startswith(b"HTTP/1.1 100 ")
            opened.send(b"{}")
            found = opened.rest()
        assert (found.status, b"VALIDATION_FAILED" in found.data) == (400, True)

    def test_a_body_larger_than_what_is_drained_is_refused_at_once(self, troth: Served) -> None:
        found = talk(troth.port, post(ADVANCE, b"{", length=1 << 30))
        assert (found.status, found.closed) == (413, True)
        assert found.seconds < 0.5

    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/saasquatch/api/v1/demo/users", 405),
            ("/saasquatch/nowhere", 404),
            ("/nowhere", 404),
            ("/openapi/leat.json", 405),
        ],
    )
    def test_who_sends_all_of_a_large_body_first_hears_that_there_is_nothing_for_it(
        self, troth: Served, path: str, status: int
    ) -> None:
        size = 8 << 20
        with connection(troth.port) as opened:
            opened.send(post(path, b" " * size).replace(b"Connection: close\r\n", b""))
            assert opened.read().startswith(b"HTTP/1.1 %d " % status)
            opened.send(LIVE)
            assert (opened.rest().status) == 200

    @pytest.mark.parametrize(
        ("method", "path", "more", "status"),
        [
            (b"POST", REDEEM, ("Authorization: x", "Authorization: y"), 400),
            (b"POST", REDEEM, ("Troth-Sandbox: nowhere",), 404),
            (b"POST", "/%ff", (), 400),
            (b"DELETE", "/saasquatch/api/v1/demo/open/account/nobody", (), 404),
        ],
    )
    def test_so_does_who_sends_it_with_a_head_that_is_refused(
        self, troth: Served, method: bytes, path: str, more: tuple[str, ...], status: int
    ) -> None:
        sent = post(path, b" " * (8 << 20), *more).replace(b"Connection: close\r\n", b"")
        with connection(troth.port) as opened:
            opened.send(method + sent.removeprefix(b"POST"))
            assert opened.read().startswith(b"HTTP/1.1 %d " % status)
            opened.send(LIVE)
            assert (opened.rest().status) == 200

    def test_a_body_that_nothing_is_there_for_is_not_waited_for_without_end(self, troth: Served) -> None:
        found = talk(troth.port, post("/saasquatch/nowhere", b"{", length=500))
        assert (found.status, found.closed) == (404, True)
        assert found.seconds < 5
        asked = talk(troth.port, post("/saasquatch/nowhere", b"", "Expect: 100-continue", length=500))
        assert (asked.statuses, asked.closed) == ([404], True)
        assert asked.seconds < 0.5

    def test_a_client_that_leaves_within_its_body_leaves_nothing_behind(self, troth: Served) -> None:
        with connection(troth.port) as opened:
            opened.send(post(REDEEM, b'{"grant', length=500))
        assert talk(troth.port, LIVE).status == 200

    def test_a_body_over_1_mib_is_413(self, troth: Served) -> None:
        assert talk(troth.port, post(ADVANCE, b" " * (1 << 20) + b"{")).status == 413

    def test_chunks_with_trailers_are_one_body_and_trailers_are_no_headers(self, echo: Served) -> None:
        found = seen(
            echo,
            b"POST /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-A\r\n\r\n"
            b"5\r\nhello\r\n6\r\n world\r\n0\r\nX-A: b\r\n\r\n",
        )
        assert found["body"] == "hello world"
        assert "x-a" not in dict(found["headers"])

    def test_a_client_that_asks_first_is_answered_100(self, troth: Served) -> None:
        with connection(troth.port) as opened:
            head, _, body = post(ADVANCE, b"{}", "Expect: 100-continue").partition(b"\r\n\r\n")
            opened.send(head + b"\r\n\r\n")
            assert opened.read().startswith(b"HTTP/1.1 100 ")
            opened.send(body)
            answer = opened.rest()
            assert (answer.status, b"one of by_ms, by and to is required" in answer.data) == (400, True)


class TestSmuggling:
    """Two readings of where a request ends let a client speak as somebody else behind a proxy (RFC 9112, section
    11.2).
    """

    @pytest.mark.parametrize(
        "framing",
        [
            b"Content-Length: 5\r\nContent-Length: 6",
            b"Content-Length: +5",
            b"Content-Length: 5, 6",
            b"Content-Length: 0x5",
            b"Transfer-Encoding: chunked, identity",
            b"Transfer-Encoding: xchunked",
            b"Content-Length : 5",
        ],
    )
    def test_an_unclear_length_is_refused(self, echo: Served, framing: bytes) -> None:
        found = talk(echo.port, b"POST /x HTTP/1.1\r\nHost: a\r\n" + framing + b"\r\n\r\nhello")
        assert (found.status, found.closed) == (400, True)

    def test_with_both_lengths_the_connection_ends_and_nothing_behind_is_a_request(self, echo: Served) -> None:
        found = talk(
            echo.port,
            b"POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
            b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n",
        )
        assert found.closed
        assert b"smuggled" not in found.data

    @pytest.mark.parametrize("method", ["POST", "GET"])
    @pytest.mark.parametrize(
        "framing",
        [
            b"Transfer-Encoding: gzip, chunked",
            b"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
            b"Transfer-Encoding: x-custom;q=1, Chunked",
        ],
    )
    def test_a_transfer_coding_that_is_not_decoded_is_501_in_the_vendors_shape(
        self, troth: Served, method: str, framing: bytes
    ) -> None:
        """The server beneath reads every list that ends with `chunked` as that alone, and leaves the other codings in
        the body.
        """
        path = REDEEM if method == "POST" else "/saasquatch/api/v1/demo/users"
        head = f"{method} {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n".encode()
        found = talk(troth.port, head + framing + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n" + KEEP)
        assert (found.statuses, found.closed) == ([501], True)
        assert orjson.loads(found.data.partition(b"\r\n\r\n")[2])["statusCode"] == 501

    def test_a_body_that_is_chunked_twice_is_refused(self, troth: Served) -> None:
        head = f"POST {REDEEM} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n".encode()
        found = talk(troth.port, head + b"2\r\n{}\r\n0\r\n\r\n")
        assert (found.statuses, found.closed) == ([400], True)
        assert "more than once" in orjson.loads(found.data.partition(b"\r\n\r\n")[2])["message"]

    @pytest.mark.parametrize("framing", [b"Transfer-Encoding: Chunked", b"Transfer-Encoding: , chunked"])
    def test_chunked_alone_is_read_in_every_spelling(self, troth: Served, framing: bytes) -> None:
        head = f"POST {ADVANCE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
        found = talk(troth.port, head.encode() + framing + b"\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
        assert (found.status, b"one of by_ms, by and to is required" in found.data) == (400, True)

    @pytest.mark.parametrize(
        "chunk",
        [
            b"5;\nx\r\nhello\r\n0\r\n\r\n",
            b"-5\r\nhello\r\n0\r\n\r\n",
            b"5\r\nhelloX\r\n0\r\n\r\n",
            b"fffffffffffffffff\r\n",
        ],
    )
    def test_broken_chunks_are_never_a_whole_body(self, echo: Served, chunk: bytes) -> None:
        found = talk(echo.port, b"POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk, wait_s=3)
        assert 200 not in found.statuses


class TestUpgrades:
    def test_a_post_that_offers_h2c_is_answered_in_http_1(self, echo: Served) -> None:
        """As every Java client since 11 sends it on plain HTTP."""
        found = seen(
            echo,
            post("/x", b'{"a": 1}', "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA").replace(
                b"Connection: close", b"Connection: Upgrade, HTTP2-Settings, close"
            ),
        )
        assert found["body"] == '{"a": 1}'

    def test_http_2_without_asking_is_not_spoken(self, echo: Served) -> None:
        found = talk(echo.port, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        assert found.closed
        assert 200 not in found.statuses

    def test_a_websocket_is_not_opened(self, troth: Served) -> None:
        found = talk(
            troth.port,
            get(
                "/_health/live",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==",
            ),
        )
        assert found.status == 200


class TestTargets:
    def test_an_encoded_slash_stays_encoded_in_the_raw_path(self, echo: Served) -> None:
        found = seen(echo, get("/a%2Fb/%C3%A9?q=%20"))
        assert (found["raw_path"], found["path"], found["query"]) == ("/a%2Fb/%C3%A9", "/a/b/é", "q=%20")

    def test_of_a_whole_address_the_path_is_kept_and_its_host_only_without_a_host_header(self, echo: Served) -> None:
        """RFC 9112, section 3.2.2 wants its host in any case.

        Granian drops it, so that two hosts cannot be told apart either.
        """
        both = seen(echo, get("http://elsewhere.example.org/a?b=c"))
        assert (both["raw_path"], dict(both["headers"])["host"]) == ("/a", "localhost")
        alone = seen(echo, b"GET http://elsewhere.example.org/a HTTP/1.1\r\nConnection: close\r\n\r\n")
        assert dict(alone["headers"])["host"] == "elsewhere.example.org"

    @pytest.mark.parametrize(
        "target", ["other.example:443", "localhost:8080", "/", "/saasquatch/api/v1/demo/users", "http://other.example/"]
    )
    def test_no_tunnel_is_opened(self, troth: Served, target: str) -> None:
        request = f"CONNECT {target} HTTP/1.1\r\nHost: saasquatch.localhost\r\n\r\n".encode()
        found = talk(troth.port, request + KEEP)
        assert (found.statuses, found.closed) == ([501], True)
        assert b"location:" not in found.data.lower()

    @pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
    def test_an_authority_is_no_target(self, troth: Served, method: str) -> None:
        found = talk(troth.port, get("other.example:443").replace(b"GET", method.encode()))
        assert (found.status, b"location:" in found.data.lower()) == (400, False)

    def test_an_asterisk_is_the_server_for_options_alone(self, troth: Served) -> None:
        assert talk(troth.port, get("*").replace(b"GET", b"OPTIONS")).status == 204
        for method in (b"GET", b"POST", b"DELETE"):
            found = talk(troth.port, get("*").replace(b"GET", method))
            assert (found.status, b"The target of the request is no path." in found.data) == (400, True)

    def test_a_long_address_is_414_in_the_vendors_shape(self, troth: Served) -> None:
        found = talk(troth.port, get("/saasquatch/api/v1/demo/users?query=" + "a" * 9_000))
        assert found.status == 414
        assert "apiErrorCode" in orjson.loads(found.data.partition(b"\r\n\r\n")[2])


class TestConnections:
    def test_requests_sent_at_once_are_answered_in_their_order(self, echo: Served) -> None:
        pipeline = b"".join(b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n" % n for n in range(50)) + get("/last")
        found = talk(echo.port, pipeline)
        paths = [orjson.loads(part.partition(b"\r\n\r\n")[2])["path"] for part in found.data.split(b"HTTP/1.1 ")[1:]]
        assert paths == [f"/{n}" for n in range(50)] + ["/last"]

    def test_a_flood_of_pipelined_requests_keeps_nobody_waiting(self, troth: Served) -> None:
        count, answered = 20_000, [0]
        with connection(troth.port) as flood:
            flood.send(KEEP)
            flood.read()
            sender = threading.Thread(target=lambda: flood.send(KEEP * count), daemon=True)

            def read() -> None:
                data = b""
                while answered[0] < count and (more := flood.read()):
                    data += more
                    answered[0] += data.count(b"HTTP/1.1 200")
                    data = data[data.rfind(b"\r\n") :]

            reader = threading.Thread(target=read, daemon=True)
            sender.start()
            reader.start()
            wait_until(lambda: answered[0] > 100)
            waits = [talk(troth.port, LIVE).seconds for _ in range(20)]
            assert answered[0] < count, "the flood was over before anybody else came"
            assert max(waits) < 1.0, waits
            reader.join(60)
        assert answered[0] == count

    @pytest.mark.parametrize("path", ["/openapi/leat.json", "/nowhere", "/saasquatch/nowhere", "/_health/live"])
    def test_every_answer_says_how_long_an_idle_connection_lasts(self, troth: Served, path: str) -> None:
        head = talk(troth.port, get(path)).data.partition(b"\r\n\r\n")[0].lower()
        assert b"\r\nkeep-alive: timeout=1\r\n" in head
        assert b"\r\nserver: troth\r\n" in head

    def test_300_idle_connections_shut_nobody_out(self, troth: Served) -> None:
        with contextlib.ExitStack() as stack:
            for _ in range(300):
                stack.enter_context(connection(troth.port))
            assert talk(troth.port, LIVE).seconds < 1.0


LARGE_BYTES = 8 << 20


@pytest.fixture(scope="module")
def large() -> Iterator[Served]:
    """Answers with more than the kernel keeps for a client."""

    async def application(_scope: Any, _receive: Any, send: Any) -> None:
        headers = [(b"content-length", b"%d" % LARGE_BYTES)]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": bytes(LARGE_BYTES)})

    with serving_application(application, unread_ms=1_000) as made:
        yield made


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="the kernel closes them, on Linux only")
class TestUnreadAnswers:
    """Granian hands an answer to the kernel and waits for as long as the client takes to read it."""

    def test_a_client_that_does_not_read_is_closed(self, large: Served) -> None:
        with connection(large.port) as opened:
            opened.send(get("/"))
            time.sleep(4)
            found = opened.rest(wait_s=2)
        assert found.closed
        assert len(found.data) < LARGE_BYTES

    def test_what_streams_an_answer_to_it_ends_too(self) -> None:
        ended = threading.Event()

        async def application(_scope: Any, _receive: Any, send: Any) -> None:
            try:
                await send({"type": "http.response.start", "status": 200, "headers": []})
                for _ in range(1_000):
                    await send({"type": "http.response.body", "body": bytes(1 << 20), "more_body": True})
            finally:
                ended.set()

        with serving_application(application, unread_ms=1_000) as served, connection(served.port) as opened:
            opened.send(get("/"))
            assert ended.wait(20)

    def test_a_client_that_reads_with_pauses_gets_everything(self, large: Served) -> None:
        with connection(large.port) as opened:
            opened.send(get("/"))
            size, began = 0, time.monotonic()
            while data := opened.read(256 << 10):
                size += len(data)
                time.sleep(0.1)
        assert time.monotonic() - began > 1.5, "it took longer than an answer may be left unread"
        assert size > LARGE_BYTES
