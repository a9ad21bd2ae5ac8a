"""Budgets of calls in fixed windows: both implementations, by one set of tests."""

import threading

import pytest

from models.kernel.limits import Budget, ClockWindows, LibraryWindows, Limiter, caller_of

MINUTE, DAY = Budget(3, 60), Budget(5, 86_400)
DAY_START_MS = 1_768_435_200_000
"""2026-01-15T00:00:00Z."""


@pytest.fixture(params=[ClockWindows, LibraryWindows])
def limiter(request: pytest.FixtureRequest) -> Limiter:
    made: Limiter = request.param()
    return made


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


def test_tells_of_the_window_with_fewer_calls_left(limiter: Limiter) -> None:
    assert [spend(limiter) for _ in range(3)] == [(3, 2, 60, None), (3, 1, 60, None), (3, 0, 60, None)]
    assert spend(limiter, DAY_START_MS + 60_000) == (5, 1, 86_400, None)


def test_on_a_tie_the_first_window_is_told(limiter: Limiter) -> None:
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
    told = [spend(limiter, enforce=False) for _ in range(7)]
    assert [remaining for _, remaining, _, _ in told] == [2, 1, 0, 0, 0, 0, 0]
    assert all(retry is None for *_, retry in told)


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
