"""Loyalty programs."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.members import programs
from models.loyalty_core.members.views import find_program
from models.uow import UnitOfWork


def list_loyalty_programs(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, default: bool, loyalty_program_key: str | None
) -> Answer:
    return ok(
        {
            "loyaltyPrograms": programs.list_programs(
                uow, only_default=default, program_key=loyalty_program_key, page=page, limit=limit, order=order
            )
        }
    )


def create_loyalty_program(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"loyaltyProgram": programs.show_program(uow, programs.create_program(uow, body))})


def get_loyalty_program(uow: UnitOfWork, *, loyalty_program_id: int) -> Answer:
    return ok({"loyaltyProgram": programs.show_program(uow, find_program(uow, loyalty_program_id))})


def update_loyalty_program(uow: UnitOfWork, *, loyalty_program_id: int, body: dict[str, Any]) -> Answer:
    return ok({"loyaltyProgram": programs.show_program(uow, programs.update_program(uow, loyalty_program_id, body))})
