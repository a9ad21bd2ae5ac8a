"""The part of a request that is offloaded from the event loop to a thread, between two parts of its way through an
operation.

The first part finds the tenant and the caller, and validates. Then an operation may need something that takes long and
no transaction: hashing a password (`handlers.http.prepared_by`). Or it is a long read (`handlers.http.long_read`),
which on a SQLite file is made in a thread with a connection of its own, since WAL lets readers work beside the writer.
Either way the request goes on with the arguments that are kept in its `Call`: the caller is not checked, counted or
numbered again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from models.kernel.connection import LazyConnection
from models.uow import UnitOfWork

if TYPE_CHECKING:
    from collections.abc import Callable

    from handlers.http import Request
    from models.kernel.connection import Source
    from models.tenancy.sandboxes import Sandbox
    from models.tenancy.tenants import Tenant
    from troth.runtime import Runtime

PREPARED = "prepared"
"""The argument of a handler for the result of its preparation."""


@dataclass(slots=True)
class Call:
    """A request whose caller is admitted and whose arguments are valid."""

    tenant: Tenant
    sandbox: Sandbox
    subject: Any
    request_number: int
    arguments: dict[str, Any]
    idempotency_key: str | None


class Offloaded(Exception):
    """The request goes on in `CompiledOperation.run_offloaded`; its call is kept in the request, and nothing has been
    changed.
    """


def unit_of(runtime: Runtime, request: Request, call: Call, connection: LazyConnection) -> UnitOfWork:
    """The unit of work of a call, beginning now."""
    return UnitOfWork(
        tenant=call.tenant,
        sandbox=call.sandbox,
        connection=connection,
        directory=runtime.directory,
        public_url=runtime.public_url,
        request_number=call.request_number,
        subject=call.subject,
        client_ip=request.client_ip,
        user_agent_header=request.headers.get(b"user-agent"),
        services=runtime.services,
        looks_only=request.method == "HEAD",
    )


def prepare(runtime: Runtime, request: Request, call: Call, preparation: Callable[..., Any]) -> None:
    """Call what prepares an operation, and add its result to the arguments.

    It has a unit of work without a database.
    """
    uow = unit_of(runtime, request, call, LazyConnection(cast("Source", _NoDatabase())))
    call.arguments[PREPARED] = preparation(uow, **call.arguments)


class _NoDatabase:
    """The source of a unit that has no database: a preparation runs outside of transactions."""

    def __getattr__(self, name: str) -> Any:
        raise RuntimeError(f"a preparation runs outside of transactions and has no database to {name}")
