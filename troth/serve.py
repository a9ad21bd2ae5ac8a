"""`troth serve`: the APIs for real, on a migrated database, with nothing seeded."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from troth.starting import CannotStart

if TYPE_CHECKING:
    from troth.runtime import Runtime
    from troth.settings import Settings


STOP_S = 20.0
"""How long requests under way have to finish at the end."""


def prepare_database(settings: Settings) -> None:
    """Check the secret key and bring the database to the newest schema. Raises CannotStart."""
    from troth.database.opening import prepare

    try:
        settings.sealing_key  # noqa: B018  raises when it is missing
    except ValueError as error:
        raise CannotStart(f"{error}; e.g. export TROTH_SECRET_KEY=$(openssl rand -hex 32)") from error
    prepare(settings.database_url)


def check_secret_key(runtime: Runtime) -> None:
    """See that the database's secrets were sealed under this key. Raises CannotStart."""
    from models.kernel.vault import VaultError
    from models.tenancy.tenants import check_vault

    try:
        with runtime.storage.deferred_session() as session:
            check_vault(session, runtime.directory.vault)
    except VaultError as error:
        raise CannotStart("TROTH_SECRET_KEY is not the one that this database's secrets were sealed under") from error


def run_server(settings: Settings) -> None:
    """Serve until interrupted. Raises CannotStart."""
    from models.outbox.signing import has_demo_key
    from models.tenancy.tenants import has_demo_credentials
    from troth.app import build
    from troth.log import configure, logger
    from troth.server.run import serve
    from troth.server.sockets import listen, port_of

    configure()
    prepare_database(settings)
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(opened) for opened in listen(settings.host, settings.port)]
        settings = settings.model_copy(update={"port": port_of(sockets)})
        server = stack.enter_context(contextlib.closing(build(settings, create_tables=False)))
        server.runtime.check_files()
        with server.runtime.storage.deferred_session() as session:
            if has_demo_credentials(session) or has_demo_key(session):
                raise CannotStart(
                    "the database holds the demo's published keys; serve another one, made by `troth tenant create` or `troth load`"
                )
        check_secret_key(server.runtime)
        server.runtime.storage.analyze()
        server.compiled.compile()
        if settings.access_log:
            server.runtime.log = lambda **values: logger.info("request", **values)
        logger.info("listening", url=settings.base_url, https_only=settings.https_only)
        serve(server, sockets, stop_s=STOP_S)
