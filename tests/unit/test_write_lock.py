"""A SQLite file that another process writes into: nobody else waits, and what has to wait does not hold up the event
loop.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from models.kernel.clock import monotonic_s
from models.kernel.problems import ServerBusy
from models.uow import UnitOfWork
from tests.support.refusals import assert_refused
from tests.unit.test_database_failures import Case, assert_unavailable, case
from tests.unit.test_dispatcher import World
from troth.app import build
from troth.database import sqlite, storage
from troth.database.sqlite import WriteLock
from troth.database.storage import Storage
from troth.request import middleware
from troth.settings import Settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "troth.db"


@pytest.fixture
def it(file: Path) -> Iterator[Case]:
    with case(database_url=f"sqlite:///{file}") as made:
        assert made.create("first@example.org").status_code == 201
        yield made


@contextlib.contextmanager
def another_writer(file: Path) -> Iterator[Callable[[], None]]:
    """Hold the write lock as another process would; yields what lets it go."""
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def let_go() -> None:
            if other.in_transaction:
                other.execute("ROLLBACK")

        yield let_go
        let_go()


def on_loop(it: Case, work: Callable[[httpx2.AsyncClient], Any]) -> tuple[Any, float]:
    """What some work on the client's loop gives, and the longest time that this loop was held up."""
    longest = [0.0]

    async def watch() -> None:
        last = monotonic_s()
        while True:
            await asyncio.sleep(0.005)
            now = monotonic_s()
            longest[0], last = max(longest[0], now - last), now

    async def both() -> Any:
        watching = asyncio.create_task(watch())
        await asyncio.sleep(0.01)
        try:
            return await work(it.client._http)
        finally:
            watching.cancel()

    return it.client._loop.run_until_complete(both()), longest[0]


def forget_callers(it: Case) -> None:
    """The next request asks the database who is calling."""
    it.server.runtime.directory.forget()


