"""Budgets of calls in fixed windows, aligned to the epoch: a minute is the UTC minute, a day the UTC day.

One interface, three implementations. A mock's windows follow its tenants' own clocks, which no library of rate limits
does; production uses the `limits` library. Both count in the process's memory: several processes each give the whole
budget, and a restart forgets it. `models/kernel/shared_limits.py` counts for all processes together.
"""

from __future__ import annotations

import ipaddress
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from models.kernel.clock import SECOND_MS

ENTRIES_MAX = 100_000
IPV6_PREFIX = 64
"""Bits of an IPv6 address that name a subscriber, whose addresses differ in the other 64."""


def caller_of(client_ip: str | None) -> str:
    """Whose calls a limit by address counts together: an IPv4 address, or the /64 network of an IPv6 one."""
    try:
        address = ipaddress.ip_address((client_ip or "").partition("%")[0])
    except ValueError:
        return client_ip or ""
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((address, IPV6_PREFIX), strict=False))


@dataclass(frozen=True, slots=True)
class Budget:
    """At most `limit` calls in each window of `window_s` seconds."""

    limit: int
    window_s: int

    def window(self, now_ms: int) -> int:
        """The number of the window that an instant is in."""
        return now_ms // (self.window_s * SECOND_MS)

    def ends_s(self, now_ms: int) -> int:
        """When that window ends, in unix seconds."""
        return (self.window(now_ms) + 1) * self.window_s


@dataclass(frozen=True, slots=True)
class WindowState:
    """What is left after a call, of the window with fewer calls left (the first named on a tie).

    `reset_s` is in unix seconds. `retry_after_s` is None for a call within its budgets, else the seconds until the last
    window that blocks it ends, at least 1; such a call has spent nothing unless it was only counted.
    """

    limit: int
    remaining: int
    reset_s: int
    retry_after_s: int | None = None


class Limiter(Protocol):
    """Counts calls by key. Safe to call from several threads."""

    def spend(self, key: str, budgets: Sequence[Budget], now_ms: int, *, enforce: bool = True) -> WindowState:
        """Count a call in all its windows, or, when one is used up, in none of them.

        `enforce=False` counts it in any case, and never refuses.
        """


def outcome(budgets: Sequence[Budget], used: Sequence[int], now_ms: int, *, enforce: bool) -> WindowState:
    """What is left after a call, of which `used` were made before it in each window."""
    full = [budget for budget, calls in zip(budgets, used, strict=True) if calls >= budget.limit]
    counted = 0 if full and enforce else 1
    left, index = min(
        (budget.limit - calls - counted, n) for n, (budget, calls) in enumerate(zip(budgets, used, strict=True))
    )
    retry_after_s = None
    if full and enforce:
        blocked_ms = max(budget.ends_s(now_ms) for budget in full) * SECOND_MS - now_ms
        retry_after_s = max(1, -(-blocked_ms // SECOND_MS))
    return WindowState(budgets[index].limit, max(0, left), budgets[index].ends_s(now_ms), retry_after_s)


class _Windows:
    """What both implementations in memory share: all windows are read and spent in one step, under one lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def spend(self, key: str, budgets: Sequence[Budget], now_ms: int, *, enforce: bool = True) -> WindowState:
        """See `Limiter.spend`."""
        with self._lock:
            used = [self._used(key, budget, now_ms) for budget in budgets]
            spent = outcome(budgets, used, now_ms, enforce=enforce)
            if spent.retry_after_s is None:
                for budget in budgets:
                    self._add(key, budget, now_ms)
        return spent

    def _used(self, key: str, budget: Budget, now_ms: int) -> int:
        raise NotImplementedError

    def _add(self, key: str, budget: Budget, now_ms: int) -> None:
        raise NotImplementedError


class ClockWindows(_Windows):
    """Windows on the clock that the caller reads. In memory."""

    def __init__(self) -> None:
        super().__init__()
        self._calls: dict[tuple[str, int], tuple[int, int]] = {}

    def _used(self, key: str, budget: Budget, now_ms: int) -> int:
        window, calls = self._calls.get((key, budget.window_s), (-1, 0))
        return calls if window == budget.window(now_ms) else 0

    def _add(self, key: str, budget: Budget, now_ms: int) -> None:
        if len(self._calls) >= ENTRIES_MAX:
            self._calls.clear()
        self._calls[key, budget.window_s] = (budget.window(now_ms), self._used(key, budget, now_ms) + 1)


class LibraryWindows(_Windows):
    """Windows in the `limits` library's memory store, on wall time.

    The library starts a window at its first call; the window's number in the key aligns it to the epoch.
    """

    def __init__(self) -> None:
        from limits.storage import MemoryStorage

        super().__init__()
        self._storage = MemoryStorage()

    def _used(self, key: str, budget: Budget, now_ms: int) -> int:
        return self._storage.get(self._key(key, budget, now_ms))

    def _add(self, key: str, budget: Budget, now_ms: int) -> None:
        self._storage.incr(self._key(key, budget, now_ms), budget.window_s)

    @staticmethod
    def _key(key: str, budget: Budget, now_ms: int) -> str:
        return f"{key}/{budget.window_s}/{budget.window(now_ms)}"
