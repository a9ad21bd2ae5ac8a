"""The supply of an account: how many points of it there can be."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from models import ledger
from models.ledger import AMOUNT_MAX, LedgerBalance, LedgerEntry
from models.loyalty_core.ledger.account_names import burned, gone, issued, supply
from models.loyalty_core.ledger.accounts import lock_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.ledger.posting import TransactionRequest, read_note, record, replayed, row_of
from models.loyalty_core.ledger.tables import PointAccount
from models.loyalty_core.ledger.views import show_transaction
from models.loyalty_core.problems import SupplyExhausted
from models.uow import UnitOfWork


def set_supply(uow: UnitOfWork, ledger_id: int, account_id: int, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Set or lift an account's maxSupply; the transaction that was written, or none where nothing changes and no key came.

    In its amount no end counts as the largest amount there is. Raises NotFound, Conflict for a key with other input,
    SupplyExhausted for less than there is already.
    """
    find_ledger(uow, ledger_id)
    account = lock_account(uow, ledger_id, account_id)
    old, new = account.max_supply, body.get("maxSupply")
    note = read_note(body)
    # The fingerprint covers what was asked for, not the difference that it made then.
    asked = TransactionRequest("supply", ledger_id, account_id, new or 0, None, None, note=note)
    known = replayed(uow, [asked])
    if known is not None:
        return known
    difference = (AMOUNT_MAX if new is None else new) - (AMOUNT_MAX if old is None else old)
    if not difference and (old is None) == (new is None) and note.unique_key is None:
        return []
    made = TransactionRequest(
        "supply-increase" if difference >= 0 else "supply-decrease",
        ledger_id,
        account_id,
        abs(difference),
        None,
        None,
        note=note,
    )
    row = row_of(uow, made, fingerprint=asked.fingerprint() if note.unique_key is not None else None)
    _refill(uow, account, str(row.id), new)
    account.max_supply, account.updated_ms = new, uow.now_ms
    return [show_transaction(uow, record(uow, row, {}))]


def _refill(uow: UnitOfWork, account: PointAccount, transaction_id: str, new: int | None) -> None:
    """Bring what can still be made, and what counts as gone for good, to what the new limit says.

    The account is locked: nobody moves points of it meanwhile.
    """
    ledger.lock(uow, [supply(account.id), gone(account.id)])
    left, lost = ledger.balance(uow, supply(account.id)), ledger.balance(uow, gone(account.id))
    if new is None:
        wanted, counted = 0, 0
    elif account.max_supply is None:
        counted = 0 if account.is_revolving else max(0, _burned(uow, account))
        wanted = new - _in_wallets(uow, account) - counted
    else:
        wanted, counted = left + new - account.max_supply, lost
    if wanted < 0:
        raise SupplyExhausted(f"There are more points than {new} already.")
    legs = [
        (supply(account.id), wanted - left),
        (issued(account.id), left - wanted),
        (gone(account.id), counted - lost),
        (burned(account.id), lost - counted),
    ]
    moved = [leg for leg in legs if leg[1]]
    if moved:
        ledger.post(uow, transaction_id=transaction_id, kind="supply", legs=moved, recorded=False)


def _in_wallets(uow: UnitOfWork, account: PointAccount) -> int:
    """The points of an account in all wallets, with what is set aside."""
    found = uow.session.scalar(
        select(func.sum(LedgerBalance.balance)).where(
            LedgerBalance.tenant_id == uow.tenant_id,
            LedgerBalance.account >= f"a{account.id}/",
            LedgerBalance.account < f"a{account.id}0",
        )
    )
    return int(found or 0)


def _burned(uow: UnitOfWork, account: PointAccount) -> int:
    """The points of an account that were destroyed while it had no limit."""
    found = uow.session.scalar(
        select(func.sum(LedgerEntry.amount)).where(
            LedgerEntry.tenant_id == uow.tenant_id, LedgerEntry.account == burned(account.id)
        )
    )
    return int(found or 0)
