"""A client that runs the application in process and holds every answer against the contract."""

import asyncio
from typing import Any
from urllib.parse import quote

import httpx2

from handlers.http import Answer
from tests.support.surface import SEEN
from troth.app import Server
from troth.request.answers import BrokenAnswer
from troth.request.paths import BadPath, split

BASE_URL = "http://localhost:8080"


class Client:
    """Sends requests to one server."""

    def __init__(self, server: Server, *, address: str = "203.0.113.9") -> None:
        self.server = server
        self._loop = asyncio.new_event_loop()
        transport = httpx2.ASGITransport(app=server.app, raise_app_exceptions=False, client=(address, 1234))
        self._http = httpx2.AsyncClient(transport=transport, base_url=BASE_URL)

    def request(self, method: str, path: str, **options: Any) -> httpx2.Response:
        answer = self._loop.run_until_complete(self._http.request(method, path, **options))
        self._check(method, answer)
        return answer

    def at_once(self, count: int, method: str, path: str, **options: Any) -> list[httpx2.Response]:
        """The same request so many times, all under way in one event loop as in a server."""

        async def together() -> list[httpx2.Response]:
            return list(await asyncio.gather(*(self._http.request(method, path, **options) for _ in range(count))))

        answers = self._loop.run_until_complete(together())
        for answer in answers:
            self._check(method, answer)
        return answers

    def close(self) -> None:
        self._loop.run_until_complete(self._http.aclose())
        self._loop.close()

    def _check(self, method: str, answer: httpx2.Response) -> None:
        """Fail when an answer does not vary with the origin, or when one of an operation is not one that its contract
        allows.
        """
        assert "origin" in answer.headers.get("vary", "").lower(), f"{method} {answer.request.url} lacks Vary: Origin"
        try:
            segments = split(answer.request.url.raw_path.partition(b"?")[0])
        except BadPath:
            return
        found = self.server.compiled.tree.find(method, _within_sandbox(segments))
        if found is None or "SANDBOX_NOT_FOUND" in answer.text:  # refused before any operation
            return
        operation = found[0]
        media = answer.headers.get("content-type", "").partition(";")[0]
        body = answer.json() if media == "application/json" else answer.content
        made = Answer(
            answer.status_code,
            body,
            headers=dict(answer.headers),
            content_type=media or "application/json",
            empty=not media,
        )
        try:
            operation.answers.check(made)
        except BrokenAnswer as error:
            raise AssertionError(
                f"{method} {answer.request.url} breaks {operation.info.operation_id}: {error}\n{answer.text}"
            ) from error
        SEEN.add((f"{operation.info.api}.{operation.info.operation_id}", answer.status_code))


def _within_sandbox(segments: list[str]) -> list[str]:
    """A path without the sandbox that it names."""
    if segments[0] == "sandbox":
        return segments[2:] or [""]
    if segments[:2] == ["_troth", "sandboxes"] and len(segments) > 3:
        return ["_troth", *segments[3:]]
    return segments


def segment(text: str | bytes) -> str:
    """A path segment, percent-encoded (RFC 3986)."""
    return quote(text, safe="")
