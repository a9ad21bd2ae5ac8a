"""The migrations make exactly the schema of the tables, on both databases, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from models.kernel.base import Base
from tests.support.databases import drop_postgres, fresh_postgres
from troth.database.migrate import downgrade, upgrade
from troth.database.storage import Storage, import_tables


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/troth.db"
        return
    made = fresh_postgres("migrations", tables=False)
    yield made
    drop_postgres(made)


def test_up_is_the_schema_of_the_tables_and_down_is_nothing(url: str) -> None:
    import_tables()
    upgrade(url)
    storage = Storage(url, 1)
    with storage.engine.connect() as connection:
        differences = compare_metadata(
            MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata
        )
    storage.close()
    assert differences == []
    upgrade(url)
    downgrade(url, "base")
    storage = Storage(url, 1)
    assert set(inspect(storage.engine).get_table_names()) <= {"alembic_version"}
    storage.close()


def test_deliveries_that_are_under_way_get_their_endpoint(url: str) -> None:
    upgrade(url, "0002")
    storage = Storage(url, 1)
    with storage.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO deliveries (tenant_id, id, event_id, endpoint_id, url, status, attempts, created_ms) "
                "VALUES (7, 'd1', 'e1', 'hook', 'https://example.org', 'pending', 0, 1)"
            )
        )
        for number, kind, subject in ((1, "delivery", "d1"), (2, "delivery", "gone"), (3, "note", "d1")):
            connection.execute(
                text(
                    "INSERT INTO jobs (tenant_id, id, sandbox_id, kind, subject, due_at_ms, attempts) "
                    f"VALUES (7, {number}, 1, '{kind}', '{subject}', 1, 0)"
                )
            )
    storage.close()
    upgrade(url)
    storage = Storage(url, 1)
    with storage.engine.connect() as connection:
        found = connection.execute(text("SELECT id, endpoint_id FROM jobs ORDER BY id")).all()
    storage.close()
    assert [tuple(row) for row in found] == [(1, "hook"), (2, ""), (3, None)]
