"""What a closed SQLite database leaves: one file that has every committed row."""

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from models.kernel.clock import monotonic_s
from troth.database.storage import Storage, StorageClosedError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "troth.db"


@pytest.fixture
def storage(file: Path) -> Iterator[Storage]:
    with Storage(f"sqlite:///{file}") as made:
        with made.engine.begin() as connection:
            connection.execute(text("CREATE TABLE things (id INTEGER PRIMARY KEY)"))
        yield made


def add(storage: Storage, count: int = 20) -> None:
    for _ in range(count):
        with storage.engine.begin() as connection:
            connection.execute(text("INSERT INTO things DEFAULT VALUES"))


def copied(file: Path) -> int:
    """How many rows a copy of the file alone has."""
    alone = file.with_name("alone.db")
    shutil.copy(file, alone)
    with contextlib.closing(sqlite3.connect(alone)) as connection:
        found: int = connection.execute("SELECT count(*) FROM things").fetchone()[0]
    return found


def test_the_file_alone_is_complete_while_another_process_has_it_open(storage: Storage, file: Path) -> None:
    with contextlib.closing(sqlite3.connect(file)) as other:
        other.execute("SELECT count(*) FROM things").fetchone()
        add(storage)
        storage.close()
        assert copied(file) == 20


def test_the_file_alone_is_complete_while_a_unit_holds_its_connection(storage: Storage, file: Path) -> None:
    add(storage)
    left_open = storage.engine.raw_connection()
    storage.close()
    assert copied(file) == 20
    left_open.invalidate()  # the pool that it came from is gone, and would not close it


def test_somebody_who_reads_for_long_holds_the_exit_for_a_moment_only(
    storage: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("troth.database.sqlite.CHECKPOINT_TIMEOUT_MS", 200)
    lines: list[str] = []
    monkeypatch.setattr(
        "troth.database.sqlite.logger.warning", lambda line, **_values: lines.append(line), raising=False
    )
    add(storage)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM things").fetchone()
        add(storage)
        started = monotonic_s()
        storage.close()
        assert monotonic_s() - started < 2
        assert lines == ["WAL not checkpointed: another connection uses it"]
        assert other.execute("SELECT count(*) FROM things").fetchone() == (20,)
    with contextlib.closing(sqlite3.connect(file)) as later:
        assert later.execute("SELECT count(*) FROM things").fetchone() == (40,)


def test_a_reader_of_the_newest_state_does_not_keep_rows_from_the_file(
    storage: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("troth.database.sqlite.CHECKPOINT_TIMEOUT_MS", 100)
    add(storage)
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM things").fetchone()
        storage.close()
        assert copied(file) == 20


def test_closing_a_database_that_was_never_used_makes_no_file(file: Path) -> None:
    Storage(f"sqlite:///{file}").close()
    assert not file.exists()


def test_what_is_wrong_with_the_file_does_not_keep_the_exit(
    storage: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    monkeypatch.setattr("troth.database.sqlite.logger.error", lambda line, **_values: lines.append(line), raising=False)
    add(storage)
    storage.engine.dispose()
    file.write_bytes(b"no database" * 1_000)
    storage.close()
    assert lines == ["WAL not checkpointed"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_closed_database_gives_no_connection(file: Path, *, kept: bool) -> None:
    closed = Storage(f"sqlite:///{file}" if kept else "sqlite://")
    closed.create_tables()
    closed.close()
    closed.close()  # does nothing more
    for ask in (closed.engine.connect, closed.writing.open, closed.long_reading.open):
        with pytest.raises(StorageClosedError):
            ask()
