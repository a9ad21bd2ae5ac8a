"""Statements on members, their search terms, enrolments, tiers and badges, and what their rows are."""

from functools import cache
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, func, select, update

from models.kernel.lists import among
from models.kernel.statements import TENANT, Change, Insertion, Query
from models.ledger import LedgerBalance
from models.loyalty_core.events.tables import LoggedEvent
from models.loyalty_core.members.tables import Badge, Enrolment, Member, MemberBadge, MemberTerm, Tier, TierChange
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.paging import Listing


class WalletRow(NamedTuple):
    """A member, and the wallet of it."""

    member_id: int
    wallet_id: int


class EnrolmentRow(NamedTuple):
    """A member in a program, with the tier there."""

    member_id: int
    program_id: int
    tier_id: int | None
    tier_key: str | None
    tier_expires_ms: int | None


class StandingRow(NamedTuple):
    """The member of a wallet beside one of its enrolments, or beside none."""

    member_id: int
    wallet_id: int
    program_id: int | None
    tier_id: int | None
    manual: bool | None


class TierRow(NamedTuple):
    """What decides on who is in a tier."""

    id: int
    program_id: int
    tier_key: str
    active: bool
    min_required_points: int


_MEMBERS = select(Member).where(Member.tenant_id == TENANT)
MEMBER = Query(_MEMBERS.where(Member.id == bindparam("id")))
MEMBER_NAMED = Query(_MEMBERS.where(Member.loyalty_member_id == bindparam("loyalty_member_id")))
WALLET_NAMED = Query(
    select(Member.id, Member.wallet_id).where(
        Member.tenant_id == TENANT, Member.loyalty_member_id == bindparam("loyalty_member_id")
    ),
    WalletRow,
)
MEMBERS = Query(_MEMBERS.where(among(Member.id, "ids")))
OWNERS = Query(
    select(Member.wallet_id, Member.id).where(Member.tenant_id == TENANT, among(Member.wallet_id, "wallet_ids"))
)
INSERT_MEMBER = Insertion(Member)
CHANGED_BY_UPDATE = (
    "loyalty_member_id",
    "public_loyalty_member_id",
    "member_type",
    "active",
    "email",
    "on_chain",
    "profile",
    "custom_attributes",
    "updated_ms",
)
UPDATE_MEMBER = Change(
    update(Member)
    .where(Member.tenant_id == TENANT, Member.id == bindparam("member_id"))
    .values({name: bindparam(f"new_{name}") for name in CHANGED_BY_UPDATE})
)
UNIQUE = ("loyalty_member_id", "public_loyalty_member_id")
"""Columns that no two members have the same value of."""


@cache
def member_with(column: str) -> Query[int]:
    """The member that has a value in one of the UNIQUE columns."""
    return Query(select(Member.id).where(Member.tenant_id == TENANT, getattr(Member, column) == bindparam("value")))


_MEMBER_ORDERS = {
    "memberId": Member.id,
    "loyaltyMemberId": Member.loyalty_member_id,
    "publicLoyaltyMemberId": Member.public_loyalty_member_id,
    "createdAt": Member.created_ms,
    "updatedAt": Member.updated_ms,
}
_BETWEEN: dict[str, ColumnElement[bool]] = {
    "from_ms": Member.created_ms >= bindparam("from_ms"),
    "to_ms": Member.created_ms <= bindparam("to_ms"),
}
LIST_MEMBERS = Listing(
    _MEMBERS,
    _MEMBER_ORDERS,
    {
        "email": Member.email == bindparam("email"),
        "loyalty_member_id": Member.loyalty_member_id == bindparam("loyalty_member_id"),
        "wallet_id": Member.wallet_id == bindparam("wallet_id"),
        **_BETWEEN,
    },
    indexed=("email", *_BETWEEN),
    counted={frozenset(): (Member.__tablename__, None)},
)

_SEARCH_ORDERS = {
    "memberId": Member.id,
    "loyaltyMemberId": Member.loyalty_member_id,
    "publicLoyaltyMemberId": Member.public_loyalty_member_id,
    "memberType": Member.member_type,
    "since": Member.created_ms,
}
_ENROLLED = select(Enrolment.member_id).where(Enrolment.tenant_id == TENANT)
_NAMED = select(MemberTerm.member_id).where(MemberTerm.tenant_id == TENANT)
_SEARCH_FILTERS = {
    "tier_id": Member.id.in_(_ENROLLED.where(Enrolment.tier_id == bindparam("tier_id"))),
    "program_id": Member.id.in_(_ENROLLED.where(Enrolment.program_id == bindparam("program_id"))),
    "tier_key": Member.id.in_(
        _ENROLLED.where(
            Enrolment.tier_id.in_(
                select(Tier.id).where(Tier.tenant_id == TENANT, Tier.tier_key == bindparam("tier_key"))
            )
        )
    ),
    "member_type": Member.member_type == bindparam("member_type"),
    **_BETWEEN,
}
_MINE = _ENROLLED.where(Enrolment.member_id == Member.id).correlate(Member)
_SEARCH_DENSE = {
    "tier_id": _MINE.where(Enrolment.tier_id == bindparam("tier_id")).exists(),
    "program_id": _MINE.where(Enrolment.program_id == bindparam("program_id")).exists(),
}
_SEARCH_COUNTED = {
    frozenset[str](): (Member.__tablename__, None),
    frozenset({"program_id"}): (f"{Enrolment.__tablename__}.program_id", "program_id"),
    frozenset({"tier_id"}): (f"{Enrolment.__tablename__}.tier_id", "tier_id"),
}


