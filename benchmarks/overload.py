"""Overload: five times as many requests as a server can serve, each on a connection of its own.

See benchmarks/README.md.

`python -m benchmarks.overload [--seconds 60] [--url postgresql://...]` starts a served Troth on each database, measures
how many requests a second it serves, then sends five times as many, evenly spaced, whatever the answers are.
"""

import argparse
import asyncio
import contextlib
import os
import platform
import signal
import subprocess
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import orjson
import psutil

from models.kernel.clock import monotonic_s

RESULTS = Path(__file__).resolve().parent / "results"
KEY = "LIVE_OVERLOAD0KEY0SAASQUATCH0TROTH"
USERS = 300
PATH = "/saasquatch/api/v1/overload/users?limit={limit}"
TIMES = 5
ANSWERED_S_MAX = 1.0
SERVED_P99_S_MAX = 0.5
MEMORY_GROWTH_MAX = 1.3
GIVE_UP_S = 30.0


def _request(limit: int) -> bytes:
    token = b64encode(f":{KEY}".encode()).decode()
    return (
        f"GET {PATH.format(limit=limit)} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {token}\r\n"
        "Connection: close\r\n\r\n"
    ).encode()


async def _call(port: int, request: bytes, found: list[tuple[str, float]]) -> None:
    """One request on a new connection; its status, or the error's name, and its seconds."""
    began = monotonic_s()
    try:
        async with asyncio.timeout(GIVE_UP_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(request)
            answer = await reader.read()
            writer.close()
        status = answer[9:12].decode() or "closed"
    except (OSError, TimeoutError) as error:
        status = type(error).__name__
    found.append((status, monotonic_s() - began))


async def _capacity(port: int, request: bytes, seconds: float) -> float:
    """Requests a second that eight clients get served, one after another each."""
    found: list[tuple[str, float]] = []
    end = monotonic_s() + seconds

    async def client() -> None:
        while monotonic_s() < end:
            await _call(port, request, found)

    await asyncio.gather(*(client() for _ in range(8)))
    return sum(status == "200" for status, _ in found) / seconds


async def _flood(port: int, request: bytes, rate: float, seconds: float) -> list[tuple[str, float]]:
    found: list[tuple[str, float]] = []
    tasks: set[asyncio.Task[None]] = set()
    began = monotonic_s()
    sent = 0
    while (now := monotonic_s()) < began + seconds:
        for _ in range(int((now - began) * rate) - sent):
            task = asyncio.create_task(_call(port, request, found))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            sent += 1
        await asyncio.sleep(0.005)
    if tasks:
        await asyncio.wait(tasks)
    return found


def _quantile(values: list[float], part: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * part))] if ordered else 0.0


SCENARIO = f"""
projects:
  - api: saasquatch
    project: overload
    name: Overload
    live:
      alias: overload
      credentials: {{api_key: {KEY}}}
      populate: {{accounts: {USERS}, users: {USERS}, referrals: 50, manual_rewards: 50, events: 50}}
    settings: {{openEndpointsEnabled: true}}
    programs:
      - {{id: referral-program, name: Refer a friend, landing_url: "https://shop.example.org/welcome"}}
"""


@contextlib.contextmanager
def _server(url: str, port: int) -> Iterator[psutil.Process]:
    """A mock with a scenario: its keys are known. It runs the same path as `troth serve`."""
    with tempfile.TemporaryDirectory() as folder:
        scenario = Path(folder) / "overload.yaml"
        scenario.write_text(SCENARIO)
        database = url.replace("FOLDER", folder)
        process = subprocess.Popen(
            [
                sys.executable,
                "-c",
                "from troth.cli import main; main()",
                "mock",
                "--port",
                str(port),
                "--scenario",
                str(scenario),
                "--db",
                database,
            ],
            stdout=subprocess.DEVNULL,
            env={**os.environ, "TROTH_ACCESS_LOG": "false"},
        )
        try:
            for _ in range(600):
                with contextlib.suppress(httpx2.TransportError):
                    if httpx2.get(f"http://127.0.0.1:{port}/_health/ready", timeout=5).status_code == 200:
                        break
                psutil.cpu_percent(0.1)
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def measure(name: str, url: str, seconds: float, port: int, limit: int) -> dict[str, Any]:
    request = _request(limit)
    with _server(url, port) as process:
        capacity = asyncio.run(_capacity(port, request, min(5.0, seconds)))
        before = process.memory_info().rss
        found = asyncio.run(_flood(port, request, TIMES * capacity, seconds))
        after = process.memory_info().rss
    served = [took for status, took in found if status == "200"]
    refused = [took for status, took in found if status == "503"]
    return {
        "database": name,
        "capacity": round(capacity),
        "offered": round(len(found) / seconds),
        "served": round(len(served) / seconds),
        "refused": round(len(refused) / seconds),
        "others": len(found) - len(served) - len(refused),
        "served_p50_ms": round(_quantile(served, 0.5) * 1_000),
        "served_p99_ms": round(_quantile(served, 0.99) * 1_000),
        "refused_p99_ms": round(_quantile(refused, 0.99) * 1_000),
        "slowest_ms": round(max(took for _, took in found) * 1_000),
        "memory_mib": [round(before / 2**20), round(after / 2**20)],
    }


def missed(row: dict[str, Any]) -> list[str]:
    wrong = []
    if row["others"]:
        wrong.append(f"{row['others']} requests got neither 200 nor 503")
    if row["slowest_ms"] > ANSWERED_S_MAX * 1_000:
        wrong.append(f"one was answered after {row['slowest_ms']} ms")
    if row["served_p99_ms"] > SERVED_P99_S_MAX * 1_000:
        wrong.append(f"the p99 of those served is {row['served_p99_ms']} ms")
    if row["memory_mib"][1] > row["memory_mib"][0] * MEMORY_GROWTH_MAX:
        wrong.append(f"memory grew from {row['memory_mib'][0]} to {row['memory_mib'][1]} MiB")
    return [f"{row['database']}: {line}" for line in wrong]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--url", help="an empty PostgreSQL database, which is filled")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--limit", type=int, default=5, help="how many users each request lists: what it costs")
    options = parser.parse_args()
    databases = {"SQLite in memory": "sqlite://", "SQLite file": "sqlite:///FOLDER/mock.db"}
    if options.url:
        databases["PostgreSQL"] = options.url
    rows = [measure(name, url, options.seconds, options.port, options.limit) for name, url in databases.items()]
    columns = list(rows[0])
    lines = ["| " + " | ".join(column.replace("_", " ") for column in columns) + " |", "| --- " * len(columns) + "|"]
    lines += ["| " + " | ".join(str(row[column]) for column in columns) + " |" for row in rows]
    text = "\n".join(lines)
    print(text)
    (RESULTS / "overload.json").write_bytes(
        orjson.dumps(
            {
                "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
                "seconds": options.seconds,
                "rows": rows,
            },
            option=orjson.OPT_INDENT_2,
        )
    )
    (RESULTS / "overload.md").write_text(
        f"# Overload\n\nFive times the capacity for {options.seconds:.0f} s, each request on a new connection; client and server share "
        f"{os.cpu_count()} cores.\nRates are requests a second.\n\n{text}\n"
    )
    wrong = [line for row in rows for line in missed(row)]
    for line in wrong:
        print(f"MISSED {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
