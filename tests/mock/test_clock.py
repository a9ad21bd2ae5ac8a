"""A clock that runs again: its speed, from where, what becomes due; how far a move is, and its limit of work."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.kernel.clock import DAY_MS, FIXED_START_MS, HOUR_MS, wall_ms
from tests.mock.test_sandboxes import MAIN_KEY, add_user
from tests.support.client import BASE_URL, Client
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.refusals import assert_refused
from tests.support.senders import NullSender
from troth.mock.run import build_mock
from troth.outbox import dispatcher as dispatching
from troth.outbox.outgoing import SendResult
from troth.settings import Settings


class Looking(NullSender):
    """Reads the clock while it sends."""

    def __init__(self, app: Any) -> None:
        super().__init__()
        self.app, self.clocks = app, list[dict[str, Any]]()

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        transport = httpx2.ASGITransport(app=self.app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            self.clocks.append((await http.get("/_troth/clock")).json())
        return await super().send(url, body, headers)


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    made = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "empty")
    made.runtime.services["dispatcher"].sender.sender = Looking(made.app)
    client = Client(made)
    yield client
    client.close()
    made.close()


@pytest.fixture
def mock(server: Client) -> Client:
    """The module's mock, as it was at first: on a fixed clock."""
    assert server.request("POST", "/_troth/reset").status_code == 200
    looking(server).status = 200
    looking(server).clocks.clear()
    return server


def looking(mock: Client) -> Looking:
    found: Looking = mock.server.runtime.services["dispatcher"].sender.sender
    return found


def clock(mock: Client) -> dict[str, Any]:
    found: dict[str, Any] = mock.request("GET", "/_troth/clock").json()
    return found


def run(mock: Client, **body: Any) -> dict[str, Any]:
    answer = mock.request("POST", "/_troth/clock/run", json=body)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_it_goes_on_from_where_it_stands(mock: Client) -> None:
    began = run(mock)
    assert (began["fixed"], began["speed"], began["reached"], began["fired"]) == (False, 1, True, [])
    time.sleep(0.02)
    assert FIXED_START_MS + 20 <= clock(mock)["now_ms"] < FIXED_START_MS + 60_000


def test_it_runs_at_a_speed_and_stands_where_it_is_frozen(mock: Client) -> None:
    run(mock, speed=86_400)
    time.sleep(0.05)
    frozen = mock.request("POST", "/_troth/clock/freeze").json()
    assert frozen["now_ms"] >= FIXED_START_MS + 50 * 86_400
    assert (frozen["fixed"], frozen["speed"]) == (True, 0)
    assert clock(mock) == frozen


def test_an_offset_is_gone_to_and_what_becomes_due_runs(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    answer = run(mock, offset="P30D", speed=2)
    assert [one["kind"] for one in answer["fired"]] == ["delivery"] * 3
    assert abs(answer["now_ms"] - (wall_ms() + 30 * DAY_MS)) < 60_000
    assert answer["speed"] == 2
    assert run(mock, offset_ms=31 * DAY_MS)["speed"] == 1


def test_it_never_goes_back(mock: Client) -> None:
    run(mock, offset="P30D")
    for offset_ms in (0, -DAY_MS):
        answer = mock.request("POST", "/_troth/clock/run", json={"offset_ms": offset_ms})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CLOCK_BACKWARDS")
    assert abs(clock(mock)["now_ms"] - (wall_ms() + 30 * DAY_MS)) < 1_000


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"speed": 0}, "/speed: must be at least 0.001"),
        ({"speed": -1}, "/speed: must be at least 0.001"),
        ({"speed": 86_401}, "/speed: must be at most 86400"),
        ({"offset": "P1M"}, "/offset: must be a duration"),
        ({"offset": "P99999W"}, "The clock is not moved beyond the year 3000."),
        ({"offset": "P1D", "offset_ms": 1}, "the body: must be one of offset and offset_ms, not both"),
        ({"to": 1}, "/to: is not a known member"),
    ],
)
def test_what_it_cannot_read_changes_nothing(mock: Client, body: dict[str, Any], message: str) -> None:
    assert_refused(mock.request("POST", "/_troth/clock/run", json=body), 400, message)
    assert clock(mock) == {"now": "2026-01-15T12:00:00.000Z", "now_ms": FIXED_START_MS, "fixed": True, "speed": 0}


