"""Causes of events: each event has the chain of causes that led to it, so that rules which set each other off end
(DEPTH_MAX).
"""

from collections.abc import Iterator
from contextlib import contextmanager

from models.uow import UnitOfWork

DEPTH_MAX = 8
"""How many causes one after the other may lead to an event that is still evaluated."""


@contextmanager
def causing(uow: UnitOfWork, *causes: str, root_id: int | None = None) -> Iterator[None]:
    """A context in which these causes are added to those of the unit; `root_id` is the event at the beginning of the
    chain.
    """
    before = uow.causes, uow.root_event_id
    uow.causes, uow.root_event_id = (*uow.causes, *causes), root_id or uow.root_event_id
    try:
        yield
    finally:
        uow.causes, uow.root_event_id = before
