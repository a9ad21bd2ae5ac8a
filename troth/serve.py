"""`troth serve` and `troth worker`: the APIs for real, on a migrated database, with nothing seeded."""

from __future__ import annotations

import contextlib
import os
import tempfile
from functools import partial
from typing import TYPE_CHECKING

from troth.starting import CannotStart

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from socket import socket

    from starlette.types import ASGIApp

    from troth.runtime import Runtime
    from troth.settings import Settings

STOP_S = 20.0
"""How long requests under way have to finish at the end."""


def prepare_database(settings: Settings, *, creates: bool) -> None:
    """Check the secret key and the database's schema, which a new database gets when the caller `creates` databases.

    Raises CannotStart.
    """
    from troth.database.opening import prepare

    try:
        settings.sealing_key  # noqa: B018  raises when it is missing
    except ValueError as error:
        raise CannotStart(f"{error}; e.g. export TROTH_SECRET_KEY=$(openssl rand -hex 32)") from error
    prepare(settings.database_url, creates=creates, migrates=settings.migrate)


def check_secret_key(runtime: Runtime) -> None:
    """See that the database's secrets were sealed under this key. Raises CannotStart."""
    from models.kernel.vault import VaultError
    from models.tenancy.tenants import check_vault
    from troth.runtime import SEALED_UNDER_ANOTHER_KEY

    try:
        with runtime.storage.deferred_session() as session:
            check_vault(session, runtime.directory.vault)
    except VaultError as error:
        raise CannotStart(SEALED_UNDER_ANOTHER_KEY) from error


def check_keys(runtime: Runtime) -> None:
    """See that the database's secrets can be read, and that none is published. Raises CannotStart."""
    from models.outbox.signing import has_demo_key
    from models.tenancy.tenants import has_demo_credentials
    from troth.runtime import HOLDS_PUBLISHED_KEYS

    with runtime.storage.deferred_session() as session:
        if has_demo_credentials(session) or has_demo_key(session):
            raise CannotStart(HOLDS_PUBLISHED_KEYS)
    check_secret_key(runtime)


def run_server(settings: Settings, arguments: Sequence[str] = ()) -> None:
    """Serve until interrupted.

    With several workers, this process starts `troth ARGUMENTS` for each. Raises CannotStart.
    """
    from troth.log import configure
    from troth.metrics import MULTIPROCESS
    from troth.server.sockets import listen, port_of
    from troth.server.workers import inherited_sockets, inherited_supervisor, supervise

    configure()
    prepare_database(settings, creates=True)
    with contextlib.ExitStack() as stack:
        supervisor = inherited_supervisor(os.environ)
        given = inherited_sockets(os.environ) or listen(settings.host, settings.port)
        sockets = [stack.enter_context(one) for one in given]
        settings = settings.model_copy(update={"port": port_of(sockets)})
        if settings.workers == 1 or supervisor is not None:
            _serve(settings, sockets, supervisor)
            return
        _check_several(settings)
        # Each process counts into files of this folder, and any of them answers a scrape with the sums.
        counts = stack.enter_context(tempfile.TemporaryDirectory(prefix="troth-metrics-"))
        supervise(arguments, settings.workers, sockets, {MULTIPROCESS: counts}, stop_s=STOP_S)


def _serve(settings: Settings, sockets: list[socket], supervisor: socket | None) -> None:
    from troth.access_log import log_request
    from troth.app import build
    from troth.log import logger
    from troth.metrics.page import MetricsPage, measure
    from troth.server.run import serve

    with (
        contextlib.closing(build(settings, create_tables=False, front=MetricsPage)) as server,
        contextlib.ExitStack() as on_end,
    ):
        measure(server.runtime)
        server.runtime.check_files()
        check_keys(server.runtime)
        server.runtime.storage.analyze()
        server.compiled.compile()
        if settings.access_log:
            server.runtime.watchers += (log_request,)
        server.around = on_end.enter_context(traced(server.runtime))
        logger.info("listening", url=settings.base_url, https_only=settings.https_only)
        serve(server, sockets, stop_s=STOP_S, supervisor=supervisor)


@contextlib.contextmanager
def traced(runtime: Runtime) -> Iterator[Callable[[ASGIApp], ASGIApp] | None]:
    """A context in which a runtime's work is traced, if the settings say so, and what its application is to be wrapped
    in. Raises CannotStart.
    """
    if not runtime.settings.otel_endpoint:
        yield None
        return
    from troth.tracing.provider import otlp_provider

    provider = otlp_provider(runtime.settings.otel_endpoint)  # first: it says which extra is missing
    from troth.tracing.tracing import TracedApp, install, uninstall

    tracing = install(runtime, provider)
    try:
        yield partial(TracedApp, tracing=tracing)
    finally:
        uninstall(tracing)


def _check_several(settings: Settings) -> None:
    """What each of several processes would refuse, found out once. Raises CannotStart."""
    from troth.database.storage import Storage
    from troth.runtime import Runtime

    with Storage(settings.database_url, 1, settings.database_timeouts) as storage:
        runtime = Runtime(settings, storage)
        runtime.boot()
        runtime.check_files()
        check_keys(runtime)


def run_worker(settings: Settings) -> None:
    """Run background jobs and send webhooks until interrupted; nothing listens. Raises CannotStart.

    Any number of workers and servers may use one database: rows are claimed under a lock and leased, and what a process
    that was killed had claimed is taken by another when the lease is over.
    """
    from troth.app import add_dispatcher
    from troth.database.storage import Storage
    from troth.log import configure, logger
    from troth.metrics.page import measure, worker_page
    from troth.outbox.outgoing import HttpSender
    from troth.runtime import Runtime
    from troth.server.run import run_until_stopped
    from troth.server.sockets import listen

    configure()
    prepare_database(settings, creates=False)
    with Storage(settings.database_url, settings.pool_size, settings.database_timeouts) as storage:
        runtime = Runtime(settings, storage)
        runtime.boot()
        runtime.check_files()
        check_keys(runtime)
        dispatcher = add_dispatcher(runtime, HttpSender(private=settings.private_targets))
        measure(runtime)
        page = worker_page(runtime)
        with contextlib.ExitStack() as stack:
            stack.enter_context(traced(runtime))
            port = settings.metrics_port
            sockets = [stack.enter_context(one) for one in listen("127.0.0.1", port)] if port else []
            logger.info("working", database=storage.engine.url.render_as_string())
            run_until_stopped(dispatcher, page, sockets)
