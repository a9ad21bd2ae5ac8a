"""Opening a database at the start of a server or a command, or refusing it with one line that says why."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from troth.database.errors import plain_reason_of
from troth.database.sqlite import file_of, is_memory
from troth.starting import CannotStart

MAGIC = b"SQLite format 3\0"


def prepare(url: str, *, creates: bool, migrates: bool) -> None:
    """See that a database has the newest schema: a new one gets it when the caller `creates` databases, an older one
    when it `migrates` them.

    Raises CannotStart.
    """
    from troth.database.migrate import schema_of, upgrade

    with checked(url, must_exist=not creates):
        schema = schema_of(url)
        if schema.stored is None and not creates:
            raise CannotStart(
                "the database has no schema: name another with --db or TROTH_DATABASE_URL, or make the schema with `troth migrate`"
            )
        if schema.stored is None or (migrates and not schema.is_current):
            upgrade(url)
        elif not schema.is_current:
            raise CannotStart(
                f"the database has the schema {schema.stored}, and this version works with {schema.newest}: run `troth migrate`, "
                "or start with --migrate"
            )


@contextlib.contextmanager
def checked(url: str, *, must_exist: bool = False) -> Iterator[None]:
    """A context that opens a database.

    Raises CannotStart where that cannot be, or where a newer version has made its schema.

    SQLite makes a file that does not exist; with `must_exist` that is refused: its name is mistyped.
    """
    from troth.database.migrate import NewerSchema

    try:
        if is_memory(url):
            raise CannotStart(
                "a database in memory ends with its process, and is a mock's only: name sqlite:///FILE or postgresql://..."
            )
        file = file_of(make_url(url))
        if file is not None:
            _check_file(file)
            if must_exist and not file.exists():
                raise CannotStart(
                    f"there is no database {file}: name it with --db or TROTH_DATABASE_URL, or make it with `troth migrate`"
                )
        yield
    except NewerSchema as error:
        raise CannotStart(str(error)) from error
    except SQLAlchemyError as error:
        raise CannotStart(f"the database cannot be opened: {plain_reason_of(error)}") from error


def _check_file(file: Path) -> None:
    """What SQLite would only call "unable to open database file", or find out in the first write.

    Raises CannotStart.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        what = "is not a folder" if folder.exists() else "does not exist"
        raise CannotStart(f"the database {file} cannot be opened: {folder} {what}")
    if file.is_dir():
        raise CannotStart(f"the database {file} cannot be opened: it is a folder")
    if file.exists():
        if not os.access(file, os.R_OK):
            raise CannotStart(f"the database {file} cannot be opened: the file may not be read")
        if not os.access(file, os.W_OK):
            raise CannotStart(f"the database {file} cannot be opened: the file is read-only")
        if not _is_database(file):
            raise CannotStart(f"the database {file} cannot be opened: the file is not a database of SQLite")
    if not os.access(folder, os.W_OK):  # SQLite makes a journal beside the file
        raise CannotStart(f"the database {file} cannot be opened: the folder {folder} is read-only")


def _is_database(file: Path) -> bool:
    """Whether a file begins as a SQLite database does, or is empty, which is a new one
    (https://sqlite.org/fileformat.html).
    """
    with file.open("rb") as opened:
        begin = opened.read(len(MAGIC))
    return begin in (b"", MAGIC)
