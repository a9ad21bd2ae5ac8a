"""Connexion, with the compiled path in place of its own request middlewares. All that touches its insides is here."""

from __future__ import annotations

from copy import copy
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from connexion import AsyncApp
from connexion.middleware.exceptions import ExceptionMiddleware
from connexion.middleware.main import API
from connexion.middleware.server_error import ServerErrorMiddleware
from connexion.resolver import Resolution, Resolver
from connexion.spec import OpenAPISpecification
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from troth.request.middleware import CompiledMiddleware
from troth.spec.names import module_of, snake_case
from troth.spec.operations import METHODS, operations
from troth.spec.references import resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from handlers.http import Edge
    from troth.runtime import Runtime


class TrustedSpecification(OpenAPISpecification):  # type: ignore[misc]  # Connexion has no types
    """A document that `make bundle` has validated; its hash says so, and the start does not do it again.

    It is not copied either: Connexion's own class copies the whole document four times for each API. References are
    followed as far as Connexion needs to build its operations; schemas are compiled from the document itself
    (`troth/request/`).
    """

    def __init__(self, raw_spec: dict[str, Any], *, base_uri: str = "") -> None:
        self._raw_spec = raw_spec
        resolve = resolver(raw_spec)
        self._spec = {**raw_spec, "paths": {path: _item(item, resolve) for path, item in raw_spec["paths"].items()}}
        self._set_defaults(self._spec)
        self._base_uri = base_uri

    def clone(self) -> TrustedSpecification:
        """One whose own members (`servers`) can be set without changing this one's."""
        made = copy(self)
        made._raw_spec, made._spec = dict(self._raw_spec), dict(self._spec)
        return made


def _item(item: dict[str, Any], resolve: Callable[[Any], Any]) -> dict[str, Any]:
    """A path item with operations in which parameters, bodies and responses stand in place of references to them."""
    made = {name: _operation(member, resolve) if name in METHODS else member for name, member in item.items()}
    if "parameters" in item:
        made["parameters"] = [resolve(parameter) for parameter in item["parameters"]]
    return made


def _operation(raw: dict[str, Any], resolve: Callable[[Any], Any]) -> dict[str, Any]:
    made = {
        **raw,
        "parameters": [resolve(parameter) for parameter in raw.get("parameters", ())],
        "responses": {status: resolve(response) for status, response in raw["responses"].items()},
    }
    if "requestBody" in raw:
        made["requestBody"] = resolve(raw["requestBody"])
    return made


class HandlerResolver(Resolver):  # type: ignore[misc]  # Connexion has no types
    """Maps an operation's first tag and its operationId to `<package>.<tag>.<operation_id>`."""

    def __init__(
        self,
        package: str,
        document: dict[str, Any],
        missing: Callable[..., Any],
        adapt: Callable[[str, Any], Any] | None = None,
    ) -> None:
        super().__init__()
        self._package = package
        self._missing = missing
        self._adapt = adapt
        self._operations = {op["operationId"]: op for _, _, op in operations(document)}

    def resolve(self, operation: Any) -> Resolution:
        raw = self._operations[operation.operation_id]
        function = find_handler(self._package, raw["tags"][0], operation.operation_id)
        if function is None:
            function = self._missing(raw)
        if self._adapt is not None:
            function = self._adapt(operation.operation_id, function)
        return Resolution(function, operation.operation_id)


def find_handler(package: str, tag: str, operation_id: str, *, stubs: bool = False) -> Callable[..., Any] | None:
    """The handler function of an operation in a package, or None when nobody has written it yet; `stubs` counts
    skeletons too.
    """
    name = f"{package}.{module_of(tag)}"
    if find_spec(name) is None:
        return None
    function: Callable[..., Any] | None = getattr(import_module(name), snake_case(operation_id), None)
    return None if getattr(function, "is_stub", False) and not stubs else function


def compiled_app(
    runtime: Runtime,
    *,
    edges: dict[str, Edge],
    hosts: dict[str, str],
    bases: Callable[[str, str], list[str]],
    lifespan: Callable[[Any], Any] | None,
    pages: Sequence[Callable[[ASGIApp], ASGIApp]] = (),
    on_error: Callable[..., Any] | None = None,
) -> AsyncApp:
    """An AsyncApp whose middleware list has the compiled path in it. Add APIs with `add_trusted_api`.

    `pages` make applications around the next one that answer addresses of pages, the outermost first; they stand behind
    the compiled path, so that operations never pass through them. `on_error` answers what no operation has answered: an
    unknown page, or a defect of the runtime itself.
    """
    from connexion.middleware.lifespan import LifespanMiddleware

    def compiled(app: ASGIApp) -> CompiledMiddleware:
        return CompiledMiddleware(app, runtime=runtime, edges=edges, aliases=hosts, bases=bases)

    # The compiled path answers every error of an operation and its own defects itself, so only what it passes on needs
    # Connexion's middlewares for errors: each layer before it would cost every request.
    errors = partial(ServerErrorMiddleware, handler=on_error)
    middlewares: list[Any] = [compiled, errors, ExceptionMiddleware, LifespanMiddleware]
    middlewares[3:3] = pages
    app = AsyncApp("troth", middlewares=middlewares, lifespan=lifespan)
    if on_error is not None:
        app.add_error_handler(HTTPException, on_error)
        app.add_error_handler(Exception, on_error)
    return app


def add_trusted_api(app: AsyncApp, document: dict[str, Any], *, name: str, resolver: Resolver, trusted: bool) -> None:
    """`AsyncApp.add_api` without validating a document again whose hash is known."""
    if not trusted:
        app.add_api(document, name=name, resolver=resolver)
        return
    options = app.middleware.options.replace(resolver=resolver)
    api = API(TrustedSpecification(document), base_path=None, name=name, **options.__dict__)
    app.middleware.apis.append(api)


def compiled_middleware(app: AsyncApp) -> CompiledMiddleware:
    """The compiled middleware of an app, building the middleware stack when nothing has yet."""
    middleware = app.middleware
    if middleware.middleware_stack is None:
        middleware.app, middleware.middleware_stack = middleware._build_middleware_stack()
    compiled = next(m for m in middleware.middleware_stack if isinstance(m, CompiledMiddleware))
    compiled.connexion = middleware
    return compiled


__all__ = ["HandlerResolver", "add_trusted_api", "compiled_app", "compiled_middleware", "find_handler"]
