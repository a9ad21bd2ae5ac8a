"""Whose wallets these are."""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import bindparam, select

from models.kernel.hot import Hot, padded_slices
from models.loyalty_core.members.tables import Member
from models.uow import UnitOfWork

WALLETS_AT_ONCE_MAX = 64
"""Wallets whose members one statement finds."""


def owners_of(uow: UnitOfWork, wallet_ids: Sequence[int]) -> dict[int, int]:
    """The ids of members by their wallets; a wallet that nobody has is left out."""
    # Hot statements do not see what the session has not written yet: a member who was made in this unit.
    uow.session.flush()
    owners: dict[int, int] = {}
    for some in padded_slices(wallet_ids, WALLETS_AT_ONCE_MAX):
        parameters: dict[str, object] = {
            "tenant_id": uow.tenant_id,
            **{f"w{n}": wallet for n, wallet in enumerate(some)},
        }
        owners |= dict(_members_of(len(some)).rows(uow.session, parameters))
    return owners


@cache
def _members_of(count: int) -> Hot:
    """Members of so many wallets."""
    wallets: list[Any] = [bindparam(f"w{n}") for n in range(count)]
    return Hot(
        select(Member.wallet_id, Member.id).where(
            Member.tenant_id == bindparam("tenant_id"), Member.wallet_id.in_(wallets)
        )
    )
