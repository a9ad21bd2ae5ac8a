"""Tenants that are held on a fixed clock while their due jobs run:
who waits for them goes on when they are released.
"""

import asyncio
import base64
import contextlib
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import orjson

from tests.support.asgi import RawAnswer, call
from troth.app import Server, build
from troth.mock.scenarios import find_scenario
from troth.mock.seeding import seed
from troth.outbox.due_jobs import DueJobs
from troth.settings import Settings

TENANT = 1
KEY = "Basic " + base64.b64encode(b":LIVE_DEMO0KEY0SAASQUATCH0TROTH0MOCK").decode()
WITHIN_S = 20.0


def in_time(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run a coroutine on an event loop in a thread of its own: a loop that spins cannot be interrupted, only be left
    alone.
    """
    failures: list[BaseException] = []

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(WITHIN_S)
    assert not thread.is_alive(), "the event loop does not turn any more"
    if failures:
        raise failures[0]


def fixed_mock() -> Server:
    server = build(Settings(mock=True, database_url="sqlite://", access_log=False, fixed_clock=True), docs=False)
    seed(server.runtime, find_scenario("empty"))
    return server


def test_who_begins_to_wait_when_the_work_has_just_ended_goes_on() -> None:
    with contextlib.closing(fixed_mock()) as server:
        due = DueJobs(server.runtime.services["dispatcher"].long_jobs)

        async def run() -> None:
            over = asyncio.get_running_loop().create_future()

            async def work() -> None:
                await over

            async def wait() -> None:
                await over  # wakes after the work does, in the same turn of the loop: the tenant is not released yet
                assert due.holds(TENANT)
                await due.released(TENANT)
                assert not due.holds(TENANT)

            holding = asyncio.create_task(due.hold(server.runtime.main, [TENANT], work()))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            waiting = asyncio.create_task(wait())
            await asyncio.sleep(0)
            over.set_result(None)
            await asyncio.gather(holding, waiting)

        in_time(run)


def test_writes_at_once_are_all_answered() -> None:
    with contextlib.closing(fixed_mock()) as server:

        async def run() -> None:
            for number in range(20):
                users = [f"u{number}-{n}" for n in range(5)]
                answers = await asyncio.gather(*(put(server.compiled, user) for user in users))
                assert [answer.status for answer in answers] == [200] * len(users)

        in_time(run)


async def put(app: Any, user: str) -> RawAnswer:
    body = orjson.dumps({"id": user, "accountId": user})
    headers = [("host", "localhost"), ("authorization", KEY), ("content-type", "application/json")]
    path = f"/saasquatch/api/v1/demo/open/account/{user}/user/{user}"
    return await call(app, "PUT", path, headers=headers, chunks=[body])
