"""Credit receptions: loyalty transactions of contacts."""

from typing import Any

from handlers.http import Answer
from handlers.leat._answers import answer
from models.leat import receptions
from models.uow import UnitOfWork


def create_credit_reception(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return answer(receptions.receive(uow, body))
