"""The same contracts and handlers under Connexion's own middleware list.

A setting for tests and benchmarks, never served: it lacks the unit of work's retries, limits and request ids. The
differential test compares what the compiled path decides with what stock Connexion decides.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from connexion import AsyncApp
from connexion import request as current_request
from connexion.decorators.parameter import pythonic
from connexion.exceptions import ProblemException
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware.abstract import ROUTING_CONTEXT
from connexion.security import NO_VALUE, AbstractSecurityHandler
from starlette.exceptions import HTTPException

from handlers.http import Answer, Edge, OperationInfo, Principal, Request
from models.kernel.connection import LazyConnection
from models.kernel.problems import (
    Forbidden,
    InternalProblem,
    InvalidInput,
    MediaTypeProblem,
    MethodNotAllowed,
    Problem,
    Unauthenticated,
    UnknownPath,
)
from models.uow import UnitOfWork
from troth.request.answers import serialise
from troth.request.nulls import drop_ignored_nulls
from troth.request.offloaded import PREPARED
from troth.request.schemas import SchemaSet
from troth.spec.names import snake_case
from troth.spec.operations import operations
from troth.spec.references import resolver

if TYPE_CHECKING:
    from connexion.resolver import Resolver
    from sqlalchemy.orm import Session

    from troth.runtime import Runtime

Adapt = Callable[[str, Callable[..., Answer]], Callable[..., Any]]

_PROBLEMS: dict[int, Callable[[str], Problem]] = {
    HTTPStatus.BAD_REQUEST: InvalidInput,
    HTTPStatus.UNAUTHORIZED: Unauthenticated,
    HTTPStatus.FORBIDDEN: Forbidden,
    HTTPStatus.NOT_FOUND: UnknownPath,
    HTTPStatus.METHOD_NOT_ALLOWED: lambda _message: MethodNotAllowed([]),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: MediaTypeProblem,
}


def stock_app(name: str = "stock") -> AsyncApp:
    """An AsyncApp with Connexion's default middleware list that validates requests and answers."""
    return AsyncApp(name, pythonic_params=True, validate_responses=True)


def add_stock_api(
    app: AsyncApp,
    document: dict[str, Any],
    *,
    name: str,
    edge: Edge,
    runtime: Runtime,
    resolver: Callable[[Adapt], Resolver],
) -> None:
    """Add a contract to a stock app. `resolver` makes the resolver around the function that adapts a handler."""
    api = StockApi(document, name=name, edge=edge, runtime=runtime)
    app.add_api(document, name=name, resolver=resolver(api.adapt), security_map=api.security_map())
    for kind in (Problem, ProblemException, HTTPException, Exception):
        app.add_error_handler(kind, api.handle)


