"""Requests a second of Troth's mock, of a plain FastAPI and SQLAlchemy application, and of Prism, in turns.

`python -m benchmarks.plain.compare --plain PYTHON [--prism PRISM] [--rounds 5] [--seconds 3] [--gate]`

Each server has one core to itself and wrk (16 connections) the other. The servers take turns within a round; what
counts are ratios, as medians over the rounds. With `--gate` the run fails when a ratio is more than 25 % below the one
in `benchmarks/results/plain.json` in three measurements.
"""

from __future__ import annotations

import argparse
import base64
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results" / "plain.json"
CONNECTIONS = 16
START_S = 60
SHRINKS_BY_AT_MOST = 0.25
MEASURED_AGAIN = 2
"""How often everything is measured again where something has fallen: what fails has fallen each time."""
KEY = "LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK"
AUTHORIZATION = "Basic " + base64.b64encode(f":{KEY}".encode()).decode()
REFERENCE_FLOORS = {"plain": {"GET user": 2.0, "PUT same user": 1.3, "users?limit=10": 0.9, "POST event": 2.2}}
REFERENCE_FLOORS["prism"] = {"GET user": 2.4, "PUT same user": 1.4, "users?limit=10": 0.6, "POST event": 1.9}
"""The ratios to reach."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server that answers, and the user that its calls are about."""

    name: str
    base: str
    account_id: str
    user_id: str

    def calls(self) -> dict[str, tuple[str, str, bytes | None]]:
        """The measured calls: method, URL, body."""
        user = f"{self.base}/open/account/{self.account_id}/user/{self.user_id}"
        names = {"id": self.user_id, "accountId": self.account_id, "firstName": "Ana", "lastName": "Stone"}
        event = {"key": "page_view", "fields": {"page": "pricing"}}
        events = {"userId": self.user_id, "accountId": self.account_id, "events": [event]}
        return {
            "GET user": ("GET", user, None),
            "PUT same user": ("PUT", user, orjson.dumps(names)),
            "users?limit=10": ("GET", f"{self.base}/users?limit=10", None),
            "POST event": ("POST", f"{user}/events", orjson.dumps(events)),
        }


