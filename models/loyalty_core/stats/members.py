"""Stats of members: when they were created, and which tiers they are in."""

from models.kernel.json_values import Shown
from models.loyalty_core.members.views import find_program
from models.loyalty_core.stats.queries import MEMBERS_BY_TIER, TIERS, members_by_day
from models.loyalty_core.stats.spans import Span, show_day
from models.uow import UnitOfWork


def member_creation(uow: UnitOfWork, span: Span) -> list[Shown]:
    """How many members were created on each day with any, in the order of days."""
    return [
        {"date": show_day(day), "count": count} for day, count in uow.rows(members_by_day(span.ends), **span.values)
    ]


def tiers_of_program(uow: UnitOfWork, program_id: int) -> list[Shown]:
    """How many members each tier of a program has, the lowest tier first, and last how many are in none.

    Raises NotFound.
    """
    find_program(uow, program_id)
    counts: dict[int | None, int] = dict(uow.rows(MEMBERS_BY_TIER, program_id=program_id))
    tiers: list[tuple[int | None, str | None, str | None]] = [
        *uow.rows(TIERS, program_id=program_id),
        (None, None, None),
    ]
    return [
        {"loyaltyTierId": tier_id, "loyaltyTierKey": key, "name": name, "memberCount": counts.get(tier_id, 0)}
        for tier_id, key, name in tiers
    ]
