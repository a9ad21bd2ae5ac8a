"""The account that the credential belongs to."""

from handlers.http import Answer
from handlers.leat._answers import answer
from models.uow import UnitOfWork


def ping(_uow: UnitOfWork) -> Answer:
    return answer({})


def ping_library(uow: UnitOfWork) -> Answer:
    return ping(uow)
