"""Audiences: some of the members, by a rule or a list, and who is in them."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select

from models.kernel.times import iso
from models.loyalty_core.audiences.counts import begin_count
from models.loyalty_core.audiences.rules import characters_of, checked, fits
from models.loyalty_core.audiences.tables import Audience
from models.loyalty_core.expressions.metering import AUDIENCE_STEPS, metered, spend_parsing
from models.loyalty_core.keys import new_key
from models.loyalty_core.members.event_context import member_context
from models.loyalty_core.members.terms import normalised
from models.loyalty_core.members.views import find_loyalty_member
from models.loyalty_core.organization.organizations import check_named, lock_organization
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import Conflict, NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

ROW_STEPS, CHARACTERS_PER_STEP = 50, 100
"""What reading an audience counts for: so many steps, and one more for so many characters of its matcher."""
READ_AT_ONCE = 20
ORDERS = {
    "audienceId": Audience.id,
    "name": Audience.name,
    "segmentKey": Audience.segment_key,
    "active": Audience.active,
    "matcherType": Audience.matcher_type,
    "memberCount": Audience.member_count,
    "refreshedAt": Audience.refreshed_ms,
    "createdAt": Audience.created_ms,
    "updatedAt": Audience.updated_ms,
}


def list_audiences(
    uow: UnitOfWork, *, matcher_type: str | None, search: str | None, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of audiences; a search finds any part of name or description. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(Audience)
    if matcher_type is not None:
        matching = matching.where(Audience.matcher_type == matcher_type)
    if search is not None:
        matching = matching.where(Audience.found_by.contains(normalised(search), autoescape=True))
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([_show(uow, row) for row in rows], total, page, limit)


def get_audience(uow: UnitOfWork, audience_id: int) -> dict[str, Any]:
    """An audience, active or not. Raises NotFound."""
    return _show(uow, find_audience(uow, audience_id))


def create_audience(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add an audience and count its members. Raises Conflict for a key that is taken, RuleViolation for a matcher that cannot be."""
    check_named(uow, body)
    matcher = checked(body["matcherType"], body.get("matcher", {}))
    lock_organization(uow)  # keys are unique in the organization
    row = Audience(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Audience),
        segment_key=_key(uow, body),
        matcher=matcher,
        description=None,
        member_count=None,
        refreshed_ms=None,
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    _take(row, body)
    uow.session.add(row)
    begin_count(uow, row)
    return _show(uow, row)


