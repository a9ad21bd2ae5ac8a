"""What all APIs share on the wire: request ids, compression, CORS, HEAD, hosts, HTTPS."""

import gzip
import importlib
import json
import re
from collections.abc import Iterator

import pytest

from models.kernel.problems import BodyTimeout
from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.asgi import run
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import build
from troth.mock.run import build_mock
from troth.settings import Settings
from troth.spec.operations import operations


@pytest.fixture
def tenant(server, client) -> SaasquatchTenant:
    return make_tenant(server, client)


class TestRequestIds:
    def test_every_answer_has_one(self, tenant: SaasquatchTenant) -> None:
        ids = {tenant.get(path).headers["x-request-id"] for path in ("/users", "/users", "/nothing")}
        assert len(ids) == 3

    def test_a_callers_own_id_is_kept_when_it_is_plain(self, tenant: SaasquatchTenant) -> None:
        assert tenant.get("/users", headers={"X-Request-Id": "my-id.7"}).headers["x-request-id"] == "my-id.7"
        assert tenant.get("/users", headers={"X-Request-Id": "a b\tc"}).headers["x-request-id"] != "a b\tc"


class TestCompression:
    def test_large_answers_are_compressed_when_asked_for(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana")
        asked = tenant.get("/users", headers={"Accept-Encoding": "gzip"})
        assert asked.headers["content-encoding"] == "gzip"
        assert asked.headers["vary"] == "Origin, Accept-Encoding"
        plain = tenant.get("/users", headers={"Accept-Encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.json() == asked.json()
        assert len(gzip.compress(plain.content)) < len(plain.content)

    def test_a_weight_of_zero_means_no(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana")
        for value in ("gzip;q=0", "br, gzip; q=0.0"):
            assert "content-encoding" not in tenant.get("/users", headers={"Accept-Encoding": value}).headers

    def test_small_answers_are_not(self, tenant: SaasquatchTenant) -> None:
        assert "content-encoding" not in tenant.get("/subscription", headers={"Accept-Encoding": "gzip"}).headers


def test_head_is_get_without_a_body(tenant: SaasquatchTenant) -> None:
    head, get = tenant.call("HEAD", "/users"), tenant.get("/users", headers={"Accept-Encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert get.json()["users"] == []


def test_an_apis_own_host_needs_no_prefix(tenant: SaasquatchTenant) -> None:
    answer = tenant.client.request(
        "GET", f"/api/v1/{tenant.alias}/users", headers={"Host": "saasquatch.localhost:8080"}, auth=("", tenant.key)
    )
    assert answer.json()["totalCount"] == 0
    unknown = tenant.client.request("GET", "/api/v1/nobody/nothing", headers={"Host": "saasquatch.localhost"})
    assert (unknown.status_code, unknown.json()["statusCode"]) == (404, 404)


def test_a_body_reaches_an_apis_own_host(tenant: SaasquatchTenant) -> None:
    body = {"id": "zoe", "accountId": "zoe-inc", "firstName": "Zoe"}
    made = tenant.client.request(
        "PUT",
        f"/api/v1/{tenant.alias}/open/account/zoe-inc/user/zoe",
        json=body,
        headers={"Host": "saasquatch.localhost"},
        auth=("", tenant.key),
    )
    assert made.status_code == 200, made.text
    assert body.items() <= made.json().items()


def test_outside_of_every_api_errors_are_plain(client: Client) -> None:
    answer = client.request("GET", "/nowhere")
    assert_refused(answer, 404, "NOT_FOUND")
    assert answer.json()["error"]["message"].endswith(
        " The APIs begin at /saasquatch, /advocacy, /leat and /loyalty-core."
    )


def test_a_slash_at_the_end_is_named(client: Client) -> None:
    for path in ("/saasquatch/api/v1/demo/users/", "/_troth/clock/"):
        assert "but there is without the slash at its end" in client.request("GET", path).text, path


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "A credential is needed, and the request has none of a kind that this operation takes."),
        ({"Authorization": "sk_live_x"}, "A credential is needed, and the request has none"),
        ({"Authorization": "Bearer x"}, "The credential is not valid: it is unknown, revoked or not of this API."),
    ],
)
def test_a_credential_that_is_missing_is_told_from_one_that_is_not_valid(
    client: Client, sent: dict[str, str], said: str
) -> None:
    paths = [
        "/advocacy/api/v1/advocates",
        "/leat/api/v3/oauth/clients/referrals",
        "/loyalty-core/api/v1/organizations/1/search/members",
    ]
    for path in paths:
        answer = client.request("GET", path, headers=sent)
        assert (answer.status_code, said in answer.text) == (401, True), answer.text


def test_the_documentation_and_the_contract_are_served(client: Client) -> None:
    assert client.request("GET", "/openapi/saasquatch.json").json()["openapi"] == "3.0.3"
    assert_refused(client.request("GET", "/openapi/nothing.json"), 404, "NOT_FOUND")
    for asset in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon-32x32.png", "page.js"):
        assert client.request("GET", f"/docs/assets/{asset}").status_code == 200
    for path in ("/docs/nothing/", "/docs/assets/index.html", "/docs/assets/..%2f__init__.py", "/docs/saasquatch/more"):
        assert_refused(client.request("GET", path), 404, "NOT_FOUND")
    assert client.request("GET", "/", follow_redirects=False).headers["location"] == "/docs"
    assert client.request("GET", "/docs/leat", follow_redirects=False).headers["location"] == "/docs/leat/"


LARGE = ["/openapi/leat.json", "/docs/assets/swagger-ui-bundle.js", "/docs/assets/swagger-ui.css"]
SMALL = "/docs/assets/page.js"
PLAIN = {"Accept-Encoding": "identity"}


class TestCaching:
    """What an answer says to caches (RFC 9111).

    Only a credential in Authorization keeps a shared cache from storing by itself.
    """

    @pytest.mark.parametrize(
        "path", ["/saasquatch/api/v1/nobody/users", "/nowhere", "/saasquatch/nothing", "/_health/live", "/l/none"]
    )
    def test_answers_of_operations_and_refusals_are_not_stored(self, client: Client, path: str) -> None:
        for method in ("GET", "HEAD", "DELETE"):
            assert client.request(method, path).headers["cache-control"] == "no-store"

    def test_those_of_a_tenant_are_not_stored(self, tenant: SaasquatchTenant) -> None:
        tenant.user("u", firstName="Ana")
        for answer in (tenant.get("/users"), tenant.get("/nothing"), tenant.call("POST", "/users")):
            assert answer.headers["cache-control"] == "no-store"


class TestStaticContent:
    """Contracts and the files of pages: kept by clients, checked by their entity tags, compressed."""

    @pytest.mark.parametrize("path", [*LARGE, SMALL])
    def test_who_has_it_is_told_so(self, client: Client, path: str) -> None:
        first = client.request("GET", path, headers=PLAIN)
        tag, kept = first.headers["etag"], first.headers["cache-control"]
        assert kept == ("no-cache" if path.startswith("/openapi/") else "max-age=86400")
        assert re.fullmatch(r'"[0-9a-f]{32}"', tag)
        for given in (tag, f"W/{tag}", f'"other", {tag}', "*"):
            again = client.request("GET", path, headers={**PLAIN, "If-None-Match": given})
            assert (again.status_code, again.content) == (304, b""), given
            assert (again.headers["etag"], again.headers["cache-control"]) == (tag, kept)
            assert ("accept-encoding" in again.headers["vary"].lower()) == (path != SMALL)
        for given in ('"other"', tag.strip('"'), ""):
            other = client.request("GET", path, headers={**PLAIN, "If-None-Match": given})
            assert (other.status_code, other.content) == (200, first.content), given

    @pytest.mark.parametrize("path", LARGE)
    def test_it_is_compressed_for_who_asks_under_a_tag_of_its_own(self, client: Client, path: str) -> None:
        plain, packed = (client.request("GET", path, headers={"Accept-Encoding": a}) for a in ("gzip;q=0", "br, gzip"))
        assert "content-encoding" not in plain.headers
        assert (packed.headers["content-encoding"], packed.content) == ("gzip", plain.content)
        assert int(packed.headers["content-length"]) < len(plain.content) / 1.5
        assert "accept-encoding" in plain.headers["vary"].lower()
        assert "accept-encoding" in packed.headers["vary"].lower()
        tags = {plain.headers["etag"]: PLAIN, packed.headers["etag"]: {"Accept-Encoding": "gzip"}}
        assert len(tags) == 2
        for tag in tags:
            for of, accepted in tags.items():
                status = client.request("GET", path, headers={**accepted, "If-None-Match": tag}).status_code
                assert status == (304 if tag == of else 200)

    def test_a_small_one_has_one_form(self, client: Client) -> None:
        assert "content-encoding" not in client.request("GET", SMALL, headers={"Accept-Encoding": "gzip"}).headers

    def test_the_tag_is_that_of_the_bytes(self) -> None:
        tags = []
        for url in ("https://a.example", "https://a.example", "https://b.example"):
            server = build(Settings(mock=True, database_url="sqlite://", public_url=url))
            tags.append(run(server.app, "GET", "/openapi/leat.json").headers["etag"])
            server.close()
        assert tags[0] == tags[1] != tags[2]


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/docs/", "/docs/leat/", "/docs/leat", "/docs/assets/page.js", "/openapi/leat.json"]
)
def test_pages_take_get_and_head_and_say_so(client: Client, path: str) -> None:
    assert client.request("HEAD", path).status_code == client.request("GET", path).status_code
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        answer = client.request(method, path)
        assert_refused(answer, 405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "GET, HEAD"
    for unknown in ("/docs/nothing", "/openapi/nothing.json", "/openapi/leat", "/openapi/", "/nowhere"):
        assert_refused(client.request("POST", unknown), 404, "NOT_FOUND")


def test_a_bundle_names_a_local_mock_and_a_served_contract_the_public_url() -> None:
    server = build(Settings(mock=True, database_url="sqlite://", public_url="https://troth.example/mock/"))
    client = Client(server)
    for api in server.runtime.apis:
        document, _ = api.load()
        prefix = {"control": "/_troth", "public": "/"}.get(api.name, api.prefix)
        assert [one["url"] for one in document["servers"]] == [f"http://localhost:8080{prefix}"]
        served = client.request("GET", f"/openapi/{api.name}.json").json()
        assert [one["url"] for one in served["servers"]] == [f"https://troth.example/mock{prefix}".rstrip("/")]
        assert {**served, "servers": document["servers"]} == document
    client.close()
    server.close()


def test_the_list_of_apis_names_each_with_its_operations(client: Client) -> None:
    for path in ("/docs", "/docs/"):
        page = client.request("GET", path)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert re.findall(r'href="/docs/([a-z_]+)/">([^<]+)</a>: ([0-9]+) operations', page.text) == [
            (name, document["info"]["title"], str(sum(1 for _ in operations(document))))
            for name, document in client.server.documents.items()
        ]


def test_the_pages_have_no_script_that_their_policy_forbids(client: Client) -> None:
    for path in ("/docs", "/docs/saasquatch/"):
        page = client.request("GET", path)
        policy = page.headers["content-security-policy"].split("; ")
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} <= set(policy)
        for attributes, inside in re.findall(r"<script([^>]*)>(.*?)</script>", page.text, re.DOTALL):
            assert 'type="application/json"' in attributes or not inside
            for address in re.findall(r'src="([^"]*)"', attributes):
                script = client.request("GET", address)
                assert script.status_code == 200
                assert script.headers["content-type"].startswith("text/javascript")
        assert not re.findall(r"<[^>]* on[a-z]+=", page.text)


def test_every_page_of_a_mock_fills_in_credentials_that_work() -> None:
    """The pages of the demo: each scheme and value is used for a call, as the page would."""
    server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "demo")
    client = Client(server)
    calls = {
        "saasquatch": "/saasquatch/api/v1/demo/users?limit=1",
        "advocacy": "/advocacy/api/v1/advocates?limit=1",
        "leat": "/leat/api/v3/oauth/clients/referrals?limit=1",
        "loyalty_core": "/loyalty-core/api/v1/organizations/1/members?limit=1",
    }
    for name, document in server.documents.items():
        page = client.request("GET", f"/docs/{name}/").text
        found = re.search(r'<script type="application/json" id="settings">(\{.*\})</script>', page)
        assert found is not None
        settings = json.loads(found[1])
        assert settings["url"] == f"/openapi/{name}.json"
        assert len(settings["credentials"]) == (1 if name in calls else 0)
        for credential in settings["credentials"]:
            assert credential["scheme"] in document["components"]["securitySchemes"]
            value = credential["value"]
            sent = {"auth": ("", value)} if credential["basic"] else {"headers": {"Authorization": f"Bearer {value}"}}
            assert client.request("GET", calls[name], **sent).status_code == 200
    client.close()
    server.close()


def test_a_host_that_the_control_plane_does_not_answer_to_gets_no_credentials() -> None:
    """A page of another site can make a name of its own lead here (DNS rebinding), and read what is shown under it."""
    server = build_mock(
        Settings(mock=True, database_url="sqlite://", fixed_clock=True, control_hosts=("mock.test",)), "demo"
    )
    client = Client(server)
    shown = {
        host: '"credentials":[]' not in client.request("GET", "/docs/saasquatch/", headers={"Host": host}).text
        for host in ("localhost:8080", "127.0.0.1", "mock.test", "evil.example", "evil.example:8080")
    }
    client.close()
    server.close()
    assert shown == {
        "localhost:8080": True,
        "127.0.0.1": True,
        "mock.test": True,
        "evil.example": False,
        "evil.example:8080": False,
    }


def test_a_served_database_shows_no_credentials() -> None:
    server = build(Settings(database_url="sqlite://", secret_key="k" * 40))
    client = Client(server)
    assert '"credentials":[]' in client.request("GET", "/docs/saasquatch/").text
    client.close()
    server.close()


@pytest.mark.parametrize("whole", [True, False])
def test_any_asgi_server_can_serve_the_application(whole: bool) -> None:
    """Connexion's AsyncApp as another server would call it, or the compiled path alone, as `troth.serving` does."""
    server = build(Settings(mock=True, database_url="sqlite://"))
    app = server.app if whole else server.compiled
    assert run(app, "GET", "/docs/saasquatch/").status == 200
    assert run(app, "GET", "/openapi/leat.json").json()["openapi"] == "3.0.3"
    nowhere = run(app, "GET", "/nowhere")
    assert (nowhere.status, nowhere.json()["error"]["code"]) == (404, "NOT_FOUND")
    assert run(app, "GET", "/_troth/info").status == 200
    server.close()


@pytest.fixture(scope="module")
def production() -> Iterator[Client]:
    """A server as `troth serve` builds it, on a database of its own."""
    server = build(
        Settings(
            mock=False, database_url="sqlite://", secret_key="for this test only", public_url="https://troth.example"
        )
    )
    made = Client(server)
    yield made
    made.close()
    server.close()


class TestProduction:
    def test_plain_http_is_refused(self, production: Client) -> None:
        answer = production.request("GET", "/saasquatch/api/v1/x/users")
        assert (answer.status_code, answer.json()["rsCode"]) == (403, "RS047")

    def test_https_is_served(self, production: Client) -> None:
        tenant = make_tenant(production.server, production)
        url = f"https://localhost/saasquatch/api/v1/{tenant.alias}/users"
        assert production.request("GET", url, auth=("", tenant.key)).status_code == 200

    def test_there_is_no_control_plane_and_no_mock_header(self, production: Client) -> None:
        assert_refused(production.request("GET", "https://localhost/_troth/info"), 404, "NOT_FOUND")
        tenant = make_tenant(production.server, production)
        answer = production.request(
            "GET",
            f"https://localhost/saasquatch/api/v1/{tenant.alias}/users",
            auth=("", tenant.key),
            headers={"Origin": "https://shop.example"},
        )
        assert "troth-source" not in answer.headers
        assert "access-control-allow-origin" not in answer.headers

    def test_ids_are_random_and_links_use_the_public_url(self, production: Client) -> None:
        tenant = make_tenant(production.server, production)
        base = f"https://localhost/saasquatch/api/v1/{tenant.alias}/open/account/a/user/"
        links = []
        for name in ("u", "v"):
            answer = production.request("PUT", base + name, json={"id": name, "accountId": "a"}, auth=("", tenant.key))
            links.append(answer.json()["programShareLinks"]["referral-program"]["cleanShareLink"])
        assert all(link.startswith("https://troth.example/l/mz") for link in links)
        assert links[0] != links[1]

    def test_it_does_not_start_without_a_secret_key(self) -> None:
        with pytest.raises(ValueError, match="TROTH_SECRET_KEY"):
            build(Settings(mock=False, database_url="sqlite://"))


@pytest.mark.parametrize("api", ["saasquatch", "advocacy", "leat", "loyalty_core", "control", "public"])
def test_a_late_body_is_408_whatever_else_the_api_makes_of_broken_requests(api: str) -> None:
    edge = importlib.import_module(f"handlers.{api}._edge")
    answer = edge.render(BodyTimeout(), None)
    assert (answer.status, answer.headers["Connection"]) == (408, "close")
