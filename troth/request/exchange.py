"""A request and its answer as a mock's interceptor sees them. Production has no interceptor, and makes no exchanges."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from models.kernel.clock import monotonic_s

if TYPE_CHECKING:
    from handlers.http import Request
    from models.kernel.problems import Problem
    from troth.request.operation import CompiledOperation
    from troth.request.replies import Reply

Headers = list[tuple[bytes, bytes]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Transmit = Callable[[Send, int, Headers, bytes], Awaitable[None]]
"""Sends a status, headers and a body, or less than that."""


@dataclass(slots=True)
class Exchange:
    """A request and its answer.

    `operation` and `request` are None where the address or the path was refused before any operation was found; `reply`
    is None where the answer did not come from one. `status`, `answer_headers` and `answer_body` are there once the
    answer is about to be sent: the body as it is sent, that is, compressed where the client takes that; of files and
    streams it is empty.
    """

    scope: MutableMapping[str, Any]
    headers: dict[bytes, bytes]
    raw_path: bytes
    operation: CompiledOperation | None = None
    request: Request | None = None
    body: bytes | None = b""
    reply: Reply | None = None
    problem: Problem | None = None
    status: int = 0
    answer_headers: Headers = field(default_factory=list)
    answer_body: bytes = b""
    transmit: Transmit | None = None
    """How the answer is sent, where not as usual."""
    started_s: float = field(default_factory=monotonic_s)
    notes: dict[str, Any] = field(default_factory=dict)
    """What an interceptor keeps between `run` and `sent`, such as the rule that was applied."""


class Interceptor(Protocol):
    """What a mock does around its operations (`troth/mock/interceptor.py`)."""

    async def run(self, exchange: Exchange, proceed: Callable[[], Awaitable[Reply]]) -> Reply:
        """The reply to a request whose body has been read; `proceed` runs its operation to the end."""

    def sent(self, exchange: Exchange) -> None:
        """The answer has been sent; one that `transmit` sends is about to be. It must not raise."""
