"""Servers and clients shared by all tests."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.client import Client
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.senders import NullSender
from tests.support.surface import SurfacePlugin
from troth.app import Server, build
from troth.outbox.dispatcher import Dispatcher
from troth.settings import Settings

HERE = Path(__file__).parent
COLLECT_AFTER = (50_000, 20, 20)
"""Objects before a collection of the youngest, and how many of those before one of the older: with Python's own numbers
the collector, which went through everything that is imported again and again, took a sixth to a third of the time of
the tests looked at.
"""


def pytest_configure(config: pytest.Config) -> None:
    """Tests never see the settings of the shell they run in, and seldom the garbage collector."""
    gc.set_threshold(*COLLECT_AFTER)
    for name in list(os.environ):
        if name.startswith("TROTH_") and not name.startswith("TROTH_TEST_"):
            del os.environ[name]
    config.pluginmanager.register(SurfacePlugin(config), "troth-surface")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Folders whose files take long begin: workers take whole files in this order, and none is left alone with a long
    one at the end.
    """
    items.sort(
        key=lambda item: not item.path.is_relative_to(HERE / "scenario") and not item.path.is_relative_to(HERE / "mock")
    )


def pytest_collection_finish() -> None:
    """What has been imported by now stays: no collection needs to look at it."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A mock server on a fixed clock, without a dispatcher; once on SQLite in memory, once on PostgreSQL."""
    url = "sqlite://" if request.param == "sqlite" else fresh_postgres("api")
    made = build(Settings(mock=True, database_url=url, fixed_clock=True, pool_size=4))
    yield made
    made.close()
    if request.param == "postgres":
        drop_postgres(url)


@pytest.fixture(scope="session")
def client(server: Server) -> Iterator[Client]:
    made = Client(server)
    yield made
    made.close()


@pytest.fixture
def dispatcher(server: Server) -> Dispatcher:
    """What works off the outbox of the server."""
    found: Dispatcher = server.runtime.services["dispatcher"]
    return found


@pytest.fixture
def sender(dispatcher: Dispatcher, monkeypatch: pytest.MonkeyPatch) -> NullSender:
    """Takes the network's place."""
    made = NullSender()
    monkeypatch.setattr(dispatcher, "sender", made)
    return made


@pytest.fixture
def on_postgres(server: Server) -> None:
    """Leave out what needs units of work that run at once."""
    if server.runtime.storage.inline:
        pytest.skip("SQLite runs one unit at a time")
