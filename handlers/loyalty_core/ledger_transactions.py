"""Transactions of an account: making, listing, capturing and reverting them."""

from handlers.http import Answer, created, ok
from handlers.loyalty_core._pages import page_answer
from models.loyalty_core.instants import optional_first_ms, optional_ms
from models.loyalty_core.ledger import lifecycle, posting
from models.loyalty_core.ledger.transaction_input import (
    CapturesBody,
    NoteBody,
    PointsBody,
    SetBody,
    TransferBody,
    read_captures,
    read_points,
    read_reversal,
    read_set,
    read_transfer,
)
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.paging import Paging
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
    paging = Paging(page, limit, order)
    filters = {
        "from_external_ms": optional_first_ms(from_external_event_date),
        "to_external_ms": optional_ms(to_external_event_date),
        "from_id": from_ledger_transaction_id,
        "to_id": to_ledger_transaction_id,
        "unique_key": system_unique_key,
        "wallet_id": wallet_id,
        "tags": None if tags is None else tags.split(","),
    }
    rows, total = lifecycle.list_transactions(uow, ledger_id, ledger_account_id, paging, filters)
    return page_answer(paging, [show_transaction(uow, row) for row in rows], total)


def transfer_points(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: TransferBody) -> Answer:
    made = posting.transfer(uow, read_transfer(body, ledger_id, ledger_account_id))
    return created({"transactions": [made.shown]})


def create_ledger_transaction_set(uow: UnitOfWork, *, ledger_id: int, body: SetBody) -> Answer:
    return created({"transactions": [one.shown for one in posting.make_set(uow, read_set(body, ledger_id))]})


def mint_wallet_points(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, wallet_id: int, body: PointsBody
) -> Answer:
    made = posting.mint(uow, read_points(body).mint(ledger_id, ledger_account_id, wallet_id))
    return ok({"transactions": [made.shown]})


def burn_wallet_points(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, wallet_id: int, body: PointsBody
) -> Answer:
    made = posting.burn(uow, read_points(body).burn(ledger_id, ledger_account_id, wallet_id))
    return ok({"transactions": [made.shown]})


def capture_ledger_transactions(
    uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: CapturesBody
) -> Answer:
    lifecycle.capture(uow, ledger_id, ledger_account_id, read_captures(body))
    return ok({"ok": True})


def revert_ledger_transaction(uow: UnitOfWork, *, ledger_id: int, ledger_account_id: int, body: NoteBody) -> Answer:
    made = lifecycle.revert(uow, ledger_id, ledger_account_id, read_reversal(body))
    return ok({"transactions": [one.shown for one in made]})
