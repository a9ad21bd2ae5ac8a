"""`troth tenant`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from troth.cli.common import ApiName, AsJson, Database, TenantAlias, fail, opened, print_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from troth.runtime import Runtime

app = typer.Typer(no_args_is_help=True, help="Create, list, change, export and delete tenants of a served database.")


@app.command("create")
def tenant_create(
    api: ApiName,
    alias: Annotated[
        str, typer.Argument(help="Alias of the live tenant; the test tenant of an API that has them is test_ALIAS.")
    ],
    name: Annotated[str | None, typer.Option(help="Name for people; the alias by default.")] = None,
    landing_url: Annotated[
        str | None,
        typer.Option(help="Landing page of a first program, `referral-program`, where the API has referral programs."),
    ] = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Create a live tenant, and a test tenant where the API has them, each with a key that is shown once.

    Example: troth tenant create saasquatch acme --landing-url https://acme.example/welcome
    """
    from troth.administration import create_project

    with opened(db, creates=True) as runtime:
        made = create_project(runtime, api=api, alias=alias, name=name or alias, landing_url=landing_url)
    print_rows(made, as_json)


@app.command("list")
def tenant_list(db: Database = None, as_json: AsJson = False) -> None:
    """List all tenants. Example: troth tenant list --db sqlite:///troth.db"""
    from troth.administration import tenants

    with opened(db) as runtime:
        shown = tenants(runtime)
    print_rows(shown, as_json)


@app.command("show")
def tenant_show(api: ApiName, alias: TenantAlias, db: Database = None, as_json: AsJson = False) -> None:
    """Show one tenant: settings, keys (their last characters), programs. Example: troth tenant show saasquatch acme"""
    from troth.administration import tenant

    with opened(db) as runtime:
        shown = tenant(runtime, api, alias)
    print_rows([shown], as_json)


@app.command("set")
def tenant_set(
    api: ApiName,
    alias: TenantAlias,
    assignments: Annotated[list[str], typer.Argument(metavar="NAME=VALUE...", help="Settings; values are JSON.")],
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Change settings of a tenant. Example: troth tenant set saasquatch acme openEndpointsEnabled=true"""
    from troth.administration import change

    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, mark, value = assignment.partition("=")
        try:
            changes[name] = json.loads(value)
        except ValueError:  # no JSON, or an integer of more digits than Python reads
            changes[name] = value
        if not mark:
            fail(f"{assignment!r} is not NAME=VALUE")
    try:
        with opened(db) as runtime:
            shown = change(runtime, api, alias, changes)
    except TypeError as error:
        fail(str(error))
    print_rows([shown], as_json)


@app.command("export")
def tenant_export(
    api: ApiName,
    alias: TenantAlias,
    file: Annotated[Path, typer.Argument(help="The file to write; there must be no such file.")],
    db: Database = None,
) -> None:
    """Write everything that a tenant has as lines of JSON: a header, then a line for each row. Secrets stay sealed.

    Example: troth tenant export saasquatch acme acme.jsonl
    """
    from troth.administration import export_tenant

    with opened(db) as runtime:
        count = _exported(export_tenant, runtime, api, alias, file)
    print(f"{file}: {count} rows", file=sys.stderr)


@app.command("delete")
def tenant_delete(
    api: ApiName,
    alias: TenantAlias,
    yes: Annotated[bool, typer.Option("--yes", help="Delete it: nothing brings it back.")] = False,
    export: Annotated[
        Path | None, typer.Option("--export", help="First write what it has, as `tenant export`.", show_default=False)
    ] = None,
    db: Database = None,
) -> None:
    """Delete a tenant with everything that it has: people, points, events, keys, files.

    Its test tenant is one of its own.

    Example: troth tenant delete saasquatch acme --export acme.jsonl --yes
    """
    from troth.administration import delete_tenant, export_tenant, tenant

    with opened(db) as runtime:
        if not yes:
            found = tenant(runtime, api, alias)
            fail(f"this would delete {api} {alias} ({found['name']}, {found['environment']}); say --yes")
        if export is not None:
            _exported(export_tenant, runtime, api, alias, export)
        count = delete_tenant(runtime, api, alias)
    print(f"{api} {alias}: {count} rows deleted", file=sys.stderr)


def _exported(export: Callable[..., int], runtime: Runtime, api: str, alias: str, file: Path) -> int:
    try:
        return export(runtime, api, alias, file)
    except OSError as error:
        fail(f"{file} cannot be written: {error.strerror}")
