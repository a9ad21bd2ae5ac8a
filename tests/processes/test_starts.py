"""What keeps the real command from starting is one clear line, never a traceback; and what must not keep it."""

import contextlib
import ctypes
import os
import resource
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest
from sqlalchemy import make_url

from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.live import free_port, troth
from troth.database.migrate import upgrade

TROTH = Path(sys.executable).with_name("troth")
KEY = "a secret of this test"
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1
COMMANDS = {
    "serve": ["serve", "--port", "0"],
    "mock": ["mock", "--port", "0"],
    "tenant": ["tenant", "list"],
    "load": ["load", "demo"],
}
MIGRATION_S = 120
"""For several servers that migrate on a busy machine."""
NEWER = "9999_from_the_future"


def as_others() -> None:
    """Take from root the right to write whatever it likes (capabilities(7)); nobody else has it."""
    if os.getuid() == 0:
        assert ctypes.CDLL(None).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) == 0


def environment(**settings: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TROTH_")}
    return {**kept, "TROTH_SECRET_KEY": KEY, "TROTH_REQUIRE_HTTPS": "false", **settings}


def refusal(
    command: str, *arguments: str, preexec: Callable[[], None] | None = None, status: int = 1, **settings: str
) -> str:
    """What a command says that cannot start: one line on standard error.

    It ends with `status`, 2 for a malformed setting.
    """
    done = subprocess.run(
        [TROTH, *COMMANDS[command], *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(**settings),
        preexec_fn=preexec,
        cwd="/",
    )
    lines = done.stderr.splitlines()
    assert (done.returncode, done.stdout, len(lines)) == (status, "", 1), done.stdout + done.stderr
    assert lines[0].startswith("troth: ")
    return lines[0]


@pytest.fixture
def postgres() -> Iterator[str]:
    """An empty database."""
    url = fresh_postgres("starts", tables=False)
    yield url
    drop_postgres(url)


@contextlib.contextmanager
def serving(url: str, folder: Path, **settings: str) -> Iterator[str]:
    env = environment(TROTH_DATABASE_URL=url, TROTH_FILES_DIR=str(folder / "files"), **settings)
    with troth("serve", ready="/_health/ready", env=env, within_s=MIGRATION_S) as base:
        yield base


class TestFiles:
    def test_no_writable_temporary_folder(self) -> None:
        # Every file that it writes is refused, for root too.
        line = refusal("mock", preexec=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
        assert "temporary folder" in line
        assert "TROTH_FILES_DIR" in line

    @pytest.mark.parametrize("command", ["serve", "mock"])
    @pytest.mark.parametrize("folder", ["/proc/nowhere", "{file}/files"])
    def test_a_files_folder_that_cannot_be_made(self, tmp_path: Path, command: str, folder: str) -> None:
        (tmp_path / "file").write_text("")
        wanted = folder.format(file=tmp_path / "file")
        line = refusal(command, "--db", f"sqlite:///{tmp_path}/troth.db", TROTH_FILES_DIR=wanted)
        assert f"the files folder {wanted} cannot be written" in line

    def test_commands_that_write_no_files_need_no_folder(self, tmp_path: Path) -> None:
        upgrade(f"sqlite:///{tmp_path}/troth.db")
        done = subprocess.run(
            [TROTH, "tenant", "list", "--db", f"sqlite:///{tmp_path}/troth.db"],
            capture_output=True,
            text=True,
            check=False,
            env=environment(TROTH_FILES_DIR="/proc/nowhere"),
        )
        assert (done.returncode, done.stdout) == (0, "nothing\n"), done.stderr


class TestSqlite:
    @pytest.mark.parametrize("command", COMMANDS)
    def test_a_missing_folder(self, tmp_path: Path, command: str) -> None:
        line = refusal(command, "--db", f"sqlite:///{tmp_path}/missing/troth.db")
        assert f"{tmp_path}/missing does not exist" in line
        assert not (tmp_path / "missing").exists()

    @pytest.mark.parametrize("command", ["mock"])
    def test_a_file_in_place_of_the_folder(self, tmp_path: Path, command: str) -> None:
        (tmp_path / "file").write_text("")
        assert f"{tmp_path}/file is not a folder" in refusal(command, "--db", f"sqlite:///{tmp_path}/file/troth.db")

    def test_a_folder_in_place_of_the_file_and_a_file_that_is_no_database(self, tmp_path: Path) -> None:
        assert "it is a folder" in refusal("serve", "--db", f"sqlite:///{tmp_path}")
        (tmp_path / "text").write_text("no database, but a text that is long enough to be read as one" * 20)
        assert "is not a database of SQLite" in refusal("serve", "--db", f"sqlite:///{tmp_path}/text")

    @pytest.mark.parametrize("command", ["serve", "mock"])
    def test_a_file_that_is_opened_read_only(self, tmp_path: Path, command: str) -> None:
        upgrade(f"sqlite:///{tmp_path}/troth.db")
        line = refusal(command, "--db", f"sqlite:///file:{tmp_path}/troth.db?mode=ro&uri=true")
        assert "readonly" in line.replace("-", "")

    @pytest.mark.skipif(sys.platform != "linux" and os.getuid() == 0, reason="root may write everywhere")
    @pytest.mark.parametrize(
        ("file_mode", "folder_mode", "what"),
        [(0o444, 0o755, "the file is read-only"), (0o666, 0o555, "the folder {folder} is read-only")],
    )
    @pytest.mark.parametrize("command", ["serve", "mock"])
    def test_a_file_or_folder_that_may_not_be_written(
        self, tmp_path: Path, command: str, file_mode: int, folder_mode: int, what: str
    ) -> None:
        file = tmp_path / "troth.db"
        upgrade(f"sqlite:///{file}")
        file.chmod(file_mode)
        tmp_path.chmod(folder_mode)
        line = refusal(command, "--db", f"sqlite:///{file}", preexec=as_others)
        tmp_path.chmod(0o755)
        assert f"the database {file} cannot be opened: {what.format(folder=tmp_path)}" in line

    @pytest.mark.parametrize("command", ["serve", "mock", "tenant"])
    def test_a_newer_schema(self, tmp_path: Path, command: str) -> None:
        url = f"sqlite:///{tmp_path}/troth.db"
        upgrade(url)
        with contextlib.closing(sqlite3.connect(tmp_path / "troth.db")) as database, database:
            database.execute("UPDATE alembic_version SET version_num = ?", (NEWER,))
        line = refusal(command, "--db", url)
        assert NEWER in line
        assert "newer version of Troth" in line

    @pytest.mark.parametrize("command", ["serve", "mock", "tenant"])
    def test_the_files_of_a_database_are_for_their_user_alone(self, tmp_path: Path, command: str) -> None:
        url = f"sqlite:///{tmp_path}/troth.db"
        before = os.umask(0)
        try:
            if command == "tenant":
                done = subprocess.run(
                    [TROTH, "tenant", "create", "leat", "acme", "--db", url], env=environment(), check=False
                )
                assert done.returncode == 0
                self.check(tmp_path, {"troth.db"})
                return
            env = environment(TROTH_FILES_DIR=str(tmp_path / "files"))
            with troth(command, "--db", url, ready="/_health/ready", env=env):
                self.check(tmp_path, {"troth.db", "troth.db-wal", "troth.db-shm"})
        finally:
            os.umask(before)

    @staticmethod
    def check(folder: Path, names: set[str]) -> None:
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in folder.glob("troth.db*") if file.is_file()}
        assert modes == dict.fromkeys(names, 0o600)


class TestPostgres:
    @pytest.mark.parametrize("command", ["serve", "mock", "tenant"])
    def test_an_unreachable_database(self, command: str) -> None:
        line = refusal(command, "--db", f"postgresql://user:hidden@127.0.0.1:{free_port()}/nothing")
        assert "the database cannot be opened" in line
        assert "refused" in line
        assert "hidden" not in line

    def test_a_database_that_does_not_exist(self, postgres: str) -> None:
        nowhere = make_url(postgres).set(database="nowhere").render_as_string(hide_password=False)
        line = refusal("serve", "--db", nowhere)
        assert "does not exist" in line

    @pytest.mark.parametrize("command", ["serve"])
    def test_a_newer_schema(self, postgres: str, command: str) -> None:
        upgrade(postgres)
        with psycopg.connect(postgres) as connection:
            connection.execute("UPDATE alembic_version SET version_num = %s", (NEWER,))
        assert "newer version of Troth" in refusal(command, "--db", postgres)

    def test_postgres_is_another_word_for_postgresql(self, postgres: str, tmp_path: Path) -> None:
        url = postgres.replace("postgresql://", "postgres://")
        assert url.startswith("postgres://")
        with serving(url, tmp_path) as base:
            assert httpx2.get(f"{base}/_health/ready").json()["checks"]["database"] == "ok"
        listed = subprocess.run(
            [TROTH, "tenant", "list", "--db", url], capture_output=True, text=True, env=environment(), check=False
        )
        assert (listed.returncode, listed.stdout) == (0, "nothing\n"), listed.stderr

    def test_several_servers_migrate_an_empty_database_at_once(self, postgres: str, tmp_path: Path) -> None:
        self.at_once(3, lambda: self.is_ready(serving(postgres, tmp_path)))

    def test_several_mocks_seed_an_empty_database_at_once(self, postgres: str, tmp_path: Path) -> None:
        env = environment(TROTH_FILES_DIR=str(tmp_path / "files"), TROTH_POOL_SIZE="2")
        self.at_once(
            3,
            lambda: self.is_ready(
                troth("mock", "--db", postgres, ready="/_health/ready", env=env, within_s=MIGRATION_S)
            ),
        )
        with psycopg.connect(postgres) as connection:
            seeded = connection.execute("SELECT count(*), count(DISTINCT (api, alias)) FROM tenants").fetchone()
            assert seeded is not None
            assert seeded[0] == seeded[1] > 0
            assert connection.execute("SELECT boots FROM sandboxes").fetchall() == [(2,)]

    @staticmethod
    def is_ready(server: contextlib.AbstractContextManager[str]) -> None:
        with server as base:
            answer = httpx2.get(f"{base}/_health/ready", timeout=20)
            assert answer.json()["status"] == "ready", answer.text

    @staticmethod
    def at_once(count: int, work: Callable[[], Any]) -> None:
        errors: list[BaseException] = []

        def run() -> None:
            try:
                work()
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=run) for _ in range(count)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not errors, errors


class TestSettings:
    @pytest.mark.parametrize("command", ["serve", "mock", "tenant"])
    @pytest.mark.parametrize("key", ["fifteen bytes..", "ü" * 7])
    def test_a_secret_key_under_16_bytes(self, tmp_path: Path, command: str, key: str) -> None:
        line = refusal(command, "--db", f"sqlite:///{tmp_path}/troth.db", TROTH_SECRET_KEY=key, status=2)
        assert line.startswith("troth: TROTH_SECRET_KEY: ")
        assert "16 bytes" in line
        assert f" {key} " not in line

    def test_a_secret_key_of_16_bytes_will_do(self, tmp_path: Path) -> None:
        with serving(f"sqlite:///{tmp_path}/troth.db", tmp_path, TROTH_SECRET_KEY="ü" * 8) as base:
            assert httpx2.get(f"{base}/_health/ready").status_code == 200

    @pytest.mark.parametrize(
        ("name", "value", "expected"),
        [
            ("TROTH_HOST_ALIASES", "app.example.org=nothing", "no API 'nothing'"),
            ("TROTH_HOST_ALIASES", "app.example.org", "<host>=<api>"),
            ("TROTH_POOL_SIZE", "many", 'a whole number of at least 1 and of at most 200, not "many"'),
            ("TROTH_WEBHOOK_CLOCK", "utc", "auto, wall or sandbox"),
        ],
    )
    def test_a_wrong_setting_is_named(self, name: str, value: str, expected: str) -> None:
        line = refusal("mock", status=2, **{name: value})
        assert name in line
        assert expected in line

    def test_a_mock_obeys_host_and_port_of_the_environment_and_its_options_come_first(self, tmp_path: Path) -> None:
        port, other = free_port(), free_port()
        for arguments, wanted in (([], port), (["--port", str(other)], other)):
            settings = {"TROTH_PORT": str(port), "TROTH_HOST": "127.0.0.2"}
            with mock(*arguments, **settings) as printed:
                assert f"http://127.0.0.2:{wanted}\n" in printed
                with socket.create_connection(("127.0.0.2", wanted), timeout=5):
                    pass
        assert "cannot listen on 203.0.113.1:1" in refusal_of_address("203.0.113.1", "1")

    @pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
    def test_a_terminal_that_cannot_show_the_banner_shows_what_it_can(self, encoding: str) -> None:
        with mock("--port", "0", PYTHONIOENCODING=encoding) as printed:
            assert printed.startswith("Troth ")
            assert (
                "mock ? scenario demo ? seed 1" if encoding == "ascii" else "mock \u00b7 scenario demo \u00b7 seed 1"
            ) in printed

    @pytest.mark.parametrize("form", ["json", "yaml"])
    def test_a_contract_is_printed_whole_to_any_terminal(self, form: str) -> None:
        printed = [
            subprocess.run(
                [TROTH, "spec", "saasquatch", "--format", form],
                capture_output=True,
                check=True,
                env=environment(PYTHONIOENCODING=encoding),
            ).stdout
            for encoding in ("ascii", "utf-8")
        ]
        assert printed[0] == printed[1]


def refusal_of_address(host: str, port: str) -> str:
    done = subprocess.run(
        [TROTH, "mock"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(TROTH_HOST=host, TROTH_PORT=port),
    )
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1), done.stderr
    return done.stderr


@contextlib.contextmanager
def mock(*arguments: str, **settings: str) -> Iterator[str]:
    """A mock that runs until the block ends; gives what it has printed."""
    started = subprocess.Popen(
        [TROTH, "mock", *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment(**settings)
    )
    assert started.stdout is not None
    try:
        lines: list[bytes] = []
        for line in started.stdout:
            lines.append(line)
            if b"Ctrl+C" in line:
                break
        assert started.poll() is None, b"".join(lines).decode()
        yield b"".join(lines).decode(settings.get("PYTHONIOENCODING", "utf-8"))
    finally:
        started.terminate()
        started.wait(10)
        started.stdout.close()