def _begins(place: int) -> list[ColumnElement[bool]]:
    """Conditions of the terms that begin with a word of a query."""
    return [MemberTerm.term >= bindparam(f"word{place}"), MemberTerm.term < bindparam(f"end{place}")]


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a member has a term, looked up for each member: as a list of all members with a common term it would be
    long.
    """
    mine = _NAMED.where(MemberTerm.member_id == Member.id, *conditions).limit(1).correlate(Member)
    return mine.scalar_subquery().is_not(None)


@cache
def term_counts(words: int) -> Query[tuple[int, ...]]:
    """How many terms begin with each of so many words, `most` at most."""
    counts = (
        select(func.count())
        .select_from(_NAMED.where(*_begins(place)).limit(bindparam("most")).subquery())
        .scalar_subquery()
        .label(f"count{place}")
        for place in range(words)
    )
    return Query(select(*counts))


@cache
def search_of_members(words: int, *, named: bool, ranked: bool) -> Listing[Member]:
    """The search for members who have so many words: `word0` begins a term that is below `end0`, and so on; the first
    is the rarest.

    With `named` the whole query is there too, as the term `whole`; without words only members with that are found. With
    `ranked` those with it come first, then those with more of the words as whole terms.
    """
    statement = _MEMBERS
    if named and not words:
        statement = statement.where(Member.id.in_(_NAMED.where(MemberTerm.term == bindparam("whole"))))
    for place in range(words):
        found = Member.id.in_(_NAMED.where(*_begins(place))) if place == 0 else _has(*_begins(place))
        statement = statement.where(found)
    if words and ranked:
        met = [case((_has(MemberTerm.term == bindparam(f"word{place}")), 1), else_=0) for place in range(words)]
        is_exact = case((_has(MemberTerm.term == bindparam("whole")), 1), else_=0)
        statement = statement.order_by(is_exact.desc(), sum(met[1:], met[0]).desc())
    counted = {} if named else _SEARCH_COUNTED
    return Listing(
        statement, _SEARCH_ORDERS, _SEARCH_FILTERS, indexed=tuple(_BETWEEN), dense=_SEARCH_DENSE, counted=counted
    )


TERMS = Query(
    select(MemberTerm.term).where(MemberTerm.tenant_id == TENANT, MemberTerm.member_id == bindparam("member_id"))
)
INSERT_TERM = Insertion(MemberTerm)
DELETE_TERMS = Change(
    delete(MemberTerm).where(
        MemberTerm.tenant_id == TENANT, MemberTerm.member_id == bindparam("member_id"), among(MemberTerm.term, "terms")
    )
)

ENROLMENTS = Query(
    select(Enrolment.member_id, Enrolment.program_id, Enrolment.tier_id, Tier.tier_key, Enrolment.tier_expires_ms)
    .outerjoin(Tier, and_(Tier.tenant_id == Enrolment.tenant_id, Tier.id == Enrolment.tier_id))
    .where(Enrolment.tenant_id == TENANT, among(Enrolment.member_id, "member_ids"))
    .order_by(Enrolment.member_id, Enrolment.program_id),
    EnrolmentRow,
)
"""The programs that members are in."""
ENROLMENT = Query(
    select(Enrolment).where(
        Enrolment.tenant_id == TENANT,
        Enrolment.member_id == bindparam("member_id"),
        Enrolment.program_id == bindparam("program_id"),
    )
)
STANDINGS = Query(
    select(Member.id, Member.wallet_id, Enrolment.program_id, Enrolment.tier_id, Enrolment.manual)
    .outerjoin(Enrolment, and_(Enrolment.tenant_id == Member.tenant_id, Enrolment.member_id == Member.id))
    .where(Member.tenant_id == TENANT, among(Member.wallet_id, "wallet_ids")),
    StandingRow,
)
"""The members of wallets, each with each enrolment."""
ENROLMENTS_IN = Query(
    select(Enrolment)
    .where(
        Enrolment.tenant_id == TENANT,
        Enrolment.member_id == bindparam("member_id"),
        among(Enrolment.program_id, "program_ids"),
    )
    .order_by(Enrolment.program_id)
)
INSERT_ENROLMENT = Insertion(Enrolment)
SET_ENROLMENT = Change(
    update(Enrolment)
    .where(
        Enrolment.tenant_id == TENANT,
        Enrolment.member_id == bindparam("of_member"),
        Enrolment.program_id == bindparam("of_program"),
    )
    .values(
        tier_id=bindparam("new_tier_id"), manual=bindparam("new_manual"), tier_expires_ms=bindparam("new_expires_ms")
    )
)
DELETE_ENROLMENT = Change(
    delete(Enrolment).where(
        Enrolment.tenant_id == TENANT,
        Enrolment.member_id == bindparam("member_id"),
        Enrolment.program_id == bindparam("program_id"),
    )
)
BALANCE = Query(
    select(LedgerBalance.account).where(
        LedgerBalance.tenant_id == TENANT, LedgerBalance.account == bindparam("account")
    )
)
INSERT_TIER_CHANGE = Insertion(TierChange)
LIST_TIER_CHANGES = Listing(
    select(TierChange).where(
        TierChange.tenant_id == TENANT,
        TierChange.member_id == bindparam("member_id"),
        TierChange.program_id == bindparam("program_id"),
    ),
    {
        "id": TierChange.id,
        "createdAt": TierChange.created_ms,
        "expiresAt": TierChange.expires_ms,
        "loyaltyTierId": TierChange.tier_id,
    },
)

TIERS = Query(
    select(*(getattr(Tier, name) for name in TierRow._fields))
    .where(Tier.tenant_id == TENANT)
    .order_by(Tier.min_required_points.desc(), Tier.tier_order.desc(), Tier.id),
    TierRow,
)
"""All tiers, the highest first."""
TIER = Query(select(Tier).where(Tier.tenant_id == TENANT, Tier.id == bindparam("id")))
TIER_KEYS = Query(select(Tier.tier_key).where(Tier.tenant_id == TENANT, among(Tier.tier_key, "keys")))
"""Those of some keys that tiers have, of whatever program."""
INSERT_TIER = Insertion(Tier)
LIST_TIERS = Listing(
    select(Tier).where(Tier.tenant_id == TENANT, Tier.program_id == bindparam("program_id")),
    {
        "id": Tier.id,
        "tierOrder": Tier.tier_order,
        "minRequiredPoints": Tier.min_required_points,
        "name": Tier.name,
        "loyaltyTierKey": Tier.tier_key,
        "createdAt": Tier.created_ms,
        "updatedAt": Tier.updated_ms,
    },
    {"tier_key": Tier.tier_key == bindparam("tier_key"), "active": Tier.active == bindparam("active")},
)

INSERT_PROGRAM = Insertion(Program)
LIST_PROGRAMS = Listing(
    select(Program).where(Program.tenant_id == TENANT),
    {
        "id": Program.id,
        "name": Program.name,
        "loyaltyProgramKey": Program.program_key,
        "createdAt": Program.created_ms,
        "updatedAt": Program.updated_ms,
    },
    {
        "program_id": Program.id == bindparam("program_id"),
        "program_key": Program.program_key == bindparam("program_key"),
    },
)

BADGE = Query(select(Badge).where(Badge.tenant_id == TENANT, Badge.badge_key == bindparam("badge_key")))
INSERT_BADGE = Insertion(Badge)
SET_BADGE_NAME = Change(
    update(Badge).where(Badge.tenant_id == TENANT, Badge.id == bindparam("badge_id")).values(name=bindparam("text"))
)
BADGE_OF_MEMBER = Query(
    select(MemberBadge.badge_id).where(
        MemberBadge.tenant_id == TENANT,
        MemberBadge.member_id == bindparam("member_id"),
        MemberBadge.badge_id == bindparam("badge_id"),
    )
)
INSERT_MEMBER_BADGE = Insertion(MemberBadge)

LIST_EVENTS = Listing(
    select(LoggedEvent).where(LoggedEvent.tenant_id == TENANT, LoggedEvent.member_id == bindparam("member_id")),
    {
        "eventId": LoggedEvent.id,
        "createdAt": LoggedEvent.created_ms,
        "eventType": LoggedEvent.type,
        "status": LoggedEvent.status,
    },
    {
        "from_ms": LoggedEvent.created_ms >= bindparam("from_ms"),
        "to_ms": LoggedEvent.created_ms <= bindparam("to_ms"),
        "event_type": LoggedEvent.type == bindparam("event_type"),
        "status": LoggedEvent.status == bindparam("status"),
    },
)
