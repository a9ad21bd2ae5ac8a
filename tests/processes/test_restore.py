"""A backup of PostgreSQL as docs/operations.md has it: dumped while servers write, restored into another database, and
served from there.
"""

import os
import re
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.advocacy.tables import Advocate
from models.kernel.base import Base
from models.row_counts import ALL, RowCount
from tests.soak.run import keys_of, member
from tests.support.databases import lent_postgres, postgres_programs
from tests.support.refusals import assert_refused
from tests.support.site import Site, until
from troth.database.storage import Storage, import_tables

MEMBERS = 3
PAGE = Path(__file__).parents[2] / "docs" / "operations.md"


def run(command: str, url: str, folder: Path) -> None:
    """Run a command of the page on a database."""
    programs = postgres_programs()
    if programs is None:
        pytest.skip("NOT RUN: there is no pg_dump as new as the server")
    environment = {**os.environ, "TROTH_DATABASE_URL": url, "PATH": f"{programs}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["sh", "-ec", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr


class Writer(threading.Thread):
    """Adds advocates until it is stopped."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self._site, self._stop_asked = site, threading.Event()
        self.acknowledged: list[str] = []

    def run(self) -> None:
        while not self._stop_asked.is_set():
            email = f"a{len(self.acknowledged)}@example.org"
            if self._site.advocate(email).status_code == 201:
                self.acknowledged.append(email)

    def stop(self) -> None:
        self._stop_asked.set()
        self.join()


def counted(url: str) -> dict[tuple[str, int], int]:
    """What triggers have counted of each table (`models/row_counts.py`), and its rows: a restore must not count them
    again.
    """
    import_tables()
    storage = Storage(url)
    with storage.session() as session:
        whole = (
            select(RowCount.counted, func.sum(RowCount.number)).where(RowCount.value == ALL).group_by(RowCount.counted)
        )
        found = {
            (name, int(number)): session.scalar(select(func.count()).select_from(Base.metadata.tables[name])) or 0
            for name, number in session.execute(whole)
            if "." not in name
        }
    storage.close()
    return found


def emails(url: str) -> set[str]:
    storage = Storage(url)
    with storage.session() as session:
        found = set(session.scalars(select(Advocate.email)))  # every tenant's: this test has one
    storage.close()
    return found


@pytest.fixture
def databases() -> Iterator[tuple[str, str]]:
    """One to be dumped, and one to restore the dump into."""
    with lent_postgres("dumped", tables=False) as first, lent_postgres("restored", tables=False) as second:
        yield first, second


def test_what_was_acknowledged_before_the_dump_is_there_once_and_served(
    databases: tuple[str, str], tmp_path: Path
) -> None:
    dump, restore = re.findall(r"^pg_(?:dump|restore) .*$", PAGE.read_text(), re.MULTILINE)
    first, second = databases
    site = Site(first, tmp_path)
    keys = keys_of(site)
    with site.serving():
        for number in range(MEMBERS):
            member(keys, number)
        writer = Writer(site)
        writer.start()
        try:
            until(lambda: len(writer.acknowledged) >= 30 or not writer.is_alive())
            assert writer.is_alive(), "it was refused"
            before = list(writer.acknowledged)
            run(dump, first, tmp_path)
        finally:
            writer.stop()
        assert len(writer.acknowledged) > len(before), "it was dumped while a server wrote"
    site.url = second
    run(restore, second, tmp_path)
    found = emails(second)
    assert set(before) <= found <= {*writer.acknowledged, f"a{len(writer.acknowledged)}@example.org"}
    assert counted(second)["lc_members", MEMBERS] == MEMBERS
    site.command("migrate", "--check")
    with site.serving():
        assert_refused(site.advocate(before[0]), 409, "CONFLICT")
        assert site.advocate("after@example.org").status_code == 201
        member(keys, MEMBERS)
    assert emails(second) == {*found, "after@example.org"}
    assert counted(second)["lc_members", MEMBERS + 1] == MEMBERS + 1

    run(restore, first, tmp_path)  # over what is there, as the page has it
    assert emails(first) == found
    assert counted(first)["lc_members", MEMBERS] == MEMBERS
