"""Audiences: some of the members, by a rule or a list, and who is in them."""

from collections.abc import Iterable, Mapping, Sequence

from models.kernel.findings import findings
from models.kernel.search_text import one_line, search_text
from models.kernel.statements import columns_of, containing, differing, replaced, row_of
from models.loyalty_core.audiences.counts import begin_count
from models.loyalty_core.audiences.input import AudienceInput, DescribedMember, NewAudience
from models.loyalty_core.audiences.problems import SegmentKeyTaken
from models.loyalty_core.audiences.queries import (
    AUDIENCE,
    AUDIENCE_WITH_KEY,
    AUDIENCES,
    AUDIENCES_NAMING,
    AUDIENCES_WITH_IDS,
    INSERT_AUDIENCE,
    LENGTHS_OF_ACTIVE,
    MATCHER,
    RULES,
    RULES_WITH_KEYS,
    SEGMENT_KEYS,
    UPDATE_AUDIENCE,
    AudienceRule,
)
from models.loyalty_core.audiences.rules import added_nodes, characters_of, checked, fits, is_readable
from models.loyalty_core.audiences.tables import IDLE, Audience, AudienceMatcher
from models.loyalty_core.expressions.metering import AUDIENCE_STEPS, metered, spend_parsing
from models.loyalty_core.keys import new_key
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.rule_names import OF_MEMBER, check_nodes
from models.loyalty_core.members.terms import normalised
from models.loyalty_core.members.views import find_loyalty_member
from models.loyalty_core.organization.organizations import check_named, lock_organization
from models.loyalty_core.paging import Paging
from models.loyalty_core.problems import AudienceNotFound
from models.loyalty_core.references import Reference, check_found, names_of
from models.numbers import new_number
from models.uow import UnitOfWork

RULES_PART, KEYS_PART = "audiences", "audience-keys"
"""Parts of the tenant's configuration (`UnitOfWork.configured`): the rules of audiences by id, and by segment key."""
READ_AHEAD_MAX = 100
"""Audiences that are read before anybody has counted the steps that they take."""
ROW_STEPS, CHARACTERS_PER_STEP = 50, 100
"""What reading an audience counts for: so many steps, and one more for so many characters of its matcher."""


def list_audiences(
    uow: UnitOfWork, paging: Paging, *, matcher_type: str | None, search: str | None
) -> tuple[list[Audience], int]:
    """A page of audiences, and how many match; a search finds any part of name or description.

    Raises InvalidInput for an unknown order.
    """
    pattern = None if search is None else containing(one_line(normalised(search)))
    return AUDIENCES.page(uow, paging, matcher_type=matcher_type, pattern=pattern)


def create_audience(uow: UnitOfWork, given: NewAudience) -> Audience:
    """Add an audience and count its members.

    Raises Conflict for a key that is taken, RuleViolation for a matcher that cannot be.
    """
    lock_organization(uow)  # keys are unique in the organization
    with findings() as found:
        with found.at(""):
            check_named(uow, given.organization_id)
        with found.at("/matcher"):
            matcher = checked(given.matcher_type, given.matcher or {})
            check_nodes(uow, added_nodes({}, matcher), OF_MEMBER)
        with found.at("/segmentKey"):
            segment_key = _key(uow, given.segment_key, given.name)
    row = row_of(
        Audience,
        **{
            "description": None,
            **given.columns,
            "tenant_id": uow.tenant_id,
            "id": new_number(uow, Audience),
            "segment_key": segment_key,
            "matcher": matcher,
            "found_by": _found_by(given.name, given.description),
            "member_count": None,
            "refreshed_ms": None,
            "counted": 0,
            "counted_to": IDLE,
            "created_ms": uow.now_ms,
            "updated_ms": uow.now_ms,
        },
    )
    uow.insert(INSERT_AUDIENCE, **columns_of(row))
    _changed(uow)
    return begin_count(uow, row)


