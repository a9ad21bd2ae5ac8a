"""Reception: time, rate and memory of request bodies."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from models.kernel.problems import BodyTimeout, ServerBusy
from troth.request import reception
from troth.request.reception import RATE_BYTES_S_MIN, Reception

KIB = 1_024


class Sender:
    """A client that sends what a test says."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    def send(self, size: int, *, last: bool = False) -> None:
        self._queue.put_nowait({"type": "http.request", "body": b"x" * size, "more_body": not last})

    async def receive(self) -> dict[str, Any]:
        return await self._queue.get()


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds = [100.0]
    monkeypatch.setattr(reception, "monotonic_s", lambda: seconds[0])
    return seconds


async def turns() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def begin(made: Reception, size: int) -> tuple[Sender, asyncio.Task[bytes | None]]:
    """A body of which so many bytes have come, and not the last."""
    sender = Sender()
    sender.send(size)
    task = asyncio.create_task(made.read(sender.receive))
    await turns()
    return sender, task


@contextlib.asynccontextmanager
async def unfinished(made: Reception, sizes: list[int]) -> AsyncIterator[list[asyncio.Task[bytes | None]]]:
    tasks = [(await begin(made, size))[1] for size in sizes]
    yield tasks
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def run(test: Callable[[], Any]) -> None:
    asyncio.run(test())


class TestMemory:
    def test_a_newcomer_is_read_and_those_that_hold_most_for_longest_are_ended(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception(held_bytes_max=64 * KIB)
            async with unfinished(made, [1, 4 * KIB, 30 * KIB, 29 * KIB]) as old:
                now[0] += 1
                sender, newcomer = await begin(made, 8 * KIB)
                sender.send(0, last=True)
                assert await newcomer == b"x" * 8 * KIB
                ended = old[2]
                assert isinstance(ended.exception(), ServerBusy)
                assert (ended.exception().headers or {})["Connection"] == "close"  # type: ignore[union-attr]
                assert not any(task.done() for task in old if task is not ended)
                assert made._held_bytes == (1 + 4 * KIB + 29 * KIB) + 8 * KIB
                made.release(await newcomer)
            assert made._held_bytes == 0

        run(test)

    def test_no_number_of_them_shuts_others_out(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception(held_bytes_max=64 * KIB)
            attackers = []
            for _ in range(200):
                now[0] += 0.01
                attackers.append((await begin(made, 4 * KIB - 1))[1])
                sender, other = await begin(made, 500)
                now[0] += 0.01
                sender.send(500, last=True)
                made.release(await other)
                assert made._held_bytes <= 64 * KIB
            assert sum(task.done() for task in attackers) > 180
            for task in attackers:
                task.cancel()
            await asyncio.gather(*attackers, return_exceptions=True)
            assert made._held_bytes == 0

        run(test)

    def test_whole_bodies_are_not_ended(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception(held_bytes_max=64 * KIB)
            whole = []
            for _ in range(2):
                sender, task = await begin(made, 32 * KIB)
                sender.send(0, last=True)
                whole.append(await task)
            _, refused = await begin(made, 1)
            with pytest.raises(ServerBusy):
                await refused
            for body in whole:
                made.release(body)
            assert made._held_bytes == 0

        run(test)


class TestRate:
    def test_a_body_that_stalls_is_ended_before_its_time(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception()
            _, stalled = await begin(made, 300 * KIB)
            for _ in range(4):
                now[0] += 3
                made._check()
            await turns()
            assert isinstance(stalled.exception(), BodyTimeout)

        run(test)

    def test_a_body_at_the_lowest_rate_has_all_of_its_time(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception()
            sender, slow = await begin(made, 1)
            for _ in range(9):
                now[0] += 3
                sender.send(3 * RATE_BYTES_S_MIN)
                await turns()
                made._check()
            await turns()
            assert not slow.done()
            now[0] += 4
            made._check()
            await turns()
            assert isinstance(slow.exception(), BodyTimeout)

        run(test)

    def test_a_body_just_below_the_lowest_rate_is_ended_with_its_first_window(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception()
            sender, slow = await begin(made, 0)
            for _ in range(2):
                now[0] += 3
                sender.send(3 * RATE_BYTES_S_MIN - 1)
                await turns()
                made._check()
            await turns()
            assert isinstance(slow.exception(), BodyTimeout)

        run(test)

    def test_an_event_loop_that_was_held_up_is_not_the_clients_fault(self, now: list[float]) -> None:
        async def test() -> None:
            made = Reception()
            sender, task = await begin(made, 1)
            now[0] += 20
            made._check()
            sender.send(1, last=True)
            assert await task == b"xx"

        run(test)
