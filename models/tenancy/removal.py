"""Everything that is kept of a tenant: reading it, and deleting it."""

import base64
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.orm import Session

from models.kernel.base import Base
from models.tenancy.tenants import Tenant, TenantRow

BATCH = 1_000
OF_TENANT = "tenant_id"


def tables_of_tenants() -> list[Table]:
    """The tables that hold rows of tenants, those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if OF_TENANT in table.columns]


def rows_of(session: Session, tenant: Tenant) -> Iterator[tuple[str, dict[str, Any]]]:
    """(table, row) of everything that a tenant has, its own row first; bytes, which are sealed secrets, in base64."""
    own = session.execute(select(TenantRow.__table__).where(TenantRow.id == tenant.id)).mappings().one()
    yield TenantRow.__tablename__, _plain(own)
    for table in tables_of_tenants():
        found = session.execute(
            select(table).where(table.c.tenant_id == tenant.id).execution_options(yield_per=BATCH)
        ).mappings()
        for row in found:
            yield table.name, _plain(row)


def _plain(row: Any) -> dict[str, object]:
    return {
        name: base64.b64encode(value).decode() if isinstance(value, bytes) else value for name, value in row.items()
    }


def remove(session: Session, tenant: Tenant) -> int:
    """Delete everything that a tenant has, and the tenant; how many rows. Its files are the caller's."""
    removed = 0
    for table in reversed(tables_of_tenants()):
        removed += session.execute(delete(table).where(table.c.tenant_id == tenant.id)).rowcount  # type: ignore[attr-defined]  # a CursorResult
    session.execute(delete(TenantRow).where(TenantRow.id == tenant.id))
    return removed + 1
