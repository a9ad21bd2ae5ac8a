"""A short slice of the fuzzing, in process: every operation of every vendor's API, all checks, the same cases each
time.

`python -m tests.fuzz` runs it again with TROTH_TEST_FUZZ_EXAMPLES, TROTH_TEST_FUZZ_CHAINS and TROTH_TEST_FUZZ_COVERAGE
for other cases and more.
"""

import asyncio
import copy
import os
import sqlite3
import tempfile
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import schemathesis
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.python import asgi

from tests.fuzz import fuzzed_apis, hooks, scenario
from troth.app import Server
from troth.mock.run import build_mock
from troth.settings import Settings
from troth.spec import store

pytestmark = pytest.mark.fuzz

EXAMPLES = int(os.environ.get("TROTH_TEST_FUZZ_EXAMPLES", "4"))
"""Generated requests for each operation, besides the contract's examples."""
CHAINS = int(os.environ.get("TROTH_TEST_FUZZ_CHAINS", EXAMPLES))
"""Chains of requests for each API."""
COVERAGE = bool(os.environ.get("TROTH_TEST_FUZZ_COVERAGE"))
"""Whether the boundaries of every value are walked too: thousands of requests."""
CLOSED_PORT = 9
"""The discard port: webhooks of the demo go nowhere, even while somebody's mock listens on 8080."""

seen: Counter[tuple[str, int]] = Counter()
"""How often each operation (`GET /path`) gave each status."""


class LazyApp:
    """The application under test, built when it is first called rather than when tests are collected."""

    server: Server | None = None
    loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if self.server is None:
            self.loop = asyncio.get_running_loop()
            with tempfile.TemporaryDirectory() as folder:
                self.server = build_mock(
                    Settings(mock=True, fixed_clock=True, database_url="sqlite://", port=CLOSED_PORT),
                    scenario(Path(folder)),
                )
        await self.server.app(scope, receive, send)


app = LazyApp()


def load(api: str) -> Any:
    """A contract as Schemathesis sees it, with `schemathesis.toml` as its configuration."""
    folder = Path(__file__).parents[2]
    data = tomllib.loads((folder / "schemathesis.toml").read_text())
    data["suppress-health-check"] = ["all"]
    data["generation"] |= {"max-examples": EXAMPLES, "deterministic": True, "database": "none"}
    data["phases"] = {"coverage": {"enabled": COVERAGE}}
    for project in data["project"]:
        if "auth" not in project:  # the control plane's
            continue
        project["auth"]["wfc"]["path"] = str(folder / project["auth"]["wfc"]["path"])
    schema = schemathesis.openapi.from_dict(
        store.load(api)[0], config=SchemathesisConfig.from_dict(data, base_dir=str(folder))
    )
    schema.app = app
    return schema


SCHEMAS = {api: load(api) for api in fuzzed_apis()}


@pytest.fixture(scope="module", autouse=True)
def server() -> Iterator[None]:
    with asgi.get_client(app) as client:
        hooks.learn(asgi_url(), client)
        yield
    hooks.known.clear()
    if app.server is not None:
        app.server.close()


def asgi_url() -> str:
    return f"http://{asgi.HOST}"


def lacks_success(operation: str) -> bool:
    return not any(status < 400 for name, status in seen if name == operation)


@pytest.fixture(autouse=True)
def success_seen(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every operation must have had a success: refusals alone say little."""
    seen.clear()
    # Which values are generated depends on the constants of all modules that are loaded: without this, a few operations
    # would meet no data that exists whenever some other test is changed.
    monkeypatch.setattr(hooks, "needs_success", lacks_success)
    yield
    for operation in {operation for operation, _ in seen}:
        assert not lacks_success(operation), f"{operation} never succeeded: {seen}"


def check(case: Case) -> None:
    response = case.call_and_validate()
    seen[case.operation.label, response.status_code] += 1


for name, loaded in SCHEMAS.items():
    globals()[f"test_{name}"] = loaded.parametrize()(check)


def snapshot() -> Callable[[], None]:
    """Keep what the server holds now, and give a function that brings it back."""
    assert app.server is not None
    runtime = app.server.runtime
    connection = runtime.storage.engine.raw_connection().driver_connection
    kept, now_ms = sqlite3.connect(":memory:", check_same_thread=False), runtime.main.clock.now_ms()
    connection.backup(kept)
    numbers, numbered = copy.deepcopy(runtime.main._request_numbers), copy.deepcopy(runtime.main._numbered)

    async def restore() -> None:
        kept.backup(connection)
        runtime.main.clock.at_ms = now_ms
        runtime.main._request_numbers, runtime.main._numbered = copy.deepcopy(numbers), copy.deepcopy(numbered)
        runtime.main._numbered.clear()  # ids are counted on from what the database holds
        runtime.directory.forget()
        hooks.forget()

    def in_the_loop() -> None:
        """Where the dispatcher works too: from any other thread its transaction may be open at this moment."""
        assert app.loop is not None
        asyncio.run_coroutine_threadsafe(restore(), app.loop).result()

    return in_the_loop


@pytest.mark.parametrize("api", SCHEMAS)
def test_stateful(api: str) -> None:
    """Chains of requests: each step takes its ids from the answer before it."""
    restore = snapshot()

    class Machine(SCHEMAS[api].as_state_machine()):  # type: ignore[misc]  # made at run time
        def setup(self) -> None:
            """Each chain meets the same server, or what it draws would depend on the chains before it."""
            restore()
            super().setup()

    Machine.run(
        settings=hypothesis.settings(
            max_examples=CHAINS,
            stateful_step_count=8,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(hypothesis.HealthCheck),
            phases=[hypothesis.Phase.generate],
        )
    )
