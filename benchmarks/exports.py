"""What an export of all users costs beside the same rows written by the driver alone. See benchmarks/README.md.

`python -m benchmarks.exports [--users 500000] [--folder FOLDER] [--database sqlite]` orders the export by the API, and
runs its job as a server does.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import sqlite3
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import orjson
import psycopg
from sqlalchemy import text

from benchmarks import scale_rows
from benchmarks.operations import SAASQUATCH, SQ, Call, World
from benchmarks.scale import POSTGRES, _drop, _postgres_database, filled

RESULTS = Path(__file__).resolve().parent / "results"
RATIO_MAX = 3.0
ROWS = """SELECT sq_users.id, sq_users.account_id, email, first_name, last_name, code, image_url, first_seen_ip, last_seen_ip,
    sq_users.created_ms, us_tax_form_ms, referral_source, locale, country_code, link_token, custom_fields
    FROM sq_users JOIN sq_codes ON sq_codes.tenant_id = sq_users.tenant_id AND sq_codes.account_id = sq_users.account_id
    AND sq_codes.user_id = sq_users.id WHERE sq_users.tenant_id = 1 ORDER BY sq_users.created_ms, sq_users.account_id, sq_users.id"""


def raw_seconds(url: str, file: Path) -> float:
    """The rows by sqlite3 and csv, or by COPY."""
    started = time.perf_counter()
    if url.startswith("sqlite"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as connection, file.open("w", newline="") as out:
            csv.writer(out).writerows(connection.execute(ROWS))
    else:
        statement = f"COPY ({ROWS}) TO STDOUT (FORMAT csv)"
        with psycopg.connect(url) as connection, file.open("wb") as out, connection.cursor().copy(statement) as copy:
            for part in copy:
                out.write(part)
    return time.perf_counter() - started


def export_seconds(world: World) -> float:
    """The export, from its order to its file."""
    world.check(Call("", "POST", f"{SQ}/export", SAASQUATCH, lambda _n: {"type": "USER", "format": "CSV"}))
    dispatcher: Any = world.server.runtime.services["dispatcher"]
    started = time.perf_counter()
    world.loop.run_until_complete(_long_job(dispatcher))
    took = time.perf_counter() - started
    with world.server.runtime.storage.engine.connect() as connection:
        left = connection.scalar(text("SELECT count(*) FROM sq_exports WHERE status <> 'COMPLETED'"))
    assert left == 0
    return took


async def _long_job(dispatcher: Any) -> None:
    """Run jobs until the export's has run."""
    sandbox = dispatcher.runtime.main
    while (done := await dispatcher.long_jobs.run_next(sandbox, sandbox.clock.now_ms(), None)) is not None:
        if done["kind"] == "export":
            return
    raise RuntimeError("there was no export to be run")


def measure(name: str, url: str, users: int) -> dict[str, Any]:
    """One row for a database."""
    with filled(url, users // scale_rows.SEEDED - 1) as world, tempfile.TemporaryDirectory() as folder:
        raw_seconds(url, Path(folder) / "warm.csv")
        before_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        export_s = export_seconds(world)
        grown_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before_mb
        raw_s = raw_seconds(url, Path(folder) / "raw.csv")
    ratio = round(export_s / raw_s, 1)
    return {
        "database": name,
        "users": users,
        "export_s": round(export_s, 1),
        "raw_s": round(raw_s, 1),
        "ratio": ratio,
        "memory_grown_mb": grown_mb,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--users", type=int, default=500_000)
    parser.add_argument("--folder", type=Path, help="where `benchmarks.scale --keep` has left its databases")
    parser.add_argument("--database", choices=("sqlite", "postgres", "both"), default="both")
    options = parser.parse_args()
    load, copies = os.getloadavg()[0], options.users // scale_rows.SEEDED - 1
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        if options.database != "postgres":
            url = f"sqlite:///{(options.folder or Path(folder)) / f'large-{copies}.db'}"
            rows.append(measure("SQLite file", url, options.users))
            print(rows[-1], flush=True)
    if options.database != "sqlite":
        name = f"troth_scale_large_{copies}"
        rows.append(measure("PostgreSQL", _postgres_database(POSTGRES, name), options.users))
        print(rows[-1], flush=True)
        if options.folder is None:
            _drop(POSTGRES, name)
    machine = {"cores": os.cpu_count(), "python": platform.python_version(), "load_before": round(load, 1)}
    (RESULTS / "exports.json").write_bytes(orjson.dumps({"machine": machine, "rows": rows}, option=orjson.OPT_INDENT_2))
    lines = [" | ".join(name.replace("_", " ") for name in rows[0]), " | ".join("---" for _ in rows[0])]
    lines += [" | ".join(str(value) for value in row.values()) for row in rows]
    shown = "\n".join(f"| {line} |" for line in lines)
    (RESULTS / "exports.md").write_text(
        f"# Exports\n\nAll users as CSV, beside sqlite3 with csv, or COPY, of the same rows; Python {machine['python']}, "
        f"{machine['cores']} cores, load before {machine['load_before']}.\n\n{shown}\n"
    )
    missed = [row for row in rows if row["ratio"] > RATIO_MAX]
    for row in missed:
        print(f"MISSED {row}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
