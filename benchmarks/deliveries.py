"""How many due webhooks one dispatcher sends a second. See benchmarks/README.md.

`python -m benchmarks.deliveries [--count 10000] [--endpoints 25] [--url URL]`: the deliveries are written by the API,
then a dispatcher sends them to a receiver in a process of its own, while a bystander gets a member a hundred times a
second. Each database is measured twice: with the dispatcher in the server, and in a process of its own, as with
`troth serve --no-dispatch` and `troth worker`.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import text

from benchmarks.operations import LC, LOYALTY, Call, World, _asgi
from troth.app import build
from troth.server.run import SWITCH_S
from troth.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from troth.app import Server

RESULTS = Path(__file__).resolve().parent / "results"
WANTED = 600
"""Deliveries a second."""
EVERY_S, QUIET_S = 0.01, 3.0
MEMBER = f"{LC}/members/42"

SCENARIO = """
name: deliveries
projects:
  - api: loyalty_core
    project: deliveries
    name: Deliveries
    live:
      alias: demo
      credentials: {api_token: lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK}
      populate: {members: 50, transactions: 100}
      subscriptions:
SUBSCRIPTIONS
    settings: {organization_id: 1}
"""


def receive(port: Any) -> None:
    """Answer every request with 204, on connections that stay open."""

    async def serve() -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
                while True:
                    head = (await reader.readuntil(b"\r\n\r\n")).lower()
                    length = int(head.partition(b"content-length:")[2].split(b"\r\n")[0])
                    await reader.readexactly(length)
                    writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                    await writer.drain()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


@contextlib.contextmanager
def receiver() -> Iterator[int]:
    """A receiver in a process of its own; its port."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=receive, args=(theirs,), daemon=True)
    process.start()
    try:
        yield ours.recv()
    finally:
        process.terminate()
        process.join()


