"""A running mock, as programs of Troth's call it over HTTP (contract: openapi/control)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping

    import httpx2

MAIN = "main"
CONNECT_S = 5
ANSWER_S = 600
"""Moving a clock over years of jobs takes long."""
Json = dict[str, Any]


class Refused(Exception):
    """The control plane refused a call; has the status, the code and the answer."""

    def __init__(self, status: int, code: str, message: str, answer: Json) -> None:
        super().__init__(message)
        self.status, self.code, self.answer = status, code, answer


class NoMock(Exception):
    """Nothing answers at the address, or something that is no mock. The message is for people."""


class RemoteMock:
    """A running mock, and the sandbox of it that is meant."""

    def __init__(self, url: str, sandbox: str = MAIN) -> None:
        self.url = url.rstrip("/")
        inside = "" if sandbox == MAIN else f"/sandboxes/{segment(sandbox)}"
        self.control_url = f"{self.url}/_troth{inside}"

    def try_call(self, method: str, path: str, *, body: Any = None, query: Mapping[str, Any] | None = None) -> Json:
        """What the control plane answers to a call; empty where it answers nothing. Raises Refused and NoMock."""
        query = {name: value for name, value in (query or {}).items() if value is not None}
        return self.json_of(self.send(method, self.control_url + path, json=body, params=query or None))

    def json_of(self, answer: httpx2.Response) -> Json:
        """The JSON of an answer of the control plane. Raises Refused and NoMock."""
        if answer.status_code == 204:
            return {}
        try:
            content = answer.json()
            if answer.is_success:
                return dict(content)
            raise Refused(answer.status_code, content["error"]["code"], content["error"]["message"], content)
        except (ValueError, KeyError, TypeError) as error:
            raise NoMock(f"{self.url} answers, but not as a mock does (status {answer.status_code})") from error

    def send(self, method: str, url: str, **options: Any) -> httpx2.Response:
        """Send any request. Raises NoMock where nothing answers."""
        import httpx2

        timeout = httpx2.Timeout(ANSWER_S, connect=CONNECT_S)
        try:
            with httpx2.Client(timeout=timeout, trust_env=False) as client:
                return client.request(method, url, **options)
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise NoMock(
                f"no mock answers at {self.url} ({error}); start one with `troth mock`, or name it with --url"
            ) from error

    def address_of(self, base_url: str) -> str:
        """Where an API answers whose `base_url` the mock has given: below the address by which it was reached."""
        reached = urlsplit(self.url)
        return f"{reached.scheme}://{reached.netloc}{urlsplit(base_url).path}"


def segment(text: str) -> str:
    """A segment of a path, percent-encoded."""
    return quote(text, safe="")
