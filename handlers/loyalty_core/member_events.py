"""Member events: the log of the events of a member, and their effects."""

from handlers.http import Answer
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.instants import optional_first_ms, optional_ms
from models.loyalty_core.members import events
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_member_events(
    uow: UnitOfWork,
    *,
    member_id: int,
    page: int,
    limit: int,
    order: str | None,
    from_created_at: str | None,
    to_created_at: str | None,
    event_type: str | None,
    status: str | None,
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = events.list_member_events(
        uow,
        member_id,
        paging,
        from_ms=optional_first_ms(from_created_at),
        to_ms=optional_ms(to_created_at),
        event_type=event_type,
        status=status,
    )
    return page_answer(paging, [events.show_event(uow, row) for row in rows], total)
