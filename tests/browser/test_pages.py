"""What a page of another origin can do with a server, in a real Chromium.

Skipped where there is no `chromium` (a Debian package) in the path; CI installs one.
"""

import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Page

from tests.api.saasquatch.conftest import SaasquatchTenant, make_tenant
from tests.support.serving import serving
from troth.app import Server, build
from troth.settings import Settings

CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="NO BROWSER WAS TESTED: there is no `chromium` in the path")
FETCH = """async ([url, options]) => {
  try {
    const answer = await fetch(url, options);
    return {status: answer.status, body: await answer.text(), id: answer.headers.get("x-request-id")};
  } catch (error) {
    return {error: String(error)};
  }
}"""
JSON = {"Content-Type": "application/json"}
USER = {"id": "u", "accountId": "u", "firstName": "Ana"}


class Shop:
    """A page of another origin that calls a server."""

    def __init__(self, page: Page, server: str, tenant: SaasquatchTenant) -> None:
        self.page, self.server, self.tenant = page, server, tenant
        self.base = f"{server}{tenant.base}"

    def fetch(self, url: str, **options: Any) -> dict[str, Any]:
        """What the page gets to see of a call with credentials: status, body and request id, or an error."""
        found: dict[str, Any] = self.page.evaluate(FETCH, [url, {"credentials": "include", **options}])
        return found


@pytest.fixture(scope="module")
def shop_url() -> Iterator[str]:
    """Serves the page, at an address that is another site's than localhost."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b"<!doctype html><title>shop</title>"
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    server.server_close()
    thread.join(5)


def opened(browser: Browser, shop_url: str, server: Server, **context: Any) -> Iterator[Shop]:
    tenant = make_tenant(server, None, settings={"openEndpointsEnabled": True})  # type: ignore[arg-type]  # called over HTTP only
    with serving(server) as served:
        page = browser.new_context(**context).new_page()
        page.goto(shop_url)
        yield Shop(page, f"http://localhost:{served.port}", tenant)
        page.context.close()
    server.close()


def built(folder: Path, **settings: Any) -> Server:
    server = build(Settings(database_url=f"sqlite:///{folder}/troth.db", files_dir=folder, **settings), docs=False)
    server.compiled  # noqa: B018  builds the middlewares here: two threads at once would build them twice
    return server


@pytest.fixture
def mock(browser: Browser, shop_url: str, tmp_path: Path) -> Iterator[Shop]:
    yield from opened(browser, shop_url, built(tmp_path, mock=True))


@pytest.fixture
def production(browser: Browser, shop_url: str, tmp_path: Path) -> Iterator[Shop]:
    yield from opened(browser, shop_url, built(tmp_path, secret_key="k" * 32, require_https=False))


def test_a_page_calls_the_mock_with_credentials_and_reads_the_answers(mock: Shop) -> None:
    key = httpx2.BasicAuth("", mock.tenant.key)._auth_header
    made = mock.fetch(
        f"{mock.base}{mock.tenant.user_path('u')}",
        method="PUT",
        body='{"id": "u", "accountId": "u", "firstName": "Ana"}',
        headers={**JSON, "Authorization": key, "X-Whatever": "asks for a preflight"},
    )
    assert (made.get("status"), '"firstName":"Ana"' in made["body"], bool(made["id"])) == (200, True, True), made
    for path, status in (("/users", 401), ("/open/code/NOBODY", 404), ("/nothing", 404)):
        assert mock.fetch(mock.base + path).get("status") == status
    for path in ("/nowhere", "/saasquatch/nothing"):
        answer = mock.fetch(mock.server + path, method="PATCH", body="{}", headers=JSON)
        assert answer.get("status") == 404, answer
    assert mock.fetch(f"{mock.server}/openapi/leat.json").get("status") == 200


def test_a_page_cannot_stop_the_clock_nor_read_the_control_plane(mock: Shop) -> None:
    for options in (
        {},
        {"mode": "no-cors"},
        {"body": "{}", "headers": {"Content-Type": "text/plain"}, "mode": "no-cors"},
        {"body": "{}", "headers": JSON},
    ):
        assert not mock.fetch(f"{mock.server}/_troth/clock/freeze", method="POST", **options).get("status")
    assert "error" in mock.fetch(f"{mock.server}/_troth/info")
    mock.page.set_content(f'<form method=post action="{mock.server}/_troth/clock/freeze"><button>win</button></form>')
    with mock.page.expect_navigation() as navigation:
        mock.page.click("button")
    refused = navigation.value
    assert (refused.status, refused.json()["error"]["code"]) == (403, "ORIGIN_NOT_ALLOWED")
    assert httpx2.get(f"{mock.server}/_troth/clock").json()["fixed"] is False


def test_in_production_a_page_reads_open_endpoints_and_nothing_else(production: Shop) -> None:
    assert production.fetch(f"{production.base}/open/code/NOBODY").get("status") == 404
    path = f"{production.base}{production.tenant.user_path('u')}"
    assert production.fetch(path, method="PUT", body="{}", headers=JSON).get("status") == 401
    assert "error" in production.fetch(f"{production.base}/users")
    assert production.fetch(f"{production.server}/openapi/saasquatch.json").get("status") == 200


def test_in_production_a_stored_password_is_of_no_use_to_a_page_of_another_origin(
    browser: Browser, shop_url: str, tmp_path: Path
) -> None:
    server = built(tmp_path, secret_key="k" * 32, require_https=False)
    # Another port of the same host: Chromium keeps the passwords of different sites apart by itself, other browsers do
    # not.
    beside = shop_url.replace("127.0.0.1", "localhost")
    for shop in opened(browser, beside, server, http_credentials={"username": "", "password": "wrong"}):
        path = f"{shop.base}{shop.tenant.user_path('u')}"
        operator = shop.page.context.new_page()
        # The address itself has the password: from now on the browser sends it along by itself.
        operator.goto(f"{shop.base}/users".replace("://", f"://:{shop.tenant.key}@"))
        assert '"totalCount":0' in operator.content()
        body = '{"id": "u", "accountId": "u"}'
        same = operator.evaluate(FETCH, [path, {"method": "PUT", "body": body, "headers": JSON}])
        assert same.get("status") == 200, same
        for method in ("PUT", "GET"):
            options = {"body": body, "headers": JSON} if method == "PUT" else {}
            assert shop.fetch(path, method=method, **options).get("status") == 401


def test_the_documentation_page_calls_the_address_that_it_was_opened_at(browser: Browser) -> None:
    server = build(Settings(mock=True, database_url="sqlite://", public_url="https://elsewhere.example"))
    server.compiled  # noqa: B018  builds the middlewares here: two threads at once would build them twice
    with serving(server) as served:
        page = browser.new_page()
        page.goto(f"http://127.0.0.1:{served.port}/docs/public/")
        page.wait_for_selector(".opblock-tag")
        shown = page.evaluate("window.ui.specSelectors.specJson().toJS().servers.map(one => one.url)")
        assert shown == ["/"]
        page.close()
    server.close()
