"""Schema migrations with Alembic, from Python."""

from __future__ import annotations

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


def config(connection: Connection) -> Config:
    """An Alembic configuration without an .ini file, on an open connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision; one server at a time. A memory database has nothing to migrate. Raises NewerSchema."""
    from alembic import command

    _move(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision."""
    from alembic import command

    _move(url, command.downgrade, revision)


def _move(url: str, step: Callable[[Config, str], None], revision: str) -> None:
    with Storage(url, 1, MIGRATION) as storage, storage.engine.begin() as connection:
        serialise_starts(connection)
        configuration = config(connection)
        _check_known(configuration, connection)
        step(configuration, revision)


def _check_known(configuration: Config, connection: Connection) -> None:
    """Raises NewerSchema for a database at a revision that is not among ours."""
    from alembic.runtime.migration import MigrationContext
    from alembic.script import ScriptDirectory

    stored = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(configuration).walk_revisions()}
    if stored is not None and stored not in known:
        raise NewerSchema(
            f"the database has the schema {stored}, which a newer version of Troth made; this version knows none beyond "
            f"{ScriptDirectory.from_config(configuration).get_current_head()}: start that version or a newer one"
        )
