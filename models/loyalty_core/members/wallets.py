"""The members that wallets belong to."""

from collections.abc import Sequence

from models.loyalty_core.members.queries import OWNERS
from models.uow import UnitOfWork


def owners_of(uow: UnitOfWork, wallet_ids: Sequence[int]) -> dict[int, int]:
    """The ids of members by their wallets; a wallet that nobody has is left out."""
    return dict(uow.rows(OWNERS, wallet_ids=wallet_ids))
