"""`make bench`: Troth, bare Starlette and stock Connexion side by side, as ratios. See benchmarks/README.md."""

import argparse
import contextlib
import gc
import itertools
import os
import platform
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import psutil
import uvloop

from benchmarks import contract
from benchmarks.load import load
from benchmarks.servers import BASE, KEY, SERVERS, SIZES, troth
from models.clock import cpu_s, monotonic_s

ROOT = Path(__file__).resolve().parents[1]
RESULTS = Path(__file__).resolve().parent / "results"
NAMES = ("bare", "stock", "troth")
TARGET = f"{BASE}/things/thing-000042"
BODY = orjson.dumps(contract.BODY)
TARGETS = {"stock": {"small": 14.0, "big": 14.0}, "bare": {"small": 1.1, "big": 2.5}}
SCALING_MAX = 1.05
BATCHES = 6
"""Of calls in process in a round, taking turns; the cheapest counts, since whatever disturbs one only adds to it."""
Samples = dict[str, dict[str, dict[str, list[float]]]]


def http_request(operation: str) -> bytes:
    """The bytes of one measured request."""
    line = f"GET {TARGET}?limit=50" if operation == "GET" else f"PUT {TARGET}"
    headers = ["Host: localhost", f"X-API-Key: {KEY}", "Accept: application/json"]
    if operation == "PUT":
        headers += ["Content-Type: application/json", f"Content-Length: {len(BODY)}"]
    head = "\r\n".join([f"{line} HTTP/1.1", *headers, "", ""]).encode()
    return head + (BODY if operation == "PUT" else b"")


class DirectCall:
    """The same request as an ASGI call, without a server."""

    def __init__(self, app: Any, operation: str) -> None:
        self.app = app
        put = operation == "PUT"
        headers = [(b"host", b"localhost"), (b"x-api-key", KEY.encode()), (b"accept", b"application/json")]
        if put:
            headers += [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())]
        self.scope = {
            "type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": operation,
            "path": TARGET, "raw_path": TARGET.encode(), "query_string": b"" if put else b"limit=50", "root_path": "",
            "scheme": "http", "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 50000), "headers": headers,
        }
        self.message = {"type": "http.request", "body": BODY if put else b"", "more_body": False}
        self.status = 0

    async def receive(self) -> Any:
        return self.message

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]

    async def cost_us(self, count: int) -> float:
        """CPU microseconds of one request, over `count` of them."""
        app, receive, send = self.app, self.receive, self.send
        began = cpu_s()
        for _ in range(count):
            await app({**self.scope, "headers": list(self.scope["headers"])}, receive, send)
        spent = cpu_s() - began
        if self.status != 200:
            raise RuntimeError(f"the answer was {self.status}")
        return spent / count * 1e6


def _samples() -> Samples:
    return {size: {operation: {name: [] for name in NAMES} for operation in ("GET", "PUT")} for size in SIZES}


