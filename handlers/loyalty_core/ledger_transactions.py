"""Transactions of an account: making, listing, capturing and reverting them."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.ledger import lifecycle, posting
from models.loyalty_core.ledger.posting import read_burn, read_mint, read_transfer
from models.uow import UnitOfWork


def list_ledger_transactions(
    uow: UnitOfWork,
    *,
    ledger_id: int,
    ledger_account_id: int,
    page: int,
    limit: int,
    order: str | None,
    from_external_event_date: str | None,
    to_external_event_date: str | None,
    from_ledger_transaction_id: int | None,
    to_ledger_transaction_id: int | None,
    system_unique_key: str | None,
    wallet_id: int | None,
    tags: str | None,
) -> Answer:
    filters = {
        "from_external": from_external_event_date,
        "to_external": to_external_event_date,
        "from_id": from_ledger_transaction_id,
        "to_id": to_ledger_transaction_id,
        "unique_key": system_unique_key,
        "wallet_id": wallet_id,
        "tags": tags,
    }
    return ok(
        lifecycle.list_transactions(
            uow, ledger_id, ledger_account_id, filters=filters, page=page, limit=limit, order=order
        )
    )


def transfer_points(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: dict[str, Any]) -> Answer:
    return created({"transactions": posting.make(uow, [read_transfer(body, ledger_id, ledger_account_id)])})


def create_ledger_transaction_set(uow: UnitOfWork, *, ledger_id: int, body: dict[str, Any]) -> Answer:
    wanted = [read_transfer(item, ledger_id, item["ledgerAccountId"]) for item in body["create"]]
    return created({"transactions": posting.make(uow, wanted)})


def mint_wallet_points(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, wallet_id: int, body: dict[str, Any]
) -> Answer:
    return ok({"transactions": posting.make(uow, [read_mint(body, ledger_id, ledger_account_id, wallet_id)])})


def burn_wallet_points(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, wallet_id: int, body: dict[str, Any]
) -> Answer:
    return ok({"transactions": posting.make(uow, [read_burn(body, ledger_id, ledger_account_id, wallet_id)])})


def capture_ledger_transactions(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: dict[str, Any]
) -> Answer:
    lifecycle.capture(uow, ledger_id, ledger_account_id, body["transactions"])
    return ok({"ok": True})


def revert_ledger_transaction(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: dict[str, Any]
) -> Answer:
    return ok({"transactions": lifecycle.revert(uow, ledger_id, ledger_account_id, body)})