def update_audience(uow: UnitOfWork, audience_id: int, given: AudienceInput) -> Audience:
    """Change an audience, and count again when its rule changes or it becomes active.

    Raises NotFound, Conflict, and RuleViolation as `create_audience`.
    """
    lock_organization(uow)
    before = _found(uow.lock_row(AUDIENCE, id=audience_id), audience_id)
    row = replaced(before, **given.columns)
    with findings() as found:
        with found.at(""):
            check_named(uow, given.organization_id)
        if given.segment_key is not None and given.segment_key != before.segment_key:
            with found.at("/segmentKey"):
                row = replaced(row, segment_key=_key(uow, given.segment_key, row.name))
        if given.matcher is not None or row.matcher_type != before.matcher_type:
            with found.at("/matcher"):
                matcher = checked(row.matcher_type, before.matcher if given.matcher is None else given.matcher)
                row = replaced(row, matcher=matcher)
                check_nodes(uow, added_nodes(before.matcher, row.matcher), OF_MEMBER)
    changes = differing(before, columns_of(row))
    if not changes:
        return before
    row = replaced(row, found_by=_found_by(row.name, row.description), updated_ms=uow.now_ms)
    uow.execute(UPDATE_AUDIENCE, **columns_of(row))
    _changed(uow)
    return row if changes.keys().isdisjoint(("matcher", "matcher_type", "active")) else begin_count(uow, row)


def remove_from_lists(uow: UnitOfWork, member_id: int) -> int:
    """Take a member out of the lists of all audiences, which are counted again; how many had the member."""
    changed = 0
    for found in uow.rows(AUDIENCES_NAMING, pattern=containing(str(member_id))):
        row = uow.lock_row(AUDIENCE, id=found.id)
        if row is not None and member_id in row.matcher.get("memberIds", ()):
            others = [one for one in row.matcher["memberIds"] if one != member_id]
            row = replaced(row, matcher={**row.matcher, "memberIds": others}, updated_ms=uow.now_ms)
            uow.execute(UPDATE_AUDIENCE, **columns_of(row))
            begin_count(uow, row)
            changed += 1
    if changed:
        _changed(uow)
    return changed


def match_described(uow: UnitOfWork, described: DescribedMember) -> list[int]:
    """Those of the audiences asked for that a described member is in, in their order. Raises LimitExceeded."""
    return [number for number in described.audience_ids if is_in(uow, number, described.member)]


def list_of_member(uow: UnitOfWork, loyalty_member_id: str) -> list[Audience]:
    """All audiences that a member is in now. Raises NotFound; LimitExceeded when deciding that takes too many steps."""
    member = member_context(uow, find_loyalty_member(uow, loyalty_member_id))
    lengths = uow.rows(LENGTHS_OF_ACTIVE)
    _spend_reading(uow, [length for _, length in lengths])
    rows = uow.rows(AUDIENCES_WITH_IDS, ids=[audience_id for audience_id, _ in lengths])
    return [row for row in rows if row.active and _fits(uow, row.id, row.matcher_type, row.matcher, member)]


def has_member(uow: UnitOfWork, audience_id: int, loyalty_member_id: str) -> bool:
    """Whether a member is in an audience now. Raises NotFound for either."""
    member = find_loyalty_member(uow, loyalty_member_id)
    row = find_audience(uow, audience_id)
    context = member_context(uow, member)
    return row.active and _fits(uow, row.id, row.matcher_type, row.matcher, context)


def find_audience(uow: UnitOfWork, audience_id: int) -> Audience:
    """An audience, active or not. Raises NotFound."""
    return _found(uow.first(AUDIENCE, id=audience_id), audience_id)


def check_segment_keys(uow: UnitOfWork, keys: Sequence[Reference]) -> None:
    """Raises NotFound for keys that no audience has, active or not."""
    if keys:
        there = uow.rows(SEGMENT_KEYS, segment_keys=names_of(keys))
        check_found(AudienceNotFound, "audience with the segmentKey", keys, there)


