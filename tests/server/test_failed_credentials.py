"""Failed credentials in production: counted, logged without them, and above the limit of their address answered 429."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from structlog.testing import capture_logs

from tests.api.advocacy.conftest import Business, make_business
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.server.test_metrics import measured
from tests.support.client import Client
from tests.unit.test_limits import redis_server, store  # noqa: F401  fixtures
from troth.app import Server, build
from troth.metrics.page import MetricsPage, measure
from troth.settings import Settings

SECRET = "a secret of this test"
LIMIT = 3
MINUTE_START_MS = 1_768_435_200_000
WRONG = {"Authorization": "Bearer wrong-and-hidden"}
TOKEN = {"grant_type": "client_credentials", "client_id": "1", "client_secret": "wrong-and-hidden", "scope": ""}

Serve = Callable[..., Server]


@pytest.fixture(autouse=True)
def now_ms(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """The wall time that failed credentials are counted by, so that no minute ends within a test."""
    now = {"ms": MINUTE_START_MS + 10_000}
    monkeypatch.setattr("troth.request.failed_credentials.wall_ms", lambda: now["ms"])
    return now


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Makes servers, in production with a limit of LIMIT unless the settings say otherwise."""
    with contextlib.ExitStack() as stack:

        def made(**settings: Any) -> Server:
            given = {"database_url": "sqlite://", "secret_key": SECRET, "require_https": False}
            given["failed_credentials_per_minute"] = LIMIT
            server = build(Settings(**{**given, **settings}), front=MetricsPage)
            measure(server.runtime)
            stack.callback(server.close)
            return server

        yield made


@contextlib.contextmanager
def clients(server: Server, *addresses: str) -> Iterator[list[Client]]:
    made = [Client(server, address=address) for address in addresses]
    try:
        yield made
    finally:
        for one in made:
            one.close()


def counted(server: Server, api: str) -> float:
    with clients(server, "127.0.0.1") as (reader,):
        return measured(reader).get(("troth_failed_credentials_total", api), 0)


def attempts(client: Client, path: str, count: int = LIMIT) -> list[int]:
    return [client.request("GET", path, headers=WRONG).status_code for _ in range(count)]


ADVOCATES = "/advocacy/api/v1/advocates"


def test_beyond_the_limit_a_wrong_key_gets_429_until_the_minute_is_over_and_a_right_one_is_served(
    serve: Serve, now_ms: dict[str, int]
) -> None:
    server = serve()
    with clients(server, "203.0.113.9") as (client,):
        business: Business = make_business(server, client)
        assert attempts(client, ADVOCATES) == [401] * LIMIT
        refused = client.request("GET", ADVOCATES, headers=WRONG)
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "50")
        assert refused.json()["error"]["code"] == "RATE_LIMITED"
        assert business.get("/advocates").status_code == 200
        now_ms["ms"] += 50_000
        assert attempts(client, ADVOCATES, 1) == [401]
    assert counted(server, "advocacy") == LIMIT + 2


def test_addresses_have_limits_of_their_own_of_ipv6_networks(serve: Serve) -> None:
    server = serve()
    with clients(server, "2001:db8:1:2::1", "2001:db8:1:2:ffff::1", "2001:db8:1:3::1") as (one, neighbour, other):
        assert attempts(one, ADVOCATES) == [401] * LIMIT
        assert attempts(neighbour, ADVOCATES, 1) == [429]
        assert attempts(other, ADVOCATES, 1) == [401]


def test_the_apis_count_together_and_answer_in_their_own_shapes(serve: Serve) -> None:
    server = serve()
    with clients(server, "203.0.113.9") as (client,):
        tenant: SaasquatchTenant = make_tenant(server, client)
        assert attempts(client, ADVOCATES) == [401] * LIMIT
        squatch = tenant.get("/users", auth=("", "wrong-and-hidden"))
        token = tenant.get(tenant.user_path("u"), auth=None, headers={"X-SaaSquatch-User-Token": "wrong-and-hidden"})
        leat = client.request("GET", "/leat/api/v3/oauth/clients", headers=WRONG)
        oauth = client.request("POST", "/leat/oauth/token", json=TOKEN)
        core = client.request("GET", "/loyalty-core/api/v1/organizations/1/stats/members/creation", headers=WRONG)
        nowhere = client.request("GET", "/advocacy/nowhere", headers=WRONG)
    answers = [squatch, token, leat, oauth, core, nowhere]
    assert [(one.status_code, one.headers["retry-after"]) for one in answers] == [(429, "50")] * len(answers)
    assert (squatch.json()["rsCode"], squatch.json()["apiErrorCode"]) == ("RS033", "RATE_LIMITED")
    assert leat.json()["status_code"] == oauth.json()["status_code"] == 429
    assert core.json()["code"] == "RATE_LIMITED"
    assert nowhere.json()["error"]["code"] == "RATE_LIMITED"


def test_a_request_without_a_credential_is_none_that_failed(serve: Serve) -> None:
    server = serve()
    with clients(server, "203.0.113.9") as (client,):
        assert [client.request("GET", ADVOCATES).status_code for _ in range(LIMIT + 1)] == [401] * (LIMIT + 1)
        assert client.request("GET", "/advocacy/nowhere").status_code == 401
        assert attempts(client, ADVOCATES, 1) == [401]
    assert counted(server, "advocacy") == 1


def test_each_is_logged_with_its_address_and_without_the_credential(serve: Serve) -> None:
    server = serve(failed_credentials_per_minute=1)
    with clients(server, "203.0.113.9") as (client,), capture_logs() as lines:
        assert attempts(client, ADVOCATES, 2) == [401, 429]
    logged = [{key: line[key] for key in line if key != "log_level"} for line in lines]
    expected = {"event": "credential failed", "api": "advocacy", "client": "203.0.113.9", "code": "UNAUTHORIZED"}
    assert logged == [{**expected, "limited": False}, {**expected, "limited": True}]


def test_without_a_limit_they_are_counted_only(serve: Serve) -> None:
    server = serve(failed_credentials_per_minute=0)
    with clients(server, "203.0.113.9") as (client,):
        assert attempts(client, ADVOCATES, 5) == [401] * 5
    assert counted(server, "advocacy") == 5


@pytest.mark.parametrize(("limit", "answered"), [(None, [401, 401, 401]), (2, [401, 401, 429])])
def test_a_mock_has_the_limit_only_where_it_is_set(serve: Serve, limit: int | None, answered: list[int]) -> None:
    server = serve(mock=True, failed_credentials_per_minute=limit)
    with clients(server, "203.0.113.9") as (client,):
        assert attempts(client, ADVOCATES, 3) == answered


def test_production_has_a_limit_unless_it_is_switched_off() -> None:
    assert Settings(mock=False).failed_credentials_limit == 600
    assert Settings(mock=True).failed_credentials_limit is None
    assert Settings(failed_credentials_per_minute=0).failed_credentials_limit == 0


def test_servers_with_a_common_store_count_together(serve: Serve, store: str) -> None:  # noqa: F811
    servers = [serve(valkey_url=store), serve(valkey_url=store)]
    for server, answered in zip(servers, ([401, 401], [401, 429]), strict=True):
        with clients(server, "203.0.113.9") as (client,):
            assert attempts(client, ADVOCATES, 2) == answered
