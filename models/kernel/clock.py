"""The only place that reads the machine's clock.

Every timestamp of the domain is an integer in milliseconds since the epoch, UTC, and comes from a `Clock`. A tenant's
clock is its sandbox's: wall time (perhaps shifted), or fixed, where time stands still but for 1 ms with each write.
"""

import time
from typing import Protocol

FIXED_START_MS = 1_768_478_400_000
"""2026-01-15T12:00:00Z, where `--clock fixed` starts."""

MAX_MS = 253_402_300_799_999
"""The last millisecond of the year 9999: no timestamp is later."""

SECOND_MS = 1_000
MINUTE_MS = 60 * SECOND_MS
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


def wall_ms() -> int:
    """Wall time in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


monotonic_s = time.monotonic
"""Seconds on a clock that never goes back; for caches, leases and durations, never for the domain. Not wrapped: it is
read five times for each request.
"""


class Clock(Protocol):
    """What a sandbox's time is."""

    @property
    def fixed(self) -> bool:
        """Whether time stands still between writes."""

    @property
    def speed(self) -> float:
        """How many seconds pass in one of wall time; 0 on a fixed clock."""

    def now_ms(self) -> int:
        """The present, in ms since the epoch."""

    def forward(self, to_ms: int) -> None:
        """Move to an instant; a clock that is further already stays."""

    def tick(self) -> None:
        """A write has been committed."""


class WallClock:
    """Wall time plus an offset."""

    fixed = False
    speed = 1.0

    def __init__(self, offset_ms: int = 0) -> None:
        self.offset_ms = offset_ms

    def now_ms(self) -> int:
        return wall_ms() + self.offset_ms

    def forward(self, to_ms: int) -> None:
        self.offset_ms += max(0, to_ms - self.now_ms())

    def tick(self) -> None:
        """Wall time moves by itself."""


class ScaledClock:
    """Time that runs faster or slower than wall time, from an instant on."""

    fixed = False

    def __init__(self, at_ms: int, speed: float) -> None:
        self.speed = speed
        self._at_ms = at_ms
        self._since_ms = wall_ms()

    def now_ms(self) -> int:
        return self._at_ms + int((wall_ms() - self._since_ms) * self.speed)

    def forward(self, to_ms: int) -> None:
        self._at_ms += max(0, to_ms - self.now_ms())

    def tick(self) -> None:
        """It moves by itself."""


class FixedClock:
    """Time that stands still, moves 1 ms with each write, and otherwise only when it is moved."""

    fixed = True
    speed = 0.0

    def __init__(self, at_ms: int = FIXED_START_MS) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        return self.at_ms

    def forward(self, to_ms: int) -> None:
        self.at_ms = max(self.at_ms, to_ms)

    def tick(self) -> None:
        self.at_ms += 1


def running(at_ms: int, speed: float) -> Clock:
    """A clock that runs from an instant on."""
    return WallClock(at_ms - wall_ms()) if speed == 1 else ScaledClock(at_ms, speed)
