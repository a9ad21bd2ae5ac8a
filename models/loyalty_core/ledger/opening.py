"""The account of a posting: resolve its id from what the call names, check that it exists and is active, and share its
lock.
"""

from collections.abc import Collection

from models import ledger
from models.kernel.findings import Findings, at
from models.kernel.problems import Problem, joined
from models.loyalty_core.ledger.ledgers import default_account_id, default_program, find_ledger
from models.loyalty_core.ledger.problems import LedgerAccountNotActive
from models.loyalty_core.ledger.queries import ACCOUNT, ACCOUNTS, TRANSACTIONS_WITH_KEYS, Account
from models.loyalty_core.problems import LedgerAccountNotFound
from models.uow import UnitOfWork


def resolve_account(
    uow: UnitOfWork, ledger_id: int | None, account_id: int | None, unique_key: str | None
) -> tuple[int, int]:
    """Ledger and account of a call that need not name both: those of the default program, the ledger's default account.

    A key that was used before names the account that was meant then, whatever the defaults are now. Raises NotFound,
    Conflict.
    """
    if unique_key is not None and account_id is None:
        before = uow.first(TRANSACTIONS_WITH_KEYS, keys=[unique_key])
        if before is not None and ledger_id in (None, before.ledger_id):
            return before.ledger_id, before.account_id
    if ledger_id is None:
        ledger_id = default_program(uow).ledger_id
    return ledger_id, default_account_id(uow, ledger_id) if account_id is None else account_id


def open_account(uow: UnitOfWork, ledger_id: int, account_id: int, in_body: frozenset[str] = frozenset()) -> Account:
    """An account whose points can move. Raises NotFound, Conflict when it is not active.

    `in_body` says which of ledgerId and ledgerAccountId are members of the body. Of a ledger that the path names
    nothing else is reported.
    """
    account = share_account(uow, account_id)
    if account is None or account.ledger_id != ledger_id:
        raise _no_account(uow, ledger_id, account_id, in_body, is_there=account is not None)
    if not account.active:
        with at(_account_pointer(in_body)):
            raise LedgerAccountNotActive(f"The account {account_id} is not active.")
    return account


def _account_pointer(in_body: frozenset[str]) -> str:
    return "/ledgerAccountId" if "ledgerAccountId" in in_body else ""


def _no_account(
    uow: UnitOfWork, ledger_id: int, account_id: int, in_body: frozenset[str], *, is_there: bool
) -> Problem:
    """The problem of an account that the ledger does not have (`is_there`: another one has it), or of a ledger that the
    body names and is not there, or of both. Raises NotFound for the ledger of a path.
    """
    missing = LedgerAccountNotFound(f"The ledger {ledger_id} has no account {account_id}.")
    missing.put_below(_account_pointer(in_body))
    if "ledgerId" not in in_body:
        find_ledger(uow, ledger_id)
        return missing
    found = Findings()
    with found.at("/ledgerId"):
        find_ledger(uow, ledger_id)
    return joined(found.problems if found.problems and is_there else [*found.problems, missing])


def open_accounts(uow: UnitOfWork, named: Collection[tuple[int, int]]) -> dict[int, Account]:
    """Accounts whose points can move, by (account, ledger). Raises NotFound, Conflict when one is not active."""
    share_accounts(uow, [account_id for account_id, _ in named])
    return {account_id: open_account(uow, ledger_id, account_id) for account_id, ledger_id in sorted(named)}


def share_account(uow: UnitOfWork, account_id: int) -> Account | None:
    """An account, if there is such a one.

    Units that move points share a lock of the account: otherwise another unit could set a limit that a mint has not
    seen, or end the keeping of lots while a transfer takes some.
    """
    known = ledger.postings(uow).known
    if ("account", account_id) not in known:
        known["account", account_id] = uow.share_row(ACCOUNT, id=account_id)
    found: Account | None = known["account", account_id]
    return found


def share_accounts(uow: UnitOfWork, account_ids: Collection[int]) -> None:
    """Share the locks of several accounts, in one order."""
    known = ledger.postings(uow).known
    missing = sorted({account_id for account_id in account_ids if ("account", account_id) not in known})
    if len(missing) > 1:
        found = {row.id: row for row in uow.share_rows(ACCOUNTS, ids=missing)}
        known.update({("account", account_id): found.get(account_id) for account_id in missing})
