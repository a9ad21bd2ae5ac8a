"""The sending slots of the dispatcher: how many deliveries are under way at once, in all and for each endpoint and
tenant.

A delivery holds its slot until its receiver has answered or the sender's timeout is over. Without shares, the
deliveries of one receiver that never answers would hold all slots for that long, and those of all other endpoints would
wait.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from models.kernel.clock import monotonic_s

if TYPE_CHECKING:
    from models.outbox.outbox import EndpointKey

Key = TypeVar("Key")

SENDS_MAX = 100
"""How many deliveries are under way at once. One that waits for its receiver costs a connection and little else."""

ENDPOINT_SENDS_MAX = 2
"""How many of them go to one endpoint."""

TENANT_SENDS_MAX = 50
"""How many of them belong to one tenant: one that has many silent endpoints leaves half of the slots to the others."""

BEGUN_MAX = 20
"""How many deliveries begin at once: they are claimed, read and signed in one unit of work, and on SQLite requests wait
meanwhile.
"""

PAUSE_S = 5.0
"""How long an endpoint is left alone after its first timeout. Not longer than the shortest wait of a vendor's retry
schedule, so that a single delivery is tried again when the vendor says.
"""

PAUSE_S_MAX = 60.0
KEPT_PAUSES_MAX = 10_000
"""Above this, pauses that are over are dropped."""


@dataclass(frozen=True, slots=True)
class Pause:
    """After `timeouts` in a row an endpoint is left alone until a time of the monotonic clock, in seconds."""

    timeouts: int
    until_s: float


class SendingSlots:
    """Which endpoints hold slots, and which are paused since they did not answer. Used on the event loop only.

    Pauses run on the monotonic clock and are kept in memory: they say how long this process waits, and leave the
    deliveries' due times, attempts and retry schedules alone.
    """

    def __init__(self) -> None:
        self._endpoints: Counter[EndpointKey] = Counter()
        self._tenants: Counter[int] = Counter()
        self._pauses: dict[EndpointKey, Pause] = {}

    @property
    def free(self) -> int:
        """How many deliveries may begin now."""
        return min(SENDS_MAX - self._endpoints.total(), BEGUN_MAX)

    def hold(self, endpoint: EndpointKey) -> None:
        """A delivery to an endpoint begins."""
        self._endpoints[endpoint] += 1
        self._tenants[endpoint[0]] += 1

    def release(self, endpoint: EndpointKey) -> None:
        """A delivery to an endpoint has ended."""
        _release(self._endpoints, endpoint)
        _release(self._tenants, endpoint[0])

    def answered(self, endpoint: EndpointKey) -> None:
        """An endpoint has answered, or refused the connection: it does not hold slots for long."""
        self._pauses.pop(endpoint, None)

    def timed_out(self, endpoint: EndpointKey) -> None:
        """An endpoint has not answered in time: it is paused, for twice as long after each timeout in a row."""
        now_s = monotonic_s()
        before = self._pauses.pop(endpoint, None)
        if before is not None and before.until_s > now_s:  # the second delivery of the same moment
            self._pauses[endpoint] = before
            return
        timeouts = before.timeouts + 1 if before is not None else 1
        pause_s = min(PAUSE_S * 2 ** min(timeouts - 1, 10), PAUSE_S_MAX)
        self._pauses[endpoint] = Pause(timeouts, now_s + pause_s)
        if len(self._pauses) > KEPT_PAUSES_MAX:
            self._pauses = {key: pause for key, pause in self._pauses.items() if pause.until_s > now_s}

    def shares(self) -> SlotShares:
        """What each endpoint may take now. A copy: a claim runs in a thread on PostgreSQL."""
        now_s = monotonic_s()
        paused = {key for key, pause in self._pauses.items() if pause.until_s > now_s}
        return SlotShares(self._endpoints.copy(), self._tenants.copy(), paused, self._pauses.keys() - paused)


def _release(counter: Counter[Key], key: Key) -> None:
    counter[key] -= 1
    if not counter[key]:
        del counter[key]


class SlotShares:
    """The slots that one claim hands out (`models.outbox.delivery_claims.Shares`)."""

    def __init__(
        self,
        endpoints: Counter[EndpointKey],
        tenants: Counter[int],
        paused: set[EndpointKey],
        suspects: set[EndpointKey],
    ) -> None:
        self._endpoints = endpoints
        self._tenants = tenants
        self._paused = paused
        self._suspects = suspects
        self.withheld = False
        """Whether a delivery was left because its endpoint had no room."""

    def room(self, endpoint: EndpointKey) -> bool:
        """Whether an endpoint may have one more delivery under way."""
        # After a pause one delivery finds out whether the endpoint answers again.
        at_once = 1 if endpoint in self._suspects else ENDPOINT_SENDS_MAX
        has_room = (
            endpoint not in self._paused
            and self._endpoints[endpoint] < at_once
            and self._tenants[endpoint[0]] < TENANT_SENDS_MAX
        )
        self.withheld |= not has_room
        return has_room

    def take(self, endpoint: EndpointKey) -> bool:
        """Take a slot for a delivery to an endpoint; False when it has no room."""
        if not self.room(endpoint):
            return False
        self._endpoints[endpoint] += 1
        self._tenants[endpoint[0]] += 1
        return True
