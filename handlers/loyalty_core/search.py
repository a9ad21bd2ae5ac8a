"""Search: finding members by words and by what they belong to."""

from handlers.http import Answer, long_read
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.instants import optional_first_ms, optional_ms
from models.loyalty_core.members import search
from models.loyalty_core.members.views import show_found_members
from models.loyalty_core.paging import Paging
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
    paging = Paging(page, limit, order)
    rows, total = search.search_members(
        uow,
        paging,
        query=query,
        tier_id=loyalty_tier_id,
        tier_key=loyalty_tier_key,
        program_id=loyalty_program_id,
        member_type=member_type,
        from_ms=optional_first_ms(since_from),
        to_ms=optional_ms(since_to),
    )
    return page_answer(paging, show_found_members(uow, rows), total)
