"""The `troth` command."""

from __future__ import annotations

import io
import os
import sys
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from troth.deferred import defer

# In this process alone, before anything imports Connexion: other programs that import Troth are not affected.
defer("httpx", "requests")

from troth.cli import contracts, databases, doctor, listen, mcp, projects, recordings, servers, triggers  # noqa: E402  after `defer`

GROUPS = {
    "tenant": "tenants",
    "key": "keys",
    "signing-key": "signing_keys",
    "secret": "secrets",
    "person": "persons",
    "referral": "referrals",
    "webhook": "webhooks",
    "sandbox": "sandboxes",
    "snapshot": "snapshots",
    "clock": "clocks",
    "journal": "journals",
    "rule": "rules",
    "inbox": "inboxes",
    "delivery": "deliveries",
    "recording": "recordings",
}
"""The module of each group of commands, in the order of the help."""


class _Root(TyperGroup):
    """The commands; a group is imported when it is asked for, because all of them would cost every start 50 ms."""

    def list_commands(self, ctx: Any) -> list[str]:
        return [*(name for name in super().list_commands(ctx) if name not in GROUPS), *GROUPS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in GROUPS and cmd_name not in self.commands:
            around = typer.Typer(rich_markup_mode=None)
            around.add_typer(import_module(f"{__name__}.{GROUPS[cmd_name]}").app, name=cmd_name)
            self.add_command(get_group(around).commands[cmd_name])
        return super().get_command(ctx, cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if self.get_command(ctx, args[0]) is None:
            for name in GROUPS:  # so that one that is spelt alike is suggested
                self.get_command(ctx, name)
        return super().resolve_command(ctx, args)


app = typer.Typer(
    cls=_Root,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="One server that is loyalty and referral APIs: a stateful mock, and the real thing.",
)
for command in (
    projects.init,
    servers.mock,
    servers.serve,
    servers.worker,
    servers.load,
    databases.migrate,
    databases.backup,
    contracts.spec,
    contracts.routes,
    contracts.stubs,
    triggers.trigger,
    listen.listen,
    recordings.replay,
    doctor.doctor,
    mcp.mcp,
):
    app.command()(command)


def _version(requested: bool) -> None:
    if requested:
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
