"""The migrations make exactly the schema of the tables, on both databases, and can be taken back."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text

from models.kernel.base import Base
from models.kernel.extras import is_extra
from models.planner_statistics import ANALYZED_SOON
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
        dialect = connection.dialect.name
        options = {"compare_type": True, "include_object": lambda _o, name, *_: not is_extra(dialect, name or "")}
        differences = compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)
        made = extras_in(connection)
    storage.close()
    assert differences == []
    assert made == extras_of_new_tables(url)
    upgrade(url)
    downgrade(url, "base")
    storage = Storage(url, 1)
    assert set(inspect(storage.engine).get_table_names()) <= {"alembic_version"}
    storage.close()


def extras_in(connection: Connection) -> set[tuple[Any, ...]]:
    """Triggers, functions, indexes and options of tables that SQLAlchemy does not describe, with their text."""
    if connection.dialect.name == "sqlite":
        statement = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR name LIKE 'sq_user_%'"
    else:
        statement = """SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
            UNION SELECT proname, prosrc FROM pg_proc WHERE proname LIKE 'count_%' AND prolang <> 12 AND prosrc LIKE '%row_counts%'
            UNION SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'search_%'
            UNION SELECT relname, 'WITH ' || array_to_string(reloptions, ', ') FROM pg_class
                WHERE relkind = 'r' AND reloptions IS NOT NULL AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"""
    return {tuple(row) for row in connection.execute(text(statement))}


def extras_of_new_tables(url: str) -> set[tuple[Any, ...]]:
    """What `create_tables` makes of them on the same kind of database."""
    postgres = url.startswith("postgresql")
    new = fresh_postgres("extras") if postgres else "sqlite://"
    with Storage(new, 1) as storage:
        if not postgres:
            storage.create_tables()
        with storage.engine.connect() as connection:
            found = extras_in(connection)
    if postgres:
        drop_postgres(new)
    assert len(found) > 10
    return found


def test_postgres_makes_statistics_of_each_tenants_table_soon() -> None:
    url = fresh_postgres("statistics")
    with Storage(url, 1) as storage, storage.engine.connect() as connection:
        found = dict(extras_in(connection))
    drop_postgres(url)
    tables = {table.name for table in Base.metadata.tables.values() if "tenant_id" in table.c}
    assert len(tables) > 50
    assert {found.get(name) for name in tables} == {"WITH autovacuum_analyze_scale_factor=0.01"}


def test_so_it_does_in_a_schema_whose_name_has_capitals() -> None:
    url = fresh_postgres("capitals", tables=False)
    with Storage(url, 1) as storage, storage.engine.connect() as connection:
        for statement in (
            'CREATE SCHEMA "Troth"',
            'SET LOCAL search_path = "Troth"',
            "CREATE TABLE t (tenant_id bigint)",
        ):
            connection.exec_driver_sql(statement)
        for statement in ANALYZED_SOON.make:
            connection.exec_driver_sql(statement)
        found = connection.scalar(text("SELECT reloptions FROM pg_class WHERE oid = 't'::regclass"))
    drop_postgres(url)
    assert found == ["autovacuum_analyze_scale_factor=0.01"]


def test_rows_that_are_there_are_counted_and_found(url: str) -> None:
    upgrade(url, "0005")
    insert = (
        "INSERT INTO sq_users (tenant_id, account_id, id, email, image_url, referral_source, referable, created_ms, modified_ms, "
        "custom_fields, segments, referred_by_codes, search, balance_version) "
        "VALUES (7, 'a', '{0}', '{0}@example.org', '', 'X', true, 1, 1, '{{}}', '[]', '[]', '{0}@example.org', 0)"
    )
    with Storage(url, 1) as storage, storage.engine.begin() as connection:
        for name in ("ana", "ben"):
            connection.exec_driver_sql(insert.format(name))
    upgrade(url)
    with Storage(url, 1) as storage, storage.engine.begin() as connection:
        connection.exec_driver_sql(insert.format("cleo"))
        connection.exec_driver_sql("DELETE FROM sq_users WHERE id = 'ben'")
        number = connection.scalar(
            text("SELECT sum(number) FROM row_counts WHERE tenant_id = 7 AND counted = 'sq_users'")
        )
        assert number == 2
        if connection.dialect.name == "sqlite":
            search = "SELECT user_id FROM sq_user_search JOIN sq_user_numbers ON number = sq_user_search.rowid WHERE sq_user_search MATCH ?"
            assert {row[0] for row in connection.exec_driver_sql(search, ("example",))} == {"ana", "cleo"}


INSERTS = {
    "advocacy_advocates": (
        "INSERT INTO advocacy_advocates (tenant_id, id, email, search, tier, status, source, referral_code, details, created_ms, updated_ms) "
        "VALUES (7, '{0}', '{0}@example.org', '{0}', 'bronze', 'active', 'api', '{0}', '{{}}', 1, 1)"
    ),
    "leat_contacts": (
        "INSERT INTO leat_contacts (tenant_id, uuid, number, referral_code, transaction_count, created_ms, updated_ms) "
        "VALUES (7, '{0}', {1}, '{0}', 0, 1, 1)"
    ),
}


@pytest.mark.parametrize("table", INSERTS)
def test_advocates_and_contacts_that_are_there_are_counted(url: str, table: str) -> None:
    upgrade(url, "0009")
    with Storage(url, 1) as storage, storage.engine.begin() as connection:
        for number, name in enumerate(("ana", "ben")):
            connection.exec_driver_sql(INSERTS[table].format(name, number))
    upgrade(url)
    with Storage(url, 1) as storage, storage.engine.begin() as connection:
        for number, name in enumerate(("cleo", "dan"), 2):
            connection.exec_driver_sql(INSERTS[table].format(name, number))
        connection.exec_driver_sql(f"DELETE FROM {table} WHERE referral_code = 'ben'")
        kept = connection.scalar(
            text(f"SELECT sum(number) FROM row_counts WHERE tenant_id = 7 AND counted = '{table}'")
        )
        assert kept == 3


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
