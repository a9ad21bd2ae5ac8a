"""Badges of members. No call makes a badge: they come from scenario files."""

from models.kernel.json_values import Shown
from models.kernel.statements import columns_of, replaced, row_of
from models.loyalty_core.events.log import emit
from models.loyalty_core.members.problems import BadgeNotFound
from models.loyalty_core.members.queries import (
    BADGE,
    BADGE_OF_MEMBER,
    INSERT_BADGE,
    INSERT_MEMBER_BADGE,
    SET_BADGE_NAME,
)
from models.loyalty_core.members.tables import Badge, Member
from models.numbers import new_number
from models.uow import UnitOfWork

TEXT_CHARACTERS_MAX = 255


def mint_badge(uow: UnitOfWork, member: Member, badge_key: str) -> tuple[Badge, bool]:
    """Give a locked member a badge, once. Returns the badge, and whether it is new to the member. Raises NotFound."""
    badge = find_badge(uow, badge_key)
    if uow.first(BADGE_OF_MEMBER, member_id=member.id, badge_id=badge.id) is not None:
        return badge, False
    uow.insert(INSERT_MEMBER_BADGE, member_id=member.id, badge_id=badge.id, minted_ms=uow.now_ms)
    emit(uow, "badge-minted", {"loyaltyMemberId": member.loyalty_member_id, **show_badge(badge)}, member_id=member.id)
    return badge, True


def show_badge(badge: Badge) -> Shown:
    """A badge as events and effects show it."""
    return {"badgeId": badge.id, "badgeKey": badge.badge_key, "name": badge.name}


def find_badge(uow: UnitOfWork, badge_key: str) -> Badge:
    """A badge by its key, read only. Raises NotFound."""
    row = uow.first(BADGE, badge_key=badge_key)
    if row is None:
        raise BadgeNotFound(f"There is no badge {badge_key}.")
    return row


def put_badge(uow: UnitOfWork, badge_key: str, name: str) -> Badge:
    """Add a badge, or give one another name: what scenario files ask for."""
    row = uow.first(BADGE, badge_key=badge_key)
    if row is None:
        row = row_of(Badge, tenant_id=uow.tenant_id, id=new_number(uow, Badge), badge_key=badge_key, name=name)
        uow.insert(INSERT_BADGE, **columns_of(row))
    elif row.name != name:
        uow.execute(SET_BADGE_NAME, badge_id=row.id, text=name)
        row = replaced(row, name=name)
    return row


def configure_badges(uow: UnitOfWork, given: object) -> None:
    """Put the badges of a scenario there, `[{badge_key, name}]`; none is removed.

    Raises ValueError, saying what is wrong.
    """
    if not isinstance(given, list):
        raise ValueError("badges is not a list")  # noqa: TRY004  scenarios are refused by ValueError
    for entry in given:
        if not isinstance(entry, dict) or entry.keys() != {"badge_key", "name"}:
            raise ValueError("a badge has a badge_key and a name, and nothing else")
        for what, text in entry.items():
            if not isinstance(text, str) or not 0 < len(text) <= TEXT_CHARACTERS_MAX:
                raise ValueError(f"{text!r} is not a {what}: a text of at most {TEXT_CHARACTERS_MAX} characters")
        put_badge(uow, entry["badge_key"], entry["name"])
