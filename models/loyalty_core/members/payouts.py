"""Points that the platform itself gives for something: which account they are of, and the transaction."""

from collections.abc import Sequence

from models.kernel.findings import findings
from models.loyalty_core.ledger.accounts import check_account_of_any, find_account
from models.loyalty_core.ledger.ledgers import default_account_id, default_program, find_ledger
from models.loyalty_core.ledger.posting import MINT, Made, Note, TransactionRequest, make
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_program
from models.uow import UnitOfWork

Payment = tuple[Member, int, tuple[int, int]]
"""Who is paid how many points, in which ledger and account."""


def payout_account(
    uow: UnitOfWork, *, program_id: int | None, ledger_id: int | None, account_id: int | None
) -> tuple[int, int]:
    """(ledger, account) that points are paid in: what is named, else the program's, and without one the default
    program's. A ledger without such a main account pays in its default one. Raises NotFound, Conflict.
    """
    program = None if program_id is None else find_program(uow, program_id)
    if ledger_id is None:
        program = default_program(uow) if program is None else program
        ledger_id = program.ledger_id
    if account_id is None and program is not None and program.ledger_id == ledger_id:
        account_id = program.main_account_id
    return ledger_id, default_account_id(uow, ledger_id) if account_id is None else account_id


def check_account(
    uow: UnitOfWork,
    *,
    program_id: int | None,
    ledger_id: int | None,
    account_id: int | None,
    pointers: tuple[str, str] = ("/ledgerId", "/ledgerAccountId"),
) -> None:
    """That points can be paid where a body says, whose members for ledger and account have these pointers.

    Raises NotFound for program, ledger and account; Conflict where a ledger has no accounts.
    """
    if ledger_id is None and account_id is None:
        return
    with findings() as found:
        if program_id is not None and (ledger_id is None or account_id is None):
            with found.at("/loyaltyProgramId"):
                find_program(uow, program_id)
        if ledger_id is not None:
            with found.at(pointers[0]):
                find_ledger(uow, ledger_id)
        with found.at(pointers[0 if account_id is None else 1]):
            if not found.problems:
                _find_payout_account(uow, program_id, ledger_id, account_id)
            elif account_id is not None:
                check_account_of_any(uow, account_id)


def _find_payout_account(
    uow: UnitOfWork, program_id: int | None, ledger_id: int | None, account_id: int | None
) -> None:
    if ledger_id is not None and account_id is not None:
        program_id = None  # which is not asked then, and need not be there any more
    named = payout_account(uow, program_id=program_id, ledger_id=ledger_id, account_id=account_id)
    find_account(uow, *named)


def pay(uow: UnitOfWork, payments: Sequence[Payment], note: Note) -> list[Made]:
    """Mint points for several members, all or none; the transactions. Raises what `make` does."""
    return make(
        uow,
        [
            TransactionRequest(MINT, ledger_id, account_id, points, None, member.wallet_id, note=note)
            for member, points, (ledger_id, account_id) in payments
        ],
        {member.wallet_id: member.id for member, _, _ in payments},
    )
