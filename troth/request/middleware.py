"""The compiled request path as a Connexion middleware.

It takes the place of Connexion's routing, security and validation middlewares: Connexion still parses the contracts,
builds the operations, resolves the handlers and hands all of that to `add_api`. A request that matches no operation
goes on to Connexion's own application, where `add_url_rule` routes live.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from connexion.middleware.abstract import ROUTING_CONTEXT, SpecMiddleware
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import ClientDisconnect

from handlers.http import Edge, OperationInfo, Request, plain
from models.kernel.clock import monotonic_s
from models.kernel.connection import LazyConnection
from models.kernel.problems import (
    BodyBroken,
    BodyTimeout,
    HttpsRequired,
    InternalProblem,
    MethodNotAllowed,
    Problem,
    RequestProblem,
    ServerBusy,
    UnknownSandbox,
)
from troth.database.errors import reason_of, unavailable
from troth.database.sqlite import LOCK_WAIT_S
from troth.log import logger
from troth.outbox.due_jobs import TenantHeld
from troth.request.admission import admission
from troth.request.answers import serialise
from troth.request.browsers import CONTROL, Browsers, is_preflight
from troth.request.compiled_api import CompiledAPI
from troth.request.control_guard import ControlGuard, host_name
from troth.request.exchange import Exchange, Interceptor
from troth.request.failed_credentials import judged
from troth.request.heads import SERVER, TRANSFER_ENCODING, combined, no_resource, unreadable
from troth.request.offloaded import Offloaded
from troth.request.operation import CompiledOperation
from troth.request.paths import BadPath, PathTree, split, unknown_path
from troth.request.reception import Reception, announced
from troth.request.replies import DatabaseBusy, Reply
from troth.request.sending import content, send_bytes, send_file
from troth.request.watching import notify_of_operation, notify_of_page, notify_of_refusal, noting

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from troth.runtime import Runtime

UNAUTHORIZED = 401
RUNTIME = "troth.runtime"
"""The key in the scope of a request to another sandbox than the main one."""

NOWHERE = OperationInfo(api="", operation_id="", method="")
"""Stands for the operation of a request that none has been found for."""
_SOURCE = {name: (b"troth-source", name.encode()) for name in ("stateful", "example", "generated")}


class Sandboxes(Protocol):
    """The sandboxes of a mock, as far as requests need them (`troth/mock/sandboxes.py`)."""

    def route(self, scope: Scope, headers: dict[bytes, bytes], raw_path: bytes) -> tuple[Scope, bytes]:
        """The scope and path of a request within its sandbox, whose runtime is in the scope unless it is the main one.

        Raises UnknownSandbox, BadPath.
        """


class CompiledMiddleware(SpecMiddleware):  # type: ignore[misc]  # Connexion has no types
    """Serves every operation of every contract from one tree."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        runtime: Runtime,
        edges: dict[str, Edge],
        aliases: dict[str, str],
        bases: Callable[[str, str], list[str]],
    ) -> None:
        self.app = app
        self.runtime = runtime
        self.edges = edges
        self.hosts = aliases
        self.browsers = Browsers(mock=runtime.mock)
        self.control_guard = ControlGuard(runtime.settings.control_hosts, runtime.public_url)
        self.bases = bases
        self.tree: PathTree[CompiledOperation] = PathTree()
        self.apis: dict[str, CompiledAPI] = {}
        self._by_base: list[tuple[str, CompiledAPI]] = []
        self.connexion: Any = None
        """Connexion's own outermost application, which its routers look for in the scope."""
        self.connection_headers: list[tuple[bytes, bytes]] = []
        """What the HTTP server that is in front wants on each answer."""
        self.sandboxes: Sandboxes | None = None
        """Where requests to other sandboxes than the main one go; None where there is only that."""
        self.reception = Reception()
        self.admission = admission(
            runtime.storage.slots, queue_s=runtime.settings.queue_ms / 1_000, inline=runtime.storage.inline
        )

    def add_api(self, specification: Any, *, name: str, **options: Any) -> CompiledAPI:
        kept = ("base_path", "resolver", "resolver_error_handler", "uri_parser_class", "pythonic_params")
        api = CompiledAPI(
            specification,
            runtime=self.runtime,
            tree=self.tree,
            bases=self.bases,
            api=name,
            edge=self.edges[name],
            **{key: options[key] for key in kept if key in options},
        )
        self.apis[name] = api
        self._by_base = sorted(((api.base_path, api) for api in self.apis.values()), key=lambda pair: -len(pair[0]))
        return api

    def compile(self) -> None:
        """Compile the validators of every operation now, as a server does that is to run for long."""
        for api in self.apis.values():
            for operation in api.compiled:
                operation.compile()

    def stop(self) -> None:
        """Begin to stop: wait for no body any longer, and answer readiness checks accordingly."""
        self.reception.stop()
        self.runtime.stopping = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._forward(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if len(headers) != len(scope["headers"]) or TRANSFER_ENCODING in headers:
            try:
                headers = combined(scope["headers"])
            except Problem as problem:
                if TRANSFER_ENCODING not in headers:  # it may be what is wrong: then the body has no known end
                    await self._discard(receive, headers)
                await self.refuse(scope, send, headers, problem)
                return
        headers = self.browsers.credentials_of(headers)
        method: str = scope["method"]
        raw_path: bytes = scope.get("raw_path") or quote(scope["path"]).encode()
        try:
            if self.sandboxes is not None:
                scope, raw_path = self.sandboxes.route(scope, headers, raw_path)
            segments = split(raw_path)
        except BadPath:
            await self._discard(receive, headers)
            await self.refuse(scope, send, headers, RequestProblem("The path is not UTF-8."))
            return
        except UnknownSandbox as problem:
            await self._discard(receive, headers)
            await self.refuse(scope, send, headers, problem)
            return
        found = self.tree.find("GET" if method == "HEAD" else method, segments)
        if found is None:
            found = await self._unmatched(scope, receive, send, headers, method, segments)
        if found is not None:
            await self._serve(scope, receive, send, headers, raw_path, *found)

    def _runtime(self, scope: Scope) -> Runtime:
        """The runtime of the sandbox that a request goes to."""
        return scope.get(RUNTIME, self.runtime)  # type: ignore[no-any-return]  # a scope holds anything

    async def _serve(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        headers: dict[bytes, bytes],
        raw_path: bytes,
        operation: CompiledOperation,
        values: dict[str, str],
    ) -> None:
        """Run an operation and send its answer."""
        runtime, method = self._runtime(scope), scope["method"]
        exchange = None if runtime.interceptor is None else Exchange(scope, headers, raw_path, operation)
        started = monotonic_s()
        body: bytes | None = b""
        try:
            if operation.queued and self.admission.full():  # before its body is kept and validated
                raise await self._busy(receive, headers)
            if operation.body is not None or _has_body(headers):
                body = await self._body(operation, receive, headers)
            client = runtime.proxies.client_of(scope, headers)
            request = Request(
                method,
                scope["path"],
                headers,
                scope["query_string"],
                values,
                client.address,
                client.secure,
                operation.info,
                runtime=runtime,
            )
            request.fault = unreadable(raw_path, request)
            if request.fault is None and operation.info.api == CONTROL:
                request.fault = self.control_guard.fault(operation.info, method, headers, body)
            reply = await self._run_to_end(operation, request, body, exchange)
            answer = reply.answer
            out = self._headers(request, operation, reply)
            data = b"" if answer.file is not None else await content(method, headers, answer, reply.body, out)
        except ClientDisconnect:
            # The client has left, and hears nothing of this; or its body cannot be read, which looks the same here, and
            # it waits.
            await self.refuse(scope, send, headers, BodyBroken(), operation, started_s=started)
            return
        except (BodyTimeout, ServerBusy, UnknownSandbox) as problem:
            await self.refuse(scope, send, headers, problem, operation, started_s=started)
            return
        except Exception as error:  # a defect of this path: nothing has been sent yet
            logger.error("defect in the runtime", exc_info=error)
            await self.refuse(scope, send, headers, InternalProblem(), operation, started_s=started)
            return
        finally:
            self.reception.release(body)
        if answer.file is not None:
            await send_file(scope, receive, send, answer, out)
        elif exchange is None or exchange.transmit is None:
            await send({"type": "http.response.start", "status": answer.status, "headers": out})
            await send({"type": "http.response.body", "body": data})
        if exchange is not None:
            exchange.reply, exchange.problem = reply, reply.problem
            exchange.status, exchange.answer_headers, exchange.answer_body = answer.status, out, data
            runtime.interceptor.sent(exchange)
            if exchange.transmit is not None:  # after it has been noted: it may end the connection instead
                await exchange.transmit(send, answer.status, out, data)
        if runtime.watchers:
            notify_of_operation(runtime, operation, request, reply, out[0][1].decode(), started)

    async def _run_to_end(
        self, operation: CompiledOperation, request: Request, body: bytes | None, exchange: Exchange | None = None
    ) -> Reply:
        """Run an operation when it is its turn, and what comes after its commit, within an interceptor if there is an
        exchange. Raises ServerBusy, UnknownSandbox.
        """
        if exchange is not None:
            exchange.request, exchange.body = request, body
            interceptor: Interceptor = request.runtime.interceptor
            return await interceptor.run(exchange, partial(self._run_to_end, operation, request, body))
        reply = await self._run(operation, request, body, request.headers.get(b"content-type"))
        if reply.wakes or reply.due or reply.answer.later is not None:
            reply = await self._after_commit(operation, reply, request)
        return reply

    async def _run(
        self, operation: CompiledOperation, request: Request, body: bytes | None, content_type: bytes | None
    ) -> Reply:
        """Run an operation when it is its turn. Raises ServerBusy, UnknownSandbox."""
        runtime: Runtime = request.runtime
        lock_deadline_s = 0.0
        while True:
            if runtime.ended:  # while its body was on its way, or it waited
                raise UnknownSandbox
            if operation.queued and not self.admission.enter_now():
                await self.admission.wait()
            try:
                if runtime.storage.inline or not operation.queued:
                    return operation.run(request, body, content_type, is_retried=lock_deadline_s > 0)
                return await runtime.storage.run(operation.run, request, body, content_type)
            except (TenantHeld, Offloaded, DatabaseBusy) as raised:
                reason = raised
            finally:
                if operation.queued:
                    self.admission.leave()
            if isinstance(reason, Offloaded):
                reply = await operation.run_offloaded(request)
                if reply is not None:
                    return reply
            elif isinstance(reason, DatabaseBusy):
                assert runtime.storage.write_lock is not None, "only a file has other writers"
                lock_deadline_s = lock_deadline_s or monotonic_s() + LOCK_WAIT_S
                if not await runtime.storage.write_lock.released(lock_deadline_s):
                    return operation.refuse_error(reason.error, request, "database error")
            else:
                assert runtime.due_jobs is not None, "it holds the tenant"
                await runtime.due_jobs.released(reason.tenant_id)

    async def _after_commit(self, operation: CompiledOperation, reply: Reply, request: Request) -> Reply:
        """Run due jobs, wake the dispatcher, and wait for an answer that comes later."""
        runtime: Runtime = request.runtime
        if reply.due and runtime.due_jobs is not None and reply.sandbox is not None:
            await runtime.due_jobs.run(reply.sandbox, reply.due)
        if reply.wakes:
            runtime.wake()
        return await operation.finish(reply, request)

    def _headers(self, request: Request, operation: CompiledOperation, reply: Reply) -> list[tuple[bytes, bytes]]:
        """The headers of an answer, the request's id first; those of its body are added by `_finish`."""
        runtime: Runtime = request.runtime
        out = [(b"x-request-id", runtime.request_id(request)), *self.connection_headers]
        if runtime.mock:
            out.append(_SOURCE[operation.source])
        if request.answer_headers is not None and reply.answer.status != UNAUTHORIZED:
            out += [(k.encode("latin-1"), v.encode("latin-1")) for k, v in request.answer_headers.items()]
        if reply.answer.headers:
            out += [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in reply.answer.headers.items()]
        if b"origin" in request.headers:
            out += self.browsers.answer(request.headers, may_read=self.browsers.may_read(operation.info))
        return out

    async def _unmatched(
        self, scope: Scope, receive: Receive, send: Send, headers: dict[bytes, bytes], method: str, segments: list[str]
    ) -> tuple[CompiledOperation, dict[str, str]] | None:
        """A request to no resource, to an API's own host, a preflight, a wrong method, or a path of no contract."""
        problem = no_resource(method, scope["path"])
        if problem is not None:
            await self.refuse(scope, send, headers, problem)
            return None
        base = self.hosts.get(host_name(headers.get(b"host", b"")))
        if base is not None and segments[0] != base.strip("/"):
            segments = [base.strip("/"), *segments]
            found = self.tree.find("GET" if method == "HEAD" else method, segments)
            if found is not None:
                return found
        await self._discard(receive, headers)
        allowed = self.tree.methods(segments)
        known = [f for m in allowed if (f := self.tree.find("GET" if m == "HEAD" else m, segments))]
        if method == "OPTIONS" and (allowed or is_preflight(method, headers) or scope["path"] == SERVER):
            await self._preflight(scope, send, headers, allowed, [operation for operation, _ in known])
        elif allowed:
            await self.refuse(scope, send, headers, MethodNotAllowed(allowed), known[0][0])
        elif base is not None or self.api_of(scope["path"]) is not None:
            await self.refuse(scope, send, headers, unknown_path(self.tree, segments), host_base=base)
        else:
            started_s, statuses = monotonic_s(), list[int]()
            # Connexion's application expects what its own routing would have left: that no operation was matched.
            scope.setdefault("extensions", {})[ROUTING_CONTEXT] = {}
            sending = self.browsers.page(scope["path"], headers, noting(statuses, send), self.connection_headers)
            await self._forward(scope, receive, sending)
            notify_of_page(self._runtime(scope), scope, headers, statuses, started_s)
        return None

    async def _body(self, operation: CompiledOperation, receive: Receive, headers: dict[bytes, bytes]) -> bytes | None:
        """The body of a request, empty where its operation takes none, None where it is too large; raises what
        `Reception.read` does.
        """
        if operation.body is None:
            await self._discard(receive, headers)
            return b""
        return await self.reception.read(receive, operation.body_bytes_max, announced(headers))

    async def _busy(self, receive: Receive, headers: dict[bytes, bytes]) -> ServerBusy:
        """The refusal of a request that the server is too busy for, after its body if that is not too large."""
        refusal = ServerBusy()
        if _has_body(headers) and not await self.reception.drop(receive, announced(headers)):
            refusal.headers = {**(refusal.headers or {}), "Connection": "close"}
        return refusal

    async def _discard(self, receive: Receive, headers: dict[bytes, bytes]) -> None:
        """Read the body of a request that is answered without it: a client that sends all of it first would find the
        connection reset.
        """
        if _has_body(headers):
            # Without the body the answer is the same, and the connection ends.
            with contextlib.suppress(ClientDisconnect, BodyTimeout, ServerBusy):
                await self.reception.read(receive, 0, announced(headers))

    async def _forward(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Call Connexion's own application.

        It needs `app` in the scope, which `AsyncApp` sets when a request comes through it.
        """
        scope.setdefault("app", self.connexion)
        await self.app(scope, receive, send)

    def api_of(self, path: str) -> CompiledAPI | None:
        """The API whose base path an address starts with."""
        for base, api in self._by_base:
            if base and (path == base or path.startswith(base + "/")):
                return api
        return None

    def edge_of(self, path: str) -> Edge | None:
        """The edge of the API whose base path an address starts with."""
        api = self.api_of(path)
        return None if api is None else api.edge

    def _may_read(self, path: str, operations: Sequence[CompiledOperation]) -> bool:
        """Whether another origin may read what an address answers that has these operations, or none."""
        if operations:
            return any(self.browsers.may_read(operation.info) for operation in operations)
        api = self.api_of(path)
        return api is None or api.api != CONTROL

    async def refuse(
        self,
        scope: Scope,
        send: Send,
        headers: dict[bytes, bytes],
        problem: Any,
        operation: CompiledOperation | None = None,
        *,
        host_base: str | None = None,
        started_s: float | None = None,
    ) -> None:
        """Answer a problem that no operation has run into, in the shape of the API that the address belongs to."""
        edge = operation.edge if operation else self.edge_of(f"{host_base}/" if host_base else scope["path"])
        runtime = self._runtime(scope)
        found = None if operation else self.api_of(f"{host_base}/" if host_base else scope["path"])
        api = found.api if found else operation.info.api if operation else None
        out = [(b"x-request-id", runtime.next_request_id().encode()), *self.connection_headers]
        if runtime.ended:
            problem = UnknownSandbox()
        elif edge is not None and edge.PRE_AUTHENTICATION is not None:
            client = runtime.proxies.client_of(scope, headers)
            request = Request(
                scope["method"],
                scope["path"],
                headers,
                scope["query_string"],
                {},
                client.address,
                client.secure,
                NOWHERE,
                runtime=runtime,
            )
            problem = await runtime.storage.run(self._gate, edge.PRE_AUTHENTICATION, api, request, problem)
            out += [(k.encode("latin-1"), v.encode("latin-1")) for k, v in (request.answer_headers or {}).items()]
        answer = edge.render(problem, None) if edge else plain(problem)
        if answer.headers:
            out += [(name.lower().encode(), value.encode()) for name, value in answer.headers.items()]
        may_read = self._may_read(scope["path"], [] if operation is None else [operation])
        out += self.browsers.answer(headers, may_read=may_read)
        body = serialise(answer)
        await send_bytes(send, scope["method"], headers, answer, body, out)
        if runtime.interceptor is not None:
            raw_path = scope.get("raw_path") or quote(scope["path"]).encode()
            exchange = Exchange(scope, headers, raw_path, operation, problem=problem, status=answer.status)
            exchange.answer_headers, exchange.answer_body = out, body
            runtime.interceptor.sent(exchange)
        if runtime.watchers:
            of = (operation.info.api, operation.info.operation_id) if operation else (api, None)
            notify_of_refusal(runtime, scope, headers, problem, answer.status, of, out[0][1].decode(), started_s)

    def _gate(self, gate: Callable[..., None], api: str | None, request: Request, problem: Problem) -> Problem:
        """The problem itself for a caller whom the API knows and admits, else why it does not."""
        runtime: Runtime = request.runtime
        if runtime.https_only and not request.secure:
            return HttpsRequired()
        connection = LazyConnection(runtime.storage.reading)
        try:
            gate(request, connection, runtime.directory)
        except Problem as refusal:
            return judged(refusal, api, request, runtime)
        except SQLAlchemyError as error:
            refused = unavailable(error)
            logger.error("database error", reason=reason_of(error), exc_info=None if refused else error)
            return refused or InternalProblem()
        finally:
            connection.close()
        return problem

    async def _preflight(
        self,
        scope: Scope,
        send: Send,
        headers: dict[bytes, bytes],
        allowed: list[str],
        operations: list[CompiledOperation],
    ) -> None:
        """A preflight of a browser, or a plain OPTIONS: for an address with these methods and operations, or none."""
        requested = headers.get(b"access-control-request-method", b"").decode("latin-1")
        matching = [o for o in operations if o.info.method == ("GET" if requested == "HEAD" else requested)]
        may_read = self._may_read(scope["path"], matching or operations)
        out = [*self.connection_headers, *self.browsers.preflight(headers, allowed, may_read=may_read)]
        if allowed:
            out.append((b"allow", ", ".join(allowed).encode()))
        await send({"type": "http.response.start", "status": 204, "headers": out})
        await send({"type": "http.response.body", "body": b""})


def _has_body(headers: Mapping[bytes, bytes]) -> bool:
    return headers.get(b"content-length", b"0") != b"0" or TRANSFER_ENCODING in headers
