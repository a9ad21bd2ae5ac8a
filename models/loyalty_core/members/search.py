"""Members by words and by what they belong to.

Every word of a query has to begin a word of the member; both are split and compared alike (`terms.py`). The same
rows in the same order on every database: nothing is left to a database's own idea of words.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, case, select

from models.loyalty_core.instants import bounded_ms
from models.loyalty_core.members.tables import Enrolment, Member, MemberTerm, Tier
from models.loyalty_core.members.terms import whole, words
from models.loyalty_core.members.views import show_members
from models.loyalty_core.paging import page_of, show_page
from models.uow import UnitOfWork

WORDS_MAX = 16
"""Words of a query that count."""
_AFTER_ALL = "\U0010ffff"
ORDERS = {
    "memberId": Member.id,
    "loyaltyMemberId": Member.loyalty_member_id,
    "publicLoyaltyMemberId": Member.public_loyalty_member_id,
    "memberType": Member.member_type,
    "since": Member.created_ms,
}


def search_members(
    uow: UnitOfWork,
    *,
    query: str | None,
    loyalty_tier_id: int | None,
    loyalty_tier_key: str | None,
    loyalty_program_id: int | None,
    member_type: str | None,
    since_from: str | None,
    since_to: str | None,
    page: int,
    limit: int,
    order: str | None,
) -> dict[str, Any]:
    """A page of members. Without an order, those with the query as an id or e-mail address come first, then those with
    more of its words as whole words. Raises InvalidInput for an unknown order.
    """
    conditions: list[tuple[Any, Callable[[Any], Any]]] = [
        (loyalty_tier_id, lambda number: Member.id.in_(_enrolled(uow).where(Enrolment.tier_id == number))),
        (loyalty_program_id, lambda number: Member.id.in_(_enrolled(uow).where(Enrolment.program_id == number))),
        (loyalty_tier_key, lambda key: Member.id.in_(_enrolled(uow).where(Enrolment.tier_id.in_(_tiers(uow, key))))),
        (member_type, lambda kind: Member.member_type == kind),
        (since_from, lambda text: Member.created_ms >= bounded_ms(text)),
        (since_to, lambda text: Member.created_ms <= bounded_ms(text)),
    ]
    matching = uow.scoped(Member).where(*(condition(given) for given, condition in conditions if given is not None))
    if query is not None and query.strip():
        matching = _with_words(uow, matching, query, ranked=order is None)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(shown) for shown in show_members(uow, rows)], total, page, limit)


def _with_words(uow: UnitOfWork, matching: Select[Member], query: str, *, ranked: bool) -> Select[Member]:
    """Those with all words of a query, and those whose id or e-mail address the query is; the best first, if asked for."""
    asked = list(dict.fromkeys(words(query)))[:WORDS_MAX]
    is_exact = Member.id.in_(_named(uow).where(MemberTerm.term == whole(query)))
    if not asked:
        return matching.where(is_exact)
    for word in asked:
        matching = matching.where(
            Member.id.in_(_named(uow).where(MemberTerm.term >= word, MemberTerm.term < word + _AFTER_ALL))
        )
    if not ranked:
        return matching
    met = [case((Member.id.in_(_named(uow).where(MemberTerm.term == word)), 1), else_=0) for word in asked]
    return matching.order_by(case((is_exact, 1), else_=0).desc(), sum(met[1:], met[0]).desc())


def _named(uow: UnitOfWork) -> Select[Any]:
    """Numbers of members, by their terms."""
    return select(MemberTerm.member_id).where(MemberTerm.tenant_id == uow.tenant_id)


def _enrolled(uow: UnitOfWork) -> Select[Any]:
    """Numbers of members, by their programs and tiers."""
    return select(Enrolment.member_id).where(Enrolment.tenant_id == uow.tenant_id)


def _tiers(uow: UnitOfWork, key: str) -> Select[Any]:
    return select(Tier.id).where(Tier.tenant_id == uow.tenant_id, Tier.tier_key == key)


def _show(member: dict[str, Any]) -> dict[str, Any]:
    """A member as the search tells it."""
    told = (
        "memberId",
        "organizationId",
        "loyaltyMemberId",
        "publicLoyaltyMemberId",
        "memberType",
        "walletId",
        "active",
        "profile",
        "loyaltyPrograms",
    )
    return {**{name: member[name] for name in told}, "since": member["createdAt"]}
