"""A served database with the processes that work for it: servers, workers, commands."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2

from models.kernel.clock import monotonic_s
from tests.support.live import free_port
from troth.database.migrate import upgrade

TROTH = Path(sys.executable).with_name("troth")
HEALTH = "/_health/ready"
WITHIN_S = 180.0
"""A server starts in seconds; on a machine that others use too, in minutes."""


class Site:
    """A database with a business, and the processes that work for it."""

    def __init__(self, url: str, folder: Path, *, program: Path = TROTH) -> None:
        """`program` is the command; that of another environment sees nothing of this checkout."""
        self.program = program
        self.settings: dict[str, str] = {"TROTH_ALLOW_PRIVATE_TARGETS": "true"}
        """Beside those that each process needs."""
        self.url, self.folder, self.port = url, folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        if program == TROTH:
            upgrade(url)
        else:
            self.settings["PYTHONPATH"] = ""
            self.command("migrate")
        self.auth = {"Authorization": f"Bearer {self.tenant('advocacy')['api_key']}"}

    def tenant(self, api: str, *options: str) -> dict[str, Any]:
        """The credentials of a new tenant, acme."""
        made = json.loads(self.command("tenant", "create", api, "acme", "--json", *options))
        credentials: dict[str, Any] = made[0]["credentials"]
        return credentials

    def environment(self) -> dict[str, str]:
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith("TROTH_")},
            "TROTH_SECRET_KEY": "a secret of this test",
            "TROTH_DATABASE_URL": self.url,
            "TROTH_REQUIRE_HTTPS": "false",
            "TROTH_FILES_DIR": str(self.folder / "files"),
            **self.settings,
        }

    def command(self, *arguments: str) -> str:
        done = subprocess.run(
            [self.program, *arguments], capture_output=True, text=True, env=self.environment(), check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @contextlib.contextmanager
    def running(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen([self.program, *arguments], env=self.environment(), stderr=log)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(WITHIN_S)

    @contextlib.contextmanager
    def serving(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        with self.running("serve", "--port", str(self.port), *arguments) as process:
            until(self.is_ready)
            yield process

    def is_ready(self) -> bool:
        return is_ready(self.base)

    def process_of_a_request(self) -> str:
        """The part of a request's id that each process draws once."""
        return process_of(httpx2.get(self.base + HEALTH, timeout=5))

    def advocate(self, email: str) -> Any:
        return httpx2.post(
            f"{self.base}/advocacy/api/v1/advocates", json={"email": email}, headers=self.auth, timeout=10
        )

    def said(self, command: str = "serve") -> list[dict[str, Any]]:
        lines = (self.folder / f"{command}.log").read_text().splitlines()
        return [json.loads(line) for line in lines if line.startswith("{")]


def is_ready(base: str) -> bool:
    """Whether a server at an address answers that it is ready."""
    with contextlib.suppress(httpx2.TransportError):
        return httpx2.get(base + HEALTH, timeout=5).status_code == 200
    return False


def process_of(answer: httpx2.Response) -> str:
    """The part of an answer's request id that each process draws once."""
    return answer.headers["x-request-id"].rpartition("-")[0]


def until(condition: Callable[[], Any]) -> Any:
    end_s = monotonic_s() + WITHIN_S
    while monotonic_s() < end_s:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {WITHIN_S:.0f} s")


def children(process: subprocess.Popen[bytes]) -> set[int]:
    """The server processes of a supervisor (proc(5))."""
    return {int(pid) for pid in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()}


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
