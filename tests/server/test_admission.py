"""Admission: who works, who waits, who is refused, and that no slot is lost."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import pytest

from models.kernel.problems import ServerBusy
from troth.request import admission
from troth.request.admission import STRETCH_S, WAITING_MIN, Admission, LoopAdmission


def run(test: Callable[[], Any]) -> None:
    asyncio.run(test())


async def turns(count: int = 3) -> None:
    for _ in range(count):
        await asyncio.sleep(0)


async def enter(made: Admission) -> None:
    if not made.enter_now():
        await made.wait()


async def work(made: Admission, log: list[int], number: int) -> None:
    await enter(made)
    log.append(number)
    made.leave()


def test_an_idle_server_lets_a_request_in_at_once() -> None:
    async def test() -> None:
        made = LoopAdmission(queue_s=0.25)
        assert made.enter_now()

    run(test)


def test_after_a_stretch_of_work_the_loop_turns_and_the_order_is_kept() -> None:
    async def test() -> None:
        made, log = LoopAdmission(queue_s=10), list[int]()

        async def one(number: int) -> None:
            await enter(made)
            time.sleep(2 * STRETCH_S)  # noqa: ASYNC251  a unit of work, which runs on the loop
            log.append(number)
            made.leave()

        tasks = [asyncio.create_task(one(number)) for number in range(5)]
        await asyncio.sleep(0)
        assert log == [0], "the others queue, so that what arrives meanwhile can be refused"
        await asyncio.gather(*tasks)
        assert log == [0, 1, 2, 3, 4]

    run(test)


def test_slots_bound_how_many_work_at_once() -> None:
    async def test() -> None:
        made, most, now = Admission(3, queue_s=10), 0, 0

        async def one() -> None:
            nonlocal most, now
            await enter(made)
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.001)
            now -= 1
            made.leave()

        await asyncio.gather(*(one() for _ in range(30)))
        assert (most, now, made._free) == (3, 0, 3)

    run(test)


def test_what_would_wait_too_long_is_refused_at_once_and_what_was_let_in_is_served(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def test() -> None:
        seconds = [0.0]
        monkeypatch.setattr(admission, "monotonic_s", lambda: seconds[0])
        made, served, refused = Admission(1, queue_s=0.25), list[int](), list[int]()
        await enter(made)

        async def one(number: int) -> None:
            try:
                await enter(made)
            except ServerBusy:
                refused.append(number)
            else:
                served.append(number)

        tasks = [asyncio.create_task(one(number)) for number in range(400)]
        await turns()
        assert refused == list(range(251, 400))  # at a millisecond each, the first guess
        for _ in range(len(tasks) - len(refused)):
            seconds[0] += 0.05  # it takes longer than it was thought to
            made.leave()
            await turns(1)
        await asyncio.gather(*tasks)
        assert served == list(range(251))
        late = [asyncio.create_task(one(number)) for number in range(1_000, 1_040)]
        await turns()
        assert len(late) - len([number for number in refused if number >= 1_000]) == WAITING_MIN

    run(test)


def test_a_few_may_wait_for_a_slow_operation() -> None:
    async def test() -> None:
        made = Admission(1, queue_s=0)
        await enter(made)
        waiting = [asyncio.create_task(enter(made)) for _ in range(WAITING_MIN)]
        await turns()
        with pytest.raises(ServerBusy):
            await enter(made)
        for task in waiting:
            made.leave()
            await task

    run(test)


def test_nobody_waits_for_longer_than_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that work may all wait for a lock of the database: nothing is served, and nothing can be foreseen from
    that.
    """
    monkeypatch.setattr(admission, "DEADLINE_S_MIN", 0.05)

    async def test() -> None:
        made = Admission(1, queue_s=0)
        await enter(made)
        waiting = [asyncio.create_task(enter(made)) for _ in range(WAITING_MIN)]
        found = await asyncio.wait_for(asyncio.gather(*waiting, return_exceptions=True), 5)
        assert [type(one) for one in found] == [ServerBusy] * WAITING_MIN
        later = asyncio.create_task(enter(made))
        await turns()
        made.leave()
        await later
        made.leave()
        assert made.enter_now()

    run(test)


def test_those_that_come_later_have_a_later_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "DEADLINE_S_MIN", 10)
    seconds = [0.0]
    monkeypatch.setattr(admission, "monotonic_s", lambda: seconds[0])

    async def test() -> None:
        made = Admission(1, queue_s=0)
        await enter(made)
        first = asyncio.create_task(enter(made))
        await turns()
        seconds[0] = 6.0
        second = asyncio.create_task(enter(made))
        await turns()
        seconds[0] = 11.0
        made._refuse_overdue()
        await turns()
        assert isinstance(first.exception(), ServerBusy)
        assert not second.done()
        made.leave()
        await second

    run(test)


def test_no_slot_is_lost_when_clients_leave() -> None:
    async def test() -> None:
        made, log = Admission(1, queue_s=10), list[int]()
        await enter(made)
        tasks = [asyncio.create_task(work(made, log, number)) for number in range(4)]
        await turns()
        tasks[0].cancel()  # while it waits
        made.leave()
        tasks[1].cancel()  # it has the slot by now, and has not used it
        await asyncio.gather(*tasks, return_exceptions=True)
        assert log == [2, 3]
        assert made.enter_now()

    run(test)


def test_the_queue_of_the_loop_goes_on_when_clients_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(admission, "STRETCH_S", 0)

    async def test() -> None:
        made, log = LoopAdmission(queue_s=10), list[int]()
        assert made.enter_now()
        made.leave()
        tasks = [asyncio.create_task(work(made, log, number)) for number in range(4)]
        tasks[0].cancel()
        made._turn()
        await turns(1)
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await turns()
        assert log[-2:] == [2, 3]
        assert made.enter_now()

    run(test)


def test_queued_requests_get_as_much_time_as_everything_else_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a thousand refusals in each turn of the loop would leave a thousandth of it for those who were let in."""
    seconds = [0.0]
    monkeypatch.setattr(admission, "monotonic_s", lambda: seconds[0])

    async def test() -> None:
        made, served = LoopAdmission(queue_s=10), [0]

        async def one() -> None:
            await enter(made)
            seconds[0] += 0.002
            served[0] += 1
            made.leave()

        tasks = [asyncio.create_task(one()) for _ in range(400)]
        turns_taken = 0
        while served[0] < 400:
            seconds[0] += 0.02  # refusals
            turns_taken += 1
            await asyncio.sleep(0)
        await asyncio.gather(*tasks)
        assert turns_taken < 120, turns_taken

    run(test)
