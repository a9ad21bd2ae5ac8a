"""Ledgers."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.ledger import ledgers
from models.loyalty_core.ledger.input import LedgerBody, read_ledger
from models.loyalty_core.ledger.views import show_ledger
from models.loyalty_core.paging import Paging
from models.uow import UnitOfWork


def list_ledgers(uow: UnitOfWork, *, page: int, limit: int, order: str | None, ledger_key: str | None) -> Answer:
    paging = Paging(page, limit, order)
    rows, total = ledgers.list_ledgers(uow, paging, ledger_key=ledger_key)
    return page_answer(paging, [show_ledger(uow, row) for row in rows], total)


def create_ledger(uow: UnitOfWork, *, body: LedgerBody) -> Answer:
    return created({"ledger": show_ledger(uow, ledgers.create_ledger(uow, read_ledger(body)))})


def get_ledger(uow: UnitOfWork, *, ledger_id: int) -> Answer:
    return ok({"ledger": show_ledger(uow, ledgers.find_ledger(uow, ledger_id))})


def update_ledger(uow: UnitOfWork, *, ledger_id: int, body: LedgerBody) -> Answer:
    return ok({"ledger": show_ledger(uow, ledgers.update_ledger(uow, ledger_id, read_ledger(body)))})
