"""Matchers: what to look for among the items of orders, named by missions."""

import re
from collections.abc import Sequence
from typing import Any

from models.kernel.times import iso
from models.loyalty_core.keys import new_key
from models.loyalty_core.missions.matcher_rules import checked, fits, steps_of
from models.loyalty_core.missions.tables import Matcher
from models.loyalty_core.organization.organizations import check_named, lock_organization
from models.loyalty_core.paging import page_of, show_page
from models.loyalty_core.problems import NotFound
from models.loyalty_core.settings import organization_id
from models.numbers import new_number
from models.uow import UnitOfWork

_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
"""A number as the API writes it, below 2**63."""
ORDERS = {
    "matcherId": Matcher.id,
    "matcherKey": Matcher.matcher_key,
    "name": Matcher.name,
    "type": Matcher.type,
    "createdAt": Matcher.created_ms,
    "updatedAt": Matcher.updated_ms,
}


def list_matchers(
    uow: UnitOfWork, *, matcher_type: str | None, matcher_key: str | None, page: int, limit: int, order: str | None
) -> dict[str, Any]:
    """A page of matchers. Raises InvalidInput for an unknown order."""
    matching = uow.scoped(Matcher)
    if matcher_type is not None:
        matching = matching.where(Matcher.type == matcher_type)
    if matcher_key is not None:
        matching = matching.where(Matcher.matcher_key == matcher_key)
    rows, total = page_of(uow, matching, ORDERS, page=page, limit=limit, order=order)
    return show_page([show_matcher(uow, row) for row in rows], total, page, limit)


def get_matcher(uow: UnitOfWork, matcher_id: str) -> dict[str, Any]:
    """A matcher by its number as text. Raises NotFound, for a text that is no number too."""
    number = int(matcher_id) if _NUMBER.fullmatch(matcher_id) else 0
    return show_matcher(uow, find_matcher(uow, number, matcher_id))


def get_matcher_by_key(uow: UnitOfWork, matcher_key: str) -> dict[str, Any]:
    """A matcher by its name for programs. Raises NotFound."""
    row = uow.session.scalars(uow.scoped(Matcher).where(Matcher.matcher_key == matcher_key)).first()
    return show_matcher(uow, _found(row, matcher_key))


def create_matcher(uow: UnitOfWork, body: dict[str, Any]) -> dict[str, Any]:
    """Add a matcher. Raises RuleViolation for a condition that makes no sense, and for another organization."""
    check_named(uow, body)
    matcher = checked(body["matcher"])
    lock_organization(uow)  # keys are unique in the organization
    row = Matcher(
        tenant_id=uow.tenant_id,
        id=new_number(uow, Matcher),
        name=body["name"],
        type=body["type"],
        matcher=matcher,
        matcher_key=new_key(uow, Matcher, Matcher.matcher_key, body["name"], "matcher"),
        created_ms=uow.now_ms,
        updated_ms=uow.now_ms,
    )
    uow.session.add(row)
    return show_matcher(uow, row)


def update_matcher(uow: UnitOfWork, matcher_id: int, body: dict[str, Any]) -> dict[str, Any]:
    """Change a matcher; its key stays. Raises NotFound, and RuleViolation as `create_matcher`."""
    check_named(uow, body)
    row = _found(uow.lock(uow.scoped(Matcher).where(Matcher.id == matcher_id)), matcher_id)
    row.name, row.type, row.matcher, row.updated_ms = body["name"], body["type"], checked(body["matcher"]), uow.now_ms
    return show_matcher(uow, row)


def find_matcher(uow: UnitOfWork, matcher_id: int, named: object = None) -> Matcher:
    """A matcher by its number, as it was named. Raises NotFound."""
    return _found(uow.session.get(Matcher, (uow.tenant_id, matcher_id)), matcher_id if named is None else named)


def matches(uow: UnitOfWork, matcher_id: int, items: Sequence[dict[str, Any]]) -> bool:
    """Whether the items of an order are what a matcher looks for; never, for one that is not there. Raises LimitExceeded."""
    row = uow.session.get(Matcher, (uow.tenant_id, matcher_id))
    if row is None:
        return False
    uow.budget.spend_steps(steps_of(row.matcher, items))
    return fits(row.matcher, items)


def show_matcher(uow: UnitOfWork, row: Matcher) -> dict[str, Any]:
    """A matcher as answers show it."""
    return {
        "matcherId": row.id,
        "matcherKey": row.matcher_key,
        "organizationId": organization_id(uow.tenant, uow.directory),
        "name": row.name,
        "type": row.type,
        "matcher": row.matcher,
        "createdAt": iso(row.created_ms),
        "updatedAt": iso(row.updated_ms),
    }


def _found(row: Matcher | None, named: object) -> Matcher:
    if row is None:
        raise NotFound(f"There is no matcher {named}.")
    return row
