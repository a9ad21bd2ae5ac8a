"""What `troth serve` puts together, driven over HTTP: where webhooks may go, whose forwarded headers count, what is
logged.
"""

import contextlib
import json
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from models.saasquatch import webhooks
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.client import Client
from tests.support.live import receiver, troth
from tests.support.serving import serving, wait_until
from troth.app import build
from troth.database.migrate import upgrade
from troth.settings import Settings

SECRET = "the secret key of this test"
FIRST, SECOND = "198.51.100.7", "198.51.100.8"
CALLS_PER_HOUR = 2
MARKS = {
    name: f"mark-of-{name}" for name in ("body", "header", "query", "cookie", "agent", "password", "token", "referer")
}
"""Texts that stand in requests, and so in no line of the log."""
SERVE_WITH_A_DEFECT = """
from troth import connexion_app

find_handler = connexion_app.find_handler

def defect(_uow, **_values):
    raise ValueError("a defect of this test")

def find(package, tag, operation_id, **options):
    return defect if operation_id == "listUsers" else find_handler(package, tag, operation_id, **options)

connexion_app.find_handler = find
from troth.cli import main
main()
"""


@contextlib.contextmanager
def production(url: str = "sqlite://", **settings: Any) -> Iterator[SaasquatchTenant]:
    """A tenant of a server that has the settings of `troth serve`, and these."""
    tables = url == "sqlite://"
    of_tenant = settings.pop("tenant", {})
    server = build(
        Settings(**{"database_url": url, "secret_key": SECRET, **settings}), create_tables=tables, docs=False
    )
    client = Client(server)
    try:
        yield make_tenant(server, client, settings=of_tenant)
    finally:
        client.close()
        server.close()


def subscribe(tenant: SaasquatchTenant, url: str) -> None:
    """Store an endpoint as though its address had been allowed: its name may have led elsewhere then."""
    unit = tenant.unit()
    with unit.transaction():
        webhooks.subscribe(unit, webhooks.SubscriptionInput(url))


def attempts(file: Path) -> list[tuple[int | None, str | None]]:
    """(status, error) of each delivery's attempts, read beside the server."""
    with contextlib.closing(sqlite3.connect(file)) as opened:
        return opened.execute("SELECT status, error FROM delivery_attempts").fetchall()


class TestWebhooks:
    @pytest.mark.parametrize(("allowed", "arrives"), [(None, False), (True, True)])
    def test_none_goes_to_a_private_address_unless_the_settings_say_so(
        self, tmp_path: Path, allowed: bool | None, arrives: bool
    ) -> None:
        url, file = f"sqlite:///{tmp_path}/troth.db", tmp_path / "troth.db"
        upgrade(url)
        settings = {"url": url, "require_https": False, "allow_private_targets": allowed, "files_dir": tmp_path}
        with production(**settings) as tenant, receiver() as endpoint, serving(tenant.server) as served:
            subscribe(tenant, endpoint.url)
            address = f"http://127.0.0.1:{served.port}{tenant.base}{tenant.user_path('ana')}"
            made = httpx2.put(address, json={"id": "ana", "accountId": "ana"}, auth=("", tenant.key))
            assert made.status_code == 200, made.text
            wait_until(lambda: bool(attempts(file)))
            assert bool(endpoint.received) == arrives
            status, error = attempts(file)[0]
        assert status == (200 if arrives else None)
        assert ("may be called" in (error or "")) != arrives

    def test_a_subscription_to_one_is_refused(self, tmp_path: Path) -> None:
        with production(require_https=False, files_dir=tmp_path) as tenant:
            answer = tenant.post("/subscription", json={"endpointUrl": "http://127.0.0.1:9/x"})
            assert (answer.status_code, "127.0.0.1" in answer.json()["message"]) == (400, True)
            assert tenant.get("/subscription").json() == []


class TestForwardedHeaders:
    """The client of these tests calls from 203.0.113.9, or from this machine."""

    @pytest.mark.parametrize(
        ("trusted", "believed"), [("", False), ("203.0.113.8", False), ("203.0.113.9", True), ("203.0.113.0/24", True)]
    )
    def test_those_of_a_trusted_proxy_count_and_no_others(self, tmp_path: Path, trusted: str, believed: bool) -> None:
        with production(trusted_proxies=trusted, files_dir=tmp_path) as tenant:
            for proto, status in (("https", 200 if believed else 403), ("http", 403)):
                headers = {"X-Forwarded-Proto": proto, "X-Forwarded-For": FIRST}
                assert tenant.get("/users", headers=headers).status_code == status


