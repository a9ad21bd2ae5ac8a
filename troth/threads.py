"""Threads that work for the event loop: none of them can keep the process from ending."""

from __future__ import annotations

import threading
from concurrent.futures import Executor, Future
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from models.kernel.clock import monotonic_s

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")
_Call = tuple["Future[Any]", "Callable[..., Any]", tuple[Any, ...], dict[str, Any]]


class DaemonPool(Executor):
    """A thread pool whose threads are daemons.

    Python joins the threads of its own pools when it exits, for as long as they take: a call that hangs (a database
    that does not answer, a workbook of a million rows) would keep a server that has been stopped from ending.
    """

    def __init__(self, threads_max: int, name: str) -> None:
        self._threads_max = threads_max
        self._name = name
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._idle = threading.Semaphore(0)
        """As many as threads wait for a call that has not been given to them yet."""
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._closed = False

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Run a call in a thread. Raises RuntimeError when the pool is closed."""
        future: Future[Result] = Future()
        with self._lock:
            if self._closed:
                raise RuntimeError("the pool is closed")
            self._calls.put((future, fn, args, kwargs))
            if not self._idle.acquire(blocking=False) and len(self._threads) < self._threads_max:
                self._start_thread()
        return future

    def _start_thread(self) -> None:
        thread = threading.Thread(target=self._work, name=f"{self._name}_{len(self._threads)}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self) -> None:
        while (call := self._calls.get()) is not None:
            _run(*call)
            del call  # or the arguments would live until the next call comes
            self._idle.release()

    def close(self, timeout_s: float) -> bool:
        """Drop the calls that have not begun, and wait for the others. False when some have not ended in that time."""
        with self._lock:
            self._closed = True
            threads = list(self._threads)
        self._drop_waiting()
        for _ in threads:
            self._calls.put(None)
        end_s = monotonic_s() + timeout_s
        for thread in threads:
            thread.join(max(0.0, end_s - monotonic_s()))
        return not any(thread.is_alive() for thread in threads)

    def _drop_waiting(self) -> None:
        while not self._calls.empty():
            call = self._calls.get()
            if call is not None:
                call[0].cancel()

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: ARG002  Executor's; `close` has a bound
        """As `close`, with the bound of 0 seconds."""
        self.close(0)


def _run(future: Future[Any], function: Callable[..., Any], arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = function(*arguments, **named)
    except BaseException as error:  # belongs to the caller, whatever it is
        future.set_exception(error)
    else:
        future.set_result(result)