def fill(world: World, count: int, endpoints: int) -> None:
    """Make points until so many deliveries are due."""
    mint = Call("mint", "POST", f"{LC}/loyalty-members/HC-000042/mint", LOYALTY, lambda _n: {"amount": 1})
    while _due(world) < count:
        for _ in range(max(1, count // endpoints // 10)):
            world.check(mint)


def _due(world: World) -> int:
    with world.server.runtime.storage.deferred_session() as session, session.begin():
        return int(session.scalar(text("SELECT count(*) FROM jobs WHERE endpoint_id IS NOT NULL")) or 0)


async def bystand(world: World, waits_ms: list[float], ended: asyncio.Event) -> None:
    """Get a member a hundred times a second, whether earlier ones have been answered or not; how long each answer took
    from when it was due.
    """

    async def get(due: float) -> None:
        status, _body = await _asgi(world.server.compiled, "GET", MEMBER, LOYALTY, b"")
        if status != 200:
            raise RuntimeError(f"the bystander got {status}")
        waits_ms.append((time.perf_counter() - due) * 1_000)

    due = time.perf_counter()
    async with asyncio.TaskGroup() as gets:
        while not ended.is_set():
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            while due <= time.perf_counter():
                gets.create_task(get(due))
                due += EVERY_S


def work(url: str, commands: Any) -> None:
    """A process that has nothing but a dispatcher: it is ready, works from the first command to the second, and says
    how much CPU time it took.
    """
    sys.setswitchinterval(SWITCH_S)
    server = build(Settings(mock=True, database_url=url, access_log=False, seed=1), docs=False)
    with contextlib.closing(server):
        commands.send("ready")
        commands.recv()
        commands.send(asyncio.run(_work_until_stopped(server, commands)))


async def _work_until_stopped(server: Server, commands: Any) -> float:
    cpu = time.process_time()
    dispatcher = server.runtime.services["dispatcher"]
    await dispatcher.start()
    await asyncio.to_thread(commands.recv)
    cpu = time.process_time() - cpu
    await dispatcher.stop()
    return cpu


class InServer:
    """The dispatcher of the server that the bystander calls."""

    def __init__(self, world: World) -> None:
        self._dispatcher = world.server.runtime.services["dispatcher"]
        self._cpu = 0.0

    async def start(self) -> None:
        self._cpu = time.process_time()
        await self._dispatcher.start()

    async def stop(self) -> float:
        """Seconds of CPU time of the process since the start."""
        cpu = time.process_time() - self._cpu
        await self._dispatcher.stop()
        return cpu


class InWorker:
    """A dispatcher in a process of its own."""

    def __init__(self, url: str) -> None:
        self._commands, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.get_context("spawn").Process(target=work, args=(url, theirs), daemon=True)
        self._process.start()
        theirs.close()  # else `recv` would wait for ever for a process that has died
        self._commands.recv()

    async def start(self) -> None:
        self._commands.send("start")

    async def stop(self) -> float:
        """Seconds of CPU time of that process since the start."""
        self._commands.send("stop")
        cpu: float = await asyncio.to_thread(self._commands.recv)
        self._process.join()
        return cpu


async def send_all(world: World, dispatcher: InServer | InWorker) -> dict[str, Any]:
    """Start the dispatcher, and wait until nothing is due."""
    quiet, beside = asyncio.Event(), asyncio.Event()
    quiet_ms: list[float] = []
    beside_ms: list[float] = []
    alone = asyncio.create_task(bystand(world, quiet_ms, quiet))
    await asyncio.sleep(QUIET_S)
    quiet.set()
    await alone
    count = _due(world)
    bystander = asyncio.create_task(bystand(world, beside_ms, beside))
    started = time.perf_counter()
    await dispatcher.start()
    while _due(world):  # noqa: ASYNC110  the rows are what is waited for
        await asyncio.sleep(0.1)
    took = time.perf_counter() - started
    beside.set()
    await bystander
    cpu = await dispatcher.stop()
    return {
        "deliveries": count,
        "a_second": round(count / took),
        "cpu_ms_each": round(cpu / count * 1_000, 2),
        "get_alone_p99_ms": _p99(quiet_ms),
        "get_beside_p99_ms": _p99(beside_ms),
    }


def _p99(values: list[float]) -> float:
    return round(sorted(values)[len(values) * 99 // 100], 1)


def measure(url: str, count: int, endpoints: int) -> Iterator[dict[str, Any]]:
    """The rows of a database."""
    with tempfile.TemporaryDirectory() as folder, receiver() as port:
        scenario = Path(folder) / "deliveries.yaml"
        lines = "\n".join(f"        - {{url: 'http://127.0.0.1:{port}/{n}', name: e{n}}}" for n in range(endpoints))
        scenario.write_text(SCENARIO.replace("SUBSCRIPTIONS", lines))
        url = url.replace("FOLDER", folder)
        world = World(url, scenario)
        with contextlib.closing(world):
            for where in ("server", "worker"):
                fill(world, count, endpoints)
                dispatcher = InServer(world) if where == "server" else InWorker(url)
                yield {"dispatcher in": where, **world.loop.run_until_complete(send_all(world, dispatcher))}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--endpoints", type=int, default=25)
    parser.add_argument("--url", help="an empty PostgreSQL database, measured beside a SQLite file")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    sys.setswitchinterval(SWITCH_S)  # as servers and workers do
    urls = {"SQLite file": "sqlite:///FOLDER/troth.db", **({"PostgreSQL": options.url} if options.url else {})}
    rows = []
    for name, url in urls.items():
        for row in measure(url, options.count, options.endpoints):
            rows.append({"database": name, "endpoints": options.endpoints, **row})
            print(rows[-1], flush=True)
    columns = list(rows[0])
    lines = [" | ".join(column.replace("_", " ") for column in columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join(str(row[column]) for column in columns) for row in rows]
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load, 1)}
    known = {"machine": machine, "rows": rows}
    (RESULTS / "deliveries.json").write_bytes(orjson.dumps(known, option=orjson.OPT_INDENT_2))
    shown = "\n".join(f"| {line} |" for line in lines)
    (RESULTS / "deliveries.md").write_text(
        f"# Deliveries\n\nOne dispatcher, a local receiver; Python {machine['python']}, {machine['cores']} cores shared by server and receiver, "
        f"load before {machine['load_before']}.\n\n{shown}\n"
    )
    slow = [row for row in rows if row["a_second"] < WANTED or row["get_beside_p99_ms"] > 2 * row["get_alone_p99_ms"]]
    for row in slow:
        print(f"MISSED {row}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
