"""Sending slots: one slow receiver delays nobody else, and an endpoint that does not answer is left alone for a
while.
"""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import OperationalError

from models.kernel.clock import DAY_MS, HOUR_MS
from models.outbox.delivery_claims import ENDPOINTS_MAX, Due, Visits, claim_in_shares
from models.outbox.outbox import Delivery, DeliveryAttempt, EndpointKey, Event, Job
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import Tenant
from tests.support.senders import NullSender
from tests.unit.test_dispatcher import URL, World, make, until, url
from troth.outbox import deliveries, dispatcher, recorder, sending_slots
from troth.outbox.deliveries import SILENT
from troth.outbox.outgoing import SendResult
from troth.outbox.sending_slots import ENDPOINT_SENDS_MAX, PAUSE_S, PAUSE_S_MAX, SENDS_MAX, SendingSlots

SLOW = "https://slow.example.org/in"
TIMED_OUT = SendResult(None, error="no complete answer within 15 s", timed_out=True)
__all__ = ["url"]


@pytest.fixture
def fixed(url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    yield from make(url, monkeypatch, fixed=True)


class HalfSilent(NullSender):
    """Does not answer for addresses on `slow.example.org`: holds the call until `go`, or says at once that it has timed
    out.
    """

    def __init__(self, *, hold: bool) -> None:
        super().__init__()
        self.go = asyncio.Event()
        self.hold = hold
        self.silent = True
        self.slow_calls = self.held = self.most = 0

    async def send(self, url: str, body: bytes, headers: dict[str, str]) -> SendResult:
        if "//slow." not in url or not self.silent:
            return await super().send(url, body, headers)
        self.slow_calls += 1
        self.held += 1
        self.most = max(self.most, self.held)
        if self.hold:
            await self.go.wait()
        self.held -= 1
        return TIMED_OUT


def events(world: World, address: str, count: int, tenant: Tenant | None = None) -> None:
    """Subscribe an address and make some events for it alone."""
    from models.saasquatch import webhooks

    tenant = tenant or world.tenant
    world.do(lambda uow: webhooks.subscribe(uow, webhooks.SubscriptionInput(address)), tenant)
    for _ in range(count):
        world.do(lambda uow: webhooks.send_test(uow, address), tenant)


async def in_background(world: World, sender: HalfSilent, work: Any) -> None:
    """Await some work while the dispatcher runs."""
    world.dispatcher.sender = sender
    await world.dispatcher.start()
    try:
        await work
    finally:
        sender.go.set()
        await world.dispatcher.stop()


class TestShares:
    def test_one_silent_endpoint_holds_two_slots_and_delays_nobody(self, fixed: World) -> None:
        events(fixed, SLOW, 15)
        events(fixed, URL, 1)
        sender = HalfSilent(hold=True)
        asyncio.run(
            in_background(fixed, sender, until(lambda: bool(sender.calls) and sender.held == ENDPOINT_SENDS_MAX))
        )
        assert [call[0] for call in sender.calls] == [URL]
        assert sender.most == ENDPOINT_SENDS_MAX

    def test_a_tenant_with_many_silent_endpoints_leaves_slots_to_others(
        self, fixed: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending_slots, "SENDS_MAX", 20)
        monkeypatch.setattr(sending_slots, "TENANT_SENDS_MAX", 12)
        for n in range(25):
            events(fixed, f"{SLOW}/{n}", 1)
        events(fixed, URL, 1, fixed.new_tenant())
        sender = HalfSilent(hold=True)
        asyncio.run(in_background(fixed, sender, until(lambda: bool(sender.calls) and sender.held == 12)))
        assert sender.most == 12

    def test_the_slots_are_the_limit(self, fixed: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(sending_slots, "SENDS_MAX", 12)
        for n in range(15):
            events(fixed, f"{SLOW}/{n}", 1)
        sender = HalfSilent(hold=True)

        async def work() -> None:
            await until(lambda: sender.held == 12)
            await asyncio.sleep(0.1)
            assert sender.most == 12
            sender.silent = False
            sender.go.set()
            await until(lambda: len(sender.calls) == 3)

        asyncio.run(in_background(fixed, sender, work()))

    def test_thousands_of_deliveries_in_front_do_not_hide_one(self, fixed: World) -> None:
        events(fixed, SLOW, 1)
        copy_first_delivery(fixed, 3_000)
        fixed.sandbox.clock.at_ms += 10_000
        events(fixed, URL, 1)
        sender = HalfSilent(hold=True)
        asyncio.run(
            in_background(fixed, sender, until(lambda: bool(sender.calls) and sender.held == ENDPOINT_SENDS_MAX))
        )
        assert [call[0] for call in sender.calls] == [URL]
        assert sender.most == ENDPOINT_SENDS_MAX

    def test_a_slow_endpoint_that_answers_gets_all_its_deliveries_in_order(self, fixed: World) -> None:
        events(fixed, URL, 30)
        sender = HalfSilent(hold=True)
        asyncio.run(in_background(fixed, sender, until(lambda: len(sender.calls) == 30)))
        assert [call[1] for call in sender.calls] == [
            event.body.encode() for event in sorted(fixed.rows(Event), key=lambda row: row.number)
        ]
        assert {delivery.status for delivery in fixed.rows(Delivery)} == {"delivered"}

    def test_the_next_one_is_sent_while_others_wait_to_be_recorded(
        self, fixed: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recorder, "GATHER_S", 600.0)
        monkeypatch.setattr(dispatcher, "STOP_S", 0.1)
        events(fixed, URL, 10)
        sender = HalfSilent(hold=False)
        asyncio.run(in_background(fixed, sender, until(lambda: len(sender.calls) == 10)))
        assert fixed.rows(DeliveryAttempt) == []

    def test_nothing_begins_when_too_many_wait_to_be_recorded(
        self, fixed: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(recorder, "GATHER_S", 0.3)
        monkeypatch.setattr(deliveries, "UNDER_WAY_MAX", 4)
        events(fixed, URL, 10)
        sender = HalfSilent(hold=False)
        most = 0

        async def look() -> None:
            nonlocal most
            while len(sender.calls) < 10:
                most = max(most, len(sender.calls) - len(fixed.rows(DeliveryAttempt)))
                await asyncio.sleep(0.01)

        asyncio.run(in_background(fixed, sender, look()))
        assert most == 4


class TestPauses:
    def test_an_endpoint_that_timed_out_waits_and_its_deliveries_have_no_attempt(
        self, fixed: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sending_slots, "PAUSE_S", 0.6)
        events(fixed, SLOW, 8)
        sender = HalfSilent(hold=False)

        async def work() -> None:
            await until(lambda: sender.slow_calls == 2 and len(fixed.rows(DeliveryAttempt)) == 2)
            await asyncio.sleep(0.3)
            assert sender.slow_calls == 2
            assert sorted(delivery.attempts for delivery in fixed.rows(Delivery)) == [0] * 6 + [1] * 2
            await until(lambda: sender.slow_calls == 3)  # one delivery finds out after the pause
            await asyncio.sleep(0.1)
            assert sender.slow_calls == 3
            sender.silent = False
            await until(lambda: len(sender.calls) == 5)

        asyncio.run(in_background(fixed, sender, work()))
        statuses = [delivery.status for delivery in fixed.rows(Delivery)]
        assert sorted(statuses) == ["delivered"] * 5 + ["pending"] * 3
        retries = {
            job.due_at_ms - delivery.created_ms
            for job in fixed.rows(Job)
            for delivery in fixed.rows(Delivery)
            if delivery.id == job.subject
        }
        assert retries == {HOUR_MS}, "the vendor's schedule, untouched by the pause"

    def test_the_pause_doubles_and_ends_with_an_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        now_s = 100.0
        monkeypatch.setattr(sending_slots, "monotonic_s", lambda: now_s)
        slots, endpoint = SendingSlots(), (7, "a")
        pauses = []
        for _ in range(6):
            slots.timed_out(endpoint)
            slots.timed_out(endpoint)  # the one that was sent at the same time counts once
            began_s = now_s
            while not slots.shares().room(endpoint):
                now_s += 1.0
            pauses.append(now_s - began_s)
        assert pauses == [PAUSE_S, 2 * PAUSE_S, 4 * PAUSE_S, 8 * PAUSE_S, PAUSE_S_MAX, PAUSE_S_MAX]
        shares = slots.shares()
        assert [shares.take(endpoint), shares.take(endpoint), shares.withheld] == [True, False, True]
        slots.answered(endpoint)
        shares = slots.shares()
        assert [shares.take(endpoint) for _ in range(3)] == [True, True, False]

    def test_only_a_timeout_pauses(self, fixed: World) -> None:
        events(fixed, SLOW, 5)
        sender = NullSender(status=500)
        fixed.dispatcher.sender = sender

        async def work() -> None:
            await fixed.dispatcher.start()
            await until(lambda: len(sender.calls) == 5)
            await fixed.dispatcher.stop()

        asyncio.run(work())


class TestAdvance:
    def test_a_silent_endpoint_is_waited_for_once(self, fixed: World) -> None:
        events(fixed, SLOW, 1)
        events(fixed, URL, 1)
        start_ms = fixed.now_ms
        sender = fixed.dispatcher.sender = HalfSilent(hold=False)
        fired = fixed.advance(4 * DAY_MS)
        assert (sender.slow_calls, len(sender.calls)) == (1, 1)
        attempts = sorted((row.number, row.at_ms, row.error) for row in fixed.rows(DeliveryAttempt) if row.error)
        assert attempts == [(1, start_ms, TIMED_OUT.error)] + [
            (n, start_ms + (n - 1) * HOUR_MS, SILENT) for n in range(2, 73)
        ]
        assert sorted(delivery.status for delivery in fixed.rows(Delivery)) == ["delivered", "failed"]
        assert [one.get("error") for one in fired if one["url"] == SLOW] == [TIMED_OUT.error] + [SILENT] * 71

    def test_the_next_advance_asks_it_again(self, fixed: World) -> None:
        events(fixed, SLOW, 1)
        sender = fixed.dispatcher.sender = HalfSilent(hold=False)
        fixed.advance(HOUR_MS - 1)
        sender.silent = False
        fixed.advance(1)
        assert (sender.slow_calls, len(sender.calls)) == (1, 1)


class TestResend:
    def test_another_address_that_is_silent_is_asked_once_whosever_deliveries_they_are(self, fixed: World) -> None:
        for address in (URL, "https://other.example.org/in"):
            events(fixed, address, 1)
        fixed.advance(0)
        keys = [(row.tenant_id, row.id) for row in fixed.rows(Delivery)]
        sender = fixed.dispatcher.sender = HalfSilent(hold=False)
        sent = asyncio.run(fixed.dispatcher.resend(fixed.sandbox, keys, SLOW))
        assert [one["error"] for one in sent] == [TIMED_OUT.error, SILENT]
        assert sender.slow_calls == 1
        # ... and says nothing about their own addresses.
        assert [one["status"] for one in asyncio.run(fixed.dispatcher.resend(fixed.sandbox, keys, None))] == [200, 200]


def copy_first_delivery(world: World, count: int) -> None:
    """Make more deliveries of the first one's event to its endpoint."""
    with world.runtime.storage.session() as session, session.begin():
        job, delivery = session.query(Job).one(), session.query(Delivery).one()
        session.execute(
            insert(Delivery),
            [
                {
                    "tenant_id": delivery.tenant_id,
                    "id": f"copy{n}",
                    "event_id": delivery.event_id,
                    "endpoint_id": delivery.endpoint_id,
                    "url": delivery.url,
                    "status": "pending",
                    "attempts": 0,
                    "created_ms": delivery.created_ms,
                }
                for n in range(count)
            ],
        )
        columns = {column.key: getattr(job, column.key) for column in Job.__table__.columns}
        session.execute(insert(Job), [{**columns, "id": job.id + 1 + n, "subject": f"copy{n}"} for n in range(count)])


class Two:
    """Shares of two for each endpoint, none for those on `none`."""

    def __init__(self, *none: EndpointKey) -> None:
        self.none = none
        self.taken: dict[EndpointKey, int] = {}

    def room(self, endpoint: EndpointKey) -> bool:
        return endpoint not in self.none and self.taken.get(endpoint, 0) < 2

    def take(self, endpoint: EndpointKey) -> bool:
        if not self.room(endpoint):
            return False
        self.taken[endpoint] = self.taken.get(endpoint, 0) + 1
        return True


class TestClaims:
    """Claims on rows without tenants or events: nothing is sent."""

    def add(
        self, world: World, tenant_id: int, endpoint_id: str, count: int, *, due_ms: int = 1, first_id: int = 0
    ) -> None:
        with world.runtime.storage.session() as session, session.begin():
            session.execute(
                insert(Job),
                [
                    {
                        "tenant_id": tenant_id,
                        "id": first_id + n,
                        "sandbox_id": MAIN,
                        "kind": "delivery",
                        "subject": f"{endpoint_id}-{n}",
                        "endpoint_id": endpoint_id,
                        "due_at_ms": due_ms + n,
                        "attempts": 0,
                        "leased_until_ms": None,
                    }
                    for n in range(count)
                ],
            )

    def claim(self, world: World, shares: Two, visits: Visits, limit: int = SENDS_MAX) -> list[str]:
        with world.runtime.storage.session() as session, session.begin():
            claims = claim_in_shares(session, Due(MAIN, 100_000, 1), limit=limit, shares=shares, visits=visits)
        return [claim.subject for claim in claims]

    def test_each_endpoint_gets_its_share_in_due_order(self, fixed: World) -> None:
        self.add(fixed, 7, "a", 5)
        self.add(fixed, 8, "a", 5, due_ms=10)
        self.add(fixed, 7, "b", 1, due_ms=20, first_id=100)
        visits = Visits()
        assert self.claim(fixed, Two(), visits) == ["a-0", "a-1", "a-0", "a-1", "b-0"]
        assert self.claim(fixed, Two(), visits) == ["a-2", "a-3", "a-2", "a-3"], (
            "those that are leased are not claimed again"
        )

    def test_the_visits_go_on_where_they_stopped_and_reach_everybody(self, fixed: World) -> None:
        self.add(fixed, 7, "full", 200)
        for n in range(2 * ENDPOINTS_MAX):
            self.add(fixed, 8, f"later{n:03}", 1, due_ms=200_000, first_id=n)
        self.add(fixed, 9, "z", 3, due_ms=50_000)
        visits = Visits()
        found = [self.claim(fixed, Two((7, "full")), visits) for _ in range(3)]
        assert found == [[], [], ["z-0", "z-1"]]
        assert not visits.complete, "there are more endpoints than one claim visits: the next one follows at once"

    def test_a_claim_says_when_it_has_seen_everybody(self, fixed: World) -> None:
        self.add(fixed, 7, "full", 200)
        self.add(fixed, 9, "z", 5, due_ms=50_000)
        visits = Visits()
        shares = Two((7, "full"))
        assert self.claim(fixed, shares, visits) == ["z-0", "z-1"]
        for _ in range(3):
            assert self.claim(fixed, shares, visits) == []
            assert visits.complete
        assert self.claim(fixed, Two((7, "full")), visits) == ["z-2", "z-3"]

    def test_a_claim_reads_as_much_whatever_is_due(self, fixed: World) -> None:
        if not fixed.runtime.storage.inline:
            pytest.skip("counted in the steps of SQLite's virtual machine")
        steps = []
        added = 0
        for count in (500, 9_500):
            self.add(fixed, 7, "full", count, first_id=added)
            added += count
            self.add(fixed, 9, f"z{count}", 1, due_ms=99_000, first_id=count)
            driver: Any = fixed.runtime.storage.engine.raw_connection().driver_connection
            counted = [0]
            driver.set_progress_handler(lambda counted=counted: counted.__setitem__(0, counted[0] + 1), 10)
            assert self.claim(fixed, Two((7, "full")), Visits()) == [f"z{count}-0"]
            driver.set_progress_handler(None, 0)
            steps.append(counted[0])
        assert steps[1] < steps[0] * 1.5


class TestWithoutTheDatabase:
    def test_a_delivery_that_cannot_be_recorded_nor_put_off_raises_nothing(
        self, fixed: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """It is sent again when its lease ends.

        An exception would be lost in the background, and end `advance` in the middle.
        """

        def away(*_arguments: Any) -> None:
            raise OperationalError("UPDATE", None, Exception("away"), connection_invalidated=True)

        events(fixed, URL, 2)
        for name in ("record", "put_off_delivery"):
            monkeypatch.setattr(fixed.dispatcher._units, name, away)
        fired = fixed.settle()
        assert len(fired) == 2
        assert all("away" in one["error"] for one in fired)
        assert all(job.leased_until_ms is not None for job in fixed.rows(Job))
