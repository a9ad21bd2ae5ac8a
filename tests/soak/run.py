"""A site under load whose processes are killed, one after the other."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import orjson

from models.kernel.clock import monotonic_s
from tests.soak import verdict
from tests.soak.load import Acknowledged, Caller, Keys
from tests.support.site import TROTH, Site, children

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLERS = 12
MEMBERS = 4
BETWEEN_S = (1.0, 4.0)
"""Between two deaths: a process may die while it starts, too."""
WRITES_MIN, WRITES_S = 5, 60.0
"""What is acknowledged between two deaths at least, and within how many seconds:
a site that is never up loses nothing.
"""
SETTLE_S = 240.0
"""A delivery whose process was killed is taken again after 60 s, and one that the receiver has refused after 5."""
REFUSED_SHARE = 0.2


@dataclass
class Report:
    """What came of it."""

    kills: int
    noted: Acknowledged
    events: int
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.noted.writes} acknowledged writes, {self.noted.unknown} calls without an answer, "
            f"{self.events} events received, {len(self.faults)} faults"
        )


class Receiver:
    """A webhook receiver that refuses a share of the events at their first attempt."""

    def __init__(self, seed: int) -> None:
        self.received: Counter[str] = Counter()
        self._refused: set[str] = set()
        self._random = random.Random(seed)
        self._lock = threading.Lock()

    def answer(self, body: bytes) -> int:
        event = str(orjson.loads(body)["id"])
        with self._lock:
            if event not in self.received and event not in self._refused and self._random.random() < REFUSED_SHARE:
                self._refused.add(event)
                return 503
            self.received[event] += 1
            return 200

    @contextlib.contextmanager
    def serving(self) -> Iterator[str]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                status = receiver.answer(self.rfile.read(int(self.headers["Content-Length"])))
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.shutdown()
            server.server_close()


class Worker:
    """`troth worker`, started again whenever it was killed."""

    def __init__(self, site: Site, log: Any) -> None:
        self._site, self._log = site, log
        self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen([TROTH, "worker"], env=self._site.environment(), stderr=self._log)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process = self._start()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(60)


def soak(url: str, kills: int, seed: int) -> Report:
    """Kill so many processes of a site on an empty database while callers use it, and judge what is left."""
    rng, noted, receiver = random.Random(seed), Acknowledged(), Receiver(seed)
    with tempfile.TemporaryDirectory() as folder, receiver.serving() as hooks, contextlib.ExitStack() as stack:
        site = Site(url, Path(folder))
        keys = keys_of(site)
        site.command("webhook", "create", "advocacy", hooks, "--tenant", "acme")
        supervisor = stack.enter_context(site.serving("--workers", "2", "--no-dispatch"))
        log = stack.enter_context((Path(folder) / "worker.log").open("ab"))
        worker = Worker(site, log)
        stack.callback(worker.stop)
        members = [member(keys, number) for number in range(1, MEMBERS + 1)]
        callers = [Caller(number, seed, keys, members, noted) for number in range(CALLERS)]
        for caller in callers:
            caller.start()
        faults = []
        for number in range(kills):
            wanted = noted.writes + WRITES_MIN
            time.sleep(rng.uniform(*BETWEEN_S))
            if not _reached(wanted, noted):
                faults.append(f"after {number} kills there were not {WRITES_MIN} writes within {WRITES_S:g} s")
                break
            _kill_one(rng, supervisor, worker)
        time.sleep(BETWEEN_S[1])
        for caller in callers:
            caller.stop()
        for caller in callers:
            caller.join()
        _settle(url)
        faults += [defect for caller in callers for defect in caller.defects]
        faults += verdict.faults(url, noted, receiver.received)
    return Report(kills, noted, len(receiver.received), faults)


def keys_of(site: Site) -> Keys:
    """New tenants of the APIs that callers use."""
    loyalty = site.tenant("loyalty_core")
    (club,) = orjson.loads(site.command("tenant", "show", "loyalty_core", "acme", "--json"))
    return Keys(
        site.base,
        site.tenant("saasquatch", "--landing-url", "https://acme.example/")["api_key"],
        site.auth["Authorization"].removeprefix("Bearer "),
        loyalty["api_token"],
        club["organization_id"],
    )


def member(keys: Keys, number: int) -> tuple[int, int]:
    """A new member: the numbers of the member and of the wallet."""
    token = {"Authorization": f"Bearer {keys.loyalty_core}"}
    made = httpx2.post(f"{keys.club}/members", json={"loyaltyMemberId": f"m{number}"}, headers=token, timeout=30)
    assert made.status_code == 201, made.text
    member = made.json()["loyalMember"]
    return member["memberId"], member["walletId"]


def _kill_one(rng: random.Random, supervisor: subprocess.Popen[bytes], worker: Worker) -> None:
    servers = sorted(children(supervisor))
    victim = rng.choice([None, *servers])
    if victim is None:
        worker.kill()
    else:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)


def _reached(writes: int, noted: Acknowledged) -> bool:
    """Wait until so many writes are acknowledged. False when that takes too long."""
    end_s = monotonic_s() + WRITES_S
    while noted.writes < writes:
        if monotonic_s() > end_s:
            return False
        time.sleep(0.05)
    return True


def _settle(url: str) -> None:
    """Wait until all deliveries have come to an end."""
    end_s = monotonic_s() + SETTLE_S
    while verdict.pending(url) and monotonic_s() < end_s:
        time.sleep(1)
