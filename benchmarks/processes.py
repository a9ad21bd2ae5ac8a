"""What `troth serve --workers 2` serves beside one worker, on PostgreSQL. See benchmarks/README.md.

`python -m benchmarks.processes URL [--rounds 3]`: the database at the URL must be empty. The servers take turns within
a round; a client process sends one request after the other on 16 connections, spread over a hundred users or members.
"""

from __future__ import annotations

import argparse
import base64
import itertools
import json
import os
import platform
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx2
import orjson
import psutil

from benchmarks.load import load
from tests.support.site import Site

if TYPE_CHECKING:
    from collections.abc import Iterator

RESULTS = Path(__file__).resolve().parent / "results"
PEOPLE = 100
SECONDS = 4.0
WORKERS = (1, 2)
SQ = "/saasquatch/api/v1/acme/open/account"


class Keys:
    """The credentials of the two tenants, as Authorization headers, and where the organization is."""

    def __init__(self, site: Site) -> None:
        self.saasquatch = "Basic " + base64.b64encode(f":{site.tenant('saasquatch')['api_key']}".encode()).decode()
        self.loyalty_core = f"Bearer {site.tenant('loyalty_core')['api_token']}"
        site.command("tenant", "set", "saasquatch", "acme", "openEndpointsEnabled=true")
        shown = json.loads(site.command("tenant", "show", "loyalty_core", "acme", "--json"))
        self.organization = f"/loyalty-core/api/v1/organizations/{shown[0]['organization_id']}"


def populate(site: Site, keys: Keys) -> None:
    """Make the users and members that are asked for."""
    with site.serving(), httpx2.Client(base_url=site.base, timeout=30) as client:
        for n in range(PEOPLE):
            user = client.put(
                f"{SQ}/u{n}/user/u{n}",
                headers={"Authorization": keys.saasquatch},
                json={"id": f"u{n}", "accountId": f"u{n}"},
            )
            user.raise_for_status()
            member = client.post(
                f"{keys.organization}/members",
                headers={"Authorization": keys.loyalty_core},
                json={"loyaltyMemberId": f"m{n}"},
            )
            member.raise_for_status()


def calls(keys: Keys) -> dict[str, Iterator[bytes]]:
    """The requests of each row, without an end."""
    numbers = itertools.count()

    def requests(method: str, path: str, authorization: str, body: Any = None) -> Iterator[bytes]:
        for n in numbers:
            content = b"" if body is None else orjson.dumps(body(n))
            typed = f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n" if content else ""
            target = path.format(n=n % PEOPLE)
            yield (
                f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nAuthorization: {authorization}\r\n{typed}\r\n".encode()
                + content
            )

    user = SQ + "/u{n}/user/u{n}"
    return {
        "GET user": requests("GET", user, keys.saasquatch),
        "PUT user": requests(
            "PUT",
            user,
            keys.saasquatch,
            lambda n: {"id": f"u{n % PEOPLE}", "accountId": f"u{n % PEOPLE}", "firstName": f"N{n}"},
        ),
        "mint": requests(
            "POST", keys.organization + "/loyalty-members/m{n}/mint", keys.loyalty_core, lambda _n: {"amount": 1}
        ),
    }


def _cpu_s(pid: int) -> float:
    """CPU time of a server and its workers."""
    server = psutil.Process(pid)
    times = [process.cpu_times() for process in (server, *server.children(recursive=True))]
    return sum(time.user + time.system for time in times)


def measure(site: Site, keys: Keys, workers: int) -> dict[str, dict[str, float]]:
    """One round of one number of workers: requests a second, and CPU time of the server for each."""
    row = {}
    options = ("--workers", str(workers)) if workers > 1 else ()
    with site.serving(*options) as process:
        for name, requests in calls(keys).items():
            load(site.port, requests, 1.0)
            cpu_s = _cpu_s(process.pid)
            count, seconds = load(site.port, requests, SECONDS)
            row[name] = {"a_second": count / seconds, "cpu_ms": (_cpu_s(process.pid) - cpu_s) / count * 1_000}
    return row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="an empty PostgreSQL database")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    load_before = os.getloadavg()[0]
    rounds: list[dict[int, dict[str, dict[str, float]]]] = []
    with tempfile.TemporaryDirectory() as folder:
        site = Site(options.url, Path(folder))
        site.settings |= {"TROTH_ACCESS_LOG": "false"}
        keys = Keys(site)
        populate(site, keys)
        for _number in range(options.rounds):
            rounds.append({workers: measure(site, keys, workers) for workers in WORKERS})
            print(json.dumps(rounds[-1]), flush=True)
    rows = []
    for name in rounds[0][1]:
        middle = {
            (workers, kind): statistics.median(one[workers][name][kind] for one in rounds)
            for workers in WORKERS
            for kind in ("a_second", "cpu_ms")
        }
        ratio = statistics.median(one[2][name]["a_second"] / one[1][name]["a_second"] for one in rounds)
        rows.append(
            {
                "call": name,
                "one_worker_a_second": round(middle[1, "a_second"]),
                "two_workers_a_second": round(middle[2, "a_second"]),
                "ratio": round(ratio, 2),
                "one_worker_cpu_ms": round(middle[1, "cpu_ms"], 2),
                "two_workers_cpu_ms": round(middle[2, "cpu_ms"], 2),
            }
        )
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load_before, 1)}
    (RESULTS / "processes.json").write_bytes(
        orjson.dumps({"machine": machine, "rows": rows}, option=orjson.OPT_INDENT_2)
    )
    columns = list(rows[0])
    lines = [" | ".join(column.replace("_", " ") for column in columns), " | ".join("---" for _ in columns)]
    lines += [" | ".join(str(row[column]) for column in columns) for row in rows]
    table = "\n".join(f"| {line} |" for line in lines)
    (RESULTS / "processes.md").write_text(
        f"# Workers\n\n`troth serve --workers` on PostgreSQL: medians of {options.rounds} rounds; Python {machine['python']}; server, database and "
        f"client share {machine['cores']} cores, load before {machine['load_before']}.\n\n{table}\n"
    )
    print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
