"""The server that is recorded: the demo scenario, seed 1, a fixed clock, and webhooks that never leave the process."""

import contextlib
from collections.abc import Iterator

from models.kernel.connection import LazyConnection
from models.tenancy.tenants import add_credential
from tests.recording.callers import READER
from tests.support import asgi
from tests.support.client import BASE_URL
from troth.app import Server
from troth.health import Health
from troth.mock.run import build_mock
from troth.outbox.outgoing import SendResult
from troth.settings import Settings


class InProcessSender:
    """Delivers to the server's own addresses by calling the application.

    Any other address answers 503 to the first attempt of each webhook and 200 to the second, so that each is retried
    once. The duration of a call is recorded as 0 ms: it is wall time, and is stored with the delivery.
    """

    def __init__(self, server: Server) -> None:
        self._server = server
        self._refused: set[tuple[str, bytes]] = set()

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        if not url.startswith(f"{BASE_URL}/"):
            return self._answer_from_outside((url, body))
        sent = [*headers.items(), ("Content-Length", str(len(body))), ("Host", BASE_URL.partition("://")[2])]
        answer = await asgi.call(self._server.app, "POST", url.removeprefix(BASE_URL), headers=sent, chunks=(body,))
        return SendResult(answer.status, answer.body.decode())

    def _answer_from_outside(self, call: tuple[str, bytes]) -> SendResult:
        if call in self._refused:
            return SendResult(200, "ok")
        self._refused.add(call)
        return SendResult(503, "not now")

    async def close(self) -> None:
        """Nothing is open."""


@contextlib.contextmanager
def recorded_server() -> Iterator[Server]:
    """A server in memory, filled with the demo scenario.

    Nothing runs in the background: jobs and deliveries run only in calls.
    """
    settings = Settings(mock=True, database_url="sqlite://", fixed_clock=True, seed=1, public_url=BASE_URL)
    server = build_mock(settings, "demo")
    keep_within(server)
    try:
        yield server
    finally:
        server.close()


def keep_within(server: Server) -> None:
    """Prepare a server with the demo for the script: nothing is sent outside, and the token that the script reads with
    is there.
    """
    server.runtime.services["dispatcher"].sender = InProcessSender(server)
    server.runtime.services["health"] = Health(server.runtime, _LooksRunning())
    _add_reader(server)


class _LooksRunning:
    """What readiness asks of the dispatcher: here, where it does not run, it has always just looked for work."""

    age_s = 0.0


def _add_reader(server: Server) -> None:
    """Give the demo's Loyalty Core organization a second token, which may only read members: the demo has none without
    all roles.
    """
    runtime = server.runtime
    with runtime.storage.session() as session, session.begin():
        tenant = runtime.directory.tenant(LazyConnection.of(session), "loyalty_core", "demo")
        assert tenant is not None
        add_credential(
            session, runtime.directory.vault, tenant, READER, kind="api_token", now_ms=1, scopes=["members:read"]
        )
