"""Stats of ledger accounts: how many points were minted, moved and burned."""

from models.kernel.json_values import Shown
from models.loyalty_core.ledger.posting import BURN, EXPIRY, MINT, POSTED, REVERT, REVERTED, TRANSFER
from models.loyalty_core.problems import LedgerAccountNotFound
from models.loyalty_core.stats.queries import ACCOUNT_ID, sums_of_account
from models.loyalty_core.stats.spans import Span
from models.uow import UnitOfWork

NAMES = {MINT: "minted", BURN: "burned", TRANSFER: "transferred", EXPIRY: "expired", REVERT: "reverted"}


def account_totals(uow: UnitOfWork, account_id: int, span: Span) -> Shown:
    """Points and numbers of transactions by their types, of those that were carried out; one that was reverted later
    counts as its own type, and its revert as a revert. Raises NotFound.
    """
    if uow.first(ACCOUNT_ID, account_id=account_id) is None:
        raise LedgerAccountNotFound(f"There is no ledger account {account_id}.")
    found = uow.rows(sums_of_account(span.ends, (POSTED, REVERTED)), account_id=account_id, **span.values)
    sums = {kind: (count, int(amount or 0)) for kind, count, amount in found}
    return {
        "ledgerAccountId": account_id,
        **{
            name: {"transactionCount": sums.get(kind, (0, 0))[0], "amount": sums.get(kind, (0, 0))[1]}
            for kind, name in NAMES.items()
        },
    }
