"""The `troth` command."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from models.kernel.clock import monotonic_s
from troth.deferred import defer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.runtime import Runtime

STARTED = monotonic_s()

defer(
    "httpx", "requests"
)  # for this process, before anything imports Connexion; nobody else who imports Troth is affected

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="One server that is loyalty and referral APIs: a stateful mock, and the real thing.",
)
tenant_app = typer.Typer(no_args_is_help=True, help="Create and list tenants of a served database.")
key_app = typer.Typer(no_args_is_help=True, help="Create, list and revoke API keys of a tenant.")
webhook_app = typer.Typer(no_args_is_help=True, help="Create, list and delete webhook endpoints of a tenant.")
app.add_typer(tenant_app, name="tenant")
app.add_typer(key_app, name="key")
app.add_typer(webhook_app, name="webhook")

Database = Annotated[
    str | None, typer.Option("--db", help="Database URL; TROTH_DATABASE_URL otherwise.", show_default=False)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs.")]


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


def fail(message: str) -> NoReturn:
    """Say what is wrong on standard error and leave with status 1."""
    print(f"troth: {message}", file=sys.stderr)
    raise SystemExit(1)


def _settings(**given: Any) -> Any:
    from pydantic import ValidationError

    from troth.settings import Settings

    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        fail("; ".join(f"TROTH_{'_'.join(str(p) for p in e['loc']).upper()}: {e['msg']}" for e in error.errors()))


@app.command()
def mock(
    port: Annotated[int, typer.Option(help="Port to listen on; 0 picks a free one.", min=0, max=65535)] = 8080,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.", min=0, max=2**31)] = 1,
    clock: Annotated[
        str,
        typer.Option(
            help="`wall` follows the time; `fixed` starts at 2026-01-15T12:00:00Z and stands "
            "still, so that the same requests give the same bytes."
        ),
    ] = "wall",
    scenario: Annotated[str, typer.Option(help="Scenario to start with: a name or the path of a file.")] = "demo",
    db: Annotated[
        str, typer.Option(help="Database to keep the data in, e.g. sqlite:///mock.db; memory by default.")
    ] = "sqlite://",
    log: Annotated[bool, typer.Option(help="Print a JSON line for each request on standard error.")] = False,
) -> None:
    """Start the mock server: seeded, stateful, nothing to configure.

    Example: troth mock --port 9000 --clock fixed
    """
    gc.disable()  # until the start is over: `troth.server.run.serve` turns the collector on again
    from troth.mock.run import run_mock
    from troth.mock.scenarios import ScenarioError
    from troth.server.sockets import CannotListen

    if clock not in ("wall", "fixed"):
        fail(f"--clock is wall or fixed, not {clock}")
    settings = _settings(
        mock=True, host=host, port=port, seed=seed, fixed_clock=clock == "fixed", database_url=db, access_log=log
    )
    try:
        run_mock(settings, scenario, STARTED)
    except ScenarioError as error:
        fail(str(error))
    except CannotListen as error:
        fail(f"{error}; choose another with --port")


@app.command()
def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on (TROTH_PORT).", show_default=False)] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (TROTH_HOST).", show_default=False)] = None,
    db: Database = None,
) -> None:
    """Serve the APIs for real: nothing seeded, no control plane.

    Needs TROTH_SECRET_KEY. Example: TROTH_SECRET_KEY=... troth serve --db sqlite:///troth.db
    """
    from troth.serve import Refused, run_server
    from troth.server.sockets import CannotListen

    settings = _settings(host=host, port=port, database_url=db)
    try:
        run_server(settings)
    except (Refused, CannotListen) as error:
        fail(str(error))


@app.command()
def load(
    file: Annotated[str, typer.Argument(help="A scenario: its name or the path of a .yaml file.")],
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Load a scenario into a database: new tenants with fresh keys, shown once; settings and programs of existing ones.

    docs/scenarios.md says what a file may hold. Example: troth load fixtures/scenarios/demo.yaml --db sqlite:///troth.db
    """
    from troth.mock.scenarios import ScenarioError, find_scenario, load_scenario

    try:
        with _opened(db) as runtime, runtime.storage.session() as session, session.begin():
            loaded = load_scenario(runtime, session, find_scenario(file), fixed_keys=False)
    except ScenarioError as error:
        fail(str(error))
    _print(loaded.tenants, as_json)


