"""Loyalty programs: which ledger, accounts and portal they have, and which one is the organization's default."""

from typing import Any

from sqlalchemy import select

from models.kernel.times import iso
from models.loyalty_core.keys import new_key
from models.loyalty_core.ledger.accounts import find_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.members.views import find_program
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.organization.portals import find_portal
from models.loyalty_core.organization.tables import Organization, Program
from models.loyalty_core.paging import rows_of_page
from models.loyalty_core.problems import NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "id": Program.id,
    "name": Program.name,
    "loyaltyProgramKey": Program.program_key,
    "createdAt": Program.created_ms,
    "updatedAt": Program.updated_ms,
}


def lock_program(uow: UnitOfWork, program_id: int) -> Program:
    """A program by its number, locked: whoever changes its default tier comes through here. Raises NotFound."""
    find_program(uow, program_id)
    row = uow.lock(uow.scoped(Program).where(Program.id == program_id))
    assert row is not None, "programs are not deleted"
    return row


def list_programs(
    uow: UnitOfWork, *, only_default: bool, program_key: str | None, page: int, limit: int, order: str | None
) -> list[dict[str, Any]]:
    """The rows of a page: of the default program alone, or of all. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(Program)
    if only_default:
        matching = matching.where(Program.id == _default_id(uow))
    if program_key is not None:
        matching = matching.where(Program.program_key == program_key)
    rows = rows_of_page(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return [show_program(uow, row) for row in rows]


def create_program(uow: UnitOfWork, body: dict[str, Any]) -> Program:
    """Add a program; the first of the organization is its default. Raises NotFound for what the body names."""
    organization = lock_organization(uow)
    is_first = uow.session.scalar(select(Program.id).where(Program.tenant_id == uow.tenant_id).limit(1)) is None
    tier_id = body.get("defaultTierId")
    if tier_id is not None:
        raise NotFound(f"The new loyalty program has no tier {tier_id}.")
    row = Program(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Program),
        main_account_id=None,
        tier_account_id=None,
        main_portal_id=None,
        program_key=new_key(uow, Program, Program.program_key, body["name"], "program"),
        default_tier_id=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    _take(uow, row, body)
    uow.session.add(row)
    if body["setAsDefault"] or is_first:
        _make_default(uow, organization, row)
    return row


def update_program(uow: UnitOfWork, program_id: int, body: dict[str, Any]) -> Program:
    """Change a program; what is left out stays. Raises NotFound for it and what the body names."""
    organization = lock_organization(uow)
    row = lock_program(uow, program_id)
    _take(uow, row, body)
    row.updated_ms = uow.now_ms
    if body["setAsDefault"]:
        _make_default(uow, organization, row)
    return row


def show_program(uow: UnitOfWork, row: Program) -> dict[str, Any]:
    """A program as answers show it."""
    return {
        "loyaltyProgramId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "loyaltyProgramKey": row.program_key,
        "name": row.name,
        "description": row.description,
        "active": row.active,
        "isDefault": row.id == _default_id(uow),
        "ledgerId": row.ledger_id,
        "mainLedgerAccountId": row.main_account_id,
        "tierPointsLedgerAccountId": row.tier_account_id,
        "mainPortalId": row.main_portal_id,
        "defaultTierId": row.default_tier_id,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def _take(uow: UnitOfWork, row: Program, body: dict[str, Any]) -> None:
    ledger_id = find_ledger(uow, body["ledgerId"]).id
    main_id = body.get("mainLedgerAccountId", row.main_account_id)
    tier_points_id = body.get("tierPointsLedgerAccountId", row.tier_account_id)
    for account_id in (main_id, tier_points_id):
        if account_id is not None:
            find_account(uow, ledger_id, account_id)
    if "mainPortalId" in body:
        row.main_portal_id = find_portal(uow, body["mainPortalId"]).id
    row.ledger_id, row.main_account_id, row.tier_account_id = ledger_id, main_id, tier_points_id
    row.name, row.description, row.active = body["name"], body["description"], body["active"]


def _make_default(uow: UnitOfWork, organization: Organization, row: Program) -> None:
    if organization.default_program_id != row.id:
        organization.default_program_id, organization.updated_ms = row.id, uow.now_ms


def _default_id(uow: UnitOfWork) -> int | None:
    return uow.session.get_one(Organization, uow.tenant_id).default_program_id
