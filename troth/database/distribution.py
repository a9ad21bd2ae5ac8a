"""How the tables are spread over machines by tenant, as SQL for Citus: `deploy/citus.sql`."""

from __future__ import annotations

import sys

from models.kernel.base import Base
from troth.database.storage import import_tables

TENANT = "tenant_id"
COORDINATOR = frozenset({"jobs"})
"""Rows that are looked for in all tenants at once, and locked: Citus does not lock rows of several shards in one
statement.
"""


def statements() -> str:
    """Statements for the coordinator, after the migrations and before the first tenant."""
    import_tables()
    tables = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
    lines = ["-- Made by `python -m troth.database.distribution`; tests/unit/test_deploy.py compares.", ""]
    lines += [f"SELECT create_reference_table('{one.name}');" for one in tables if TENANT not in one.columns]
    lines += [f"SELECT citus_add_local_table_to_metadata('{one.name}');" for one in tables if one.name in COORDINATOR]
    first = ""
    for one in tables:
        if TENANT in one.columns and one.name not in COORDINATOR:
            beside = f", colocate_with => '{first}'" if first else ""
            lines.append(f"SELECT create_distributed_table('{one.name}', '{TENANT}'{beside});")
            first = first or one.name
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(statements())
