"""What this server is."""

from handlers.http import Answer, ok
from models.uow import UnitOfWork


def get_info(uow: UnitOfWork) -> Answer:
    return ok(uow.services["info"]())
