"""Access tokens for clients that have an id and a secret."""

from handlers.http import Answer
from models.leat import tokens
from models.leat.input import TokenBody
from models.uow import UnitOfWork

NOT_KEPT = {"Cache-Control": "no-store", "Pragma": "no-cache"}
"""RFC 6749, section 5.1."""


def issue_access_token(uow: UnitOfWork, *, body: TokenBody) -> Answer:
    token = tokens.issue(uow, client_id=body["client_id"], client_secret=body["client_secret"])
    shown = {"token_type": "Bearer", "expires_in": tokens.LIFETIME_S, "access_token": token}
    return Answer(200, shown, headers=NOT_KEPT)
