"""What a request ends with: the reply, or the news that another process holds the database."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.exc import SQLAlchemyError

    from handlers.http import Answer
    from models.kernel.problems import Problem
    from models.tenancy.sandboxes import Sandbox
    from models.tenancy.tenants import Tenant


class DatabaseBusy(Exception):
    """Another process writes into the SQLite file: run the request again when it has ended.

    `error` is what SQLite said.
    """

    def __init__(self, error: SQLAlchemyError) -> None:
        super().__init__(error)
        self.error = error


class Reply:
    """What is sent: status, headers beside the common ones, body."""

    __slots__ = ("answer", "body", "due", "problem", "request_number", "sandbox", "tenant", "urgent", "wakes")

    def __init__(
        self,
        answer: Answer,
        body: bytes,
        *,
        problem: Problem | None = None,
        tenant: Tenant | None = None,
        sandbox: Sandbox | None = None,
        request_number: int = 0,
        wakes: bool = False,
        urgent: Collection[int] = (),
    ) -> None:
        self.answer = answer
        self.body = body
        self.problem = problem
        self.tenant = tenant
        self.sandbox = sandbox
        self.request_number = request_number
        self.wakes = wakes
        self.urgent = urgent
        self.due: list[int] = []
        """`due_tenants` of the request."""


def due_tenants(tenant_id: int, urgent: Collection[int], *, wakes: bool) -> list[int]:
    """The tenants whose due jobs run before a reply is sent, in their order: the caller's, then those that the call has
    left messages in, then the caller's again for their answers.
    """
    own = [tenant_id] if wakes or tenant_id in urgent else []
    others = sorted(set(urgent) - {tenant_id})
    return [*own, *others, tenant_id] if others else own
