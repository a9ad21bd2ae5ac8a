"""Tiers: the levels of a program."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.members import tiers
from models.loyalty_core.members.input import TierBody, read_tier
from models.loyalty_core.members.views import show_tier
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_loyalty_tiers(
    uow: UnitOfWork,
    *,
    loyalty_program_id: int,
    page: int,
    limit: int,
    order: str | None,
    loyalty_tier_key: str | None,
    only_active: bool | None,
) -> Answer:
    paging = Paging(page, limit, order)
    rows, total, default = tiers.list_tiers(
        uow, loyalty_program_id, paging, tier_key=loyalty_tier_key, only_active=bool(only_active)
    )
    return page_answer(paging, [show_tier(uow, row, default) for row in rows], total)


def create_loyalty_tier(uow: UnitOfWork, *, loyalty_program_id: int, body: TierBody) -> Answer:
    return created({"tier": show_tier(uow, *tiers.create_tier(uow, loyalty_program_id, read_tier(body)))})


def get_loyalty_tier(uow: UnitOfWork, *, loyalty_program_id: int, loyalty_tier_id: int) -> Answer:
    return ok({"tier": show_tier(uow, *tiers.get_tier(uow, loyalty_program_id, loyalty_tier_id))})


def update_loyalty_tier(uow: UnitOfWork, *, loyalty_program_id: int, loyalty_tier_id: int, body: TierBody) -> Answer:
    row, default = tiers.update_tier(uow, loyalty_program_id, loyalty_tier_id, read_tier(body))
    return ok({"tier": show_tier(uow, row, default)})
