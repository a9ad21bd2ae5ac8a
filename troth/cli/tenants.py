"""`troth tenant`."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from troth.cli.common import ApiName, AsJson, Database, TenantAlias, fail, opened, print_rows

app = typer.Typer(no_args_is_help=True, help="Create and list tenants of a served database.")


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

    with opened(db) as runtime:
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
        except json.JSONDecodeError:
            changes[name] = value
        if not mark:
            fail(f"{assignment!r} is not NAME=VALUE")
    try:
        with opened(db) as runtime:
            shown = change(runtime, api, alias, changes)
    except TypeError as error:
        fail(str(error))
    print_rows([shown], as_json)
