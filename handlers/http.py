"""What handlers and edges see of HTTP: a request, an answer, and the protocol of an API's edge."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from models.kernel.connection import LazyConnection
from models.kernel.problems import Problem
from models.tenancy.tenants import Directory, Tenant


@dataclass(slots=True)
class Request:
    """A request before its parameters are decoded. Header names are lower case; header values are bytes.

    `tenant` and `request_number` (the request's number in its tenant) are there once the caller is known, `request_id`
    once it is needed. `fault` is what is wrong with the request's outside (an address that is too long).
    `answer_headers` are what the edge wants on the answer, whatever that will be (rate limits). `call` and `runtime`
    are the runtime's: the admitted call of a request that goes on beside the event loop; the sandbox that it goes to,
    None for the main one. With `is_dry_run` nothing that it writes is committed.
    """

    method: str
    path: str
    headers: dict[bytes, bytes]
    query_string: bytes
    path_parameters: dict[str, str]
    client_ip: str | None
    secure: bool
    operation: "OperationInfo"
    tenant: Tenant | None = None
    request_number: int = 0
    request_id: bytes | None = None
    answer_headers: dict[str, str] | None = None
    fault: Problem | None = None
    call: Any = None
    runtime: Any = None
    is_dry_run: bool = False

    def header(self, name: bytes) -> str | None:
        """A header's value, decoded as Latin-1 (RFC 9110, section 5.5)."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")


@dataclass(frozen=True, slots=True)
class OperationInfo:
    """What an edge may know of the operation: its id, method, path template, tags and `x-troth-` extensions."""

    api: str
    operation_id: str
    method: str
    path: str = ""
    tags: tuple[str, ...] = ()
    extensions: dict[str, Any] = field(default_factory=dict, hash=False)


@dataclass(slots=True)
class Answer:
    """What a handler answers: a JSON value, raw bytes when `content_type` is not JSON, a file, or nothing.

    `later` is awaited after the transaction has been committed, and gives the answer that is sent: for operations of
    the control plane that wait for work outside of their own transaction, and for calls with many items that are done
    one by one.
    """

    status: int
    body: Any = None
    headers: dict[str, str] | None = None
    content_type: str = "application/json"
    empty: bool = False
    file: Path | None = None
    later: "Callable[[], Awaitable[Answer]] | None" = None


def ok(body: Any) -> Answer:
    """200 with a body."""
    return Answer(200, body)


def created(body: Any) -> Answer:
    """201 with a body."""
    return Answer(201, body)


def no_content(status: int = 204) -> Answer:
    """An answer without a body."""
    return Answer(status, empty=True)


def plain(problem: Problem, _request: Request | None = None) -> Answer:
    """A problem as Troth's own APIs report it, and as it is reported outside of every API."""
    return Answer(
        problem.status, {"error": {"code": problem.code, "message": problem.message}}, headers=problem.headers
    )


def stub(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Marks a handler that `make stubs` wrote and nobody has filled in: until then the contract itself answers."""
    function.is_stub = True  # type: ignore[attr-defined]
    return function


Handler = TypeVar("Handler", bound=Callable[..., Answer])


def long_read(when: Callable[[Mapping[str, Any]], bool] = lambda _arguments: True) -> Callable[[Handler], Handler]:
    """Mark the handler of a GET that can take long and never writes: on a SQLite file it runs beside the event loop.

    `when` says for which arguments that is so; short reads stay on the loop, where they are done sooner.
    """

    def mark(function: Handler) -> Handler:
        function.reads_long = when  # type: ignore[attr-defined]
        return function

    return mark


def prepared_by(preparation: Callable[..., Any]) -> Callable[[Handler], Handler]:
    """Run a preparation that takes long and needs no database in a thread, before the handler's transaction begins.

    It is called with a unit of work without a session and with the handler's arguments, once the caller is admitted and
    the request is valid; its result is the handler's argument `prepared`. It and the handler have draws of their own:
    what both draw under the same purpose is the same in a seeded sandbox.
    """

    def mark(function: Handler) -> Handler:
        function.preparation = preparation  # type: ignore[attr-defined]
        return function

    return mark


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose request this is, and by which scheme of the contract it was shown (none for open calls).

    `subject` is in the API's own terms (a user token's user, a key's scopes).
    """

    tenant: Tenant
    subject: Any = None
    scheme: str | None = None


Scheme = Callable[[Request, Tenant | None, LazyConnection, Directory], Principal | None]
"""A security scheme of the contract: a principal, None when the request has no such credential, or a problem."""


class Edge(Protocol):
    """What `handlers/<api>/_edge.py` exports."""

    @property
    def SCHEMES(self) -> Mapping[str, Scheme]:  # noqa: N802  a constant of the module
        """By the scheme's name in the contract."""

    @property
    def HIDDEN_PARAMETERS(self) -> frozenset[str]:  # noqa: N802
        """Parameters that handlers never see: the edge or the runtime consumes them (a tenant's alias, an idempotency
        key).
        """

    @property
    def PRE_AUTHENTICATION(self) -> Callable[[Request, LazyConnection, Directory], None] | None:  # noqa: N802
        """Checks callers of paths and methods that no operation has, for APIs that report those to known callers
        only.
        """

    def find_tenant(self, request: Request, connection: LazyConnection, directory: Directory) -> Tenant | None:
        """The tenant that the path names, or None when the credential names it; a problem when it is unknown."""

    def admit(self, request: Request, principal: Principal, connection: LazyConnection, directory: Directory) -> None:
        """Refuse what the principal may not do, before anything of the request is read."""

    def render(self, problem: Problem, request: Request | None) -> Answer:
        """A problem in the vendor's shape, the framework's own included."""