def test_a_snapshot_keeps_the_speed(mock: Client) -> None:
    run(mock, speed=60)
    assert mock.request("POST", "/_troth/snapshots", json={"name": "fast"}).status_code == 201
    mock.request("POST", "/_troth/clock/freeze")
    assert mock.request("POST", "/_troth/snapshots/fast/restore").json()["clock"] == "wall"
    assert clock(mock)["speed"] == 60
    assert mock.request("DELETE", "/_troth/snapshots/fast").status_code == 204


def test_what_becomes_due_while_it_runs_is_done_in_the_background(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    looking(mock).status = 500
    mock.request("POST", "/_troth/clock/advance", json={"by_ms": 0})  # each is tried again after an hour
    sent = len(looking(mock).calls)
    looking(mock).status = 200
    run(mock, speed=86_400)  # an hour is 42 ms

    async def serve() -> None:
        async with mock.server.running():
            for _ in range(200):
                await asyncio.sleep(0.01)
                if len(looking(mock).calls) >= sent + 3:
                    return

    asyncio.run(serve())
    assert len(looking(mock).calls) == sent + 3


def test_a_move_that_is_under_way_says_how_far_it_is(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    looking(mock).status = 500
    mock.request("POST", "/_troth/clock/advance", json={"by": "PT2H"})
    first, last = looking(mock).clocks[0], looking(mock).clocks[-1]
    assert first["moving"]["to_ms"] - first["moving"]["from_ms"] == 2 * HOUR_MS
    assert first["moving"]["fired"] == 0
    assert last["moving"]["fired"] >= 3
    assert first["moving"]["from_ms"] <= first["now_ms"] < last["now_ms"] <= last["moving"]["to_ms"]
    assert "moving" not in clock(mock)


def test_the_limit_of_work_stops_it_on_the_way(mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatching, "WORK_MAX", 3)
    add_user(mock, "/saasquatch", MAIN_KEY)
    looking(mock).status = 500
    started = clock(mock)["now_ms"]
    stopped = mock.request("POST", "/_troth/clock/advance", json={"by": "P1D"}).json()
    assert (stopped["reached"], len(stopped["fired"]), stopped["now_ms"]) == (False, 3, started)
    not_yet = run(mock, offset="P1D")
    assert (not_yet["reached"], not_yet["fixed"], not_yet["speed"]) == (False, True, 0)


@contextmanager
def kept_mock(url: str, *, fixed: bool = False) -> Iterator[Client]:
    """A mock on a database that stays, from its start to its stop."""
    server = build_mock(Settings(mock=True, database_url=url, fixed_clock=fixed), "empty")
    client = Client(server)
    try:
        yield client
    finally:
        asyncio.run(server.runtime.services["dispatcher"].stop())
        client.close()
        server.close()


class TestOverARestart:
    def test_a_speed_goes_on_and_time_never_goes_back(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'mock.sqlite'}"
        with kept_mock(url) as first:
            before = run(first, speed=3600)
        with kept_mock(url) as second:
            again = clock(second)
            assert (again["fixed"], again["speed"]) == (False, 3600)
            assert again["now_ms"] >= before["now_ms"]
            run(second, speed=1)
        with kept_mock(url) as third:
            assert clock(third)["speed"] == 1
            assert clock(third)["now_ms"] >= again["now_ms"]

    def test_a_file_that_cannot_be_read_is_no_reason_not_to_start(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'mock.sqlite'}"
        with kept_mock(url) as first:
            run(first, speed=60)
        [file] = tmp_path.rglob("clock.json")
        file.write_text('{"speed": null}')
        with kept_mock(url) as second:
            assert clock(second)["speed"] == 1

    def test_a_fixed_clock_keeps_what_writes_have_moved_it_by(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'mock.sqlite'}"
        with kept_mock(url, fixed=True) as first:
            for name in ("ana", "ben"):
                add_user(first, "/saasquatch", MAIN_KEY, name)
            before = clock(first)["now_ms"]
            assert before > FIXED_START_MS
        with kept_mock(url, fixed=True) as second:
            assert clock(second)["now_ms"] >= before

    def test_a_database_without_a_folder_refuses_a_speed(self) -> None:
        url = fresh_postgres("clock", tables=False)
        try:
            with kept_mock(url) as mock:
                answer = mock.request("POST", "/_troth/clock/run", json={"speed": 60})
                assert (answer.status_code, answer.json()["error"]["code"]) == (409, "CLOCK_SPEED_NOT_KEPT")
                assert run(mock, offset_ms=DAY_MS)["speed"] == 1
        finally:
            drop_postgres(url)
