"""Points of a member, who is named by the organization's own id, in a ledger that need not be named."""

from models.kernel.findings import at
from models.loyalty_core.ledger import posting
from models.loyalty_core.ledger.opening import resolve_account
from models.loyalty_core.ledger.posting import Made
from models.loyalty_core.ledger.transaction_input import PointsInput
from models.loyalty_core.members.views import find_wallet
from models.uow import UnitOfWork


def mint(uow: UnitOfWork, loyalty_member_id: str, given: PointsInput) -> Made:
    """Mint points in the member's wallet; an amount of 0 only writes the transaction.

    Raises what `posting.make` does.
    """
    member_id, wallet_id = find_wallet(uow, loyalty_member_id)
    request = given.mint(*_account(uow, given), wallet_id, given.named)
    return posting.mint(uow, request, {wallet_id: member_id})


def burn(uow: UnitOfWork, loyalty_member_id: str, given: PointsInput) -> Made:
    """Burn points of the member's wallet; an amount of 0 only writes the transaction.

    Raises what `posting.make` does.
    """
    member_id, wallet_id = find_wallet(uow, loyalty_member_id)
    request = given.burn(*_account(uow, given), wallet_id, given.named)
    return posting.burn(uow, request, {wallet_id: member_id})


def _account(uow: UnitOfWork, given: PointsInput) -> tuple[int, int]:
    with at("" if given.ledger_id is None else "/ledgerId"):
        return resolve_account(uow, given.ledger_id, given.account_id, given.note.unique_key)
