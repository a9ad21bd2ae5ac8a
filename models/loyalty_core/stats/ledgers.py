"""Stats of ledger accounts: how many points were made, moved and destroyed."""

from typing import Any

from sqlalchemy import func, select

from models.loyalty_core.ledger.posting import BURN, EXPIRY, MINT, POSTED, REVERT, REVERTED, TRANSFER
from models.loyalty_core.ledger.tables import PointAccount, PointTransaction
from models.loyalty_core.problems import NotFound
from models.loyalty_core.stats.spans import within
from models.uow import UnitOfWork

NAMES = {MINT: "minted", BURN: "burned", TRANSFER: "transferred", EXPIRY: "expired", REVERT: "reverted"}


def account_totals(uow: UnitOfWork, account_id: int, since_from: str | None, since_to: str | None) -> dict[str, Any]:
    """Points and numbers of transactions by their types, of those that were carried out; what was reverted later is in the
    number of its type and in that of the reverts. Raises NotFound, InvalidInput.
    """
    if uow.session.get(PointAccount, (uow.tenant_id, account_id)) is None:
        raise NotFound(f"There is no ledger account {account_id}.")
    row = PointTransaction
    found = uow.session.execute(
        select(row.type, func.count(), func.coalesce(func.sum(row.captured_amount), 0))
        .where(
            row.tenant_id == uow.tenant_id,
            row.account_id == account_id,
            row.status.in_((POSTED, REVERTED)),
            *within(row.created_ms, since_from, since_to),
        )
        .group_by(row.type)
    )
    sums = {kind: (count, int(amount or 0)) for kind, count, amount in found}
    return {
        "ledgerAccountId": account_id,
        **{
            name: {"transactionCount": sums.get(kind, (0, 0))[0], "amount": sums.get(kind, (0, 0))[1]}
            for kind, name in NAMES.items()
        },
    }
