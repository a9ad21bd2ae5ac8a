"""Long jobs: beside the requests, under a lease, finished once."""

import asyncio
import gc
import itertools
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from models.outbox import outbox
from models.outbox.long_jobs import LONG_KINDS, LongJob, Next, Steps
from models.outbox.outbox import Event, Job
from models.saasquatch.exports import exports
from models.saasquatch.jobs import LONG_JOBS
from models.saasquatch.tables import Export, User
from models.tenancy.tenants import Tenant
from models.uow import UnitOfWork
from tests.support.databases import emptied_postgres
from tests.unit.test_dispatcher import World
from troth.app import build
from troth.outbox import long_jobs
from troth.outbox.long_jobs import LongJobs, _Work
from troth.outbox.work import ClaimedLongJob
from troth.settings import Settings


def open_world(url: str, monkeypatch: pytest.MonkeyPatch, folder: Path, *, fixed: bool = False) -> Iterator[World]:
    server = build(
        Settings(mock=True, database_url=url, fixed_clock=fixed, pool_size=4, files_dir=folder / "files"), docs=False
    )
    yield World(server, monkeypatch)
    server.close()


@pytest.fixture(params=["memory", "file", "postgres"])
def world(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[World]:
    urls = {"memory": "sqlite://", "file": f"sqlite:///{tmp_path / 'troth.db'}"}
    url = urls.get(request.param) or emptied_postgres("dispatcher")
    yield from open_world(url, monkeypatch, tmp_path)


def add_users(world: World, first: int, last: int) -> None:
    world.do(
        lambda uow: uow.session.execute(
            insert(User),
            [
                {
                    "tenant_id": uow.tenant_id,
                    "account_id": f"a{n}",
                    "id": f"u{n}",
                    "image_url": "",
                    "referral_source": "UNKNOWN",
                    "referable": True,
                    "created_ms": n,
                    "modified_ms": n,
                    "custom_fields": {f"field{n % 3}": n},
                    "segments": [],
                    "referred_by_codes": [],
                    "search": f"u{n}",
                    "balance_version": 0,
                }
                for n in range(first, last)
            ],
        )
    )


def order(world: World, tenant: Tenant | None = None, **body: Any) -> str:
    return str(
        world.do(lambda uow: exports.create_export(uow, exports.read_export({"type": "USER", **body})), tenant).id
    )


def export_of(world: World, export_id: str) -> Export:
    return next(row for row in world.rows(Export) if row.id == export_id)


def completions(world: World) -> int:
    return sum(event.type == "export.completed" for event in world.rows(Event))


def claim(world: World) -> ClaimedLongJob:
    begun = world.dispatcher._units.run_internal(world.sandbox, world.now_ms, None)
    assert isinstance(begun, ClaimedLongJob)
    return begun


def end_leases(world: World) -> None:
    world.do(
        lambda uow: uow.session.execute(update(Job).where(Job.tenant_id == uow.tenant_id).values(leased_until_ms=1))
    )


async def until(condition: Callable[[], bool], seconds: float = 20) -> float:
    """Wait for a condition in short steps; the longest time that the event loop worked on something else between two of
    them.

    Processor time of the loop's thread: how long it waits for a busy machine is not the export's doing.
    """
    held_up, last = 0.0, time.thread_time()
    deadline = time.monotonic() + seconds
    while not condition():
        await asyncio.sleep(0.001)
        now = time.thread_time()
        held_up, last = max(held_up, now - last), now
        assert time.monotonic() < deadline, "it did not happen in time"
    return held_up


def fake(monkeypatch: pytest.MonkeyPatch, steps: Callable[[UnitOfWork, str], Steps], done: list[Any]) -> None:
    """Long jobs take these steps, and note their results."""
    monkeypatch.setitem(
        LONG_JOBS, "export", LongJob(steps, lambda _uow, subject, result: done.append((subject, result)))
    )


class TestBeside:
    @pytest.mark.parametrize("format", ["CSV", "XLSX"])
    def test_the_event_loop_is_free_while_an_export_runs(self, world: World, format: str) -> None:
        """A test of the whole: before, 8,000 users held it up for 0.6 s and more as CSV, for 1.6 s as a workbook."""
        add_users(world, 0, 8_000)
        export_id = order(world, format=format)

        async def run() -> float:
            await world.dispatcher.start()
            held_up = await until(lambda: export_of(world, export_id).status != "PENDING", 60)
            await world.dispatcher.stop()
            return held_up

        assert asyncio.run(run()) < 0.4
        assert (export_of(world, export_id).status, completions(world)) == ("COMPLETED", 1)

    def test_other_jobs_do_not_wait_for_it(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        running = []

        def steps(_uow: UnitOfWork, subject: str) -> Steps:
            running.append(subject)
            while "other" not in [name for name, _ in world.ran]:
                yield Next.DATABASE
            return "after the other"

        done: list[Any] = []
        fake(monkeypatch, steps, done)
        world.schedule("long", kind="export")

        async def run() -> None:
            await world.dispatcher.start()
            await until(lambda: bool(running))
            world.schedule("other")
            world.dispatcher.wake()
            await until(lambda: bool(done))
            await world.dispatcher.stop()

        asyncio.run(run())
        assert done == [("long", "after the other")]

    def test_a_tenant_runs_one_at_a_time_and_another_tenant_does_not_wait(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        running: list[str] = []
        let_end: list[str] = []

        def steps(_uow: UnitOfWork, subject: str) -> Steps:
            running.append(subject)
            while subject not in let_end:
                yield Next.DATABASE

        done: list[Any] = []
        fake(monkeypatch, steps, done)
        other = world.new_tenant()
        for subject in ("first", "second"):
            world.schedule(subject, kind="export")
        world.do(lambda uow: outbox.schedule(uow, "export", "other", uow.now_ms), other)

        async def run() -> None:
            await world.dispatcher.start()
            await until(lambda: len(running) == 2)
            await asyncio.sleep(0.1)
            assert sorted(running) == ["first", "other"]
            let_end.append("first")
            await until(lambda: len(running) == 3)
            let_end.extend(["second", "other"])
            await until(lambda: len(done) == 3)
            await world.dispatcher.stop()

        asyncio.run(run())
        assert running[-1] == "second"

    def test_in_a_thread_it_sees_one_state_of_the_database_and_cannot_write(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        if world.runtime.storage.memory:
            pytest.skip("a memory database has one connection")

        def steps(uow: UnitOfWork, _subject: str) -> Steps:
            def count() -> int | None:
                return uow.session.scalar(select(func.count()).select_from(uow.scoped(User).subquery()))

            first = count()
            yield Next.DATABASE
            second = count()
            with pytest.raises(SQLAlchemyError, match=r"readonly|read-only"):
                uow.session.execute(update(User).where(User.tenant_id == uow.tenant_id).values(search="x"))
            return first, second

        fake(monkeypatch, steps, [])
        add_users(world, 0, 3)
        world.schedule("count", kind="export")
        work = _Work(world.dispatcher._units, world.runtime.storage, world.sandbox, claim(world))
        work.step()
        add_users(world, 3, 5)  # beside the reader, which holds no lock
        work.step()
        work.close()
        assert work.result == (3, 3)

    def test_no_transaction_is_open_while_only_files_are_written(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen: list[bool] = []

        def steps(uow: UnitOfWork, _subject: str) -> Steps:
            uow.session.scalar(select(func.count()).select_from(uow.scoped(User).subquery()))
            yield Next.FILES_ONLY
            seen.append(uow.session.in_transaction())

        done: list[Any] = []
        fake(monkeypatch, steps, done)
        world.schedule("pack", kind="export")
        world.settle()
        assert (seen, done) == ([False], [("pack", None)])


class TestLease:
    def test_what_a_killed_server_has_begun_is_done_by_another_once(self, world: World) -> None:
        add_users(world, 0, 5)
        export_id = order(world)
        lost = claim(world)
        assert world.settle() == []  # leased: nobody takes it twice
        end_leases(world)
        assert [done["kind"] for done in world.settle()] == ["export"]
        assert (export_of(world, export_id).status, completions(world)) == ("COMPLETED", 1)
        # The first server was only slow: what it finishes late is passed over.
        world.dispatcher._units.finish_long(world.sandbox, lost, 5)
        assert completions(world) == 1

    def test_it_is_renewed_while_the_job_runs(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        leases: set[int] = set()

        def steps(_uow: UnitOfWork, _subject: str) -> Steps:
            while len(leases) < 3:
                yield Next.DATABASE

        monkeypatch.setattr(long_jobs, "RENEW_S", 0.02)
        done: list[Any] = []
        fake(monkeypatch, steps, done)
        world.schedule("long", kind="export")

        async def run() -> None:
            await world.dispatcher.start()
            while not done:
                leases.update(job.leased_until_ms for job in world.rows(Job) if job.leased_until_ms is not None)
                await asyncio.sleep(0.01)
            await world.dispatcher.stop()

        asyncio.run(asyncio.wait_for(run(), 20))
        assert done

    def test_a_job_that_has_lost_its_lease_ends_without_a_result(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def steps(_uow: UnitOfWork, _subject: str) -> Steps:
            while True:
                yield Next.DATABASE

        monkeypatch.setattr(long_jobs, "RENEW_S", 0.02)
        done: list[Any] = []
        fake(monkeypatch, steps, done)
        world.schedule("long", kind="export")
        begun = claim(world)
        end_leases(world)
        fired = asyncio.run(asyncio.wait_for(world.dispatcher.long_jobs.run(world.sandbox, begun), 20))
        assert (fired["error"], done) == ("stopped", [])
        assert [job.leased_until_ms for job in world.rows(Job)] == [1]  # not released: it may be another's

    def test_a_server_that_stops_gives_it_up_for_the_next(self, world: World) -> None:
        add_users(world, 0, 3_000)
        export_id = order(world)

        async def start_and_stop() -> None:
            await world.dispatcher.start()
            await until(lambda: any(job.leased_until_ms is not None for job in world.rows(Job)))
            await world.dispatcher.stop()

        asyncio.run(start_and_stop())
        files = world.runtime.services["files"].folder
        assert [path for path in files.rglob("*") if path.is_file()] == []
        assert [(job.leased_until_ms, job.attempts) for job in world.rows(Job)] == [(None, 0)]
        world.dispatcher.long_jobs.start()
        world.settle()
        assert (export_of(world, export_id).status, completions(world)) == ("COMPLETED", 1)

    def test_without_the_database_it_neither_raises_nor_is_put_off(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def steps(_uow: UnitOfWork, _subject: str) -> Steps:
            raise RuntimeError("broken")
            yield

        def away(*_arguments: Any) -> None:
            raise OperationalError("UPDATE", None, Exception("away"), connection_invalidated=True)

        fake(monkeypatch, steps, [])
        monkeypatch.setattr(world.dispatcher._units, "failed", away)
        world.schedule("long", kind="export")
        fired = asyncio.run(world.dispatcher.long_jobs.run(world.sandbox, claim(world)))
        assert (fired["subject"], fired["error"]) == ("long", "RuntimeError: broken")
        assert [job.leased_until_ms is not None for job in world.rows(Job)] == [True]  # begins again when this is over

    def test_a_step_that_does_not_end_does_not_hold_the_stop(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(long_jobs, "STOP_S", 0.1)
        monkeypatch.setattr("troth.database.storage.CLOSE_S", 0.1)
        entered, go = threading.Event(), threading.Event()

        def steps(_uow: UnitOfWork, _subject: str) -> Steps:
            entered.set()
            go.wait(60)
            yield Next.DATABASE

        fake(monkeypatch, steps, [])
        worlds = open_world(f"sqlite:///{tmp_path / 'troth.db'}", monkeypatch, tmp_path)
        world = next(worlds)
        world.schedule("long", kind="export")
        before = set(threading.enumerate())
        pools = [engine.pool for engine in (world.runtime.storage.engine, world.runtime.storage._reading)]

        async def start_and_stop() -> None:
            await world.dispatcher.start()
            await until(entered.is_set)
            await world.dispatcher.stop()

        began = time.monotonic()
        asyncio.run(start_and_stop())
        next(worlds, None)
        assert time.monotonic() - began < 30
        go.set()
        for thread in set(threading.enumerate()) - before:
            thread.join(5)
        gc.collect()  # the session of the step that was cut off gives its connection back
        for pool in pools:
            pool.dispose()

    def test_one_that_raises_is_put_off(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        def steps(_uow: UnitOfWork, _subject: str) -> Steps:
            yield Next.DATABASE
            raise OSError("no space left")

        done: list[Any] = []
        fake(monkeypatch, steps, done)
        world.schedule("full", kind="export")
        assert [fired["error"] for fired in world.settle()] == ["OSError: no space left"]
        assert [(job.attempts, job.leased_until_ms, job.due_at_ms > world.now_ms) for job in world.rows(Job)] == [
            (1, None, True)
        ]
        assert done == []


class TestRepeating:
    def test_in_memory_and_on_a_file_the_same_bytes_come_from_the_same_seed(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr("models.saasquatch.exports.pages.PAGE_ROWS", 3)
        made = []
        for name, url in (("1", "sqlite://"), ("2", "sqlite://"), ("3", f"sqlite:///{tmp_path / 'troth.db'}")):
            monkeypatch.setattr(
                "tests.unit.test_dispatcher._numbers", itertools.count(1_000)
            )  # the alias is part of what ids are drawn from
            for world in open_world(url, monkeypatch, tmp_path / name, fixed=True):
                add_users(world, 0, 10)
                for kind in ("CSV", "XLSX"):
                    order(world, format=kind)
                    world.settle()
                files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
                events = [(event.number, event.body) for event in world.rows(Event)]
                made.append(([path.read_bytes() for path in files], [path.name for path in files], events))
        assert made[0] == made[1] == made[2]
        assert [len(part) for part in made[0]] == [2, 2, 4]


def test_the_kinds_of_long_jobs_are_known_and_no_ordinary_ones() -> None:
    from models.saasquatch.jobs import JOBS

    assert set(LONG_JOBS) == LONG_KINDS
    assert not LONG_KINDS & set(JOBS)


def test_at_most_two_run_at_once() -> None:
    """`busy_tenants` says that no long job may be claimed when as many run as may."""

    async def run() -> None:
        jobs = LongJobs(None, None)  # type: ignore[arg-type]  nothing is run
        tasks = [asyncio.create_task(asyncio.sleep(10)) for _ in range(2)]
        jobs._running[tasks[0]] = 7  # type: ignore[index]
        assert jobs.busy_tenants() == {7}
        jobs._running[tasks[1]] = 8  # type: ignore[index]
        assert jobs.busy_tenants() is None
        for task in tasks:
            task.cancel()

    asyncio.run(run())
