"""The memory of a mock that is used for long: `python -m benchmarks.memory [--requests 200000]`.

See benchmarks/README.md.

A mock as it comes (demo scenario, in memory, journal on) answers a story about a fixed set of people: lists, single
resources, updates of the same resources, refusals. Its webhooks go to its own inboxes. What it keeps of all that is
bounded, so its memory must be flat once the journal and the list of deliveries are full. The resident memory of its
process is read every 20,000 requests, with the size of its database and how much is kept.

After that each round also changes members of Loyalty Core, whose log of events its API shows for ever: that the
database grows with it is right, and how much by each change is written beside.
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
MEGABYTE = 2**20
EVERY = 20_000
CONNECTIONS = 4
START_S = 60.0
GROWTH_MAX = 0.05
"""Of the memory at the end beside that at the first reading where the journal and the list of deliveries are full."""
LOGGED = 20_000
"""Requests of the story whose data grows, after the others."""
ALLOWED = frozenset({b"200", b"400", b"401", b"404"})
SHED = b"503"
"""Where others keep the machine busy, the mock sheds load: a client waits as long as `Retry-After` says, and repeats
the call.
"""
SHED_MAX = 60
"""Times that one call is shed before the run is given up."""
BASIC = "Basic " + b64encode(b":LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK").decode()
ADVOCACY = "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"
LEAT = "Bearer PAT_DEMO0KEY0LEAT0TROTH0MOCK"
CORE = "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"
USERS = "/saasquatch/api/v1/demo"
ADVOCATE = "/advocacy/api/v1/advocates/adv_demo0000000000000001"
CONTACT = "/leat/api/v3/oauth/clients/contacts/6f1e0c1a-8d52-4b7e-9a34-0c5d7e2f1a01"
MEMBER = "/loyalty-core/api/v1/organizations/1/members/5"
Call = tuple[str, str, str, dict[str, Any] | None]


def _story(number: int, *, logged: bool) -> list[Call]:
    """Calls of one round; the number makes each update change something.

    With `logged` a member is changed, else that is refused.
    """
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
        ("PATCH", MEMBER, CORE, {"profile": {"name": name} if logged else name}),
        ("GET", "/loyalty-core/api/v1/organizations/1/members/6", "Bearer nobody", None),
        ("GET", "/loyalty-core/api/v1/organizations/1/ledgers/1/wallets/142/balances", CORE, None),
    ]


def _bytes(call: Call) -> bytes:
    method, target, authorization, body = call
    content = b"" if body is None else orjson.dumps(body)
    typed = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
    head = f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n{typed}\r\n"
    return head.encode() + content


def _requests(*, logged: bool = False) -> Iterator[tuple[str, bytes]]:
    """The requests, without an end; each with its method and path."""
    for number in itertools.count():
        for call in _story(number, logged=logged):
            yield f"{call[0]} {call[1].partition('?')[0]}", _bytes(call)


async def _send(port: int, requests: Iterator[tuple[str, bytes]], statuses: Counter[tuple[str, str]]) -> None:
    """Send requests one after the other on one connection.

    Raises RuntimeError for an answer that the story does not have.
    """
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for name, request in requests:
            for _ in range(SHED_MAX):
                writer.write(request)
                status, head, body = await _answer(reader)
                statuses[name, status.decode()] += 1
                if status != SHED:
                    break
                await asyncio.sleep(float(_header(head, b"retry-after") or 1))
            if status not in ALLOWED:
                raise RuntimeError(f"{name} was answered with {status.decode()}: {body[:300].decode()}")
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes, bytes]:
    """Status, head and body of the next answer."""
    head = await reader.readuntil(b"\r\n\r\n")
    return head[9:12], head, await reader.readexactly(int(_header(head, b"content-length")))


def _header(head: bytes, name: bytes) -> bytes:
    """A header's value; empty without it."""
    return head.lower().partition(b"\r\n" + name + b": ")[2].partition(b"\r\n")[0]


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
        started = json.loads(process.stdout.readline())
        yield psutil.Process(process.pid), int(started["url"].rpartition(":")[2])
    finally:
        process.terminate()
        process.wait(START_S)


