"""Points of a member, who is named by the organization's own id, in a ledger that need not be named."""

from collections.abc import Mapping
from typing import Any

from models.loyalty_core.ledger.posting import make, read_burn, read_mint, resolve_account
from models.loyalty_core.members.views import find_loyalty_member
from models.uow import UnitOfWork


def mint(uow: UnitOfWork, loyalty_member_id: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Make points in the member's wallet; an amount of 0 only writes the transaction. Raises what `make` does."""
    wallet_id = find_loyalty_member(uow, loyalty_member_id).wallet_id
    return make(uow, [read_mint(body, *_account(uow, body), wallet_id)])


def burn(uow: UnitOfWork, loyalty_member_id: str, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Destroy points of the member's wallet; an amount of 0 only writes the transaction. Raises what `make` does."""
    wallet_id = find_loyalty_member(uow, loyalty_member_id).wallet_id
    return make(uow, [read_burn(body, *_account(uow, body), wallet_id)])


def _account(uow: UnitOfWork, body: Mapping[str, Any]) -> tuple[int, int]:
    return resolve_account(uow, body.get("ledgerId"), body.get("ledgerAccountId"), body.get("systemUniqueKey"))
