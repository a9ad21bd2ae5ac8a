"""Whether the process is alive, and whether it can do its work."""

from typing import Any, Protocol, cast

from handlers.http import Answer, ok
from models.uow import UnitOfWork

UNAVAILABLE = 503


class HealthPort(Protocol):
    """What looks at the server; the runtime offers it as the service `health`."""

    async def readiness(self) -> dict[str, Any]:
        """`status` (`ready` or `unavailable`), `checks` and `dispatcherAgeMs`."""


def get_liveness(_uow: UnitOfWork) -> Answer:
    return ok({"status": "live"})


def get_readiness(uow: UnitOfWork) -> Answer:
    port = cast("HealthPort", uow.services["health"])

    async def later() -> Answer:
        found = await port.readiness()
        return Answer(200 if found["status"] == "ready" else UNAVAILABLE, found)

    return Answer(200, later=later)
