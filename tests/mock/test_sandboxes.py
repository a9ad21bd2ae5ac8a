"""Sandboxes: isolated, alike, addressed in five ways, ended."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx2
import pytest

from models.kernel.clock import DAY_MS
from tests.mock.conftest import empty_mock
from tests.support.client import BASE_URL, Client
from tests.support.refusals import assert_refused
from tests.support.senders import LoopSender, NullSender
from troth.mock.run import build_mock
from troth.settings import Settings

MAIN_KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
USERS = "/api/v1/demo/users"


def create(mock: Client, **wanted: Any) -> dict[str, Any]:
    answer = mock.request("POST", "/_troth/sandboxes", json=wanted)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def key_of(sandbox: dict[str, Any]) -> str:
    key: str = sandbox["apis"]["saasquatch"]["credentials"]["api_key"]
    return key


def base_of(sandbox: dict[str, Any], api: str = "saasquatch") -> str:
    base: str = sandbox["apis"][api]["base_url"]
    return base


def users(mock: Client, base: str, key: str, **options: Any) -> int:
    """How many users the sandbox of an address and a key has."""
    answer = mock.request("GET", base + USERS, auth=("", key), **options)
    assert answer.status_code == 200, answer.text
    count: int = answer.json()["totalCount"]
    return count


USER = "/api/v1/demo/open/account/ana/user/ana"


def while_it_waits(mock: Client, path: str, key: str, method: str = "PUT", **options: Any) -> httpx2.Response:
    """The answer to a call, by default one that adds a user, during which the sandbox `gone` is deleted."""

    async def together() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=mock.server.app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            options.setdefault("headers", {})["Content-Type"] = "application/json"
            if options.keys().isdisjoint(("content", "json")):
                options["json"] = {"id": "ana", "accountId": "ana"}
            call = asyncio.create_task(http.request(method, path, auth=("", key), **options))
            await asyncio.sleep(0.1)
            assert (await http.delete("/_troth/sandboxes/gone")).status_code == 204
            return await call

    return asyncio.run(together())


def add_user(mock: Client, base: str, key: str, name: str = "ana") -> httpx2.Response:
    path = f"{base}/api/v1/demo/open/account/{name}/user/{name}"
    answer = mock.request("PUT", path, auth=("", key), json={"id": name, "accountId": name, "firstName": name})
    assert answer.status_code == 200, answer.text
    return answer


class TestCreation:
    def test_a_sandbox_is_a_copy_of_its_scenario_at_first(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        made = create(mock)
        assert users(mock, base_of(made), key_of(made)) == 0
        assert users(mock, "/saasquatch", MAIN_KEY) == 1
        assert (made["scenario"], made["seed"], made["clock"]) == ("empty", 1, "fixed")
        assert set(made["apis"]) == {"saasquatch", "advocacy", "leat", "loyalty_core"}

    def test_its_name_is_its_id(self, mock: Client) -> None:
        made = create(mock, name="checkout-tests")
        assert made["id"] == "checkout-tests"
        assert made["url"] == f"{BASE_URL}/sandbox/checkout-tests"
        assert mock.request("GET", "/_troth/sandboxes/checkout-tests").json() == made
        listed = mock.request("GET", "/_troth/sandboxes").json()["sandboxes"]
        assert [one["id"] for one in listed] == ["main", "checkout-tests"]

    def test_a_name_that_is_made_up_is_no_others_after_a_reset(self, mock: Client) -> None:
        first = create(mock)["id"]
        assert mock.request("POST", "/_troth/reset").status_code == 200
        assert create(mock)["id"] != first

    @pytest.mark.parametrize("name", ["main", "taken"])
    def test_a_name_is_given_once(self, mock: Client, name: str) -> None:
        create(mock, name="taken")
        answer = mock.request("POST", "/_troth/sandboxes", json={"name": name})
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "SANDBOX_EXISTS")

    def test_seed_scenario_and_clock_are_its_own(self, mock: Client) -> None:
        made = create(mock, scenario="demo", seed=7, clock="wall")
        assert (made["scenario"], made["seed"], made["clock"]) == ("demo", 7, "wall")
        assert users(mock, base_of(made), key_of(made)) == 220
        assert mock.request("GET", f"{made['url']}/_troth/clock").json()["fixed"] is False
        assert mock.request("GET", "/_troth/clock").json()["fixed"] is True

    def test_an_unknown_scenario_is_refused_with_those_there_are(self, mock: Client) -> None:
        answer = mock.request("POST", "/_troth/sandboxes", json={"scenario": "nowhere"})
        assert answer.status_code == 400
        assert "there are demo, empty" in answer.json()["error"]["message"]

    def test_a_scenario_is_a_name_and_no_path(self, mock: Client) -> None:
        answer = mock.request("POST", "/_troth/sandboxes", json={"scenario": "/etc/passwd.yaml"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "SCENARIO_INVALID")

    def test_originals_that_nobody_uses_are_deleted(self, mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("troth.mock.sandboxes.SPARE_ORIGINALS_MAX", 1)
        registry = mock.server.runtime.services["sandboxes"]
        for seed in (2, 3, 4):
            create(mock, name="one", seed=seed)
            mock.request("DELETE", "/_troth/sandboxes/one")
        assert [plan.seed for plan in registry._originals] == [1, 4]
        assert len(list(registry._folder.iterdir())) == 2

    def test_the_memory_limit_names_its_setting(self) -> None:
        server = build_mock(Settings(mock=True, database_url="sqlite://", sandboxes_mb=3), "empty")
        client = Client(server)
        create(client)
        answer = client.request("POST", "/_troth/sandboxes", json={})
        assert (answer.status_code, answer.json()["error"]["code"]) == (507, "SANDBOXES_FULL")
        assert "TROTH_SANDBOXES_MB" in answer.json()["error"]["message"]
        client.request(
            "DELETE", f"/_troth/sandboxes/{client.request('GET', '/_troth/sandboxes').json()['sandboxes'][1]['id']}"
        )
        create(client)
        client.close()
        server.close()

    def test_a_mock_on_a_file_has_none(self, tmp_path: Any) -> None:
        server = build_mock(Settings(mock=True, database_url=f"sqlite:///{tmp_path}/mock.db"), "empty")
        client = Client(server)
        for method, path in (("POST", "/_troth/sandboxes"), ("POST", "/_troth/reset"), ("GET", "/_troth/snapshots")):
            answer = client.request(method, path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (409, "SANDBOXES_NEED_MEMORY"), path
        client.close()
        server.close()


class TestAddress:
    """A request goes to the sandbox of its address, else of its header, its host or its credential."""

    def test_a_base_url_leads_to_its_sandbox_with_its_key_only(self, mock: Client) -> None:
        one, other = create(mock, name="one"), create(mock, name="other")
        add_user(mock, base_of(one), key_of(one))
        assert users(mock, base_of(one), key_of(one)) == 1
        for base, key in ((base_of(one), MAIN_KEY), (base_of(one), key_of(other)), (base_of(other), key_of(one))):
            assert mock.request("GET", base + USERS, auth=("", key)).status_code == 401

    def test_a_credential_leads_to_its_sandbox_at_the_main_base_url(self, mock: Client) -> None:
        made = create(mock)
        add_user(mock, "/saasquatch", key_of(made))
        assert users(mock, "/saasquatch", key_of(made)) == 1
        assert users(mock, "/saasquatch", MAIN_KEY) == 0

    def test_a_bearer_token_does_so_too(self, mock: Client) -> None:
        token = create(mock)["apis"]["loyalty_core"]["credentials"]["api_token"]
        path = "/loyalty-core/api/v1/organizations/1/members"
        assert mock.request("GET", path, headers={"Authorization": f"Bearer {token}"}).status_code == 200
        assert mock.request("GET", path, headers={"Authorization": f"Bearer {token}x"}).status_code == 401

    def test_a_header_leads_to_its_sandbox(self, mock: Client) -> None:
        made = create(mock, name="one")
        add_user(mock, base_of(made), key_of(made))
        assert users(mock, "/saasquatch", key_of(made), headers={"Troth-Sandbox": "one"}) == 1
        refused = mock.request("GET", "/_troth/clock", headers={"Troth-Sandbox": "none"})
        assert (refused.status_code, refused.json()["error"]["code"]) == (404, "SANDBOX_NOT_FOUND")
        assert "GET /_troth/sandboxes lists those that there are" in refused.text

    def test_a_host_leads_to_its_sandbox(self, mock: Client) -> None:
        made = create(mock, name="one")
        add_user(mock, base_of(made), key_of(made))
        mock.request("POST", "/_troth/clock/advance", headers={"Host": "one.localhost:8080"}, json={"by": "P1D"})
        moved = mock.request("GET", f"{made['url']}/_troth/clock").json()["now_ms"]
        assert moved - mock.request("GET", "/_troth/clock").json()["now_ms"] >= DAY_MS

    def test_its_control_plane_is_at_two_addresses(self, mock: Client) -> None:
        create(mock, name="one")
        mock.request("POST", "/_troth/sandboxes/one/clock/advance", json={"by": "P1D"}).raise_for_status()
        assert mock.request("GET", "/sandbox/one/_troth/clock").json()["now"].startswith("2026-01-16T12:00")
        assert mock.request("GET", "/sandbox/main/_troth/clock").json() == mock.request("GET", "/_troth/clock").json()

    def test_unknown_ones_are_404(self, mock: Client) -> None:
        for path in ("/sandbox/none/_troth/clock", "/_troth/sandboxes/none/clock", "/_troth/sandboxes/none"):
            answer = mock.request("GET", path)
            assert (answer.status_code, answer.json()["error"]["code"]) == (404, "SANDBOX_NOT_FOUND")

    @pytest.mark.parametrize("host", ["nope.localhost", "NOPE.localhost.:8148", "one.nope.localhost", ".localhost"])
    @pytest.mark.parametrize("others", [[], ["other"]], ids=["only main", "with another"])
    def test_a_host_that_names_no_sandbox_reaches_none(self, mock: Client, host: str, others: list[str]) -> None:
        for name in others:
            create(mock, name=name)
        add_user(mock, "/saasquatch", MAIN_KEY)
        for method, path in (
            ("POST", "/_troth/reset"),
            ("GET", f"/saasquatch{USERS}"),
            ("GET", "/dashboard/"),
            ("GET", "/"),
        ):
            assert_refused(
                mock.request(method, path, headers={"Host": host}, auth=("", MAIN_KEY)), 404, "SANDBOX_NOT_FOUND"
            )
        assert users(mock, "/saasquatch", MAIN_KEY) == 1

    @pytest.mark.parametrize(
        "host", ["localhost", "main.localhost", "127.0.0.1:1", "[::1]:1", "leat.localhost:1", "leat.localhost."]
    )
    def test_hosts_of_the_mock_and_of_its_apis_lead_to_main(self, mock: Client, host: str) -> None:
        assert mock.request("GET", "/_troth/clock", headers={"Host": host}).status_code == 200

    def test_configured_hosts_below_localhost_lead_to_main(self) -> None:
        own = {
            "control_hosts": "troth.localhost",
            "public_url": "http://public.localhost",
            "host_aliases": "app.localhost=leat",
        }
        with empty_mock(NullSender(), **own) as mock:
            for host in ("troth.localhost", "public.localhost", "app.localhost"):
                assert mock.request("GET", "/_troth/clock", headers={"Host": host}).status_code == 200

    def test_the_host_of_a_deleted_sandbox_does_not_lead_to_main(self, mock: Client) -> None:
        create(mock, name="one")
        mock.request("DELETE", "/_troth/sandboxes/one")
        assert_refused(
            mock.request("POST", "/_troth/reset", headers={"Host": "one.localhost"}), 404, "SANDBOX_NOT_FOUND"
        )

    def test_links_within_answers_stay_in_the_sandbox(self, mock: Client) -> None:
        made = create(mock, name="one")
        add_user(mock, base_of(made), key_of(made))
        path = f"{base_of(made)}/api/v1/demo/open/account/ana/user/ana/shareurls"
        link = mock.request("GET", path, auth=("", key_of(made))).json()["shareLinks"]["cleanShareLink"]
        assert link.startswith(f"{BASE_URL}/sandbox/one/l/")
        followed = mock.request("GET", link)
        assert followed.status_code == 302

    def test_webhooks_of_the_scenario_go_to_its_own_inbox(self, mock: Client) -> None:
        made = create(mock, name="one")
        listed = mock.request("GET", f"{base_of(made)}/api/v1/demo/subscription", auth=("", key_of(made))).json()
        assert [row["endpointUrl"] for row in listed] == [f"{BASE_URL}/sandbox/one/_troth/inbox/saasquatch"]


class TestEnd:
    def test_a_deleted_sandbox_is_gone_with_its_credentials(self, mock: Client) -> None:
        made = create(mock, name="one")
        assert mock.request("DELETE", "/_troth/sandboxes/one").status_code == 204
        assert_refused(mock.request("GET", base_of(made) + USERS, auth=("", key_of(made))), 404, "SANDBOX_NOT_FOUND")
        assert mock.request("GET", f"/saasquatch{USERS}", auth=("", key_of(made))).status_code == 401
        assert create(mock, name="one")["id"] == "one"

    def test_a_call_that_waits_finds_its_sandbox_gone(self, mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        logged: list[str] = []
        monkeypatch.setattr(
            "troth.request.operation.logger.error", lambda event, **_: logged.append(event), raising=False
        )
        made = create(mock, name="gone")
        waits = {"Prefer": "delay=300"}
        answered = while_it_waits(mock, base_of(made) + USER, key_of(made), headers=waits)
        assert_refused(answered, 404, "SANDBOX_NOT_FOUND")
        assert logged == []

    def test_a_body_that_is_on_its_way_finds_its_sandbox_gone(self, mock: Client) -> None:
        made = create(mock, name="gone")

        async def body() -> AsyncIterator[bytes]:
            yield b'{"id": "ana", '
            await asyncio.sleep(0.3)
            yield b'"accountId": "ana"}'

        answered = while_it_waits(mock, base_of(made) + USER, key_of(made), content=body())
        assert_refused(answered, 404, "SANDBOX_NOT_FOUND")

    def test_a_rule_that_delays_a_call_leads_to_the_same(self, mock: Client) -> None:
        made = create(mock, name="gone")
        mock.request("POST", f"{made['url']}/_troth/rules", json={"delay": {"ms": 300}}).raise_for_status()
        answered = while_it_waits(mock, base_of(made) + USER, key_of(made))
        assert_refused(answered, 404, "SANDBOX_NOT_FOUND")

    def test_a_move_of_its_clock_ends_without_errors_of_deliveries(
        self, mock: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        logged: list[str] = []
        monkeypatch.setattr("troth.outbox.deliveries._log", lambda event, *_: logged.append(event))
        made = create(mock, name="gone")
        add_user(mock, base_of(made), key_of(made))
        slow = {"target": "webhooks", "delay": {"ms": 300}, "answer": {"code": 200}}
        mock.request("POST", f"{made['url']}/_troth/rules", json=slow).raise_for_status()
        path = f"{made['url']}/_troth/clock/advance"
        answered = while_it_waits(mock, path, key_of(made), "POST", json={"by": "P1D"})
        assert_refused(answered, 404, "SANDBOX_NOT_FOUND")
        assert logged == []

    def test_the_main_one_stays(self, mock: Client) -> None:
        answer = mock.request("DELETE", "/_troth/sandboxes/main")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "SANDBOX_IS_MAIN")


async def script(http: httpx2.AsyncClient, number: int) -> list[str]:
    """Make a sandbox and use every API in it; all answers, with the sandbox's own name and credentials masked."""
    said: list[str] = []

    async def call(method: str, url: str, **options: Any) -> Any:
        answer = await http.request(method, url, **options)
        said.append(f"{method} {url} {answer.status_code} {answer.text}")
        assert answer.status_code < 300, said[-1]
        return answer.json() if answer.content else None

    made = await call(
        "POST", "/_troth/sandboxes", json={"name": f"worker-{number:03}", "scenario": "empty", "clock": "fixed"}
    )
    apis = made["apis"]
    squatch, key = f"{apis['saasquatch']['base_url']}/api/v1/demo", apis["saasquatch"]["credentials"]["api_key"]
    ana = await call(
        "PUT",
        f"{squatch}/open/account/a/user/a",
        auth=("", key),
        json={"id": "a", "accountId": "a", "firstName": "Ana"},
    )
    code = ana["referralCodes"]["referral-program"]
    await call(
        "PUT",
        f"{squatch}/open/account/b/user/b",
        auth=("", key),
        json={"id": "b", "accountId": "b", "referredByCodes": [code]},
    )
    events = {"userId": "b", "accountId": "b", "events": [{"key": "purchase"}]}
    await call("POST", f"{squatch}/open/account/b/user/b/events", auth=("", key), json=events)
    await call("GET", f"{squatch}/reward?accountId=a", auth=("", key))
    token = {"Authorization": f"Bearer {apis['advocacy']['credentials']['api_key']}"}
    await call(
        "POST",
        f"{apis['advocacy']['base_url']}/api/v1/advocates",
        headers=token,
        json={"email": "ana@example.org", "name": "Ana"},
    )
    token = {"Authorization": f"Bearer {apis['leat']['credentials']['personal_access_token']}"}
    await call(
        "POST",
        f"{apis['leat']['base_url']}/api/v3/oauth/clients/contacts",
        headers=token,
        json={"email": "ana@example.org"},
    )
    await call("POST", f"{made['url']}/_troth/clock/advance", json={"by": "P40D"})
    await call("GET", f"{made['url']}/_troth/inbox/saasquatch")
    mark = key.removeprefix(MAIN_KEY)
    return [line.replace(f"worker-{number:03}", "WORKER").replace(mark, "MARK") for line in said]


