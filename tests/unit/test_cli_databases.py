"""`troth migrate` and `troth backup`, and servers that are given a database of an older version."""

import contextlib
import sqlite3
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.processes.test_cli import rows, run
from tests.support.databases import drop_postgres, fresh_postgres
from troth.database.migrate import schema_of, upgrade
from troth.health import newest_revision

OLDER = "0004"


@pytest.fixture
def older(tmp_path: Path) -> Path:
    """A database of an earlier version."""
    upgrade(f"sqlite:///{tmp_path}/troth.db", OLDER)
    return tmp_path / "troth.db"


@pytest.fixture
def postgres() -> Iterator[str]:
    made = fresh_postgres("migrate", tables=False)
    yield made
    drop_postgres(made)


def revision(file: Path) -> str | None:
    return schema_of(f"sqlite:///{file}").stored


class TestOlderSchema:
    @pytest.mark.parametrize("command", [("serve", "--port", "0"), ("worker",), ("tenant", "list")])
    def test_it_is_refused_with_one_line_and_left_alone(self, older: Path, command: tuple[str, ...]) -> None:
        line = run(*command, db=older, expect=1)
        assert line.count("\n") == 1
        for part in (OLDER, newest_revision(), "troth migrate"):
            assert part in line
        assert revision(older) == OLDER

    @pytest.mark.parametrize("command", [("migrate", "--check"), ("migrate", "--down", "0004"), ("doctor",)])
    def test_what_only_looks_makes_no_database(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        db = tmp_path / "new.db"
        assert f"there is no database {db}" in run(*command, db=db, expect=1)
        assert not db.exists()


class TestNoDatabase:
    """A file that is not there, or a database without tables: the name is mistyped, except where one is to be made."""

    NEEDS_ONE = (
        ("worker",),
        ("worker", "--migrate"),
        ("tenant", "list"),
        ("tenant", "show", "saasquatch", "acme"),
        ("tenant", "set", "saasquatch", "acme", "openEndpointsEnabled=true"),
        ("tenant", "export", "saasquatch", "acme", "never.jsonl"),
        ("tenant", "delete", "saasquatch", "acme", "--yes"),
        ("key", "create", "saasquatch", "acme"),
        ("key", "list", "saasquatch", "acme"),
        ("key", "revoke", "saasquatch", "acme", "ABCD"),
        ("person", "export", "--api", "saasquatch", "--tenant", "acme", "ana@example.org", "-o", "never.jsonl"),
        ("person", "erase", "--api", "saasquatch", "--tenant", "acme", "ana@example.org", "--yes"),
        ("referral", "approve", "acme", "0" * 24),
        ("referral", "deny", "acme", "0" * 24),
        ("secret", "rotate"),
        ("secret", "rotate", "--check"),
        ("signing-key", "list"),
        ("signing-key", "rotate"),
        ("signing-key", "retire", "one"),
        ("webhook", "create", "advocacy", "https://shop.example/hooks", "--tenant", "acme"),
        ("webhook", "list", "advocacy", "--tenant", "acme"),
        ("webhook", "delete", "advocacy", "https://shop.example/hooks", "--tenant", "acme"),
    )
    MAKES_ONE = (("migrate",), ("tenant", "create", "saasquatch", "acme"), ("load", "demo"))

    @pytest.mark.parametrize("command", NEEDS_ONE, ids=" ".join)
    def test_what_works_on_an_existing_one_makes_none(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        db = tmp_path / "new.db"
        line = run(*command, db=db, expect=1)
        assert line == (
            f"troth: there is no database {db}: name it with --db or TROTH_DATABASE_URL, or make it with `troth migrate`\n"
        )
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("command", [("worker",), ("tenant", "list"), ("signing-key", "rotate")], ids=" ".join)
    def test_an_empty_one_gets_no_tables_by_it(self, tmp_path: Path, postgres: str, command: tuple[str, ...]) -> None:
        (tmp_path / "empty.db").touch()
        for url in (f"sqlite:///{tmp_path}/empty.db", postgres):
            assert "has no schema: name another" in run(*command, "--db", url, expect=1)
            assert schema_of(url).stored is None

    @pytest.mark.parametrize("command", MAKES_ONE, ids=" ".join)
    def test_what_a_first_server_needs_makes_one(self, tmp_path: Path, command: tuple[str, ...]) -> None:
        run(*command, db=tmp_path / "new.db")
        assert revision(tmp_path / "new.db") == newest_revision()


class TestMigrate:
    def test_up_check_and_down(self, older: Path) -> None:
        assert OLDER in run("migrate", "--check", db=older, expect=1)
        assert revision(older) == OLDER
        run("migrate", db=older)
        assert revision(older) == newest_revision()
        run("migrate", "--check", db=older)
        run("migrate", "--down", OLDER, db=older)
        assert revision(older) == OLDER

    def test_what_cannot_be_done_is_said(self, older: Path) -> None:
        assert "one at a time" in run("migrate", "--check", "--down", OLDER, db=older, expect=1)
        assert "for PostgreSQL" in run("migrate", "--sql", db=older, expect=1)
        assert "nowhere" in run("migrate", "--down", "nowhere", db=older, expect=1)
        assert revision(older) == OLDER

    @pytest.mark.parametrize("begin", [None, OLDER])
    def test_the_printed_statements_migrate_postgresql(
        self, postgres: str, begin: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        if begin is not None:
            upgrade(postgres, begin)
        printed = run("migrate", "--sql", "--db", postgres)
        assert schema_of(postgres).stored == begin
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute(printed)  # type: ignore[arg-type]  # many statements in one text
        assert schema_of(postgres).is_current


class TestBackup:
    def test_a_copy_is_consistent_while_another_process_writes(self, tmp_path: Path) -> None:
        """A unit writes two rows that belong together: no copy has one without the other."""
        source, stop, begun = tmp_path / "troth.db", threading.Event(), threading.Event()
        run("tenant", "create", "saasquatch", "acme", "--landing-url", "https://acme.example/", db=source)
        with contextlib.closing(sqlite3.connect(source)) as connection, connection:
            connection.execute("CREATE TABLE pairs (number INTEGER, side TEXT)")
        writer = threading.Thread(target=write_pairs, args=(source, stop, begun))
        writer.start()
        assert begun.wait(20)
        try:
            for number in range(5):
                run("backup", str(tmp_path / f"copy{number}.db"), "--db", f"sqlite:///{source}")
        finally:
            stop.set()
            writer.join()
        for number in range(5):
            file = tmp_path / f"copy{number}.db"
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
            with contextlib.closing(sqlite3.connect(file)) as copy:
                assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                left, right = (
                    copy.execute("SELECT count(*) FROM pairs WHERE side = ?", (side,)).fetchone() for side in "lr"
                )
                assert left == right > (0,)
            assert [row["alias"] for row in rows("tenant", "list", db=file)] == ["acme", "test_acme"]

    def test_a_file_that_is_there_is_never_replaced(self, tmp_path: Path) -> None:
        run("migrate", db=tmp_path / "troth.db")
        (tmp_path / "copy.db").write_text("mine")
        assert "exists" in run("backup", str(tmp_path / "copy.db"), db=tmp_path / "troth.db", expect=1)
        assert (tmp_path / "copy.db").read_text() == "mine"
        assert {file.name for file in tmp_path.iterdir()} == {"troth.db", "copy.db"}

    def test_what_cannot_be_done_is_said(self, tmp_path: Path) -> None:
        assert "pg_dump" in run("backup", "x", "--db", "postgresql://localhost/troth", expect=1)
        assert "no database" in run("backup", str(tmp_path / "x"), db=tmp_path / "missing.db", expect=1)
        run("migrate", db=tmp_path / "troth.db")
        line = run("backup", str(tmp_path / "nowhere" / "copy.db"), db=tmp_path / "troth.db", expect=1)
        assert "nowhere" in line


def write_pairs(source: Path, stop: threading.Event, begun: threading.Event) -> None:
    with contextlib.closing(sqlite3.connect(source, isolation_level=None, timeout=10)) as connection:
        for number in range(100_000):
            connection.execute("BEGIN IMMEDIATE")
            for side in "lr":
                connection.execute("INSERT INTO pairs VALUES (?, ?)", (number, side))
            connection.execute("COMMIT")
            begun.set()
            if stop.is_set():
                return
