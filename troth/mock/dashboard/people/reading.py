"""Reads people: each API's reader in a unit of work of its tenant, which ends without a change.

A reader calls the functions that stand behind the API's operations. No request is made, so that looking at a person is
in no journal, uses up no rate limit, meets no rule, and leaves the numbers that ids derive from alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from models.kernel.problems import Problem
from models.tenancy.tenants import list_tenants
from troth.mock.dashboard.people import advocacy, leat, loyalty_core, saasquatch
from troth.mock.dashboard.people.facts import NobodyError
from troth.mock.dashboard.reading import RefusedError
from troth.mock.scenarios import unit_of

if TYPE_CHECKING:
    from models.tenancy.tenants import Tenant
    from models.uow import UnitOfWork
    from troth.mock.dashboard.people.facts import Found, Key, Person
    from troth.runtime import Runtime

NOT_FOUND = 404
UNKNOWN = (400, NOT_FOUND)
"""What the APIs answer for an unknown person."""
MOMENTS_MAX = 100
NO_SUCH_PERSON = "There is no such person."


class Reader(Protocol):
    """A module that reads the people of one API."""

    NOUN: str
    """What the API calls them, in the plural."""

    def find(self, uow: UnitOfWork, text: str, limit: int) -> tuple[list[Found], int | None]:
        """Those whom a text means, the newest without one, and how many there are; None where nobody counts them."""
        ...

    def read(self, uow: UnitOfWork, key: Key) -> Person:
        """Everything about one. Raises NobodyError, or the Problem of the API, for a key that names nobody."""
        ...


READERS: dict[str, Reader] = {
    "saasquatch": saasquatch,
    "advocacy": advocacy,
    "leat": leat,
    "loyalty_core": loyalty_core,
}


@dataclass(frozen=True, slots=True)
class Group:
    """The people of one tenant that a search has found."""

    api: str
    alias: str
    noun: str
    found: list[Found]
    total: int | None


async def search(runtime: Runtime, text: str, limit: int) -> list[Group]:
    """Those whom a text means, tenant by tenant; without a text the newest of live tenants.

    Tenants with nobody are left out.
    """

    def work() -> list[Group]:
        with runtime.storage.deferred_session() as session:
            groups = []
            for tenant in list_tenants(session):
                if tenant.api in READERS and (text or tenant.live):
                    reader = READERS[tenant.api]
                    found, total = reader.find(unit_of(runtime, session, tenant, "people"), text, limit)
                    groups.append(Group(tenant.api, tenant.alias, reader.NOUN, found, total))
        return [group for group in groups if group.found]

    return await runtime.storage.run(work)


async def person(runtime: Runtime, api: str, alias: str, key: Key) -> Person:
    """Everything about one person, moments from the newest. Raises RefusedError for one who is unknown."""

    def work() -> Person:
        with runtime.storage.deferred_session() as session:
            tenant = _tenant(list_tenants(session), api, alias)
            try:
                read = READERS[api].read(unit_of(runtime, session, tenant, "people"), key)
            except NobodyError as error:
                raise RefusedError(NOT_FOUND, NO_SUCH_PERSON) from error
            except Problem as problem:
                if problem.status not in UNKNOWN:
                    raise
                raise RefusedError(NOT_FOUND, NO_SUCH_PERSON) from problem
        read.moments = sorted(read.moments, key=lambda moment: -moment.at_ms)[:MOMENTS_MAX]
        return read

    return await runtime.storage.run(work)


def _tenant(tenants: list[Tenant], api: str, alias: str) -> Tenant:
    found = next((tenant for tenant in tenants if (tenant.api, tenant.alias) == (api, alias)), None)
    if found is None or api not in READERS:
        raise RefusedError(NOT_FOUND, NO_SUCH_PERSON)
    return found
