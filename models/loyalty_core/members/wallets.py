"""Whose wallets these are."""

from collections.abc import Sequence

from sqlalchemy import select

from models.kernel.lists import among
from models.kernel.statements import TENANT, Query
from models.loyalty_core.members.tables import Member
from models.uow import UnitOfWork

_OWNERS = Query(
    select(Member.wallet_id, Member.id).where(Member.tenant_id == TENANT, among(Member.wallet_id, "wallet_ids"))
)


def owners_of(uow: UnitOfWork, wallet_ids: Sequence[int]) -> dict[int, int]:
    """The ids of members by their wallets; a wallet that nobody has is left out."""
    return dict(uow.rows(_OWNERS, wallet_ids=wallet_ids))
