"""What a sandbox has sent to webhook receivers and what they have answered, the newest ones up to a number of bytes.

The database keeps of an attempt what the APIs need: a status and the start of the answer. Headers and bodies are kept
here.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from models.outbox.outbox import DeliveryKey
    from troth.outbox.outgoing import SendResult
    from troth.outbox.work import Call
    from troth.runtime import Runtime

BYTES_MAX = 16 << 20
"""Of one sandbox."""
ATTEMPT_BYTES = 2_048
"""What an attempt takes beside its body and its answer: headers, numbers, and Python's own."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """A call to a receiver.

    `number` grows within the sandbox; `attempt` is its number among those of its delivery, 0 for one that went to
    another address than the delivery's.
    """

    number: int
    tenant_id: int
    delivery_id: str
    attempt: int
    at_ms: int
    call: Call
    result: SendResult

    @property
    def size(self) -> int:
        """Bytes that the attempt takes in memory, about."""
        return ATTEMPT_BYTES + len(self.call.body) + len(self.result.answer or "")


class Attempts:
    """The attempts of one sandbox, oldest first."""

    def __init__(self, runtime: Runtime, limit_bytes: int = BYTES_MAX) -> None:
        self._runtime = runtime
        self._limit_bytes = limit_bytes
        self._attempts: deque[Attempt] = deque()
        self._bytes = 0
        self.seen = 0
        """How many there have been: the number of the newest one."""

    def __iter__(self) -> Iterator[Attempt]:
        return iter(list(self._attempts))

    def of(self, key: DeliveryKey) -> list[Attempt]:
        """What is kept of a delivery's attempts, oldest first."""
        return [one for one in self._attempts if (one.tenant_id, one.delivery_id) == key]

    def after(self, number: int) -> list[Attempt]:
        """What is kept beyond a number, oldest first."""
        found: list[Attempt] = []
        for one in reversed(self._attempts):
            if one.number <= number:
                break
            found.append(one)
        return found[::-1]

    def clear(self) -> None:
        """Forget all: the sandbox goes back, and its deliveries with it. Numbers go on."""
        self._attempts.clear()
        self._bytes = 0

    def record(self, key: DeliveryKey, attempt: int, call: Call, result: SendResult) -> None:
        """Keep an attempt, and drop the oldest ones beyond the limit."""
        self.seen += 1
        made = Attempt(self.seen, *key, attempt, self._runtime.main.clock.now_ms(), call, result)
        self._attempts.append(made)
        self._bytes += made.size
        while self._bytes > self._limit_bytes and len(self._attempts) > 1:
            self._bytes -= self._attempts.popleft().size
