"""The sandboxes of a mock: each a memory database of its own with its tenants, credentials, clock, files, webhooks and
limits.

`main` is the one that the mock starts with. Another one is made as a copy of what its scenario looked like at first,
which takes some milliseconds. A request goes to the sandbox that its address names (`/sandbox/ID/...`), else to that of
its `Troth-Sandbox` header, of its host (`ID.localhost`), or of its credential; without any of these to `main`.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import shutil
import sqlite3
import tempfile
import weakref
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from handlers.control._inbox_behaviors import SERVICE as INBOX_BEHAVIORS
from handlers.control.problems import (
    BadScenario,
    MainStays,
    NoSandboxes,
    SandboxesFull,
    SandboxTaken,
    SnapshotTaken,
    TooManySnapshots,
    UnknownSnapshot,
)
from models.kernel.problems import UnknownSandbox
from models.kernel.times import iso
from troth.app import add_dispatcher
from troth.database.storage import Storage
from troth.mock import copies, exports
from troth.mock.attempts import Attempts
from troth.mock.calls import Caller
from troth.mock.copies import Copy
from troth.mock.differences import compare
from troth.mock.exports import Origin
from troth.mock.forced import ContractAnswers
from troth.mock.info import information
from troth.mock.interceptor import MockInterceptor, RuledSender
from troth.mock.journal import Journal
from troth.mock.recordings import Recordings
from troth.mock.replaying import replay
from troth.mock.routing import SandboxRouter
from troth.mock.rules import Rules
from troth.mock.scenarios import ScenarioError, find_scenario
from troth.mock.seeding import seed as fill
from troth.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from troth.outbox.dispatcher import Dispatcher
    from troth.request.middleware import CompiledMiddleware

MAIN = "main"
NOW = "now"
"""In the place of the name of a snapshot: the present."""
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""Of a scenario that is no file: no caller names a file that the server reads."""
SNAPSHOTS_MAX = 50
"""Of one sandbox. They are files."""
SPARE_ORIGINALS_MAX = 8
"""Originals that no sandbox is a copy of are kept for the next one that begins like them."""
MEGABYTE = 1 << 20
IDENTIFYING_MEMBERS = ("api", "alias", "environment", "credentials")
"""Members of a tenant that must be the same where an export is imported;
how many people the scenario made may differ.
"""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a sandbox begins: sandboxes that begin alike are copies of one original."""

    scenario: str
    seed: int
    fixed: bool


@dataclass(frozen=True, slots=True)
class Original:
    """What a scenario looks like at first: its tenants with their credentials, and where addresses stand in its
    tables.
    """

    copy: Copy
    tenants: list[dict[str, Any]]
    columns: list[tuple[str, str]]


@dataclass(slots=True)
class Box:
    """A sandbox and what belongs to it."""

    id: str
    plan: Plan
    runtime: Runtime
    tenants: list[dict[str, Any]]
    original: Original
    """What a reset goes back to."""
    secrets: Mapping[str, str]
    """Its credentials by those of its original."""
    snapshots: dict[str, Copy] = field(default_factory=dict)

    @property
    def dispatcher(self) -> Dispatcher:
        return cast("Dispatcher", self.runtime.services["dispatcher"])


class Sandboxes:
    """All sandboxes of a mock, by id."""

    def __init__(self, runtime: Runtime, scenario: str, tenants: list[dict[str, Any]]) -> None:
        folder = tempfile.mkdtemp(prefix="troth-sandboxes-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._folder = Path(folder)
        self._folders = 0
        self._changing = asyncio.Lock()
        self._is_serving = False
        self._settings = runtime.settings
        self._main = runtime
        self._originals: dict[Plan, Original] = {}
        self._boxes: dict[str, Box] = {}
        settings = runtime.settings
        plan = Plan(scenario, settings.seed, settings.fixed_clock)
        if runtime.storage.memory:
            beginning = copies.save(runtime, self._new_folder())
            columns = copies.columns_with(beginning, runtime.public_url)
            original = self._originals[plan] = Original(beginning, tenants, columns)
            self._boxes[MAIN] = _box(MAIN, plan, runtime, original, {})
        runtime.services["sandboxes"] = self

    def _intercept(self, runtime: Runtime, sandbox_id: str) -> Rules:
        """Put preferences, rules and the journal around the calls to a sandbox; its rules."""
        limit_bytes = self._settings.journal_mb * MEGABYTE
        journal = Journal(runtime, limit_bytes) if limit_bytes else None
        answers = ContractAnswers(self._compiled, runtime.settings.seed)
        rules = Rules(runtime, answers)
        recordings = Recordings()
        runtime.interceptor = MockInterceptor(rules, answers, journal, recordings)
        runtime.services |= {
            "rules": rules,
            "recordings": recordings,
            "caller": Caller(self._compiled, sandbox_id),
            "operations": self._operations,
            "replayer": partial(replay, self, self._compiled),
        }
        if journal is not None:
            runtime.services["journal"] = journal
        return rules

    def attach(self, compiled: CompiledMiddleware) -> None:
        """Route requests to their sandboxes."""
        self.router = compiled.sandboxes = SandboxRouter(
            self._main, compiled.control_guard.names | compiled.hosts.keys()
        )
        self._compiled = compiled
        self._operations = frozenset(
            operation.info.operation_id for api in compiled.apis.values() for operation in api.compiled
        )
        dispatcher = self._main.services["dispatcher"]
        rules = self._intercept(self._main, MAIN)
        dispatcher.sender = RuledSender(dispatcher.sender, rules, is_shared=False)
        _keep_attempts(self._main)

    async def start(self) -> None:
        """The server runs: each sandbox works off its outbox from when it is made."""
        self._is_serving = True

    async def stop(self) -> None:
        """Stop and close all but the main one."""
        self._is_serving = False
        for box in [box for box in self._boxes.values() if box.id != MAIN]:
            await self._close(box)

    # What the control plane does

    def box(self, sandbox_id: str) -> Box:
        """A sandbox. Raises UnknownSandbox, NoSandboxes."""
        self._check_memory()
        found = self._boxes.get(sandbox_id)
        if found is None:
            raise UnknownSandbox.named(sandbox_id)
        return found

    def all(self) -> list[Box]:
        """All sandboxes, the main one first, then in the order in which they were made. Raises NoSandboxes."""
        self._check_memory()
        return list(self._boxes.values())

    def _check_memory(self) -> None:
        if not self._main.storage.memory:
            raise NoSandboxes

    async def create(self, sandbox_id: str, *, scenario: str | None, seed: int | None, fixed: bool | None) -> Box:
        """Make a sandbox; what is not given is as in the main one.

        Raises SandboxTaken, SandboxesFull, BadScenario, NoSandboxes.
        """
        like = self.box(MAIN).plan
        if scenario not in (None, like.scenario) and not _NAME.fullmatch(scenario):
            raise BadScenario(
                "A scenario file is only taken from the mock's command line, and this mock has another one."
            )
        plan = Plan(
            like.scenario if scenario is None else scenario,
            like.seed if seed is None else seed,
            like.fixed if fixed is None else fixed,
        )
        async with self._changing:
            if sandbox_id in self._boxes:
                raise SandboxTaken
            original = await self._original(plan)
            self._check_room(original.copy.size_bytes)
            box = self._copy(sandbox_id, plan, original)
            if self._is_serving:
                await box.dispatcher.start()
            self._boxes[sandbox_id] = box
            self.router.add(box.id, box.runtime, copies.credentials_of(box.tenants))
        return box

    async def end(self, sandbox_id: str) -> None:
        """End a sandbox. Raises UnknownSandbox, MainStays, NoSandboxes."""
        async with self._changing:
            box = self.box(sandbox_id)
            if box.id == MAIN:
                raise MainStays
            del self._boxes[sandbox_id]
            self.router.remove(sandbox_id)
            await self._close(box)

    async def reset(self, box: Box) -> None:
        """Make a sandbox what it was at first, without rules; its snapshots and its journal stay."""
        async with self._at_rest(box):
            _begin(box.runtime, box.original, box.secrets)
            box.runtime.services["rules"].clear()
            box.runtime.services.pop(INBOX_BEHAVIORS, None)
            box.runtime.services["attempts"].clear()
        box.runtime.wake()

    async def take_snapshot(self, box: Box, name: str) -> Copy:
        """Store what a sandbox holds under a name. Raises SnapshotTaken, TooManySnapshots."""
        async with self._at_rest(box):
            if name in box.snapshots:
                raise SnapshotTaken
            if len(box.snapshots) >= SNAPSHOTS_MAX:
                raise TooManySnapshots(SNAPSHOTS_MAX)
            copy = box.snapshots[name] = copies.save(box.runtime, self._new_folder())
        return copy

    async def restore(self, box: Box, name: str) -> None:
        """Make a sandbox what it was when a snapshot was taken. Raises UnknownSnapshot."""
        async with self._at_rest(box):
            copies.load(box.runtime, self.snapshot(box, name))
            box.runtime.services["attempts"].clear()
        box.runtime.wake()

    @staticmethod
    def snapshot(box: Box, name: str) -> Copy:
        """A snapshot. Raises UnknownSnapshot."""
        found = box.snapshots.get(name)
        if found is None:
            raise UnknownSnapshot
        return found

    def forget_snapshot(self, box: Box, name: str) -> None:
        """Delete a snapshot. Raises UnknownSnapshot."""
        copy = self.snapshot(box, name)
        del box.snapshots[name]
        shutil.rmtree(copy.folder, ignore_errors=True)

    async def export(self, box: Box) -> bytes:
        """All that a sandbox holds, as lines of JSON."""
        folder = self._new_folder()
        try:
            async with self._at_rest(box):
                copy = copies.save(box.runtime, folder)
            return await asyncio.to_thread(exports.export, copy, _origin(box))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    async def load_export(self, box: Box, lines: bytes) -> None:
        """Make a sandbox what lines of JSON say, with its own addresses and credentials.

        Raises BadExport, ExportDiffers, SandboxesFull.
        """
        folder, here = self._new_folder(), _origin(box)
        try:
            copy, origin = await asyncio.to_thread(exports.read, lines, folder, here)
            if box.id != MAIN:
                self._check_room(copy.size_bytes)
            copied_url = None if origin == here else origin.public_url
            opened = partial(
                exports.open_copy, copy=copy, copied_url=copied_url, secrets=_replaced(here, origin.sandbox, box.id)
            )
            await asyncio.to_thread(exports.check_opens, opened, partial(self._throwaway, box))
            async with self._at_rest(box):
                opened(box.runtime)
                box.runtime.storage.analyze()
                box.runtime.services["attempts"].clear()
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        box.runtime.wake()

    async def diff(self, box: Box, before: str, after: str) -> dict[str, Any]:
        """What is different between two snapshots, or a snapshot and the present (`now`). Raises UnknownSnapshot."""
        one, folder = self.snapshot(box, before), self._new_folder()
        try:
            if after == NOW:
                async with self._at_rest(box):
                    other = copies.save(box.runtime, folder)
            else:
                other = self.snapshot(box, after)
            found = await asyncio.to_thread(compare, one, other, partial(self._throwaway, box))
        except (FileNotFoundError, sqlite3.OperationalError) as error:  # deleted meanwhile
            raise UnknownSnapshot from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        return {"from": before, "to": after, **found}

    def _throwaway(self, box: Box) -> Runtime:
        """A runtime for a copy of a sandbox that is looked at."""
        return self._new_runtime(Storage("sqlite://"), box.plan, box.runtime.public_url)

    def describe(self, box: Box) -> dict[str, Any]:
        """A sandbox as the control plane shows it."""
        runtime = box.runtime
        return {
            "id": box.id,
            "scenario": box.plan.scenario,
            "seed": box.plan.seed,
            "clock": "fixed" if runtime.main.clock.fixed else "wall",
            "now": iso(runtime.main.clock.now_ms()),
            "url": runtime.public_url,
            "memory_bytes": runtime.storage.size_bytes,
            "snapshots": list(box.snapshots),
            "apis": information(runtime, box.tenants, box.plan.seed)["apis"],
        }

    # How it is done

    @contextlib.asynccontextmanager
    async def _at_rest(self, box: Box) -> AsyncIterator[None]:
        """A context in which nothing of a sandbox is under way.

        Only then are the others held up: its clock may be moving for long.

        Raises UnknownSandbox for one that has been ended meanwhile.
        """
        async with box.dispatcher.at_rest(), self._changing:
            if self._boxes.get(box.id) is not box:
                raise UnknownSandbox
            yield

    async def _original(self, plan: Plan) -> Original:
        """The original of sandboxes that begin alike; seeded in a thread on first use. Raises BadScenario."""
        known = self._originals.get(plan)
        if known is None:
            try:
                known = await asyncio.to_thread(self._make_original, plan)
            except ScenarioError as error:
                raise BadScenario(str(error)) from error
            self._forget_originals()
        self._originals[plan] = self._originals.pop(plan, known)  # the latest used one is the last
        return known

    def _forget_originals(self) -> None:
        """Delete the originals that have not been used for longest and that no sandbox goes back to."""
        used = {id(box.original) for box in self._boxes.values()}
        spare = [plan for plan, original in self._originals.items() if id(original) not in used]
        for plan in spare[: max(0, len(spare) - SPARE_ORIGINALS_MAX + 1)]:
            shutil.rmtree(self._originals.pop(plan).copy.folder, ignore_errors=True)

    def _make_original(self, plan: Plan) -> Original:
        with Storage("sqlite://") as storage:
            storage.create_tables()
            runtime = self._new_runtime(storage, plan, self._main.public_url)
            runtime.boot()
            tenants = fill(runtime, find_scenario(plan.scenario))
            storage.analyze()
            copy = copies.save(runtime, self._new_folder())
            return Original(copy, tenants, copies.columns_with(copy, runtime.public_url))

    def _copy(self, sandbox_id: str, plan: Plan, original: Original) -> Box:
        """A sandbox of its own, as its original was at first."""
        storage = Storage("sqlite://")
        try:
            runtime = self._new_runtime(storage, plan, f"{self._main.public_url}/sandbox/{sandbox_id}")
            runtime.open_files()
            secrets = own_secrets(copies.credentials_of(original.tenants), sandbox_id)
            _begin(runtime, original, secrets)
            rules = self._intercept(runtime, sandbox_id)
            sender = self._main.services["dispatcher"].sender
            sender = sender.sender if isinstance(sender, RuledSender) else sender
            add_dispatcher(runtime, RuledSender(sender, rules, is_shared=True))
            _keep_attempts(runtime)
            runtime.services["sandboxes"] = self
            box = _box(sandbox_id, plan, runtime, original, secrets)
            runtime.services["info"] = partial(information, runtime, box.tenants, plan.seed)
            return box
        except BaseException:
            storage.close()
            raise

    def _new_runtime(self, storage: Storage, plan: Plan, public_url: str) -> Runtime:
        settings = self._settings.model_copy(
            update={
                "seed": plan.seed,
                "fixed_clock": plan.fixed,
                "public_url": public_url,
                "files_dir": None,
                "files_url": "",
            }
        )
        runtime = Runtime(settings, storage, self._main.apis)
        runtime.preparations, runtime.watchers = self._main.preparations, self._main.watchers
        return runtime

    def _check_room(self, wanted_bytes: int) -> None:
        """Raises SandboxesFull."""
        used = sum(box.runtime.storage.size_bytes for box in self._boxes.values() if box.id != MAIN)
        if used + wanted_bytes > self._settings.sandboxes_mb * MEGABYTE:
            raise SandboxesFull(self._settings.sandboxes_mb)

    def _new_folder(self) -> Path:
        self._folders += 1
        return self._folder / str(self._folders)

    async def _close(self, box: Box) -> None:
        box.runtime.ended = True
        await box.dispatcher.stop()
        box.runtime.storage.close()
        for copy in box.snapshots.values():
            shutil.rmtree(copy.folder, ignore_errors=True)
        shutil.rmtree(box.runtime.services["files"].folder, ignore_errors=True)


def _keep_attempts(runtime: Runtime) -> None:
    """Keep what the dispatcher of a sandbox sends."""
    attempts = runtime.services["attempts"] = Attempts(runtime)
    runtime.services["dispatcher"].deliveries.watch = attempts.record


def _begin(runtime: Runtime, original: Original, secrets: Mapping[str, str]) -> None:
    """Make a sandbox a copy of its original, with addresses and credentials of its own.

    No unit of work may be under way.
    """
    copies.load(runtime, original.copy)
    if runtime.public_url != original.copy.public_url:
        copies.adapt(runtime, original.copy.public_url, original.columns, secrets)


def _box(sandbox_id: str, plan: Plan, runtime: Runtime, original: Original, secrets: Mapping[str, str]) -> Box:
    """A sandbox, which the handlers of its control plane find among the services."""
    tenants = [
        {**tenant, "credentials": {name: secrets.get(secret, secret) for name, secret in tenant["credentials"].items()}}
        for tenant in original.tenants
    ]
    box = Box(sandbox_id, plan, runtime, tenants, original, secrets)
    runtime.services["sandbox"] = box
    return box


def _origin(box: Box) -> Origin:
    """A sandbox as an export of it says where it comes from."""
    sealed_under = box.runtime.directory.vault.fingerprint
    tenants = [{name: tenant[name] for name in IDENTIFYING_MEMBERS} for tenant in box.original.tenants]
    return Origin(box.id, box.runtime.public_url, tenants, sealed_under)


def _replaced(origin: Origin, before: str, after: str) -> Mapping[str, str]:
    """The credentials of the same tenants in one sandbox by those in another one."""
    secrets = copies.credentials_of(origin.tenants)
    one, other = (dict[str, str]() if name == MAIN else own_secrets(secrets, name) for name in (before, after))
    return {one.get(secret, secret): other.get(secret, secret) for secret in secrets}


def own_secrets(secrets: list[str], sandbox_id: str) -> Mapping[str, str]:
    """The credentials of a sandbox, by those of its original: with eight more characters, which follow from its id."""
    mark = sha256(sandbox_id.encode()).hexdigest()[:8]
    return {secret: secret + mark for secret in secrets}


__all__ = ["MAIN", "Box", "Sandboxes"]
