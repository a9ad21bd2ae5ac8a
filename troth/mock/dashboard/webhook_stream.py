"""New webhooks of a sandbox as server-sent events, whose data is what `troth listen` forwards."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from models.kernel.clock import monotonic_s
from models.kernel.times import iso
from models.outbox.addresses import masked
from troth.mock.dashboard.stream import HEARTBEAT_S

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping

    from troth.mock.attempts import Attempt, Attempts

TURN_S = 0.1
"""Seconds between two looks for new webhooks."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which attempts are sent to a listener; empty means any. Retries are left out unless they are asked for."""

    api: str = ""
    tenant: str = ""
    events: frozenset[str] = frozenset()
    has_retries: bool = False

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Filter:
        """The filter of an address: `api`, `tenant` (alias, or API/alias), `events` (separated by commas),
        `retries`.
        """
        events = frozenset(name.strip() for name in query.get("events", "").split(",") if name.strip())
        return cls(query.get("api", ""), query.get("tenant", ""), events, query.get("retries") == "true")

    def matches(self, attempt: Attempt) -> bool:
        """Whether a listener gets an attempt; never one that was sent to another address than the endpoint's."""
        api, _, alias = attempt.call.tenant.partition("/")
        return (
            (attempt.attempt == 1 or (self.has_retries and attempt.attempt > 1))
            and self.api in ("", api)
            and self.tenant in ("", alias, attempt.call.tenant)
            and (not self.events or attempt.call.event in self.events)
        )


async def webhook_events(
    attempts: Attempts, after: int, filters: Filter, is_ending: Callable[[], bool]
) -> AsyncIterator[bytes]:
    """An event for each attempt beyond a number that the filter matches, in their order, until the end."""
    yield b"retry: 1000\n\n"
    beat_s = monotonic_s()
    while not is_ending():
        for attempt in attempts.after(after) if attempts.seen > after else ():
            after = attempt.number
            if filters.matches(attempt):
                yield b"id: %d\ndata: %s\n\n" % (attempt.number, orjson.dumps(attempt_event(attempt)))
        after = attempts.seen
        if monotonic_s() - beat_s >= HEARTBEAT_S:
            beat_s = monotonic_s()
            yield b": alive\n\n"
        await asyncio.sleep(TURN_S)


def attempt_event(attempt: Attempt) -> dict[str, Any]:
    """An attempt with its request, headers as they were sent."""
    call, result = attempt.call, attempt.result
    return {
        "number": attempt.number,
        "delivery": attempt.delivery_id,
        "attempt": attempt.attempt,
        "tenant": call.tenant,
        "event": call.event,
        "at": iso(attempt.at_ms),
        "url": masked(call.url),
        "status": result.status,
        "error": result.error,
        "headers": call.headers,
        "body": call.body.decode(),
    }
