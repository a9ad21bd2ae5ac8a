"""Tiers: the levels of a program."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.members import tiers
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
    return ok(
        tiers.list_tiers(
            uow,
            loyalty_program_id,
            tier_key=loyalty_tier_key,
            only_active=bool(only_active),
            page=page,
            limit=limit,
            order=order,
        )
    )


def create_loyalty_tier(uow: UnitOfWork, *, loyalty_program_id: int, body: dict[str, Any]) -> Answer:
    return created({"tier": tiers.create_tier(uow, loyalty_program_id, body)})


def get_loyalty_tier(uow: UnitOfWork, *, loyalty_program_id: int, loyalty_tier_id: int) -> Answer:
    return ok({"tier": tiers.get_tier(uow, loyalty_program_id, loyalty_tier_id)})


def update_loyalty_tier(
    uow: UnitOfWork, *, loyalty_program_id: int, loyalty_tier_id: int, body: dict[str, Any]
) -> Answer:
    return ok({"tier": tiers.update_tier(uow, loyalty_program_id, loyalty_tier_id, body)})
