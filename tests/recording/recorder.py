"""Makes the calls of the script and keeps one line for each."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import orjson

from tests.recording.contracts import Operation, all_operations
from tests.support.client import BASE_URL, Client

DIGITS = 16
"""How much of a SHA-256, in hexadecimal, a line keeps."""
SEPARATOR = " | "
NOT_STORED = "no-store"
LEFT_OUT = {"date", "content-length"}
ZIP = "application/zip"
_MEASURED = re.compile(rb'"(duration_us|time|wait|memory_bytes|size_bytes|user-agent|base64)":(?:[0-9.eE+-]+|"[^"]*")')
"""What the control plane measures, shows of the client, or has sealed with random numbers: it differs between runs and
machines.
"""
EXAMPLE = object()
"""As a body: the contract's first example."""


class Recorder:
    """Calls one server through a client that holds every answer against the contract.

    `lines` are what is compared. With `bodies`, each answer is written to a file of that folder, too. With `cold`, the
    server's cache of tenants and credentials is emptied before each call: entries live for a second of wall time, on
    which no answer may depend.
    """

    def __init__(self, client: Client, bodies: Path | None = None, *, cold: bool = False) -> None:
        self.lines: list[str] = []
        self._client = client
        self._bodies = bodies
        self._cold = cold
        if bodies is not None:
            bodies.mkdir(parents=True, exist_ok=True)

    def send(self, name: str, method: str, target: str, **options: Any) -> httpx2.Response:
        """Make one call and record it under a name. `target` is a path and query, or a whole address."""
        if self._cold:
            self._client.server.runtime.directory.forget()
        answer = self._client.request(method, target, **options)
        content = _MEASURED.sub(rb'"\1":0', unpacked(answer)) if name.startswith("control.") else unpacked(answer)
        values = (str(answer.status_code), short_hash(content), shown_headers(answer))
        self.keep(f"{name} {method} {target.removeprefix(BASE_URL)}", values, pretty(answer))
        return answer

    def keep(self, title: str, values: tuple[str, ...], content: Callable[[], bytes]) -> None:
        """Add a line, and a file with what its hash is of."""
        line = SEPARATOR.join((title, *values))
        if self._bodies is not None:
            file = "".join(sign if sign.isalnum() or sign in "._-" else "_" for sign in title)[:120]
            (self._bodies / f"{len(self.lines) + 1:05}_{file}.txt").write_bytes(line.encode() + b"\n\n" + content())
        self.lines.append(line)


def short_hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:DIGITS]


def shown_headers(answer: httpx2.Response) -> str:
    """The headers that are the same whenever and wherever the script is played, but for a Cache-Control that is nearly
    every answer's.

    The length is left out: that of a compressed answer depends on the version of zlib, and any other follows from the
    body. So is the ETag of an archive, which is made from its size.
    """
    left_out = LEFT_OUT | {"etag"} if is_archive(answer) else LEFT_OUT
    shown = {name: value for name, value in answer.headers.items() if name not in left_out}
    shown["vary"] = _vary(answer)
    if shown["cache-control"] == NOT_STORED:
        del shown["cache-control"]
    return "; ".join(sorted(f"{name}: {value}" for name, value in shown.items() if value))


def _vary(answer: httpx2.Response) -> str:
    """What an answer varies with beside the origin, with which every answer does."""
    names = {name.strip().lower() for name in answer.headers.get("vary", "").split(",")}
    assert "origin" in names, f"{answer.request.url} does not vary with the origin"
    return ", ".join(sorted(names - {"origin"}))


def is_archive(answer: httpx2.Response) -> bool:
    return answer.status_code == 200 and answer.headers.get("content-type", "") == ZIP


def unpacked(answer: httpx2.Response) -> bytes:
    """The body of an answer; of an archive what is in it, since the compressed bytes depend on the version of zlib."""
    return b"".join(_members(answer.content)) if is_archive(answer) else answer.content


def _members(archive: bytes) -> Iterator[bytes]:
    """Names and contents of the files of an archive, and of the archives in it (an .xlsx file is one)."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        for name in opened.namelist():
            content = opened.read(name)
            yield name.encode() + b"\n"
            yield from _members(content) if name.endswith(".xlsx") else (content, b"\n")


def pretty(answer: httpx2.Response) -> Callable[[], bytes]:
    """The body of an answer, indented if it is JSON."""

    def content() -> bytes:
        if answer.headers.get("content-type", "").startswith("application/json"):
            return orjson.dumps(answer.json(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        return unpacked(answer)

    return content


class Caller:
    """Calls the operations of one API by operationId, as one caller.

    `path` are path parameters that all calls share, `options` what identifies the caller (`auth` or `headers`).
    """

    def __init__(self, recorder: Recorder, api: str, path: dict[str, Any] | None = None, **options: Any) -> None:
        self.recorder = recorder
        self.api = api
        self.path = path or {}
        self._options = options

    def __call__(
        self, operation_id: str, /, *, body: Any = EXAMPLE, query: dict[str, Any] | None = None, **path: Any
    ) -> Any:
        """Call an operation that must succeed.

        Returns the JSON of its answer, or the whole answer where it has no JSON.

        Without `body`, an operation that takes one gets the contract's first example.
        """
        answer = self._send(operation_id, body, query, path)
        assert answer.status_code < 400, (
            f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
        )
        return answer.json() if answer.headers.get("content-type", "").startswith("application/json") else answer

    def refused(
        self,
        status: int,
        operation_id: str,
        /,
        *,
        body: Any = EXAMPLE,
        query: dict[str, Any] | None = None,
        **path: Any,
    ) -> None:
        """Call an operation that must be refused with this status."""
        answer = self._send(operation_id, body, query, path)
        assert answer.status_code == status, (
            f"{answer.request.method} {answer.request.url}: {answer.status_code} instead of {status} {answer.text}"
        )

    def attempt(self, operation_id: str, body: Any, query: dict[str, Any] | None, path: dict[str, Any]) -> int:
        """Call an operation; its status."""
        return self._send(operation_id, body, query, path).status_code

    def as_other(self, path: dict[str, Any] | None = None, **options: Any) -> "Caller":
        """Another caller of the same API."""
        return Caller(self.recorder, self.api, self.path if path is None else path, **options)

    @property
    def options(self) -> dict[str, Any]:
        """What identifies the caller, as options of a request."""
        return dict(self._options)

    def operation(self, operation_id: str) -> Operation:
        return all_operations()[f"{self.api}.{operation_id}"]

    def example(self, operation_id: str, name: str | None = None, /, **changes: Any) -> Any:
        """An example of an operation's request body: the named or the first one, with some members replaced."""
        bodies = self.operation(operation_id).bodies
        body = bodies[name] if name else next(iter(bodies.values()))
        return {**body, **changes} if changes else body

    def _send(
        self, operation_id: str, body: Any, query: dict[str, Any] | None, path: dict[str, Any]
    ) -> httpx2.Response:
        operation, options = self.operation(operation_id), self.options
        if body is not EXAMPLE or operation.bodies:
            given = self.example(operation_id) if body is EXAMPLE else body
            options["content" if isinstance(given, bytes) else "json"] = given
        if isinstance(options.get("content"), bytes):
            options["headers"] = {"Content-Type": "application/json", **options.get("headers", {})}
        target = operation.target({**self.path, **path})
        if query:
            target += "?" + urlencode(query, doseq=True)
        return self.recorder.send(operation.name, operation.method, target, **options)
