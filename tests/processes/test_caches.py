"""What one server changes, another one that has kept the state before sees within a second."""

import contextlib
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from sqlalchemy import text

from models.tenancy.tenants import CACHE_SECONDS
from tests.support.databases import lent_postgres
from tests.support.live import free_port, receiver
from tests.support.refusals import assert_refused
from tests.support.site import Site, is_ready, until
from troth.database.storage import Storage

KEPT_S = CACHE_SECONDS + 0.2
"""After that nothing that was kept before a change is used any more."""
HOOK = "https://hooks.example.org/acme"


@dataclass
class Server:
    """One of the servers of a site, as SaaSquatch's tenant acme calls it."""

    port: int
    auth: tuple[str, str]
    users: list[str] = field(default_factory=list)

    def call(self, method: str, path: str, body: Any = None) -> httpx2.Response:
        url = f"http://127.0.0.1:{self.port}/saasquatch/api/v1/acme{path}"
        return httpx2.request(method, url, json=body, auth=self.auth, timeout=30)

    def add_user(self) -> httpx2.Response:
        name = f"u{self.port}-{len(self.users)}"
        self.users.append(name)
        return self.call("PUT", f"/open/account/{name}/user/{name}", {"id": name, "accountId": name})


@dataclass
class Two:
    """Two servers of one database."""

    site: Site
    first: Server
    second: Server

    def deliveries(self) -> int:
        """How many webhooks of new users have been written."""
        return len(self.states())

    def states(self) -> list[str]:
        """The states of the webhooks of new users, in the order of their events."""
        statement = (
            "SELECT deliveries.status FROM deliveries JOIN events ON events.tenant_id = deliveries.tenant_id "
            "AND events.id = deliveries.event_id WHERE events.type = 'user.created' ORDER BY events.number"
        )
        with contextlib.closing(Storage(self.site.url, 1)) as storage, storage.engine.connect() as connection:
            return list(connection.scalars(text(statement)))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with contextlib.ExitStack() as stack:
        site = Site(stack.enter_context(lent_postgres("caches", tables=False)), tmp_path)
        auth = ("", site.tenant("saasquatch")["api_key"])
        made = Two(site, Server(free_port(), auth), Server(free_port(), auth))
        for server in (made.first, made.second):
            stack.enter_context(site.running("serve", "--no-dispatch", "--port", str(server.port)))
        for server in (made.first, made.second):
            until(partial(is_ready, f"http://127.0.0.1:{server.port}"))
        yield made


def test_subscriptions_of_another_server_are_seen_when_they_begin_and_end(two: Two) -> None:
    assert two.second.add_user().status_code == 200  # it has kept that there are none
    assert two.first.call("POST", "/subscription", {"endpointUrl": HOOK}).status_code == 201
    assert two.first.add_user().status_code == 200  # the server that has changed them sees it at once
    assert two.deliveries() == 1
    time.sleep(KEPT_S)
    assert two.second.add_user().status_code == 200
    assert two.deliveries() == 2

    assert two.second.call("DELETE", f"/subscription/{HOOK.replace('/', '%2F')}").status_code == 204
    assert two.second.add_user().status_code == 200
    assert two.deliveries() == 2
    time.sleep(KEPT_S)
    assert two.first.add_user().status_code == 200
    assert two.deliveries() == 2


def test_a_worker_sends_nothing_to_an_address_that_a_server_ended_a_second_ago(two: Two) -> None:
    with receiver() as hooks, two.site.running("worker") as worker:
        assert two.first.call("POST", "/subscription", {"endpointUrl": hooks.url}).status_code == 201
        assert two.first.add_user().status_code == 200
        until(lambda: two.states() == ["delivered"])  # the worker has kept that the address is subscribed
        worker.send_signal(signal.SIGSTOP)
        try:
            assert two.first.add_user().status_code == 200
            assert two.first.call("DELETE", f"/subscription/{quote(hooks.url, safe='')}").status_code == 204
            time.sleep(KEPT_S)
        finally:
            worker.send_signal(signal.SIGCONT)
        assert until(lambda: "pending" not in (states := two.states()) and states) == ["delivered", "failed"]
    assert len(hooks.received) == 1


def test_a_key_that_was_revoked_is_refused_by_all(two: Two) -> None:
    for server in (two.first, two.second):
        assert server.add_user().status_code == 200
    two.site.command("key", "revoke", "saasquatch", "acme", two.first.auth[1][-4:])
    time.sleep(KEPT_S)
    for server in (two.first, two.second):
        assert_refused(server.add_user(), 401, "UNAUTHORIZED")