def _reading(process: psutil.Process, port: int, sent: int) -> dict[str, Any]:
    with httpx2.Client(base_url=f"http://127.0.0.1:{port}/_troth", timeout=START_S) as http:
        calls = http.get("/journal", params={"limit": 1}).json()["kept"]
        deliveries = http.get("/deliveries", params={"limit": 1}).json()["total"]
        database = http.get("/sandboxes/main").json()["memory_bytes"]
    return {
        "requests": sent,
        "rss_mb": process.memory_info().rss / MEGABYTE,
        "database_mb": database / MEGABYTE,
        "calls": calls,
        "deliveries": deliveries,
    }


def measure(count: int) -> tuple[list[dict[str, Any]], dict[str, Any], Counter[tuple[str, str]], float]:
    """The readings, the one after the story whose data grows, how the calls were answered, and how many seconds the
    first story took.
    """
    requests, statuses = _requests(), Counter[tuple[str, str]]()
    with running_mock() as (process, port):
        readings = [_reading(process, port, 0)]
        began = monotonic_s()
        for sent in range(EVERY, count + 1, EVERY):
            statuses += asyncio.run(_slice(port, requests, EVERY))
            readings.append(_reading(process, port, sent))
            print(readings[-1], flush=True)
        seconds = monotonic_s() - began
        statuses += asyncio.run(_slice(port, _requests(logged=True), LOGGED))
        return readings, _reading(process, port, count + LOGGED), statuses, seconds


def full_from(readings: list[dict[str, Any]]) -> int:
    """The first reading at which the mock keeps no more calls and deliveries than before.

    Raises ValueError when there is none.
    """
    for place, (one, other) in enumerate(itertools.pairwise(readings), 1):
        if all(other[name] < one[name] * 1.02 for name in ("calls", "deliveries")):
            return place
    raise ValueError("the journal or the list of deliveries is not full yet: send more requests")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=10 * EVERY)
    readings, after, statuses, seconds = measure(parser.parse_args().requests)
    full, last = readings[full_from(readings)], readings[-1]
    growth = last["rss_mb"] / full["rss_mb"] - 1
    changes = statuses[f"PATCH {MEMBER}", "200"]
    by_change = (after["database_mb"] - last["database_mb"]) * MEGABYTE / changes
    lines = [
        f"# Memory of a mock over {last['requests']:,} requests",
        "",
        (
            f"Python {platform.python_version()}, {os.cpu_count()} cores, {last['requests'] / seconds:,.0f} requests a second, client included. "
            f"The journal (32 MB) and the list of deliveries are full from {full['requests']:,} requests on; from there the memory grows by "
            f"{growth:.1%} (limit {GROWTH_MAX:.0%}), the database by {last['database_mb'] - full['database_mb']:.1f} MB."
        ),
        "",
        "| requests | resident, MB | database, MB | calls in the journal | deliveries |",
        "| --- | --- | --- | --- | --- |",
        *(
            f"| {row['requests']:,} | {row['rss_mb']:.1f} | {row['database_mb']:.1f} | {row['calls']:,} | {row['deliveries']:,} |"
            for row in [*readings, after]
        ),
        "",
        (
            f"The last {LOGGED:,} requests also change members of Loyalty Core {changes:,} times: the database grows by {by_change:,.0f} bytes with each "
            "change: an event that the API shows for ever, with its indexes, and a webhook, of which the newest 5,000 are kept."
        ),
        "",
        "Calls: "
        + ", ".join(f"{name} {status}: {count:,}" for (name, status), count in sorted(statuses.items()))
        + ".",
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULT.with_suffix(".md").write_text(text)
    found = {"growth": growth, "limit": GROWTH_MAX, "bytes_by_change": by_change, "readings": [*readings, after]}
    RESULT.with_suffix(".json").write_text(json.dumps(found, indent=2) + "\n")
    if growth > GROWTH_MAX:
        print(f"missed: memory grows by {growth:.1%}, limit {GROWTH_MAX:.0%}")
    return int(growth > GROWTH_MAX)


if __name__ == "__main__":
    raise SystemExit(main())
