"""`troth mock`, `serve` and `load`."""

from __future__ import annotations

import gc
import sys
from typing import Annotated

import typer

from models.kernel.clock import monotonic_s
from troth.cli.common import AsJson, Database, fail, one_line_errors, opened, print_rows, settings_of

STARTED = monotonic_s()


def mock(
    port: Annotated[
        int | None,
        typer.Option(
            help="Port to listen on (TROTH_PORT; 8080); 0 picks a free one.", min=0, max=65535, show_default=False
        ),
    ] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (TROTH_HOST; 127.0.0.1).", show_default=False)
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed gives the same data.", min=0, max=2**31)] = 1,
    clock: Annotated[
        str,
        typer.Option(
            help="`wall` follows the time; `fixed` starts at 2026-01-15T12:00:00Z and stands "
            "still, so that the same requests give the same bytes."
        ),
    ] = "wall",
    scenario: Annotated[
        str | None,
        typer.Option(
            help="Scenario to start with: a name or the path of a file; this folder's troth.yaml, or else demo.",
            show_default=False,
        ),
    ] = None,
    db: Annotated[
        str, typer.Option(help="Database to keep the data in, e.g. sqlite:///mock.db; memory by default.")
    ] = "sqlite://",
    log: Annotated[bool, typer.Option(help="Print a JSON line for each request on standard error.")] = False,
    apis: Annotated[
        str | None, typer.Option("--api", help="APIs to mock, separated by commas; all by default.", show_default=False)
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option(
            "--json", help="Print one line of JSON when it answers (URLs, credentials, pid), and nothing else."
        ),
    ] = False,
) -> None:
    """Start the mock server: seeded, stateful, nothing to configure.

    Example: troth mock --port 9000 --clock fixed
    Example for programs: troth mock --json --port 0 --api saasquatch,leat
    """
    gc.disable()  # until the start is over: `troth.server.run.serve` turns the collector on again
    from troth.apis import APIS, apis_with
    from troth.mock.run import run_mock
    from troth.mock.scenarios import default_scenario
    from troth.server.sockets import CannotListen

    if clock not in ("wall", "fixed"):
        fail(f"--clock is wall or fixed, not {clock}")
    try:
        mounted = APIS if apis is None else apis_with([name.strip() for name in apis.split(",")])
    except ValueError as error:
        fail(f"--api: {error}")
    settings = settings_of(
        mock=True, host=host, port=port, seed=seed, fixed_clock=clock == "fixed", database_url=db, access_log=log
    )
    with one_line_errors():
        try:
            run_mock(settings, scenario or default_scenario(), STARTED, apis=mounted, as_json=as_json)
        except CannotListen as error:
            fail(f"{error}; choose another with --port")


def serve(
    port: Annotated[int | None, typer.Option(help="Port to listen on (TROTH_PORT).", show_default=False)] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on (TROTH_HOST).", show_default=False)] = None,
    db: Database = None,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring an older schema to the newest first (TROTH_MIGRATE).")
    ] = False,
    dispatch: Annotated[
        bool | None,
        typer.Option(
            "--dispatch/--no-dispatch",
            help="Run background jobs and send webhooks in the server (TROTH_DISPATCH; on), or leave it to `troth worker`.",
            show_default=False,
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Server processes on the same port (TROTH_WORKERS; 1).", min=1, max=256, show_default=False),
    ] = None,
) -> None:
    """Serve the APIs for real: nothing seeded, no control plane. A new database gets its schema.

    Needs TROTH_SECRET_KEY. Example: TROTH_SECRET_KEY=... troth serve --db sqlite:///troth.db
    """
    from troth.serve import run_server

    settings = settings_of(
        host=host, port=port, database_url=db, migrate=migrate or None, dispatch=dispatch, workers=workers
    )
    with one_line_errors():
        run_server(settings, sys.argv[1:])


def worker(
    db: Database = None,
    migrate: Annotated[
        bool, typer.Option("--migrate", help="Bring an older schema to the newest first (TROTH_MIGRATE).")
    ] = False,
) -> None:
    """Run background jobs and send webhooks for servers on the same database; any number of workers may.

    Needs TROTH_SECRET_KEY. Example: troth worker --db postgresql://troth@localhost/troth
    """
    from troth.serve import run_worker

    settings = settings_of(database_url=db, migrate=migrate or None)
    with one_line_errors():
        run_worker(settings)


def load(
    file: Annotated[str, typer.Argument(help="A scenario: its name or the path of a .yaml file.")],
    db: Database = None,
    as_json: AsJson = False,
) -> None:
    """Load a scenario into a database: new tenants with fresh keys, shown once; settings and programs of existing ones.

    docs/scenarios.md says what a file may hold. Example: troth load fixtures/scenarios/demo.yaml --db
    sqlite:///troth.db
    """
    from troth.mock.scenarios import find_scenario, load_scenario

    with opened(db, creates=True) as runtime, runtime.storage.session() as session, session.begin():
        loaded = load_scenario(runtime, session, find_scenario(file), fixed_keys=False)
    print_rows(loaded.tenants, as_json)
