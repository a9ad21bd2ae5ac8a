"""A sandbox is a set of tenants that share a clock and a seed. Production has one, on wall time, without a seed."""

import itertools
from collections.abc import Callable
from threading import Lock
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.kernel.base import Base
from models.kernel.clock import Clock, FixedClock, WallClock, wall_ms
from models.kernel.ids import RandomSource, SeededRandom, SystemRandom

MAIN = 1
"""The id of the sandbox that always exists."""

EPOCH_2025_MS = 1_735_689_600_000
NUMBER_BITS = 13
FIRST_OF_MS_MAX = 0xFFF
BOOT_SHIFT = 40
CAUSE_SHIFT = 16
EXACT_MAX = 1 << 53
"""The limit of integers that every JSON parser reads exactly (RFC 8259, section 6)."""
BOOTS_MAX, REQUESTS_MAX = EXACT_MAX >> BOOT_SHIFT, EXACT_MAX >> CAUSE_SHIFT
"""Limits of the starts of a sandbox and of the requests of a tenant: ids derived from them stay below EXACT_MAX."""


class SandboxRow(Base):
    """The stored part of a sandbox."""

    __tablename__ = "sandboxes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(64), unique=True)
    seed: Mapped[int | None]
    fixed_at_ms: Mapped[int | None]
    offset_ms: Mapped[int] = mapped_column(default=0)
    boots: Mapped[int] = mapped_column(default=0)


class Sandbox:
    """A clock, a source of ids and random numbers, and a counter of requests for each tenant.

    Without a seed (production) random numbers come from the system and order numbers are 40 bits of milliseconds since
    2025 and 13 bits that count within one, always upwards in a process; with one, both derive from the tenant's number
    of requests, so that they repeat.
    """

    def __init__(self, sandbox_id: int, *, clock: Clock, seed: int | None, boot: int = 0) -> None:
        self.id = sandbox_id
        self.clock = clock
        self.seed = seed
        self.boot = boot
        self._request_numbers: dict[int, itertools.count[int]] = {}
        self._numbered: dict[tuple[int, str], itertools.count[int]] = {}
        self._numbering = Lock()
        self._last_number = 0
        self._first_of_ms = wall_ms() & FIRST_OF_MS_MAX
        """Where this process begins in each millisecond: two of them seldom take the same number."""

    def next_request_number(self, tenant_id: int) -> int:
        """The number of this request (or internal job) among the tenant's, from 1."""
        # Threads may ask at once: setdefault and next are each one step of the interpreter.
        numbers = self._request_numbers.get(tenant_id)
        if numbers is None:
            numbers = self._request_numbers.setdefault(tenant_id, itertools.count(1))
        return next(numbers)

    def number(self, tenant_id: int, kind: str, last: Callable[[], int]) -> int | None:
        """The next of a tenant's numbers of a kind, counted on from what `last` finds; None without a seed.

        One that a refused request took is not given again.
        """
        if self.seed is None:
            return None
        numbers = self._numbered.get((tenant_id, kind))
        if numbers is None:
            numbers = self._numbered.setdefault((tenant_id, kind), itertools.count(last() + 1))
        return next(numbers)

    def numbers(self) -> dict[str, Any]:
        """The next request numbers and ids of the tenants, as JSON takes them.

        Call it while no unit of work is under way.
        """
        requests = {str(tenant_id): next(numbers) for tenant_id, numbers in self._request_numbers.items()}
        numbered = [[tenant_id, kind, next(numbers)] for (tenant_id, kind), numbers in self._numbered.items()]
        found = {"requests": requests, "numbered": numbered}
        self.count_from(found)  # to read a count is to take its number
        return found

    def count_from(self, numbers: dict[str, Any]) -> None:
        """Continue from what `numbers` returned before."""
        self._request_numbers = {
            int(tenant_id): itertools.count(number) for tenant_id, number in numbers["requests"].items()
        }
        self._numbered = {(tenant_id, kind): itertools.count(number) for tenant_id, kind, number in numbers["numbered"]}

    def random(self, tenant: str, request_number: str) -> RandomSource:
        """The random numbers of one request or job; `request_number` is its number, `tenant` the tenant's API and
        alias.
        """
        if self.seed is None:
            return SystemRandom()
        return SeededRandom(self.seed, tenant, f"{self.boot}.{request_number}")

    def order_number(self, request_number: int, n: int) -> int:
        """A number below 2**53 that grows with time within a tenant."""
        if self.seed is None:
            with self._numbering:
                self._last_number = max(
                    (wall_ms() - EPOCH_2025_MS) << NUMBER_BITS | self._first_of_ms, self._last_number + 1
                )
                return self._last_number
        if n >> CAUSE_SHIFT:
            raise OverflowError(f"a unit of work took more than {(1 << CAUSE_SHIFT) - 1} numbers")
        return (self.boot << BOOT_SHIFT) | (request_number << CAUSE_SHIFT) | n


def open_sandbox(
    session: Session, sandbox_id: int, *, seed: int | None = None, fixed: bool = False, is_copy: bool = False
) -> Sandbox:
    """Load a sandbox, creating it when the database has none, and count the boot, unless the database is a copy that
    goes on with the numbers of the original.
    """
    row = session.get(SandboxRow, sandbox_id)
    if row is None:
        start = FixedClock().at_ms if fixed else None
        row = SandboxRow(
            id=sandbox_id,
            name="main" if sandbox_id == MAIN else f"sandbox-{sandbox_id}",
            seed=seed,
            fixed_at_ms=start,
            offset_ms=0,
            boots=-1,
        )
        session.add(row)
    row.boots += not is_copy
    session.flush()
    clock: Clock = WallClock(row.offset_ms) if row.fixed_at_ms is None else FixedClock(row.fixed_at_ms)
    return Sandbox(row.id, clock=clock, seed=row.seed, boot=row.boots)


def store_clock(session: Session, sandbox: Sandbox) -> None:
    """Write the clock's position, so that a restart on the same database goes on from there."""
    row = session.get(SandboxRow, sandbox.id)
    if row is None:
        return
    clock = sandbox.clock
    row.fixed_at_ms = clock.at_ms if isinstance(clock, FixedClock) else None
    if isinstance(clock, WallClock):
        row.offset_ms = clock.offset_ms
    else:
        row.offset_ms = 0 if clock.fixed else clock.now_ms() - wall_ms()
