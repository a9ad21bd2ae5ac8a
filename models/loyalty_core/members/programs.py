"""Loyalty programs: which ledger, accounts and portal they have, and which one is the organization's default."""

from collections.abc import Mapping

from models.kernel.findings import findings
from models.kernel.statements import columns_of, differing, row_of
from models.loyalty_core.keys import new_key
from models.loyalty_core.ledger.accounts import check_account_of_any, find_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.members.input import ProgramInput
from models.loyalty_core.members.queries import INSERT_PROGRAM, LIST_PROGRAMS
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.organization.portals import find_portal
from models.loyalty_core.organization.programs import PROGRAM, programs, programs_changed
from models.loyalty_core.organization.tables import Organization, Program
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import LoyaltyProgramNotFound, TierNotFound
from models.numbers import new_number
from models.uow import UnitOfWork


def lock_program(uow: UnitOfWork, program_id: int) -> Program:
    """A program by its number, locked in order to change it: its default tier is changed under this lock.

    Raises NotFound.
    """
    row = uow.lock(PROGRAM, id=program_id)
    if row is None:
        raise LoyaltyProgramNotFound(f"There is no loyalty program {program_id}.")
    programs_changed(uow)
    return row


def list_programs(uow: UnitOfWork, paging: Paging, *, only_default: bool, program_key: str | None) -> list[Program]:
    """The rows of a page: of the default program alone, or of all. Raises InvalidInput for an unknown order."""
    program_id = (programs(uow).default_id or 0) if only_default else None
    return LIST_PROGRAMS.rows(uow, paging, program_id=program_id, program_key=program_key)


def create_program(uow: UnitOfWork, given: ProgramInput) -> Program:
    """Add a program; the first of the organization is its default. Raises NotFound for what it names."""
    organization = lock_organization(uow)
    programs_changed(uow)  # read anew, behind the lock
    is_first = not programs(uow).by_id
    named = {"main_account_id": None, "tier_account_id": None, "main_portal_id": None}
    columns = {**named, **given.columns, "ledger_id": given.ledger_id}
    accounts = {"main_account_id": None, "tier_account_id": None, **given.accounts}
    with findings() as found:
        with found.at("/defaultTierId"):
            if given.default_tier_id is not None:
                raise TierNotFound(f"The new loyalty program has no tier {given.default_tier_id}.")
        with found.at(""):
            _check_named(uow, columns, given, accounts)
    row = row_of(
        Program,
        tenant_id=uow.tenant_id,
        id=new_number(uow, Program),
        program_key=new_key(uow, Program, Program.program_key, given.name, "program"),
        default_tier_id=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **columns,
    )
    uow.insert(INSERT_PROGRAM, **columns_of(row))
    if given.is_default or is_first:
        _make_default(uow, organization, row)
    return row


def update_program(uow: UnitOfWork, program_id: int, given: ProgramInput) -> Program:
    """Change a program; what is left out stays. Raises NotFound for it and what it names."""
    organization = lock_organization(uow)
    row = lock_program(uow, program_id)
    changes = differing(row, {**given.columns, "ledger_id": given.ledger_id})
    known = {"main_account_id": row.main_account_id, "tier_account_id": row.tier_account_id}
    _check_named(uow, changes, given, {**known, **given.accounts})
    for column, value in changes.items():
        setattr(row, column, value)
    if changes:
        row.updated_ms = uow.now_ms
    if given.is_default:
        _make_default(uow, organization, row)
    return row


def _check_named(
    uow: UnitOfWork, changes: Mapping[str, object], given: ProgramInput, accounts: Mapping[str, int | None]
) -> None:
    """Check that what a change newly names exists.

    `accounts` are the program's afterwards, by column; they have to be of its ledger. Raises NotFound for ledger,
    account or portal.
    """
    with findings() as found:
        if "ledger_id" in changes:
            with found.at("/ledgerId"):
                find_ledger(uow, given.ledger_id)
        is_ledger_there = not found.problems
        for name, pointer in (
            ("main_account_id", "/mainLedgerAccountId"),
            ("tier_account_id", "/tierPointsLedgerAccountId"),
        ):
            account_id = accounts[name]
            if account_id is None or changes.keys().isdisjoint((name, "ledger_id")):
                continue
            with found.at(pointer):
                if is_ledger_there:
                    find_account(uow, given.ledger_id, account_id)
                elif name in changes:
                    check_account_of_any(uow, account_id)
        if "main_portal_id" in changes and given.main_portal_id is not None:
            with found.at("/mainPortalId"):
                find_portal(uow, given.main_portal_id)


def _make_default(uow: UnitOfWork, organization: Organization, row: Program) -> None:
    if organization.default_program_id != row.id:
        organization.default_program_id, organization.updated_ms = row.id, uow.now_ms
