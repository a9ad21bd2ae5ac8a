"""Budgets of calls in fixed windows: all implementations, by one set of tests."""

import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence

import pytest
from redis import Redis

from models.kernel.clock import monotonic_s
from models.kernel.limits import Budget, ClockWindows, LibraryWindows, Limiter, WindowState, caller_of
from models.kernel.shared_limits import AWAY_S, SharedWindows
from tests.support.live import free_port

MINUTE, DAY = Budget(3, 60), Budget(5, 86_400)
DAY_START_MS = 1_768_435_200_000
"""2026-01-15T00:00:00Z."""


@pytest.fixture(params=[ClockWindows, LibraryWindows, SharedWindows])
def limiter(request: pytest.FixtureRequest) -> Iterator[Limiter]:
    if request.param is not SharedWindows:
        yield request.param()
        return
    made = SharedWindows(request.getfixturevalue("store"), NoLimits())
    yield made
    made.close()


@pytest.fixture(scope="module")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a Redis or Valkey of this module's own."""
    program = shutil.which("valkey-server") or shutil.which("redis-server")
    if program is None:
        pytest.skip("neither valkey-server nor redis-server is installed: shared rate limits are not tested")
    path = tmp_path_factory.mktemp("store") / "s"
    command = [program, "--port", "0", "--unixsocket", str(path), "--save", "", "--dir", str(path.parent)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        end_s = monotonic_s() + 20
        while not path.exists() and monotonic_s() < end_s:
            time.sleep(0.02)
        yield f"unix://{path}"
        process.terminate()


@pytest.fixture
def store(redis_server: str) -> str:
    """The same, empty."""
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


class NoLimits:
    """Stands for the memory of a process, and must not be asked."""

    def spend(self, key: str, budgets: Sequence[Budget], now_ms: int, *, enforce: bool = True) -> WindowState:
        raise AssertionError(f"counted in memory: {key} {budgets} {now_ms} {enforce}")


def spend(limiter: Limiter, at_ms: int = DAY_START_MS, *, enforce: bool = True) -> tuple[int, int, int, int | None]:
    spent = limiter.spend("business", [MINUTE, DAY], at_ms, enforce=enforce)
    return spent.limit, spent.remaining, spent.reset_s - DAY_START_MS // 1_000, spent.retry_after_s


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.9", "203.0.113.10", False),
        ("::ffff:203.0.113.9", "203.0.113.9", True),
        ("fe80::1%eth0", "fe80::2", True),
        (None, "", True),
    ],
)
def test_addresses_of_one_ipv6_network_are_one_caller(one: str | None, other: str, same: bool) -> None:
    assert (caller_of(one) == caller_of(other)) is same


def test_reports_the_window_with_fewer_calls_left(limiter: Limiter) -> None:
    assert [spend(limiter) for _ in range(3)] == [(3, 2, 60, None), (3, 1, 60, None), (3, 0, 60, None)]
    assert spend(limiter, DAY_START_MS + 60_000) == (5, 1, 86_400, None)


def test_on_a_tie_the_first_window_is_reported(limiter: Limiter) -> None:
    same = [Budget(2, 60), Budget(2, 3_600)]
    assert limiter.spend("tie", same, DAY_START_MS).reset_s == DAY_START_MS // 1_000 + 60


def test_a_refused_call_spends_nothing(limiter: Limiter) -> None:
    for _ in range(3):
        spend(limiter)
    refused = [spend(limiter, DAY_START_MS + 59_999) for _ in range(4)]
    assert refused == [(3, 0, 60, 1)] * 4
    assert [spend(limiter, DAY_START_MS + 60_000)[1] for _ in range(2)] == [1, 0]
    assert spend(limiter, DAY_START_MS + 60_001) == (5, 0, 86_400, 86_340)


def test_with_both_windows_full_the_later_one_decides(limiter: Limiter) -> None:
    both = [Budget(1, 60), Budget(1, 3_600)]
    limiter.spend("both", both, DAY_START_MS)
    assert limiter.spend("both", both, DAY_START_MS + 500).retry_after_s == 3_600


def test_counting_without_enforcing_never_refuses(limiter: Limiter) -> None:
    answers = [spend(limiter, enforce=False) for _ in range(7)]
    assert [remaining for _, remaining, _, _ in answers] == [2, 1, 0, 0, 0, 0, 0]
    assert all(retry is None for *_, retry in answers)


def test_keys_do_not_share(limiter: Limiter) -> None:
    for _ in range(3):
        spend(limiter)
    assert limiter.spend("another", [MINUTE], DAY_START_MS).retry_after_s is None


def test_threads_together_spend_exactly_the_budget(limiter: Limiter) -> None:
    budget, passed = [Budget(100, 86_400)], []

    def work() -> None:
        passed.extend(1 for _ in range(50) if limiter.spend("shared", budget, DAY_START_MS).retry_after_s is None)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 100


class TestShared:
    def test_two_processes_spend_one_budget(self, store: str) -> None:
        one, other = SharedWindows(store, NoLimits()), SharedWindows(store, NoLimits())
        assert [spend(limiter)[1] for limiter in (one, other, one)] == [2, 1, 0]
        assert spend(other)[3] == 60
        assert spend(one)[3] == 60
        one.close()
        other.close()

    def test_windows_do_not_stay(self, store: str) -> None:
        limiter = SharedWindows(store, NoLimits())
        spend(limiter, DAY_START_MS + 59_500)
        with Redis.from_url(store) as client:
            lives = sorted(client.pttl(key) for key in client.scan_iter())
        assert len(lives) == 2
        assert 1_000 < lives[0] <= 1_500
        limiter.close()

    def test_while_the_store_is_away_each_counts_in_memory_and_says_so_once(
        self, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counted: list[None] = []
        limiter = SharedWindows(f"redis://127.0.0.1:{free_port()}/0", LibraryWindows(), lambda: counted.append(None))
        started_s = monotonic_s()
        assert [spend(limiter)[1] for _ in range(3)] == [2, 1, 0]
        assert spend(limiter)[3] is not None
        assert monotonic_s() - started_s < AWAY_S, "only the first call asks a store that is away"
        assert len(counted) == 4
        assert [record.message for record in caplog.records] == [
            "rate limits are counted in memory: their store is away"
        ]
        limiter.close()

    def test_it_is_asked_again_after_a_moment(
        self, store: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("models.kernel.shared_limits.AWAY_S", 0.05)
        limiter = SharedWindows(store, LibraryWindows())
        real = limiter._spend

        def broken(**_arguments: object) -> None:
            raise ConnectionResetError("gone")

        limiter._spend = broken
        assert spend(limiter)[1] == 2
        limiter._spend = real
        time.sleep(0.06)
        assert [spend(limiter)[1] for _ in range(3)] == [2, 1, 0], "the store has counted none of those in memory"
        assert caplog.records[-1].message == "rate limits are counted together again"
        limiter.close()
