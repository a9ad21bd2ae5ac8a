"""The documentation pages: `/docs` lists the APIs, `/docs/<api>/` shows one in Swagger UI, whose files come from an
installed package; `/openapi/<api>.json` is its contract.
"""

from __future__ import annotations

import html
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse

from models.kernel.problems import MethodNotAllowed
from troth import __version__
from troth.request.control_guard import ControlGuard
from troth.request.static_content import CHECKED, READING, StaticContent
from troth.spec import store
from troth.spec.operations import base_path

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from troth.runtime import Runtime

PACKAGE = "flask_swagger_ui"
"""A package that carries a current Swagger UI. Only its files are used: it is found, not imported."""
ASSETS = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript", "favicon-32x32.png": "image/png"}
SCRIPT_NAME = "page.js"
CONTRACTS, SUFFIX = "/openapi/", ".json"
DAY_S = 86_400
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Scripts come from the server alone. Swagger UI sets styles of elements, has its icons in data URLs, and calls this
server.
"""
SAFE = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Content-Security-Policy": POLICY}
KEPT = {"Cache-Control": f"max-age={DAY_S}", **SAFE}
NOT_KEPT = {"Cache-Control": "no-store", **SAFE}
"""Of a page that has credentials in it."""

INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Troth</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 46rem; padding: 0 1rem; color: #222 }}
a {{ color: #0b5394 }} li {{ margin: .6rem 0 }} code {{ background: #f3f3f3; padding: .1rem .3rem }}
</style></head><body><h1>Troth</h1><p>The APIs of this server:</p><ul>
{items}
</ul></body></html>
"""
ITEM = """<li><a href="/docs/{name}/">{title}</a>: {count} operations, <a href="/openapi/{name}.json">OpenAPI document</a></li>"""
PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css?v={version}"><link rel="icon" href="/docs/assets/favicon-32x32.png"></head>
<body><p style="margin: 1rem 2rem; font-family: sans-serif"><a href="/docs">All APIs</a></p><div id="swagger-ui"></div>
<script type="application/json" id="settings">{settings}</script>
<script src="/docs/assets/swagger-ui-bundle.js?v={version}"></script>
<script type="module" src="/docs/assets/page.js?v={version}"></script></body></html>
"""
SCRIPT = """const settings = JSON.parse(document.getElementById("settings").textContent);
const spec = await (await fetch(settings.url)).json();
// By the address that the page was opened at: the policy lets it call no other.
for (const server of spec.servers) server.url = new URL(server.url, location).pathname;
window.ui = SwaggerUIBundle({
  spec,
  dom_id: "#swagger-ui",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  validatorUrl: null,
  onComplete: () => {
    for (const { scheme, basic, value } of settings.credentials) {
      if (basic) window.ui.preauthorizeBasic(scheme, "", value);
      else window.ui.preauthorizeApiKey(scheme, value);
    }
  },
});
"""
"""Starts Swagger UI with the settings of the page.
A file of its own, since the policy allows no script within a page.
"""


class Docs:
    """An ASGI application in front of another one, for the addresses under `/docs` and for `/`.

    On a mock the credentials of the first live tenant are filled in, so that every operation can be called from the
    page: under the hosts that the control plane answers to, which shows them too.
    """

    def __init__(self, app: ASGIApp, *, runtime: Runtime, documents: dict[str, dict[str, Any]]) -> None:
        self._app, self._runtime, self._documents = app, runtime, documents
        self._assets: dict[str, StaticContent] = {}
        self._guard = ControlGuard(runtime.settings.control_hosts, runtime.public_url)
        self._known: dict[str, dict[str, str]] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == "/" or _is_docs(path)):
            await self._app(scope, receive, send)
            return
        answer = self._answer(path, Headers(scope=scope).get("host", "").encode("latin-1"))
        check_method(scope)
        await answer(scope, receive, send)

    def _answer(self, path: str, host: bytes) -> ASGIApp:
        """What an address shows. Raises HTTPException 404, which the error handler of the application answers."""
        first, _, rest = path.removeprefix("/docs").lstrip("/").partition("/")
        if path == "/":
            return RedirectResponse("/docs")
        if not first:
            return HTMLResponse(self._index(), headers=SAFE)
        if first == "assets" and (rest == SCRIPT_NAME or rest in ASSETS):
            return self._asset(rest)
        if first in self._documents and not rest:
            return (
                HTMLResponse(self._page(first, host), headers=NOT_KEPT)
                if path.endswith("/")
                else RedirectResponse(f"/docs/{first}/")
            )
        raise HTTPException(404)

    def _asset(self, name: str) -> StaticContent:
        if name not in self._assets:
            content = SCRIPT.encode() if name == SCRIPT_NAME else (assets_folder() / name).read_bytes()
            self._assets[name] = StaticContent(content, ASSETS.get(name, "text/javascript"), KEPT)
        return self._assets[name]

    def _index(self) -> str:
        items = [
            ITEM.format(
                name=name,
                title=html.escape(document["info"]["title"]),
                count=sum(len(members.keys() & METHODS) for members in document["paths"].values()),
            )
            for name, document in self._documents.items()
        ]
        return INDEX.format(items="\n".join(items))

    def _page(self, name: str, host: bytes) -> str:
        document = self._documents[name]
        settings = {"url": f"/openapi/{name}.json", "credentials": self._credentials(name, document, host)}
        # `<` is written as an escape: a document's text cannot end the script element.
        as_script = orjson.dumps(settings).decode().replace("<", "\\u003c")
        return PAGE.format(title=html.escape(document["info"]["title"]), settings=as_script, version=__version__)

    def _credentials(self, name: str, document: dict[str, Any], host: bytes) -> list[dict[str, Any]]:
        """The published credentials of a mock, by the security schemes that take them; none of a served database, nor
        for a foreign host.
        """
        if not self._runtime.mock or not self._guard.answers_to(host):
            return []
        if self._known is None:  # they do not change, and are read from the database
            self._known = {api: facts["credentials"] for api, facts in self._runtime.services["info"]()["apis"].items()}
        known = self._known.get(name, {})
        domain = next((api.domain for api in self._runtime.apis if api.name == name), None)
        schemes = document.get("components", {}).get("securitySchemes", {})
        return [
            {"scheme": scheme, "basic": schemes[scheme].get("scheme") == "basic", "value": known[credential]}
            for scheme, credential in (domain.page_credentials.items() if domain is not None else ())
            if known.get(credential)
        ]


class Contracts:
    """An ASGI application in front of another one, for the contracts themselves, with this server in them.

    Each is made when it is first asked for.
    """

    def __init__(self, app: ASGIApp, *, runtime: Runtime, documents: dict[str, dict[str, Any]]) -> None:
        self._app, self._public_url, self._documents = app, runtime.public_url, documents
        self._made: dict[str, StaticContent] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        name = path.removeprefix(CONTRACTS).removesuffix(SUFFIX)
        if scope["type"] != "http" or name not in self._documents or path != f"{CONTRACTS}{name}{SUFFIX}":
            await self._app(scope, receive, send)
            return
        check_method(scope)
        if name not in self._made:
            self._made[name] = StaticContent(self._contract(name), "application/json", CHECKED)
        await self._made[name](scope, receive, send)

    def _contract(self, name: str) -> bytes:
        document = self._documents[name]
        server = {**document["servers"][0], "url": f"{self._public_url}{base_path(document)}"}
        return store.dump({**document, "servers": [server]})


def check_method(scope: Scope) -> None:
    """Raises HTTPException 405 for a method that pages do not have."""
    if scope["method"] not in READING:
        raise HTTPException(MethodNotAllowed.status)


METHODS = frozenset({"get", "put", "post", "delete", "patch", "options", "head", "trace"})


def _is_docs(path: str) -> bool:
    return path == "/docs" or path.startswith("/docs/")


def assets_folder() -> Path:
    """Where Swagger UI's files are installed."""
    found = find_spec(PACKAGE)
    origin = found.origin if found is not None else None
    assert origin is not None, f"{PACKAGE} is installed with Troth"
    return Path(origin).parent / "dist"
