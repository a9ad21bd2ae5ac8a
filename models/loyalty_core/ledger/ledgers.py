"""Ledgers: sets of accounts that belong together. They are kept between units of work."""

from collections.abc import Mapping

from models.kernel.findings import at
from models.kernel.statements import columns_of, differing, row_of
from models.loyalty_core.keys import new_key
from models.loyalty_core.ledger.input import LedgerInput
from models.loyalty_core.ledger.problems import DefaultProgramMissing, LedgerNotFound, LedgerWithoutAccounts
from models.loyalty_core.ledger.queries import INSERT_LEDGER, LEDGER, LEDGERS, LIST_LEDGERS, POINT_ACCOUNT
from models.loyalty_core.ledger.tables import PointLedger
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.organization.programs import program_of, programs
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import LedgerAccountNotFound, NotFound
from models.numbers import new_number
from models.uow import UnitOfWork

PART = "ledgers"


def ledgers(uow: UnitOfWork) -> Mapping[int, PointLedger]:
    """All ledgers, by their numbers."""
    return uow.configuration(PART, lambda unit: {row.id: row for row in unit.rows(LEDGERS)})


def find_ledger(uow: UnitOfWork, ledger_id: int) -> PointLedger:
    """A ledger by its number, read only. Raises NotFound."""
    row = ledgers(uow).get(ledger_id) or uow.first(LEDGER, id=ledger_id)  # another process may have just added it
    if row is None:
        raise _no_ledger(ledger_id)
    return row


def lock_ledger(uow: UnitOfWork, ledger_id: int) -> PointLedger:
    """A ledger by its number, locked: accounts are added, and the default one is changed, under this lock.

    Raises NotFound.
    """
    row = uow.lock(LEDGER, id=ledger_id)
    if row is None:
        raise _no_ledger(ledger_id)
    uow.configuration_changed(PART)
    return row


def default_account_id(uow: UnitOfWork, ledger_id: int) -> int:
    """The account that is meant where none is named. Raises NotFound, Conflict where the ledger has no accounts."""
    found = find_ledger(uow, ledger_id).default_account_id
    if found is None:
        raise LedgerWithoutAccounts(f"The ledger {ledger_id} has no accounts.")
    return found


def default_program(uow: UnitOfWork) -> Program:
    """The organization's default program, active or not. Raises Conflict where there is none."""
    program = program_of(uow, programs(uow).default_id)
    if program is None:
        raise DefaultProgramMissing("The organization has no default program.")
    return program


def list_ledgers(uow: UnitOfWork, paging: Paging, *, ledger_key: str | None) -> tuple[list[PointLedger], int]:
    """A page of ledgers, and how many there are. Raises InvalidInput for an unknown order."""
    return LIST_LEDGERS.page(uow, paging, ledger_key=ledger_key)


def create_ledger(uow: UnitOfWork, given: LedgerInput) -> PointLedger:
    """Add a ledger without accounts."""
    lock_organization(uow)
    row = row_of(
        PointLedger,
        tenant_id=uow.tenant_id,
        id=new_number(uow, PointLedger),
        ledger_key=new_key(uow, PointLedger, PointLedger.ledger_key, given.name, "ledger"),
        name=given.name,
        description=given.columns.get("description"),
        default_account_id=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.insert(INSERT_LEDGER, **columns_of(row))
    uow.configuration_changed(PART)
    return row


def update_ledger(uow: UnitOfWork, ledger_id: int, given: LedgerInput) -> PointLedger:
    """Change name, description, default account.

    Raises NotFound for the ledger, or an account that is not one of it.
    """
    row = lock_ledger(uow, ledger_id)
    account_id = given.default_account_id
    named = {} if account_id is None else {"default_account_id": account_id}
    changes = differing(row, {**given.columns, **named})
    if "default_account_id" in changes:
        account = uow.first(POINT_ACCOUNT, id=account_id)
        if account is None or account.ledger_id != ledger_id:
            with at("/defaultAccountId"):
                raise LedgerAccountNotFound(f"The ledger {ledger_id} has no account {account_id}.")
    for column, value in changes.items():
        setattr(row, column, value)
    if changes:
        row.updated_ms = uow.now_ms
    return row


def _no_ledger(ledger_id: int) -> NotFound:
    return LedgerNotFound(f"There is no ledger {ledger_id}.")
