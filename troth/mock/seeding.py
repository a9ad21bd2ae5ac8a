"""What a mock's database holds at first: its scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.tenancy.tenants import list_tenants
from troth.database.postgres import serialise_starts
from troth.mock.scenarios import load_scenario, named_tenants
from troth.outbox.due_jobs import run_due
from troth.outbox.units import OutboxUnits
from troth.starting import CannotStart

if TYPE_CHECKING:
    from pathlib import Path

    from models.tenancy.tenants import Tenant
    from troth.runtime import Runtime

Tenants = list[dict[str, Any]]


def _check_mounted(runtime: Runtime, tenants: list[Tenant]) -> None:
    """Raises CannotStart for tenants of an API that is left out: their jobs and webhooks could not be worked off."""
    missing = {tenant.api for tenant in tenants} - {api.name for api in runtime.apis}
    if missing:
        raise CannotStart(f"the database has tenants of {', '.join(sorted(missing))}, which --api leaves out")


def seed(runtime: Runtime, path: Path) -> Tenants:
    """Load the scenario unless the database has tenants already; the tenants with their keys. Raises CannotStart.

    What is due then is run, so that exports are there from the start.
    """
    with runtime.storage.session() as session, session.begin():
        serialise_starts(session.connection())
        if known := list_tenants(session):
            _check_mounted(runtime, known)
            return named_tenants(runtime, path)
        loaded = load_scenario(runtime, session, path, fixed_keys=True)
    with runtime.storage.session() as session:
        ids = [tenant.id for tenant in list_tenants(session)]
    units = OutboxUnits(runtime)
    for tenant_id in ids:
        run_due(units, tenant_id)
    runtime.storage.engine.clear_compiled_cache()  # statements that only the seeding runs, 1.4 MB
    return loaded.tenants