def main() -> None:
    """Measure, print a table, and write the results unless there is a gate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--plain", required=True, help="a Python that has benchmarks/plain/requirements.txt")
    parser.add_argument("--prism", help="Prism's command")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--gate", action="store_true", help="compare with the committed ratios, and write nothing")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        targets = [stack.enter_context(troth()), stack.enter_context(plain(arguments.plain))]
        if arguments.prism:
            targets.append(stack.enter_context(prism(arguments.prism)))
        rates = measure(targets, arguments.rounds, arguments.seconds)
        found = ratios(rates)
        print(table(rates, found))
        if arguments.gate:
            faults = fallen(found)
            for _ in range(MEASURED_AGAIN if faults else 0):
                # A disturbance of the machine ends after a while, a regression stays.
                again = measure(targets, arguments.rounds, arguments.seconds)
                print(table(again, ratios(again)))
                faults = {call: fault for call, fault in fallen(ratios(again)).items() if call in faults}
            sys.exit("\n".join(faults.values()) or None)
    written = {"machine": machine(), "rounds": arguments.rounds, "seconds": arguments.seconds, "ratios": found}
    RESULTS.write_text(orjson.dumps({**written, "rates": rates}, option=orjson.OPT_INDENT_2).decode() + "\n")
    RESULTS.with_suffix(".md").write_text(f"{table(rates, found)}\n\n{machine()}\n")


def measure(targets: list[Target], rounds: int, seconds: int) -> dict[str, dict[str, list[float]]]:
    """Requests a second by call and server, one for each round."""
    rates: dict[str, dict[str, list[float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for call in targets[0].calls():
            by_server = rates[call] = {target.name: [] for target in targets}
            for target in targets:
                wrk(target, call, 1, Path(folder))
            for _ in range(rounds):
                for target in targets:
                    by_server[target.name].append(wrk(target, call, seconds, Path(folder)))
    return rates


def wrk(target: Target, call: str, seconds: int, folder: Path) -> float:
    """Requests a second of one call. Raises RuntimeError when an answer is not a success."""
    method, url, body = target.calls()[call]
    script = folder / "request.lua"
    lines = [f'wrk.method = "{method}"', f'wrk.headers["Authorization"] = "{AUTHORIZATION}"']
    if body is not None:
        lines += ['wrk.headers["Content-Type"] = "application/json"', f"wrk.body = [==[{body.decode()}]==]"]
    script.write_text("\n".join(lines))
    run = subprocess.run(
        [*pinned(1), "wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", script, url],
        capture_output=True,
        text=True,
        check=True,
    )
    if "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        raise RuntimeError(f"{target.name}, {call}: {run.stdout}")
    rate = re.search(r"Requests/sec:\s+([\d.]+)", run.stdout)
    assert rate is not None, run.stdout
    return float(rate[1])


def ratios(rates: dict[str, dict[str, list[float]]]) -> dict[str, dict[str, float]]:
    """Troth's requests for each of another server's, by that server and call: medians over the rounds."""
    others = [name for name in next(iter(rates.values())) if name != "troth"]
    return {
        other: {
            call: round(statistics.median(a / b for a, b in zip(of["troth"], of[other], strict=True)), 2)
            for call, of in rates.items()
        }
        for other in others
    }


def table(rates: dict[str, dict[str, list[float]]], found: dict[str, dict[str, float]]) -> str:
    """The results as a Markdown table."""
    servers = list(next(iter(rates.values())))
    lines = [
        "| call | "
        + " | ".join(f"{name}/s" for name in servers)
        + " | "
        + " | ".join(f"troth / {o}" for o in found)
        + " |",
        "| --- |" + " --- |" * (len(servers) + len(found)),
    ]
    for call, of in rates.items():
        cells = [f"{statistics.median(of[name]):,.0f}" for name in servers]
        for other in found:
            floor = REFERENCE_FLOORS[other][call]
            cells.append(f"{found[other][call]:.2f} (to reach {floor})")
        lines.append(f"| {call} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def fallen(found: dict[str, dict[str, float]]) -> dict[tuple[str, str], str]:
    """What is more than a quarter below the committed ratios, by server and call, as lines."""
    kept = orjson.loads(RESULTS.read_bytes())["ratios"]
    return {
        (other, call): f"{call}: {found[other][call]} times {other}, committed {kept[other][call]}"
        for other in found
        for call in found[other]
        if found[other][call] < kept[other][call] * (1 - SHRINKS_BY_AT_MOST)
    }


@contextmanager
def troth() -> Iterator[Target]:
    """A mock with its demo."""
    port = free_port()
    with running([sys.executable, "-m", "troth", "mock", "--port", str(port)], port, "/_health/live"):
        base = f"http://127.0.0.1:{port}/saasquatch/api/v1/demo"
        user = get(f"{base}/users?limit=1")["users"][0]
        yield Target("troth", base, user["accountId"], user["id"])


@contextmanager
def plain(python: str) -> Iterator[Target]:
    """The plain application on uvicorn."""
    port = free_port()
    command = [python, "-m", "uvicorn", "benchmarks.plain.app:app", "--port", str(port), "--no-access-log"]
    with running(command, port, "/health"):
        yield Target("plain", f"http://127.0.0.1:{port}/api/v1/demo", "a0", "u0")


@contextmanager
def prism(command: str) -> Iterator[Target]:
    """Prism, which answers with the examples of the contract."""
    port = free_port()
    contract = str(ROOT / "openapi" / "bundled" / "saasquatch.json")
    with running([command, "mock", "-p", str(port), "-v", "silent", contract], port, None):
        yield Target("prism", f"http://127.0.0.1:{port}/api/v1/demo", "acme", "ana")


@contextmanager
def running(command: list[str], port: int, path: str | None) -> Iterator[None]:
    """A server as a process on the first core, once it answers."""
    process = subprocess.Popen([*pinned(0), *command], cwd=ROOT, stdout=subprocess.DEVNULL, env={**os.environ})
    try:
        deadline = time.monotonic() + START_S
        while not answers(port, path):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command} does not answer")
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait(20)


def answers(port: int, path: str | None) -> bool:
    """Whether a server answers, or, without a path, listens."""
    try:
        if path is None:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=1) as answer:
            return bool(answer.status < 300)
    except OSError:
        return False


def get(url: str) -> Any:
    """The JSON of an address, with the API key."""
    request = urllib.request.Request(url, headers={"Authorization": AUTHORIZATION})
    with urllib.request.urlopen(request) as answer:
        return orjson.loads(answer.read())


def pinned(core: int) -> list[str]:
    """What keeps a command on one core, where the machine has several."""
    return ["taskset", "-c", str(core)] if (os.cpu_count() or 1) > 1 else []


def machine() -> str:
    """The machine and the day of a measurement."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}, {time.strftime('%Y-%m-%d')}"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


if __name__ == "__main__":
    main()
