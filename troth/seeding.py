"""What a mock's database holds at first: its scenario, loaded here or beside this process.

Loading the demo takes longer than everything else of a start together, and needs nothing of it. So on Linux, with a second
core and a memory database, it is done in two forks: each takes some of the APIs and leaves its database in a file.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from sqlalchemy.orm import configure_mappers

from models.sandboxes import MAIN, Sandbox
from models.tenants import list_tenants
from troth.outbox_units import OutboxUnits
from troth.scenarios import ScenarioError, is_known, load_scenario, named_tenants, sizes
from troth.storage import import_tables

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    from troth.runtime import Runtime

Tenants = list[dict[str, Any]]

GIVES_WAY = 2
"""How much nicer each part is than the one before, which has more to do and is waited for longer."""


def seed(runtime: Runtime, path: Path, apis: Collection[str] | None = None) -> Tenants:
    """Load the scenario, or some of its APIs, unless the database has tenants already; the tenants with their keys.

    What is due then is run, so that exports are there from the start.
    """
    with runtime.storage.session() as session, session.begin():
        if list_tenants(session):
            return named_tenants(path)
        tenants = load_scenario(runtime, session, path, fixed_keys=True, apis=apis, numbered=True).tenants
    with runtime.storage.session() as session:
        ids = [tenant.id for tenant in list_tenants(session)]
    units = OutboxUnits(runtime)
    for tenant_id in ids:
        units.run_due(tenant_id)
    return tenants


def seed_anew(runtime: Runtime, path: Path, part: Part | None = None) -> Tenants:
    """Make a memory database's tables and seed it; with a part of the scenario, only what that needs."""
    runtime.storage.create_tables(part.tables if part else None)
    runtime.boot()
    return seed(runtime, path, part.apis if part else None)


def can_fork() -> bool:
    """Whether forks would run beside this process, and rightly: only Linux's libraries and no second thread survive a fork."""
    return sys.platform == "linux" and len(os.sched_getaffinity(0)) > 1 and threading.active_count() == 1


@dataclass(frozen=True, slots=True)
class Part:
    """What one process seeds: some APIs, in a database with these APIs' tables or, where that is None, all."""

    apis: frozenset[str]
    tables: frozenset[str] | None = None


def parts(path: Path) -> list[Part]:
    """A scenario in two: the API that it wants most of, and the others. Raises ScenarioError.

    The first needs the tables of its API only, and so can begin while the others are still being imported.
    """
    wanted = sizes(path)
    first = max(wanted, key=lambda api: wanted[api], default="")
    rest = Part(frozenset(wanted.keys() - {first}))
    if not rest.apis or not is_known(first):
        return [Part(frozenset(wanted))]
    return [Part(frozenset({first}), frozenset({first})), rest]


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a fork has made beside its database: the tenants with their keys, and where the sandbox stands."""

    tenants: Tenants
    sandbox: Sandbox


class Forks:
    """A memory database that is being seeded in forks of this process."""

    def __init__(self, runtime: Runtime, path: Path) -> None:
        self._runtime, self._path = runtime, path
        runtime.open_files()  # one store for all: files stay where a fork writes them
        self._folder = TemporaryDirectory(prefix="troth-seed-")
        self._forks: list[_Fork] = []
        for place, part in enumerate(parts(path)):
            import_tables(part.tables)
            configure_mappers()
            self._forks.append(_Fork(runtime, path, part, Path(self._folder.name) / f"{place}.db", nice=place * GIVES_WAY))

    def tenants(self) -> Tenants:
        """Wait for them, and take over what they have made. Raises ScenarioError; RuntimeError when one has died."""
        with self._folder:
            made = [fork.result() for fork in self._forks]
            try:
                self._runtime.storage.copy_from([fork.file for fork in self._forks])
            except sqlite3.IntegrityError as error:
                raise ScenarioError(f"{self._path}: something is there twice: {error}") from error
        for fork in self._forks:
            fork.close()
        sandbox = made[0].sandbox
        for other in made[1:]:
            sandbox.join(other.sandbox)
        self._runtime.sandboxes[MAIN] = sandbox
        return [tenant for part in made for tenant in part.tenants]


class _Fork:
    """One process that seeds some APIs into a memory database and leaves that in a file."""

    def __init__(self, runtime: Runtime, path: Path, part: Part, file: Path, nice: int) -> None:
        self.file = file
        self._answer, answer = multiprocessing.Pipe(duplex=False)
        self._process = multiprocessing.get_context("fork").Process(
            target=_work, args=(runtime, path, part, file, nice, answer), name="troth-seed", daemon=True)
        self._process.start()
        answer.close()  # the other end is the fork's alone: should it die, `result` hears of it

    def result(self) -> Seeded:
        with self._answer:
            try:
                answer: Seeded | ScenarioError = self._answer.recv()
            except EOFError:
                raise RuntimeError("a process that loads the scenario has died") from None
        if isinstance(answer, ScenarioError):
            raise answer
        return answer

    def close(self) -> None:
        """Wait for its end, which comes a moment after its answer: it has memory to give back."""
        self._process.join()


def _work(runtime: Runtime, path: Path, part: Part, file: Path, nice: int, connection: Connection) -> None:
    """What a fork does. A defect's traceback is printed by whoever runs it; the first process hears that it has ended."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all: the first process says so, and this one ends by itself
    os.nice(nice)
    try:
        answer: Seeded | ScenarioError = Seeded(seed_anew(runtime, path, part), runtime.main)
        runtime.storage.copy_to(file)
    except ScenarioError as error:
        answer = error
    with contextlib.suppress(BrokenPipeError):  # nobody waits any more
        connection.send(answer)
