"""How many due webhooks one dispatcher sends a second. See benchmarks/README.md.

`python -m benchmarks.deliveries [--count 10000] [--endpoints 25] [--url URL]`: the deliveries are written by the API, then a dispatcher sends
them to a receiver in a process of its own, while a bystander gets a member a hundred times a second.
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

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    with world.server.runtime.storage.engine.connect() as connection:
        return int(connection.scalar(text("SELECT count(*) FROM jobs WHERE endpoint_id IS NOT NULL")) or 0)


async def bystand(world: World, waits_ms: list[float], ended: asyncio.Event) -> None:
    """Get a member a hundred times a second, whether earlier ones have been answered or not; how long each answer took from when it was due."""

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


async def send_all(world: World) -> dict[str, Any]:
    """Start the dispatcher, and wait until nothing is due."""
    dispatcher = world.server.runtime.services["dispatcher"]
    quiet, beside = asyncio.Event(), asyncio.Event()
    quiet_ms: list[float] = []
    beside_ms: list[float] = []
    alone = asyncio.create_task(bystand(world, quiet_ms, quiet))
    await asyncio.sleep(QUIET_S)
    quiet.set()
    await alone
    count = _due(world)
    bystander = asyncio.create_task(bystand(world, beside_ms, beside))
    started, cpu = time.perf_counter(), time.process_time()
    await dispatcher.start()
    while _due(world):  # noqa: ASYNC110  the rows are what is waited for
        await asyncio.sleep(0.1)
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    beside.set()
    await bystander
    await dispatcher.stop()
    return {
        "deliveries": count,
        "a_second": round(count / took),
        "cpu_ms_each": round(cpu / count * 1_000, 2),
        "get_alone_p99_ms": _p99(quiet_ms),
        "get_beside_p99_ms": _p99(beside_ms),
    }


def _p99(values: list[float]) -> float:
    return round(sorted(values)[len(values) * 99 // 100], 1)


def measure(url: str, count: int, endpoints: int) -> dict[str, Any]:
    """One row for a database."""
    with tempfile.TemporaryDirectory() as folder, receiver() as port:
        scenario = Path(folder) / "deliveries.yaml"
        lines = "\n".join(f"        - {{url: 'http://127.0.0.1:{port}/{n}', name: e{n}}}" for n in range(endpoints))
        scenario.write_text(SCENARIO.replace("SUBSCRIPTIONS", lines))
        world = World(url.replace("FOLDER", folder), scenario)
        with contextlib.closing(world):
            fill(world, count, endpoints)
            return world.loop.run_until_complete(send_all(world))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--endpoints", type=int, default=25)
    parser.add_argument("--url", help="an empty PostgreSQL database, measured beside a SQLite file")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    urls = {"SQLite file": "sqlite:///FOLDER/troth.db", **({"PostgreSQL": options.url} if options.url else {})}
    rows = []
    for name, url in urls.items():
        rows.append(
            {"database": name, "endpoints": options.endpoints, **measure(url, options.count, options.endpoints)}
        )
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
