"""A real server in a process of its own, spoken to over HTTP."""

import contextlib
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2

START_SECONDS_MAX = 30


ON_ONE_CORE = [
    sys.executable,
    "-c",
    "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.execv(sys.argv[1], sys.argv[1:])",
]
"""Before a command: it sees one core only. Linux."""


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@contextlib.contextmanager
def troth(
    *arguments: str,
    port: int | None = None,
    ready: str = "/_troth/info",
    env: dict[str, str] | None = None,
    output: list[str] | None = None,
    before: Sequence[str] = (),
    command: Sequence[str | Path] = (Path(sys.executable).with_name("troth"),),
    cwd: Path | None = None,
    within_s: float = START_SECONDS_MAX,
) -> Iterator[str]:
    """Run `troth ARGUMENTS --port PORT` until the block ends; gives its base URL. Its lines are added to `output`.

    `before` is a command that runs it, such as `ON_ONE_CORE`; `command` is another `troth`, e.g. of another
    environment.
    """
    port = port or free_port()
    process = subprocess.Popen(
        [*before, *command, *arguments, "--port", str(port)],
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, **(env or {})},
    )
    lines = [] if output is None else output
    reader = threading.Thread(target=lambda: lines.extend(process.stdout or ()), daemon=True)
    reader.start()
    url = f"http://localhost:{port}"
    try:
        _wait(process, url + ready, lines, within_s)
        yield url
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        reader.join(5)
        if process.stdout is not None:
            process.stdout.close()


def _wait(process: subprocess.Popen[str], url: str, output: list[str], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    # One client for all attempts: reading the authorities' certificates for each took more CPU time than the start.
    with httpx2.Client(verify=False, timeout=2) as http:
        while time.monotonic() < deadline:
            if process.poll() is not None:
                time.sleep(0.1)
                raise AssertionError("troth stopped at once:\n" + "".join(output))
            with contextlib.suppress(httpx2.TransportError):
                if http.get(url).status_code < 500:
                    return
            time.sleep(0.05)
    raise AssertionError("troth was not ready in time:\n" + "".join(output))


@dataclass
class Received:
    """One call of a webhook receiver: the exact bytes and the headers in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A webhook endpoint that remembers what it got; answers `statuses` one after the other, then 200."""

    url: str
    received: list[Received] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)

    def wait_for(self, count: int, seconds: float = 10) -> list[Received]:
        deadline = time.monotonic() + seconds
        while len(self.received) < count and time.monotonic() < deadline:
            time.sleep(0.02)
        assert len(self.received) >= count, f"{len(self.received)} of {count} webhooks arrived"
        return self.received


@contextlib.contextmanager
def receiver() -> Iterator[Receiver]:
    """A real HTTP server on loopback that receives webhooks."""
    made = Receiver("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            made.received.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = made.statuses.pop(0) if made.statuses else 200
            self.send_response(status)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/hooks"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
