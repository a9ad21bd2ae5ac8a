"""`python -m tests.fuzz --ci` or `--minutes N`: fuzz every vendor's API, against a live mock and in process.

Fails when a check fails, when the server logs an error, or when an operation never succeeded.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.fuzz import CONTROL, URL, fuzzed_apis, scenario
from tests.support import live
from troth.spec import store
from troth.spec.operations import base_path, operations

ROOT = Path(__file__).parents[2]
SEED = 1
CI_SECONDS_MAX = 600
"""For the live run of each API, which is usually done in a fifth of that: a bound for one that hangs, not a budget."""
CI_LIVE_EXAMPLES = 25
"""For each operation, beside the contract's examples and coverage."""
CI_CONTROL_EXAMPLES = 12
"""The same for the control plane."""
CI_CONTROL_SECONDS = 45
"""What all of them may take: the mock's start and end are beside that."""
CONTROLLED = Path(__file__).with_name("control.yaml")
CI_EXAMPLES = 8
"""The same in process."""
CI_CHAINS = 100
"""Chains of requests for each API in process, where each begins with the same server: the live run makes few."""
LIVE_SHARE = 0.8
"""How much of the time given goes to the live server."""
EXAMPLES_A_SECOND = 2
"""About how many examples of every operation, with their checks, one second in process makes; deliberately low."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    kind = parser.add_mutually_exclusive_group(required=True)
    kind.add_argument("--ci", action="store_true", help="the same cases each time, as long as CI may take")
    kind.add_argument("--minutes", type=float, help="other cases each time, for about so long")
    parser.add_argument("--seed", type=int, help="repeat the run with this seed")
    arguments = parser.parse_args()
    apis = fuzzed_apis()
    seconds = None if arguments.ci else int(arguments.minutes * 60 * LIVE_SHARE / (len(apis) + 1))
    seed = arguments.seed or (SEED if arguments.ci else time.time_ns() % 2**32)
    failures = [failure for api in apis for failure in fuzz_live(api, seconds, seed)]
    failures += fuzz_control(seconds, seed)
    spare = 0 if arguments.ci else arguments.minutes * 60 * (1 - LIVE_SHARE) / len(apis)
    failures += fuzz_in_process(max(CI_EXAMPLES, int(spare / EXAMPLES_A_SECOND)), coverage=not arguments.ci)
    say("no failures" if not failures else "FAILED: " + "; ".join(failures))
    return bool(failures)


def say(text: str) -> None:
    print(f"fuzz: {text}", flush=True)


def fuzz_live(api: str, seconds: int | None, seed: int) -> list[str]:
    """Fuzz one API of a mock server in a process of its own; what went wrong.

    For so many seconds, or (as CI does, for the same cases each time) with so many examples.
    """
    limits = ["--max-examples", str(CI_LIVE_EXAMPLES)] if seconds is None else ["--max-time", str(seconds)]
    with tempfile.TemporaryDirectory() as folder:
        mock = ("mock", "--clock", "fixed", "--log", "--scenario", scenario(Path(folder)))
        return _fuzz(api, mock, limits, None if seconds is not None else CI_SECONDS_MAX, seed, {})


def fuzz_control(seconds: int | None, seed: int) -> list[str]:
    """Fuzz the control plane of a small mock of its own; what went wrong. CI gives it a minute."""
    limits = ["--max-examples", str(CI_CONTROL_EXAMPLES), "--max-time", str(seconds or CI_CONTROL_SECONDS)]
    return _fuzz(
        "control",
        ("mock", "--clock", "fixed", "--log", "--scenario", str(CONTROLLED)),
        limits,
        None,
        seed,
        {CONTROL: "1"},
    )


def _fuzz(
    api: str, mock: Sequence[str], limits: list[str], timeout_s: int | None, seed: int, more: dict[str, str]
) -> list[str]:
    """Run Schemathesis against a mock that is started for it; what went wrong."""
    say(f"{api}: live, all phases, seed {seed}")
    started, output, failures = time.monotonic(), list[str](), list[str]()
    with live.troth(*mock, output=output) as url:
        command = [
            Path(sys.executable).with_name("st"),
            "run",
            ROOT / "openapi" / "bundled" / f"{api}.json",
            "--url",
            url + base_path(store.load(api)[0]),
            "--phases",
            "examples,coverage,fuzzing,stateful",
            *limits,
            "--seed",
            str(seed),
            "--continue-on-failure",
            "--no-color",
            "--generation-database",
            "none",
        ]
        try:
            subprocess.run(command, cwd=ROOT, env={**os.environ, URL: url, **more}, check=True, timeout=timeout_s)
        except subprocess.CalledProcessError:
            failures.append(f"{api}: Schemathesis found failures")
        except subprocess.TimeoutExpired:
            failures.append(f"{api}: not done in {timeout_s} s")
    say(f"{api}: {time.monotonic() - started:.0f} s")
    return failures + judge(api, output)


def judge(api: str, output: list[str]) -> list[str]:
    """Print how often each operation was called and succeeded, by the server's own log; what is wrong with that."""
    statuses: dict[str, Counter[int]] = defaultdict(Counter)
    errors = []
    for line in output:
        entry = parse(line)
        if entry.get("level") == "error":
            errors.append(line)
        elif entry.get("api") == api:
            statuses[entry["operation"]][entry["status"]] += 1
    names = [raw["operationId"] for _, _, raw in operations(store.load(api)[0])]
    print(f"\n{'operation':<28}{'cases':>8}{'2xx, 3xx':>10}  others")
    for name in names:
        counts = statuses[name]
        others = ", ".join(f"{status}: {count}" for status, count in sorted(counts.items()) if status >= 400)
        print(f"{name:<28}{counts.total():>8}{succeeded(counts):>10}  {others}")
    total = sum((statuses[name] for name in names), Counter[int]())
    print(f"{'all':<28}{total.total():>8}{succeeded(total):>10}\n")
    for line in errors[:5]:
        print(line)
    failures = [f"{api}.{name} never succeeded" for name in names if not succeeded(statuses[name])]
    return failures + ([f"{api}: the server logged {len(errors)} errors"] if errors else [])


def succeeded(statuses: Counter[int]) -> int:
    return sum(count for status, count in statuses.items() if status < 400)


def parse(line: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def fuzz_in_process(examples: int, *, coverage: bool) -> list[str]:
    """Run the slice of `make test` with so many examples; what went wrong.

    CI leaves coverage to the live run, for its time.
    """
    say(f"in process, {examples} examples{' and coverage' if coverage else ''}")
    started = time.monotonic()
    command = [sys.executable, "-m", "pytest", "tests/fuzz", "-p", "no:cacheprovider"]
    more = {
        "TROTH_TEST_FUZZ_EXAMPLES": str(examples),
        "TROTH_TEST_FUZZ_CHAINS": str(max(CI_CHAINS, examples)),
        "TROTH_TEST_FUZZ_COVERAGE": "1" if coverage else "",
    }
    code = subprocess.run(command, cwd=ROOT, env={**os.environ, **more}, check=False).returncode
    say(f"in process: {time.monotonic() - started:.0f} s")
    return ["in process: failures"] if code else []


if __name__ == "__main__":
    sys.exit(main())
