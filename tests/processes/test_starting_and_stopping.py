"""A server as a process: where it listens, and what SIGTERM and SIGINT leave behind."""

import contextlib
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx2
import pytest

from tests.support.raw_http import connection, get, post, talk
from tests.support.serving import memory_server, serving, wait_until
from troth.server.sockets import CannotListen, listen, port_of

KEY = "LIVE_SMALL0KEY0SAASQUATCH0TROTH0MOCK"
TROTH = Path(sys.executable).with_name("troth")
SCENARIO = """
projects:
  - api: saasquatch
    project: shop
    name: Shop
    live: {alias: shop, credentials: {api_key: %s}}
    settings: {openEndpointsEnabled: true}
    programs:
      - {id: referral-program, name: Refer a friend, landing_url: "https://shop.example.org/welcome"}
""".replace("%s", KEY)
STUCK = """
import time
from models.outbox.long_jobs import LongJob
from models.saasquatch import jobs

def steps(uow, subject):
    print("the job is stuck", flush=True)
    time.sleep(300)
    yield

jobs.LONG_JOBS["export"] = LongJob(steps, lambda *_arguments: None)
from troth.cli import main
main()
"""


def has_ipv6() -> bool:
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as opened:
        opened.bind(("::1", 0))
        return True
    return False


NEVER = """
import asyncio
from handlers.http import Answer
from troth import connexion_app

async def never():
    await asyncio.sleep(300)

find_handler = connexion_app.find_handler

def find(package, tag, operation_id, **options):
    if operation_id == "getInfo":
        return lambda _uow: Answer(200, later=never)
    return find_handler(package, tag, operation_id, **options)

connexion_app.find_handler = find
from troth.cli import main
main()
"""


class TestListening:
    @pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_loopback_is_both_addresses_on_one_port(self, host: str) -> None:
        sockets = listen(host, 0)
        try:
            assert [opened.getsockname()[:2] for opened in sockets] == [
                (address, port_of(sockets)) for address in ("127.0.0.1", "::1")
            ]
        finally:
            for opened in sockets:
                opened.close()

    @pytest.mark.skipif(not has_ipv6(), reason="this machine has no IPv6")
    def test_a_server_answers_on_both(self) -> None:
        server = memory_server()
        with serving(server) as served:
            for host in ("127.0.0.1", "::1"):
                assert talk(served.port, get("/_health/live"), host=host).status == 200
        server.close()

    @pytest.mark.parametrize("taken", ["127.0.0.1", "::1"])
    def test_a_port_that_is_taken_on_one_of_them_is_refused(self, taken: str) -> None:
        if taken == "::1" and not has_ipv6():
            pytest.skip("this machine has no IPv6")
        with socket.socket(socket.AF_INET6 if ":" in taken else socket.AF_INET) as other:
            other.bind((taken, 0))
            other.listen()
            with pytest.raises(CannotListen, match="in use"):
                listen("127.0.0.1", other.getsockname()[1])

    def test_another_address_is_listened_on_alone(self) -> None:
        (opened,) = listen("0.0.0.0", 0)
        opened.close()
        with pytest.raises(CannotListen, match=r"cannot listen on 203\.0\.113\.1"):
            listen("203.0.113.1", 0)


@contextlib.contextmanager
def process(
    folder: Path, *arguments: str, command: Sequence[str | Path] = (TROTH,)
) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        port = opened.getsockname()[1]
    scenario = folder / "small.yaml"
    scenario.write_text(SCENARIO)
    with (folder / "out.txt").open("wb") as out:
        started = subprocess.Popen(
            [*command, "mock", "--port", str(port), "--scenario", str(scenario), *arguments],
            stdout=out,
            stderr=out,
            env={**os.environ, "TROTH_FILES_DIR": str(folder / "files")},
        )
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            assert started.poll() is None, (folder / "out.txt").read_text()
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(f"http://127.0.0.1:{port}/_health/ready").status_code == 200:
                    break
            time.sleep(0.05)
        yield started, port
    finally:
        if started.poll() is None:
            started.kill()
        started.wait()


def end(started: subprocess.Popen[bytes], number: int = signal.SIGTERM) -> tuple[int, float]:
    """The exit code, and how long it took."""
    began = time.monotonic()
    started.send_signal(number)
    return started.wait(20), time.monotonic() - began


