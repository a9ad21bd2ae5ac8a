"""A mock keeps the newest events with their deliveries, up to a number of each tenant."""

from collections.abc import Iterator

import pytest

from models.kernel.clock import DAY_MS
from models.kernel.connection import LazyConnection
from models.outbox import history, outbox
from models.tenancy.tenants import list_tenants
from models.uow import UnitOfWork
from tests.mock.conftest import empty_mock
from tests.mock.test_sandboxes import MAIN_KEY, add_user
from tests.support.client import Client
from tests.support.senders import NullSender

KEPT = 100
OF_A_USER = 3
"""Events that adding a user makes. The 200th event is one of the 67th user, the 300th of the 100th, and so on; what is
beyond `KEPT` goes when the unit ends that writes it, and its own events come to those that stay.
"""


@pytest.fixture
def mock() -> Iterator[Client]:
    with empty_mock(NullSender(), events_kept=KEPT) as client:
        yield client


def answers(mock: Client, status: int) -> None:
    """What the receiver answers from now on."""
    mock.server.runtime.services["dispatcher"].sender.sender.status = status


def add_users(mock: Client, first: int, last: int) -> None:
    """Add users with these numbers, and after each send what is due."""
    for number in range(first, last + 1):
        add_user(mock, "/saasquatch", MAIN_KEY, f"user{number}")
        advance(mock, 0)


def advance(mock: Client, by_ms: int) -> None:
    assert mock.request("POST", "/_troth/clock/advance", json={"by_ms": by_ms}).status_code == 200


def deliveries(mock: Client, **wanted: str) -> tuple[int, list[str]]:
    """How many deliveries there are, and the ids of the newest."""
    page = mock.request("GET", "/_troth/deliveries", params={"limit": 100, **wanted}).json()
    return page["total"], [one["id"] for one in page["deliveries"]]


def stored(mock: Client) -> list[int]:
    """How many events, deliveries and attempts the database holds."""
    connection = mock.server.runtime.storage.memory_connection()
    tables = ("events", "deliveries", "delivery_attempts")
    return [connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables]


def caused(mock: Client, number: int) -> list[int]:
    """How many events and deliveries a call is said to have caused."""
    found = mock.request("GET", f"/_troth/journal/{number}").json()["caused"]
    return [len(found["events"]), len(found["deliveries"])]


def test_the_oldest_delivered_ones_go_with_each_hundredth(mock: Client) -> None:
    add_users(mock, 1, 66)
    assert stored(mock) == [198] * 3
    add_users(mock, 67, 67)
    assert stored(mock) == [KEPT + OF_A_USER] * 3
    add_users(mock, 68, 99)
    assert stored(mock) == [199] * 3
    add_users(mock, 100, 100)
    assert stored(mock) == [KEPT + OF_A_USER] * 3
    assert caused(mock, 1) == [0, 0]
    newest = mock.request("GET", "/_troth/journal", params={"limit": 1, "api": "saasquatch"}).json()["calls"][0]
    assert caused(mock, newest["number"]) == [OF_A_USER] * 2
    users = mock.request("GET", "/saasquatch/api/v1/demo/users?limit=1", auth=("", MAIN_KEY)).json()
    assert users["totalCount"] == 100


def test_a_unit_that_writes_many_forgets_many(mock: Client) -> None:
    runtime = mock.server.runtime
    for first in (0, 1_000, 2_000):
        connection = LazyConnection(runtime.storage.writing)
        with connection.transaction() as session:
            tenant = next(tenant for tenant in list_tenants(session) if tenant.api == "saasquatch")
            unit = UnitOfWork(
                tenant=tenant,
                sandbox=runtime.main,
                connection=connection,
                directory=runtime.directory,
                public_url=runtime.public_url,
                request_number=runtime.main.next_request_number(tenant.id),
                services=runtime.services,
            )
            for number in range(first, first + 1_000):
                outbox.add_event(unit, f"e{number}", "test", "{}")
            unit.finish()
    assert stored(mock)[0] == 1_000 + KEPT


def test_those_on_their_way_stay(mock: Client) -> None:
    answers(mock, 500)
    add_users(mock, 1, 10)
    answers(mock, 200)
    add_users(mock, 11, 67)
    assert deliveries(mock, status="pending")[0] == 30
    assert deliveries(mock)[0] == KEPT + OF_A_USER + 30


def test_the_same_ones_go_after_a_reset(mock: Client) -> None:
    seen = []
    for _ in range(2):
        add_users(mock, 1, 83)
        seen.append(deliveries(mock))
        assert mock.request("POST", "/_troth/reset").status_code == 200
    assert seen[0] == seen[1]
    assert seen[0][0] == KEPT + OF_A_USER + 16 * OF_A_USER


def test_a_snapshot_goes_on_with_the_number_of_its_events(mock: Client) -> None:
    add_users(mock, 1, 50)
    assert mock.request("POST", "/_troth/snapshots", json={"name": "middle"}).status_code == 201
    add_users(mock, 51, 67)
    first = deliveries(mock)
    assert mock.request("POST", "/_troth/snapshots/middle/restore").status_code == 200
    add_users(mock, 51, 67)
    assert deliveries(mock) == first
    assert first[0] == KEPT + OF_A_USER


def test_only_the_newest_beyond_the_number_are_looked_at(mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What waits for a receiver that is away does not make each write dearer."""
    monkeypatch.setattr(history, "LOOKED_AT_MAX", 150)
    answers(mock, 500)
    add_users(mock, 1, 100)
    answers(mock, 200)
    add_users(mock, 101, 234)
    assert deliveries(mock, status="pending")[0] == 300
    assert deliveries(mock, status="delivered")[0] == KEPT + OF_A_USER
    advance(mock, 3 * DAY_MS)
    assert deliveries(mock, status="delivered")[0] == 300 + KEPT + OF_A_USER
    add_users(mock, 235, 267)
    assert deliveries(mock)[0] == 300 + KEPT + OF_A_USER + 32 * OF_A_USER - 150 + OF_A_USER
