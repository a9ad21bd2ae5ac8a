"""The memory of a mock that is used for long: `python -m benchmarks.memory [--requests 200000]`. See benchmarks/README.md.

A mock as it comes (demo scenario, in memory, journal on) answers a mixed story about a fixed set of people: lists, single resources, updates, refusals.
The resident memory of its process is read every 20,000 requests, with the size of its database and how many calls its journal keeps.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import os
import platform
import subprocess
import sys
from base64 import b64encode
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import orjson
import psutil

from models.kernel.clock import monotonic_s

RESULT = Path(__file__).resolve().parent / "results" / "memory"
EVERY = 20_000
CONNECTIONS = 4
START_S = 60.0
GROWTH_MAX = 0.05
"""Of the memory at the end beside that at the first reading where the journal is full."""
ALLOWED = frozenset({b"200", b"400", b"401", b"404", b"503"})
"""503 where others keep the machine busy: the mock sheds load, and the story goes on."""
BASIC = "Basic " + b64encode(b":LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK").decode()
ADVOCACY = "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"
LEAT = "Bearer PAT_DEMO0KEY0LEAT0TROTH0MOCK"
CORE = "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"
USERS = "/saasquatch/api/v1/demo"
ADVOCATE = "/advocacy/api/v1/advocates/adv_demo0000000000000001"
CONTACT = "/leat/api/v3/oauth/clients/contacts/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01"
MEMBER = "/loyalty-core/api/v1/organizations/1/members/5"
Call = tuple[str, str, str, dict[str, Any] | None]


def _story(number: int) -> list[Call]:
    """Calls of one round; the number makes each update change something."""
    name = f"Ana {number % 1_000}"
    ana = f"{USERS}/open/account/acme/user/ana%40example.org"
    return [
        ("GET", f"{USERS}/users?limit=20&offset={number % 200}", BASIC, None),
        ("GET", ana, BASIC, None),
        ("PUT", ana, BASIC, {"id": "ana@example.org", "accountId": "acme", "firstName": name}),
        ("GET", f"{USERS}/open/code/NOBODY", BASIC, None),
        ("PUT", ana, BASIC, {"id": "ana@example.org", "accountId": "acme", "firstName": 7}),
        ("GET", "/advocacy/api/v1/advocates?limit=10", ADVOCACY, None),
        ("GET", ADVOCATE, ADVOCACY, None),
        ("PATCH", ADVOCATE, ADVOCACY, {"name": name}),
        ("GET", "/leat/api/v3/oauth/clients/referrals?limit=10", LEAT, None),
        ("GET", CONTACT, LEAT, None),
        ("PUT", CONTACT, LEAT, {"firstname": name}),
        ("GET", "/loyalty-core/api/v1/organizations/1/search/members?query=ana+stone", CORE, None),
        ("GET", MEMBER, CORE, None),
        ("PATCH", MEMBER, CORE, {"profile": {"name": name}}),
        ("GET", "/loyalty-core/api/v1/organizations/1/members/6", "Bearer nobody", None),
        ("GET", "/loyalty-core/api/v1/organizations/1/ledgers/1/wallets/142/balances", CORE, None),
    ]


def _bytes(call: Call) -> bytes:
    method, target, authorization, body = call
    content = b"" if body is None else orjson.dumps(body)
    typed = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n{typed}\r\n"
    return head.encode() + content


def _requests() -> Iterator[tuple[str, bytes]]:
    """The requests, without an end; each with its method and path."""
    for number in itertools.count():
        for call in _story(number):
            yield f"{call[0]} {call[1].partition('?')[0]}", _bytes(call)


async def _send(port: int, requests: Iterator[tuple[str, bytes]], statuses: Counter[tuple[str, str]]) -> None:
    """Send requests one after the other on one connection. Raises RuntimeError for an answer that the story does not have."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for name, request in requests:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
            body = await reader.readexactly(int(length))
            status = head[9:12]
            if status not in ALLOWED:
                raise RuntimeError(f"{name} was answered with {status.decode()}: {body[:300].decode()}")
            statuses[name, status.decode()] += 1
    finally:
        writer.close()


