"""`troth migrate` and `troth backup`: what is done to a served database as a whole."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from troth.cli.common import Database, fail, one_line_errors, settings_of


def migrate(
    db: Database = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; status 1 when the schema is not the newest.")
    ] = False,
    sql: Annotated[
        bool, typer.Option("--sql", help="Print the statements for PostgreSQL instead of running them.")
    ] = False,
    down: Annotated[
        str | None,
        typer.Option("--down", help="Go back to this revision; what only newer ones hold is lost.", show_default=False),
    ] = None,
) -> None:
    """Bring a database to the newest schema. Servers of the version before go on while it runs (docs/operations.md).

    Example: troth migrate --db postgresql://troth@localhost/troth
    """
    from troth.database.migrate import UnknownRevision, downgrade, schema_of, upgrade, upgrade_statements
    from troth.database.opening import checked

    if check + sql + (down is not None) > 1:
        fail("--check, --sql and --down are given one at a time")
    url = settings_of(database_url=db).database_url
    is_sqlite = make_url(url).get_backend_name() == "sqlite"
    if sql and is_sqlite:
        fail("--sql is for PostgreSQL: a migration of SQLite reads the tables that it makes again")
    with one_line_errors(), checked(url, must_exist=check or down is not None):
        if sql:
            print(upgrade_statements(url), end="")
            return
        if not check:
            try:
                upgrade(url) if down is None else downgrade(url, down)
            except UnknownRevision as error:
                fail(f"--down: {error}")
        schema = schema_of(url)
    if check and not schema.is_current:
        fail(f"the schema is at {schema.stored or 'nothing'}, this version works with {schema.newest}")
    print(f"the schema is at {schema.stored or 'nothing'}", file=sys.stderr)


def backup(
    file: Annotated[Path, typer.Argument(help="The copy to make; there must be no such file.")], db: Database = None
) -> None:
    """Copy a SQLite database while servers use it: consistent, complete, readable for its user alone.

    PostgreSQL has its own tools (docs/operations.md). Example: troth backup troth-monday.db --db sqlite:///troth.db
    """
    from troth.database.opening import checked
    from troth.database.sqlite import copy_file, file_of

    url = make_url(settings_of(database_url=db).database_url)
    source = file_of(url)
    if source is None:
        fail("backup copies SQLite files; use pg_dump or pg_basebackup for PostgreSQL")
    with one_line_errors(), checked(str(url), must_exist=True):
        try:
            copied = copy_file(source, file)
        except OSError as error:
            fail(f"{error.filename} cannot be written: {error.strerror}")
        except sqlite3.Error as error:
            fail(f"{source} cannot be copied: {error}")
    print(f"{file}: {copied} bytes", file=sys.stderr)
