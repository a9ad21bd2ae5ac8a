"""`troth key`."""

from __future__ import annotations

from typing import Annotated

import typer

from troth.cli.common import ApiName, AsJson, Database, TenantAlias, opened, print_rows

app = typer.Typer(no_args_is_help=True, help="Create, list and revoke API keys of a tenant.")


@app.command("create")
def key_create(
    api: ApiName,
    alias: TenantAlias,
    kind: Annotated[
        str | None, typer.Option(help="Kind of credential, e.g. personal_access_token; the API's first by default.")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="A key that may not write, where the API has such keys.")
    ] = False,
    user: Annotated[
        str | None, typer.Option(help="Name of the user that a user_token is for; it may do what the user may.")
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(
            help="When it ends: days from now (90d), or a date or time of ISO 8601 in UTC (2027-03-01); never by default.",
            show_default=False,
        ),
    ] = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Add a key to a tenant; it is shown once. Older keys stay valid until they are revoked, or their end date comes.

    Example: troth key create loyalty_core acme --kind user_token --user mara
    """
    from troth.administration import create_key

    with opened(db) as runtime:
        made = create_key(runtime, api, alias, kind, read_only=read_only, user=user, expires=expires)
    print_rows([made], as_json)


@app.command("list")
def key_list(api: ApiName, alias: TenantAlias, db: Database = None, as_json: AsJson = False) -> None:
    """List a tenant's keys by their last characters: what they are, since when, until when.

    Example: troth key list saasquatch acme
    """
    from troth.administration import keys

    with opened(db) as runtime:
        shown = keys(runtime, api, alias)
    print_rows(shown, as_json)


@app.command("revoke")
def key_revoke(
    api: ApiName,
    alias: TenantAlias,
    key: Annotated[str, typer.Argument(help="The last four characters of the key, or the start of its digest.")],
    db: Database = None,
) -> None:
    """Revoke a key; servers notice within a second. Example: troth key revoke saasquatch acme x7Qp"""
    from troth.administration import revoke_key

    with opened(db) as runtime:
        revoke_key(runtime, api, alias, key)
    print("revoked")
