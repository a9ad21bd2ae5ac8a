"""Liveness and readiness: what a supervisor and a load balancer see."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server, build
from troth.database.migrate import upgrade
from troth.health import DISPATCHER_S, newest_revision
from troth.settings import Settings

READY, LIVE = "/_health/ready", "/_health/live"


class Dispatcher:
    """Stands in for the background work, which does not run in these tests."""

    age_s: float | None = 0.25


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    url = f"sqlite:///{tmp_path / 'troth.db'}"
    upgrade(url)
    made = build(Settings(mock=True, database_url=url), create_tables=False, docs=False)
    made.runtime.services["health"]._dispatcher = Dispatcher()
    yield made
    made.close()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    made = Client(server)
    yield made
    made.close()


def checks(client: Client, status: int) -> dict[str, str]:
    answer = client.request("GET", READY)
    assert answer.status_code == status, answer.text
    body = answer.json()
    assert body["status"] == ("ready" if status == 200 else "unavailable")
    found: dict[str, str] = body["checks"]
    return found


def test_a_server_whose_checks_all_hold_is_ready(client: Client) -> None:
    assert checks(client, 200) == {"server": "ok", "database": "ok", "schema": "ok", "dispatcher": "ok"}
    assert client.request("GET", READY).json()["dispatcherAgeMs"] == 250


def test_a_database_in_memory_has_the_schema_of_its_server() -> None:
    server = build(Settings(mock=True, database_url="sqlite://"), docs=False)
    server.runtime.services["health"]._dispatcher = Dispatcher()
    client = Client(server)
    assert checks(client, 200)["schema"] == "ok"
    client.close()
    server.close()


def test_an_older_schema_is_not_ready_and_says_what_to_run(server: Server, client: Client) -> None:
    with server.runtime.storage.session() as session, session.begin():
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    found = checks(client, 503)["schema"]
    assert found == f"the schema is at 0001, this version works with {newest_revision()}: run `troth migrate`"


def test_a_database_that_does_not_answer_is_not_ready_but_the_process_is_alive(server: Server, client: Client) -> None:
    with server.runtime.storage.session() as session, session.begin():
        session.execute(text("DROP TABLE alembic_version"))
    found = checks(client, 503)
    assert (found["database"], found["schema"], found["server"]) == ("the database does not answer", "unknown", "ok")
    assert client.request("GET", LIVE).json() == {"status": "live"}


@pytest.mark.parametrize(("age_s", "check"), [(None, "it does not run"), (DISPATCHER_S, "no round for 60 s")])
def test_background_work_that_stands_still_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch, age_s: float | None, check: str
) -> None:
    monkeypatch.setattr(Dispatcher, "age_s", age_s)
    assert checks(client, 503)["dispatcher"] == check


def test_a_server_that_is_being_stopped_is_not_ready(server: Server, client: Client) -> None:
    server.runtime.stopping = True
    assert checks(client, 503)["server"] == "the server is being stopped"


@pytest.mark.parametrize("path", [READY, LIVE])
def test_they_need_no_place_in_the_queue(
    server: Server, client: Client, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(server.compiled.admission, "full", lambda: True)
    monkeypatch.setattr(server.compiled.admission, "enter_now", lambda: False)
    assert client.request("GET", path).status_code == 200
    refused = client.request("GET", "/_troth/info")
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["error"]["code"] == "SERVER_BUSY"


@pytest.mark.parametrize("path", [READY, LIVE])
def test_a_query_that_is_not_text_is_refused(client: Client, path: str) -> None:
    assert_refused(client.request("GET", f"{path}?a=%00"), 400, "BAD_REQUEST")


def test_probes_need_no_https_where_everything_else_does() -> None:
    """A container's health check and a balancer ask without TLS."""
    server = build(Settings(database_url="sqlite://", secret_key="a secret of this test"))
    client = Client(server)
    assert client.request("GET", "/_health/live").status_code == 200
    assert client.request("GET", "/_health/ready").json()["checks"]["database"] == "ok"
    for path in ("/advocacy/api/v1/advocates", "/l/ABC"):
        refused = client.request("GET", path)
        assert (refused.status_code, "Use HTTPS." in refused.text) == (403, True), refused.text
    client.close()
    server.close()
