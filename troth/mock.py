"""`troth mock`: seeded, stateful, ready in a moment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from models.clock import monotonic_s
from models.tenants import list_tenants

if TYPE_CHECKING:
    from pathlib import Path

    from troth.app import Server
    from troth.settings import Settings


TUNNELS = ("127.0.0.1",)
"""Whose forwarded headers a mock believes: a tunnel that shows it to others runs beside it."""


class Phases:
    """How long each part of the start took."""

    def __init__(self, started: float) -> None:
        self._last = self._started = started
        self.lines: list[tuple[str, float]] = []

    def done(self, name: str) -> None:
        now = monotonic_s()
        self.lines.append((name, now - self._last))
        self._last = now

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in self.lines)
        return f"{parts}; ready in {self._last - self._started:.2f} s"


def build_mock(settings: Settings, scenario: str, phases: Phases | None = None) -> Server:
    """A mock server with its scenario loaded, not listening yet. Raises ScenarioError."""
    from troth.app import build
    from troth.migrate import upgrade
    from troth.scenarios import find_scenario
    from troth.storage import Storage

    path = find_scenario(scenario)
    memory = Storage.is_memory(settings.database_url)
    if not memory:
        upgrade(settings.database_url)
    server = build(settings, create_tables=memory)
    if phases:
        phases.done("contracts and handlers")
    tenants = seed(server, path)
    server.compiled  # noqa: B018  builds the middleware stack now rather than in the first request
    _describe(server, tenants)
    if phases:
        phases.done("seed")
    return server


def seed(server: Server, path: Path) -> list[dict[str, Any]]:
    """Load the scenario unless the database has tenants already; the tenants with their keys."""
    from troth.scenarios import load_scenario, named_tenants

    runtime = server.runtime
    with runtime.storage.session() as session, session.begin():
        if list_tenants(session):
            return named_tenants(path)
        tenants = load_scenario(runtime, session, path, fixed_keys=True).tenants
    if runtime.run_due is not None:
        with runtime.storage.session() as session:
            ids = [tenant.id for tenant in list_tenants(session)]
        for tenant_id in ids:
            runtime.run_due(tenant_id)
    return tenants


def _describe(server: Server, tenants: list[dict[str, Any]]) -> None:
    from troth.info import information

    runtime = server.runtime
    runtime.services["info"] = lambda: information(runtime, tenants, runtime.settings.seed)


def run_mock(settings: Settings, scenario: str, started: float) -> None:
    """Start a mock server and serve until it is interrupted. Raises OSError, ScenarioError."""
    from troth.log import configure, logger
    from troth.serving import listen, serve

    configure()
    phases = Phases(started)
    with listen(settings.host, settings.port) as opened:
        settings = settings.model_copy(update={"port": opened.getsockname()[1]})
        phases.done("imports")
        server = build_mock(settings, scenario, phases)
        if settings.access_log:
            server.runtime.log = lambda **values: logger.info("request", **values)
        _print_welcome(server, phases)
        serve(server.app, opened, trusted_proxies=settings.trusted_proxies or TUNNELS, lifespan="on", timeout_graceful_shutdown=3)
        server.close()


def _print_welcome(server: Server, phases: Phases) -> None:
    """What people need for their first call, on standard output."""
    info = server.runtime.services["info"]()
    lines = [f"Troth {info['version']} mock · seed {info['seed']} · {server.settings.base_url}"]
    for api, facts in info["apis"].items():
        lines += ["", f"  {api}", f"    base URL  {facts['base_url']}", f"    docs      {facts['docs_url']}"]
        lines += [f"    {name:<22}{value}" for name, value in facts["credentials"].items()]
        lines += ["    try", *(f"      {call}" for call in facts["first_calls"])]
    lines += ["", f"  {phases}", "  Press Ctrl+C to stop."]
    print("\n".join(lines), flush=True)
    sys.stdout.flush()
