"""The `troth` command."""

from __future__ import annotations

import io
import os
import sys
from typing import Annotated

import typer

from troth.deferred import defer

# In this process alone, before anything imports Connexion: whoever else imports Troth is not affected.
defer("httpx", "requests")

from troth.cli import contracts, keys, referrals, servers, tenants, webhooks  # noqa: E402  after `defer`

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="One server that is loyalty and referral APIs: a stateful mock, and the real thing.",
)
for command in (servers.mock, servers.serve, servers.load, contracts.spec, contracts.routes, contracts.stubs):
    app.command()(command)
app.add_typer(tenants.app, name="tenant")
app.add_typer(keys.app, name="key")
app.add_typer(referrals.app, name="referral")
app.add_typer(webhooks.app, name="webhook")


def _version(asked: bool) -> None:
    if asked:
        from troth import __version__

        print(f"troth {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the command itself. Its help is the app's."""


def main() -> None:
    """Entry point of the `troth` script."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal that lacks a sign shows `?`
    try:
        app()
    except BrokenPipeError:
        # Somebody closed the other end of a pipe, e.g. `troth routes | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
