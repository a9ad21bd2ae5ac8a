"""Several processes on one database: `serve --workers`, `serve --no-dispatch` with `troth worker`, and what their
deaths change.
"""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from models.kernel.clock import monotonic_s
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.live import receiver
from tests.support.raw_http import connection
from tests.support.site import TROTH, WITHIN_S, Site, children, is_running, until


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Site]:
    if request.param == "sqlite":
        yield Site(f"sqlite:///{tmp_path}/troth.db", tmp_path)
        return
    url = fresh_postgres("workers", tables=False)
    yield Site(url, tmp_path)
    drop_postgres(url)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_share_a_port_are_replaced_without_a_refusal_and_end_together(site: Site) -> None:
    with site.serving("--workers", "2") as supervisor:
        until(lambda: len({site.process_of_a_request() for _ in range(20)}) == 2)
        first = children(supervisor)
        assert len(first) == 2

        os.kill(min(first), signal.SIGKILL)  # one dies, the other goes on, a new one takes its place
        until(
            lambda: (
                len(children(supervisor) - first) == 1
                and any(one["event"].startswith("worker ended") for one in site.said())
            )
        )

        auth = ("", site.tenant("saasquatch")["api_key"])
        statuses: list[int] = []
        stop = threading.Event()
        load = threading.Thread(target=create_until, args=(site, auth, stop, statuses))
        load.start()
        before = children(supervisor)
        supervisor.send_signal(signal.SIGHUP)
        until(lambda: any(one["event"] == "workers renewed" for one in site.said()))
        stop.set()
        load.join()
        assert not before & children(supervisor)
        assert len(statuses) > 10
        assert set(statuses) == {201}, "a request was refused or cut off while the processes were replaced"
        last = children(supervisor)
        assert counted(site) == {counted(site) for _ in range(8)}.pop() == len(statuses)
    assert supervisor.returncode == 0
    assert not any(is_running(pid) for pid in last)
    assert created(site, auth) == len(statuses)


def counted(site: Site) -> int:
    """How many users were created, by the metrics of whichever process answers."""
    for line in httpx2.get(f"{site.base}/metrics", timeout=5).text.splitlines():
        if line.startswith("troth_http_requests_total") and "openCreateUser" in line:
            return int(float(line.rpartition(" ")[2]))
    return 0


def create_until(site: Site, auth: tuple[str, str], stop: threading.Event, statuses: list[int]) -> None:
    """Create users one after the other, each on a connection of its own.

    The advocacy API would limit them to 60 a minute.
    """
    while not stop.is_set():
        name = f"u{len(statuses)}"
        path = f"/saasquatch/api/v1/acme/open/account/{name}/user/{name}"
        statuses.append(
            httpx2.post(site.base + path, auth=auth, json={"id": name, "accountId": name}, timeout=10).status_code
        )
        time.sleep(0.1)


def created(site: Site, auth: tuple[str, str]) -> int:
    with site.serving():
        listed = httpx2.get(f"{site.base}/saasquatch/api/v1/acme/users?limit=1", auth=auth)
        count: int = listed.json()["totalCount"]
        return count


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_processes_end_with_a_supervisor_that_was_killed(tmp_path: Path) -> None:
    site = Site(f"sqlite:///{tmp_path}/troth.db", tmp_path)
    with site.serving("--workers", "2") as supervisor:
        processes = until(lambda: found if len(found := children(supervisor)) == 2 else None)
        until(lambda: len({site.process_of_a_request() for _ in range(20)}) == 2)
        supervisor.kill()
        until(lambda: not any(is_running(pid) for pid in processes))


def test_workers_send_what_servers_do_not_and_take_over_from_one_that_was_killed(site: Site) -> None:
    with receiver() as hooks, site.serving("--no-dispatch"):
        site.command("webhook", "create", "advocacy", hooks.url, "--tenant", "acme")
        assert site.advocate("ana@example.org").status_code == 201
        time.sleep(1.5)  # longer than a dispatcher's pause
        assert not hooks.received
        with site.running("worker"):
            hooks.wait_for(1, WITHIN_S)
        with site.running("worker") as killed:
            until(lambda: any(one["event"] == "working" for one in site.said("worker")))
            killed.kill()
            killed.wait()
            assert site.advocate("ben@example.org").status_code == 201
            with site.running("worker"):
                hooks.wait_for(2, WITHIN_S)
        assert len({one.headers.get("webhook-id", one.body) for one in hooks.received}) == 2


def test_a_worker_sends_nothing_to_private_addresses(tmp_path: Path) -> None:
    """The address was subscribed when that was allowed; as the processes run now, it is not."""
    site = Site(f"sqlite:///{tmp_path}/troth.db", tmp_path)
    with receiver() as hooks:
        site.command("webhook", "create", "advocacy", hooks.url, "--tenant", "acme")
        site.settings.clear()
        with site.serving("--no-dispatch"), site.running("worker"):
            assert site.advocate("ana@example.org").status_code == 201
            error = until(lambda: error_of_the_first_attempt(tmp_path / "troth.db"))
        assert "is not an address that may be called" in error
        assert not hooks.received


def error_of_the_first_attempt(database: Path) -> str | None:
    with contextlib.closing(sqlite3.connect(database)) as connection:
        row = connection.execute("SELECT error FROM delivery_attempts").fetchone()
    return None if row is None else row[0]


def test_a_client_with_half_a_body_does_not_hold_the_exit(tmp_path: Path) -> None:
    site = Site(f"sqlite:///{tmp_path}/troth.db", tmp_path)
    with site.serving("--workers", "2") as supervisor, connection(site.port) as half:
        half.send(b"POST /advocacy/api/v1/advocates HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        time.sleep(0.2)
        started_s = monotonic_s()
        supervisor.terminate()
        assert supervisor.wait(WITHIN_S) == 0
        assert monotonic_s() - started_s < 10


def test_a_database_in_memory_is_for_mocks_alone() -> None:
    for arguments in (
        ["serve", "--workers", "2", "--port", "0"],
        ["serve", "--port", "0"],
        ["worker"],
        ["tenant", "list"],
    ):
        done = subprocess.run(
            [TROTH, *arguments, "--db", "sqlite://"],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "TROTH_SECRET_KEY": "a secret of this test"},
        )
        assert (done.returncode, done.stderr.count("\n"), "in memory" in done.stderr) == (1, 1, True), done.stderr
