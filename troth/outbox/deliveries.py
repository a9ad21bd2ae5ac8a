"""Sending deliveries: some are claimed under leases and read at once, each is sent, and some are recorded at once.

No transaction waits for a receiver.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

from models.outbox.addresses import masked
from models.outbox.delivery_claims import Visits
from troth.database.errors import is_unavailable, reason_of
from troth.database.storage import StorageClosedError
from troth.log import logger
from troth.outbox.outgoing import SendResult
from troth.outbox.recorder import Recorder
from troth.outbox.sending_slots import SendingSlots
from troth.outbox.work import Prepared, fired_of, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from models.outbox.outbox import Claim, DeliveryKey, EndpointKey
    from models.tenancy.sandboxes import Sandbox
    from troth.database.storage import Storage
    from troth.outbox.outgoing import Sender
    from troth.outbox.units import OutboxUnits
    from troth.outbox.work import Call, Fired

    Watch = Callable[[DeliveryKey, int, Call, SendResult], None]
    """Called with a delivery, the number of the attempt (0 where it is none of the delivery's), what was sent and the
    result.
    """

BUSY_S = 0.02
"""Until the next claim after one that found due deliveries and got none: another process holds them for the moment."""

WITHHELD_S = 0.25
"""Until the next claim when all due deliveries are for endpoints without room.
A delivery that ends begins one at once.
"""

FREED_MAX = 10
"""After so many deliveries that have ended, others begin at once."""
FREED_S = 0.02
"""After that time, others begin when fewer have ended."""

UNDER_WAY_MAX = 200
"""Deliveries that are being sent or recorded: beyond it nothing begins, since the database does not keep up."""

NOT_SUBSCRIBED = "not sent: the address is not subscribed any more"
SILENT = "not sent: the endpoint did not answer earlier in this advance"


def _nobody(key: DeliveryKey, number: int, call: Call, result: SendResult) -> None:
    """Production keeps no attempts beside those of its database."""


class Deliveries:
    """Sends in the background within the shares of `SendingSlots`, or one by one for a caller who waits."""

    def __init__(self, storage: Storage, units: OutboxUnits, sender: Sender) -> None:
        self.sender = sender
        self.slots = SendingSlots()
        self._storage = storage
        self._units = units
        self._recorder = Recorder(storage, units)
        self._visits: dict[int, Visits] = {}
        self._freed = 0
        """Slots that were released since the last claim."""
        self._wake: asyncio.TimerHandle | None = None
        self._sending: set[asyncio.Task[Fired]] = set()
        self._silent: set[EndpointKey] | None = None
        self.watch: Watch = _nobody
        """Called with each attempt; a mock keeps them."""

    async def begin(self, sandbox: Sandbox, now_ms: int, ended: asyncio.Event) -> float:
        """Begin to send what is due and has room. Returns for how many seconds there is nothing more to begin.

        `ended` is set whenever one of them has ended.
        """
        shares, visits = self.slots.shares(), self._visits.setdefault(sandbox.id, Visits())
        room = min(self.slots.free, UNDER_WAY_MAX - len(self._sending))
        if room <= 0:
            return BUSY_S
        self._reset_freed()
        begun = await self._storage.run(self._units.begin_in_shares, sandbox, now_ms, room, shares, visits)
        for prepared in begun:
            self.slots.hold(prepared.job.endpoint)
            task = asyncio.create_task(self._send_in_slot(sandbox, prepared, ended))
            self._sending.add(task)
            task.add_done_callback(self._sending.discard)
        if len(begun) == room:
            return 0.0
        return WITHHELD_S if shares.withheld and visits.complete else BUSY_S

    async def _send_in_slot(self, sandbox: Sandbox, prepared: Prepared, ended: asyncio.Event) -> Fired:
        """Hold a slot until the receiver has answered: the next delivery is sent while this one is recorded."""
        with contextlib.ExitStack() as slot:
            slot.callback(self._free, prepared.job.endpoint, ended)
            return await self._finish(sandbox, prepared, slot)

    def _free(self, endpoint: EndpointKey, ended: asyncio.Event) -> None:
        """Release a slot.

        The next claim waits a moment for others: one that begins several costs little more than one that begins one.
        """
        self.slots.release(endpoint)
        self._freed += 1
        if self._freed >= FREED_MAX:
            ended.set()
        elif self._wake is None:
            self._wake = asyncio.get_running_loop().call_later(FREED_S, ended.set)

    def _reset_freed(self) -> None:
        """A claim begins: what is released from now on is for the next one."""
        self._freed = 0
        if self._wake is not None:
            self._wake.cancel()
            self._wake = None

    async def under_way_ended(self) -> None:
        """Wait for what is being sent in the background."""
        if self._sending:
            await asyncio.wait(set(self._sending))

    async def abandon(self) -> None:
        """End what is being sent in the background, without a trace: the database that it belongs to is about to be
        replaced.
        """
        sending = list(self._sending)
        for task in sending:
            task.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        self._visits.clear()

    async def close(self, timeout_s: float) -> None:
        """Give what is being sent in the background some seconds, and end the rest: it is sent again when its lease is
        over.
        """
        if self._sending:
            _, late = await asyncio.wait(set(self._sending), timeout=timeout_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await self._recorder.close()
        await self.sender.close()

    @contextlib.contextmanager
    def each_silence_once(self) -> Iterator[None]:
        """Within it, nothing more is sent to an endpoint that has not answered in time: each further attempt fails at
        once.

        A clock that is moved over 72 attempts of an hour each would otherwise wait for the sender's timeout 72 times.
        """
        self._silent = set()
        try:
            yield
        finally:
            self._silent = None

    async def deliver_all(self, sandbox: Sandbox, jobs: Sequence[Claim]) -> list[Fired]:
        """Read, send, record what has been claimed, for a caller who waits for it.

        Never raises, unless it is cancelled; what fails on our side is tried again.
        """
        try:
            prepared = await self._storage.run(self._units.prepare, sandbox, jobs)
        except Exception as error:
            prepared = [Prepared(job, fired_of(job), None, error) for job in jobs]
        none = contextlib.ExitStack()
        return await asyncio.gather(*(self._finish(sandbox, one, none, is_waited_for=True) for one in prepared))

    async def _finish(
        self, sandbox: Sandbox, prepared: Prepared, slot: contextlib.ExitStack, *, is_waited_for: bool = False
    ) -> Fired:
        """Send what was prepared, release its slot, and record the result. Never raises, unless it is cancelled."""
        job, fired, call = prepared.job, prepared.fired, prepared.call
        try:
            if prepared.error is not None:
                raise prepared.error
            if call is not None:
                result = await self._send(call)
                slot.close()
                fired["status"] = result.status
                if result.error is not None:
                    fired["error"] = result.error
                number = await self._recorder.record(sandbox, job, result, at_once=is_waited_for)
                self._notify((job.tenant_id, job.subject), number, call, result)
        except StorageClosedError as error:  # its sandbox has been deleted meanwhile, and the delivery with it
            fired["error"] = text_of(error)
        except Exception as error:
            _log("delivery failed on our side", job, error)
            fired["error"] = text_of(error)
            await self._put_off(sandbox, job, error)
        return fired

    async def deliver_again(self, sandbox: Sandbox, key: DeliveryKey, url: str | None) -> Fired:
        """Send a delivery now, to its own address or to another one; what is sent elsewhere is no attempt of the
        delivery.
        """
        call = await self._storage.run(self._units.prepare_again, sandbox, key, url)
        if call is None:
            return {"delivery": key[1], "url": None, "status": None, "error": NOT_SUBSCRIBED}
        result = await self._send(call)
        number = 0 if url is not None else await self._storage.run(self._units.record_again, sandbox, key, result)
        self._notify(key, number, call, result)
        fired = {"delivery": key[1], "url": masked(call.url), "status": result.status}
        return fired if result.error is None else {**fired, "error": result.error}

    def _notify(self, key: DeliveryKey, number: int, call: Call, result: SendResult) -> None:
        """Call `watch` with an attempt in which something was sent."""
        if result.error != SILENT:
            self.watch(key, number, call, result)

    async def _put_off(self, sandbox: Sandbox, job: Claim, error: Exception) -> None:
        """Reschedule a delivery.

        Without the database, which is often why it failed, the end of its lease does the same.
        """
        try:
            await self._storage.run(self._units.put_off_delivery, sandbox, job, error)
        except Exception as second:
            _log("delivery not put off: it is sent again when its lease ends", job, second)

    async def _send(self, call: Call) -> SendResult:
        endpoint = call.endpoint
        if self._silent is not None and endpoint in self._silent:
            return SendResult(None, error=SILENT)
        result = await self.sender.send(call.url, call.body, call.headers)
        if not result.timed_out:
            self.slots.answered(endpoint)
        else:
            self.slots.timed_out(endpoint)
            if self._silent is not None:
                self._silent.add(endpoint)
        return result


def _log(event: str, job: Claim, error: Exception) -> None:
    """Log an error of our side, without a traceback when the database is away."""
    if is_unavailable(error):
        logger.error(event, subject=job.subject, reason=reason_of(error))
    else:
        logger.error(event, subject=job.subject, exc_info=error)