def update_audience(uow: UnitOfWork, audience_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change an audience, and count again when its rule changes or it becomes active.

    Raises NotFound, Conflict, and RuleViolation as `create_audience`.
    """
    check_named(uow, body)
    lock_organization(uow)
    find_audience(uow, audience_id)
    row = uow.lock(uow.scoped(Audience).where(Audience.id == audience_id))
    assert row is not None, "audiences are not deleted"
    if body.get("segmentKey", row.segment_key) != row.segment_key:
        row.segment_key = _key(uow, body)
    has_rule = "matcher" in body or "matcherType" in body
    recounts = has_rule or body.get("active", row.active) != row.active
    if has_rule:
        matcher_type = body.get("matcherType", row.matcher_type)
        row.matcher = checked(matcher_type, body.get("matcher", row.matcher))
    _take(row, body)
    row.updated_ms = uow.now_ms
    if recounts:
        begin_count(uow, row)
    return _show(uow, row)


def match_given(uow: UnitOfWork, body: dict[str, Any]) -> list[int]:
    """Those of the audiences asked for that a described member is in, in their order; each counts once. Raises LimitExceeded."""
    return [number for number in dict.fromkeys(body["audienceIds"]) if is_in(uow, number, body["member"])]


def list_of_member(uow: UnitOfWork, loyalty_member_id: str) -> list[dict[str, Any]]:
    """All audiences that a member is in now. Raises NotFound; LimitExceeded when deciding that takes too many steps."""
    member = member_context(uow, find_loyalty_member(uow, loyalty_member_id))
    return [_show(uow, row) for row in _read(uow, Audience.active.is_(True)) if _fits(uow, row, member)]


def has_member(uow: UnitOfWork, audience_id: int, loyalty_member_id: str) -> bool:
    """Whether a member is in an audience now. Raises NotFound for either."""
    member = find_loyalty_member(uow, loyalty_member_id)
    return _fits(uow, find_audience(uow, audience_id), member_context(uow, member))


def find_audience(uow: UnitOfWork, audience_id: int) -> Audience:
    """An audience, active or not. Raises NotFound."""
    row = uow.session.get(Audience, (uow.tenant_id, audience_id))
    if row is None:
        raise NotFound(f"There is no audience {audience_id}.")
    return row


def is_in(uow: UnitOfWork, audience_id: int, member: dict[str, Any]) -> bool:
    """Whether a member, as `event_context.member_context` tells of one, is in an audience that is there and active.

    Raises LimitExceeded.
    """
    uow.budget.spend_steps(AUDIENCE_STEPS)
    return any(_fits(uow, row, member) for row in _read(uow, Audience.id == audience_id))


def is_in_any(uow: UnitOfWork, segment_keys: Sequence[str], member: dict[str, Any]) -> bool:
    """Whether a member is in one at least of the audiences with these keys that are there and active. Raises LimitExceeded."""
    uow.budget.spend_steps(AUDIENCE_STEPS)
    rows = _read(uow, Audience.segment_key.in_(segment_keys), Audience.active.is_(True))
    return any(_fits(uow, row, member) for row in rows)


def _read(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> Iterator[Audience]:
    """Audiences by their numbers. What reading each counts for is counted before it is read: a matcher may have
    a megabyte. Raises LimitExceeded.
    """
    length = func.length(cast(Audience.matcher, Text))
    sizes = uow.session.execute(
        select(Audience.id, length).where(Audience.tenant_id == uow.tenant_id, *conditions).order_by(Audience.id)
    ).all()
    uow.budget.spend_steps(sum(ROW_STEPS + size // CHARACTERS_PER_STEP for _, size in sizes))
    for begin in range(0, len(sizes), READ_AT_ONCE):
        numbers = [number for number, _ in sizes[begin : begin + READ_AT_ONCE]]
        yield from uow.session.scalars(uow.scoped(Audience).where(Audience.id.in_(numbers)).order_by(Audience.id)).all()


def _fits(uow: UnitOfWork, row: Audience, member: dict[str, Any]) -> bool:
    if not row.active:
        return False
    spend_parsing(uow, characters_of(row.matcher))
    return metered(
        uow,
        lambda steps: fits(row.matcher_type, row.matcher, member, uow.now_ms, steps),
        limit=uow.budget.limits.member_steps,
    )


def _key(uow: UnitOfWork, body: dict[str, Any]) -> str:
    """The key that a body gives, or one made from its name. Raises Conflict."""
    given: str | None = body.get("segmentKey")
    if given is None:
        return new_key(uow, Audience, Audience.segment_key, body["name"], "audience")
    if uow.session.scalars(uow.scoped(Audience).where(Audience.segment_key == given)).first() is not None:
        raise Conflict(f"Another audience has the segmentKey {given}.")
    return given


def _take(row: Audience, body: dict[str, Any]) -> None:
    row.name, row.active = body.get("name", row.name), body.get("active", row.active)
    row.description = body.get("description", row.description)
    row.matcher_type = body.get("matcherType", row.matcher_type)
    row.found_by = normalised(f"{row.name}\n{row.description or ''}")


def _show(uow: UnitOfWork, row: Audience) -> dict[str, Any]:
    return {
        "audienceId": row.id,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "segmentKey": row.segment_key,
        "name": row.name,
        "description": row.description,
        "active": row.active,
        "matcherType": row.matcher_type,
        "matcher": row.matcher,
        "memberCount": row.member_count,
        "refreshedAt": None if row.refreshed_ms is None else iso(row.refreshed_ms),
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }
