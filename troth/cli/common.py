"""What the commands share: options, settings, an opened database, and printing."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.runtime import Runtime

Database = Annotated[
    str | None, typer.Option("--db", help="Database URL; TROTH_DATABASE_URL otherwise.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]
ApiName = Annotated[str, typer.Argument(help="The API's name, e.g. saasquatch.")]
TenantAlias = Annotated[str, typer.Argument(help="Alias of the tenant.")]
Alias = Annotated[str, typer.Option("--tenant", help="Alias of the tenant.")]


WRONG_SETTINGS = 2
"""What a command ends with where a setting is malformed, as where an option is."""


def fail(message: str, status: int = 1) -> NoReturn:
    """Say what is wrong on standard error and leave with this status."""
    print(f"troth: {message}", file=sys.stderr)
    raise SystemExit(status)


@contextlib.contextmanager
def one_line_errors() -> Iterator[None]:
    """End the command with one line for what keeps a server from starting, and for a database that goes away
    meanwhile.
    """
    try:
        yield
    except Exception as error:
        from troth.database.errors import is_unavailable, plain_reason_of
        from troth.starting import CannotStart

        if isinstance(error, CannotStart):
            fail(str(error), error.status)
        if is_unavailable(error):
            fail(f"the database cannot be used: {plain_reason_of(error)}")
        raise


def settings_of(**given: Any) -> Any:
    """The settings of the environment, and of options. Ends the command with one line where one is malformed.

    Each variable that looks like a setting and is none is warned of in a line, except in the processes of a supervisor,
    which has printed it.
    """
    from pydantic import ValidationError

    from troth.setting_faults import SUPERVISED, message_of, unknown
    from troth.settings import Settings

    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        fail(message_of(error), WRONG_SETTINGS)
    for line in () if SUPERVISED in os.environ else unknown(os.environ):
        print(f"troth: {line}", file=sys.stderr)
    return settings


@contextlib.contextmanager
def opened(db: str | None, *, creates: bool = False) -> Iterator[Runtime]:
    """The runtime of a served database, without listening; closed at the end of the `with` block.

    Only a command that `creates` what a first server needs makes a database that is not there: for any other,
    a missing one is taken for a typing error.

    A ValueError of the block is what the user asked for wrongly: the command ends with its message.
    """
    with one_line_errors(), _served(db, creates) as runtime:
        try:
            yield runtime
        except ValueError as error:
            fail(str(error))


@contextlib.contextmanager
def _served(db: str | None, creates: bool) -> Iterator[Runtime]:
    from troth.database.storage import Storage
    from troth.runtime import Runtime
    from troth.serve import check_secret_key, prepare_database

    settings = settings_of(database_url=db)
    prepare_database(settings, creates=creates)
    with Storage(settings.database_url, 1, settings.database_timeouts) as storage:
        runtime = Runtime(settings, storage)
        runtime.boot()
        check_secret_key(runtime)
        yield runtime


def print_rows(rows: list[dict[str, Any]], as_json: bool, none: str = "nothing") -> None:
    """A table for people, JSON for programs; `none` is what people read where there are no rows."""
    if as_json:
        print(json.dumps(rows, indent=2, default=str))
        return
    if not rows:
        print(none)
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(json.dumps(v) if isinstance(v, dict | list) else str(v) for v in row.values()))
    Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200).print(table)
