"""Loyalty programs."""

from handlers.http import Answer, created, ok
from models.loyalty_core.members import programs
from models.loyalty_core.members.input import ProgramBody, read_program
from models.loyalty_core.members.views import find_program, show_program
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_loyalty_programs(
    uow: UnitOfWork, *, page: int, limit: int, order: str | None, default: bool, loyalty_program_key: str | None
) -> Answer:
    rows = programs.list_programs(
        uow, Paging(page, limit, order), only_default=default, program_key=loyalty_program_key
    )
    return ok({"loyaltyPrograms": [show_program(uow, row) for row in rows]})


def create_loyalty_program(uow: UnitOfWork, *, body: ProgramBody) -> Answer:
    return created({"loyaltyProgram": show_program(uow, programs.create_program(uow, read_program(body)))})


def get_loyalty_program(uow: UnitOfWork, *, loyalty_program_id: int) -> Answer:
    return ok({"loyaltyProgram": show_program(uow, find_program(uow, loyalty_program_id))})


def update_loyalty_program(uow: UnitOfWork, *, loyalty_program_id: int, body: ProgramBody) -> Answer:
    row = programs.update_program(uow, loyalty_program_id, read_program(body))
    return ok({"loyaltyProgram": show_program(uow, row)})
