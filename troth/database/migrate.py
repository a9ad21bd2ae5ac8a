"""Schema migrations with Alembic, from Python."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from troth.database.postgres import serialise_starts
from troth.database.storage import Storage
from troth.database.timeouts import MIGRATION
from troth.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = ROOT / "models" / "migrations"


class NewerSchema(Exception):
    """The schema of a database was made by a version that this one does not know."""


class UnknownRevision(Exception):
    """There is no such revision to go back to."""


def config(connection: Connection, output: io.StringIO | None = None) -> Config:
    """An Alembic configuration without an .ini file, on an open connection. `output` gets SQL that is to be printed."""
    from alembic.config import Config

    made = Config(output_buffer=output)
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


@dataclass(frozen=True, slots=True)
class Schema:
    """The revision of a database and the newest one that this version knows; `stored` is None before the first
    migration.
    """

    stored: str | None
    newest: str

    @property
    def is_current(self) -> bool:
        """Whether the database has the newest schema."""
        return self.stored == self.newest


def schema_of(url: str) -> Schema:
    """The revisions of a database. Raises NewerSchema when its own is not among ours."""
    with Storage(url, 1, MIGRATION) as storage, storage.engine.connect() as connection:
        return _schema(config(connection), connection)


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision; one server at a time.

    A memory database has nothing to migrate. Raises NewerSchema.
    """
    from alembic import command

    _move(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision. Raises UnknownRevision and NewerSchema."""
    from alembic import command
    from alembic.util import CommandError

    try:
        _move(url, command.downgrade, revision)
    except CommandError as error:
        raise UnknownRevision(str(error)) from error


def upgrade_statements(url: str) -> str:
    """The SQL that would bring a PostgreSQL database to the newest revision, for operators who run migrations by hand.

    Raises NewerSchema.
    """
    from alembic import command

    written = io.StringIO()
    with Storage(url, 1, MIGRATION) as storage, storage.engine.connect() as connection:
        configuration = config(connection, output=written)
        stored = _schema(configuration, connection).stored
        command.upgrade(configuration, f"{stored or 'base'}:head", sql=True)
    return written.getvalue()


def _move(url: str, step: Callable[[Config, str], None], revision: str) -> None:
    with Storage(url, 1, MIGRATION) as storage, storage.engine.begin() as connection:
        serialise_starts(connection)
        configuration = config(connection)
        _schema(configuration, connection)
        step(configuration, revision)


def _schema(configuration: Config, connection: Connection) -> Schema:
    """Raises NewerSchema for a database at a revision that is not among ours."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    stored = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(configuration)
    newest = scripts.get_current_head()
    assert newest is not None
    if stored is not None and stored not in {script.revision for script in scripts.walk_revisions()}:
        raise NewerSchema(
            f"the database has the schema {stored}, which a newer version of Troth made; this version knows none beyond "
            f"{newest}: start that version or a newer one"
        )
    return Schema(stored, newest)
