"""The names of accounts in the shared ledger (`models/ledger.py`).

A wallet has two for each kind of points: what it can spend, and its holds. Where there is a maxSupply, what can still
be made is an account as well, and what was destroyed for good another: they and the wallets together always hold
exactly the maxSupply. Names that start with `@` have no balance of their own.
"""

from collections.abc import Sequence

from models import ledger
from models.uow import UnitOfWork


def spendable(account_id: int, wallet_id: int) -> str:
    """What a wallet can spend."""
    return f"a{account_id}/w{wallet_id}"


def held(account_id: int, wallet_id: int) -> str:
    """What pending transactions have set aside of a wallet."""
    return f"a{account_id}/h{wallet_id}"


def supply(account_id: int) -> str:
    """What can still be made, where the account has a maxSupply."""
    return f"s{account_id}"


def gone(account_id: int) -> str:
    """What was destroyed for good of what a maxSupply counts."""
    return f"g{account_id}"


def issued(account_id: int) -> str:
    """Where points come from: those of an account without a maxSupply, and supplies themselves."""
    return f"@issued/{account_id}"


def burned(account_id: int) -> str:
    """Where points go for good that no maxSupply counts."""
    return f"@burned/{account_id}"


def locked_wallets(uow: UnitOfWork, account_id: int) -> list[int]:
    """The wallets whose points of an account the unit has locked."""
    prefix = spendable(account_id, 0)[:-1]
    names = ledger.postings(uow).held
    return sorted(int(name.removeprefix(prefix)) for name in names if name.startswith(prefix))


def wallet_balances(uow: UnitOfWork, account_ids: Sequence[int], wallet_id: int) -> dict[int, tuple[int, int]]:
    """(balance, what of it can be spent) by account, unlocked, with the unit's own postings in them."""
    names = [
        name for account_id in account_ids for name in (spendable(account_id, wallet_id), held(account_id, wallet_id))
    ]
    found = ledger.balances(uow, names)
    shown = {}
    for account_id in account_ids:
        free = found[spendable(account_id, wallet_id)][0]
        shown[account_id] = (free + found[held(account_id, wallet_id)][0], free)
    return shown
