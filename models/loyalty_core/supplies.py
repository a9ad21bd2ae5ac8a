"""The supply of an account: how many points of it there can be."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from models import ledger
from models.ledger import AMOUNT_MAX, LedgerBalance, LedgerEntry
from models.loyalty_core.accounts import lock_account
from models.loyalty_core.ledger_tables import PointAccount
from models.loyalty_core.ledgers import find_ledger
from models.loyalty_core.movements import Wanted, move, new_row, read_note, record, replayed
from models.loyalty_core.places import burned, issued, supply
from models.loyalty_core.problems import SupplyExhausted
from models.loyalty_core.transaction_views import show_transaction
from models.uow import UnitOfWork


def set_supply(uow: UnitOfWork, ledger_id: int, account_id: int, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Set or lift an account's maxSupply; the transaction that was written, or none where nothing changes.

    In its amount no end counts as the largest amount there is. Raises Missing, Clash for a key with other input,
    SupplyExhausted for less than there is already.
    """
    find_ledger(uow, ledger_id)
    account = lock_account(uow, ledger_id, account_id)
    old, new = account.max_supply, body.get("maxSupply")
    note = read_note(body)
    # The fingerprint covers what was asked for, not the difference that it made then.
    asked = Wanted("supply", ledger_id, account_id, new or 0, None, None, note=note)
    known = replayed(uow, [asked])
    if known is not None:
        return known
    difference = (AMOUNT_MAX if new is None else new) - (AMOUNT_MAX if old is None else old)
    if not difference and (old is None) == (new is None):
        return []
    made = Wanted("supply-increase" if difference >= 0 else "supply-decrease", ledger_id, account_id, abs(difference), None, None,
                  note=note)
    row = new_row(uow, made)
    row.fingerprint = asked.fingerprint() if note.unique_key is not None else None
    _refill(uow, account, str(row.id), new)
    account.max_supply, account.updated_ms = new, uow.now_ms
    return [show_transaction(uow, record(uow, row, {}))]


def _refill(uow: UnitOfWork, account: PointAccount, transaction_id: str, new: int | None) -> None:
    """Bring what can still be made to what the new limit leaves. The account is locked: nobody makes or destroys points."""
    place = supply(account.id)
    now = ledger.balance(uow, place)
    if new is None:
        wanted = 0
    elif account.max_supply is None:
        wanted = new - _there_are(uow, account)
    else:
        wanted = now + new - account.max_supply
    if wanted < 0:
        raise SupplyExhausted(f"There are more points than {new} already.")
    move(uow, transaction_id, [(place, wanted - now), (issued(account.id), now - wanted)])


def _there_are(uow: UnitOfWork, account: PointAccount) -> int:
    """The points of an account that has had no limit: all in wallets, and the burned ones where those are gone for good."""
    wallets = uow.session.scalar(select(func.sum(LedgerBalance.balance)).where(
        LedgerBalance.tenant_id == uow.tenant_id, LedgerBalance.account >= f"a{account.id}/",
        LedgerBalance.account < f"a{account.id}0")) or 0
    if account.is_revolving:
        return int(wallets)
    gone = uow.session.scalar(select(func.sum(LedgerEntry.amount)).where(
        LedgerEntry.tenant_id == uow.tenant_id, LedgerEntry.account == burned(account.id))) or 0
    return int(wallets) + int(gone)
