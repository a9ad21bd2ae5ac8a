"""A tenant of its own for each test: its calls, its events, its clock."""

import itertools
import os
from typing import Any

import httpx2
import orjson

from models.kernel.connection import LazyConnection
from models.outbox.outbox import Event
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork
from tests.support.client import Client
from troth.app import Server

_numbers = itertools.count(1)


def fresh_number() -> int:
    """A number that no other tenant of this process has."""
    return next(_numbers)


def fresh_alias() -> str:
    """An alias that no other tenant has, in any process."""
    return f"t{os.getpid()}x{fresh_number()}"


class ApiTenant:
    """One tenant; what is called goes below `base`."""

    def __init__(self, server: Server, client: Client, tenant: Tenant, base: str) -> None:
        self.server, self.client, self.tenant, self.base = server, client, tenant, base

    def call(self, method: str, path: str, **options: Any) -> httpx2.Response:
        return self.client.request(method, f"{self.base}{path}", **options)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx2.Response:
        return self.call("DELETE", path, **options)

    def unit(self) -> UnitOfWork:
        """A unit of work in the tenant, for what no call can do; use it within `with unit.transaction()`."""
        connection = LazyConnection(self.server.runtime.storage.writing)
        sandbox = self.server.runtime.sandboxes[self.tenant.sandbox_id]
        return UnitOfWork(
            tenant=self.tenant,
            sandbox=sandbox,
            connection=connection,
            directory=self.server.runtime.directory,
            public_url=self.server.runtime.public_url,
            request_number=sandbox.next_request_number(self.tenant.id),
        )

    def keep_outdated(self, part: str, value: Any) -> None:
        """Make this process hold a part of the tenant's configuration as it was before another process changed it."""
        kept = self.server.runtime.directory.configuration
        kept.keep((self.tenant.id, part), kept.version((self.tenant.id, part)), value)

    def events(self, event_type: str | None = None) -> list[dict[str, Any]]:
        """The bodies of the tenant's webhook events in the order they were made."""
        unit = self.unit()
        with unit.transaction() as session:
            rows = session.scalars(unit.scoped(Event).order_by(Event.number)).all()
            return [orjson.loads(row.body) for row in rows if event_type in (None, row.type)]

    def advance(self, milliseconds: int) -> None:
        """Move the sandbox's clock and run what becomes due in this tenant."""
        clock = self.server.runtime.sandboxes[self.tenant.sandbox_id].clock
        clock.at_ms += milliseconds
        self.server.runtime.directory.forget()
        if self.server.runtime.run_due is not None:
            self.server.runtime.run_due(self.tenant.id)

    @property
    def now_ms(self) -> int:
        return self.server.runtime.sandboxes[self.tenant.sandbox_id].clock.now_ms()
