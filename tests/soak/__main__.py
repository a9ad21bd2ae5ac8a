"""`python -m tests.soak --kills 500`: kill processes under load on both databases, and say what was lost."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.soak.run import soak
from tests.support.databases import drop_postgres, fresh_postgres


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500, help="on each database")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=["sqlite", "postgres"], action="append")
    given = parser.parse_args()
    failed = False
    for database in given.database or ["sqlite", "postgres"]:
        with tempfile.TemporaryDirectory() as folder:
            is_file = database == "sqlite"
            url = f"sqlite:///{Path(folder) / 'troth.db'}" if is_file else fresh_postgres("soak", tables=False)
            report = soak(url, given.kills, given.seed)
            if not is_file:
                drop_postgres(url)
        print(f"{database}: {report}", *report.faults[:20], sep="\n  ")
        failed = failed or bool(report.faults)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
