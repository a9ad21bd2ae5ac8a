"""Ledgers."""

from typing import Any

from handlers.http import Answer, created, ok
from models.loyalty_core.ledger import ledgers
from models.uow import UnitOfWork


def list_ledgers(uow: UnitOfWork, *, page: int, limit: int, order: str | None, ledger_key: str | None) -> Answer:
    return ok(ledgers.list_ledgers(uow, ledger_key=ledger_key, page=page, limit=limit, order=order))


def create_ledger(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return created({"ledger": ledgers.show_ledger(uow, ledgers.create_ledger(uow, body))})


def get_ledger(uow: UnitOfWork, *, ledger_id: int) -> Answer:
    return ok({"ledger": ledgers.show_ledger(uow, ledgers.find_ledger(uow, ledger_id))})


def update_ledger(uow: UnitOfWork, *, ledger_id: int, body: dict[str, Any]) -> Answer:
    return ok({"ledger": ledgers.show_ledger(uow, ledgers.update_ledger(uow, ledger_id, body))})