@pytest.fixture
def patient() -> Iterator[Client]:
    """A mock that lets a crowd of callers wait, instead of asking them to come again."""
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True, queue_ms=60_000), "empty")
    server.runtime.services["dispatcher"].sender.sender = NullSender()
    client = Client(server)
    yield client
    client.close()
    server.close()


def test_two_hundred_clients_at_once_see_nothing_of_each_other(patient: Client) -> None:
    """Each gets the same bytes as if it were alone: data, ids, codes, clock, webhooks and limits are its own."""

    async def together() -> list[list[str]]:
        transport = httpx2.ASGITransport(app=patient.server.app, client=("203.0.113.9", 1234))
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            alone = await script(http, 0)
            crowd = await asyncio.gather(*(script(http, number) for number in range(1, 201)))
        return [alone, *crowd]

    alone, *crowd = asyncio.run(together())
    assert len(alone) == 9
    for said in crowd:
        assert said == alone
    assert users(patient, "/saasquatch", MAIN_KEY) == 0
    main = patient.request("GET", "/_troth/sandboxes/main").json()
    assert main["now"] == "2026-01-15T12:00:00.000Z"


def test_the_webhooks_of_a_copy_reach_its_own_inbox(mock: Client) -> None:
    mock.server.runtime.services["dispatcher"].sender.sender = LoopSender(mock.server)
    made = create(mock, name="hooks")
    add_user(mock, base_of(made), key_of(made))
    fired = mock.request("POST", "/_troth/sandboxes/hooks/clock/advance", json={"by_ms": 0}).json()["fired"]
    assert [one["status"] for one in fired if one["kind"] == "delivery"] == [200, 200, 200]
    inbox = mock.request("GET", "/_troth/sandboxes/hooks/inbox/saasquatch").json()
    assert inbox["total"] == 3
    assert inbox["messages"][0]["verified"] == {"X-Hook-Signature": True, "X-Hook-JWS-RFC-7797": True}
    assert mock.request("GET", "/_troth/inbox/saasquatch").json()["total"] == 0
