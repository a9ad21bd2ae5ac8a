"""What pages of other origins may read and do, in mock mode and in production; and the control plane, which they may
not call.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from models.kernel.clock import FIXED_START_MS
from tests.api.advocacy.conftest import Business, make_business
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.asgi import run
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import build
from troth.settings import Settings
from troth.spec import store
from troth.spec.operations import operations

SHOP = "https://shop.example"
ORIGIN = {"Origin": SHOP}
ALLOW = "access-control-allow-"
FREEZE = "/_troth/clock/freeze"


@pytest.fixture
def tenant(server, client) -> SaasquatchTenant:
    return make_tenant(server, client)


@pytest.fixture
def business(server, client) -> Business:
    return make_business(server, client)


@pytest.fixture(scope="module")
def production() -> Iterator[Client]:
    server = build(Settings(database_url="sqlite://", secret_key="k" * 32, require_https=False))
    client = Client(server)
    yield client
    client.close()
    server.close()


@pytest.fixture
def shop(production: Client) -> SaasquatchTenant:
    """A tenant of a server in production."""
    return make_tenant(production.server, production)


def preflight(client: Client, path: str, method: str = "PUT", **headers: str) -> Any:
    return client.request("OPTIONS", path, headers={**ORIGIN, "Access-Control-Request-Method": method, **headers})


def cors(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name.startswith("access-control-")}


class TestMock:
    @pytest.mark.parametrize("path", ["/users", "/open/code/X", "/nothing", "/open/account/a/user/nobody"])
    def test_the_origin_is_named_and_credentials_are_allowed(self, tenant: SaasquatchTenant, path: str) -> None:
        answer = tenant.get(path, headers=ORIGIN)
        assert (answer.headers[ALLOW + "origin"], answer.headers[ALLOW + "credentials"]) == (SHOP, "true")
        assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()

    @pytest.mark.parametrize(
        "path",
        [
            "/saasquatch/nothing",
            "/advocacy/api/v1/nothing",
            "/leat/api/v3/nothing",
            "/loyalty-core/nothing",
            "/nowhere",
            "/%ff",
            "/openapi/saasquatch.json",
            "/openapi/nothing.json",
            "/l/nothing",
            "/_health/live",
        ],
    )
    def test_so_they_are_wherever_there_is_nothing_and_on_contracts(self, client: Client, path: str) -> None:
        answer = client.request("GET", path, headers=ORIGIN)
        assert (answer.headers[ALLOW + "origin"], answer.headers[ALLOW + "credentials"]) == (SHOP, "true")

    def test_a_wrong_method_and_a_wrong_key_can_be_read(self, tenant: SaasquatchTenant, business: Business) -> None:
        for answer in (
            tenant.call("DELETE", "/users", headers=ORIGIN),
            tenant.get("/users", auth=None, headers=ORIGIN),
            business.get("/nothing", key=None, headers=ORIGIN),
        ):
            assert answer.status_code in (401, 405)
            assert answer.headers[ALLOW + "origin"] == SHOP

    @pytest.mark.parametrize("origin", ["null", "*", "https://*", "https://a b", "https://a, https://b", "", "shop"])
    @pytest.mark.parametrize("path", ["/saasquatch/nothing", "/nowhere", "/openapi/leat.json"])
    def test_null_and_what_is_no_origin_get_nothing(self, client: Client, path: str, origin: str) -> None:
        assert not cors(client.request("GET", path, headers={"Origin": origin}))
        assert not cors(
            client.request("OPTIONS", path, headers={"Origin": origin, "Access-Control-Request-Method": "PUT"})
        )

    def test_a_call_that_comes_from_no_page_has_the_origin_in_vary_alone(self, tenant: SaasquatchTenant) -> None:
        answer = tenant.get("/users")
        assert not cors(answer)
        assert answer.headers["vary"] == "Origin"

    @pytest.mark.parametrize(
        "path", ["/", "/docs", "/docs/leat/", "/openapi/leat.json", "/nowhere", "/saasquatch/x", "/_troth/x", "/%ff"]
    )
    def test_every_answer_varies_with_the_origin(self, client: Client, path: str) -> None:
        for headers in ({}, ORIGIN):
            for method in ("GET", "HEAD", "POST", "OPTIONS"):
                answer = client.request(method, path, headers=headers, follow_redirects=False)
                assert "origin" in answer.headers["vary"].lower()

    @pytest.mark.parametrize("scheme", ["https://shop.example:8443", "http://[::1]:3000", "capacitor://localhost"])
    def test_ports_addresses_and_apps_are_origins(self, client: Client, scheme: str) -> None:
        answer = client.request("GET", "/saasquatch/nothing", headers={"Origin": scheme})
        assert answer.headers[ALLOW + "origin"] == scheme

    def test_no_basic_dialog_is_asked_of_a_browser(self, tenant: SaasquatchTenant) -> None:
        assert tenant.get("/users", auth=None).headers["www-authenticate"].startswith("Basic ")
        refused = tenant.get("/users", auth=None, headers=ORIGIN)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="SaaSquatch"')


class TestPreflights:
    def test_it_allows_the_methods_of_the_address_and_the_headers_asked_for(self, tenant: SaasquatchTenant) -> None:
        asked = {"Access-Control-Request-Headers": "x-saasquatch-user-token, content-type"}
        answer = preflight(tenant.client, f"{tenant.base}{tenant.user_path('u')}", **asked)
        assert answer.status_code == 204
        assert (answer.headers[ALLOW + "origin"], answer.headers[ALLOW + "credentials"]) == (SHOP, "true")
        assert {"GET", "PUT", "POST"} <= set(answer.headers[ALLOW + "methods"].split(", "))
        assert answer.headers[ALLOW + "headers"] == "x-saasquatch-user-token, content-type"
        assert answer.headers["vary"] == "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

    @pytest.mark.parametrize("path", ["/saasquatch/nothing", "/advocacy/x", "/nowhere", "/openapi/leat.json"])
    def test_of_an_unknown_address_lets_the_page_read_the_404(self, client: Client, path: str) -> None:
        answer = preflight(client, path, "PATCH", **{"Access-Control-Request-Headers": "x-any"})
        assert answer.status_code == 204
        assert cors(answer) == {
            ALLOW + "origin": SHOP,
            ALLOW + "credentials": "true",
            ALLOW + "methods": "PATCH",
            ALLOW + "headers": "x-any",
            "access-control-max-age": "600",
        }

    def test_of_a_method_that_the_address_lacks_lets_the_page_read_the_405(self, tenant: SaasquatchTenant) -> None:
        answer = preflight(tenant.client, f"{tenant.base}/users", "DELETE")
        assert "DELETE" in answer.headers[ALLOW + "methods"]
        assert "DELETE" not in answer.headers["allow"]

    def test_no_header_of_any_answer_has_a_star(self, tenant: SaasquatchTenant) -> None:
        for path in ("/users", tenant.user_path("u"), "/nothing"):
            for sent in ({}, {"Access-Control-Request-Headers": "*, x-one , a b"}):
                for method in ("GET", "*"):
                    found = cors(preflight(tenant.client, tenant.base + path, method, **sent))
                    assert not any("*" in value for value in found.values())
                    assert found.get(ALLOW + "headers") in (None, "x-one")

    def test_a_plain_options_is_answered_with_the_methods_and_for_an_unknown_address_with_404(
        self, tenant: SaasquatchTenant
    ) -> None:
        answer = tenant.call("OPTIONS", "/users")
        assert (answer.status_code, cors(answer), "GET" in answer.headers["allow"]) == (204, {}, True)
        assert_refused(tenant.call("OPTIONS", "/nothing"), 404, "NOT_FOUND")


class TestProduction:
    def test_open_endpoints_may_be_read_with_credentials(self, shop: SaasquatchTenant) -> None:
        answer = shop.get("/open/code/X", auth=None, headers=ORIGIN)
        assert (answer.headers[ALLOW + "origin"], answer.headers[ALLOW + "credentials"]) == (SHOP, "true")
        asked = preflight(shop.client, f"{shop.base}{shop.user_path('u')}")
        assert (asked.headers[ALLOW + "origin"], asked.headers[ALLOW + "credentials"]) == (SHOP, "true")

    def test_all_other_operations_may_not(self, shop: SaasquatchTenant) -> None:
        for answer in (
            shop.get("/users", headers=ORIGIN),
            shop.get("/users", auth=None, headers=ORIGIN),
            shop.call("DELETE", "/users", headers=ORIGIN),
            preflight(shop.client, f"{shop.base}/users", "GET"),
            preflight(shop.client, f"{shop.base}/users", "DELETE"),
            shop.client.request("GET", "/_health/live", headers=ORIGIN),
        ):
            assert not cors(answer)
            assert "origin" in answer.headers["vary"].lower()

    def test_an_answer_to_basic_is_not_credentialed(self, shop: SaasquatchTenant) -> None:
        answer = shop.get("/open/code/X", headers=ORIGIN)
        assert answer.headers[ALLOW + "origin"] == SHOP
        assert ALLOW + "credentials" not in answer.headers

    @pytest.mark.parametrize("site", ["cross-site", "same-site"])
    def test_a_stored_password_that_another_sites_page_sends_counts_for_nothing(
        self, shop: SaasquatchTenant, site: str
    ) -> None:
        body = {"id": "u", "accountId": "u"}
        sent = shop.put(shop.user_path("u"), json=body, headers={**ORIGIN, "Sec-Fetch-Site": site})
        assert (sent.status_code, "Basic" in sent.headers["www-authenticate"]) == (401, False)
        assert_refused(shop.get(shop.user_path("u")), 404, "ACCOUNT_NOT_FOUND")
        for own in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {}):
            assert shop.put(shop.user_path("u"), json=body, headers=own).status_code == 200

    def test_no_basic_dialog_is_asked_of_a_browser(self, shop: SaasquatchTenant) -> None:
        refused = shop.get("/open/account/a/user/u", auth=None, headers=ORIGIN)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, 'Bearer realm="SaaSquatch"')
        assert "Basic" in shop.get("/open/account/a/user/u", auth=None).headers["www-authenticate"]

    def test_contracts_and_unknown_addresses_may_be_read(self, production: Client) -> None:
        for path in ("/openapi/saasquatch.json", "/saasquatch/nothing", "/nowhere", "/_troth/info"):
            assert production.request("GET", path, headers=ORIGIN).headers[ALLOW + "origin"] == SHOP
            assert preflight(production, path, "GET").headers[ALLOW + "origin"] == SHOP
        assert not cors(production.request("GET", "/docs", headers=ORIGIN))


@pytest.fixture
def own() -> Iterator[Client]:
    """A mock whose clock nobody else moves, and whose control plane has one more name."""
    server = build(
        Settings(mock=True, database_url="sqlite://", control_hosts="mock.test", public_url="https://public.test/")
    )
    client = Client(server)
    yield client
    client.close()
    server.close()


def is_frozen(client: Client) -> bool:
    return client.request("GET", "/_troth/clock").json()["fixed"]


class TestControlPlane:
    @pytest.mark.parametrize("path", ["/_troth/info", "/_troth/clock", "/_troth/nothing", FREEZE, "/_troth/inbox/x"])
    def test_no_other_origin_may_read_it(self, client: Client, path: str) -> None:
        assert not cors(client.request("GET", path, headers=ORIGIN))
        for method in ("GET", "POST"):
            assert not cors(preflight(client, path, method))

    @pytest.mark.parametrize(
        "headers",
        [
            {"Origin": SHOP},
            {"Origin": "null"},
            {"Origin": "http://localhost:3000"},
            {"Origin": "http://localhost"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "http://localhost:8080", "Sec-Fetch-Site": "cross-site"},
        ],
    )
    def test_a_foreign_page_changes_nothing(self, own: Client, headers: dict[str, str]) -> None:
        for method, path, body in (
            ("POST", FREEZE, None),
            ("POST", "/_troth/clock/advance", {"by": "P1D"}),
            ("POST", "/_troth/inbox/x", {"a": 1}),
            ("DELETE", "/_troth/inbox/x", None),
        ):
            answer = own.request(method, path, json=body, headers=headers)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")
        assert not is_frozen(own)
        assert own.request("GET", "/_troth/inbox/x").json()["total"] == 0

    @pytest.mark.parametrize("headers", [{}, {"Origin": "http://localhost:8080", "Sec-Fetch-Site": "same-origin"}])
    def test_its_own_pages_and_programs_may_call_it(self, own: Client, headers: dict[str, str]) -> None:
        assert own.request("POST", FREEZE, headers=headers).status_code == 200
        assert is_frozen(own)

    @pytest.mark.parametrize(
        "host", ["evil.example", "localhost.evil.example", "notlocalhost", "mock.test.evil", "x:80"]
    )
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/_troth/info"), ("POST", FREEZE), ("POST", "/_troth/inbox/x")]
    )
    def test_a_name_that_is_not_its_own_is_refused_and_the_setting_named(
        self, own: Client, method: str, path: str, host: str
    ) -> None:
        body = {"a": 1} if path.endswith("/x") else None
        answer = own.request(method, path, json=body, headers={"Host": host})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "HOST_NOT_ALLOWED")
        assert "TROTH_CONTROL_HOSTS" in answer.json()["error"]["message"]
        assert not is_frozen(own)

    @pytest.mark.parametrize(
        ("method", "path"),
        [
            (method.upper(), re.sub(r"{[a-zA-Z]*}", "1", path))
            for path, method, _ in operations(store.load("control")[0])
        ],
    )
    def test_every_operation_refuses_a_name_that_is_not_its_own(self, client: Client, method: str, path: str) -> None:
        answer = client.request(method, f"/_troth{path}", headers={"Host": "evil.example"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "HOST_NOT_ALLOWED")

    @pytest.mark.parametrize(
        "host",
        [
            "localhost",
            "LOCALHOST:8080",
            "leat.localhost:1",
            "a.b.localhost",
            "localhost.",
            "127.0.0.1",
            "10.1.2.3:8080",
            "[::1]:8080",
            "[fe80::1]",
            "mock.test",
            "Mock.Test:9000",
        ],
    )
    def test_local_names_addresses_and_those_of_the_setting_are_its_own(self, own: Client, host: str) -> None:
        assert own.request("GET", "/_troth/info", headers={"Host": host}).status_code == 200
        assert own.request("POST", FREEZE, headers={"Host": host, "Origin": f"http://{host}"}).status_code == 200

    def test_the_public_url_leads_deliveries_to_the_inbox_and_nobody_anywhere_else(self, own: Client) -> None:
        host = {"Host": "public.test"}
        assert own.request("POST", "/_troth/inbox/x", json={}, headers=host).status_code == 200
        for method, path in (("GET", "/_troth/inbox/x"), ("GET", "/_troth/info"), ("POST", FREEZE)):
            assert_refused(own.request(method, path, headers=host), 403, "HOST_NOT_ALLOWED")

    def test_other_apis_answer_to_any_host(self, own: Client) -> None:
        assert_refused(own.request("GET", "/saasquatch/nothing", headers={"Host": "evil.example"}), 404, "NOT_FOUND")
        assert own.request("GET", "/_health/live", headers={"Host": "evil.example"}).status_code == 200

    @pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "text/json"])
    @pytest.mark.parametrize("path", [FREEZE, "/_troth/clock/advance", "/_troth/inbox/x"])
    def test_a_body_needs_the_content_type_json(self, own: Client, path: str, content_type: str | None) -> None:
        sent = [("Host", "localhost"), ("Content-Length", "12")]
        sent += [("Content-Type", content_type)] if content_type else []
        answer = run(own.server.app, "POST", path, headers=sent, chunks=(b'{"by_ms": 10}',))
        assert (answer.status, answer.json()["error"]["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")
        assert not is_frozen(own)

    def test_a_body_of_unknown_length_is_a_body(self, own: Client) -> None:
        sent = [("Host", "localhost"), ("Transfer-Encoding", "chunked"), ("Content-Type", "text/plain")]
        assert run(own.server.app, "POST", FREEZE, headers=sent, chunks=(b"x",)).status == 415

    def test_json_with_a_charset_is_json(self, own: Client) -> None:
        headers = {"Content-Type": "application/json; charset=UTF-8"}
        assert own.request("POST", "/_troth/inbox/x", content=b"{}", headers=headers).status_code == 200

    def test_what_is_refused_does_not_count_as_a_request(self) -> None:
        ids = []
        for refusals in (0, 3):
            server = build(Settings(mock=True, database_url="sqlite://", fixed_clock=True))
            client = Client(server)
            for _ in range(refusals):
                client.request("POST", FREEZE, headers=ORIGIN)
                client.request("POST", FREEZE, content=b"x", headers={"Content-Type": "text/plain"})
                client.request("GET", "/_troth/info", headers={"Host": "evil.example"})
            ids.append(client.request("GET", "/_troth/clock").headers["x-request-id"])
            assert client.request("GET", "/_troth/clock").json()["now_ms"] == FIXED_START_MS
            client.close()
            server.close()
        assert ids[0] == ids[1]
