"""Dates of campaigns and missions judge when something happened by the caller's clock, where that is said."""

from typing import Any

import pytest

from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.engine import CONFIRMED, action, bought, campaign, expression, ids, mint, tracked
from tests.api.loyalty_core.test_missions import new_mission

THEN, MONDAY_THEN, LATER = "2020-01-15T12:00:00Z", "2020-01-13T23:59:59Z", "2020-02-01T00:00:00Z"
GENERIC = "member-generic-event"
POINTS = {"smartRewards": {"fixedPoints": 5}}


def ordered(club: Club, member: dict[str, Any], **order: Any) -> list[str]:
    return ids(bought(club, member, **order)["evaluationResults"]["effects"])


@pytest.mark.parametrize(
    ("dates", "date", "gives"),
    [
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, THEN, True),
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, LATER, True),
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, "2020-02-01T00:00:00.001Z", False),
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, None, False),
        ({"validFrom": LATER}, THEN, False),
        ({"validFrom": LATER}, None, True),
        ({"daysOfWeek": ["monday"]}, MONDAY_THEN, True),
        ({"daysOfWeek": ["monday"]}, "2020-01-14T00:00:00Z", False),
        ({"validTo": THEN}, "1969-12-31T23:59:59Z", True),
    ],
)
def test_a_campaign_applies_at_the_date_of_the_caller(
    club: Club, dates: dict[str, Any], date: str | None, *, gives: bool
) -> None:
    member = club.member()
    for event in (CONFIRMED, GENERIC):
        campaign(club, event, **dates, **POINTS)
    said = {} if date is None else {"externalEventDate": date}
    assert ordered(club, member, **said) == ["mint-points"] * gives
    assert ids(tracked(club, member, **said)) == ["mint-points"] * gives


@pytest.mark.parametrize(
    ("dates", "date", "counts"),
    [
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, THEN, True),
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, LATER, True),
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, "2020-02-01T00:00:00.001Z", False),
        ({"validFrom": "2020-01-01T00:00:00Z", "validTo": LATER}, None, False),
        ({"validFrom": LATER}, THEN, False),
        ({"validFrom": LATER}, None, True),
    ],
)
def test_an_event_counts_towards_the_missions_of_its_date(
    club: Club, dates: dict[str, Any], date: str | None, *, counts: bool
) -> None:
    member = club.member()
    for code, event in (("ordered", CONFIRMED), ("tracked", GENERIC)):
        new_mission(club, code=code, eventType=event, **dates)
    said = {} if date is None else {"externalEventDate": date}
    assert ordered(club, member, **said) == ["increment-mission"] * counts
    assert ids(tracked(club, member, **said)) == ["increment-mission"] * counts


def test_the_limit_of_a_month_is_that_of_the_callers_month(club: Club) -> None:
    member = club.member()
    campaign(club, CONFIRMED, **POINTS, pointsMonthlyLimitPerMember=5)
    given = [
        bought(club, member, externalEventDate=date)["evaluationResults"]["effects"][0]["data"]["amount"]
        for date in (THEN, MONDAY_THEN, LATER, LATER)
    ]
    assert given == [5, 0, 5, 0]


def test_the_present_of_expressions_is_not_the_callers(club: Club) -> None:
    member = club.member()
    action(club, campaign(club, CONFIRMED), mint(expression("year(now())")))
    [effect] = bought(club, member, externalEventDate=THEN)["evaluationResults"]["effects"]
    assert effect["data"]["amount"] >= 2026
