"""`troth doctor --db`: what it finds on SQLite and PostgreSQL, and its statuses."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from typer.testing import CliRunner

from models.kernel.clock import DAY_MS, wall_ms
from tests.support.databases import drop_postgres, fresh_postgres
from troth import cli
from troth.database.migrate import upgrade

KEY = "0123456789abcdef" * 4


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'troth.db'}"
        return
    made = fresh_postgres("doctor", tables=False)
    yield made
    drop_postgres(made)


def examined(url: str, *, key: str = KEY, status: int | None = None, by_environment: bool = False) -> dict[str, str]:
    """What is found, by what it is about."""
    environment = {"TROTH_SECRET_KEY": key, **({"TROTH_DATABASE_URL": url} if by_environment else {})}
    options = [] if by_environment else ["--db", url]
    done = CliRunner().invoke(cli.app, ["doctor", "--json", *options], env=environment)
    rows: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    assert done.exit_code == (2 if rows else 0)
    return {row["about"]: row["finding"] for row in rows}


def findings_of(about: str, url: str) -> list[str]:
    done = CliRunner().invoke(cli.app, ["doctor", "--json", "--db", url], env={"TROTH_SECRET_KEY": KEY})
    return [row["finding"] for row in json.loads(done.stdout)["findings"] if row["about"] == about]


def execute(url: str, *statements: str, **values: Any) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement), {name: one for name, one in values.items() if f":{name}" in statement})
    engine.dispose()


def lacks_trigrams(url: str) -> bool:
    """Some builds of PostgreSQL come without the extension, which the migration then leaves out."""
    if url.startswith("sqlite"):
        return False
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = connection.execute(text("SELECT count(*) FROM pg_extension WHERE extname = 'pg_trgm'")).scalar()
    engine.dispose()
    return not found


TENANT = (
    "INSERT INTO sandboxes (id, name, offset_ms, boots) VALUES (1, 'main', 0, 0)",
    (
        "INSERT INTO tenants (id, api, alias, name, live, project, sandbox_id, settings, created_ms) "
        "VALUES (7, 'leat', 'shop', 'Shop', true, 'shop', 1, '{}', 1)"
    ),
)


def test_a_schema_that_is_behind(url: str) -> None:
    upgrade(url, "0004")
    assert "troth migrate" in examined(url)["schema"]


def test_a_database_of_a_newer_version(url: str) -> None:
    upgrade(url)
    execute(url, "UPDATE alembic_version SET version_num = '9999'")
    assert "9999" in examined(url)["schema"]


def test_nothing_is_odd_about_a_new_one(url: str) -> None:
    upgrade(url)
    expected = {"pg_trgm"} if lacks_trigrams(url) else set()
    assert examined(url).keys() == expected
    assert examined(url, by_environment=True).keys() == expected


def test_the_secret_key(url: str) -> None:
    upgrade(url)
    assert "not set" in examined(url, key="")["secret key"]
    assert "repeats itself" in examined(url, key="ab" * 20)["secret key"]


def test_tenants_work_and_addresses(url: str) -> None:
    upgrade(url)
    deliveries = [
        "INSERT INTO deliveries (tenant_id, id, event_id, endpoint_id, url, status, attempts, created_ms, finished_ms) "
        f"VALUES (7, 'd{number}', 'e', 'p', 'https://hooks.example.org/gone', 'failed', 9, 1, 2)"
        for number in range(5)
    ]
    jobs = [
        (
            "INSERT INTO jobs (tenant_id, id, sandbox_id, kind, subject, due_at_ms, attempts) "
            "VALUES (7, 1, 1, 'expire', '', :due, 0)"
        )
    ]
    execute(url, *TENANT, *deliveries, *jobs, due=wall_ms() - DAY_MS)
    assert "24.0 h" in examined(url)["outbox"]
    assert "hooks.example.org/gone has taken none of its webhooks, 5 were given up" in findings_of("leat/shop", url)[1]
    assert "no key that is valid" in findings_of("leat/shop", url)[0]


def test_a_sqlite_file_without_statistics(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'troth.db'}"
    upgrade(url)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT"
    events = (
        f"INSERT INTO events (tenant_id, id, number, type, body, created_ms) {numbers} 7, i, i, 't', '{{}}', 1 FROM n"
    )
    execute(url, *TENANT, events)
    assert "no statistics of events:" in examined(url)["planner"]
    execute(url, "ANALYZE")
    assert "planner" not in examined(url)


def test_pg_trgm_and_statistics(tmp_path: Path) -> None:
    url = fresh_postgres("doctor_trgm", tables=False)
    try:
        upgrade(url)
        execute(url, "DROP EXTENSION IF EXISTS pg_trgm CASCADE")
        assert "CREATE EXTENSION pg_trgm" in examined(url)["pg_trgm"]
    finally:
        drop_postgres(url)


def test_where_it_cannot_be_looked_at_the_status_is_1() -> None:
    for url in ("sqlite://", "postgresql://nobody@127.0.0.1:1/nothing"):
        done = CliRunner().invoke(cli.app, ["doctor", "--db", url], env={"TROTH_SECRET_KEY": KEY})
        assert done.exit_code == 1
