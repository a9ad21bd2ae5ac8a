"""What a campaign may give a member in a calendar month of the tenant's clock, UTC."""

from models.loyalty_core.campaigns.tables import Campaign, CampaignPoints
from models.loyalty_core.periods import month_start_ms
from models.uow import UnitOfWork


def within_limit(uow: UnitOfWork, campaign: Campaign, member_id: int, points: int, at_ms: int) -> int:
    """How many of so many points the campaign still gives the member in the month of an event, which counts them as given.

    Beyond the limit a partial amount is given where the campaign allows that, else nothing. The member is locked.
    """
    if campaign.points_monthly_limit is None or not points:
        return points
    month_ms = month_start_ms(at_ms)
    row = uow.session.get(CampaignPoints, (uow.tenant_id, campaign.id, member_id, month_ms))
    left = max(0, campaign.points_monthly_limit - (0 if row is None else row.points))
    given = points if points <= left else left if campaign.allow_partial else 0
    if row is None:
        row = CampaignPoints(
            tenant_id=uow.tenant_id, campaign_id=campaign.id, member_id=member_id, month_ms=month_ms, points=0
        )
        uow.session.add(row)
    row.points += given
    return given


def give_back(uow: UnitOfWork, campaign_id: int, member_id: int, month_ms: int, points: int) -> None:
    """Points of a month were taken back: the limit has room for them again."""
    row = uow.session.get(CampaignPoints, (uow.tenant_id, campaign_id, member_id, month_ms))
    if row is not None:
        row.points = max(0, row.points - points)