async def _slice(port: int, requests: Iterator[tuple[str, bytes]], count: int) -> Counter[tuple[str, str]]:
    """Send so many requests on all connections; how each was answered."""
    statuses: Counter[tuple[str, str]] = Counter()
    taken = itertools.islice(requests, count)
    await asyncio.gather(*(_send(port, taken, statuses) for _ in range(CONNECTIONS)))
    return statuses


@contextlib.contextmanager
def running_mock() -> Iterator[tuple[psutil.Process, int]]:
    """A mock on a free port."""
    troth = str(Path(sys.executable).with_name("troth"))
    process = subprocess.Popen(
        [troth, "mock", "--port", "0", "--json"],
        stdout=subprocess.PIPE,
        env={**os.environ, "TROTH_ACCESS_LOG": "false"},
    )
    try:
        assert process.stdout is not None
        told = json.loads(process.stdout.readline())
        yield psutil.Process(process.pid), int(told["url"].rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(START_S)


def _reading(process: psutil.Process, port: int, sent: int) -> dict[str, Any]:
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}/_troth", timeout=START_S) as http:
        kept = http.get("/journal", params={"limit": 1}).json()["kept"]
        database = http.get("/sandboxes/main").json()["memory_bytes"]
    return {
        "requests": sent,
        "rss_mb": process.memory_info().rss / 2**20,
        "database_mb": database / 2**20,
        "kept": kept,
    }


def measure(count: int) -> tuple[list[dict[str, Any]], Counter[tuple[str, str]], float]:
    """The readings, how the calls were answered, and how many seconds they took."""
    requests, statuses = _requests(), Counter[tuple[str, str]]()
    with running_mock() as (process, port):
        readings = [_reading(process, port, 0)]
        began = monotonic_s()
        for sent in range(EVERY, count + 1, EVERY):
            statuses += asyncio.run(_slice(port, requests, EVERY))
            readings.append(_reading(process, port, sent))
            print(readings[-1], flush=True)
        return readings, statuses, monotonic_s() - began


def full_from(readings: list[dict[str, Any]]) -> int:
    """The first reading at which the journal keeps no more calls than before: it is full."""
    pairs = itertools.pairwise(readings)
    return next((place + 1 for place, (one, other) in enumerate(pairs) if other["kept"] < one["kept"] * 1.02), 1)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10 * EVERY)
    readings, statuses, seconds = measure(parser.parse_args().requests)
    full = readings[full_from(readings)]
    last = readings[-1]
    growth = last["rss_mb"] / full["rss_mb"] - 1
    lines = [
        f"# Memory of a mock over {last['requests']:,} requests",
        "",
        (
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {last['requests'] / seconds:,.0f} requests a second, client included. "
            f"The journal (32 MB) is full from {full['requests']:,} requests on; from there the memory grows by {growth:.1%} "
            f"(limit {GROWTH_MAX:.0%}), the database by {last['database_mb'] - full['database_mb']:.1f} MB."
        ),
        "",
        "| requests | resident, MB | database, MB | calls in the journal |",
        "| --- | --- | --- | --- |",
        *(
            f"| {row['requests']:,} | {row['rss_mb']:.1f} | {row['database_mb']:.1f} | {row['kept']:,} |"
            for row in readings
        ),
        "",
        "Calls: "
        + ", ".join(f"{name} {status}: {count:,}" for (name, status), count in sorted(statuses.items()))
        + ".",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULT.with_suffix(".md").write_text(text)
    RESULT.with_suffix(".json").write_text(
        json.dumps({"growth": growth, "limit": GROWTH_MAX, "readings": readings}, indent=2) + "\n"
    )
    if growth > GROWTH_MAX:
        print(f"missed: memory grows by {growth:.1%}, limit {GROWTH_MAX:.0%}")
    return int(growth > GROWTH_MAX)


if __name__ == "__main__":
    raise SystemExit(main())