async def in_process(rounds: int) -> tuple[Samples, list[float]]:
    """CPU microseconds of direct calls, and the ratios of 250 operations to 10."""
    found = _samples()
    apps = {(name, size): SERVERS[name](count) for name in NAMES for size, count in SIZES.items()}
    calls = {(name, size, operation): DirectCall(app, operation)
             for (name, size), app in apps.items() for operation in ("GET", "PUT")}
    ten, many = DirectCall(troth(5), "GET"), DirectCall(troth(125), "GET")
    for call in (*calls.values(), ten, many):
        await call.cost_us(60)
    gc.collect()
    gc.freeze()  # eight applications in one process: collecting over all of them is nobody's cost
    scaling = []
    for number in range(rounds):
        best: dict[tuple[str, str, str], float] = {}
        for _ in range(BATCHES):
            for key, call in calls.items():
                cost = await call.cost_us(20 if key[0] == "stock" else 300)
                best[key] = min(cost, best.get(key, cost))
        for (name, size, operation), cost in best.items():
            found[size][operation][name].append(cost)
        first, second = (ten, many) if number % 2 else (many, ten)
        costs = {id(call): await call.cost_us(3_000) for call in (first, second)}
        scaling.append(costs[id(many)] / costs[id(ten)])
        print(f"  in process, round {number + 1} of {rounds}", flush=True)
    return found, scaling


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _cores() -> tuple[int, int]:
    """One core for the server and one for the client; the same one where there is no other."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else [0]
    return usable[0], usable[min(1, len(usable) - 1)]


@contextlib.contextmanager
def _server(name: str, size: str, core: int) -> Iterator[tuple[int, psutil.Process]]:
    port = _free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.serve", name, size, str(port), str(core)], cwd=ROOT)
    try:
        deadline = monotonic_s() + 60
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if monotonic_s() > deadline or process.poll() is not None:
                raise RuntimeError(f"the server {name} {size} did not start")
            psutil.cpu_percent(0.05)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(10)


def over_http(rounds: int, seconds: float) -> tuple[Samples, Samples]:
    """Requests a second and server CPU microseconds a request, in interleaved rounds over loopback."""
    rates, costs = _samples(), _samples()
    server_core, client_core = _cores()
    with contextlib.ExitStack() as stack:
        running = {(name, size): stack.enter_context(_server(name, size, server_core)) for size in SIZES for name in NAMES}
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {client_core})
        requests = {operation: http_request(operation) for operation in ("GET", "PUT")}
        for port, _ in running.values():
            for request in requests.values():
                load(port, itertools.repeat(request), 0.15)
        for number in range(rounds):
            for size in SIZES:
                for operation, request in requests.items():
                    for name in NAMES:
                        port, process = running[name, size]
                        before = process.cpu_times()
                        count, took = load(port, itertools.repeat(request), seconds, awake=server_core != client_core)
                        after = process.cpu_times()
                        rates[size][operation][name].append(count / took)
                        spent = after.user + after.system - before.user - before.system
                        costs[size][operation][name].append(spent / count * 1e6)
            print(f"  over HTTP, round {number + 1} of {rounds}", flush=True)
    return rates, costs


def ratios(samples: dict[str, list[float]], against: str, *, inverse: bool) -> float:
    """The median over the rounds of Troth against another; `inverse` where less is better."""
    pairs = zip(samples["troth"], samples[against], strict=True)
    return median(other / ours if inverse else ours / other for ours, other in pairs)


def table(result: dict[str, Any]) -> str:
    """The result as Markdown."""
    lines = [
        "| | " + " | ".join(f"{size} {operation}" for size in SIZES for operation in ("GET", "PUT")) + " |",
        "| --- |" + " --- |" * 4,
    ]
    for kind, unit, digits in (("rate", "requests a second", 0), ("server_cpu", "server CPU, us a request", 1),
                               ("in_process", "in process CPU, us a request", 1)):
        if kind not in result:
            continue
        for name in NAMES:
            cells = [f"{median(result[kind][size][op][name]):,.{digits}f}" for size in SIZES for op in ("GET", "PUT")]
            lines.append(f"| {name}: {unit} | " + " | ".join(cells) + " |")
    for key, values in result["ratios"].items():
        lines.append(f"| **{key}** | " + " | ".join(f"**{values[f'{size} {op}']:.2f}**" for size in SIZES for op in ("GET", "PUT"))
                     + " |")
    lines += ["", f"250 operations cost {result['scaling']:.3f} times what 10 do (in process, median)."]
    return "\n".join(lines)


def judge(result: dict[str, Any], gate: float | None) -> list[str]:
    """What misses its target; with a gate, only the ratio to stock in process, at the gate."""
    missed = []
    for key, values in result["ratios"].items():
        against, what = key.removeprefix("troth / ").split(", ")
        if gate is not None and (against, what) != ("stock", "in process"):
            continue
        for column, value in values.items():
            wanted = gate if gate is not None else TARGETS[against][column.split()[0]]
            if value < wanted:
                missed.append(f"{key}, {column}: {value:.2f} is less than {wanted}")
    if result["scaling"] > (1.25 if gate is not None else SCALING_MAX):
        missed.append(f"250 operations cost {result['scaling']:.3f} times what 10 do")
    return missed


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=0.8, help="for each server, size and operation in a round")
    parser.add_argument("--quick", action="store_true", help="about 25 seconds, for CI")
    parser.add_argument("--no-http", action="store_true", help="only the calls in process")
    parser.add_argument("--gate", type=float, help="fail when Troth is not this many times as fast as stock Connexion")
    options = parser.parse_args()
    if options.quick:
        options.rounds, options.seconds = 3, 0.4
    result: dict[str, Any] = {"machine": {"cores": os.cpu_count(), "python": platform.python_version(),
                                          "rounds": options.rounds, "seconds": options.seconds}}
    found: dict[str, Any] = {}
    if not options.no_http:
        result["rate"], result["server_cpu"] = over_http(options.rounds, options.seconds)
        found["requests a second"] = (result["rate"], False)
    result["in_process"], scaling = uvloop.run(in_process(options.rounds if options.quick else options.rounds * 2))
    found["in process"] = (result["in_process"], True)
    result["scaling"] = median(scaling)
    result["ratios"] = {
        f"troth / {against}, {what}": {f"{size} {operation}": ratios(samples[size][operation], against, inverse=inverse)
                                       for size in SIZES for operation in ("GET", "PUT")}
        for what, (samples, inverse) in found.items() for against in ("stock", "bare")
    }
    text = table(result)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "latest.json").write_bytes(orjson.dumps(result, option=orjson.OPT_INDENT_2))
    (RESULTS / "latest.md").write_text(f"# Latest run\n\nNoisy machines: compare ratios, not rates.\n\n{text}\n")
    print(text)
    missed = judge(result, options.gate)
    for line in missed:
        print(f"MISSED {line}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