@dataclass
class Seen:
    """A server that has run: what it answered, and each line that it wrote."""

    answers: dict[str, tuple[int, dict[str, str]]]
    output: str

    def lines(self, event: str) -> list[dict[str, Any]]:
        found = [json.loads(line) for line in self.output.splitlines()]
        return [line for line in found if line["event"] == event]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """`troth serve` behind a proxy on this machine, with a handler that fails, after a call of each kind."""
    folder = tmp_path_factory.mktemp("production")
    url = f"sqlite:///{folder}/troth.db"
    upgrade(url)
    limited = {"rateLimitsEnabled": True, "rateLimitMultiplier": CALLS_PER_HOUR / 100}
    with production(url, files_dir=folder, tenant=limited) as made:
        tenant = made
    env = {
        "TROTH_SECRET_KEY": SECRET,
        "TROTH_DATABASE_URL": url,
        "TROTH_FILES_DIR": str(folder),
        "TROTH_TRUSTED_PROXIES": "127.0.0.1,::1",
    }
    output: list[str] = []
    command = (sys.executable, "-c", SERVE_WITH_A_DEFECT)
    with troth("serve", ready="/_health/ready", env=env, output=output, command=command) as base:
        answers = dict(_calls(base, tenant))
    return Seen(answers, "".join(output))


def _calls(base: str, tenant: SaasquatchTenant) -> Iterator[tuple[str, tuple[int, dict[str, str]]]]:
    """A call of each kind, full of what must not be logged."""
    marked = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-For": FIRST,
        "X-Secret": MARKS["header"],
        "Cookie": f"session={MARKS['cookie']}",
        "User-Agent": MARKS["agent"],
        "Referer": f"https://shop.example/{MARKS['referer']}",
    }
    key, wrong = ("", tenant.key), ("", MARKS["password"])
    user, body = tenant.user_path("ana"), {"id": "ana", "accountId": "ana", "firstName": MARKS["body"]}
    query = {"query": MARKS["query"]}
    calls: list[tuple[str, str, str, dict[str, Any]]] = [
        ("success", "PUT", user, {"json": body, "auth": key}),
        ("wrong key", "PUT", user, {"json": body, "auth": wrong}),
        ("wrong token", "PUT", user, {"json": body, "headers": {"Authorization": f"Bearer {MARKS['token']}"}}),
        ("bad body", "PUT", user, {"json": {**body, "accountId": [MARKS["body"]]}, "auth": key}),
        ("no JSON", "PUT", user, {"content": MARKS["body"], "auth": key, "headers": {"Content-Type": "text/json"}}),
        ("unknown path", "POST", "/nowhere", {"json": body, "auth": key, "params": query}),
        ("defect", "GET", "/users", {"auth": key, "params": query}),
        ("plain HTTP", "PUT", user, {"json": body, "auth": key, "headers": {"X-Forwarded-Proto": "http"}}),
        *((f"open {n}", "GET", "/open/code/NOBODY", {}) for n in range(CALLS_PER_HOUR + 1)),
        ("another client", "GET", "/open/code/NOBODY", {"headers": {"X-Forwarded-For": SECOND}}),
    ]
    with httpx2.Client(base_url=base + tenant.base, timeout=10) as http:
        for name, method, path, options in calls:
            options["headers"] = {**marked, **options.get("headers", {})}
            answer = http.request(method, path, **options)
            yield name, (answer.status_code, dict(answer.headers))


def test_a_proxy_that_the_settings_name_says_that_a_call_was_secure(seen: Seen) -> None:
    assert seen.answers["success"][0] == 200
    assert seen.answers["plain HTTP"][0] == 403


def test_callers_behind_a_proxy_have_a_budget_each(seen: Seen) -> None:
    statuses = [seen.answers[f"open {n}"][0] for n in range(CALLS_PER_HOUR + 1)]
    assert statuses == [404] * CALLS_PER_HOUR + [429]
    assert seen.answers["another client"][0] == 404


def test_each_call_is_a_line_of_the_log_with_these_members_and_no_others(seen: Seen) -> None:
    members = {"request_id", "client", "method", "path", "status", "api", "operation", "tenant", "code", "duration_ms"}
    lines = [line for line in seen.lines("request") if "_health" not in line["path"]]
    assert [line["status"] for line in lines] == [status for status, _ in seen.answers.values()]
    ids = [headers["x-request-id"] for _, headers in seen.answers.values()]
    for line, name, number in zip(lines, seen.answers, ids, strict=True):
        assert set(line) == members | {"event", "level", "timestamp"}, name
        assert line["request_id"] == number, name
        assert line["client"] == (SECOND if name == "another client" else FIRST)


def test_the_log_holds_nothing_of_a_request_but_its_method_and_path(seen: Seen) -> None:
    assert [name for name, mark in MARKS.items() if mark in seen.output] == []
    assert "Authorization" not in seen.output
    assert "authorization" not in seen.output


def test_a_defect_is_logged_with_its_traceback_and_the_id_that_the_answer_carries(seen: Seen) -> None:
    status, headers = seen.answers["defect"]
    [line] = [json.loads(line) for line in seen.output.splitlines() if "exception" in json.loads(line)]
    assert status == 500
    assert line["request_id"] == headers["x-request-id"]
    assert "a defect of this test" in line["exception"]
    assert set(line) == {"request_id", "api", "operation", "exception", "event", "level", "timestamp"}
