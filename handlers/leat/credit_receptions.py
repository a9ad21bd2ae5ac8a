"""Credit receptions: loyalty transactions of contacts."""

from typing import Any

from handlers.http import Answer
from handlers.leat._answers import answer
from models.leat import receptions
from models.leat.input import read_reception
from models.leat.views import show_reception
from models.uow import UnitOfWork


def create_credit_reception(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    made = receptions.receive(uow, read_reception(body))
    return answer(show_reception(made.row, made.contact, made.shop, made.default_unit))
