"""Recordings as text files: read, compared, searched for operations that are missing."""

import difflib
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.recording.contracts import all_operations
from tests.recording.recorder import SEPARATOR

RECORDED = Path(__file__).with_name("recorded.txt")
SHOWN_MAX = 40
WINDOW = 500
"""How many lines are compared in detail from the first one on that differs."""
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
    if before == after:
        return ""
    first = next(
        (n for n, (one, other) in enumerate(zip(before, after, strict=False)) if one != other),
        min(len(before), len(after)),
    )
    # A window only: difflib takes minutes where most lines differ.
    one, other = before[first : first + WINDOW], after[first : first + WINDOW]
    changed = list(
        difflib.unified_diff(
            one, other, "recorded", "now", f"from line {first + 1}", f"from line {first + 1}", lineterm="", n=0
        )
    )
    more = (
        f"\n... and {len(changed) - SHOWN_MAX} more lines of difference in the next {WINDOW}"
        if len(changed) > SHOWN_MAX
        else ""
    )
    return "\n".join(changed[:SHOWN_MAX]) + more + HELP


def missing(lines: Iterable[str]) -> list[str]:
    """Operations of the contracts without a success (2xx, 3xx) or without a refusal (4xx) in a recording, and any
    answer 5xx.
    """
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
