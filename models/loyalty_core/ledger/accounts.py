"""Accounts: the kinds of points of a ledger, and what wallets hold of them."""

from models import ledger
from models.kernel.statements import columns_of, differing, row_of
from models.loyalty_core.keys import new_key
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import issued, supply, wallet_balances
from models.loyalty_core.ledger.input import AccountInput
from models.loyalty_core.ledger.ledgers import find_ledger, lock_ledger
from models.loyalty_core.ledger.ports import wallet_owners
from models.loyalty_core.ledger.problems import DefaultAccountNeeded, WalletNotFound
from models.loyalty_core.ledger.queries import ACCOUNTS_OF_LEDGER, INSERT_ACCOUNT, LIST_ACCOUNTS, POINT_ACCOUNT
from models.loyalty_core.ledger.tables import PointAccount
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import LedgerAccountNotFound
from models.numbers import new_number
from models.uow import UnitOfWork

Holding = tuple[PointAccount, int, int]
"""An account, what a wallet holds of it, and how much of that it can spend."""


def find_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> PointAccount:
    """An account of a ledger, read only. Raises NotFound."""
    return _of_ledger(uow.first(POINT_ACCOUNT, id=account_id), ledger_id, account_id)


def check_account_of_any(uow: UnitOfWork, account_id: int) -> None:
    """That there is such an account, where the ledger that is named is not there. Raises NotFound."""
    if uow.first(POINT_ACCOUNT, id=account_id) is None:
        raise LedgerAccountNotFound(f"There is no ledger account {account_id}.")


def lock_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> PointAccount:
    """An account of a ledger, locked against units that mint or burn points of it. Raises NotFound."""
    return _of_ledger(uow.lock(POINT_ACCOUNT, id=account_id), ledger_id, account_id)


def list_accounts(
    uow: UnitOfWork, ledger_id: int, paging: Paging, *, name: str | None, account_key: str | None
) -> tuple[list[PointAccount], int, int | None]:
    """A page of a ledger's accounts, how many there are, and which one is the default.

    Raises NotFound, InvalidInput for an unknown order.
    """
    default = find_ledger(uow, ledger_id).default_account_id
    return *LIST_ACCOUNTS.page(uow, paging, ledger_id=ledger_id, name=name, account_key=account_key), default


def get_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> tuple[PointAccount, int | None]:
    """An account, and the default one of its ledger. Raises NotFound."""
    default = find_ledger(uow, ledger_id).default_account_id
    return find_account(uow, ledger_id, account_id), default


def create_account(uow: UnitOfWork, ledger_id: int, given: AccountInput) -> tuple[PointAccount, int | None]:
    """Add an account; the first of a ledger is its default.

    Points up to a maxSupply can be made from the start. Raises NotFound.
    """
    lock_organization(uow)
    parent = lock_ledger(uow, ledger_id)
    values = {
        "is_currency": False,
        "decimals": 0,
        "format_string": None,
        "tracked": False,
        "expires_in_months": 0,
        **_with_tracking(given, 0),
    }
    row = row_of(
        PointAccount,
        tenant_id=uow.tenant_id,
        id=new_number(uow, PointAccount),
        ledger_id=ledger_id,
        account_key=new_key(uow, PointAccount, PointAccount.account_key, given.name, "account"),
        max_supply=given.max_supply,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
        **values,
    )
    uow.insert(INSERT_ACCOUNT, **columns_of(row))
    if row.max_supply is not None:
        ledger.post(
            uow,
            transaction_id=f"supply/{row.id}",
            kind="supply",
            recorded=False,
            legs=[(supply(row.id), row.max_supply), (issued(row.id), -row.max_supply)],
        )
    if given.is_default or parent.default_account_id is None:
        parent.default_account_id, parent.updated_ms = row.id, uow.now_ms
    return row, parent.default_account_id


def update_account(
    uow: UnitOfWork, ledger_id: int, account_id: int, given: AccountInput
) -> tuple[PointAccount, int | None]:
    """Change an account. Raises NotFound, Conflict when it would leave the ledger without a default account."""
    parent = lock_ledger(uow, ledger_id)
    row = lock_account(uow, ledger_id, account_id)
    if given.is_default is False and parent.default_account_id == account_id:
        raise DefaultAccountNeeded(
            "A ledger with accounts has a default account: make another one the default instead."
        )
    if given.is_default and parent.default_account_id != account_id:
        parent.default_account_id, parent.updated_ms = account_id, uow.now_ms
    was_tracked = row.tracked
    changes = differing(row, _with_tracking(given, row.expires_in_months))
    for column, value in changes.items():
        setattr(row, column, value)
    if was_tracked and not row.tracked:
        lots.forget(uow, account_id)
    if changes:
        row.updated_ms = uow.now_ms
    return row, parent.default_account_id


def _with_tracking(given: AccountInput, expires_in_months: int) -> dict[str, object]:
    """The columns of an account whose points expire after so many months.

    Points whose age is not known cannot expire: where they begin to, it is kept from then on, unless the request says
    otherwise.
    """
    begins = bool(given.columns.get("expires_in_months")) and not expires_in_months
    return {"tracked": True, **given.columns} if begins else dict(given.columns)


def wallet_balance(uow: UnitOfWork, ledger_id: int, account_id: int, wallet_id: int) -> Holding:
    """What a wallet holds of an account. Raises NotFound for ledger, account or wallet."""
    find_ledger(uow, ledger_id)
    account = find_account(uow, ledger_id, account_id)
    _check_wallet(uow, wallet_id)
    return account, *wallet_balances(uow, [account_id], wallet_id)[account_id]


def wallet_balances_of_ledger(uow: UnitOfWork, ledger_id: int, wallet_id: int) -> list[Holding]:
    """What a wallet holds of each account of a ledger, in the order of the accounts. Raises NotFound."""
    find_ledger(uow, ledger_id)
    _check_wallet(uow, wallet_id)
    accounts = uow.rows(ACCOUNTS_OF_LEDGER, ledger_id=ledger_id)
    held = wallet_balances(uow, [account.id for account in accounts], wallet_id)
    return [(account, *held[account.id]) for account in accounts]


def _of_ledger(row: PointAccount | None, ledger_id: int, account_id: int) -> PointAccount:
    if row is None or row.ledger_id != ledger_id:
        raise LedgerAccountNotFound(f"The ledger {ledger_id} has no account {account_id}.")
    return row


def _check_wallet(uow: UnitOfWork, wallet_id: int) -> None:
    if not wallet_owners(uow, [wallet_id]):
        raise WalletNotFound(f"There is no wallet {wallet_id}.")
