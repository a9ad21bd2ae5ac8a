"""Ledgers, accounts, transactions and balances as answers show them."""

from models.kernel.json_values import Shown
from models.kernel.times import iso
from models.loyalty_core.ledger.queries import Transaction
from models.loyalty_core.ledger.tables import PointAccount, PointLedger, PointTransaction
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_transaction(uow: UnitOfWork, row: Transaction | PointTransaction, *, as_made: bool = False) -> Shown:
    """A transaction as it is; `as_made` as it was when it was made, for a call that comes again."""
    status, captured, updated_ms = row.status, row.captured_amount, row.updated_ms
    if as_made:
        manual = row.capture_method == "manual"
        status, captured, updated_ms = (
            ("pending", None, row.created_ms) if manual else ("posted", row.amount, row.created_ms)
        )
    created = iso(row.created_ms)
    return {
        "ledgerTransactionId": str(row.id),
        "organizationId": organization_id(uow.tenant, uow.directory),
        "ledgerId": row.ledger_id,
        "ledgerAccountId": row.account_id,
        "type": row.type,
        "status": status,
        "amount": row.amount,
        "capturedAmount": captured,
        "fromWalletId": row.from_wallet_id,
        "toWalletId": row.to_wallet_id,
        "captureMethod": row.capture_method,
        "revertsLedgerTransactionId": None if row.reverts_id is None else str(row.reverts_id),
        "systemUniqueKey": row.unique_key,
        "externalId": row.external_id,
        "externalEventDate": None if row.external_ms is None else iso(row.external_ms),
        "description": row.description,
        "tags": row.tags,
        "createdAt": created,
        "updatedAt": created if updated_ms == row.created_ms else iso(updated_ms),
    }


def show_ledger(uow: UnitOfWork, row: PointLedger) -> Shown:
    """A ledger."""
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


def show_account(uow: UnitOfWork, row: PointAccount, default_account_id: int | None) -> Shown:
    """An account; the ledger's default account is marked."""
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


def show_balance(uow: UnitOfWork, account: PointAccount, wallet_id: int, balance: int, available: int) -> Shown:
    """What a wallet holds of an account, and how much of it can be spent."""
    return {
        "walletId": wallet_id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "ledgerId": account.ledger_id,
        "ledgerAccountId": account.id,
        "balance": balance,
        "availableBalance": available,
        "formattedBalance": formatted(balance, account.decimals, account.format_string),
        "formattedAvailableBalance": formatted(available, account.decimals, account.format_string),
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
