"""Accounts: the kinds of points of a ledger, and what wallets hold of them."""

from collections.abc import Sequence
from typing import Any

from models import ledger
from models.kernel.times import iso
from models.loyalty_core.columns import set_columns
from models.loyalty_core.keys import new_key
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.account_names import issued, supply, wallet_balances
from models.loyalty_core.ledger.ledgers import find_ledger, lock_ledger
from models.loyalty_core.ledger.ports import wallet_owners
from models.loyalty_core.ledger.tables import PointAccount
from models.loyalty_core.organization.organizations import lock_organization
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ORDERS = {
    "ledgerAccountId": PointAccount.id,
    "name": PointAccount.name,
    "ledgerAccountKey": PointAccount.account_key,
    "createdAt": PointAccount.created_ms,
    "updatedAt": PointAccount.updated_ms,
}
OPTIONAL = {
    "isCurrency": "is_currency",
    "decimals": "decimals",
    "formatString": "format_string",
    "pointTrackingEnabled": "tracked",
    "expiresInMonths": "expires_in_months",
}
REQUIRED = {"name": "name", "active": "active", "isRevolving": "is_revolving", "syncAlgorand": "sync_algorand"}


def find_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> PointAccount:
    """An account of a ledger. Raises NotFound."""
    row = uow.session.get(PointAccount, (uow.tenant_id, account_id))
    return _of_ledger(row, ledger_id, account_id)


def lock_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> PointAccount:
    """An account of a ledger, locked against whoever makes or destroys points of it. Raises NotFound."""
    row = uow.lock(uow.scoped(PointAccount).where(PointAccount.id == account_id))
    return _of_ledger(row, ledger_id, account_id)


def list_accounts(
    uow: UnitOfWork,
    ledger_id: int,
    *,
    name: str | None,
    account_key: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of a ledger's accounts. Raises NotFound, InvalidInput for an unknown order."""
    default = find_ledger(uow, ledger_id).default_account_id
    matching = uow.scoped(PointAccount).where(PointAccount.ledger_id == ledger_id)
    if name is not None:
        matching = matching.where(PointAccount.name == name)
    if account_key is not None:
        matching = matching.where(PointAccount.account_key == account_key)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_account(uow, row, default) for row in rows], total, page, limit)


def get_account(uow: UnitOfWork, ledger_id: int, account_id: int) -> dict[str, Any]:
    """An account as answers show it. Raises NotFound."""
    default = find_ledger(uow, ledger_id).default_account_id
    return show_account(uow, find_account(uow, ledger_id, account_id), default)


