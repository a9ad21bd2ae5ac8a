"""The three servers that are compared. Each has `/bench/things/{id}` with GET and PUT, and filler.

bare    Starlette alone: a route, JSON in and out, the arguments read as text, no validation, no key stock   Connexion's
AsyncApp as it comes, with an API key, validating requests and answers troth   the compiled path with the same contract,
API key, handlers, as the HTTP server calls it; request ids on, access log off
"""

import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from connexion import AsyncApp
from connexion.resolver import Resolution, Resolver
from connexion.security import ApiKeySecurityHandler
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from benchmarks import contract
from handlers.http import Answer, Principal, ok
from models.kernel.problems import Unauthenticated
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant, add_credential, create_tenant
from troth.connexion_app import add_trusted_api, compiled_app, compiled_middleware
from troth.database.storage import Storage
from troth.request.sending import plain
from troth.runtime import Runtime
from troth.server.run import application
from troth.settings import Settings

KEY = "bench-key-0123456789abcdefghijkl"
BASE = "/bench"


def get_thing(_uow: Any, *, id: str, limit: int) -> Answer:  # noqa: ARG001  the handler is constant
    return ok(contract.THING)


def put_thing(_uow: Any, *, id: str, body: Any) -> Answer:  # noqa: ARG001  the handler is constant
    return ok(contract.THING)


class BenchResolver(Resolver):
    """Every operation of Troth's server is one of two constant handlers."""

    def resolve(self, operation: Any) -> Resolution:
        return Resolution(get_thing if operation.method == "get" else put_thing, operation.operation_id)


def _key(request: Any, _tenant: Tenant | None, connection: Any, directory: Any) -> Principal | None:
    """An API key that names its tenant; a known key is remembered for a second."""
    given = request.headers.get(b"x-api-key")
    if given is None:
        return None
    known: Principal | None = directory.cached(("bench", given))
    if known is not None:
        return known
    credential = directory.credential(connection, given.decode("latin-1"))
    tenant = directory.tenant_by_id(connection, credential.tenant_id) if credential else None
    if tenant is None:
        raise Unauthenticated
    principal = Principal(tenant)
    directory.remember(("bench", given), principal)
    return principal


def _find_tenant(_request: Any, _connection: Any, _directory: Any) -> None:
    """The key names the tenant."""


def _admit(_request: Any, _principal: Principal, _connection: Any, _directory: Any) -> None:
    """Every key may do everything."""


EDGE: Any = SimpleNamespace(
    SCHEMES={"Key": _key},
    HIDDEN_PARAMETERS=frozenset(),
    PRE_AUTHENTICATION=None,
    find_tenant=_find_tenant,
    admit=_admit,
    render=lambda problem, _request: plain(problem),
)


def _runtime() -> Runtime:
    storage = Storage("sqlite://")
    storage.create_tables()
    runtime = Runtime(
        Settings(database_url="sqlite://", secret_key="k" * 32, access_log=False, require_https=False), storage
    )
    runtime.boot()
    with storage.session() as session, session.begin():
        tenant = create_tenant(
            session,
            api="bench",
            alias="bench",
            name="bench",
            live=True,
            project="bench",
            sandbox_id=MAIN,
            settings={},
            now_ms=1,
        )
        add_credential(session, runtime.directory.vault, tenant, KEY, kind="api_key", now_ms=1)
    return runtime


def bare(count: int) -> Any:
    async def get(request: Request) -> JSONResponse:
        _arguments = request.path_params["id"], request.query_params.get("limit")
        return JSONResponse(contract.THING)

    async def put(request: Request) -> JSONResponse:
        _arguments = request.path_params["id"], await request.json()
        return JSONResponse(contract.THING)

    routes = []
    for path in contract.paths(count):
        routes += [Route(BASE + path, get, methods=["GET"]), Route(BASE + path, put, methods=["PUT"])]
    return Starlette(routes=routes)


def stock(count: int) -> Any:
    """As Connexion's documentation has it: coroutines, a security function, `validate_responses`;
    nothing of Troth's.
    """

    async def get(id_: str, limit: int) -> Any:  # noqa: ARG001  the handler is constant
        return contract.THING, 200

    async def put(id_: str, body: Any) -> Any:  # noqa: ARG001  the handler is constant
        return contract.THING, 200

    def check(apikey: str) -> Any:
        return {"sub": "bench"} if apikey == KEY else None

    class KeyHandler(ApiKeySecurityHandler):  # type: ignore[misc]  # Connexion has no types
        def _resolve_func(self, _scheme: Any) -> Any:
            return check

    logging.getLogger("connexion").setLevel(logging.ERROR)
    app = AsyncApp("stock", pythonic_params=True, validate_responses=True, security_map={"apiKey": KeyHandler})
    handlers = {
        operation["operationId"]: get if method == "get" else put
        for item in contract.document(count)["paths"].values()
        for method, operation in item.items()
    }
    app.add_api(contract.document(count), resolver=Resolver(handlers.__getitem__))
    return app


def troth(count: int) -> Any:
    app = compiled_app(_runtime(), edges={"bench": EDGE}, hosts={}, bases=lambda _api, base: [base], lifespan=None)
    add_trusted_api(app, contract.document(count), name="bench", resolver=BenchResolver(), trusted=True)
    compiled = compiled_middleware(app)
    compiled.compile()
    return application(compiled)


SERVERS: dict[str, Callable[[int], Any]] = {"bare": bare, "stock": stock, "troth": troth}
SIZES = {"small": 1, "big": 116}
"""Paths, with two operations each."""
