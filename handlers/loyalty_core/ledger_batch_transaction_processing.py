"""Many transfers in one call."""

from typing import Any

from handlers.http import Answer, ok
from models.loyalty_core import batches
from models.uow import UnitOfWork


def process_ledger_transaction_batch(uow: UnitOfWork, *, body: dict[str, Any]) -> Answer:
    return ok(batches.process(uow, body["items"]))
