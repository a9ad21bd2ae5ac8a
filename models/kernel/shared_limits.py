"""Budgets of calls that several processes spend together, counted in Valkey or Redis."""

import logging
import threading
from collections.abc import Callable, Sequence
from typing import Any

from models.kernel.clock import SECOND_MS, monotonic_s
from models.kernel.limits import Budget, Limiter, WindowState, outcome

TIMEOUT_S = 0.1
"""For a connection, and for an answer: a request waits for it."""

AWAY_S = 1.0
"""After an error nothing is asked for so long, or every request would wait for a store that is away."""

SPEND = """
local used, full = {}, 0
for i, key in ipairs(KEYS) do
  used[i] = tonumber(redis.call('GET', key) or '0')
  if used[i] >= tonumber(ARGV[2 * i]) then full = 1 end
end
if full == 0 or ARGV[1] == '0' then
  for i, key in ipairs(KEYS) do
    redis.call('INCR', key)
    redis.call('PEXPIRE', key, ARGV[2 * i + 1])
  end
end
return used
"""
"""Reads all windows and spends them in one step. KEYS: the windows. ARGV: whether to enforce, then the limit and the
life of each, in ms.
"""

logger = logging.getLogger(__name__)


class SharedWindows:
    """Windows in a store that all processes reach; in memory, by `fallback`, while it is away.

    `on_away` is called for each call that was counted in memory for that reason.
    """

    def __init__(self, url: str, fallback: Limiter, on_away: Callable[[], None] = lambda: None) -> None:
        """`url` is redis://, rediss:// or unix://. Raises ValueError for another one. Nothing is connected yet."""
        from redis import Redis

        self._client: Any = Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, retry_on_timeout=False
        )
        self._spend = self._client.register_script(SPEND)
        self._fallback = fallback
        self.on_away = on_away
        self._lock = threading.Lock()
        self._away_until_s: float | None = None

    def spend(self, key: str, budgets: Sequence[Budget], now_ms: int, *, enforce: bool = True) -> WindowState:
        """See `Limiter.spend`."""
        used = self._counted(key, budgets, now_ms, enforce=enforce)
        if used is None:
            self.on_away()
            return self._fallback.spend(key, budgets, now_ms, enforce=enforce)
        return outcome(budgets, used, now_ms, enforce=enforce)

    def _counted(self, key: str, budgets: Sequence[Budget], now_ms: int, *, enforce: bool) -> list[int] | None:
        """The calls before this one in each window, which has been counted; None while the store is away."""
        from redis.exceptions import RedisError

        if self._away_until_s is not None and monotonic_s() < self._away_until_s:
            return None
        # In braces: a cluster keeps keys with the same text there in one place, as a script needs them.
        windows = [f"troth:{{{key}}}:{budget.window_s}:{budget.window(now_ms)}" for budget in budgets]
        arguments = [str(int(enforce))]
        for budget in budgets:
            # One second more, for processes whose clocks are behind.
            arguments += [str(budget.limit), str((budget.ends_s(now_ms) + 1) * SECOND_MS - now_ms)]
        try:
            used: list[int] = self._spend(keys=windows, args=arguments)
        except (RedisError, OSError) as error:
            self._failed(error)
            return None
        self._works()
        return used

    def _failed(self, error: Exception) -> None:
        with self._lock:
            was_away = self._away_until_s is not None
            self._away_until_s = monotonic_s() + AWAY_S
        if not was_away:
            logger.error(
                "rate limits are counted in memory: their store is away",
                extra={"members": {"reason": f"{type(error).__name__}: {error}"[:500]}},
            )

    def _works(self) -> None:
        if self._away_until_s is None:
            return
        with self._lock:
            self._away_until_s = None
        logger.warning("rate limits are counted together again")

    def close(self) -> None:
        """Close the connections."""
        self._client.close()
