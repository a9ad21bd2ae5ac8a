"""The keys that signatures of this server verify with."""

from handlers.http import Answer, ok
from models.outbox.signing import jwks
from models.uow import UnitOfWork


def get_jwks(uow: UnitOfWork) -> Answer:
    return ok(jwks(uow))
