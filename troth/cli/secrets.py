"""`troth secret`."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from models.kernel.clock import monotonic_s
from troth.cli.common import AsJson, Database, fail, opened, print_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.rotation import Progress

app = typer.Typer(no_args_is_help=True, help="Change TROTH_SECRET_KEY, under which secrets are sealed.")
LINE_S = 10.0
"""Without a terminal a line says so often how far it is."""


@app.callback()
def _group() -> None:
    """Makes a group of one command."""


@app.command("rotate")
def secret_rotate(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; status 1 when something is still under the old key.")
    ] = False,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Seal again under TROTH_SECRET_KEY what is sealed under TROTH_SECRET_KEY_FALLBACK, while servers that have both
    keys go on.

    One that was stopped in the middle is started again. docs/operations.md has the whole procedure.

    Example: TROTH_SECRET_KEY=$NEW TROTH_SECRET_KEY_FALLBACK=$OLD troth secret rotate
    """
    from troth.rotation import rotate, sealed_secrets

    with opened(db) as runtime, _progress() as progress:
        if check:
            found, resealed = sealed_secrets(runtime, progress), 0
        else:
            found, resealed = rotate(runtime, progress)
    print_rows([one.row for one in found], as_json)
    if not check:
        print(f"{resealed} secrets were sealed again", file=sys.stderr)
    unreadable = sum(one.unreadable for one in found)
    if unreadable:
        fail(f"{unreadable} secrets open with neither TROTH_SECRET_KEY nor TROTH_SECRET_KEY_FALLBACK")
    old = sum(one.old for one in found)
    if old:
        hint = "" if check else ": a server still seals under it; restart that with the new key and run this again"
        fail(f"{old} secrets are sealed under TROTH_SECRET_KEY_FALLBACK{hint}")


@contextlib.contextmanager
def _progress() -> Iterator[Progress]:
    """What shows how far it is on standard error: a bar on a terminal, elsewhere a line each ten seconds."""
    if not sys.stderr.isatty():
        yield _Lines().show
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("")

        def show(table: str, done: int, total: int) -> None:
            bar.update(task, description=table, completed=done, total=max(done, total))

        yield show


class _Lines:
    """A line for a program that reads standard error, the first after ten seconds."""

    def __init__(self) -> None:
        self._next_s = monotonic_s() + LINE_S

    def show(self, table: str, done: int, total: int) -> None:
        if monotonic_s() >= self._next_s:
            self._next_s = monotonic_s() + LINE_S
            print(f"{table}: {done} of {max(done, total)}", file=sys.stderr, flush=True)