class TestStopping:
    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_the_database_file_alone_is_complete(self, tmp_path: Path, number: int) -> None:
        file = tmp_path / "mock.db"
        with process(tmp_path, "--db", f"sqlite:///{file}") as (started, port):
            for n in range(20):
                made = httpx2.put(
                    f"http://127.0.0.1:{port}/saasquatch/api/v1/shop/open/account/a{n}/user/u{n}",
                    json={"id": f"u{n}", "accountId": f"a{n}"},
                    auth=("", KEY),
                )
                assert made.status_code == 200, made.text
            code, _ = end(started, number)
        assert code == 0, (tmp_path / "out.txt").read_text()
        copy = tmp_path / "copy.db"
        copy.write_bytes(file.read_bytes())
        with contextlib.closing(sqlite3.connect(copy)) as opened:
            assert opened.execute("SELECT count(*) FROM sq_users").fetchone() == (20,)

    def test_idle_half_and_silent_clients_do_not_hold_the_exit(self, tmp_path: Path) -> None:
        with process(tmp_path) as (started, port), contextlib.ExitStack() as stack:
            opened = [stack.enter_context(connection(port)) for _ in range(4)]
            opened[1].send(b"GET / HTTP/1.1\r\nHo")
            opened[2].send(post("/_troth/clock/advance", b"{", length=100))
            opened[3].send(b"GET /_health/live HTTP/1.1\r\nHost: a\r\n\r\n")
            opened[3].read()
            time.sleep(0.2)
            code, seconds = end(started)
            half = opened[2].rest()
        assert code == 0, (tmp_path / "out.txt").read_text()
        assert seconds < 3
        assert (half.status, half.closed) == (503, True)
        assert "Traceback" not in (tmp_path / "out.txt").read_text()

    def test_a_long_job_that_does_not_end_does_not_hold_the_exit(self, tmp_path: Path) -> None:
        command = (sys.executable, "-c", STUCK)
        with process(tmp_path, "--db", f"sqlite:///{tmp_path / 'mock.db'}", command=command) as (started, port):
            httpx2.post(
                f"http://127.0.0.1:{port}/saasquatch/api/v1/shop/export", json={"type": "USER"}, auth=("", KEY)
            ).raise_for_status()
            wait_until(lambda: "the job is stuck" in (tmp_path / "out.txt").read_text(), 20)
            code, _ = end(started)
        out = (tmp_path / "out.txt").read_text()
        assert code == 0, out
        assert "long jobs were cut off" in out
        assert "Traceback" not in out

    def test_requests_that_are_cut_off_leave_no_traceback(self, tmp_path: Path) -> None:
        command = (sys.executable, "-c", NEVER)
        with process(tmp_path, command=command) as (started, port), contextlib.ExitStack() as stack:
            opened = [stack.enter_context(connection(port)) for _ in range(3)]
            for one in opened:
                one.send(b"GET /_troth/info HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(0.2)
            code, seconds = end(started)
            assert all(one.rest().closed for one in opened)
        out = (tmp_path / "out.txt").read_text()
        assert code == 0, out
        assert seconds < 6  # 3 s for what is under way
        assert "requests were cut off" in out
        assert "Traceback" not in out

    def test_the_folder_for_files_and_the_port_are_free_again(self, tmp_path: Path) -> None:
        with process(tmp_path) as (started, port):
            end(started)
            for opened in listen("127.0.0.1", port):
                opened.close()


def test_what_is_under_way_is_answered_before_the_server_ends() -> None:
    server = memory_server()
    answers: list[int] = []
    with serving(server, stop_s=10) as served:
        operation = next(one for one in server.compiled.apis["control"].compiled if one.info.operation_id == "getInfo")
        plain, entered = operation.function, threading.Event()

        def slow(uow: object) -> object:
            entered.set()
            time.sleep(0.5)
            return plain(uow)

        operation.function = slow  # type: ignore[assignment]
        caller = threading.Thread(target=lambda: answers.append(talk(served.port, get("/_troth/info")).status))
        caller.start()
        assert entered.wait(10)
        served.stop()
        caller.join(10)
        served.thread.join(10)
        assert not served.thread.is_alive()
    server.close()
    assert answers == [200]


def test_a_server_that_is_being_stopped_is_not_ready() -> None:
    server = memory_server()
    with serving(server) as served:
        assert talk(served.port, get("/_health/ready")).status == 200
        server.runtime.stopping = True
        found = talk(served.port, get("/_health/ready"))
        assert found.status == 503
        assert b"the server is being stopped" in found.data
    server.close()
