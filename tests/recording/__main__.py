"""Play the script and keep what came of it, or compare that with a recording.

python -m tests.recording --write FILE [--bodies DIR] [--cold]
python -m tests.recording --compare FILE [--bodies DIR] [--cold]
"""

import argparse
import sys
from pathlib import Path

from tests.recording import comparison
from tests.recording.script import record


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.recording", description="Record the answers to a fixed script of calls."
    )
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path, metavar="FILE", help="write the recording to a file")
    what.add_argument(
        "--compare", type=Path, metavar="FILE", help="compare with a recording; ends with 1 when something differs"
    )
    parser.add_argument(
        "--bodies", type=Path, metavar="DIR", help="write each answer and each table's rows to files of a new folder"
    )
    parser.add_argument(
        "--cold", action="store_true", help="empty the cache of tenants and credentials before each call"
    )
    wanted = parser.parse_args()
    if wanted.bodies is not None and wanted.bodies.exists() and any(wanted.bodies.iterdir()):
        parser.error(f"{wanted.bodies} is not empty: files of an earlier recording would stay among the new ones")
    lines = record(wanted.bodies, cold=wanted.cold).lines
    if wanted.write:
        comparison.write(wanted.write, lines)
        print(f"{len(lines)} lines written to {wanted.write}")
        return 0
    found = comparison.difference(comparison.read(wanted.compare), lines)
    print(found or f"{len(lines)} lines, all as recorded")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
