"""The dispatcher: order, clocks, leases, failures."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from models.kernel.clock import DAY_MS, HOUR_MS, FixedClock, WallClock, wall_ms
from models.kernel.connection import LazyConnection
from models.kernel.problems import ClockBackwards
from models.outbox import outbox
from models.outbox.outbox import Delivery, DeliveryAttempt, Job
from models.saasquatch import webhooks
from models.saasquatch.jobs import JOBS
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant, create_tenant
from models.uow import UnitOfWork
from tests.support.databases import emptied_postgres
from tests.support.senders import NullSender
from troth.app import Server, build
from troth.outbox import due_jobs, units
from troth.outbox.dispatcher import Dispatcher
from troth.outbox.outgoing import SendResult
from troth.outbox.units import backoff_ms
from troth.settings import Settings

_numbers = itertools.count(1)
URL = "https://hooks.example.org/in"


class World:
    """A server of its own, with one tenant, a sender that calls nobody, and jobs that note what they see."""

    def __init__(self, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        self.server, self.runtime = server, server.runtime
        self.dispatcher: Dispatcher = server.runtime.services["dispatcher"]
        self.sender = NullSender()
        self.dispatcher.sender = self.sender
        self.ran: list[tuple[str, int]] = []
        self.monkeypatch = monkeypatch
        self.tenant = self.new_tenant()
        self.job("note", lambda _uow, _subject: None)

    @property
    def sandbox(self) -> Any:
        return self.runtime.main

    @property
    def now_ms(self) -> int:
        return self.sandbox.clock.now_ms()

    def new_tenant(self) -> Tenant:
        with self.runtime.storage.session() as session, session.begin():
            return create_tenant(
                session,
                api="saasquatch",
                alias=f"d{next(_numbers)}",
                name="D",
                live=True,
                project="d",
                sandbox_id=MAIN,
                settings={},
                now_ms=1,
            )

    def job(self, kind: str, work: Callable[[UnitOfWork, str], None]) -> None:
        """Add a kind of job that does some work after it was noted."""

        def run(uow: UnitOfWork, subject: str) -> None:
            self.ran.append((subject, uow.now_ms))
            work(uow, subject)

        self.monkeypatch.setitem(JOBS, kind, run)

    def do(self, work: Callable[[UnitOfWork], Any], tenant: Tenant | None = None) -> Any:
        """One committed unit of work."""
        tenant = tenant or self.tenant
        with self.runtime.storage.session() as session, session.begin():
            uow = UnitOfWork(
                tenant=tenant,
                sandbox=self.sandbox,
                connection=LazyConnection.of(session),
                directory=self.runtime.directory,
                public_url="http://localhost",
                request_number=self.sandbox.next_request_number(tenant.id),
            )
            done = work(uow)
            uow.finish()
            return done

    def schedule(self, subject: str, in_ms: int = 0, kind: str = "note") -> None:
        self.do(lambda uow: outbox.schedule(uow, kind, subject, uow.now_ms + in_ms))

    def send_event(self, url: str = URL) -> None:
        """Subscribe an address and make an event for it alone."""
        self.do(lambda uow: webhooks.subscribe(uow, webhooks.SubscriptionInput(url)))
        self.do(lambda uow: webhooks.send_test(uow, url))

    def rows(self, model: type[Any]) -> list[Any]:
        with self.runtime.storage.session() as session:
            return list(session.scalars(select(model)))

    def settle(self) -> list[dict[str, Any]]:
        return asyncio.run(self.dispatcher.settle())

    def advance(self, by_ms: int) -> list[dict[str, Any]]:
        return asyncio.run(self.dispatcher.advance_by(self.sandbox, by_ms)).fired


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str:
    return "sqlite://" if request.param == "sqlite" else emptied_postgres("dispatcher")


def make(url: str, monkeypatch: pytest.MonkeyPatch, *, fixed: bool) -> Iterator[World]:
    server = build(Settings(mock=True, database_url=url, fixed_clock=fixed, pool_size=4), docs=False)
    yield World(server, monkeypatch)
    server.close()


@pytest.fixture
def fixed(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from make(url, monkeypatch, fixed=True)


@pytest.fixture
def wall(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from make(url, monkeypatch, fixed=False)


class TestRunDue:
    def test_due_jobs_of_the_tenant_run_in_due_order_at_their_own_time(self, fixed: World) -> None:
        start = fixed.now_ms
        for subject, in_ms in (("c", 30), ("a", 10), ("later", 1_000), ("b", 20)):
            fixed.schedule(subject, in_ms)
        fixed.sandbox.clock.at_ms += 500
        fixed.dispatcher.run_due(fixed.tenant.id)
        assert fixed.ran == [("a", start + 10), ("b", start + 20), ("c", start + 30)]
        assert [job.subject for job in fixed.rows(Job)] == ["later"]

    def test_other_tenants_and_deliveries_are_left_alone(self, fixed: World) -> None:
        fixed.schedule("mine")
        fixed.send_event()
        fixed.dispatcher.run_due(fixed.new_tenant().id)
        assert fixed.ran == []
        fixed.dispatcher.run_due(fixed.tenant.id)
        assert [subject for subject, _ in fixed.ran] == ["mine"]
        assert [job.kind for job in fixed.rows(Job)] == ["delivery"]

    def test_what_a_job_makes_due_runs_too(self, fixed: World) -> None:
        fixed.job("chain", lambda uow, subject: outbox.schedule(uow, "note", subject + "!", uow.now_ms))
        fixed.schedule("a", kind="chain")
        fixed.dispatcher.run_due(fixed.tenant.id)
        assert [subject for subject, _ in fixed.ran] == ["a", "a!"]

    def test_it_never_raises(self, fixed: World, monkeypatch: pytest.MonkeyPatch) -> None:
        fixed.dispatcher.run_due(99_999)
        monkeypatch.setattr(fixed.runtime.storage, "sessions", None)
        fixed.dispatcher.run_due(fixed.tenant.id)


class TestFailingJobs:
    def test_a_job_that_raises_leaves_no_trace_and_comes_again(self, fixed: World) -> None:
        def fail(uow: UnitOfWork, subject: str) -> None:
            outbox.schedule(uow, "note", "half done", uow.now_ms)
            uow.session.flush()
            if [name for name, _ in fixed.ran].count(subject) < 3:
                raise RuntimeError("no luck")

        fixed.job("fragile", fail)
        fixed.schedule("x", kind="fragile")
        fixed.schedule("healthy")
        start = fixed.now_ms
        fired = fixed.settle()
        assert [(one["subject"], one.get("error")) for one in fired] == [
            ("x", "RuntimeError: no luck"),
            ("healthy", None),
        ]
        assert [(job.subject, job.attempts, job.due_at_ms) for job in fixed.rows(Job)] == [("x", 1, start + 10_000)]
        fixed.advance(HOUR_MS)
        assert [(s, at - start) for s, at in fixed.ran if s == "x"] == [("x", 0), ("x", 10_000), ("x", 30_000)]
        assert [s for s, _ in fixed.ran].count("half done") == 1
        assert fixed.rows(Job) == []

    def test_a_kind_that_nobody_knows_is_kept(self, fixed: World) -> None:
        fixed.schedule("x", kind="unheard")
        assert "KeyError" in fixed.settle()[0]["error"]
        assert [job.attempts for job in fixed.rows(Job)] == [1]

    def test_jobs_of_a_tenant_that_is_gone_are_dropped(self, fixed: World) -> None:
        fixed.schedule("x")
        fixed.send_event()
        fixed.monkeypatch.setattr(fixed.runtime.directory, "tenant_by_id", lambda *_: None)
        fixed.settle()
        assert (fixed.ran, fixed.rows(Job), fixed.sender.calls) == ([], [], [])

    def test_the_wait_doubles_up_to_an_hour(self) -> None:
        assert [backoff_ms(n) for n in (0, 1, 2, 8, 9, 500)] == [10_000, 20_000, 40_000, 2_560_000, HOUR_MS, HOUR_MS]

    def test_a_sender_that_raises_does_not_lose_the_delivery(self, fixed: World) -> None:
        class Broken(NullSender):
            async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
                raise RuntimeError("broken")

        fixed.send_event()
        fixed.dispatcher.sender = Broken()
        assert fixed.settle()[0]["error"] == "RuntimeError: broken"
        fixed.dispatcher.sender = fixed.sender
        fixed.advance(10_000)
        assert len(fixed.sender.calls) == 1
        assert [delivery.status for delivery in fixed.rows(Delivery)] == ["delivered"]


class TestAdvance:
    def test_jobs_and_deliveries_run_in_due_order_and_are_listed(self, fixed: World) -> None:
        start = fixed.now_ms
        fixed.sender.status = 500
        fixed.send_event()
        fixed.settle()
        fixed.sender.status = 200
        fixed.schedule("after", 2 * HOUR_MS)
        fixed.schedule("before", HOUR_MS - 1)
        fixed.schedule("not yet", 3 * HOUR_MS)
        fired = fixed.advance(2 * HOUR_MS)
        key = fixed.tenant.key
        assert [(one["kind"], one["due_at_ms"] - start, one["tenant"]) for one in fired] == [
            ("note", HOUR_MS - 1, key),
            ("delivery", HOUR_MS, key),
            ("note", 2 * HOUR_MS, key),
        ]
        assert (fired[1]["url"], fired[1]["status"]) == (URL, 200)
        assert fixed.now_ms == start + 2 * HOUR_MS
        assert fixed.ran == [("before", start + HOUR_MS - 1), ("after", start + 2 * HOUR_MS)]

    def test_what_comes_up_on_the_way_runs_on_the_way(self, fixed: World) -> None:
        start = fixed.now_ms
        fixed.job("daily", lambda uow, subject: outbox.schedule(uow, "daily", subject, uow.now_ms + DAY_MS))
        fixed.schedule("d", DAY_MS, kind="daily")
        assert len(fixed.advance(7 * DAY_MS)) == 7
        assert [at for _, at in fixed.ran] == [start + n * DAY_MS for n in range(1, 8)]

    def test_the_clock_does_not_go_back(self, fixed: World) -> None:
        with pytest.raises(ClockBackwards):
            asyncio.run(fixed.dispatcher.advance(fixed.sandbox, fixed.now_ms - 1))

    def test_a_wall_clock_is_shifted(self, wall: World) -> None:
        before = wall_ms()
        wall.schedule("x", DAY_MS)
        fired = wall.advance(2 * DAY_MS)
        assert [one["subject"] for one in fired] == ["x"]
        assert DAY_MS <= wall.ran[0][1] - before < DAY_MS + HOUR_MS
        assert 2 * DAY_MS <= wall.now_ms - before < 2 * DAY_MS + HOUR_MS
        assert isinstance(wall.sandbox.clock, WallClock)

    def test_where_the_clock_stands_is_stored(self, wall: World) -> None:
        from models.tenancy.sandboxes import SandboxRow

        wall.advance(DAY_MS)
        assert wall.rows(SandboxRow)[0].offset_ms == wall.sandbox.clock.offset_ms
        asyncio.run(wall.dispatcher.freeze(wall.sandbox))
        assert isinstance(wall.sandbox.clock, FixedClock)
        assert wall.rows(SandboxRow)[0].fixed_at_ms == wall.now_ms

    def test_endless_work_stops_at_the_limit(self, fixed: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("troth.outbox.dispatcher.WORK_MAX", 20)
        fixed.job("endless", lambda uow, subject: outbox.schedule(uow, "endless", subject, uow.now_ms + 1))
        fixed.schedule("e", kind="endless")
        start = fixed.now_ms
        assert len(fixed.advance(DAY_MS)) == 20
        assert fixed.now_ms == start + 19
        assert len(fixed.advance(DAY_MS)) == 20


class Slow(NullSender):
    """Holds every call until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.now = self.most = 0

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        self.now += 1
        self.most = max(self.most, self.now)
        await self.go.wait()
        self.now -= 1
        return await super().send(url, body, headers)


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another task or thread does: a moment, or long on a busy machine."""
    async with asyncio.timeout(60):
        while not condition():  # noqa: ASYNC110  the condition is not ours to signal
            await asyncio.sleep(0.01)


class TestLeases:
    def test_a_lease_keeps_others_from_sending_twice(self, fixed: World) -> None:
        fixed.send_event()
        other = Dispatcher(fixed.runtime, NullSender())

        async def run() -> None:
            slow = fixed.dispatcher.sender = Slow()
            first = asyncio.create_task(fixed.dispatcher.settle())
            await until(lambda: slow.now == 1)
            assert await other.settle() == []
            slow.go.set()
            assert len(await first) == 1

        asyncio.run(run())
        assert other.sender.calls == []  # type: ignore[attr-defined]
        assert len(fixed.rows(DeliveryAttempt)) == 1

    def test_after_its_lease_a_lost_delivery_is_sent(self, fixed: World, monkeypatch: pytest.MonkeyPatch) -> None:
        fixed.send_event()
        with fixed.runtime.storage.session() as session, session.begin():
            assert outbox.claim(
                session, sandbox_id=MAIN, now_ms=fixed.now_ms, wall_now_ms=wall_ms(), limit=5, deliveries=True
            )
        assert fixed.settle() == []
        late = wall_ms() + outbox.LEASE_MS + 1
        monkeypatch.setattr("troth.outbox.units.wall_ms", lambda: late)
        assert len(fixed.settle()) == 1
        assert len(fixed.sender.calls) == 1

    def test_two_dispatchers_never_run_a_job_twice(self, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
        if url == "sqlite://":
            pytest.skip("units in memory never interleave")
        for world in make(url, monkeypatch, fixed=False):
            for n in range(60):
                world.schedule(f"j{n}")
            for n in range(20):
                world.send_event(f"{URL}/{n}")
            others = [Dispatcher(world.runtime, world.sender) for _ in range(3)]

            async def run(dispatchers: list[Dispatcher]) -> None:
                await asyncio.gather(*(dispatcher.settle() for dispatcher in dispatchers))

            asyncio.run(run([world.dispatcher, *others]))
            assert sorted(subject for subject, _ in world.ran) == sorted(f"j{n}" for n in range(60))
            assert len(world.sender.calls) == len({call[0] for call in world.sender.calls}) == 20
            assert world.rows(Job) == []


class TestBackground:
    def test_on_wall_time_jobs_and_deliveries_happen_by_themselves(self, wall: World) -> None:
        async def run() -> None:
            await wall.dispatcher.start()
            wall.schedule("soon", 150)
            wall.schedule("now")
            wall.schedule("tomorrow", DAY_MS)
            wall.send_event()
            wall.runtime.wake()
            await until(lambda: len(wall.ran) == 2 and len(wall.sender.calls) == 1)
            await wall.dispatcher.stop()

        asyncio.run(run())
        assert [subject for subject, _ in wall.ran] == ["now", "soon"]
        assert [job.subject for job in wall.rows(Job)] == ["tomorrow"]
        assert [delivery.status for delivery in wall.rows(Delivery)] == ["delivered"]

    def test_on_a_fixed_clock_it_only_sends(self, fixed: World) -> None:
        async def run() -> None:
            await fixed.dispatcher.start()
            fixed.schedule("x")
            fixed.send_event()
            fixed.runtime.wake()
            await until(lambda: len(fixed.sender.calls) == 1)
            await asyncio.sleep(0.1)
            await fixed.dispatcher.stop()

        asyncio.run(run())
        assert fixed.ran == []
        assert [job.subject for job in fixed.rows(Job)] == ["x"]

    def test_stopping_waits_for_what_is_under_way(self, fixed: World) -> None:
        fixed.send_event()

        async def run() -> None:
            slow = fixed.dispatcher.sender = Slow()
            await fixed.dispatcher.start()
            await until(lambda: slow.now == 1)
            asyncio.get_running_loop().call_later(0.1, slow.go.set)
            await fixed.dispatcher.stop()

        asyncio.run(run())
        assert [delivery.status for delivery in fixed.rows(Delivery)] == ["delivered"]

    def test_a_failing_database_does_not_end_it(self, wall: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("troth.outbox.dispatcher.IDLE_S", 0.05)
        sessions = wall.runtime.storage.sessions

        async def run() -> None:
            monkeypatch.setattr(wall.runtime.storage, "sessions", None)
            await wall.dispatcher.start()
            await asyncio.sleep(0.1)
            monkeypatch.setattr(wall.runtime.storage, "sessions", sessions)
            wall.schedule("x")
            await until(lambda: len(wall.ran) == 1)
            await wall.dispatcher.stop()

        asyncio.run(run())


class TestDeterminism:
    def test_the_same_job_draws_the_same_on_every_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        drawn: list[list[str]] = []
        for _ in range(2):
            world = next(worlds := make("sqlite://", monkeypatch, fixed=True))
            world.tenant = world.do(
                lambda uow: create_tenant(
                    uow.session,
                    api="saasquatch",
                    alias="same",
                    name="D",
                    live=True,
                    project="d",
                    sandbox_id=MAIN,
                    settings={},
                    now_ms=1,
                )
            )
            seen: list[str] = []
            world.job(
                "draw",
                lambda uow, _subject, seen=seen: seen.append(f"{uow.random.take('x', 8).hex()} {uow.order_number()}"),
            )
            world.schedule("a", kind="draw")
            world.schedule("b", 5, kind="draw")
            world.send_event()
            if drawn:
                world.settle()
            world.advance(10)
            drawn.append(seen)
            next(worlds, None)
        assert drawn[0] == drawn[1]
        assert len(set(drawn[0])) == 2


class TestBeforeTheAnswer:
    """Which due jobs a call waits for (`DueJobs.run`)."""

    def run(self, world: World) -> None:
        due = world.dispatcher.due_jobs
        asyncio.run(due.run(world.sandbox, [world.tenant.id]))

    def two_kinds(self, world: World) -> None:
        """A job that callers wait for, and one due before it that they do not."""
        world.dispatcher._units._urgent = ["urgent"]
        for subject, kind in (("count", "background"), ("event", "urgent")):
            world.job(kind, lambda _uow, _subject: None)
            world.schedule(subject, kind=kind)

    def test_on_a_moving_clock_only_urgent_ones(self, wall: World) -> None:
        self.two_kinds(wall)
        self.run(wall)
        assert [subject for subject, _ in wall.ran] == ["event"]
        wall.settle()
        assert [subject for subject, _ in wall.ran] == ["event", "count"]

    def test_on_a_fixed_clock_all_of_them(self, fixed: World) -> None:
        self.two_kinds(fixed)
        self.run(fixed)
        assert [subject for subject, _ in fixed.ran] == ["count", "event"]

    def test_a_queue_that_does_not_end_is_left_to_the_dispatcher(
        self, wall: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(due_jobs, "WAIT_S_MAX", 0.05)
        wall.dispatcher._units._urgent = ["urgent"]
        wall.job("urgent", lambda uow, subject: outbox.schedule(uow, "urgent", subject, uow.now_ms))
        wall.schedule("again", kind="urgent")
        self.run(wall)
        assert 0 < len(wall.ran) < units.WORK_MAX / 4
        assert len(wall.rows(Job)) == 1
