"""Recording the results of deliveries, in groups: those that end while others are recorded, or a moment after each
other, share a transaction.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.outbox.outbox import Claim
    from models.tenancy.sandboxes import Sandbox
    from troth.database.storage import Storage
    from troth.outbox.outgoing import SendResult
    from troth.outbox.units import OutboxUnits

GROUP_MAX = 20
"""Attempts that one transaction records: about 10 ms, in which requests wait on SQLite."""
GATHER_S = 0.05
"""How long the first one waits for others."""


class Recorder:
    """Records attempts of one outbox."""

    def __init__(self, storage: Storage, units: OutboxUnits) -> None:
        self._storage = storage
        self._units = units
        self._waiting: list[tuple[Sandbox, Claim, SendResult, asyncio.Future[int]]] = []
        self._task: asyncio.Task[None] | None = None
        self._gathered = asyncio.Event()
        """Somebody waits: the group is recorded as it is."""

    async def record(self, sandbox: Sandbox, job: Claim, result: SendResult, *, at_once: bool = False) -> int:
        """Record an attempt, `at_once` or when others have gathered; its number, when it is committed.

        Raises what its own recording raises.
        """
        recorded: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append((sandbox, job, result, recorded))
        if self._task is None or self._task.done():
            self._gathered = asyncio.Event()  # of the running loop
            self._task = asyncio.create_task(self._work(), name="troth-recorder")
        if at_once:
            self._gathered.set()
        return await recorded

    async def close(self) -> None:
        """End what is being recorded."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _work(self) -> None:
        while self._waiting:
            if len(self._waiting) < GROUP_MAX:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._gathered.wait(), GATHER_S)
            self._gathered.clear()
            sandbox = self._waiting[0][0]
            group = [one for one in self._waiting if one[0] is sandbox][:GROUP_MAX]
            self._waiting = [one for one in self._waiting if one not in group]
            # Who has given up waiting is ended with the rest of its sandbox: its delivery is sent again.
            group = [one for one in group if not one[3].cancelled()]
            if group:
                await self._record(sandbox, [(job, result, recorded) for _, job, result, recorded in group])

    async def _record(self, sandbox: Sandbox, group: list[tuple[Claim, SendResult, asyncio.Future[int]]]) -> None:
        """Record a group; where that fails each by itself, so that an error is that of its own delivery."""
        try:
            numbers = await self._storage.run(self._units.record, sandbox, [(job, result) for job, result, _ in group])
        except Exception as error:
            if len(group) == 1:
                if not group[0][2].done():
                    group[0][2].set_exception(error)
                return
            for one in group:
                await self._record(sandbox, [one])
            return
        for (_job, _result, recorded), number in zip(group, numbers, strict=True):
            if not recorded.done():
                recorded.set_result(number)
