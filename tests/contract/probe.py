"""Two servers of the same small contract: stock Connexion, and the compiled path."""

import base64
import contextlib
import copy
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

from connexion.resolver import Resolution, Resolver

from handlers.http import Answer, Principal, ok, plain
from models.kernel.problems import Forbidden, Unauthenticated
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant, create_tenant
from tests.contract.differential_contract import DOCUMENT
from tests.support.stock import add_stock_api, stock_app
from troth.connexion_app import add_trusted_api, compiled_app
from troth.database.storage import Storage
from troth.runtime import Runtime
from troth.settings import Settings

ANSWERS: dict[str, Callable[[], Answer]] = {
    "good": lambda: ok({"count": 1}),
    "wrong-type": lambda: ok({"count": "one"}),
    "missing-member": lambda: ok({}),
    "undeclared-status": lambda: Answer(299, {"count": 1}),
    "range-status": lambda: Answer(418, {"count": 1}),
    "range-wrong": lambda: Answer(418, {"count": "one"}),
    "write-only": lambda: Answer(201, {"label": "a", "secret": "s"}),
    "account": lambda: Answer(201, {"label": "a", "id": "x"}),
    "null": lambda: ok(None),
    "null-member": lambda: Answer(202, {"count": None}),
    "no-header": lambda: Answer(203, {}),
    "header": lambda: Answer(203, {}, headers={"X-Next": "b"}),
    "no-body": lambda: Answer(200, empty=True),
    "text": lambda: Answer(200, "one", content_type="text/plain"),
    "extra-member": lambda: ok({"count": 1, "more": 2}),
    "strict-answer": lambda: Answer(206, {"id": "x"}),
}


class ProbeResolver(Resolver):
    """Finds handlers that echo what they were given."""

    def __init__(self, adapt: Callable[[str, Any], Any] | None = None) -> None:
        super().__init__()
        self._adapt = adapt

    def resolve(self, operation: Any) -> Resolution:
        function = _handler(operation.operation_id)
        if self._adapt is not None:
            function = self._adapt(operation.operation_id, function)
        return Resolution(function, operation.operation_id)


def _handler(operation_id: str) -> Callable[..., Answer]:
    def echo(_uow: Any, **given: Any) -> Answer:
        return ok({"operation": operation_id, "given": {k: v for k, v in given.items() if v is not None}})

    def nothing(_uow: Any, **_given: Any) -> Answer:
        return Answer(204, empty=True)

    def answer(_uow: Any, *, kind: str) -> Answer:
        return ANSWERS[kind]()

    return {"deleteThing": nothing, "getAnswer": answer}.get(operation_id, echo)


def edge(tenant: Tenant) -> Any:
    """Three schemes that know the words good, weak (403) and anything else (401)."""

    def judge(word: str) -> Principal:
        if word == "weak":
            raise Forbidden
        if word != "good":
            raise Unauthenticated
        return Principal(tenant)

    def key(request: Any, *_: Any) -> Principal | None:
        value = request.header(b"x-key")
        return None if value is None else judge(value)

    def authorization(request: Any, kind: str) -> str | None:
        given, _, value = (request.header(b"authorization") or "").partition(" ")
        return value.strip() if given.lower() == kind else None

    def basic(request: Any, *_: Any) -> Principal | None:
        value = authorization(request, "basic")
        if value is None:
            return None
        try:
            return judge(base64.b64decode(value, validate=True).decode().partition(":")[2])
        except ValueError as error:
            raise Unauthenticated from error

    def bearer(request: Any, *_: Any) -> Principal | None:
        value = authorization(request, "bearer")
        return None if value is None else judge(value)

    return SimpleNamespace(
        SCHEMES={"Key": key, "Basic": basic, "Bearer": bearer},
        HIDDEN_PARAMETERS=frozenset(),
        PRE_AUTHENTICATION=None,
        find_tenant=lambda *_: tenant,
        admit=lambda *_: None,
        render=lambda problem, _request: plain(problem),
    )


def filled_runtime(storage: Storage) -> tuple[Runtime, Tenant]:
    """A runtime on a memory database that is empty yet, with one tenant."""
    storage.create_tables()
    runtime = Runtime(Settings(mock=True, database_url="sqlite://", fixed_clock=True), storage)
    runtime.boot()
    with storage.session() as session, session.begin():
        tenant = create_tenant(
            session,
            api="probe",
            alias="probe",
            name="probe",
            live=False,
            project="probe",
            sandbox_id=MAIN,
            settings={},
            now_ms=1,
        )
    return runtime, tenant


@contextlib.contextmanager
def compiled() -> Iterator[Any]:
    """The contract on the compiled path."""
    with Storage("sqlite://") as storage:
        runtime, tenant = filled_runtime(storage)
        app = compiled_app(
            runtime, edges={"probe": edge(tenant)}, hosts={}, bases=lambda _api, base: [base], lifespan=None
        )
        add_trusted_api(app, copy.deepcopy(DOCUMENT), name="probe", resolver=ProbeResolver(), trusted=False)
        yield app


@contextlib.contextmanager
def stock() -> Iterator[Any]:
    """The contract on stock Connexion."""
    with Storage("sqlite://") as storage:
        runtime, tenant = filled_runtime(storage)
        app = stock_app()
        add_stock_api(
            app, copy.deepcopy(DOCUMENT), name="probe", edge=edge(tenant), runtime=runtime, resolver=ProbeResolver
        )
        yield app
