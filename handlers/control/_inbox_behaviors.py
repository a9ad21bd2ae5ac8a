"""How inboxes answer when that was set: kept in memory, for as many messages as was said."""

from dataclasses import dataclass
from typing import Any, cast

from handlers.control.problems import BehaviorsFull
from handlers.http import Answer
from models.kernel.clock import SECOND_MS
from models.uow import UnitOfWork

Row = dict[str, Any]
SERVICE = "inbox_behaviors"
INBOXES_MAX = 200
"""Inboxes of a sandbox that answer otherwise than usual."""
NO_CONTENT = 204
REFUSALS = range(400, 600)


@dataclass(slots=True)
class Behavior:
    """An answer. `left` is for how many messages it is still meant, None for all."""

    status: int = 200
    delay_ms: int = 0
    body: Any = None
    has_body: bool = False
    left: int | None = None

    def show(self) -> Row:
        """As in the contract's `InboxBehavior`."""
        shown: Row = {"status": self.status, "delay_ms": self.delay_ms, "left": self.left}
        return {**shown, "body": self.body} if self.has_body else shown

    @property
    def delay_s(self) -> float:
        """How long a sender waits."""
        return self.delay_ms / SECOND_MS

    @property
    def answer(self) -> Answer:
        """What a sender gets: a body that is text as text, anything else as JSON."""
        if self.status == NO_CONTENT:
            return Answer(self.status, empty=True)
        if self.has_body and isinstance(self.body, str):
            return Answer(self.status, self.body, content_type="text/plain")
        return Answer(self.status, self.body if self.has_body else self._usual)

    @property
    def _usual(self) -> Row:
        if self.status not in REFUSALS:
            return {}
        return {"error": {"code": "INBOX_SET_TO_REFUSE", "message": f"This inbox was set to answer {self.status}."}}


def _behaviors(uow: UnitOfWork) -> dict[str, Behavior]:
    return cast("dict[str, Behavior]", uow.services.setdefault(SERVICE, {}))


def present(uow: UnitOfWork, name: str) -> Behavior:
    """How an inbox answers: as usual, unless it was set to answer otherwise."""
    return _behaviors(uow).get(name, Behavior())


def set_behavior(uow: UnitOfWork, name: str, behavior: Behavior) -> None:
    """Set how an inbox answers from now on. Raises BehaviorsFull."""
    known = _behaviors(uow)
    if name not in known and len(known) >= INBOXES_MAX:
        raise BehaviorsFull(INBOXES_MAX)
    known[name] = behavior


def forget(uow: UnitOfWork, name: str) -> None:
    """Reset an inbox to its usual answers."""
    _behaviors(uow).pop(name, None)


def is_set(uow: UnitOfWork, name: str) -> bool:
    """Whether an inbox answers otherwise than usual."""
    return name in _behaviors(uow)


def take(uow: UnitOfWork, name: str) -> Behavior:
    """What the present message is answered, counted."""
    found = present(uow, name)
    if found.left is not None:
        found.left -= 1
        if found.left == 0:
            forget(uow, name)
    return found