def is_in(uow: UnitOfWork, audience_id: int, member: Mapping[str, object]) -> bool:
    """Whether a member, as `event_context.member_context` describes one, is in an audience that exists and is active.

    Raises LimitExceeded.
    """
    uow.budget.spend_steps(AUDIENCE_STEPS)
    rule = uow.configured(RULES_PART, [audience_id], _read_rules).get(audience_id)
    if rule is None:
        return False
    _spend_reading(uow, [rule.characters])
    return _is_in(uow, rule, member)


def is_in_any(uow: UnitOfWork, segment_keys: Sequence[str], member: Mapping[str, object]) -> bool:
    """Whether a member is in one at least of the audiences with these keys that exist and are active.

    Raises LimitExceeded.
    """
    uow.budget.spend_steps(AUDIENCE_STEPS)
    found = uow.configured(KEYS_PART, segment_keys, _read_rules_with_keys).values()
    rules = sorted(rule for rule in found if rule.active)
    _spend_reading(uow, [rule.characters for rule in rules])
    return any(_is_in(uow, rule, member) for rule in rules)


def read_ahead(uow: UnitOfWork, *, ids: Iterable[int] = (), segment_keys: Iterable[str] = ()) -> None:
    """Read the rules of audiences that are about to be asked for, all together: each would be read with a statement of
    its own.
    """
    uow.configured(RULES_PART, sorted(set(ids))[:READ_AHEAD_MAX], _read_rules)
    uow.configured(KEYS_PART, sorted(set(segment_keys))[:READ_AHEAD_MAX], _read_rules_with_keys)


def _read_rules(uow: UnitOfWork, ids: list[int]) -> dict[int, AudienceRule]:
    return {rule.id: rule for rule in uow.rows(RULES, ids=ids)}


def _read_rules_with_keys(uow: UnitOfWork, segment_keys: list[str]) -> dict[str, AudienceRule]:
    return {rule.segment_key: rule for rule in uow.rows(RULES_WITH_KEYS, segment_keys=segment_keys)}


def _spend_reading(uow: UnitOfWork, characters: Sequence[int]) -> None:
    """Count the reading of audiences with matchers of these lengths, before it: a matcher may have a megabyte.

    Raises LimitExceeded.
    """
    uow.budget.spend_steps(sum(ROW_STEPS + length // CHARACTERS_PER_STEP for length in characters))


def _is_in(uow: UnitOfWork, rule: AudienceRule, member: Mapping[str, object]) -> bool:
    if not rule.active:
        return False
    matcher = uow.one(MATCHER, id=rule.id) if rule.matcher is None else rule.matcher
    return _fits(uow, rule.id, rule.matcher_type, matcher, member)


def _fits(
    uow: UnitOfWork, audience_id: int, matcher_type: str, matcher: AudienceMatcher, member: Mapping[str, object]
) -> bool:
    if not is_readable(uow, audience_id, matcher_type, matcher):
        return False
    spend_parsing(uow, characters_of(matcher))
    return metered(
        uow, lambda steps: fits(matcher_type, matcher, member, uow.now_ms, steps), limit=uow.budget.limits.member_steps
    )


def _key(uow: UnitOfWork, segment_key: str | None, name: str) -> str:
    """The key that is asked for, or one made from the name. Raises Conflict."""
    if segment_key is None:
        return new_key(uow, Audience, Audience.segment_key, name, "audience")
    if uow.first(AUDIENCE_WITH_KEY, segment_key=segment_key) is not None:
        raise SegmentKeyTaken(f"Another audience has the segmentKey {segment_key}.")
    return segment_key


def _found_by(name: str, description: str | None) -> str:
    """What the search compares."""
    return normalised(search_text(name, description))


def _found(row: Audience | None, audience_id: int) -> Audience:
    if row is None:
        raise AudienceNotFound(f"There is no audience {audience_id}.")
    return row


def _changed(uow: UnitOfWork) -> None:
    uow.configuration_changed(RULES_PART)
    uow.configuration_changed(KEYS_PART)
