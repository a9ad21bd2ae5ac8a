"""Schema migrations with Alembic, from Python."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troth.database.storage import Storage
from troth.database.timeouts import MIGRATION
from troth.paths import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config
    from sqlalchemy import Connection

MIGRATIONS = ROOT / "models" / "migrations"


def config(connection: Connection) -> Config:
    """An Alembic configuration without an .ini file, on an open connection."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(MIGRATIONS))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str, revision: str = "head") -> None:
    """Bring a database to a revision. A memory database has nothing to migrate."""
    from alembic import command

    _move(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    """Take a database back to a revision."""
    from alembic import command

    _move(url, command.downgrade, revision)


def _move(url: str, step: Callable[[Config, str], None], revision: str) -> None:
    with Storage(url, 1, MIGRATION) as storage, storage.engine.begin() as connection:
        step(config(connection), revision)
