"""Ledgers: sets of accounts that belong together."""

from typing import Any

from sqlalchemy import and_, select

from models.kernel.times import iso
from models.loyalty_core.keys import new_key
from models.loyalty_core.ledger.tables import PointAccount, PointLedger
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.organization.tables import Organization, Program
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "ledgerId": PointLedger.id,
    "name": PointLedger.name,
    "ledgerKey": PointLedger.ledger_key,
    "createdAt": PointLedger.created_ms,
    "updatedAt": PointLedger.updated_ms,
}


def find_ledger(uow: UnitOfWork, ledger_id: int) -> PointLedger:
    """A ledger by its number. Raises NotFound."""
    row = uow.session.get(PointLedger, (uow.tenant_id, ledger_id))
    if row is None:
        raise _no_ledger(ledger_id)
    return row


def lock_ledger(uow: UnitOfWork, ledger_id: int) -> PointLedger:
    """A ledger by its number, locked: whoever adds accounts or changes the default one comes through here. Raises NotFound."""
    row = uow.lock(uow.scoped(PointLedger).where(PointLedger.id == ledger_id))
    if row is None:
        raise _no_ledger(ledger_id)
    return row


def default_account_id(uow: UnitOfWork, ledger_id: int) -> int:
    """The account that is meant where none is named. Raises NotFound, Conflict where the ledger has no accounts."""
    found = find_ledger(uow, ledger_id).default_account_id
    if found is None:
        raise Conflict(f"The ledger {ledger_id} has no accounts.")
    return found


def default_ledger_id(uow: UnitOfWork) -> int:
    """The ledger of the organization's default program. Raises Conflict where there is none."""
    found = uow.session.scalar(
        select(Program.ledger_id)
        .join(
            Organization,
            and_(Organization.tenant_id == Program.tenant_id, Organization.default_program_id == Program.id),
        )
        .where(Program.tenant_id == uow.tenant_id)
    )
    if found is None:
        raise Conflict("The organization has no default program.")
    return found


def list_ledgers(
    uow: UnitOfWork, *, ledger_key: str | None, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of ledgers. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(PointLedger)
    if ledger_key is not None:
        matching = matching.where(PointLedger.ledger_key == ledger_key)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_ledger(uow, row) for row in rows], total, page, limit)


def create_ledger(uow: UnitOfWork, body: dict[str, Any]) -> PointLedger:
    """Add a ledger without accounts."""
    lock_organization(uow)
    row = PointLedger(
        tenant_id=uow.tenant_id,
        id=new_number(uow, PointLedger),
        name=body["name"],
        description=body.get("description"),
        ledger_key=new_key(uow, PointLedger, PointLedger.ledger_key, body["name"], "ledger"),
        default_account_id=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.session.add(row)
    return row


def update_ledger(uow: UnitOfWork, ledger_id: int, body: dict[str, Any]) -> PointLedger:
    """Change name, description, default account. Raises NotFound for the ledger, or an account that is not one of it."""
    row = lock_ledger(uow, ledger_id)
    wanted = body.get("defaultAccountId")
    if wanted is not None:
        account = uow.session.get(PointAccount, (uow.tenant_id, wanted))
        if account is None or account.ledger_id != ledger_id:
            raise NotFound(f"The ledger {ledger_id} has no account {wanted}.")
        row.default_account_id = wanted
    row.name, row.description = body["name"], body.get("description", row.description)
    row.updated_ms = uow.now_ms
    return row


def show_ledger(uow: UnitOfWork, row: PointLedger) -> dict[str, Any]:
    """A ledger as answers show it."""
    return {
        "ledgerId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "ledgerKey": row.ledger_key,
        "name": row.name,
        "description": row.description,
        "defaultAccountId": row.default_account_id,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def _no_ledger(ledger_id: int) -> NotFound:
    return NotFound(f"There is no ledger {ledger_id}.")
