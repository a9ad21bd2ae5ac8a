"""What is known of a request once it is answered: for the access log and for metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from models.kernel.problems import Problem


class Served(NamedTuple):
    """A request and its answer. `api` and `operation` are None where it was for none, `path` is then as it was sent."""

    request_id: str
    method: str
    path: str
    status: int
    api: str | None
    operation: str | None
    tenant: str | None
    problem: Problem | None
    client: str | None
    """The client's address, behind trusted proxies."""
    duration_s: float
