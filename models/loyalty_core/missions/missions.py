"""Missions: what members can achieve by what they do, and what they get for it."""

from collections.abc import Mapping

from models.kernel.findings import findings
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.events.subscriptions import MISSION as SUBSCRIBER
from models.loyalty_core.events.subscriptions import subscribe
from models.loyalty_core.instants import check_validity
from models.loyalty_core.keys import new_key
from models.loyalty_core.members.payouts import check_account
from models.loyalty_core.members.views import find_program
from models.loyalty_core.missions.finding import no_mission
from models.loyalty_core.missions.input import MissionInput
from models.loyalty_core.missions.participation import check_audience, check_matcher
from models.loyalty_core.missions.problems import MissionCodeTaken, RepetitionPeriodMissing
from models.loyalty_core.missions.queries import (
    DELETE_TAGS,
    INSERT_MISSION,
    INSERT_TAG,
    MISSION,
    MISSION_WITH_CODE,
    MISSIONS,
    MISSIONS_PART,
    UPDATE_MISSION,
)
from models.loyalty_core.missions.tables import Mission
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.paging import Paging
from models.numbers import new_number
from models.uow import UnitOfWork


def list_missions(
    uow: UnitOfWork,
    paging: Paging,
    *,
    program_id: int | None,
    mission_type: str | None,
    codes: list[str] | None,
    tags: list[str] | None,
) -> tuple[list[Mission], int]:
    """A page of missions, and how many match; of `codes` and `tags` one is enough.

    Raises InvalidInput for an unknown order.
    """
    return MISSIONS.page(uow, paging, program_id=program_id, mission_type=mission_type, codes=codes, tags=tags)


def create_mission(uow: UnitOfWork, given: MissionInput) -> Mission:
    """Add a mission.

    Raises NotFound for what is named, Conflict for a code that is taken, RuleViolation for a validity that ends before
    it begins, or a limit for periods without a period.
    """
    lock_organization(uow)  # keys and codes are unique among the missions of all programs
    values = {
        "short_description": None,
        "description": None,
        "picture_url": None,
        "custom_attributes": {},
        "type": None,
        "audience_id": None,
        "matcher_id": None,
        "tags": [],
        "active": True,
        "valid_from_ms": None,
        "valid_to_ms": None,
        "points_accrual": 0,
        "ledger_id": None,
        "account_id": None,
        **given.columns,
        "tenant_id": uow.tenant_id,
        "id": new_number(uow, Mission),
        "mission_key": new_key(uow, Mission, Mission.mission_key, given.name, "mission"),
        "repetition_period": given.repetition_period,
        "period_limit": given.period_limit,
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    row = row_of(Mission, **values)
    with findings() as found:
        with found.at("/periodLimit"):
            if given.limits_without_period:
                raise RepetitionPeriodMissing("periodLimit requires repetitionPeriod.")
        with found.at(""):
            _check(uow, row, values)
    uow.insert(INSERT_MISSION, **values)
    _index(uow, row)
    return row


def update_mission(uow: UnitOfWork, mission_id: int, given: MissionInput) -> Mission:
    """Change a mission; what is left out stays, as period and limit do, and what is null is removed.

    Raises as `create_mission`, and NotFound for it.
    """
    before = uow.lock_row(MISSION, id=mission_id)
    if before is None:
        raise no_mission(mission_id)
    changes = differing(before, given.columns)
    if not changes:
        return before
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    _check(uow, row, changes)
    uow.execute(UPDATE_MISSION, **columns_of(row))
    _index(uow, row)
    return row


def _check(uow: UnitOfWork, row: Mission, given: Mapping[str, object]) -> None:
    """That the code of a mission is free, its validity one, and what it names anew there: of the columns given.

    Raises NotFound, Conflict, RuleViolation.
    """
    with findings() as found:
        if "program_id" in given:
            with found.at("/loyaltyProgramId"):
                find_program(uow, row.program_id)
        with found.at("/code"):
            # Of two that take one code at once, the table refuses the later, which then is tried again and finds the
            # other here.
            if uow.first(MISSION_WITH_CODE, code=row.code, other_than=row.id) is not None:
                raise MissionCodeTaken(f"Another mission has the code {row.code}.")
        with found.at("/validTo"):
            check_validity(row.valid_from_ms, row.valid_to_ms)
        if "audience_id" in given:
            with found.at("/audienceId"):
                check_audience(uow, row.audience_id)
        if "matcher_id" in given:
            with found.at("/matcherId"):
                check_matcher(uow, row.matcher_id)
        if not given.keys().isdisjoint(("program_id", "ledger_id", "account_id")):
            with found.at(""):
                check_account(uow, program_id=row.program_id, ledger_id=row.ledger_id, account_id=row.account_id)


def _index(uow: UnitOfWork, row: Mission) -> None:
    """What the list's filter and the evaluation of events look up."""
    uow.execute(DELETE_TAGS, of_mission=row.id)
    uow.insert_many(INSERT_TAG, [{"tag": tag, "mission_id": row.id} for tag in dict.fromkeys(row.tags)])
    subscribe(uow, SUBSCRIBER, row.id, [row.event_type] if row.active else [])
    uow.configuration_changed(MISSIONS_PART)
