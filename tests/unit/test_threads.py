"""Threads that cannot keep the process from ending."""

import subprocess
import sys
import threading
from concurrent.futures import Future, wait
from typing import Any

import pytest

from troth.threads import DaemonPool

STUCK = """
import threading, time
from troth.threads import DaemonPool
pool = DaemonPool(1, "stuck")
begun = threading.Event()
pool.submit(lambda: (begun.set(), time.sleep(300)))
begun.wait(30)
assert not pool.close(0.1)
"""


def test_results_and_errors_belong_to_the_caller() -> None:
    pool = DaemonPool(2, "t")
    assert pool.submit(divmod, 7, 2).result(10) == (3, 1)
    with pytest.raises(ZeroDivisionError):
        pool.submit(divmod, 7, 0).result(10)
    assert pool.close(10)


def test_calls_run_at_once_in_as_many_threads_as_there_may_be() -> None:
    pool, barrier = DaemonPool(3, "t"), threading.Barrier(3)
    calls = [pool.submit(barrier.wait, 10) for _ in range(9)]
    assert sorted(call.result(20) for call in calls) == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert len(pool._threads) == 3
    assert pool.close(10)


def test_a_thread_that_is_idle_is_used_again() -> None:
    pool = DaemonPool(8, "t")
    for _ in range(50):
        pool.submit(int).result(10)
        while not pool._idle.acquire(timeout=10):
            pass
        pool._idle.release()
    assert len(pool._threads) == 1
    assert pool.close(10)


def test_closing_drops_what_has_not_begun_and_waits_for_a_bounded_time() -> None:
    pool, begun, go = DaemonPool(1, "t"), threading.Event(), threading.Event()

    def work() -> bool:
        begun.set()
        return go.wait(60)

    running, waiting = pool.submit(work), pool.submit(int)
    assert begun.wait(10)
    assert not pool.close(0.05)
    assert waiting.cancelled()
    go.set()
    assert running.result(10)
    assert pool.close(10)
    with pytest.raises(RuntimeError):
        pool.submit(int)


def test_a_call_that_its_caller_has_given_up_is_not_made() -> None:
    pool, begun, go = DaemonPool(1, "t"), threading.Event(), threading.Event()
    calls: list[Future[Any]] = [pool.submit(lambda: (begun.set(), go.wait(60))), pool.submit(int)]
    assert begun.wait(10)
    assert calls[1].cancel()
    go.set()
    wait(calls, 10)
    assert pool.submit(int).result(10) == 0
    assert pool.close(10)


def test_a_call_that_hangs_does_not_keep_the_process() -> None:
    subprocess.run([sys.executable, "-c", STUCK], check=True, timeout=60)
