"""How long `troth mock` takes until it answers: `python -m benchmarks.start [--rounds 9]`.

Two ways take turns: as it comes, and seeing one core only. From the call of the command to the first answer of
`GET /_troth/info`, in seconds; beside it what the command prints, which begins when Python has started and ends when
the server begins to listen.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import re
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from models.kernel.clock import monotonic_s

RESULTS = Path(__file__).parent / "results"
LIMIT_S = 2.5
WAIT_S = 0.005
GIVE_UP_S = 60.0
ONE_CORE = [
    sys.executable,
    "-c",
    "import os, sys; os.sched_setaffinity(0, {min(os.sched_getaffinity(0))}); os.execv(sys.argv[1], sys.argv[1:])",
]


def _free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def _answers(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/_troth/info")
        return connection.getresponse().status == 200
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


def start(before: list[str]) -> tuple[float, str]:
    """One start: seconds to the first answer, and the line of phases. Raises RuntimeError when it does not come."""
    port = _free_port()
    troth = str(Path(sys.executable).with_name("troth"))
    started = monotonic_s()
    process = subprocess.Popen([*before, troth, "mock", "--port", str(port)], stdout=subprocess.PIPE, text=True)
    try:
        while not _answers(port):
            if process.poll() is not None or monotonic_s() - started > GIVE_UP_S:
                raise RuntimeError("troth mock does not answer")
            time.sleep(WAIT_S)
        seconds = monotonic_s() - started
    finally:
        process.terminate()
        printed = process.communicate()[0]
    found = re.search(r"^ *(\S.*ready in .*)$", printed, re.MULTILINE)
    return seconds, found[1] if found else ""


def _printed(line: str) -> float:
    return float(line.rpartition("ready in ")[2].removesuffix(" s"))


def _spread(seconds: list[float]) -> dict[str, float]:
    return {"least": min(seconds), "median": statistics.median(seconds), "most": max(seconds)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    ways = {"as it comes": [], **({"on one core": ONE_CORE} if hasattr(os, "sched_setaffinity") else {})}
    start([])  # whatever is read for the first time
    taken: dict[str, list[tuple[float, str]]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, before in ways.items():
            taken[name].append(start(before))
    rows: dict[str, dict[str, Any]] = {
        name: {
            "first answer": _spread([seconds for seconds, _ in made]),
            "ready as printed": _spread([_printed(line) for _, line in made]),
            "phases": min(made)[1],
        }
        for name, made in taken.items()
    }
    lines = [
        f"# From `troth mock` to its first answer: {rounds} starts in turns",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores. Seconds; the limit is {LIMIT_S}.",
        "",
        "| | least | median | most |",
        "| --- | --- | --- | --- |",
    ]
    lines += [
        f"| {name}: {what} | " + " | ".join(f"{row[what][which]:.2f}" for which in ("least", "median", "most")) + " |"
        for name, row in rows.items()
        for what in ("ready as printed", "first answer")
    ]
    lines += ["", *(f"The quickest {name}: {row['phases']}" for name, row in rows.items())]
    text = "\n".join(lines) + "\n"
    print(text)
    (RESULTS / "start.md").write_text(text)
    (RESULTS / "start.json").write_text(
        json.dumps({"rounds": rounds, "limit_s": LIMIT_S, "ways": rows}, indent=2) + "\n"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
