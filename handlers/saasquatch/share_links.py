"""Share links of a user."""

from handlers.http import Answer, ok
from models.saasquatch.codes import codes, share_links
from models.saasquatch.users import users
from models.uow import UnitOfWork


def get_share_urls(
    uow: UnitOfWork,
    *,
    account_id: str,
    user_id: str,
    engagement_medium: str | None,
    share_medium: str | None,
    program_id: str | None,
) -> Answer:
    user = users.get_user(uow, account_id, user_id)
    code = codes.primary_code(uow, user, program_id)
    return ok({"shareLinks": share_links.share_urls(uow, code, engagement_medium, share_medium)})


open_get_share_urls = get_share_urls
