"""Tiers: the levels of a program. Which of them a member is in is decided elsewhere, when points change."""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.keys import new_key
from models.loyalty_core.members.programs import lock_program
from models.loyalty_core.members.tables import Tier
from models.loyalty_core.members.views import find_program, find_tier
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "id": Tier.id,
    "tierOrder": Tier.tier_order,
    "minRequiredPoints": Tier.min_required_points,
    "name": Tier.name,
    "loyaltyTierKey": Tier.tier_key,
    "createdAt": Tier.created_ms,
    "updatedAt": Tier.updated_ms,
}


def list_tiers(
    uow: UnitOfWork,
    program_id: int,
    *,
    tier_key: str | None,
    only_active: bool,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of a program's tiers. Raises NotFound, InvalidInput for an unknown order."""
    program = find_program(uow, program_id)
    matching = uow.scoped(Tier).where(Tier.program_id == program_id)
    if tier_key is not None:
        matching = matching.where(Tier.tier_key == tier_key)
    if only_active:
        matching = matching.where(Tier.active)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_tier(uow, row, program) for row in rows], total, page, limit)


def get_tier(uow: UnitOfWork, program_id: int, tier_id: int) -> dict[str, Any]:
    """A tier as answers show it. Raises NotFound for the program, or a tier that is not one of it."""
    program = find_program(uow, program_id)
    return show_tier(uow, find_tier(uow, program_id, tier_id), program)


def create_tier(uow: UnitOfWork, program_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Add a tier; as the default it takes the other's place. Raises NotFound."""
    lock_organization(uow)  # keys are unique among the tiers of all programs
    program = lock_program(uow, program_id)
    row = Tier(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Tier),
        program_id=program_id,
        picture_url=None,
        custom_attributes={},
        tier_key=new_key(uow, Tier, Tier.tier_key, body["name"], "tier"),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    _take(row, body)
    uow.session.add(row)
    if body.get("isDefault"):
        _set_default(uow, program, row.id)
    return show_tier(uow, row, program)


def update_tier(uow: UnitOfWork, program_id: int, tier_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a tier, and whether it is the default; what is left out stays. Raises NotFound."""
    program = lock_program(uow, program_id)
    find_tier(uow, program_id, tier_id)
    row = uow.lock(uow.scoped(Tier).where(Tier.id == tier_id))
    assert row is not None, "tiers are not deleted"
    _take(row, body)
    row.updated_ms = uow.now_ms
    is_default = body.get("isDefault")
    if is_default and program.default_tier_id != tier_id:
        _set_default(uow, program, tier_id)
    elif is_default is False and program.default_tier_id == tier_id:
        _set_default(uow, program, None)
    return show_tier(uow, row, program)


def show_tier(uow: UnitOfWork, row: Tier, program: Program) -> dict[str, Any]:
    """A tier as answers show it, with its program."""
    return {
        "loyaltyTierId": row.id,
        "loyaltyProgramId": row.program_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyTierKey": row.tier_key,
        "name": row.name,
        "active": row.active,
        "minRequiredPoints": row.min_required_points,
        "tierOrder": row.tier_order,
        "isDefault": row.id == program.default_tier_id,
        "pictureUrl": row.picture_url,
        "customAttributes": row.custom_attributes,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def _take(row: Tier, body: dict[str, Any]) -> None:
    row.name, row.active = body["name"], body["active"]
    row.min_required_points, row.tier_order = body["minRequiredPoints"], body["tierOrder"]
    row.picture_url = body.get("pictureUrl", row.picture_url)
    row.custom_attributes = body.get("customAttributes", row.custom_attributes)


def _set_default(uow: UnitOfWork, program: Program, tier_id: int | None) -> None:
    program.default_tier_id, program.updated_ms = tier_id, uow.now_ms
