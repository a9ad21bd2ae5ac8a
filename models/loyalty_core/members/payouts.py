"""Points that the platform itself gives for something: which account they are of, and the transaction."""

from collections.abc import Sequence

from models.loyalty_core.ledger.ledgers import default_account_id, default_ledger_id
from models.loyalty_core.ledger.posting import MINT, Made, Note, TransactionRequest, make
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import find_program
from models.uow import UnitOfWork

Payment = tuple[Member, int, tuple[int, int]]
"""Who is paid how many points, in which ledger and account."""


def payout_account(
    uow: UnitOfWork, *, program_id: int | None, ledger_id: int | None, account_id: int | None
) -> tuple[int, int]:
    """(ledger, account) that points are paid in: what is named, else the program's, else the default ones. Raises NotFound."""
    program = None if program_id is None else find_program(uow, program_id)
    if ledger_id is None:
        ledger_id = default_ledger_id(uow) if program is None else program.ledger_id
    if account_id is None and program is not None and program.ledger_id == ledger_id:
        account_id = program.main_account_id
    return ledger_id, default_account_id(uow, ledger_id) if account_id is None else account_id


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
