"""Serving: the same for the mock, for production and for the benchmark."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import signal
import sys
from typing import TYPE_CHECKING, Any, Protocol

from troth.log import logger
from troth.server.granian_server import CONNECTIONS_MAX, HEAD_TIMEOUT_MS, SocketServer
from troth.server.under_way import UnderWay
from troth.server.workers import supervised

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

    from troth.app import Server


class Service(Protocol):
    """What works in the background."""

    async def start(self) -> None:
        """Begin."""

    async def stop(self) -> None:
        """End, after what is under way."""


SIGNALS = (signal.SIGINT, signal.SIGTERM)
KEEP_ALIVE_MARGIN_S = 5
CLOSE_S = 0.5
"""For the last answers to leave, once they are given; a client with half a head keeps its connection open for longer
than that.
"""

FILES_MIN = CONNECTIONS_MAX + 512
"""Descriptors that the process asks for: its connections, the database's, and files."""


SWITCH_S = 0.001
"""How long a thread (an export, a long list) may keep the interpreter from the event loop. A request needs it several
times: with Python's 5 ms, 99 of 100 were served within 60 ms beside lists of a thousand referrals, with 1 ms within 35
ms; less gains nothing.
"""


def serve(
    server: Server, sockets: Sequence[socket.socket], *, stop_s: float, supervisor: socket.socket | None = None
) -> None:
    """Serve until SIGINT or SIGTERM, or until the supervisor is gone; then finish the requests under way, for at most
    `stop_s` seconds.

    What is there by now (contracts, validators, modules) lives as long as the process: the garbage collector has to
    leave it alone, or every full collection would walk through all of it again.
    """
    _allow_files()
    gc.freeze()
    gc.enable()
    sys.setswitchinterval(SWITCH_S)
    _run(_serve(server, sockets, stop_s, supervisor))


async def _serve(
    server: Server, sockets: Sequence[socket.socket], stop_s: float, supervisor: socket.socket | None
) -> None:
    stop = asyncio.Event()
    with _on_signals(stop.set):
        serving = serve_until(stop, server, sockets, stop_s=stop_s)
        if supervisor is None:
            await serving
            return
        watching = asyncio.create_task(supervised(supervisor, stop))
        try:
            await serving
        finally:
            watching.cancel()


def run_until_stopped(service: Service, app: ASGIApp, sockets: Sequence[socket.socket]) -> None:
    """Run a service until SIGINT or SIGTERM, and stop it;
    an application is served meanwhile where there are sockets.
    """
    sys.setswitchinterval(SWITCH_S)
    _run(_until_stopped(service, app, sockets))


async def _until_stopped(service: Service, app: ASGIApp, sockets: Sequence[socket.socket]) -> None:
    stop = asyncio.Event()
    listeners = [SocketServer(application(app), opened) for opened in sockets]
    with _on_signals(stop.set):
        await service.start()
        serving = [asyncio.create_task(listener.serve()) for listener in listeners]
        await stop.wait()
        for listener in listeners:
            listener.begin_stop()
        await service.stop()
        if serving:
            await asyncio.wait(serving, timeout=CLOSE_S)


async def serve_until(
    stop: asyncio.Event,
    server: Server,
    sockets: Sequence[socket.socket],
    *,
    stop_s: float,
    head_timeout_ms: int = HEAD_TIMEOUT_MS,
) -> None:
    """Serve in the running event loop until the event is set; then as `serve`."""
    compiled = server.compiled
    compiled.connection_headers = _connection_headers(head_timeout_ms)
    under_way = application(compiled if server.around is None else server.around(compiled))
    listeners = [SocketServer(under_way, opened, head_timeout_ms) for opened in sockets]
    async with server.running():
        serving = [asyncio.create_task(listener.serve()) for listener in listeners]
        stopping = asyncio.create_task(stop.wait())
        await asyncio.wait([*serving, stopping], return_when=asyncio.FIRST_COMPLETED)
        if not stop.is_set():
            raise RuntimeError("the HTTP server ended by itself")
        compiled.stop()
        for listener in listeners:
            listener.begin_stop()
        if not await under_way.finish(stop_s):
            logger.warning("requests were cut off", after_s=stop_s)
            under_way.cut_off()
        await asyncio.wait(serving, timeout=CLOSE_S)


def application(compiled: ASGIApp) -> UnderWay:
    """What the HTTP server calls: the compiled path, behind what holds for every request."""
    return UnderWay(compiled)


def _connection_headers(head_timeout_ms: int) -> list[tuple[bytes, bytes]]:
    """A client that keeps connections hears for how long it may use an idle one (RFC 2068, section 19.7.1.1).

    That is a little less than the server keeps it, so that no request is sent on a connection that is being closed.
    """
    seconds = max(1, head_timeout_ms // 1_000 - KEEP_ALIVE_MARGIN_S)
    return [(b"server", b"troth"), (b"keep-alive", b"timeout=%d" % seconds)]


@contextlib.contextmanager
def _on_signals(stop: Callable[[], Any]) -> Any:
    """Call `stop` on SIGINT and SIGTERM, in place of what Python does."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in SIGNALS}
    for number in SIGNALS:
        try:
            loop.add_signal_handler(number, stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda _number, _frame: loop.call_soon_threadsafe(stop))
    try:
        yield
    finally:
        for number, handler in before.items():
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _run(main: Any) -> None:
    """On uvloop, where there is one (not on Windows)."""
    if sys.platform == "win32":
        asyncio.run(main)
    else:
        import uvloop

        uvloop.run(main)


def _allow_files() -> None:
    """Raise the soft limit of open files: with 1,024, which many systems give, that many idle clients shut out the
    rest.
    """
    if sys.platform == "win32":
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = FILES_MIN if hard == resource.RLIM_INFINITY else min(FILES_MIN, hard)
    if soft != resource.RLIM_INFINITY and soft < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
