"""Audiences: some of the members, by a rule or a list."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from handlers.http import Answer, created, ok
from handlers.loyalty_core._ports import units_port
from models.kernel.json_values import Shown
from models.loyalty_core.audiences import audiences, counts
from models.loyalty_core.audiences.input import (
    AudienceBody,
    DescribedMemberBody,
    NewAudienceBody,
    read_audience,
    read_described_member,
    read_new_audience,
)
from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.audiences.views import show_audience
from models.loyalty_core.paging import Paging, show_page
from models.uow import UnitOfWork


def list_audiences(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, matcher_type: str | None, search: str | None
) -> Answer:
    rows, total = audiences.list_audiences(uow, Paging(page, limit, order), matcher_type=matcher_type, search=search)
    return ok(show_page([show_audience(uow, row) for row in rows], total, page, limit))


def create_audience(uow: UnitOfWork, *, body: NewAudienceBody) -> Answer:
    row = audiences.create_audience(uow, read_new_audience(body))
    return _when_counted(uow, row, created)


def get_audience(uow: UnitOfWork, *, audience_id: int) -> Answer:
    return ok({"audience": show_audience(uow, audiences.find_audience(uow, audience_id))})


def update_audience(uow: UnitOfWork, *, audience_id: int, body: AudienceBody) -> Answer:
    row = audiences.update_audience(uow, audience_id, read_audience(body))
    return _when_counted(uow, row, lambda shown: ok({"audience": shown}))


def _when_counted(uow: UnitOfWork, row: Audience, answer: Callable[[Shown], Answer]) -> Answer:
    """The answer of an audience, with the count of its members where that ends in time; else jobs go on with it."""
    first = answer(show_audience(uow, row))
    if not counts.is_counting(row):
        return first

    async def later() -> Answer:
        for _ in range(counts.CALL_SLICES_MAX):
            [counted] = await units_port(uow).run(uow, [partial(counts.count_further, audience_id=row.id)])
            if counted is None or not counts.is_counting(counted):
                break
        [shown] = await units_port(uow).run(uow, [partial(_shown, audience_id=row.id)])
        return answer(shown)

    return replace(first, later=later)


def _shown(uow: UnitOfWork, audience_id: int) -> Shown:
    return show_audience(uow, audiences.find_audience(uow, audience_id))


def match_audiences(uow: UnitOfWork, *, body: DescribedMemberBody) -> Answer:
    return ok({"audienceIds": audiences.match_described(uow, read_described_member(body))})
