"""What led to what: every event knows the causes that it came of, so that no chain of them is endless."""

from collections.abc import Iterator
from contextlib import contextmanager

from models.uow import UnitOfWork

DEPTH_MAX = 8
"""How many causes one after the other may lead to an event that is still evaluated."""


class Chain:
    """The causes of what a unit of work does at the moment."""

    def __init__(self) -> None:
        self.causes: tuple[str, ...] = ()
        self.root_id: int | None = None

    def apply(self, _uow: UnitOfWork) -> None:
        """There is nothing to write: each event has written its own."""


def causes_of(uow: UnitOfWork) -> tuple[str, ...]:
    """The causes of what happens now, the first one first: `campaign/3`, `mission/1`; none for what a caller does."""
    found = uow.flush_hooks.get("chain")
    return found.causes if isinstance(found, Chain) else ()


def root_of(uow: UnitOfWork) -> int | None:
    """The event that everything which happens now came of in the end; None for what a caller does."""
    found = uow.flush_hooks.get("chain")
    return found.root_id if isinstance(found, Chain) else None


@contextmanager
def causing(uow: UnitOfWork, *causes: str, root_id: int | None = None) -> Iterator[None]:
    """A context in which all that happens is caused by this too, and came of the event `root_id` in the end."""
    chain = uow.flush_hooks.setdefault("chain", Chain())
    assert isinstance(chain, Chain)
    before = chain.causes, chain.root_id
    chain.causes, chain.root_id = (*chain.causes, *causes), root_id or chain.root_id
    try:
        yield
    finally:
        chain.causes, chain.root_id = before
