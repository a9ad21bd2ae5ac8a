"""The migrations make exactly the schema of the tables, on both databases, and can be taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from models.base import Base
from tests.support.databases import drop_postgres, fresh_postgres
from troth.migrate import downgrade, upgrade
from troth.storage import Storage, import_tables


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
        differences = compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata)
    storage.close()
    assert differences == []
    upgrade(url)
    downgrade(url, "base")
    storage = Storage(url, 1)
    assert set(inspect(storage.engine).get_table_names()) <= {"alembic_version"}
    storage.close()
