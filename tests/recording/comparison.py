"""Recordings as text files: read, compared, searched for operations that are missing."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.recording.contracts import all_operations
from tests.recording.recorder import SEPARATOR

RECORDED = Path(__file__).with_name("recorded.txt")
SHOWN_MAX = 40
HELP = """
To see the answers themselves, play the script on both versions and compare the folders:
  python -m tests.recording --write /tmp/before.txt --bodies /tmp/before    (on the version that was recorded)
  python -m tests.recording --write /tmp/after.txt --bodies /tmp/after      (on this one)
  diff -r /tmp/before /tmp/after
The test plays with --cold. Where only that differs from the recording, an answer depends on what is cached, and so on wall time.
Where the difference is intended: python -m tests.recording --write tests/recording/recorded.txt
"""


def read(path: Path) -> list[str]:
    return path.read_text().splitlines()


def write(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines))


def difference(before: Sequence[str], after: Sequence[str]) -> str:
    """What differs, as the start of a unified diff; empty when nothing does."""
    changed = list(difflib.unified_diff(before, after, "recorded", "now", lineterm="", n=0))
    if not changed:
        return ""
    more = f"\n... and {len(changed) - SHOWN_MAX} more lines of difference" if len(changed) > SHOWN_MAX else ""
    return "\n".join(changed[:SHOWN_MAX]) + more + HELP


def missing(lines: Iterable[str]) -> list[str]:
    """Operations of the contracts without a success (2xx, 3xx) or without a refusal (4xx) in a recording, and any answer 5xx."""
    seen = {_seen(line) for line in lines if not line.startswith("table ")}
    found = [f"{name}: {status}" for name, status in sorted(seen) if status >= 500]
    for name in all_operations():
        statuses = {status for called, status in seen if called == name}
        if not any(status < 400 for status in statuses):
            found.append(f"{name}: no success")
        if not any(400 <= status < 500 for status in statuses):
            found.append(f"{name}: no refusal")
    return found


def _seen(line: str) -> tuple[str, int]:
    """Operation and status of a call's line."""
    title, status, *_ = line.split(SEPARATOR)
    return title.partition(" ")[0], int(status)
