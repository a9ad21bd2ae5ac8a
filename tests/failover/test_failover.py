"""The primary is killed under load, and its standby promoted: the servers go on by themselves, and nothing acknowledged
is lost.
"""

from __future__ import annotations

import contextlib
import sys
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING

import httpx2
import psycopg
import pytest

from models.kernel.clock import monotonic_s
from tests.failover import pair as pairs
from tests.soak import verdict
from tests.soak.load import Acknowledged, Caller
from tests.soak.run import keys_of, member
from tests.support.site import Site, process_of, until
from troth.database.urls import with_hosts_in_query

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PROGRAMS = pairs.programs()
CALLERS, SEED = 6, 1
LOAD = 60
"""Acknowledged writes before the primary dies, and as many again afterwards."""
NOTICED_S = 3.0
"""Seconds between the death and the promotion: an operator has to notice first. Longer than a request is tried again
for.
"""
RECOVERS_S_MAX = 10.0
"""From the end of the promotion to the first acknowledged write."""

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="reads /proc"),
    pytest.mark.skipif(PROGRAMS is None, reason="NOT RUN: there is no initdb, pg_basebackup and pg_ctl of PostgreSQL"),
]


@pytest.fixture
def pair() -> Iterator[pairs.Pair]:
    assert PROGRAMS is not None
    with pairs.running(PROGRAMS) as made:
        yield made


@pytest.fixture
def site(pair: pairs.Pair, tmp_path: Path) -> Site:
    with psycopg.connect(pair.url(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE troth")
    return Site(with_hosts_in_query(pair.url("troth")), tmp_path)


class Probe(threading.Thread):
    """Notes when a write was acknowledged, and every other status, until it is stopped."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self._site, self._stop_asked = site, threading.Event()
        self.acknowledged_s: list[float] = []
        self.processes: list[str] = []
        """Which server process acknowledged each."""
        self.refused: Counter[int] = Counter()
        self.slowest_s = 0.0

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()

    def run(self) -> None:
        count = 0
        while not self._stop_asked.is_set():
            count += 1
            began_s = monotonic_s()
            status, process = 0, ""
            with contextlib.suppress(httpx2.TransportError):
                answer = self._site.advocate(f"probe{count}@example.org")
                status, process = answer.status_code, process_of(answer)
            self.slowest_s = max(self.slowest_s, monotonic_s() - began_s)
            if status == 201:
                self.processes.append(process)
                self.acknowledged_s.append(monotonic_s())
            else:
                self.refused[status] += 1
            time.sleep(0.05)


def written(noted: Acknowledged) -> int:
    return sum(len(getattr(noted, name)) for name in ("users", "advocates", "points", "minted", "transfers", "orders"))


@pytest.mark.parametrize("processes", [1, 2])
def test_the_servers_go_on_by_themselves_and_nothing_acknowledged_is_lost(
    pair: pairs.Pair, site: Site, capsys: pytest.CaptureFixture[str], processes: int
) -> None:
    """With one server process, and with several that share the port, each with connections of its own to the dead
    primary.
    """
    noted = Acknowledged()
    keys = keys_of(site)
    with site.serving("--no-dispatch", "--workers", str(processes)), site.running("worker"):
        members = [member(keys, number) for number in range(1, 5)]
        callers = [Caller(number, SEED, keys, members, noted) for number in range(CALLERS)]
        probe = Probe(site)
        for thread in (*callers, probe):
            thread.start()
        until(
            lambda: len(probe.acknowledged_s) > 5 and written(noted) >= LOAD and len(set(probe.processes)) == processes
        )
        killed_s = monotonic_s()
        pair.kill("primary")
        time.sleep(NOTICED_S)
        pair.promote()
        promoted_s = monotonic_s()
        until(lambda: probe.acknowledged_s and probe.acknowledged_s[-1] > promoted_s)
        late = next(n for n, at_s in enumerate(probe.acknowledged_s) if at_s > promoted_s)
        until(lambda: set(probe.processes[late:]) == set(probe.processes[:late]))
        before = written(noted)
        until(lambda: written(noted) >= before + LOAD)
        for caller in callers:
            caller.stop()
        for caller in callers:
            caller.join()
        probe.stop()
        until(lambda: verdict.pending(site.url) == 0)
        first_s = min(one for one in probe.acknowledged_s if one > promoted_s)
        with capsys.disabled():
            print(
                f"\nfailover, {processes} server processes: no write for {first_s - killed_s:.1f} s ({first_s - promoted_s:.1f} s after the promotion), "
                f"{written(noted)} acknowledged writes, {noted.unknown} calls without an answer, probe refused {dict(probe.refused)}, "
                f"its slowest answer took {probe.slowest_s:.1f} s"
            )
        assert first_s - promoted_s < RECOVERS_S_MAX
        assert probe.refused[503], "the outage was too short to be seen"
        assert not set(probe.refused) - {503, 429}, "an outage is a 503"
        assert [defect for caller in callers for defect in caller.defects] == []
        assert verdict.faults(site.url, noted, Counter()) == []
        assert not [one for one in site.said() if "Traceback" in str(one)]
