"""A server: contracts, handlers, database and dispatcher put together."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from starlette.exceptions import HTTPException

from handlers.http import plain
from models.kernel.fault_words import listed
from models.kernel.problems import InternalProblem, MethodNotAllowed, Problem, UnknownPath
from troth.apis import APIS, Api
from troth.connexion_app import HandlerResolver, add_trusted_api, compiled_app, compiled_middleware
from troth.database.storage import Storage
from troth.docs import Contracts, Docs
from troth.health import Health
from troth.log import logger
from troth.outbox.dispatcher import Dispatcher
from troth.outbox.outgoing import HttpSender, Sender
from troth.request.answers import serialise
from troth.request.generated import answer_from_contract
from troth.request.middleware import CompiledMiddleware
from troth.request.sending import NOT_STORED
from troth.request.static_content import READING
from troth.request.units import UNITS, RequestUnits
from troth.runtime import Runtime
from troth.starting import WrongSetting

if TYPE_CHECKING:
    from connexion import AsyncApp
    from starlette.types import ASGIApp

    from handlers.http import Edge
    from troth.settings import Settings

    Pages = Callable[..., ASGIApp]
    """Called with the next application, and `runtime` and `documents` (the contracts by API)."""


@dataclass
class Server:
    """One server: the ASGI application and what it runs on."""

    settings: Settings
    runtime: Runtime
    app: AsyncApp
    documents: dict[str, dict[str, Any]]
    around: Callable[[ASGIApp], ASGIApp] | None = None
    """What stands around the whole application, such as tracing."""

    @property
    def compiled(self) -> CompiledMiddleware:
        """The compiled request path."""
        return compiled_middleware(self.app)

    def running(self) -> contextlib.AbstractAsyncContextManager[None]:
        """What lives beside the requests (the dispatcher), started and stopped around the serving."""
        started: contextlib.AbstractAsyncContextManager[None] = _lifespan(self.runtime)(self.app)
        return started

    def close(self) -> None:
        """Close the database."""
        self.runtime.storage.close()


def build(
    settings: Settings,
    *,
    create_tables: bool = True,
    docs: bool = True,
    apis: tuple[Api, ...] = APIS,
    front: Pages | None = None,
) -> Server:
    """Put a server together.

    The database is opened and, when asked, created; nothing listens yet. `front` is as `assemble` has it.
    """
    with contextlib.ExitStack() as on_failure:
        storage = on_failure.enter_context(
            Storage(settings.database_url, settings.pool_size, settings.database_timeouts)
        )
        if create_tables:
            storage.create_tables()
        runtime = Runtime(settings, storage, apis)
        runtime.boot()
        server = assemble(runtime, docs=docs, front=front)
        on_failure.pop_all()  # from here on the server closes it
    return server


def assemble(runtime: Runtime, *, docs: bool = True, front: Pages | None = None) -> Server:
    """Contracts, handlers and dispatcher around a runtime, whose database may still be empty.

    `front` makes an application of pages that stands before the documentation, such as a mock's dashboard.
    """
    settings = runtime.settings
    add_dispatcher(runtime, HttpSender(private=settings.private_targets))
    apis = [api for api in runtime.apis if settings.mock or not api.mock_only]
    prefixes = [api.prefix for api in apis if api.prefix is not None]
    everywhere = {api.name for api in apis if api.under_prefixes}

    def bases(api: str, base_path: str) -> list[str]:
        return [base_path, *prefixes] if api in everywhere else [base_path]

    loaded = [api.load() for api in apis]
    documents = {api.name: document for api, (document, _) in zip(apis, loaded, strict=True)}
    app = compiled_app(
        runtime,
        edges={api.name: api.edge for api in apis},
        hosts=_hosts(apis, settings.host_aliases),
        bases=bases,
        lifespan=_lifespan(runtime),
        pages=[
            partial(page, runtime=runtime, documents=documents)
            for page in (front, Docs if docs else None, Contracts)
            if page
        ],
        on_error=_error_handler(lambda path: compiled_middleware(app).edge_of(path), prefixes),
    )
    for api, (document, trusted) in zip(apis, loaded, strict=True):
        resolver = HandlerResolver(api.package, document, missing=partial(answer_from_contract, runtime, document))
        add_trusted_api(app, document, name=api.name, resolver=resolver, trusted=trusted)
    return Server(settings, runtime, app, documents)


def _hosts(apis: list[Api], aliases: Sequence[tuple[str, str]]) -> dict[str, str]:
    """The prefix that each host stands for: each API's own host, and those of the settings.

    Raises WrongSetting for an unknown API.
    """
    prefixes = {api.name: api.prefix for api in apis if api.prefix is not None}
    hosts = {api.host: prefixes[api.name] for api in apis if api.host is not None and api.name in prefixes}
    for host, name in aliases:
        if name not in prefixes:
            raise WrongSetting(f"TROTH_HOST_ALIASES: there is no API {name!r}, but {', '.join(prefixes)}")
        hosts[host] = prefixes[name]
    return hosts


def add_dispatcher(runtime: Runtime, sender: Sender) -> Dispatcher:
    """What works off the outbox; it starts with the server."""
    dispatcher = Dispatcher(runtime, sender)
    runtime.services["dispatcher"] = dispatcher
    runtime.services[UNITS] = RequestUnits(runtime, dispatcher.due_jobs)
    runtime.services["health"] = Health(runtime, dispatcher)
    runtime.run_due, runtime.due_jobs, runtime.wake = dispatcher.run_due, dispatcher.due_jobs, dispatcher.wake
    return dispatcher


def _lifespan(runtime: Runtime) -> Any:
    """Start and stop what lives beside the requests (the dispatcher) with the server."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        services = [
            service
            for service in runtime.services.values()
            if hasattr(service, "start") and (runtime.settings.dispatch or not isinstance(service, Dispatcher))
        ]
        for service in services:
            await service.start()
        yield
        for service in reversed(services):
            await service.stop()

    return lifespan


def _error_handler(
    edge_of: Callable[[str], Edge | None], prefixes: list[str]
) -> Callable[..., Awaitable[ConnexionResponse]]:
    """Answers what no operation has answered: an unknown page, or a defect of the runtime itself."""

    async def handle(request: ConnexionRequest, error: Exception) -> ConnexionResponse:
        problem: Problem = InternalProblem()
        if isinstance(error, HTTPException):
            nothing = UnknownPath(f"{UnknownPath.default_message} The APIs begin at {listed(prefixes, 'and')}.")
            problem = MethodNotAllowed([*READING]) if error.status_code == MethodNotAllowed.status else nothing
        else:
            logger.error("defect in the runtime", exc_info=error)
        edge = edge_of(request.scope["path"])
        answer = edge.render(problem, None) if edge else plain(problem)
        return ConnexionResponse(
            status_code=answer.status,
            body=serialise(answer),
            content_type="application/json",
            headers={**(answer.headers or {}), **NOT_STORED},
        )

    return handle
