"""Tiers: the levels of a program. Which of them a member is in is decided elsewhere, when points change."""

from models.kernel.statements import columns_of, differing, row_of
from models.loyalty_core.keys import new_key
from models.loyalty_core.members.input import TierInput
from models.loyalty_core.members.ladders import tiers_changed
from models.loyalty_core.members.programs import lock_program
from models.loyalty_core.members.queries import INSERT_TIER, LIST_TIERS, TIER
from models.loyalty_core.members.tables import Tier
from models.loyalty_core.members.views import find_program, find_tier
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.paging import Paging
from models.numbers import new_number
from models.uow import UnitOfWork


def list_tiers(
    uow: UnitOfWork, program_id: int, paging: Paging, *, tier_key: str | None, only_active: bool
) -> tuple[list[Tier], int, int | None]:
    """A page of a program's tiers, how many match, and which one is the default.

    Raises NotFound, InvalidInput for an unknown order.
    """
    program = find_program(uow, program_id)
    active = True if only_active else None
    found = LIST_TIERS.page(uow, paging, program_id=program_id, tier_key=tier_key, active=active)
    return *found, program.default_tier_id


def get_tier(uow: UnitOfWork, program_id: int, tier_id: int) -> tuple[Tier, int | None]:
    """A tier, and the default one of its program. Raises NotFound for the program, or a tier that is not one of it."""
    program = find_program(uow, program_id)
    return find_tier(uow, program_id, tier_id), program.default_tier_id


def create_tier(uow: UnitOfWork, program_id: int, given: TierInput) -> tuple[Tier, int | None]:
    """Add a tier; as the default it takes the other's place. Raises NotFound."""
    lock_organization(uow)  # keys are unique among the tiers of all programs
    program = lock_program(uow, program_id)
    row = row_of(
        Tier,
        tenant_id=uow.tenant_id,
        id=new_number(uow, Tier),
        program_id=program_id,
        tier_key=new_key(uow, Tier, Tier.tier_key, given.name, "tier"),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **{"picture_url": None, "custom_attributes": {}, **given.columns},
    )
    uow.insert(INSERT_TIER, **columns_of(row))
    tiers_changed(uow)
    if given.is_default:
        _set_default(uow, program, row.id)
    return row, program.default_tier_id


def update_tier(uow: UnitOfWork, program_id: int, tier_id: int, given: TierInput) -> tuple[Tier, int | None]:
    """Change a tier, and whether it is the default; what is left out stays. Raises NotFound."""
    program = lock_program(uow, program_id)
    find_tier(uow, program_id, tier_id)
    row = uow.lock(TIER, id=tier_id)
    assert row is not None, "tiers are not deleted"
    changes = differing(row, given.columns)
    for column, value in changes.items():
        setattr(row, column, value)
    if changes:
        row.updated_ms = uow.now_ms
        tiers_changed(uow)
    if given.is_default and program.default_tier_id != tier_id:
        _set_default(uow, program, tier_id)
    elif given.is_default is False and program.default_tier_id == tier_id:
        _set_default(uow, program, None)
    return row, program.default_tier_id


def _set_default(uow: UnitOfWork, program: Program, tier_id: int | None) -> None:
    program.default_tier_id, program.updated_ms = tier_id, uow.now_ms
