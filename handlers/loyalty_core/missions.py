"""Missions: what members can achieve, and what they get for it."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.missions import missions
from models.uow import UnitOfWork


def list_missions(
    uow: UnitOfWork,
    *,
    page: int,
    limit: int,
    order: str | None,
    loyalty_program_id: int | None,
    type: str | None,
    codes: str | None,
    tags: str | None,
) -> Answer:
    return ok(
        missions.list_missions(
            uow,
            program_id=loyalty_program_id,
            mission_type=type,
            codes=codes,
            tags=tags,
            page=page,
            limit=limit,
            order=order,
        )
    )


def create_mission(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"mission": missions.create_mission(uow, body)})


def get_mission(uow: UnitOfWork, *, mission_id: int) -> Answer:
    return ok({"mission": missions.get_mission(uow, mission_id)})


def update_mission(uow: UnitOfWork, *, mission_id: int, body: dict[str, Any]) -> Answer:
    return ok({"mission": missions.update_mission(uow, mission_id, body)})
