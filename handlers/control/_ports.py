"""What the control plane needs of the runtime, which handlers may not import: it comes by name in `uow.services`."""

from collections.abc import Sequence
from typing import Any, Protocol, cast

from models.inbox import Signatures
from models.tenancy.sandboxes import Sandbox
from models.uow import UnitOfWork


class ClockPort(Protocol):
    """The dispatcher, as far as it moves clocks. What ran is told as in the contract's `Fired`."""

    async def freeze(self, sandbox: Sandbox) -> list[dict[str, Any]]:
        """Stop a sandbox's clock."""

    async def advance(self, sandbox: Sandbox, to_ms: int) -> list[dict[str, Any]]:
        """Move a clock to an instant. Raises ClockBackwards."""

    async def advance_by(self, sandbox: Sandbox, by_ms: int) -> list[dict[str, Any]]:
        """Move a clock by a duration in ms."""


def clock_port(uow: UnitOfWork) -> ClockPort:
    return cast("ClockPort", uow.services["dispatcher"])


def senders(uow: UnitOfWork) -> Sequence[Signatures]:
    """How each API signs its webhooks, in the order of the APIs."""
    return cast("Sequence[Signatures]", uow.services["senders"])
