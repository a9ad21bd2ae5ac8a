"""How long a sandbox takes: `python -m benchmarks.sandboxes [--times 30]`. See benchmarks/README.md.

A mock as it comes (demo scenario, in memory, journal on) creates sandboxes and resets one, asked over HTTP on the
loopback. Each is timed from before the request is sent to after the answer is read. The first sandbox of a scenario,
which is made up and kept to be copied, is measured apart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx2

from benchmarks.memory import running_mock
from models.kernel.clock import monotonic_s

RESULT = Path(__file__).resolve().parent / "results" / "sandboxes"
TIMES = 30
TIMEOUT_S = 60.0
LIMITS_MS = {"create empty": 100, "create demo": 200, "reset demo": 100}
"""For the median of each."""


def _timed_ms(call: Callable[[], httpx2.Response], status: int) -> float:
    """How long a call took. Raises RuntimeError where it was answered otherwise."""
    began = monotonic_s()
    answer = call()
    took_ms = (monotonic_s() - began) * 1_000
    if answer.status_code != status:
        raise RuntimeError(f"{answer.request.url} was answered with {answer.status_code}: {answer.text[:300]}")
    return took_ms


def measure(times: int) -> dict[str, list[float]]:
    """The times of each kind of call, in ms; of `first empty` and `first demo` one each."""
    found: dict[str, list[float]] = {}
    with (
        running_mock() as (_, port),
        httpx2.Client(base_url=f"http://127.0.0.1:{port}/_troth", timeout=TIMEOUT_S) as http,
    ):

        def create(name: str, scenario: str) -> float:
            body = {"name": name, "scenario": scenario}
            return _timed_ms(lambda: http.post("/sandboxes", json=body), 201)

        for scenario in ("empty", "demo"):
            found[f"first {scenario}"] = [create("first", scenario)]
            _timed_ms(lambda: http.delete("/sandboxes/first"), 204)
            found[f"create {scenario}"] = []
            for number in range(times):
                found[f"create {scenario}"].append(create(f"measured-{number}", scenario))
                _timed_ms(lambda name=f"measured-{number}": http.delete(f"/sandboxes/{name}"), 204)
        create("changed", "demo")
        found["reset demo"] = [_timed_ms(lambda: http.post("/sandboxes/changed/reset"), 200) for _ in range(times)]
    return found


def summary(found: dict[str, list[float]]) -> dict[str, dict[str, Any]]:
    """Median and p95 in ms of each kind that has a limit, beside the limit."""
    return {
        name: {"median_ms": median(found[name]), "p95_ms": quantiles(found[name], n=20)[-1], "limit_ms": limit}
        for name, limit in LIMITS_MS.items()
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=TIMES)
    times = parser.parse_args().times
    load = os.getloadavg()[0]
    found = measure(times)
    rows = summary(found)
    lines = [
        f"# How long a sandbox takes, {times} times each",
        "",
        (
            f"Python {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f} before. The first sandbox of a scenario is made up and kept to be "
            f"copied: {found['first empty'][0]:,.0f} ms for empty, {found['first demo'][0]:,.0f} ms for demo."
        ),
        "",
        "| | median, ms | p95, ms | limit of the median, ms |",
        "| --- | --- | --- | --- |",
        *(
            f"| {name} | {row['median_ms']:.1f} | {row['p95_ms']:.1f} | {row['limit_ms']} |"
            for name, row in rows.items()
        ),
    ]
    text = "\n".join(lines) + "\n"
    print(text)
    RESULT.with_suffix(".md").write_text(text)
    RESULT.with_suffix(".json").write_text(json.dumps({"load": load, "times": times, **rows}, indent=2) + "\n")
    missed = [name for name, row in rows.items() if row["median_ms"] > row["limit_ms"]]
    for name in missed:
        print(f"missed: {name} takes {rows[name]['median_ms']:.0f} ms, limit {rows[name]['limit_ms']} ms")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
