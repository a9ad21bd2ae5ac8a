"""What a caller notices while another one has the heaviest work done. See benchmarks/README.md.

`python -m benchmarks.beside [--users 500000] [--memory-users 100000] [--postgres URL]` starts a mock as a process on a
SQLite file, one in memory and one on an empty PostgreSQL database where that is given, fills them, and measures a
bystander's GET beside each heavy call.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import multiprocessing
import os
import platform
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from sqlalchemy import inspect, text

from models.kernel.clock import monotonic_s

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from multiprocessing.synchronize import Event

    from sqlalchemy.orm import Session

RESULTS = Path(__file__).resolve().parent / "results"
KEY, BYSTANDER_KEY = "LIVE_BESIDE0KEY0SAASQUATCH0TROTH", "LIVE_BYSTANDER0KEY0SAASQUATCH0TROTH"
TOKEN = "lc_BESIDE0TOKEN0LOYALTY0CORE0TROTH"
BASE = "/saasquatch/api/v1/beside"
BYSTANDER_PATH = "/saasquatch/api/v1/bystander/open/account/acme/user/ana@example.org"
SEEDED, REFERRALS, MEMBERS = 1_000, 500, 500
REFERRAL_TIMES = 20
EVERY_S = 0.01
"""The bystander asks so often whatever the answers are, each time on a new connection: a freeze counts for all requests
that came in it.
"""

ANSWER_S_MAX = 60.0

LISTING_S = 10.0
QUIET_S = 5.0
GIVE_UP_S = 1_800.0
P99_MS_MAX = 250.0

TEN = "[1,2,3,4,5,6,7,8,9,10]"
NESTED = (
    f"any(map({TEN}, a => map({TEN}, b => map({TEN}, c => map({TEN}, d => map({TEN}, e => a*b*c*d*e))))), x => x > 0)"
)
"""More steps than one evaluation may take: each member is given up at the limit."""

SCENARIO = f"""
projects:
  - api: saasquatch
    project: beside
    name: Beside
    live:
      alias: beside
      credentials: {{api_key: {KEY}}}
      populate: {{accounts: {SEEDED}, users: {SEEDED}, referrals: {REFERRALS}, manual_rewards: 100, events: 100}}
    settings: &settings {{openEndpointsEnabled: true}}
    programs: &programs
      - {{id: referral-program, name: Refer a friend, landing_url: "https://shop.example.org/welcome"}}
  - api: saasquatch
    project: bystander
    name: Bystander
    live:
      alias: bystander
      credentials: {{api_key: {BYSTANDER_KEY}}}
      populate: {{accounts: 20, users: 20, referrals: 5, manual_rewards: 5, events: 5}}
    settings: *settings
    programs: *programs
  - api: loyalty_core
    project: beside
    name: Beside
    live:
      alias: beside
      credentials: {{api_token: {TOKEN}}}
      populate: {{members: {MEMBERS}, transactions: 1000}}
    settings: {{organization_id: 1}}
"""


def _basic(key: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f":{key}".encode()).decode()}


REQUEST = (
    f"GET {BYSTANDER_PATH} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    f"Authorization: {_basic(BYSTANDER_KEY)['Authorization']}\r\n\r\n"
).encode()


# The server's process


def serve(url: str, users: int, port: int, scenario: str) -> None:
    """Serve a mock with the scenario, and with so many users in its first tenant."""
    from troth.mock.run import STOP_S, build_mock
    from troth.server import run
    from troth.server.sockets import listen
    from troth.settings import Settings

    sockets = listen("127.0.0.1", port)
    server = build_mock(Settings(mock=True, database_url=url, port=port, access_log=False), scenario)
    with contextlib.closing(server):
        with server.runtime.storage.session() as session, session.begin():
            _multiply(session, users)
        run.serve(server, sockets, stop_s=STOP_S)


def _multiply(session: Session, users: int) -> None:
    """Copy the seeded users, with their codes, until there are so many, and the seeded referrals, twentyfold at
    most.
    """
    tenant = session.execute(text("SELECT id FROM tenants WHERE api = 'saasquatch' AND alias = 'beside'")).scalar_one()
    names = {"account_id": "account_id || '--' || n", "user_id": "user_id || '--' || n"}
    times = max(0, users // SEEDED - 1)
    _copy(session, "sq_accounts", tenant, times, {"id": "id || '--' || n"})
    _copy(session, "sq_users", tenant, times, {**names, "id": "id || '--' || n", "created_ms": "created_ms + n"})
    codes = {name: f"{name} || '--' || n" for name in ("folded", "code", "link_token")}
    _copy(session, "sq_codes", tenant, times, {**names, **codes})
    sides = [f"{side}_{of}_id" for side in ("referrer", "referred") for of in ("account", "user")]
    people = {name: f"{name} || '--' || n" for name in sides}
    is_postgres = session.get_bind().dialect.name == "postgresql"
    hexadecimal = "lpad(to_hex(n), 4, '0')" if is_postgres else "printf('%04x', n)"
    number = {"id": f"substr(id, 1, 20) || {hexadecimal}"}
    _copy(session, "sq_referrals", tenant, min(times, REFERRAL_TIMES - 1), {**people, **number})
    session.execute(text("ANALYZE"))  # as autovacuum does within a minute, and a server on a SQLite file at its start


def _copy(session: Session, table: str, tenant: int, times: int, changed: dict[str, str]) -> None:
    """Insert each of a tenant's rows so many times again; `changed` are SQL expressions over the row and n."""
    columns = [column["name"] for column in inspect(session.connection()).get_columns(table)]
    values = ", ".join(changed.get(column, column) for column in columns)
    session.execute(
        text(
            "WITH RECURSIVE numbers(n) AS (SELECT 1 WHERE :times > 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < :times) "
            f"INSERT INTO {table} ({', '.join(columns)}) "
            f"SELECT {values} FROM {table} CROSS JOIN numbers WHERE tenant_id = :tenant"
        ),
        {"times": times, "tenant": tenant},
    )


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


