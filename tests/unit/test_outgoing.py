"""Outgoing calls: which addresses may be dialled, and what is read of an answer."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from models.outbox.addresses import authorization, check_url, masked, may_call, unmasked
from tests.support.receiver import Receiver, receiver
from tests.support.tls import certificate, tls_proxy
from troth.outbox.name_lookups import NameLookups
from troth.outbox.outgoing import ANSWER_BYTES_MAX, HttpSender, SendResult
from troth.settings import Settings


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def send(
    url: str,
    *,
    private: bool = True,
    timeout_s: float = 5.0,
    body_timeout_s: float = 2.0,
    body: bytes = b"{}",
    times: int = 1,
    pause_s: float = 0.0,
) -> SendResult:
    async def run() -> SendResult:
        sender = HttpSender(private=private, timeout_s=timeout_s, body_timeout_s=body_timeout_s)
        try:
            for _ in range(times):
                result = await sender.send(url, body, {"Content-Type": "application/json"})
                await asyncio.sleep(pause_s)
            return result
        finally:
            await sender.close()

    return asyncio.run(run())


def send_all(urls: list[str], pause_s: float = 0.0) -> None:
    """Send to one address after the other, by one sender, and wait until what it has closed is seen."""

    async def run() -> None:
        sender = HttpSender(private=True)
        for url in urls:
            assert (await sender.send(url, b"{}", {})).status == 204
            await asyncio.sleep(pause_s)
        await asyncio.sleep(0.1)
        await sender.close()

    asyncio.run(run())


class TestAddresses:
    @pytest.mark.parametrize(
        "address",
        [
            "169.254.169.254",
            "169.254.0.1",
            "fe80::1",
            "fe80::1%lo",
            "::ffff:169.254.169.254",
            "64:ff9b::a9fe:a9fe",
            "2002:a9fe:a9fe::1",
            "not an address",
        ],
    )
    def test_link_local_is_never_called(self, address: str) -> None:
        assert not may_call(address, private=True)
        assert not may_call(address, private=False)

    @pytest.mark.parametrize(
        "address",
        [
            "127.0.0.1",
            "127.8.9.10",
            "10.0.0.1",
            "172.16.0.1",
            "192.168.1.1",
            "100.64.0.1",
            "0.0.0.0",
            "::",
            "::1",
            "fc00::1",
            "fec0::1",
            "feff:ffff::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "224.0.0.1",
            "ff02::1",
            "240.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "2001:db8::1",
        ],
    )
    def test_the_inside_is_called_only_where_it_is_allowed(self, address: str) -> None:
        assert may_call(address, private=True)
        assert not may_call(address, private=False)

    @pytest.mark.parametrize(
        "address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
    )
    def test_the_outside_is_called(self, address: str) -> None:
        assert may_call(address, private=False)

    def test_mock_mode_allows_private_targets_and_production_does_not(self) -> None:
        assert Settings(mock=True).private_targets
        assert not Settings().private_targets
        assert Settings(allow_private_targets=True).private_targets


class TestUserAndPassword:
    def test_they_become_basic_authorization_and_do_not_stand_in_the_address(self, endpoint: Receiver) -> None:
        sent = send(f"http://us%65r:p%40ss:w@127.0.0.1:{endpoint.port}/in?a=b")
        assert sent.status == 200
        ((path, headers, _),) = endpoint.requests
        assert (path, headers["Authorization"]) == ("/in?a=b", "Basic dXNlcjpwQHNzOnc=")
        assert headers["Host"] == f"127.0.0.1:{endpoint.port}"

    def test_an_address_without_them_sends_no_authorization(self, endpoint: Receiver) -> None:
        send(endpoint.url)
        assert "Authorization" not in endpoint.requests[0][1]
        assert authorization("https://h/x@y") == ("https://h/x@y", None)

    @pytest.mark.parametrize(
        ("url", "expected"),
        [
            ("https://user:pass@h/x", "https://user:***@h/x"),
            ("https://user:pa@ss:w@h:8443/x?a=b@c#d", "https://user:***@h:8443/x?a=b@c#d"),
            ("https://token@h/", "https://***@h/"),
            ("https://:pass@h/", "https://:***@h/"),
            ("https://h/a:b@c", "https://h/a:b@c"),
            ("https://h?a:b@c", "https://h?a:b@c"),
        ],
    )
    def test_the_password_is_shown_nowhere_and_what_is_shown_means_the_stored_address(
        self, url: str, expected: str
    ) -> None:
        assert masked(url) == expected
        assert unmasked(expected, ["https://other/", url]) == url
        assert unmasked("https://user:***@elsewhere/", [url]) == "https://user:***@elsewhere/"

    @pytest.mark.parametrize("url", ["https://u:secret@h:99999/", "ftp://u:secret@h/", "https://u:secret@h:0/"])
    def test_a_refusal_of_an_address_does_not_show_its_password(self, url: str) -> None:
        with pytest.raises(ValueError, match=r"u:\*\*\*@h") as refused:
            check_url(url)
        assert "secret" not in str(refused.value)


class TestDialling:
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "0x7f000001", "2130706433"])
    def test_production_does_not_reach_this_machine(self, endpoint: Receiver, host: str) -> None:
        result = send(f"http://{host}:{endpoint.port}/", private=False)
        assert result.status is None
        assert result.error is not None
        assert endpoint.requests == []

    def test_cloud_metadata_is_refused_in_mock_mode_too(self) -> None:
        result = send("http://169.254.169.254/latest/meta-data/")
        assert result.status is None
        assert "may be called" in (result.error or "")

    def test_a_name_that_resolves_inside_is_refused(self, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        asked = self._resolve_to(monkeypatch, "127.0.0.1", "10.0.0.1")
        result = send(f"http://hooks.example.org:{endpoint.port}/", private=False)
        assert "may be called" in (result.error or "")
        assert asked == ["hooks.example.org"]
        assert endpoint.requests == []

    def test_the_address_that_was_checked_is_the_one_dialled(
        self, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        asked = self._resolve_to(monkeypatch, "169.254.169.254", "127.0.0.1")
        result = send(f"http://hooks.example.org:{endpoint.port}/in")
        assert result.status == 200
        assert asked == ["hooks.example.org"]
        assert endpoint.requests[0][1]["Host"] == f"hooks.example.org:{endpoint.port}"

    def test_mock_mode_reaches_localhost_on_whichever_family_listens(self, endpoint: Receiver) -> None:
        assert send(f"http://localhost:{endpoint.port}/").status == 200

    @staticmethod
    def _resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(host: str, port: int, **_options: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr("troth.outbox.name_lookups.socket.getaddrinfo", getaddrinfo)
        return asked


class TestCalls:
    def test_the_body_arrives_byte_by_byte_with_its_headers(self, endpoint: Receiver) -> None:
        result = send(f"{endpoint.url}/a%2Fb?c=d", body='{"a": "ä"}'.encode())
        assert (result.status, result.answer, result.error) == (200, "ok", None)
        path, headers, body = endpoint.requests[0]
        assert (path, body) == ("/a%2Fb?c=d", '{"a": "ä"}'.encode())
        assert headers["Content-Type"] == "application/json"
        assert headers["Accept-Encoding"] == "identity"  # what is kept of an answer is shown as it came

    def test_a_redirect_is_not_followed(self, endpoint: Receiver) -> None:
        endpoint.status, endpoint.answer_headers = 302, {"Location": f"{endpoint.url}/elsewhere"}
        assert send(f"{endpoint.url}/in").status == 302
        assert len(endpoint.requests) == 1

    def test_proxies_of_the_environment_are_not_used(self, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, "http://127.0.0.1:1")
        assert send(f"{endpoint.url}/in").status == 200

    def test_cookies_are_not_kept(self, endpoint: Receiver) -> None:
        endpoint.answer_headers = {"Set-Cookie": "a=b; Path=/"}
        send(endpoint.url, times=2)
        assert len(endpoint.requests) == 2
        assert "Cookie" not in endpoint.requests[1][1]

    def test_only_the_start_of_an_answer_is_kept(self, endpoint: Receiver) -> None:
        endpoint.answer = b"x" * (ANSWER_BYTES_MAX * 20)
        result = send(endpoint.url)
        assert (result.status, result.answer) == (200, "x" * 2_048)

    def test_an_answer_that_is_no_text_is_kept_as_text(self, endpoint: Receiver) -> None:
        endpoint.answer = b"a\0b\xff"
        assert send(endpoint.url).answer == "a\ufffdb\ufffd"

    def test_a_slow_endpoint_is_given_up(self, endpoint: Receiver) -> None:
        endpoint.hold = threading.Event()
        result = send(endpoint.url, timeout_s=0.2)
        assert result.status is None
        assert "0.2 s" in (result.error or "")

    @pytest.mark.parametrize(
        "url",
        [
            "http://127.0.0.1:1/",
            "http://",
            "http://[",
            "ftp://127.0.0.1/",
            "http://a b/",
            "http://127.0.0.1:99999/",
            "http://no-such-host.invalid/",
            "http://" + "a" * 300 + "/",
            "https://\u2024\u2024/",
            "http://\udcff/",
        ],
    )
    def test_what_cannot_be_called_is_an_error_and_never_raises(self, url: str) -> None:
        result = send(url)
        assert result.status is None
        assert result.error


class TestCertificates:
    def test_one_that_nobody_vouches_for_is_refused(self, endpoint: Receiver, tmp_path: Path) -> None:
        with tls_proxy(certificate(tmp_path, "localhost"), endpoint.port) as port:
            result = send(f"https://localhost:{port}/")
        assert result.status is None
        assert "certificate verify failed" in (result.error or "")
        assert endpoint.requests == []


class Drip:
    """A receiver that reads a request and then sends bytes, piece after piece, for as long as the caller listens."""

    def __init__(self, first: bytes, piece: bytes, every_s: float) -> None:
        self._first, self._piece, self._every_s = first, piece, every_s
        self._over = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)  # a caller that gives up before it connects would leave `accept` waiting for ever
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._listener.close()
        self._thread.join()

    def _serve(self) -> None:
        try:
            connection, _ = self._listener.accept()
        except OSError:
            return
        with connection, contextlib.suppress(OSError):
            connection.recv(65_536)
            connection.sendall(self._first)
            while not self._over.wait(self._every_s):
                connection.sendall(self._piece)


class KeepAlive:
    """A receiver that says that it keeps connections open, and closes each after some requests: a restart or an idle
    timeout.
    """

    def __init__(self, requests: int, unasked: bytes = b"") -> None:
        """`unasked` is sent a moment after each answer."""
        self._requests, self._unasked = requests, unasked
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/"
        self.connections: list[list[bytes]] = []
        """What was received on each, request by request."""
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts; closing alone does not
        self._thread.join()
        self._listener.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections.append([])
                threading.Thread(target=self._answer, args=(connection, self.connections[-1]), daemon=True).start()

    def _answer(self, connection: socket.socket, requests: list[bytes]) -> None:
        with connection, contextlib.suppress(OSError):
            for _ in range(self._requests):
                requests.append(connection.recv(65_536))
                if not requests[-1]:
                    break  # closed by the caller
                connection.sendall(b"HTTP/1.1 204 No Content\r\nconnection: keep-alive\r\n\r\n")
                if self._unasked:
                    threading.Event().wait(0.03)
                    connection.sendall(self._unasked)


class TestConnections:
    def test_one_that_the_receiver_has_closed_is_not_used_again(self) -> None:
        with KeepAlive(1) as receiver:
            assert send(receiver.url, times=3, pause_s=0.05).status == 204
        assert [len(requests) for requests in receiver.connections] == [1, 1, 1]

    def test_one_that_stays_open_is_used_again(self) -> None:
        with KeepAlive(3) as receiver:
            assert send(receiver.url, times=3).status == 204
        assert [len(requests) for requests in receiver.connections] == [3]

    def test_one_on_which_something_came_unasked_is_not_used_again(self) -> None:
        with KeepAlive(2, unasked=b"HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n") as receiver:
            assert send(receiver.url, times=3, pause_s=0.1).status == 204
            assert len(receiver.connections) == 3

    def test_of_many_without_a_request_the_oldest_is_closed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("troth.outbox.connections.KEPT_MAX", 1)
        with KeepAlive(3) as first, KeepAlive(3) as second:
            send_all([first.url, second.url, first.url])
            assert (len(first.connections), len(second.connections)) == (2, 1)
            assert first.connections[0][1:] == [b""]

    def test_one_without_a_request_for_long_is_closed_by_the_next_call(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("troth.outbox.connections.KEPT_S", 0.05)
        with KeepAlive(2) as first, KeepAlive(2) as second:
            send_all([first.url, second.url], pause_s=0.1)
            assert first.connections[0][1:] == [b""]

    def test_head_and_body_are_sent_together(self) -> None:
        with KeepAlive(1) as receiver:
            send(receiver.url, body=b'{"a": 1}')
        head, _, body = receiver.connections[0][0].partition(b"\r\n\r\n")
        assert (head.split(b"\r\n")[0], body) == (b"POST / HTTP/1.1", b'{"a": 1}')


EARLY_HINTS = b"HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n"


class TestDeadline:
    """A call ends in time, whatever the receiver does."""

    @pytest.mark.parametrize(
        ("first", "piece"),
        [(b"", b""), (b"", EARLY_HINTS), (b"HTTP/1.1 200 OK\r\n", b"x: y\r\n")],
        ids=["nothing", "a 103 now and then", "headers now and then"],
    )
    def test_without_a_status_it_has_timed_out(self, first: bytes, piece: bytes) -> None:
        with Drip(first, piece, 0.05) as receiver:
            result = send(receiver.url, timeout_s=0.4)
        assert (result.status, result.timed_out) == (None, True)
        assert 350 <= result.duration_ms < 1_500

    def test_a_body_that_does_not_end_is_not_waited_for(self) -> None:
        with Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", b"x", 0.05) as receiver:
            result = send(receiver.url, body_timeout_s=0.3)
        assert (result.status, result.timed_out, result.error) == (200, False, "the body did not end within 0.3 s")
        assert (result.answer or "").startswith("x")
        assert result.duration_ms < 2_000

    def test_a_status_that_came_before_the_time_was_over_counts(self) -> None:
        with Drip(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n", b"x", 0.05) as receiver:
            result = send(receiver.url, timeout_s=0.4)
        assert (result.status, result.timed_out) == (200, False)
        assert result.duration_ms < 1_500

    def test_endless_informational_answers_end_by_their_size(self) -> None:
        with Drip(b"", EARLY_HINTS * 1_000, 0.0) as receiver:
            result = send(receiver.url)
        assert (result.status, result.timed_out) == (None, False)
        assert "bytes were received" in (result.error or "")
        assert result.duration_ms < 3_000

    def test_an_answer_after_some_informational_ones_counts(self) -> None:
        with Drip(EARLY_HINTS * 3 + b"HTTP/1.1 204 No Content\r\n\r\n", b"", 0.05) as receiver:
            assert send(receiver.url).status == 204

    def test_an_answer_in_time_has_not_timed_out(self, endpoint: Receiver) -> None:
        assert not send(endpoint.url).timed_out
        assert not send("http://127.0.0.1:1/").timed_out


class TestLookups:
    """Name servers that do not answer."""

    @pytest.fixture
    def silence(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
        """Names under `.silent` are not answered until the event is set."""
        answered, original = threading.Event(), socket.getaddrinfo

        def getaddrinfo(host: Any, *arguments: Any, **options: Any) -> Any:
            if str(host).endswith(".silent"):
                answered.wait(10)
                raise socket.gaierror("no answer")
            return original(host, *arguments, **options)

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        yield answered
        answered.set()

    def test_silent_names_delay_no_other(self, silence: threading.Event, endpoint: Receiver) -> None:
        async def run() -> tuple[SendResult, list[SendResult]]:
            sender = HttpSender(private=True, timeout_s=2.0)
            calls = [asyncio.create_task(sender.send(f"http://host{n}.silent/", b"", {})) for n in range(40)]
            await asyncio.sleep(0.1)
            other = await sender.send(f"http://localhost:{endpoint.port}/", b"{}", {})
            results = await asyncio.gather(*calls)
            await sender.close()
            silence.set()
            return other, results

        other, results = asyncio.run(run())
        assert (other.status, other.duration_ms < 1_500) == (200, True)
        assert all(result.timed_out for result in results)

    def test_lookups_of_one_name_are_one(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []

        def getaddrinfo(host: str, *_arguments: Any, **_options: Any) -> list[Any]:
            asked.append(host)
            threading.Event().wait(0.1)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))] * 2

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

        async def run() -> list[list[str]]:
            lookups = NameLookups()
            return await asyncio.gather(*(lookups.addresses("hooks.example.org", 80) for _ in range(5)))

        assert asyncio.run(run()) == [["127.0.0.1"]] * 5
        assert asked == ["hooks.example.org"]

    def test_there_are_only_so_many(self, silence: threading.Event) -> None:
        async def run() -> None:
            lookups = NameLookups(2)
            given_up = [asyncio.create_task(lookups.addresses(f"{n}.silent", 80)) for n in range(2)]
            await asyncio.sleep(0.05)
            for task in given_up:
                task.cancel()
            third = asyncio.create_task(lookups.addresses("localhost", 80))
            await asyncio.sleep(0.1)
            assert not third.done(), "both threads are still busy"
            silence.set()
            assert await asyncio.wait_for(third, 5)

        asyncio.run(run())
