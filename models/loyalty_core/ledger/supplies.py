"""The supply of an account: how many points of it there can be."""

from models import ledger
from models.ledger import AMOUNT_MAX
from models.loyalty_core.ledger.account_names import burned, gone, issued, supply
from models.loyalty_core.ledger.accounts import lock_account
from models.loyalty_core.ledger.ledgers import find_ledger
from models.loyalty_core.ledger.posting import Made, TransactionRequest, new_transaction, record, replayed
from models.loyalty_core.ledger.queries import POINTS_IN_ACCOUNTS, POINTS_POSTED
from models.loyalty_core.ledger.tables import PointAccount, PointTransaction
from models.loyalty_core.ledger.transaction_input import SupplyInput
from models.loyalty_core.problems import SupplyExhausted
from models.numbers import new_number
from models.uow import UnitOfWork


def set_supply(uow: UnitOfWork, ledger_id: int, account_id: int, given: SupplyInput) -> list[Made]:
    """Set or lift an account's maxSupply; the transaction that was written, or none where nothing changes and no key
    was given.

    In its amount no limit counts as the largest amount there is. Raises NotFound, Conflict for a key with other input,
    SupplyExhausted for less than there is already.
    """
    find_ledger(uow, ledger_id)
    account = lock_account(uow, ledger_id, account_id)
    old, new, note = account.max_supply, given.max_supply, given.note
    # The fingerprint covers the request, not the difference that it made then.
    original = TransactionRequest("supply", ledger_id, account_id, new or 0, None, None, note=note)
    before = replayed(uow, [original])
    if before is not None:
        return before
    difference = (AMOUNT_MAX if new is None else new) - (AMOUNT_MAX if old is None else old)
    if not difference and (old is None) == (new is None) and note.unique_key is None:
        return []
    kind = "supply-increase" if difference >= 0 else "supply-decrease"
    request = TransactionRequest(kind, ledger_id, account_id, abs(difference), None, None, note=note)
    fingerprint = original.fingerprint() if note.unique_key is not None else None
    row = new_transaction(uow, request, new_number(uow, PointTransaction), fingerprint=fingerprint)
    _refill(uow, account, str(row.id), new)
    account.max_supply, account.updated_ms = new, uow.now_ms
    return [record(uow, row, {})]


def _refill(uow: UnitOfWork, account: PointAccount, transaction_id: str, new: int | None) -> None:
    """Bring what can still be made, and what counts as destroyed for good, to what the new limit says.

    The account is locked: nobody moves points of it meanwhile.
    """
    ledger.lock(uow, [supply(account.id), gone(account.id)])
    left, lost = ledger.balance(uow, supply(account.id)), ledger.balance(uow, gone(account.id))
    if new is None:
        left_after, counted = 0, 0
    elif account.max_supply is None:
        counted = 0 if account.is_revolving else max(0, _burned(uow, account))
        left_after = new - _in_wallets(uow, account) - counted
    else:
        left_after, counted = left + new - account.max_supply, lost
    if left_after < 0:
        raise SupplyExhausted(f"There are more points than {new} already.")
    legs = [
        (supply(account.id), left_after - left),
        (issued(account.id), left - left_after),
        (gone(account.id), counted - lost),
        (burned(account.id), lost - counted),
    ]
    moved = [leg for leg in legs if leg[1]]
    if moved:
        ledger.post(uow, transaction_id=transaction_id, kind="supply", legs=moved, recorded=False)


def _in_wallets(uow: UnitOfWork, account: PointAccount) -> int:
    """The points of an account in all wallets, holds included."""
    return int(uow.one(POINTS_IN_ACCOUNTS, first=f"a{account.id}/", end=f"a{account.id}0") or 0)


def _burned(uow: UnitOfWork, account: PointAccount) -> int:
    """The points of an account that were destroyed while it had no limit."""
    return int(uow.one(POINTS_POSTED, account=burned(account.id)) or 0)