@tenant_app.command("create")
def tenant_create(
    api: Annotated[str, typer.Argument(help="saasquatch")],
    alias: Annotated[str, typer.Argument(help="Alias of the live tenant; the test tenant is test_ALIAS.")],
    name: Annotated[str | None, typer.Option(help="Name for people; the alias by default.")] = None,
    landing_url: Annotated[
        str | None, typer.Option(help="Landing page of a first program, `referral-program`.")
    ] = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Create a live and a test tenant, each with a key that is shown once.

    Example: troth tenant create saasquatch acme --landing-url https://acme.example/welcome
    """
    from troth.administration import create_project

    try:
        with _opened(db) as runtime:
            made = create_project(runtime, api=api, alias=alias, name=name or alias, landing_url=landing_url)
    except ValueError as error:
        fail(str(error))
    _print(made, as_json)


@tenant_app.command("list")
def tenant_list(db: Database = None, as_json: AsJson = False) -> None:
    """List all tenants."""
    from troth.administration import tenants

    with _opened(db) as runtime:
        shown = tenants(runtime)
    _print(shown, as_json)


@tenant_app.command("show")
def tenant_show(api: str, alias: str, db: Database = None, as_json: AsJson = False) -> None:
    """Show one tenant: settings, keys (their last characters), programs."""
    from troth.administration import tenant

    try:
        with _opened(db) as runtime:
            shown = tenant(runtime, api, alias)
    except ValueError as error:
        fail(str(error))
    _print([shown], as_json)


@tenant_app.command("set")
def tenant_set(
    api: str,
    alias: str,
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
        with _opened(db) as runtime:
            shown = change(runtime, api, alias, changes)
    except (ValueError, TypeError) as error:
        fail(str(error))
    _print([shown], as_json)


@key_app.command("create")
def key_create(
    api: str,
    alias: str,
    kind: Annotated[
        str | None, typer.Option(help="Kind of credential, e.g. personal_access_token; the API's first by default.")
    ] = None,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="A key that may not write, where the API has such keys.")
    ] = False,
    user: Annotated[
        str | None, typer.Option(help="Name of the user that a user_token is for; it may do what the user may.")
    ] = None,
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Add a key to a tenant; it is shown once. Older keys stay valid until they are revoked.

    Example: troth key create loyalty_core acme --kind user_token --user mara
    """
    from troth.administration import create_key

    try:
        with _opened(db) as runtime:
            made = create_key(runtime, api, alias, kind, read_only=read_only, user=user)
    except ValueError as error:
        fail(str(error))
    _print([made], as_json)


@key_app.command("list")
def key_list(api: str, alias: str, db: Database = None, as_json: AsJson = False) -> None:
    """List a tenant's keys by their last characters."""
    from troth.administration import keys

    try:
        with _opened(db) as runtime:
            shown = keys(runtime, api, alias)
    except ValueError as error:
        fail(str(error))
    _print(shown, as_json)


@key_app.command("revoke")
def key_revoke(
    api: str,
    alias: str,
    key: Annotated[str, typer.Argument(help="The last four characters of the key, or the start of its digest.")],
    db: Database = None,
) -> None:
    """Revoke a key; servers notice within a second."""
    from troth.administration import revoke_key

    try:
        with _opened(db) as runtime:
            revoke_key(runtime, api, alias, key)
        print("revoked")
    except ValueError as error:
        fail(str(error))


Alias = Annotated[str, typer.Option("--tenant", help="Alias of the tenant.")]


@webhook_app.command("create")
def webhook_create(
    api: str,
    url: str,
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

    try:
        with _opened(db) as runtime:
            made = create_webhook(runtime, api, alias, url, types or ["*"], name=name, secret=secret)
    except ValueError as error:
        fail(str(error))
    _print([made], as_json)


@webhook_app.command("list")
def webhook_list(api: str, alias: Alias, db: Database = None, as_json: AsJson = False) -> None:
    """List a tenant's webhook endpoints."""
    from troth.administration import webhooks

    try:
        with _opened(db) as runtime:
            shown = webhooks(runtime, api, alias)
    except ValueError as error:
        fail(str(error))
    _print(shown, as_json)


@webhook_app.command("delete")
def webhook_delete(api: str, url: str, alias: Alias, db: Database = None) -> None:
    """Remove a tenant's webhook endpoint by its address."""
    from troth.administration import delete_webhook

    try:
        with _opened(db) as runtime:
            delete_webhook(runtime, api, alias, url)
        print("deleted")
    except ValueError as error:
        fail(str(error))


@app.command()
def spec(
    api: Annotated[str, typer.Argument(help="The API's name, e.g. saasquatch.")],
    form: Annotated[str, typer.Option("--format", help="json or yaml.")] = "json",
) -> None:
    """Print an API's bundled contract. Example: troth spec saasquatch --format yaml"""
    from troth.contracts import store
    from troth.contracts.errors import ContractError

    if api not in store.api_names():
        fail(f"no API {api!r}; there are {', '.join(store.api_names())}")
    try:
        document, _ = store.load(api)
    except ContractError as error:
        fail(str(error))
    if form == "json":
        sys.stdout.buffer.write(store.dump(document))
    elif form == "yaml":
        import yaml

        sys.stdout.write(yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=120))
    else:
        fail(f"--format is json or yaml, not {form}")


@app.command()
def routes(as_json: AsJson = False) -> None:
    """List every operation: method, path, operationId, handler."""
    from troth.administration import routes as all_routes

    _print(all_routes(), as_json)


@app.command()
def stubs(check: Annotated[bool, typer.Option(help="Only say what is missing.")] = False) -> None:
    """Write a handler and a test skeleton for each operation that has none."""
    from troth.contracts.stubs import write_stubs

    written = write_stubs(check=check)
    for line in written:
        print(line)
    if not written:
        print("every operation has a handler")


@contextlib.contextmanager
def _opened(db: str | None) -> Iterator[Runtime]:
    """The runtime of a served database, without listening; closed at the end of the `with` block."""
    from troth.database.storage import Storage
    from troth.runtime import Runtime
    from troth.serve import Refused, check_secret_key, prepare_database

    settings = _settings(database_url=db)
    try:
        prepare_database(settings)
    except Refused as error:
        fail(str(error))
    with Storage(settings.database_url, 1, settings.database_timeouts) as storage:
        runtime = Runtime(settings, storage)
        runtime.boot()
        try:
            check_secret_key(runtime)
        except Refused as error:
            fail(str(error))
        yield runtime


def _print(rows: list[dict[str, Any]], as_json: bool) -> None:
    """A table for people, JSON for programs."""
    if as_json:
        print(json.dumps(rows, indent=2, default=str))
        return
    if not rows:
        print("nothing")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    for name in rows[0]:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*(json.dumps(v) if isinstance(v, dict | list) else str(v) for v in row.values()))
    Console(soft_wrap=not sys.stdout.isatty(), width=None if sys.stdout.isatty() else 200).print(table)


def main() -> None:
    """Entry point of the `troth` script."""
    try:
        app()
    except BrokenPipeError:
        # Somebody closed the other end of a pipe, e.g. `troth routes | head`.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None


__all__ = ["app", "main"]

if __name__ == "__main__":
    main()
