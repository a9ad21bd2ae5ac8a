"""Matchers: what to look for among the items of orders, named by missions."""

import re
from collections.abc import Sequence

from models.kernel.json_text import dump_bytes
from models.kernel.json_values import FreeForm
from models.kernel.statements import columns_of, differing, replaced, row_of
from models.loyalty_core.keys import new_key
from models.loyalty_core.missions.finding import find_matcher, found_matcher
from models.loyalty_core.missions.input import MatcherInput
from models.loyalty_core.missions.matcher_rules import checked, fault_of, fits, steps_of
from models.loyalty_core.missions.queries import (
    INSERT_MATCHER,
    MATCHER,
    MATCHER_RULES,
    MATCHERS,
    MATCHERS_PART,
    UPDATE_MATCHER,
)
from models.loyalty_core.missions.tables import ItemMatcher, Matcher
from models.loyalty_core.organization.organizations import check_named, lock_organization
from models.loyalty_core.paging import Paging
from models.loyalty_core.stored_rules import warn_unreadable
from models.numbers import new_number
from models.uow import UnitOfWork

KEPT_CHARACTERS_MAX = 10_000
"""Characters of a matcher that is kept between units of work."""
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")
"""A number as the API writes it, below 2**63."""


def list_matchers(
    uow: UnitOfWork, paging: Paging, *, matcher_type: str | None, matcher_key: str | None
) -> tuple[list[Matcher], int]:
    """A page of matchers, and how many match. Raises InvalidInput for an unknown order."""
    return MATCHERS.page(uow, paging, type=matcher_type, matcher_key=matcher_key)


def get_matcher(uow: UnitOfWork, matcher_id: str) -> Matcher:
    """A matcher by its id as text. Raises NotFound, for a text that is no number too."""
    return find_matcher(uow, int(matcher_id) if _NUMBER.fullmatch(matcher_id) else 0, matcher_id)


def create_matcher(uow: UnitOfWork, given: MatcherInput) -> Matcher:
    """Add a matcher. Raises RuleViolation for a condition that makes no sense, and for another organization."""
    check_named(uow, given.organization_id)
    matcher = checked(given.matcher)
    lock_organization(uow)  # keys are unique in the organization
    values = {
        "tenant_id": uow.tenant_id,
        "id": new_number(uow, Matcher),
        "name": given.name,
        "type": given.type,
        "matcher": matcher,
        "matcher_key": new_key(uow, Matcher, Matcher.matcher_key, given.name, "matcher"),
        "created_ms": uow.now_ms,
        "updated_ms": uow.now_ms,
    }
    uow.insert(INSERT_MATCHER, **values)
    return row_of(Matcher, **values)


def update_matcher(uow: UnitOfWork, matcher_id: int, given: MatcherInput) -> Matcher:
    """Change a matcher; its key stays. Raises NotFound, and RuleViolation as `create_matcher`."""
    check_named(uow, given.organization_id)
    before = found_matcher(uow.lock_row(MATCHER, id=matcher_id), matcher_id)
    changes = differing(
        before, {"name": given.name, "type": given.type, "matcher": checked(given.matcher, before.matcher)}
    )
    if not changes:
        return before
    row = replaced(before, **changes, updated_ms=uow.now_ms)
    uow.execute(UPDATE_MATCHER, **columns_of(row))
    uow.configuration_changed(MATCHERS_PART)
    return row


def matches(uow: UnitOfWork, matcher_id: int, items: Sequence[FreeForm]) -> bool:
    """Whether the items of an order are what a matcher looks for; never, for one that there is not, or that cannot be
    read. Raises LimitExceeded.
    """
    matcher = uow.configured(MATCHERS_PART, [matcher_id], _load, keeps=_is_small).get(matcher_id)
    if matcher is None:
        return False
    fault = fault_of(matcher)
    if fault is not None:
        warn_unreadable(uow, "matcher", matcher_id, fault)
        return False
    uow.budget.spend_steps(steps_of(matcher, items))
    return fits(matcher, items)


def _load(uow: UnitOfWork, ids: list[int]) -> dict[int, ItemMatcher]:
    return dict(uow.rows(MATCHER_RULES, ids=ids))


def _is_small(matcher: ItemMatcher) -> bool:
    return len(dump_bytes(matcher)) <= KEPT_CHARACTERS_MAX