def create_account(uow: UnitOfWork, ledger_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Add an account; the first of a ledger is its default. A maxSupply is there from the start. Raises NotFound."""
    lock_organization(uow)
    parent = lock_ledger(uow, ledger_id)
    row = PointAccount(
        tenant_id=uow.tenant_id,
        id=new_number(uow, PointAccount),
        ledger_id=ledger_id,
        account_key=new_key(uow, PointAccount, PointAccount.account_key, body["name"], "account"),
        max_supply=body.get("maxSupply"),
        is_currency=False,
        decimals=0,
        format_string=None,
        tracked=False,
        expires_in_months=0,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    _take(row, body)
    uow.session.add(row)
    if row.max_supply is not None:
        ledger.post(
            uow,
            transaction_id=f"supply/{row.id}",
            kind="supply",
            recorded=False,
            legs=[(supply(row.id), row.max_supply), (issued(row.id), -row.max_supply)],
        )
    if body.get("isDefaultAccount") or parent.default_account_id is None:
        parent.default_account_id, parent.updated_ms = row.id, uow.now_ms
    return show_account(uow, row, parent.default_account_id)


def update_account(uow: UnitOfWork, ledger_id: int, account_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change an account. Raises NotFound, Conflict when it would leave the ledger without a default account."""
    parent = lock_ledger(uow, ledger_id)
    row = lock_account(uow, ledger_id, account_id)
    is_default = body.get("isDefaultAccount")
    if is_default is False and parent.default_account_id == account_id:
        raise Conflict("A ledger with accounts has a default account: make another one the default instead.")
    if is_default and parent.default_account_id != account_id:
        parent.default_account_id, parent.updated_ms = account_id, uow.now_ms
    was_tracked = row.tracked
    _take(row, body)
    if was_tracked and not row.tracked:
        lots.forget(uow, account_id)
    row.updated_ms = uow.now_ms
    return show_account(uow, row, parent.default_account_id)


def show_balance(uow: UnitOfWork, ledger_id: int, account_id: int, wallet_id: int) -> dict[str, Any]:
    """What a wallet holds of an account. Raises NotFound for ledger, account or wallet."""
    find_ledger(uow, ledger_id)
    account = find_account(uow, ledger_id, account_id)
    _check_wallet(uow, wallet_id)
    return _show_balances(uow, [account], wallet_id)[0]


def show_balances(uow: UnitOfWork, ledger_id: int, wallet_id: int) -> list[dict[str, Any]]:
    """What a wallet holds of each account of a ledger, in the order of the accounts. Raises NotFound."""
    find_ledger(uow, ledger_id)
    _check_wallet(uow, wallet_id)
    accounts = uow.session.scalars(
        uow.scoped(PointAccount).where(PointAccount.ledger_id == ledger_id).order_by(PointAccount.id)
    ).all()
    return _show_balances(uow, accounts, wallet_id)


def show_account(uow: UnitOfWork, row: PointAccount, default_account_id: int | None) -> dict[str, Any]:
    """An account as answers show it."""
    return {
        "ledgerAccountId": row.id,
        "ledgerId": row.ledger_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "ledgerAccountKey": row.account_key,
        "name": row.name,
        "active": row.active,
        "isCurrency": row.is_currency,
        "decimals": row.decimals,
        "formatString": row.format_string,
        "maxSupply": row.max_supply,
        "isRevolving": row.is_revolving,
        "pointTrackingEnabled": row.tracked,
        "syncAlgorand": row.sync_algorand,
        "expiresInMonths": row.expires_in_months,
        "isDefaultAccount": row.id == default_account_id,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def formatted(amount: int, decimals: int, format_string: str | None) -> str:
    """An amount for people: its last `decimals` digits behind a point, put where the format string says `{amount}`.

    A format string without that place stands behind the number.
    """
    digits = str(amount).rjust(decimals + 1, "0")
    number = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    if not format_string:
        return number
    return format_string.replace("{amount}", number) if "{amount}" in format_string else f"{number} {format_string}"


def _show_balances(uow: UnitOfWork, accounts: Sequence[PointAccount], wallet_id: int) -> list[dict[str, Any]]:
    holds = wallet_balances(uow, [account.id for account in accounts], wallet_id)
    return [
        {
            "walletId": wallet_id,
            "organizationId": organization_id(uow.tenant, uow.directory),
            "ledgerId": account.ledger_id,
            "ledgerAccountId": account.id,
            "balance": holds[account.id][0],
            "availableBalance": holds[account.id][1],
            "formattedBalance": formatted(holds[account.id][0], account.decimals, account.format_string),
            "formattedAvailableBalance": formatted(holds[account.id][1], account.decimals, account.format_string),
        }
        for account in accounts
    ]


def _take(row: PointAccount, body: dict[str, Any]) -> None:
    for member, name in REQUIRED.items():
        setattr(row, name, body[member])
    set_columns(row, body, OPTIONAL)


def _of_ledger(row: PointAccount | None, ledger_id: int, account_id: int) -> PointAccount:
    if row is None or row.ledger_id != ledger_id:
        raise NotFound(f"The ledger {ledger_id} has no account {account_id}.")
    return row


def _check_wallet(uow: UnitOfWork, wallet_id: int) -> None:
    if not wallet_owners(uow, [wallet_id]):
        raise NotFound(f"There is no wallet {wallet_id}.")
