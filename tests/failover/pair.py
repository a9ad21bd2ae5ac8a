"""A primary and a standby of PostgreSQL with synchronous streaming replication, in a temporary folder and at free
ports.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.support.live import free_port
from tests.support.site import until

if TYPE_CHECKING:
    from collections.abc import Iterator

STANDBY = "standby"
"""The name that the standby gives the primary (`application_name`)."""
NEEDED = ("initdb", "pg_basebackup", "pg_ctl")
SETTINGS = {
    "listen_addresses": "'127.0.0.1'",
    "unix_socket_directories": "''",
    "wal_level": "replica",
    "hot_standby": "on",
    "max_connections": "100",
    "synchronous_commit": "on",
    "fsync": "off",  # a process that is killed loses nothing that the system has; only a power cut would
}


def programs() -> Path | None:
    """The folder of PostgreSQL's programs of the newest version that is installed; None where there is none."""
    folders = [Path(found).parent for found in [shutil.which("initdb")] if found]
    folders += sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: [int(part) for part in re.findall(r"\d+", folder.parent.name)],
        reverse=True,
    )
    return next((folder for folder in folders if all((folder / name).exists() for name in NEEDED)), None)


def _user() -> str | None:
    """Who runs the servers, where this user is root, which PostgreSQL refuses; None for this user."""
    if os.getuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ("postgres", "nobody") if name in names)


class Pair:
    """Two servers; each is a process of its own, and both are killed when the context ends."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs, self._folder, self._user = programs, folder, _user()
        self.ports = {"primary": free_port(), STANDBY: free_port()}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def url(self, database: str = "postgres") -> str:
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.ports.values())
        return f"postgresql://postgres@{hosts}/{database}?target_session_attrs=read-write"

    def start(self) -> None:
        """Make both, and wait until the primary acknowledges nothing without the standby."""
        self._run("initdb", "-D", self._data("primary"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        conf = "".join(f"{name} = {value}\n" for name, value in SETTINGS.items())
        with (self._folder / "primary" / "postgresql.conf").open("a") as file:
            file.write(conf)
        self._start("primary")
        source = f"host=127.0.0.1 port={self.ports['primary']} user=postgres application_name={STANDBY}"
        self._run("pg_basebackup", "-D", self._data(STANDBY), "-d", source, "-R", "-X", "stream", "-c", "fast")
        self._start(STANDBY)
        with self._connect("primary") as primary:
            primary.execute(f"ALTER SYSTEM SET synchronous_standby_names = '{STANDBY}'".encode())
            primary.execute("SELECT pg_reload_conf()")
            until(lambda: primary.execute("SELECT sync_state FROM pg_stat_replication").fetchall() == [("sync",)])

    def kill(self, name: str) -> None:
        """Kill a server and all that it has started, as a power cut would.

        The servers it has forked see their parent's end only at the next wait: they would go on for a moment.
        """
        process = self._processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        for pid in _with_session(process.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        process.wait()

    def promote(self) -> None:
        self._run("pg_ctl", "promote", "-D", self._data(STANDBY), "-w")

    def stop(self) -> None:
        for name in list(self._processes):
            self.kill(name)

    def _data(self, name: str) -> str:
        return str(self._folder / name)

    @contextlib.contextmanager
    def _connect(self, name: str) -> Iterator[psycopg.Connection]:
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{self.ports[name]}/postgres", autocommit=True) as made:
            yield made

    def _is_up(self, name: str) -> bool:
        assert self._processes[name].poll() is None, (self._folder / f"{name}.log").read_text()
        with contextlib.suppress(psycopg.OperationalError), self._connect(name):
            return True
        return False

    def _start(self, name: str) -> None:
        with (self._folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                [self._programs / "postgres", "-D", self._data(name), "-p", str(self.ports[name])],
                stdout=log,
                stderr=log,
                user=self._user,
                start_new_session=True,
                cwd=self._folder,
            )
        until(lambda: self._is_up(name))

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            capture_output=True,
            text=True,
            check=False,
            user=self._user,
            cwd=self._folder,
        )
        assert done.returncode == 0, f"{program}: {done.stderr}"


def _with_session(parent: int) -> list[int]:
    """Processes that a server has forked: each leads a session of its own (proc(5))."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[1]) == parent:
                found.append(int(stat.parent.name))
    return found


@contextlib.contextmanager
def running(programs: Path) -> Iterator[Pair]:
    """Two servers in a folder that is removed with them."""
    folder = Path(tempfile.mkdtemp(prefix="troth-failover-"))
    pair = Pair(programs, folder)
    try:
        if (user := _user()) is not None:
            shutil.chown(folder, user)
        pair.start()
        yield pair
    finally:
        pair.stop()
        shutil.rmtree(folder, ignore_errors=True)