@contextlib.contextmanager
def _server(url: str, users: int) -> Iterator[int]:
    """A server that is ready, as a process; its port."""
    with tempfile.TemporaryDirectory() as folder:
        scenario, port = Path(folder) / "beside.yaml", _free_port()
        scenario.write_text(SCENARIO)
        process = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.beside", "--serve", url.replace("FOLDER", folder)),
                *("--users", str(users), "--port", str(port), "--scenario", str(scenario)),
            ],
            env={**os.environ, "TROTH_FILES_DIR": str(Path(folder) / "files")},
        )
        try:
            while not _is_ready(port):
                if process.poll() is not None:
                    raise RuntimeError("the server ended before it was ready")
                time.sleep(0.1)
            yield port
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)


def _is_ready(port: int) -> bool:
    try:
        return _call(port, "GET", "/_health/ready", {})[0] == 200
    except OSError:
        return False


def _call(port: int, method: str, path: str, headers: dict[str, str], body: Any = None) -> tuple[int, Any]:
    """One call on a new connection: the status, and the answer's JSON."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        content = None if body is None else orjson.dumps(body)
        connection.request(method, path, content, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        return answer.status, orjson.loads(answer.read())
    finally:
        connection.close()


# The bystander's process


def bystander(port: int, stop: Event, found: Any) -> None:
    """Send requests until stopped; puts the milliseconds of each request, and the failures by name."""
    found.put(asyncio.run(_ask_all(port, stop)))


async def _ask_all(port: int, stop: Event) -> tuple[list[float], dict[str, int]]:
    took_ms: list[float] = []
    failures: Counter[str] = Counter()
    tasks: set[asyncio.Task[None]] = set()
    began_s, number = monotonic_s(), 0
    while not stop.is_set():
        task = asyncio.create_task(_ask(port, began_s + number * EVERY_S, took_ms, failures))
        tasks.add(task)
        task.add_done_callback(tasks.discard)
        number += 1
        await asyncio.sleep(began_s + number * EVERY_S - monotonic_s())
    if tasks:
        await asyncio.wait(tasks)
    return took_ms, dict(failures)


async def _ask(port: int, due_s: float, took_ms: list[float], failures: Counter[str]) -> None:
    """One request on a connection of its own, measured from when it was due to the end of its answer."""
    try:
        async with asyncio.timeout(ANSWER_S_MAX):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(REQUEST)
            answer = await reader.read()
            writer.close()
        status = answer[9:12].decode() or "closed"
    except (OSError, TimeoutError) as error:
        status = type(error).__name__
    took_ms.append((monotonic_s() - due_s) * 1_000)
    if status != "200":
        failures[status] += 1


def beside(port: int, work: Callable[[], str]) -> dict[str, Any]:
    """What a bystander notices while `work` runs, which says what it has done."""
    context = multiprocessing.get_context("spawn")
    stop, found = context.Event(), context.Queue()
    process = context.Process(target=bystander, args=(port, stop, found))
    process.start()
    time.sleep(1)  # it has begun
    began = monotonic_s()
    try:
        done = work()
        seconds = monotonic_s() - began
    finally:
        stop.set()
        took_ms, failures = found.get(timeout=120)
        process.join()
    ordered = sorted(took_ms)
    return {
        "seconds": round(seconds, 1),
        "done": done,
        "requests": len(ordered),
        **{
            name: round(ordered[min(len(ordered) - 1, int(len(ordered) * part))], 1)
            for name, part in (("p50_ms", 0.5), ("p99_ms", 0.99), ("max_ms", 1.0))
        },
        "failures": failures,
    }


# The heavy work


def export(port: int) -> str:
    status, made = _call(port, "POST", f"{BASE}/export", _basic(KEY), {"type": "USER"})
    _expect(status, 201, made)
    wait_until(lambda: _served(port, f"{BASE}/export/{made['id']}", _basic(KEY)).get("status") == "COMPLETED")
    return "1 export"


def audience(port: int) -> str:
    path, headers = "/loyalty-core/api/v1/organizations/1/audiences", {"Authorization": f"Bearer {TOKEN}"}
    body = {
        "active": True,
        "organizationId": 1,
        "name": "Nested",
        "matcherType": "attribute-matcher",
        "matcher": {"expression": NESTED},
    }
    status, made = _call(port, "POST", path, headers, body)
    _expect(status, 201, made)
    number = made["audienceId"]
    wait_until(lambda: _served(port, f"{path}/{number}", headers).get("audience", {}).get("refreshedAt") is not None)
    return f"{MEMBERS} members counted"


def listing(port: int, path: str) -> str:
    """One caller reads the same page again and again."""
    end, pages, refused = monotonic_s() + LISTING_S, 0, 0
    while monotonic_s() < end:
        status, page = _call(port, "GET", f"{BASE}/{path}", _basic(KEY))
        if status == 503:
            refused += 1
        else:
            _expect(status, 200, page)
            pages += 1
    return f"{pages} pages, {refused} refused"


def quiet(_port: int) -> str:
    time.sleep(QUIET_S)
    return "nothing"


def _served(port: int, path: str, headers: dict[str, str]) -> dict[str, Any]:
    """What a GET answers; nothing when the server was too busy for it."""
    status, answer = _call(port, "GET", path, headers)
    if status == 503:
        return {}
    _expect(status, 200, answer)
    return dict(answer)


def _expect(status: int, expected: int, answer: Any) -> None:
    if status != expected:
        raise RuntimeError(f"{status} instead of {expected}: {str(answer)[:300]}")


def wait_until(condition: Callable[[], bool]) -> None:
    """Ask five times a second."""
    end = monotonic_s() + GIVE_UP_S
    while not condition():
        if monotonic_s() > end:
            raise RuntimeError("it takes too long")
        time.sleep(0.2)


WORKS: dict[str, Callable[[int], str]] = {
    "nothing": quiet,
    "an export of all users": export,
    "an audience with a nested expression": audience,
    "users?limit=1000": lambda port: listing(port, "users?limit=1000"),
    "referrals?limit=1000": lambda port: listing(port, "referrals?limit=1000"),
}


def measure(database: str, url: str, users: int) -> list[dict[str, Any]]:
    """One row for each heavy work."""
    rows = []
    with _server(url, users) as port:
        total = _call(port, "GET", f"{BASE}/users?limit=1", _basic(KEY))[1]["totalCount"]
        if total < users:
            raise RuntimeError(f"there are {total} users")
        for name, work in WORKS.items():
            row = {"database": database, "users": total, "beside": name, **beside(port, lambda work=work: work(port))}
            print(row, flush=True)
            rows.append(row)
    return rows


def table(rows: list[dict[str, Any]]) -> str:
    """The rows as Markdown."""
    columns = list(rows[0])
    lines = ["| " + " | ".join(column.replace("_", " ") for column in columns) + " |", "| --- " * len(columns) + "|"]
    shown = [{**row, "failures": ", ".join(f"{n} {k}" for k, n in row["failures"].items()) or "none"} for row in rows]
    return "\n".join([*lines, *("| " + " | ".join(str(row[column]) for column in columns) + " |" for row in shown)])


def missed(row: dict[str, Any]) -> list[str]:
    where, wrong = f"{row['database']}, beside {row['beside']}", []
    if row["p99_ms"] > P99_MS_MAX:
        wrong.append(f"{where}: the p99 is {row['p99_ms']} ms")
    if row["failures"]:
        wrong.append(f"{where}: {row['failures']}")
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=500_000, help="in the SQLite file")
    parser.add_argument("--memory-users", type=int, default=100_000, help="in memory")
    parser.add_argument("--postgres", metavar="URL", help="an empty database, which gets as many users as the file")
    parser.add_argument(
        "--only", choices=("sqlite", "postgres"), help="one of the databases; then no results are written"
    )
    parser.add_argument("--serve", metavar="URL", help=argparse.SUPPRESS)
    parser.add_argument("--port", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--scenario", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.users, options.port, options.scenario)
        return 0
    load = os.getloadavg()[0]  # others on the machine are in the figures
    rows = []
    if options.only != "postgres":
        rows += measure("SQLite file", "sqlite:///FOLDER/mock.db", options.users)
        rows += measure("SQLite in memory", "sqlite://", options.memory_users)
    if options.postgres and options.only != "sqlite":
        rows += measure("PostgreSQL", options.postgres, options.users)
    shown = table(rows)
    print(shown)
    if not options.only:
        write(rows, shown, load)
    wrong = [line for row in rows for line in missed(row)]
    for line in wrong:
        print(f"MISSED {line}")
    return 1 if wrong else 0


def write(rows: list[dict[str, Any]], shown: str, load: float) -> None:
    """The results, with the machine that they are from."""
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load, 1)}
    (RESULTS / "beside.json").write_bytes(orjson.dumps({"machine": machine, "rows": rows}, option=orjson.OPT_INDENT_2))
    (RESULTS / "beside.md").write_text(
        f"# Beside\n\nA bystander's GET, {1 / EVERY_S:.0f} a second, while another tenant has this done; clients and server share "
        f"{os.cpu_count()} cores. Load of the machine before: {load:.1f}.\n\n{shown}\n"
    )


if __name__ == "__main__":
    sys.exit(main())
