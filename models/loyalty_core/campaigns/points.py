"""What a campaign may give a member in a calendar month of the tenant's clock, UTC."""

from models.loyalty_core.campaigns.queries import ADD_POINTS, INSERT_POINTS, POINTS_OF_MONTH, SET_POINTS, CampaignRule
from models.loyalty_core.periods import month_start_ms
from models.uow import UnitOfWork


def within_limit(uow: UnitOfWork, campaign: CampaignRule, member_id: int, points: int, at_ms: int) -> int:
    """How many of so many points the campaign still gives the member in the month of an event, which counts them as
    given.

    Beyond the limit a partial amount is given where the campaign allows that, else nothing. Without a limit they are
    counted too: one may be set within the month. The member is locked.
    """
    if not points:
        return points
    month_ms = month_start_ms(at_ms)
    if campaign.points_monthly_limit is None:
        _count(uow, campaign.id, member_id, month_ms, points)
        return points
    before = uow.first(POINTS_OF_MONTH, campaign_id=campaign.id, member_id=member_id, month_ms=month_ms)
    left = max(0, campaign.points_monthly_limit - (before or 0))
    given = points if points <= left else left if campaign.allow_partial else 0
    if before is None:
        uow.insert(INSERT_POINTS, campaign_id=campaign.id, member_id=member_id, month_ms=month_ms, points=given)
    elif given:
        _set_points(uow, campaign.id, member_id, month_ms, before + given)
    return given


def give_back(uow: UnitOfWork, campaign_id: int, member_id: int, month_ms: int, points: int) -> None:
    """Count points of a month as not given, after they were taken from the member:
    the limit has room for them again.
    """
    before = uow.first(POINTS_OF_MONTH, campaign_id=campaign_id, member_id=member_id, month_ms=month_ms)
    if before is not None:
        _set_points(uow, campaign_id, member_id, month_ms, max(0, before - points))


def _count(uow: UnitOfWork, campaign_id: int, member_id: int, month_ms: int, points: int) -> None:
    """Add to what is given: the campaigns of an event in one statement, at the end of the unit."""
    key = {"campaign_id": campaign_id, "member_id": member_id, "month_ms": month_ms}
    if any(key.items() <= row.items() for row in uow.collected(ADD_POINTS)):
        uow.insert(ADD_POINTS, **key, points=points)  # one statement changes a row once
    else:
        uow.insert_at_end(ADD_POINTS, **key, points=points)


def _set_points(uow: UnitOfWork, campaign_id: int, member_id: int, month_ms: int, points: int) -> None:
    uow.execute(SET_POINTS, of_campaign=campaign_id, of_member=member_id, of_month_ms=month_ms, new_points=points)
