"""Checks that the audiences and matchers exist that missions and referral programs name."""

from models.loyalty_core.audiences.audiences import find_audience
from models.loyalty_core.missions.finding import find_matcher
from models.uow import UnitOfWork


def check_audience(uow: UnitOfWork, audience_id: int | None) -> None:
    """That there is such an audience, where one is named. Raises NotFound."""
    if audience_id is not None:
        find_audience(uow, audience_id)


def check_matcher(uow: UnitOfWork, matcher_id: int | None) -> None:
    """That there is such a matcher, where one is named. Raises NotFound."""
    if matcher_id is not None:
        find_matcher(uow, matcher_id)
