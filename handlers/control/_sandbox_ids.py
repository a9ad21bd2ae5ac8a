"""Ids of sandboxes that are made up."""

from handlers.control._ports import SandboxPort
from models.uow import UnitOfWork

ID_BYTES = 4


def free_id(uow: UnitOfWork, port: SandboxPort, purpose: str) -> str:
    """An id that no sandbox has: after a reset the main sandbox draws the same ones again, and other sandboxes stay."""
    taken = {box.id for box in port.all()}
    while (drawn := uow.random.take(purpose, ID_BYTES).hex()) in taken:
        pass
    return drawn
