"""The metrics of a process, in Prometheus' text format.

With several server processes on one port a scrape reaches any of them: they then share their counts through files in
one folder (`PROMETHEUS_MULTIPROC_DIR`, which the supervisor sets before they start), and each answers with the sums.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from models.kernel.budgets import LimitExceeded
from models.kernel.clock import monotonic_s
from models.outbox.backlog import Backlog, backlog
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import EXPIRING_MS, count_expiring
from troth import __version__
from troth.metrics import MULTIPROCESS

if TYPE_CHECKING:
    from models.outbox.outbox import DeliveryKey
    from troth.outbox.outgoing import SendResult
    from troth.outbox.work import Call
    from troth.runtime import Runtime
    from troth.served import Served

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
CONTENT_TYPE = CONTENT_TYPE_LATEST
UNAUTHORIZED, TOO_MANY = 401, 429
EXPIRING_EVERY_S = 60.0
"""How long the number of credentials that soon end is kept: counting goes through all of them, and it changes within
days.
"""
NONE = ""
"""The label of what belongs to no API or operation: a path that is none."""


class Metrics:
    """Counts requests and deliveries, and reads the outbox when it is asked."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._registry = registry = CollectorRegistry()
        self._shared = MULTIPROCESS in os.environ
        self._requests = Counter(
            "troth_http_requests", "Requests answered.", ["api", "operation", "status"], registry=registry
        )
        self._seconds = Histogram(
            "troth_http_request_duration_seconds",
            "From the request's head to its answer.",
            ["api", "operation"],
            buckets=SECONDS,
            registry=registry,
        )
        self._unknown = Counter("troth_credentials_refused", "Requests answered 401.", ["api"], registry=registry)
        self._failed = Counter(
            "troth_failed_credentials",
            "Requests with a credential that is not valid, answered 401 or 429.",
            ["api"],
            registry=registry,
        )
        self._limited = Counter("troth_rate_limited", "Requests answered 429.", ["api"], registry=registry)
        self._budgets = Counter(
            "troth_evaluation_limits_exceeded",
            "Requests refused because they would have caused more evaluation than one may.",
            ["api"],
            registry=registry,
        )
        self._breaches = Counter(
            "troth_contract_breaches",
            "Answers that break the contract; production sends and logs them.",
            ["api"],
            registry=registry,
        )
        self._limits_apart = Counter(
            "troth_rate_limit_store_away", "Requests counted in memory because Valkey was away.", registry=registry
        )
        self._deliveries = Counter("troth_deliveries", "Attempts to send a webhook.", ["outcome"], registry=registry)
        self._delivery_seconds = Histogram(
            "troth_delivery_duration_seconds", "How long receivers took.", buckets=SECONDS, registry=registry
        )
        self._expiring: dict[str, int] = {}
        self._expiring_until_s = 0.0
        self._children: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def served(self, one: Served) -> None:
        """Count a request."""
        key = (one.api or NONE, one.operation or NONE, one.status)
        children = self._children.get(key)
        if children is None:
            api, operation, status = key
            children = self._children[key] = (
                self._requests.labels(api, operation, str(status)),
                self._seconds.labels(api, operation),
            )
        children[0].inc()
        children[1].observe(one.duration_s)
        if one.status >= 400:
            self._refused(one)

    def _refused(self, one: Served) -> None:
        api = one.api or NONE
        if one.status == UNAUTHORIZED:
            self._unknown.labels(api).inc()
        elif one.status == TOO_MANY:
            self._limited.labels(api).inc()
        if isinstance(one.problem, LimitExceeded):
            self._budgets.labels(api).inc()

    def breached(self, api: str) -> None:
        """Count an answer that breaks its contract."""
        self._breaches.labels(api).inc()

    def credential_failed(self, api: str) -> None:
        """Count a request whose credential is not valid."""
        self._failed.labels(api).inc()

    def store_unavailable(self) -> None:
        """Count a request whose limits were counted in memory, because their store was unavailable."""
        self._limits_apart.inc()

    def sent(self, _key: DeliveryKey, _number: int, _call: Call, result: SendResult) -> None:
        """Count an attempt to send a webhook."""
        failure = "timeout" if result.timed_out else "error"
        outcome = failure if result.status is None else f"{result.status // 100}xx"
        self._deliveries.labels(outcome).inc()
        self._delivery_seconds.observe(result.duration_ms / 1_000)

    async def text(self) -> bytes:
        """All metrics as text (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
        registry = self._registry
        if self._shared:
            registry = CollectorRegistry()
            MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library's
        return generate_latest(registry) + generate_latest(await self._now())

    async def _now(self) -> CollectorRegistry:
        """What is measured at this moment, and is the process's own or the database's."""
        registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        Gauge("troth_build_info", "The version of Troth.", ["version"], registry=registry).labels(__version__).set(1)
        connections = Gauge(
            "troth_database_connections", "Connections of this process's pool.", ["state"], registry=registry
        )
        for state, number in self._runtime.storage.connections.items():
            connections.labels(state).set(number)
        due = Gauge("troth_outbox_due", "Jobs and deliveries that are due and not done.", ["kind"], registry=registry)
        age = Gauge(
            "troth_outbox_oldest_age_seconds",
            "For how long the first of them has been due.",
            ["kind"],
            registry=registry,
        )
        expiring = Gauge(
            "troth_credentials_expiring", "Keys of tenants that end within 14 days.", ["api"], registry=registry
        )
        now_ms = self._runtime.main.clock.now_ms()
        if monotonic_s() >= self._expiring_until_s:
            self._expiring = await self._runtime.storage.run(self._count_expiring, now_ms)
            self._expiring_until_s = monotonic_s() + EXPIRING_EVERY_S
        for api, number in self._expiring.items():
            expiring.labels(api).set(number)
        for kind, found in (await self._runtime.storage.run(self._backlogs, now_ms)).items():
            due.labels(kind).set(found.due)
            age.labels(kind).set(0 if found.oldest_ms is None else (now_ms - found.oldest_ms) / 1_000)
        return registry

    def _count_expiring(self, now_ms: int) -> dict[str, int]:
        domains = {api.name: api.domain for api in self._runtime.apis if api.domain is not None}
        kinds = {
            name: [kind.name for kind in (*domain.provision.KEY_KINDS, *domain.user_kinds)]
            for name, domain in domains.items()
        }
        with self._runtime.storage.deferred_session() as session:
            return count_expiring(session, kinds, now_ms, EXPIRING_MS)

    def _backlogs(self, now_ms: int) -> dict[str, Backlog]:
        with self._runtime.storage.deferred_session() as session:
            return {kind: backlog(session, MAIN, now_ms, deliveries=kind == "delivery") for kind in ("delivery", "job")}
