"""Referral programs of a tenant."""

from typing import Annotated, Literal, Self

import orjson
from pydantic import Field, StringConstraints, TypeAdapter, ValidationError, model_validator
from pydantic.dataclasses import dataclass

from models.kernel.json_values import FreeForm
from models.kernel.settings import STRICT, reasons
from models.kernel.statements import row_of
from models.saasquatch.problems import ProgramNotFound
from models.saasquatch.queries import CHANGE_PROGRAM, INSERT_PROGRAM, PROGRAMS
from models.saasquatch.tables import Program
from models.uow import UnitOfWork

DEFAULT_CONVERSION_EVENT = "purchase"
PERCENT_MAX = 100
Text = Annotated[str, StringConstraints(min_length=1, max_length=255)]
Days = Annotated[int, Field(ge=0, le=1_000_000_000)]


@dataclass(config=STRICT)
class RewardRule:
    """What one side of a referral earns on conversion.

    `amount` is credit, a percentage, a fuel tank amount or cents, by `type`; `pending_days` delays it, `expires_days`
    counts from when it becomes available.
    """

    type: Literal["CREDIT", "PCT_DISCOUNT", "FUELTANK", "INTEGRATION"]
    unit: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    amount: Annotated[int, Field(ge=1, le=1_000_000_000_000)]
    pending_days: Days = 0
    expires_days: Days | None = None
    name: Text | None = None
    fuel_tank_type: Literal["CREDIT", "PCT_DISCOUNT"] = "CREDIT"

    @model_validator(mode="after")
    def _percent(self) -> Self:
        if self.type == "PCT_DISCOUNT" and self.amount > PERCENT_MAX:
            raise ValueError("a discount is at most 100 percent")
        return self


@dataclass(config=STRICT)
class ProgramInput:
    """A program as scenario files write it."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-zA-Z0-9-]{1,64}$")]
    landing_url: Annotated[str, StringConstraints(pattern=r"^https?://[^ ]+$", max_length=2_048)]
    name: Text | None = None
    conversion_event: Text = DEFAULT_CONVERSION_EVENT
    referrer_reward: FreeForm | None = None
    referred_reward: FreeForm | None = None
    reward_limit: Annotated[int, Field(ge=0, le=1_000_000_000)] | None = None


_RULE, _PROGRAM = TypeAdapter(RewardRule), TypeAdapter(ProgramInput)


class BadProgram(ValueError):
    """A program in a scenario file is not valid."""


def parse_rule(raw: FreeForm | None) -> RewardRule | None:
    """A reward rule as scenario files write it. Raises BadProgram."""
    if raw is None:
        return None
    try:
        return _RULE.validate_json(orjson.dumps({"unit": "%" if raw.get("type") == "PCT_DISCOUNT" else "CENTS", **raw}))
    except ValidationError as error:
        raise BadProgram(reasons("reward", error, _RULE)) from error


def list_programs(uow: UnitOfWork) -> list[Program]:
    """The tenant's programs, the default one first. Read only: they are kept from one unit of work to the next."""
    return uow.configuration("programs", _load_programs)


def _load_programs(uow: UnitOfWork) -> list[Program]:
    return uow.rows(PROGRAMS)


def get_program(uow: UnitOfWork, program_id: str | None) -> Program:
    """A program by id, or the default program. Raises ProgramNotFound."""
    programs = list_programs(uow)
    for program in programs:
        if program_id is None or program.id == program_id:
            return program
    raise ProgramNotFound


def add_program(uow: UnitOfWork, raw: FreeForm) -> Program:
    """Create or replace a program as scenario files describe it. Raises BadProgram."""
    try:
        given = _PROGRAM.validate_json(orjson.dumps(raw))
    except ValidationError as error:
        raise BadProgram(reasons(f"program {raw.get('id')}", error, _PROGRAM)) from error
    parse_rule(given.referrer_reward)
    parse_rule(given.referred_reward)
    programs = uow.rows(PROGRAMS)
    known = next((program for program in programs if program.id == given.id), None)
    values = {
        "id": given.id,
        "name": given.name or given.id,
        "position": len(programs) + 1 if known is None else known.position,
        "landing_url": given.landing_url,
        "conversion_event": given.conversion_event,
        "referrer_reward": given.referrer_reward,
        "referred_reward": given.referred_reward,
        "reward_limit": given.reward_limit,
    }
    uow.configuration_changed("programs")
    if known is None:
        uow.insert(INSERT_PROGRAM, **values)
    else:
        uow.execute(CHANGE_PROGRAM, program=given.id, **values)
    return row_of(Program, tenant_id=uow.tenant_id, **values)
