"""Outgoing calls: which addresses may be dialled, and what is read of an answer."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.receiver import Receiver, receiver
from troth.outgoing import ANSWER_BYTES_MAX, HttpSender, SendResult, may_call
from troth.settings import Settings


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


def send(url: str, *, private: bool = True, timeout_s: float = 5.0, body: bytes = b"{}", times: int = 1) -> SendResult:
    async def run() -> SendResult:
        sender = HttpSender(private=private, timeout_s=timeout_s)
        try:
            for _ in range(times):
                result = await sender.send(url, body, {"Content-Type": "application/json"})
            return result
        finally:
            await sender.close()

    return asyncio.run(run())


class TestAddresses:
    @pytest.mark.parametrize("address", [
        "169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%lo", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1", "not an address",
    ])
    def test_link_local_is_never_called(self, address: str) -> None:
        assert not may_call(address, private=True)
        assert not may_call(address, private=False)

    @pytest.mark.parametrize("address", [
        "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0", "::", "::1", "fc00::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "224.0.0.1", "ff02::1", "240.0.0.1",
        "255.255.255.255", "192.0.2.1", "2001:db8::1",
    ])
    def test_the_inside_is_called_only_where_it_is_allowed(self, address: str) -> None:
        assert may_call(address, private=True)
        assert not may_call(address, private=False)

    @pytest.mark.parametrize("address", ["8.8.8.8", "93.184.215.14", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
    def test_the_outside_is_called(self, address: str) -> None:
        assert may_call(address, private=False)

    def test_mock_mode_allows_private_targets_and_production_does_not(self) -> None:
        assert Settings(mock=True).private_targets
        assert not Settings().private_targets
        assert Settings(allow_private_targets=True).private_targets


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

    def test_the_address_that_was_checked_is_the_one_dialled(self, endpoint: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
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

        async def getaddrinfo(_loop: Any, host: str, port: int, **_options: Any) -> list[Any]:
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

        monkeypatch.setattr(asyncio.base_events.BaseEventLoop, "getaddrinfo", getaddrinfo)
        return asked


class TestCalls:
    def test_the_body_arrives_byte_by_byte_with_its_headers(self, endpoint: Receiver) -> None:
        result = send(f"{endpoint.url}/a%2Fb?c=d", body='{"a": "ä"}'.encode())
        assert (result.status, result.answer, result.error) == (200, "ok", None)
        path, headers, body = endpoint.requests[0]
        assert (path, body) == ("/a%2Fb?c=d", '{"a": "ä"}'.encode())
        assert headers["Content-Type"] == "application/json"

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

    @pytest.mark.parametrize("url", [
        "http://127.0.0.1:1/", "http://", "http://[", "ftp://127.0.0.1/", "http://a b/", "http://127.0.0.1:99999/",
        "http://no-such-host.invalid/", "http://" + "a" * 300 + "/", "https://\u2024\u2024/", "http://\udcff/",
    ])
    def test_what_cannot_be_called_is_an_error_and_never_raises(self, url: str) -> None:
        result = send(url)
        assert result.status is None
        assert result.error
