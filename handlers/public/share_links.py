"""Share links of referral codes."""

from handlers.http import Answer
from models.saasquatch.codes import clicks
from models.uow import UnitOfWork

FOUND = 302


def follow_share_link(uow: UnitOfWork, *, code: str) -> Answer:
    return Answer(FOUND, headers={"Location": clicks.follow(uow, code)}, empty=True)
