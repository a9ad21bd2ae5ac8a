"""Missions: what members can achieve, and what they get for it."""

from handlers.http import Answer, created, ok
from models.loyalty_core.missions import missions
from models.loyalty_core.missions.finding import find_mission
from models.loyalty_core.missions.input import MissionBody, read_mission
from models.loyalty_core.missions.views import show_mission
from models.loyalty_core.paging import Paging, show_page, split_list
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
    rows, total = missions.list_missions(
        uow,
        Paging(page, limit, order),
        program_id=loyalty_program_id,
        mission_type=type,
        codes=split_list(codes),
        tags=split_list(tags),
    )
    return ok(show_page([show_mission(uow, row) for row in rows], total, page, limit))


def create_mission(uow: UnitOfWork, *, body: MissionBody) -> Answer:
    return created({"mission": show_mission(uow, missions.create_mission(uow, read_mission(body)))})


def get_mission(uow: UnitOfWork, *, mission_id: int) -> Answer:
    return ok({"mission": show_mission(uow, find_mission(uow, mission_id))})


def update_mission(uow: UnitOfWork, *, mission_id: int, body: MissionBody) -> Answer:
    return ok({"mission": show_mission(uow, missions.update_mission(uow, mission_id, read_mission(body)))})
