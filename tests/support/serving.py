"""Servers in a thread of the test process, on sockets of their own."""

import asyncio
import contextlib
import threading
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from troth.app import Server, build
from troth.server.granian_server import SocketServer
from troth.server.run import serve_until
from troth.server.sockets import UNREAD_MS, listen, port_of
from troth.settings import Settings

Application = Callable[[Any, Any, Any], Awaitable[None]]
START_S = 30.0
STOP_S = 2.0


@dataclass
class Served:
    """A server that runs in a thread."""

    port: int
    stop: Callable[[], None]
    thread: threading.Thread
    errors: list[BaseException] = field(default_factory=list)


@contextlib.contextmanager
def _running(
    serve: Callable[[asyncio.Event, list[Any]], Awaitable[None]], unread_ms: int = UNREAD_MS
) -> Iterator[Served]:
    sockets = listen("127.0.0.1", 0, unread_ms=unread_ms)
    port, started, loops, events = (
        port_of(sockets),
        threading.Event(),
        list[asyncio.AbstractEventLoop](),
        list[asyncio.Event](),
    )
    errors: list[BaseException] = []

    async def main() -> None:
        loops.append(asyncio.get_running_loop())
        events.append(asyncio.Event())
        started.set()
        await serve(events[0], sockets)

    def run() -> None:
        try:
            asyncio.run(main())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert started.wait(START_S)

    def stop() -> None:
        with contextlib.suppress(RuntimeError):  # the loop is over already
            loops[0].call_soon_threadsafe(events[0].set)

    made = Served(port, stop, thread, errors)
    try:
        yield made
    finally:
        stop()
        thread.join(START_S)
        assert not thread.is_alive(), "the server does not stop"
        assert not errors, errors


@contextlib.contextmanager
def serving_application(
    application: Application, *, head_timeout_ms: int = 30_000, unread_ms: int = UNREAD_MS
) -> Iterator[Served]:
    """An ASGI application behind Granian, without anything of Troth's."""

    async def serve(stop: asyncio.Event, sockets: list[Any]) -> None:
        listeners = [SocketServer(application, opened, head_timeout_ms) for opened in sockets]
        tasks = [asyncio.create_task(listener.serve()) for listener in listeners]
        await stop.wait()
        for listener in listeners:
            listener.begin_stop()
        await asyncio.wait(tasks, timeout=STOP_S)

    with _running(serve, unread_ms) as made:
        yield made


@contextlib.contextmanager
def serving(server: Server, *, head_timeout_ms: int = 30_000, stop_s: float = STOP_S) -> Iterator[Served]:
    """A Troth server as `troth serve` runs it, signals apart."""

    async def serve(stop: asyncio.Event, sockets: list[Any]) -> None:
        await serve_until(stop, server, sockets, stop_s=stop_s, head_timeout_ms=head_timeout_ms)

    with _running(serve) as made:
        yield made


def memory_server(**settings: Any) -> Server:
    """A mock server in memory, with nothing in it."""
    server = build(Settings(**{"mock": True, "database_url": "sqlite://", "fixed_clock": True, **settings}), docs=False)
    server.compiled  # noqa: B018  builds the middlewares here: two threads at once would build them twice
    return server


def wait_until(condition: Callable[[], bool], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it has not happened in time"
        time.sleep(0.01)
