"""One operation: everything that happens to a request between its match and its bytes."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from handlers.http import Answer, Edge, OperationInfo, Principal, Request
from models import idempotency
from models.kernel.clock import monotonic_s
from models.kernel.connection import LazyConnection
from models.kernel.problems import (
    BodyTooLarge,
    CannotRunDry,
    HttpsRequired,
    InternalProblem,
    InvalidInput,
    Problem,
    RequestProblem,
    ServerBusy,
    Unavailable,
    UnknownSandbox,
)
from models.tenancy.sandboxes import Sandbox
from models.tenancy.tenants import CONTROL_TENANT_ID, Tenant
from models.uow import UnitOfWork
from troth.database.errors import is_busy, is_conflict, reason_of, unavailable
from troth.database.sqlite import on_event_loop
from troth.log import logger
from troth.outbox.due_jobs import TenantHeld
from troth.request.answers import AnswerWriter, BrokenAnswer, serialise
from troth.request.bodies import BODY_BYTES_MAX, BodyReader
from troth.request.encodings import decoded
from troth.request.failed_credentials import judged
from troth.request.offloaded import PREPARED, Call, Offloaded, prepare, unit_of
from troth.request.parameters import ParameterReader
from troth.request.replies import DatabaseBusy, Reply, due_tenants
from troth.request.schemas import SchemaSet
from troth.request.security import Security
from troth.spec.errors import ContractError

if TYPE_CHECKING:
    from troth.database.storage import Source
    from troth.runtime import Runtime

RAW_PARAMETERS = frozenset({"raw_body", "headers"})
"""What a handler may ask for beside the contract's parameters:
the body's exact bytes, all headers by lower-case name.
"""

IDEMPOTENCY_KEY = "idempotency_key"
"""A header parameter of this name, hidden by the edge, makes an operation answer the same request once."""

ATTEMPTS_MAX = 4
"""How often a unit is tried when the database says that another one got in its way."""

RETRY_S = 2.0
"""No attempt begins later than this after the first. One attempt can wait for as long as the lock timeout, and it holds
a thread meanwhile: four such waits in a row would stop the requests behind it four times as long.
"""


class CompiledOperation:
    """An operation of a contract, with its handler, compiled."""

    def __init__(
        self,
        runtime: Runtime,
        edge: Edge,
        info: OperationInfo,
        function: Callable[..., Answer],
        raw: dict[str, Any],
        security: list[dict[str, list[str]]] | None,
        schemas: SchemaSet,
        resolve: Callable[[Any], Any],
        source: str,
    ) -> None:
        self.runtime = runtime
        self.edge = edge
        self.info = info
        self.function = function
        self.source = source
        parameters, is_closed = raw.get("parameters", ()), "x-troth-closed-query" in info.extensions
        self.parameters = ParameterReader(list(map(resolve, parameters)), schemas, resolve, is_closed=is_closed)
        body = resolve(raw.get("requestBody"))
        self.body = BodyReader(body, schemas, resolve) if body else None
        self.body_bytes_max: int = info.extensions.get("x-troth-body-bytes", BODY_BYTES_MAX)
        self.answers = AnswerWriter(raw["responses"], schemas, resolve)
        self.security = Security(security, edge.SCHEMES)
        self.queued = "x-troth-unqueued" not in info.extensions
        """Whether it waits for its turn when the server is busy; the other few need no database and run at once."""
        self.writes = info.method not in ("GET", "HEAD")
        self.preparation: Callable[..., Any] | None = getattr(function, "preparation", None)
        self.reads_long: Callable[[Mapping[str, Any]], bool] | None = getattr(function, "reads_long", None)
        self.raw = frozenset(inspect.signature(function).parameters) & RAW_PARAMETERS
        self.hidden = tuple(
            p.python_name for p in self.parameters.parameters if p.python_name in edge.HIDDEN_PARAMETERS
        )
        self._check_signature()

    def compile(self) -> None:
        """Compile all validators now. Raises ValueError for a schema that cannot be."""
        self.parameters.compile()
        self.answers.compile()
        if self.body is not None:
            self.body.compile()

    def _check_signature(self) -> None:
        """A handler takes exactly the unit of work, the contract's parameters and its body.

        One that has to see the request as it came (signatures are over bytes) may take `raw_body: bytes` and
        `headers: dict[str, str]` too.
        """
        expected = {p.python_name for p in self.parameters.parameters} - set(self.hidden)
        self.raw -= expected
        expected |= self.raw
        if self.body is not None:
            expected.add("body")
        if self.preparation is not None:
            expected.add(PREPARED)
        if self.reads_long is not None and self.writes:
            raise ContractError(
                inspect.getsourcefile(self.function) or "?", f"/{self.function.__name__}", "a long read has to be a GET"
            )
        signature = inspect.signature(self.function)
        names = list(signature.parameters)
        if any(p.kind is p.VAR_KEYWORD for p in signature.parameters.values()):
            return
        if set(names[1:]) != expected:
            raise ContractError(
                inspect.getsourcefile(self.function) or "?",
                f"/{self.function.__name__}",
                f"{self.info.operation_id} takes {sorted(expected)} by its contract, but the handler takes {sorted(names[1:])}",
            )

    def _runtime(self, request: Request) -> Runtime:
        """The runtime of the sandbox that a request goes to."""
        return request.runtime or self.runtime

    def run(
        self, request: Request, body: bytes | None, content_type: bytes | None, *, is_retried: bool = False
    ) -> Reply:
        """The whole request in one unit of work. `body` is None when it was too large to read.

        Raises TenantHeld when due jobs of the tenant have to run first, Offloaded when the request goes on with
        `run_offloaded`, and DatabaseBusy when it has to wait for another process and then to be run again
        (`is_retried`); nothing has been changed then.
        """
        if request.fault is not None and self.edge.PRE_AUTHENTICATION is None:
            return self.refuse(request.fault, request)
        storage = self._runtime(request).storage
        # A GET that writes nevertheless has been refused by SQLite in the middle; the second time it takes the lock
        # first.
        source = storage.writing if self.writes or is_retried else storage.reading
        return self._run(source, request, body, content_type)

    async def run_offloaded(self, request: Request) -> Reply | None:
        """Do the work for which `run` raised Offloaded; the reply, or None when `run` has to be called again.

        Raises ServerBusy when too many requests wait for the same.
        """
        runtime, call = self._runtime(request), request.call
        if self.preparation is None:
            assert runtime.storage.reads is not None, "only then a read raises Offloaded"
            return await runtime.storage.reads.run(self._run, runtime.storage.long_reading, request, None, None)
        try:
            await runtime.preparations.run(prepare, runtime, request, call, self.preparation)
        except ServerBusy:
            raise
        except Problem as problem:
            return self.refuse(problem, request)
        except Exception as error:
            return self.refuse_error(error, request, "preparation failed")
        return None

    def _run(self, source: Source, request: Request, body: bytes | None, content_type: bytes | None) -> Reply:
        """One unit of work, tried again when it has lost a race in the database."""
        storage, attempts, started = self._runtime(request).storage, 0, monotonic_s()
        while True:
            try:
                return self._attempt(source, request, body, content_type)
            except (DBAPIError, PoolTimeout) as error:
                if is_busy(error) and on_event_loop():
                    raise DatabaseBusy(error) from error
                if source is storage.reading:
                    source = storage.writing
                attempts += 1
                if attempts == ATTEMPTS_MAX or not is_conflict(error):
                    return self.refuse_error(error, request, "database error")
                if monotonic_s() - started >= RETRY_S:  # nothing was committed: the caller may try again
                    self._log("database error", request, reason=reason_of(error))
                    return self.refuse(Unavailable(), request)

    def _attempt(self, source: Source, request: Request, body: bytes | None, content_type: bytes | None) -> Reply:
        runtime = self._runtime(request)
        connection = LazyConnection(source)
        try:
            try:
                locks = runtime.storage.write_lock is not None and source is runtime.storage.writing
                reply = self._serve(request, body, content_type, connection, locks=locks)
                if request.is_dry_run:
                    return self._undone(reply)
                connection.commit()
                # Where nothing was opened, too: whether it was can depend on what the directory still has cached, and
                # so on wall time.
                if self.writes:
                    self._committed(reply, runtime)
                return reply
            except Problem as problem:
                return self.refuse(problem, request)
            except BrokenAnswer as error:
                self._breached(error, request)
                detail = f"The answer breaks the contract: {error}" if runtime.mock else None
                return self.refuse(InternalProblem(detail), request)
            except (DBAPIError, PoolTimeout, TenantHeld, Offloaded):
                raise
            except Exception as error:
                self._log("handler failed", request, exc_info=error)
                return self.refuse(InternalProblem(), request)
        finally:
            connection.close()

    @staticmethod
    def _undone(reply: Reply) -> Reply:
        """The answer to a call whose transaction is rolled back.

        Raises CannotRunDry where more than one transaction would do it.
        """
        if reply.answer.later is not None:
            raise CannotRunDry
        reply.wakes, reply.urgent = False, ()
        return reply

    def refuse_error(self, error: Exception, request: Request, event: str) -> Reply:
        """503 for a database that cannot do its work now, else 500; both are logged.

        Raises UnknownSandbox for one that was deleted meanwhile.
        """
        if self._runtime(request).ended:
            raise UnknownSandbox from error
        problem = unavailable(error)
        self._log(event, request, **({"exc_info": error} if problem is None else {"reason": reason_of(error)}))
        return self.refuse(problem or InternalProblem(), request)

    def _log(self, event: str, request: Request, **values: Any) -> None:
        """Log what went wrong, with the id that the answer carries too."""
        request_id = self._runtime(request).request_id(request).decode("latin-1")
        logger.error(event, request_id=request_id, api=self.info.api, operation=self.info.operation_id, **values)

    def _serve(
        self,
        request: Request,
        body: bytes | None,
        content_type: bytes | None,
        connection: LazyConnection,
        *,
        locks: bool,
    ) -> Reply:
        """Admit the caller, unless that was done in an earlier attempt, and do the work; with SQLite's write lock if it
        `locks`.
        """
        call: Call | None = request.call
        if call is None:
            call = self._admit(request, body, content_type, connection)
            if self._is_offloaded(call, self._runtime(request)):
                request.call = call
                raise Offloaded
        elif self.writes:
            self._check_held(
                call.tenant, self._runtime(request)
            )  # other requests have been served since it was admitted
        if locks:
            self._take_lock(call, request, connection)
        return self._work(call, request, connection)

    @staticmethod
    def _take_lock(call: Call, request: Request, connection: LazyConnection) -> None:
        """Begin the transaction before the handler does anything.

        A request that has to wait is not counted and numbered again.
        """
        try:
            connection.begin()
        except DBAPIError as error:
            if is_busy(error):
                request.call = call
            raise

    def _admit(
        self, request: Request, body: bytes | None, content_type: bytes | None, connection: LazyConnection
    ) -> Call:
        """Find the tenant and the caller, count the request, and read and validate its arguments."""
        runtime, edge = self._runtime(request), self.edge
        directory = runtime.directory
        if runtime.https_only and self.queued and not request.secure:  # a probe comes from inside, without TLS
            raise HttpsRequired
        tenant = edge.find_tenant(request, connection, directory)
        principal: Principal = self.security.principal(request, tenant, connection, directory)
        tenant = principal.tenant
        sandbox = runtime.sandboxes[tenant.sandbox_id]
        self._check_held(tenant, runtime)
        request_number = sandbox.next_request_number(tenant.id)
        request.tenant, request.request_number = tenant, request_number
        edge.admit(request, principal, connection, directory)
        if request.fault is not None:
            raise request.fault
        try:
            arguments = self.parameters.read(request.path_parameters, request.query_string, request.headers)
        except InvalidInput as problem:
            raise problem.with_others(self._body_faults(request, content_type, body)) from None
        key = None
        if self.hidden:
            key = arguments.get(IDEMPOTENCY_KEY)
            for name in self.hidden:
                arguments.pop(name, None)
        if self.body is not None:
            arguments["body"], body = self._read_body(self.body, request, content_type, body)
        if self.raw:
            arguments.update(_raw_arguments(self.raw, request, body or b""))
        return Call(tenant, sandbox, principal.subject, request_number, arguments, key)

    def _read_body(
        self, reader: BodyReader, request: Request, content_type: bytes | None, body: bytes | None
    ) -> tuple[Any, bytes]:
        """The value of the body and its decoded bytes."""
        if body is None:
            raise BodyTooLarge
        body = decoded(request.headers.get(b"content-encoding"), body, self.body_bytes_max)
        return reader.read(content_type, body), body

    def _body_faults(self, request: Request, content_type: bytes | None, body: bytes | None) -> list[InvalidInput]:
        """What is wrong with the body of a request whose parameters are refused already."""
        if self.body is None:
            return []
        try:
            self._read_body(self.body, request, content_type, body)
        except InvalidInput as problem:
            return [problem]
        except RequestProblem:
            return []  # reported once the parameters are right: a body that cannot be read has no faults to list
        return []

    @staticmethod
    def _check_held(tenant: Tenant, runtime: Runtime) -> None:
        due_jobs = runtime.due_jobs
        if due_jobs is not None and due_jobs.holds(tenant.id):
            raise TenantHeld(tenant.id)

    def _is_offloaded(self, call: Call, runtime: Runtime) -> bool:
        """Whether an admitted call needs a preparation, or is a long read that can be made beside the event loop."""
        if self.preparation is not None:
            return True
        return self.reads_long is not None and runtime.storage.reads is not None and self.reads_long(call.arguments)

    def _work(self, call: Call, request: Request, connection: LazyConnection) -> Reply:
        """Call the handler, and check and serialise its answer."""
        uow, key = unit_of(self._runtime(request), request, call, connection), call.idempotency_key
        answer = self.function(uow, **call.arguments) if key is None else self._once(uow, key, request, call.arguments)
        uow.finish()
        if answer.later is None:
            try:
                self.answers.check(answer)
            except BrokenAnswer as error:
                self._broken(error, request)
        content = b"" if answer.file is not None or answer.later is not None else serialise(answer)
        tenant = call.tenant
        if uow.entered is not None:  # the body named the tenant
            tenant, uow = uow.entered.tenant, uow.entered
        return Reply(
            answer,
            content,
            tenant=tenant,
            sandbox=call.sandbox,
            request_number=call.request_number,
            wakes=uow.wakes,
            urgent=uow.urgent,
        )

    def _once(self, uow: UnitOfWork, key: str, request: Request, arguments: dict[str, Any]) -> Answer:
        """Do the work under an idempotency key, or give the answer that it was given before."""
        fingerprint_ = idempotency.fingerprint(self.info.operation_id, request.path_parameters, arguments.get("body"))
        kept = idempotency.begin(uow, key, fingerprint_)
        if kept is not None:
            return Answer(kept.status, kept.answer, {**kept.headers, "Idempotency-Replayed": "true"})
        answer = self.function(uow, **arguments)
        idempotency.keep(uow, key, status=answer.status, headers=answer.headers or {}, answer=answer.body)
        return answer

    def _committed(self, reply: Reply, runtime: Runtime) -> None:
        """Move a fixed clock, and note whose due jobs run before the answer is sent (`troth/outbox/due_jobs.py`).

        On a fixed clock that is everything that the write made due, so that the tenant's next request finds it done. On
        a moving clock only urgent jobs, for a bounded time, where the database is this process's own: a caller then
        finds what a call has led to when its answer is there. Elsewhere the dispatcher does it a moment later.
        """
        sandbox, tenant = reply.sandbox, reply.tenant
        if sandbox is None or tenant is None or tenant.id == CONTROL_TENANT_ID:
            return
        fixed = sandbox.clock.fixed
        if fixed:
            sandbox.clock.tick()
            if not runtime.storage.memory:
                self._save_clock(sandbox, runtime)
        if fixed or runtime.storage.inline:
            reply.due = due_tenants(tenant.id, reply.urgent, wakes=reply.wakes and fixed)

    @staticmethod
    def _save_clock(sandbox: Sandbox, runtime: Runtime) -> None:
        """Store the clock after the commit.

        Errors are logged, not raised: `run` would do the committed write a second time.

        The next write of the sandbox stores the clock again.
        """
        try:
            runtime.save_clock(sandbox)
        except SQLAlchemyError as error:
            logger.error("clock not stored", sandbox_id=sandbox.id, reason=reason_of(error))

    def _broken(self, error: BrokenAnswer, request: Request) -> None:
        """In mock mode a broken answer is refused; in production it is sent, logged and counted."""
        if self.runtime.mock:
            raise error
        self._breached(error, request)

    def _breached(self, error: BrokenAnswer, request: Request) -> None:
        """Log and count an answer that breaks the contract."""
        self._log("answer breaks the contract", request, reason=str(error))
        self.runtime.breached(self.info.api)

    async def finish(self, reply: Reply, request: Request) -> Reply:
        """Wait for an answer that comes after the commit (`Answer.later`)."""
        later = reply.answer.later
        if later is None:
            return reply
        try:
            answer = await later()
            try:
                self.answers.check(answer)
            except BrokenAnswer as error:
                self._broken(error, request)
            finished = Reply(answer, serialise(answer))
        except Problem as problem:
            finished = self.refuse(problem, request)
        except Exception as error:
            finished = self.refuse_error(error, request, "later answer failed")
        finished.tenant, finished.sandbox, finished.request_number = reply.tenant, reply.sandbox, reply.request_number
        return finished

    def refuse(self, problem: Problem, request: Request | None) -> Reply:
        """The answer to a problem, in the shape of the vendor's API."""
        problem = judged(problem, self.info.api, request, self._runtime(request) if request else self.runtime)
        answer = self.edge.render(problem, request)
        if self.runtime.mock and not isinstance(problem, InternalProblem | RequestProblem):
            try:
                self.answers.check(answer)
            except BrokenAnswer as error:
                logger.error("refusal breaks the contract", operation=self.info.operation_id, reason=str(error))
                answer = self.edge.render(InternalProblem(f"The refusal breaks the contract: {error}"), request)
        reply = Reply(answer, serialise(answer))
        reply.problem = problem
        if request is not None and request.tenant is not None:
            reply.tenant, reply.request_number = request.tenant, request.request_number
            reply.sandbox = self._runtime(request).sandboxes[request.tenant.sandbox_id]
        return reply


def _raw_arguments(names: frozenset[str], request: Request, body: bytes) -> dict[str, Any]:
    """The request as it came, for handlers that ask for it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in request.headers.items()}
    return {name: value for name, value in (("raw_body", body), ("headers", headers)) if name in names}
