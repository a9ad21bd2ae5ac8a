"""The migrations make exactly the schema of the tables, on both databases, and can be taken back."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from models.kernel.base import Base
from tests.support.databases import drop_postgres, fresh_postgres
from troth.database.migrate import MIGRATIONS, downgrade, upgrade
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


BREAKING = {"drop_table", "drop_column", "rename_table", "drop_constraint"}
"""What servers of the version before cannot go on with: it comes one version after the last one that uses it."""

REVISIONS = [file for file in sorted((MIGRATIONS / "versions").glob("*.py")) if file.name > "0002"]


def breaking(source: str) -> list[str]:
    """What the upgrade of a revision does that docs/operations.md rules out."""
    (up,) = [node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef) and node.name == "upgrade"]
    found = []
    for call in (node for node in ast.walk(up) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        assert isinstance(call.func, ast.Attribute)
        named = {keyword.arg: ast.unparse(keyword.value) for keyword in call.keywords}
        if call.func.attr in BREAKING or (
            call.func.attr == "alter_column" and {"new_column_name", "type_"} & named.keys()
        ):
            found.append(ast.unparse(call))
        if call.func.attr == "alter_column" and named.get("nullable") == "False":
            found.append(ast.unparse(call))
        if (
            call.func.attr == "add_column"
            and "nullable=True" not in ast.unparse(call)
            and "server_default" not in ast.unparse(call)
        ):
            found.append(ast.unparse(call))
    return found


@pytest.mark.parametrize("file", REVISIONS, ids=lambda file: file.stem)
def test_servers_of_the_version_before_go_on_while_a_migration_runs(file: Path) -> None:
    assert breaking(file.read_text()) == []


@pytest.mark.parametrize(
    "step",
    [
        "op.drop_column('jobs', 'kind')",
        "op.drop_table('jobs')",
        "op.alter_column('jobs', 'kind', new_column_name='type')",
        "op.alter_column('jobs', 'kind', nullable=False)",
        "op.add_column('jobs', sa.Column('colour', sa.String(), nullable=False))",
    ],
)
def test_a_migration_that_would_break_them_is_found(step: str) -> None:
    assert breaking(f"def upgrade():\n    {step}\n") == [step]
    assert breaking(f"def upgrade():\n    pass\ndef downgrade():\n    {step}\n") == []