def test_reads_do_not_wait_for_a_writer(it: Case, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(_self: WriteLock, _deadline_s: float) -> bool:
        raise AssertionError("a read waits for the write lock")

    monkeypatch.setattr(WriteLock, "released", never)
    with another_writer(file):
        forget_callers(it)
        assert it.business.get("/advocates").status_code == 200
        forget_callers(it)
        unknown = it.client.request("GET", "/advocacy/api/v1/nowhere", headers={"Authorization": "Bearer unknown"})
        assert unknown.status_code == 401  # who is calling is looked up for a path of no operation too


def test_a_write_waits_without_holding_up_the_event_loop(it: Case, file: Path) -> None:
    headers = {"Authorization": f"Bearer {it.business.key}"}
    with another_writer(file) as let_go:

        async def work(http: httpx2.AsyncClient) -> tuple[int, int]:
            path = "/advocacy/api/v1/advocates"
            write = asyncio.create_task(http.post(path, json={"email": "b@example.org"}, headers=headers))
            await asyncio.sleep(0.5)
            assert not write.done()
            read = await http.get(path, headers=headers)
            let_go()
            return read.status_code, (await write).status_code

        statuses, held_up_s = on_loop(it, work)
    assert statuses == (200, 201)
    assert held_up_s < 0.4, "before, the event loop waited with the request"
    assert it.count() == 2


def test_a_write_that_waits_too_long_is_503_and_has_counted_once(
    it: Case, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(middleware, "LOCK_WAIT_S", 0.3)
    numbering = it.server.runtime.main.next_request_number
    numbered: list[int] = []

    def next_request_number(tenant_id: int) -> int:
        numbered.append(tenant_id)
        return numbering(tenant_id)

    monkeypatch.setattr(it.server.runtime.main, "next_request_number", next_request_number)
    with another_writer(file):
        assert_unavailable(it.create())
    assert len(numbered) == 1, "it was admitted once, however often it tried"
    assert it.create().status_code == 201


def test_refused_writes_take_no_lock(it: Case, file: Path) -> None:
    assert it.create().status_code == 201  # the caller is known now
    with another_writer(file):
        assert_refused(it.business.post("/advocates", json={"email": 5}), 400, "VALIDATION_ERROR")


def test_a_read_that_writes_takes_the_lock_the_second_time(
    it: Case, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = next(one for one in it.server.compiled.apis["control"].compiled if one.info.operation_id == "getInfo")
    plain, calls = operation.function, [0]

    def writing(uow: UnitOfWork) -> object:
        uow.session.execute(text("SELECT count(*) FROM tenants")).scalar()
        calls[0] += 1
        if calls[0] == 1:  # another process writes between this unit's read and its write
            with contextlib.closing(sqlite3.connect(file)) as other, other:
                other.execute("UPDATE tenants SET name = 'Theirs'")
        uow.session.execute(text("UPDATE sandboxes SET id = id"))
        return plain(uow)

    monkeypatch.setattr(operation, "function", writing)
    assert it.client.request("GET", "/_troth/info").status_code == 200
    assert calls == [2]


class TestRun:
    @pytest.fixture
    def made(self, file: Path) -> Iterator[Storage]:
        made = Storage(f"sqlite:///{file}")
        made.create_tables()
        yield made
        made.close()

    @staticmethod
    def write(made: Storage) -> str:
        with made.session() as session, session.begin():
            session.execute(text("SELECT 1"))
        return "written"

    def test_a_unit_of_work_is_run_again_when_the_lock_is_free(self, made: Storage, file: Path) -> None:
        with another_writer(file) as let_go:

            async def run() -> str:
                asyncio.get_running_loop().call_later(0.1, let_go)
                return await made.run(self.write, made)

            assert asyncio.run(run()) == "written"

    def test_it_fails_when_the_lock_is_held_for_too_long(
        self, made: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storage, "LOCK_WAIT_S", 0.1)
        with another_writer(file), pytest.raises(OperationalError, match="database is locked"):
            asyncio.run(made.run(self.write, made))

    def test_one_task_looks_at_the_lock_for_all(
        self, made: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        looks, is_free = [0], WriteLock._is_free

        def counted(lock: WriteLock) -> bool:
            looks[0] += 1
            return is_free(lock)

        monkeypatch.setattr(WriteLock, "_is_free", counted)
        with another_writer(file) as let_go:

            async def run() -> list[str]:
                asyncio.get_running_loop().call_later(0.3, let_go)
                return await asyncio.gather(*(made.run(self.write, made) for _ in range(100)))

            assert asyncio.run(run()) == ["written"] * 100
        assert looks[0] < 100

    def test_nobody_looks_at_the_lock_when_all_that_waited_have_given_up(
        self, made: Storage, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(storage, "LOCK_WAIT_S", 0.05)
        with another_writer(file) as let_go:

            def probes() -> list[str]:
                return [name for task in asyncio.all_tasks() if (name := task.get_name()) == "troth-write-lock"]

            async def give_up() -> None:
                with pytest.raises(OperationalError, match="database is locked"):
                    await made.run(self.write, made)

            async def run() -> str:
                await give_up()
                await asyncio.sleep(0.01)
                assert probes() == []
                await give_up()
                assert len(probes()) == 1, "it is being ended: who comes now is not to wait for it"
                asyncio.get_running_loop().call_later(0.01, let_go)
                return await made.run(self.write, made)

            assert asyncio.run(run()) == "written"

    def test_more_than_may_wait_are_refused(self, made: Storage, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sqlite, "WAITING_MAX", 2)
        with another_writer(file) as let_go:

            async def run() -> list[Any]:
                asyncio.get_running_loop().call_later(0.1, let_go)
                return await asyncio.gather(*(made.run(self.write, made) for _ in range(3)), return_exceptions=True)

            found = asyncio.run(run())
        assert found[:2] == ["written"] * 2
        assert isinstance(found[2], ServerBusy)

    def test_a_thread_without_an_event_loop_waits_as_sqlite_does(self, made: Storage) -> None:
        def timeout_ms() -> Any:
            with made.session() as session, session.begin():
                return session.execute(text("PRAGMA busy_timeout")).scalar()

        async def on_loop() -> Any:
            return timeout_ms()

        assert [timeout_ms(), asyncio.run(on_loop()), timeout_ms()] == [
            sqlite.BUSY_TIMEOUT_MS,
            0,
            sqlite.BUSY_TIMEOUT_MS,
        ]


def test_jobs_and_deliveries_wait_for_the_lock_too(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = build(Settings(mock=True, database_url=f"sqlite:///{file}", fixed_clock=True), docs=False)
    world = World(server, monkeypatch)
    world.schedule("a")
    world.send_event()
    with another_writer(file) as let_go:

        async def run() -> list[dict[str, Any]]:
            asyncio.get_running_loop().call_later(0.2, let_go)
            return await world.dispatcher.settle()

        fired = asyncio.run(run())
    server.close()
    assert sorted(str(one.get("status", one["kind"])) for one in fired) == ["200", "note"]
    assert not any("error" in one for one in fired)
