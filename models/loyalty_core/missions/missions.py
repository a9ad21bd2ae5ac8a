"""Missions: what members can achieve by what they do, and what they get for it."""

from typing import Any

from sqlalchemy import ColumnElement, delete, select

from models.loyalty_core.columns import set_columns
from models.loyalty_core.events.subscriptions import MISSION, listen
from models.loyalty_core.keys import new_key
from models.loyalty_core.members.views import find_program
from models.loyalty_core.missions.participation import check_account, check_audience, check_matcher
from models.loyalty_core.missions.tables import Mission, MissionTag
from models.loyalty_core.missions.views import find_mission, show_mission
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, RuleViolation
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "missionId": Mission.id,
    "name": Mission.name,
    "code": Mission.code,
    "missionKey": Mission.mission_key,
    "type": Mission.type,
    "validFrom": Mission.valid_from_ms,
    "validTo": Mission.valid_to_ms,
    "createdAt": Mission.created_ms,
    "updatedAt": Mission.updated_ms,
}
OPTIONAL = {
    "shortDescription": "short_description",
    "description": "description",
    "pictureUrl": "picture_url",
    "customAttributes": "custom_attributes",
    "type": "type",
    "audienceId": "audience_id",
    "matcherId": "matcher_id",
    "tags": "tags",
    "active": "active",
    "pointsAccrual": "points_accrual",
    "ledgerId": "ledger_id",
    "ledgerAccountId": "account_id",
}


def list_missions(
    uow: UnitOfWork,
    *,
    program_id: int | None,
    mission_type: str | None,
    codes: str | None,
    tags: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of missions. Raises InvalidInput for an unknown order."""
    filters = mission_filters(uow, program_id=program_id, mission_type=mission_type, codes=codes, tags=tags)
    rows, total = page_of(uow, uow.scoped(Mission).where(*filters), ORDERS, page=page, limit=limit, order=order)
    return show_page([show_mission(uow, row) for row in rows], total, page, limit)


def mission_filters(
    uow: UnitOfWork, *, program_id: int | None, mission_type: str | None, codes: str | None, tags: str | None
) -> list[ColumnElement[bool]]:
    """Conditions of a list; codes and tags have commas between them, of which one is enough."""
    filters: list[ColumnElement[bool]] = []
    if program_id is not None:
        filters.append(Mission.program_id == program_id)
    if mission_type is not None:
        filters.append(Mission.type == mission_type)
    if codes is not None:
        filters.append(Mission.code.in_(codes.split(",")))
    if tags is not None:
        filters.append(
            Mission.id.in_(
                select(MissionTag.mission_id).where(
                    MissionTag.tenant_id == uow.tenant_id, MissionTag.tag.in_(tags.split(","))
                )
            )
        )
    return filters


def get_mission(uow: UnitOfWork, mission_id: int) -> dict[str, Any]:
    """A mission as answers show it. Raises NotFound."""
    return show_mission(uow, find_mission(uow, mission_id))


def create_mission(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add a mission. Raises NotFound for what the body names, Conflict for a code that is taken, RuleViolation as `_take` does."""
    lock_organization(uow)  # keys and codes are unique among the missions of all programs
    if "periodLimit" in body and "repetitionPeriod" not in body:
        raise RuleViolation("A periodLimit needs a repetitionPeriod.")
    row = Mission(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Mission),
        custom_attributes={},
        tags=[],
        active=True,
        points_accrual=0,
        mission_key=new_key(uow, Mission, Mission.mission_key, body["name"], "mission"),
        audience_id=None,
        matcher_id=None,
        ledger_id=None,
        account_id=None,
        repetition_period=body.get("repetitionPeriod"),
        period_limit=body.get("periodLimit"),
        created_ms=uow.now_ms,
    )
    _take(uow, row, body)
    return show_mission(uow, row)


def update_mission(uow: UnitOfWork, mission_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a mission; what is left out stays, as period and limit do, and what is null is taken away. Raises as `create_mission`, and NotFound for it."""
    find_mission(uow, mission_id)
    row = uow.lock(uow.scoped(Mission).where(Mission.id == mission_id))
    assert row is not None, "missions are not deleted"
    _take(uow, row, body)
    return show_mission(uow, row)


def _take(uow: UnitOfWork, row: Mission, body: dict[str, Any]) -> None:
    """Set what a body names. Raises NotFound, Conflict, and RuleViolation for a validity that ends before it begins."""
    row.program_id = find_program(uow, body["loyaltyProgramId"]).id
    _check_code(uow, row.id, body["code"])
    row.code, row.name, row.event_type = body["code"], body["name"], body["eventType"]
    row.max_repetitions, row.goal_count = body["maxRepetitions"], body["goalCount"]
    set_columns(row, body, OPTIONAL, {"validFrom": "valid_from_ms", "validTo": "valid_to_ms"})
    if row.valid_from_ms is not None and row.valid_to_ms is not None and row.valid_to_ms <= row.valid_from_ms:
        raise RuleViolation("The validTo is not after the validFrom.")
    check_audience(uow, row.audience_id)
    check_matcher(uow, row.matcher_id)
    check_account(uow, program_id=row.program_id, ledger_id=row.ledger_id, account_id=row.account_id)
    row.updated_ms = uow.now_ms
    uow.session.add(row)
    uow.session.flush()
    _write_tags(uow, row)
    listen(uow, MISSION, row.id, [row.event_type] if row.active else [])


def _check_code(uow: UnitOfWork, mission_id: int, code: str) -> None:
    """Of two that take one code at once, the table refuses the later, which then is tried again and finds the other here."""
    with uow.session.no_autoflush:
        found = uow.session.scalars(uow.scoped(Mission).where(Mission.code == code)).first()
    if found is not None and found.id != mission_id:
        raise Conflict(f"Another mission has the code {code}.")


def _write_tags(uow: UnitOfWork, row: Mission) -> None:
    uow.session.execute(
        delete(MissionTag).where(MissionTag.tenant_id == uow.tenant_id, MissionTag.mission_id == row.id)
    )
    uow.session.add_all(
        [MissionTag(tenant_id=uow.tenant_id, tag=tag, mission_id=row.id) for tag in dict.fromkeys(row.tags)]
    )
