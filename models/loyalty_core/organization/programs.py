"""The organization's loyalty programs, which are kept between units of work.

What changes one calls `programs_changed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from models.kernel.statements import TENANT, Query
from models.loyalty_core.organization.tables import Organization, Program
from models.uow import UnitOfWork

PART = "programs"
PROGRAMS = Query(select(Program).where(Program.tenant_id == TENANT).order_by(Program.id))
PROGRAM = Query(select(Program).where(Program.tenant_id == TENANT, Program.id == bindparam("id")))
DEFAULT_PROGRAM_ID = Query(select(Organization.default_program_id).where(Organization.tenant_id == TENANT))


@dataclass(frozen=True, slots=True)
class Programs:
    """All programs of the organization, active or not."""

    by_id: Mapping[int, Program]
    default_id: int | None


def programs(uow: UnitOfWork) -> Programs:
    """The programs, by their numbers."""
    return uow.configuration(PART, _load)


def program_of(uow: UnitOfWork, program_id: int | None) -> Program | None:
    """A program, active or not; None where there is none. One that another process has just added is found too."""
    if program_id is None:
        return None
    return programs(uow).by_id.get(program_id) or uow.first(PROGRAM, id=program_id)


def is_running(uow: UnitOfWork, program_id: int | None) -> bool:
    """Whether a program is active, and so anything of it happens; what is of no program always does."""
    if program_id is None:
        return True
    program = program_of(uow, program_id)
    return program is not None and program.active


def programs_changed(uow: UnitOfWork) -> None:
    """A program was added or changed, or another one made the default."""
    uow.configuration_changed(PART)


def _load(uow: UnitOfWork) -> Programs:
    return Programs({row.id: row for row in uow.rows(PROGRAMS)}, uow.first(DEFAULT_PROGRAM_ID))
