"""Statements on audiences, their counts, and the members who are counted."""

from typing import NamedTuple

from sqlalchemy import Text, bindparam, case, cast, func, select, update

from models.kernel.lists import among
from models.kernel.statements import LIKE_ESCAPE, TENANT, Change, Insertion, Query, RowUpdate
from models.loyalty_core.audiences.rules import NULL
from models.loyalty_core.audiences.tables import BEGUN, DAILY_JOB, IDLE, Audience, AudienceMatcher
from models.loyalty_core.members.tables import Member
from models.loyalty_core.paging import Listing
from models.outbox.outbox import Job

MATCHER_CHARACTERS_MAX = 10_000
"""A longer matcher is read when a member is held against it."""


class AudienceRule(NamedTuple):
    """What decides who is in an audience. `matcher` is None where it is long; `characters` is its length as JSON."""

    id: int
    segment_key: str
    active: bool
    matcher_type: str
    characters: int
    matcher: AudienceMatcher | None


_LENGTH = func.length(cast(Audience.matcher, Text))
_RULES = select(
    Audience.id,
    Audience.segment_key,
    Audience.active,
    Audience.matcher_type,
    _LENGTH,
    case((_LENGTH <= MATCHER_CHARACTERS_MAX, Audience.matcher), else_=None),
).where(Audience.tenant_id == TENANT)
RULES = Query(_RULES.where(among(Audience.id, "ids")), AudienceRule)
RULES_WITH_KEYS = Query(_RULES.where(among(Audience.segment_key, "segment_keys")), AudienceRule)
LENGTHS_OF_ACTIVE = Query(
    select(Audience.id, _LENGTH).where(Audience.tenant_id == TENANT, Audience.active.is_(True)).order_by(Audience.id)
)
"""The length of the matcher of each active audience."""
MATCHER = Query(select(Audience.matcher).where(Audience.tenant_id == TENANT, Audience.id == bindparam("id")))

AUDIENCE = Query(select(Audience).where(Audience.tenant_id == TENANT, Audience.id == bindparam("id")))
AUDIENCES_WITH_IDS = Query(
    select(Audience).where(Audience.tenant_id == TENANT, among(Audience.id, "ids")).order_by(Audience.id)
)
AUDIENCE_WITH_KEY = Query(
    select(Audience.id).where(Audience.tenant_id == TENANT, Audience.segment_key == bindparam("segment_key"))
)
SEGMENT_KEYS = Query(
    select(Audience.segment_key).where(Audience.tenant_id == TENANT, among(Audience.segment_key, "segment_keys"))
)
"""Those of some keys that audiences have."""
AUDIENCES_NAMING = Query(
    select(Audience)
    .where(Audience.tenant_id == TENANT, cast(Audience.matcher, Text).like(bindparam("pattern"), escape=LIKE_ESCAPE))
    .order_by(Audience.id)
)
"""Audiences whose matcher, as JSON text, contains a text; the caller checks what it really is."""
INSERT_AUDIENCE, UPDATE_AUDIENCE = Insertion(Audience), RowUpdate(Audience)
AUDIENCES = Listing(
    select(Audience).where(Audience.tenant_id == TENANT),
    {
        "audienceId": Audience.id,
        "name": Audience.name,
        "segmentKey": Audience.segment_key,
        "active": Audience.active,
        "matcherType": Audience.matcher_type,
        "memberCount": Audience.member_count,
        "refreshedAt": Audience.refreshed_ms,
        "createdAt": Audience.created_ms,
        "updatedAt": Audience.updated_ms,
    },
    {
        "matcher_type": Audience.matcher_type == bindparam("matcher_type"),
        "pattern": Audience.found_by.like(bindparam("pattern"), escape=LIKE_ESCAPE),
    },
)

_COUNTABLE = (Audience.active.is_(True), Audience.matcher_type != NULL)
_LAST_DUE = select(func.max(Job.due_at_ms)).where(Job.tenant_id == TENANT, Job.kind == DAILY_JOB).scalar_subquery()
LAST_DUE = Query(
    select(func.coalesce(_LAST_DUE, 0)).select_from(Audience).where(Audience.tenant_id == TENANT, *_COUNTABLE).limit(1)
)
"""When the last job is due that counts audiences, 0 without one; no row where there is no audience to count."""
LAST_DAILY_JOB = Query(
    select(Job.subject)
    .where(Job.tenant_id == TENANT, Job.kind == DAILY_JOB, Job.due_at_ms < bindparam("due_before_ms"))
    .order_by(Job.due_at_ms.desc(), Job.id.desc())
    .limit(1)
)
COUNTABLE = Query(select(Audience.id).where(Audience.tenant_id == TENANT, *_COUNTABLE).order_by(Audience.id))
"""Audiences that are counted, in the order in which they are locked."""
BEGIN_COUNTS = Change(
    update(Audience).where(Audience.tenant_id == TENANT, *_COUNTABLE).values(counted=0, counted_to=BEGUN)
)
WAITING = Query(
    select(Audience.id, _LENGTH)
    .where(Audience.tenant_id == TENANT, Audience.counted_to != IDLE)
    .order_by(Audience.counted_to, Audience.id)
    .limit(bindparam("limit"))
)
"""Audiences that are being counted and the lengths of their matchers, first those that have seen the fewest members."""
COUNTING = Query(
    select(Audience)
    .where(Audience.tenant_id == TENANT, among(Audience.id, "ids"), Audience.counted_to != IDLE)
    .order_by(Audience.id)
)
"""Those of some audiences that are being counted, in the order in which they are locked."""
MEMBERS_BEHIND = Query(
    select(Member)
    .where(Member.tenant_id == TENANT, Member.id > bindparam("number"))
    .order_by(Member.id)
    .limit(bindparam("limit"))
)
