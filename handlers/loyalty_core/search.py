"""Search: finding members by words and by what they belong to."""

from handlers.http import Answer, long_read, ok
from models.loyalty_core.members import search
from models.uow import UnitOfWork


@long_read()
def search_members(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    loyalty_tier_id: int | None,
    loyalty_program_id: int | None,
    query: str | None,
    since_from: str | None,
    since_to: str | None,
    member_type: str | None,
    loyalty_tier_key: str | None,
) -> Answer:
    return ok(
        search.search_members(
            uow,
            query=query,
            loyalty_tier_id=loyalty_tier_id,
            loyalty_tier_key=loyalty_tier_key,
            loyalty_program_id=loyalty_program_id,
            member_type=member_type,
            since_from=since_from,
            since_to=since_to,
            page=page,
            limit=limit,
            order=order,
        )
    )
