"""Races: calls at the same moment, each in a thread and on a database connection of its own.

On PostgreSQL the units of work run at once. A server on a SQLite file runs them one at a time, but a worker or the
command line may write to the same file; so the threads have their own connections there too, and the file's write lock
is all that stands between them.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import orjson
import pytest

from handlers.http import Request
from models.kernel.clock import WallClock
from tests.support.client import Client
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.tenants import ApiTenant
from troth.app import Server, build
from troth.request.offloaded import Offloaded, prepare
from troth.request.paths import split
from troth.settings import Settings

DATABASES = ("sqlite", "postgres")
AHEAD_MS = 400
"""How far the clocks of two servers may be apart; more than a call waits for a lock here."""
TRIES_MAX = 5
Reply = tuple[int, Any]


def racing_server(
    database: str, folders: pytest.TempPathFactory, name: str, connections: int, *, fixed_clock: bool = False
) -> Iterator[Server]:
    """A mock server on a SQLite file, or on PostgreSQL with so many connections."""
    url = f"sqlite:///{folders.mktemp(name) / 'troth.db'}" if database == "sqlite" else fresh_postgres(name)
    made = build(Settings(mock=True, database_url=url, pool_size=connections, fixed_clock=fixed_clock), docs=False)
    yield made
    made.close()
    if database == "postgres":
        drop_postgres(url)


def racing(name: str, connections: int, *, fixed_clock: bool = False) -> tuple[Any, Any]:
    """The fixtures `server` and `client` of a module of races: a server on each database, with so many connections."""

    @pytest.fixture(scope="module", params=DATABASES)
    def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
        yield from racing_server(request.param, tmp_path_factory, name, connections, fixed_clock=fixed_clock)

    return server, racing_client


@pytest.fixture(scope="module")
def racing_client(server: Server) -> Iterator[Client]:
    """A client of a module's own server."""
    made = Client(server)
    yield made
    made.close()


def racing_pair(
    database: str, folders: pytest.TempPathFactory, name: str, connections: int
) -> Iterator[tuple[Server, Server]]:
    """Two production servers on one SQLite file or one PostgreSQL; the clock of the second is AHEAD_MS ahead of the
    first's.
    """
    folder = folders.mktemp(name)
    url = f"sqlite:///{folder / 'troth.db'}" if database == "sqlite" else fresh_postgres(name)
    settings = Settings(
        database_url=url, secret_key="a race of requests", require_https=False, pool_size=connections, files_dir=folder
    )
    pair = build(settings, docs=False), build(settings, create_tables=False, docs=False)
    pair[1].runtime.main.clock = WallClock(AHEAD_MS)
    yield pair
    for server in pair:
        server.close()
    if database == "postgres":
        drop_postgres(url)


def calling(
    tenant: ApiTenant,
    token: str,
    method: str,
    path: str,
    body: Any = None,
    *,
    server: Server | None = None,
    scheme: str = "Bearer",
) -> Callable[[], Reply]:
    """A call through the compiled operation of a server (the tenant's, unless said), in whichever thread it is made;
    status and body.
    """
    address = tenant.base + path
    found = (server or tenant.server).compiled.tree.find(method, split(address.encode()))
    assert found is not None, address
    operation, values = found
    headers = {b"authorization": f"{scheme} {token}".encode(), b"content-type": b"application/json"}

    def attempt() -> Reply:
        request = Request(method, address, dict(headers), b"", dict(values), "203.0.113.9", False, operation.info)
        try:
            reply = operation.run(request, b"" if body is None else orjson.dumps(body), b"application/json")
        except Offloaded:  # a preparation (hashing a password), which a server makes in a thread
            assert operation.preparation is not None
            prepare(tenant.server.runtime, request, request.call, operation.preparation)
            reply = operation.run(request, b"" if body is None else orjson.dumps(body), b"application/json")
        # The body of an answer that is given later, by further units of work, is not there yet.
        return reply.answer.status, orjson.loads(reply.body) if reply.body else None

    def call() -> Reply:
        """The first answer that is not a 503: where the machine is slow, callers are asked to come back, and do."""
        for _ in range(TRIES_MAX):
            reply = attempt()
            if reply[0] != 503:
                break
        return reply

    return call


def at_once(works: Sequence[Callable[[], Any]]) -> list[Any]:
    """Start all at the same moment; what they return."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        barrier.wait(30)
        return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))
