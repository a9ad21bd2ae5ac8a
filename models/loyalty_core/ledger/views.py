"""Transactions as answers show them."""

from typing import Any

from models.kernel.times import iso
from models.loyalty_core.ledger.tables import PointTransaction
from models.loyalty_core.settings import organization_id
from models.uow import UnitOfWork


def show_transaction(uow: UnitOfWork, row: PointTransaction, *, as_made: bool = False) -> dict[str, Any]:
    """A transaction as it is; `as_made` as it was when it was made, for a call that comes again."""
    status, captured, updated_ms = row.status, row.captured_amount, row.updated_ms
    if as_made:
        manual = row.capture_method == "manual"
        status, captured, updated_ms = (
            ("pending", None, row.created_ms) if manual else ("posted", row.amount, row.created_ms)
        )
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
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(updated_ms),
    }
