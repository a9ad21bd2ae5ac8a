"""Stats of members: when they came, and which tiers they are in."""

from typing import Any

from sqlalchemy import func, select

from models.loyalty_core.members.tables import Enrolment, Member, Tier
from models.loyalty_core.members.views import find_program
from models.loyalty_core.stats.spans import day_of, show_day, within
from models.uow import UnitOfWork


def member_creation(uow: UnitOfWork, since_from: str | None, since_to: str | None) -> list[dict[str, Any]]:
    """How many members were created on each day on which there were any, in the order of days. Raises InvalidInput."""
    day = day_of(Member.created_ms)
    found = uow.session.execute(
        select(day, func.count())
        .where(Member.tenant_id == uow.tenant_id, *within(Member.created_ms, since_from, since_to))
        .group_by(day)
        .order_by(day)
    )
    return [{"date": show_day(number), "count": count} for number, count in found]


def tiers_of_program(uow: UnitOfWork, program_id: int) -> list[dict[str, Any]]:
    """How many members each tier of a program has, the lowest tier first, and last how many are in none. Raises NotFound."""
    find_program(uow, program_id)
    counts: dict[int | None, int] = {
        row[0]: row[1]
        for row in uow.session.execute(
            select(Enrolment.tier_id, func.count())
            .where(Enrolment.tenant_id == uow.tenant_id, Enrolment.program_id == program_id)
            .group_by(Enrolment.tier_id)
        )
    }
    tiers = uow.session.execute(
        select(Tier.id, Tier.tier_key, Tier.name)
        .where(Tier.tenant_id == uow.tenant_id, Tier.program_id == program_id)
        .order_by(Tier.tier_order, Tier.id)
    )
    rows = [(*row, counts.get(row[0], 0)) for row in tiers] + [(None, None, None, counts.get(None, 0))]
    return [
        {"loyaltyTierId": tier_id, "loyaltyTierKey": key, "name": name, "memberCount": count}
        for tier_id, key, name, count in rows
    ]
