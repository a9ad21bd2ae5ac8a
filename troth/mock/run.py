"""`troth mock`: seeded, stateful, ready in a moment.

Connexion and the HTTP server are imported where they are used, so that the command line answers soon.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import os
import signal
import sys
from typing import TYPE_CHECKING

from models.kernel.clock import monotonic_s
from troth.access_log import log_request
from troth.apis import APIS
from troth.database.storage import Storage
from troth.log import configure
from troth.mock.scenarios import find_scenario
from troth.mock.seeding import seed
from troth.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from troth.apis import Api
    from troth.app import Server
    from troth.settings import Settings


STOP_S = 3.0
"""How long requests under way have to finish at the end."""


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


def build_mock(
    settings: Settings,
    scenario: str,
    phases: Phases | None = None,
    after_seeding: Callable[[], None] = lambda: None,
    *,
    apis: tuple[Api, ...] = APIS,
) -> Server:
    """A mock server of some APIs with its scenario loaded, not listening yet. Raises CannotStart."""
    phases = phases or Phases(monotonic_s())
    path = find_scenario(scenario)
    if not Storage.is_memory(settings.database_url):
        from troth.database.opening import prepare

        prepare(settings.database_url, creates=True, migrates=True)
    with contextlib.ExitStack() as on_failure:
        storage = on_failure.enter_context(
            Storage(settings.database_url, settings.pool_size, settings.database_timeouts)
        )
        if storage.memory:
            storage.create_tables()
        runtime = Runtime(settings, storage, apis)
        runtime.boot()
        runtime.check_files()
        phases.done("tables")
        tenants = seed(runtime, path)
        storage.analyze()
        after_seeding()
        phases.done("seed")
        # Imported now, into memory that the seeding has freed: 20 MB less than before it.
        from troth.app import assemble
        from troth.mock.dashboard import Dashboard
        from troth.mock.info import information
        from troth.mock.sandboxes import Sandboxes

        server = assemble(runtime, front=Dashboard)
        server.compiled  # noqa: B018  builds the middleware stack now rather than in the first request
        phases.done("contracts and handlers")
        on_failure.pop_all()  # from here on the server closes it
    runtime.services["info"] = lambda: information(runtime, tenants, settings.seed)
    Sandboxes(runtime, scenario, tenants).attach(server.compiled)
    return server


def _release_memory() -> None:
    """Give what only the start needed back to the system: the server lives longer.

    The collector is off during the start, and the C library keeps freed memory for itself unless it is asked.
    """
    gc.collect()
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None  # glibc alone has it
    if trim is not None:
        trim(0)


def run_mock(
    settings: Settings, scenario: str, started: float, *, apis: tuple[Api, ...] = APIS, as_json: bool = False
) -> None:
    """Start a mock server of some APIs and serve until it is interrupted.

    Standard output gets the welcome, or with `as_json` one line of JSON. Raises CannotStart.
    """
    from troth.server.sockets import listen, port_of

    configure()
    phases = Phases(started)
    with _cleaning_up(), contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(opened) for opened in listen(settings.host, settings.port)]
        settings = settings.model_copy(update={"port": port_of(sockets)})
        phases.done("imports")
        gc.freeze()  # what has been imported stays: the collection below looks at what the seeding made
        server = stack.enter_context(
            contextlib.closing(build_mock(settings, scenario, phases, _release_memory, apis=apis))
        )
        from troth.server.run import serve

        _release_memory()
        if settings.access_log:
            server.runtime.watchers += (log_request,)
        print(_facts(server, scenario) if as_json else _welcome(server, scenario, phases), flush=True)
        serve(server, sockets, stop_s=STOP_S)


@contextlib.contextmanager
def _cleaning_up() -> Iterator[None]:
    """Make SIGTERM end the process as an exit does, so that folders of its own are removed.

    While it serves, the server stops on it.
    """
    before = signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _facts(server: Server, scenario: str) -> str:
    """What programs need for their first call: one line of JSON."""
    url = server.settings.base_url
    own = {"url": url, "control_url": f"{url}/_troth", "pid": os.getpid(), "scenario": scenario}
    return json.dumps({**own, **server.runtime.services["info"]()})


def _welcome(server: Server, scenario: str, phases: Phases) -> str:
    """What people need for their first call."""
    info = server.runtime.services["info"]()
    lines = [f"Troth {info['version']} mock · scenario {scenario} · seed {info['seed']} · {server.settings.base_url}"]
    for api, facts in info["apis"].items():
        lines += ["", f"  {api}", f"    base URL  {facts['base_url']}", f"    docs      {facts['docs_url']}"]
        lines += [f"    {name:<22}{value}" for name, value in facts["credentials"].items()]
        lines += ["    try", *(f"      {call}" for call in facts["first_calls"])]
    lines += ["", f"  {phases}", "  Press Ctrl+C to stop."]
    return "\n".join(lines)
