"""Races for users: many calls at the same moment leave what the same calls one after another would have left."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import orjson
import pytest

from handlers.http import Request
from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.test_users import add, get, new_user
from tests.support.client import Client
from tests.support.databases import drop_postgres, fresh_postgres
from troth.app import Server, build
from troth.compiled.paths import split
from troth.settings import Settings

CALLS = 8


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A mock server on a SQLite file, and one on PostgreSQL, with a connection for each call."""
    on_file = tmp_path_factory.mktemp("races") / "troth.db"
    url = f"sqlite:///{on_file}" if request.param == "sqlite" else fresh_postgres("user_races")
    made = build(Settings(mock=True, database_url=url, pool_size=CALLS), docs=False)
    yield made
    made.close()
    if request.param == "postgres":
        drop_postgres(url)


@pytest.fixture(scope="module")
def client(server: Server) -> Iterator[Client]:
    made = Client(server)
    yield made
    made.close()


def at_once(club: Club, method: str, calls: list[tuple[str, Any]]) -> list[tuple[int, Any]]:
    """Make calls at the same moment, each in a thread of its own, through the compiled operations; status and body."""
    barrier = Barrier(len(calls))
    headers = {b"authorization": f"Bearer {club.token}".encode(), b"content-type": b"application/json"}

    def send(call: tuple[str, Any]) -> tuple[int, Any]:
        path, body = call
        found = club.server.compiled.tree.find(method, split((club.base + path).encode()))
        assert found is not None
        operation, values = found
        request = Request(method, club.base + path, dict(headers), b"", values, "203.0.113.9", False, operation.info)
        barrier.wait(30)
        reply = operation.run(request, orjson.dumps(body), b"application/json")
        return reply.answer.status, orjson.loads(reply.body)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(send, calls))


def test_one_address_makes_one_user(club: Club) -> None:
    bodies = [new_user(f"u{n}", email=("mara@example.org", "MARA@example.org")[n % 2], sendInvite=True) for n in range(CALLS)]
    replies = at_once(club, "POST", [("/users", body) for body in bodies])
    assert Counter(status for status, _ in replies) == {201: 1, 409: CALLS - 1}
    assert {body["message"] for status, body in replies if status == 409} == {"Another user has this email."}
    winner = next(body["user"] for status, body in replies if status == 201)
    assert club.get("/users").json()["results"] == [winner]
    assert len(club.events("user-invited")) == 1


def test_one_name_makes_one_user(club: Club) -> None:
    replies = at_once(club, "POST", [("/users", new_user("mara", email=f"m{n}@example.org")) for n in range(CALLS)])
    assert Counter(status for status, _ in replies) == {201: 1, 409: CALLS - 1}
    assert {body["message"] for status, body in replies if status == 409} == {"Another user has this userName."}


def test_all_of_them_come_in(club: Club) -> None:
    replies = at_once(club, "POST", [("/users", new_user(f"u{n}")) for n in range(CALLS)])
    assert Counter(status for status, _ in replies) == {201: CALLS}
    assert club.get("/users").json()["totalCount"] == CALLS


def test_a_user_is_deleted_once(club: Club) -> None:
    user = add(club)
    replies = at_once(club, "DELETE", [(f"/users/{user['userId']}", None)] * CALLS)
    assert Counter(status for status, _ in replies) == {200: 1, 404: CALLS - 1}


def test_of_many_permissions_one_stays_whole(club: Club) -> None:
    user = add(club)
    wanted = [{"isAdmin": n % 2 == 0, "roles": [("members:read", "members:write")[n % 2]]} for n in range(CALLS)]
    replies = at_once(club, "PUT", [(f"/users/{user['userId']}/permissions", body) for body in wanted])
    assert {status for status, _ in replies} == {200}
    shown = get(club, user)
    assert {"isAdmin": shown["isAdmin"], "roles": shown["roles"]} in wanted
