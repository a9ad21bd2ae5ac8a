"""What a mock's database holds at first: its scenario, loaded here or beside this process.

Loading the demo takes longer than everything else of a start together, and needs nothing of it. So on Linux, with a second
core and a memory database, it is done in two forks: each takes some of the APIs and sends its database when it is done.

Forks are a short cut and nothing else: whatever goes wrong with them, a scenario's mistake or a machine's limit, the scenario
is loaded here, and what is wrong with it is said as ever.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from sqlalchemy.orm import configure_mappers

from models.tenancy.sandboxes import MAIN, Sandbox, Standing
from models.tenancy.tenants import list_tenants
from troth.database.storage import import_tables
from troth.mock.scenarios import ScenarioError, is_known, load_scenario, named_tenants, sizes
from troth.outbox.units import OutboxUnits

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess
    from pathlib import Path

    from troth.runtime import Runtime

Tenants = list[dict[str, Any]]

GIVES_WAY = 2
"""How much nicer the second fork is than the first, which has more to do."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one process seeds: one API's projects in a database with that API's tables, or all others, with all tables."""

    only: str | None = None
    without: str | None = None

    @property
    def tables(self) -> list[str] | None:
        return None if self.only is None else [self.only]


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a fork has made: its database, the tenants with their keys, and where the sandbox stands."""

    dump: bytes
    tenants: Tenants
    standing: Standing


class ForkFailed(Exception):
    """The scenario could not be loaded in forks; says why."""


def seed(runtime: Runtime, path: Path, part: Part = Part()) -> Tenants:
    """Load the scenario, or a part of it, unless the database has tenants already; the tenants with their keys.

    What is due then is run, so that exports are there from the start.
    """
    with runtime.storage.session() as session, session.begin():
        if list_tenants(session):
            return named_tenants(path)
        loaded = load_scenario(
            runtime, session, path, fixed_keys=True, only=part.only, without=part.without, numbered=True
        )
    with runtime.storage.session() as session:
        ids = [tenant.id for tenant in list_tenants(session)]
    units = OutboxUnits(runtime)
    for tenant_id in ids:
        units.run_due(tenant_id)
    return loaded.tenants


def seed_anew(runtime: Runtime, path: Path, part: Part = Part()) -> Tenants:
    """Make a memory database's tables and seed it; with a part of the scenario, only what that needs."""
    runtime.storage.create_tables(part.tables)
    runtime.boot()
    return seed(runtime, path, part)


def can_fork() -> bool:
    """Whether forks would run beside this process, and rightly.

    Only Linux's libraries are sure to survive a fork, and no thread does but the one that forks. Who ignores that children end
    cannot wait for them.
    """
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
        and hasattr(sqlite3.Connection, "serialize")
        and signal.getsignal(signal.SIGCHLD) is signal.SIG_DFL
    )


def parts(path: Path) -> list[Part]:
    """A scenario in two: the API that it wants most of, and the others. Raises ScenarioError.

    The first needs the tables of its API only, and so can begin while the others are still being imported.
    """
    wanted = sizes(path)
    first = max(wanted, key=lambda api: wanted[api], default="")
    if len(wanted) < 2 or not is_known(first):
        return [Part()]
    return [Part(only=first), Part(without=first)]


class Forks:
    """A memory database that is being seeded in forks of this process, which end with the `with` block."""

    def __init__(self, runtime: Runtime, path: Path) -> None:
        self._runtime, self._path = runtime, path
        self._forks: list[tuple[BaseProcess, Connection]] = []
        self._failure: Exception | None = None

    def __enter__(self) -> Self:
        self._runtime.open_files()  # one store for all: files stay where a fork writes them
        try:
            for place, part in enumerate(parts(self._path)):
                import_tables(part.tables)
                configure_mappers()
                self._fork(part, place * GIVES_WAY)
        except (ScenarioError, OSError) as error:  # `tenants` tells
            self._failure = error
        return self

    def __exit__(self, *_error: object) -> None:
        for process, answers in self._forks:
            process.terminate()
            process.join()
            answers.close()
        self._forks = []

    def _fork(self, part: Part, nice: int) -> None:
        answers, answer = multiprocessing.Pipe(duplex=False)
        inherited = [answers, *(earlier for _, earlier in self._forks)]
        process = multiprocessing.get_context("fork").Process(
            target=_work,
            args=(self._runtime, self._path, part, nice, answer, inherited),
            name="troth-seed",
            daemon=True,
        )
        before = signal.pthread_sigmask(
            signal.SIG_BLOCK, {signal.SIGINT}
        )  # Ctrl+C reaches all: the first process ends the others
        try:
            process.start()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
        answer.close()  # the other end is the fork's alone: should it die, `tenants` hears of it
        self._forks.append((process, answers))

    def tenants(self) -> Tenants:
        """Wait for the forks, and take over what they have made. Raises ForkFailed, and then the database is empty."""
        if self._failure is not None:
            raise ForkFailed(_text(self._failure)) from self._failure
        made = [_received(answers) for _, answers in self._forks]
        try:
            self._runtime.storage.restore([part.dump for part in made])
        except sqlite3.Error as error:
            self._runtime.storage.forget()
            raise ForkFailed(_text(error)) from error
        self._runtime.sandboxes[MAIN] = Sandbox.take_over([part.standing for part in made])
        return [tenant for part in made for tenant in part.tenants]


def _received(answers: Connection) -> Seeded:
    try:
        answer: Seeded | str = answers.recv()
    except (EOFError, OSError) as error:
        raise ForkFailed("a fork has died") from error
    if isinstance(answer, str):
        raise ForkFailed(answer)
    return answer


def _text(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _work(
    runtime: Runtime, path: Path, part: Part, nice: int, connection: Connection, inherited: list[Connection]
) -> None:
    """What a fork does. When the scenario cannot be loaded it sends why, and leaves it to the first process to try."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.nice(nice)
    for theirs in inherited:  # so that to send fails, rather than waits for ever, when the first process has gone
        theirs.close()
    try:
        tenants = seed_anew(runtime, path, part)
        answer: Seeded | str = Seeded(runtime.storage.dump(), tenants, runtime.main.hand_over())
    except Exception as error:
        answer = _text(error)
    with contextlib.suppress(BrokenPipeError):  # nobody waits any more
        connection.send(answer)