class StockApi:
    """What one contract's handlers and edge need to run under stock Connexion."""

    def __init__(self, document: dict[str, Any], *, name: str, edge: Edge, runtime: Runtime) -> None:
        self._edge = edge
        self._runtime = runtime
        self._document = document
        self._resolve = resolver(document)
        self._schemas = SchemaSet(document)
        self._schemes: dict[str, Any] = document.get("components", {}).get("securitySchemes", {})
        self._raw: dict[str, dict[str, Any]] = {}
        self._infos: dict[str, OperationInfo] = {}
        for path, method, raw in operations(document):
            operation_id = raw["operationId"]
            self._raw[operation_id] = raw
            self._infos[operation_id] = OperationInfo(
                name,
                operation_id,
                method.upper(),
                path,
                tuple(raw.get("tags", ())),
                {key: value for key, value in raw.items() if key.startswith("x-troth-")},
            )

    def adapt(self, operation_id: str, function: Callable[..., Answer]) -> Callable[..., Any]:
        """A handler as Connexion calls it: without a unit of work, and answering (body, status, headers)."""
        names = {pythonic(p["name"]): snake_case(p["name"]) for p in self._parameters(operation_id)}
        has_body = "requestBody" in self._raw[operation_id]

        async def handler(**given: Any) -> Any:
            arguments = {
                ours: given.get(theirs) for theirs, ours in names.items() if ours not in self._edge.HIDDEN_PARAMETERS
            }
            if has_body:
                arguments["body"] = self._without_ignored_nulls(operation_id, _decoded(given.get("body")))
            info = given.get("token_info") or {}
            answer = self._unit(operation_id, function, arguments, _principal(info))
            headers = dict(answer.headers or {})
            if not answer.empty:
                headers["Content-Type"] = answer.content_type
            body = answer.file.read_bytes() if answer.file is not None else answer.body
            return None if answer.empty else body, answer.status, headers

        return handler

    def _without_ignored_nulls(self, operation_id: str, body: Any) -> Any:
        """A valid body as the compiled path hands it over. Connexion leaves nulls that say nothing in it."""
        content = self._resolve(self._raw[operation_id]["requestBody"])["content"]
        schema = content.get("application/json", {}).get("schema", {})
        drop_ignored_nulls(body, schema, self._resolve, self._accepts)
        return body

    def _accepts(self, schema: Any, value: Any) -> bool:
        return self._schemas.validator(schema, write=True).is_valid(value)

    def _unit(
        self, operation_id: str, function: Callable[..., Answer], arguments: dict[str, Any], principal: Principal | None
    ) -> Answer:
        """One unit of work around a handler; an exception rolls it back."""
        runtime, directory = self._runtime, self._runtime.directory
        with runtime.storage.session() as session, session.begin():
            connection = _box_of(session)
            request = self._request(current_request.scope, operation_id)
            if principal is None:
                tenant = self._edge.find_tenant(request, connection, directory)
                if tenant is None:
                    raise Unauthenticated
                principal = Principal(tenant)
            self._edge.admit(request, principal, connection, directory)
            sandbox = runtime.sandboxes[principal.tenant.sandbox_id]
            uow = UnitOfWork(
                tenant=principal.tenant,
                sandbox=sandbox,
                connection=connection,
                directory=directory,
                public_url=runtime.public_url,
                request_number=sandbox.next_request_number(principal.tenant.id),
                subject=principal.subject,
                client_ip=request.client_ip,
                user_agent_header=request.headers.get(b"user-agent"),
                services=runtime.services,
            )
            preparation = getattr(function, "preparation", None)
            if preparation is not None:
                arguments = {**arguments, PREPARED: preparation(uow, **arguments)}
            answer = function(uow, **arguments)
        self._after_commit(uow, self._infos[operation_id].method)
        return answer

    def _after_commit(self, uow: UnitOfWork, method: str) -> None:
        """On a fixed clock a write moves the time, and what it made due runs before the next request."""
        if not uow.sandbox.clock.fixed or method == "GET":
            return
        uow.sandbox.clock.tick()
        if uow.wakes and self._runtime.run_due is not None:
            self._runtime.run_due(uow.tenant_id)

    def security_map(self) -> dict[str, type[AbstractSecurityHandler]]:
        """Connexion's security handlers by scheme type, over the edge's schemes.

        A handler is given the scheme's dict, not its name: the name is the one the contract has that dict under.
        """
        api = self

        class SchemeHandler(AbstractSecurityHandler):  # type: ignore[misc]  # Connexion has no types
            def get_fn(self, security_scheme: dict[str, Any], _required_scopes: list[str]) -> Callable[..., Any]:
                name = next(name for name, scheme in api._schemes.items() if scheme == security_scheme)
                return lambda request: api._check(name, request)

        return dict.fromkeys(("basic", "bearer", "apiKey"), SchemeHandler)

    def _check(self, scheme: str, connexion_request: ConnexionRequest) -> Any:
        runtime, directory = self._runtime, self._runtime.directory
        scope = connexion_request.scope
        request = self._request(scope, scope["extensions"][ROUTING_CONTEXT]["operation_id"])
        with runtime.storage.session() as session:
            connection = _box_of(session)
            tenant = self._edge.find_tenant(request, connection, directory)
            principal = self._edge.SCHEMES[scheme](request, tenant, connection, directory)
        return NO_VALUE if principal is None else {"principal": principal}

    def _request(self, scope: dict[str, Any], operation_id: str) -> Request:
        client = scope.get("client")
        path_parameters = {name: str(value) for name, value in scope.get("path_params", {}).items()}
        return Request(
            scope["method"],
            scope["path"],
            dict(scope["headers"]),
            scope["query_string"],
            path_parameters,
            client[0] if client else None,
            scope["scheme"] == "https",
            self._infos[operation_id],
        )

    def _parameters(self, operation_id: str) -> list[dict[str, Any]]:
        found = []
        for parameter in self._raw[operation_id].get("parameters", ()):
            node = parameter
            while "$ref" in node:
                target: Any = self._document
                for token in node["$ref"].removeprefix("#/").split("/"):
                    target = target[token.replace("~1", "/").replace("~0", "~")]
                node = target
            found.append(node)
        return found

    async def handle(self, _request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        """Any refusal, Connexion's own included, in the API's shape."""
        problem: Problem = InternalProblem()
        if isinstance(error, Problem):
            problem = error
        elif isinstance(error, ProblemException | HTTPException):
            status = error.status if isinstance(error, ProblemException) else error.status_code
            make = _PROBLEMS.get(status)
            problem = make(str(error.detail)) if make else InternalProblem(str(error.detail))
        answer = self._edge.render(problem, None)
        return ConnexionResponse(
            status_code=answer.status,
            body=serialise(answer),
            content_type=answer.content_type,
            headers=answer.headers or {},
        )


def _box_of(session: Session) -> LazyConnection:
    return LazyConnection.of(session)


def _principal(token_info: dict[str, Any]) -> Principal | None:
    """The principal of a scheme, or of the last one where several were needed at once."""
    if "principal" in token_info:
        return token_info["principal"]  # type: ignore[no-any-return]
    parts = [part["principal"] for part in token_info.values() if isinstance(part, dict) and "principal" in part]
    return parts[-1] if parts else None


def _decoded(body: Any) -> Any:
    """Without a content type Connexion validates a body as JSON, but hands over its bytes."""
    if isinstance(body, bytes):
        return json.loads(body) if body else None
    return body
