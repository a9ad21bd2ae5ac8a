"""`troth webhook`."""

from __future__ import annotations

from typing import Annotated

import typer

from troth.cli.common import Alias, ApiName, AsJson, Database, opened, print_rows

app = typer.Typer(no_args_is_help=True, help="Create, list and delete webhook endpoints of a tenant.")


@app.command("create")
def webhook_create(
    api: ApiName,
    url: Annotated[str, typer.Argument(help="Address that gets the webhooks.")],
    alias: Alias,
    types: Annotated[
        list[str] | None, typer.Option("--event", help="Event type; several may be given, all by default.")
    ] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    secret: Annotated[str | None, typer.Option(help="Signing secret; a fresh one by default.")] = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Add a webhook endpoint; its signing secret is shown once.

    Example: troth webhook create advocacy https://hooks.example.org/troth --tenant acme --event advocate.joined
    """
    from troth.administration import create_webhook

    with opened(db) as runtime:
        made = create_webhook(runtime, api, alias, url, types or ["*"], name=name, secret=secret)
    print_rows([made], as_json)


@app.command("list")
def webhook_list(api: ApiName, alias: Alias, db: Database = None, as_json: AsJson = False) -> None:
    """List a tenant's webhook endpoints. Example: troth webhook list advocacy --tenant acme"""
    from troth.administration import webhooks

    with opened(db) as runtime:
        shown = webhooks(runtime, api, alias)
    print_rows(shown, as_json)


@app.command("delete")
def webhook_delete(
    api: ApiName,
    url: Annotated[str, typer.Argument(help="Address that gets the webhooks.")],
    alias: Alias,
    db: Database = None,
) -> None:
    """Remove a tenant's webhook endpoint by its address.

    Example: troth webhook delete advocacy https://hooks.example.org/troth --tenant acme
    """
    from troth.administration import delete_webhook

    with opened(db) as runtime:
        delete_webhook(runtime, api, alias, url)
    print("deleted")
