"""The journal of a sandbox: each call with its answer, the newest ones up to a number of bytes."""

from __future__ import annotations

import gzip
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.kernel.clock import monotonic_s
from models.kernel.problems import Problem, RequestProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.request.exchange import Exchange, Headers
    from troth.request.operation import CompiledOperation
    from troth.runtime import Runtime

BODY_BYTES_MAX = 256 << 10
"""Of each body; the rest of a longer one is not kept."""
ENTRY_BYTES = 1_536
"""What an entry takes beside its bodies: headers, numbers, and Python's own."""
MICROSECONDS = 1_000_000


@dataclass(slots=True)
class Entry:
    """A call.

    `number` grows within the sandbox; `request_number` is the call's number in its tenant, from which ids derive, 0
    where no tenant was found.
    """

    number: int
    at_ms: int
    method: str
    raw_path: bytes
    query: bytes
    headers: dict[bytes, bytes]
    body: bytes
    body_size: int
    operation: CompiledOperation | None
    tenant: str | None
    """API and alias, e.g. `saasquatch/demo`."""
    tenant_id: int | None
    request_number: int
    status: int
    answer_headers: Headers
    sent_body: bytes
    """As it was sent, perhaps compressed; at most BODY_BYTES_MAX."""
    answer_size: int
    problem: str | None
    """The code of a refusal."""
    breaches: tuple[str, ...]
    """How the request broke the contract."""
    duration_us: int
    """Wall time from the first look at the request until its answer was sent."""
    rule: str | None
    """The id of the rule that answered or changed the answer."""

    @property
    def api(self) -> str | None:
        """The API of the operation; None without an operation."""
        return None if self.operation is None else self.operation.info.api

    @property
    def operation_id(self) -> str | None:
        """The id of the operation; None without an operation."""
        return None if self.operation is None else self.operation.info.operation_id

    @property
    def answer_body(self) -> bytes:
        """The body as the operation made it; a compressed one that was cut cannot be read, and is empty."""
        if (b"content-encoding", b"gzip") not in self.answer_headers:
            return self.sent_body
        return gzip.decompress(self.sent_body) if len(self.sent_body) == self.answer_size else b""

    @property
    def size(self) -> int:
        """Bytes that the entry takes in memory, about."""
        return ENTRY_BYTES + len(self.body) + len(self.sent_body) + sum(map(len, self.breaches))


class Journal:
    """The calls of one sandbox."""

    def __init__(self, runtime: Runtime, limit_bytes: int) -> None:
        self._runtime = runtime
        self._limit_bytes = limit_bytes
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self.seen = 0
        """How many calls there have been, those included that are not kept any more: the number of the newest one."""

    def __iter__(self) -> Iterator[Entry]:
        return iter(list(self._entries))

    def __reversed__(self) -> Iterator[Entry]:
        return iter(list(reversed(self._entries)))

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, number: int) -> Entry | None:
        """A call by its number; None when it is not kept."""
        if not self._entries:
            return None
        place = number - self._entries[0].number  # numbers are given without gaps
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def clear(self) -> None:
        """Forget all calls; numbers go on."""
        self._entries.clear()
        self._bytes = 0

    def record(self, exchange: Exchange) -> None:
        """Keep a call whose answer has been sent, and drop the oldest ones beyond the limit."""
        if self._limit_bytes <= 0:
            return
        self.seen += 1
        entry = self._entry(exchange)
        self._entries.append(entry)
        self._bytes += entry.size
        while self._bytes > self._limit_bytes and len(self._entries) > 1:
            self._bytes -= self._entries.popleft().size

    def _entry(self, exchange: Exchange) -> Entry:
        request, problem, body = exchange.request, exchange.problem, exchange.body or b""
        tenant = request.tenant if request is not None else None
        return Entry(
            number=self.seen,
            at_ms=self._runtime.main.clock.now_ms(),
            method=exchange.scope["method"],
            raw_path=exchange.raw_path,
            query=exchange.scope["query_string"],
            headers=exchange.headers,
            body=bytes(body[:BODY_BYTES_MAX]),
            body_size=len(body),
            operation=exchange.operation,
            tenant=None if tenant is None else tenant.key,
            tenant_id=None if tenant is None else tenant.id,
            request_number=0 if request is None else request.request_number,
            status=exchange.status,
            answer_headers=exchange.answer_headers,
            sent_body=exchange.answer_body[:BODY_BYTES_MAX],
            answer_size=len(exchange.answer_body),
            problem=None if problem is None else problem.code,
            breaches=_breaches(problem),
            duration_us=round((monotonic_s() - exchange.started_s) * MICROSECONDS),
            rule=exchange.notes.get("rule"),
        )


def _breaches(problem: Problem | None) -> tuple[str, ...]:
    return tuple(problem.messages) if isinstance(problem, RequestProblem) else ()
