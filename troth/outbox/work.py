"""What the dispatcher works on: claimed jobs, calls that are ready to be sent, and what is reported of those that
ran.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from models.outbox.outbox import Claim, EndpointKey

ELSEWHERE = 0
"""The tenant in the key of an endpoint that is no tenant's: an address to which a caller has a delivery sent again."""

Fired = dict[str, Any]
"""What ran: tenant, kind, subject, due_at_ms; url and status of a delivery; error where it failed."""


@dataclass(frozen=True, slots=True)
class Call:
    """A delivery, ready to be sent. `tenant` is its API and alias, `event` the type of its event."""

    url: str
    body: bytes
    headers: dict[str, str]
    endpoint: EndpointKey
    tenant: str
    event: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """A delivery that has been claimed, and what is to be sent: nothing (`call` is None) when it is over, or when
    `error` has come up.
    """

    job: Claim
    fired: Fired
    call: Call | None
    error: Exception | None = None


@dataclass(slots=True)
class ClaimedLongJob:
    """A long job that has been claimed; its lease is committed."""

    job: Claim
    request_number: int
    """Its number among the tenant's: of its steps and of its last unit together."""
    now_ms: int | None


class NextDue(NamedTuple):
    """When the next internal job and the next delivery are due that nobody holds, on the sandbox's clock; None without
    one.
    """

    internal_ms: int | None
    delivery_ms: int | None

    @property
    def first_ms(self) -> int | None:
        """When the first of them is due."""
        return min((due_ms for due_ms in self if due_ms is not None), default=None)


class TenantGone(LookupError):
    """The tenant of a job does not exist any more."""


def fired_of(job: Claim) -> Fired:
    """What is reported of a job that ran."""
    return {"tenant": str(job.tenant_id), "kind": job.kind, "subject": job.subject, "due_at_ms": job.due_at_ms}


def text_of(error: Exception) -> str:
    """An error as text of at most 500 characters."""
    return f"{type(error).__name__}: {error}"[:500]
