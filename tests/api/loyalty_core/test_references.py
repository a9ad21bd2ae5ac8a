"""What a write names of event types, audiences, tiers and locations has to be there, unless it was named before."""

from typing import Any

import pytest
from sqlalchemy import update

from models.loyalty_core.campaigns.tables import Campaign, CampaignAction
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.events.tables import EventTrigger
from models.loyalty_core.referrals.tables import ReferralProgram
from tests.api.loyalty_core.conftest import Club, refusal
from tests.api.loyalty_core.engine import effect
from tests.api.loyalty_core.test_referrals import NEW as REFERRALS

CAMPAIGN = {"name": "n", "code": "c"}
BOOK = {"name": "n", "type": "t", "publishingStatus": "draft", "requiredPointsConfig": {}}
TRIGGER = {"type": "WebHook", "name": "t"}
ACTION = {"name": "n", "status": "running"}
GONE = "gone"
EVENT, AUDIENCE, TIER, LOCATION = (
    f"There is no event type {GONE}.",
    f"There is no audience with the segmentKey {GONE}.",
    f"There is no tier with the key {GONE}.",
    f"There is no location {GONE}.",
)


def hook(*events: str) -> dict[str, Any]:
    return {"url": "https://example.org", "events": list(events)}


def tracking(event_type: str) -> dict[str, Any]:
    return {"items": [effect("track-event", eventType=event_type)]}


IDS = ("actionId", "campaignId", "couponBookId", "referralProgramId", "triggerId")
"""The members of answers that tell what was made."""
UNTRACKED = f"There is no active type {GONE} of events that can be tracked."
NAMING: dict[str, tuple[str, dict[str, Any], Any, str, Any, Any, str]] = {
    "a campaign's event type": ("/campaigns", CAMPAIGN, Campaign.event_type, "eventType", "known", GONE, EVENT),
    "a campaign's topics": ("/campaigns", CAMPAIGN, Campaign.enabled_topics, "enabledTopics", ["known"], [GONE], EVENT),
    "a campaign's audiences": (
        "/campaigns",
        CAMPAIGN,
        Campaign.audience_keys,
        "audienceKeys",
        ["known"],
        [GONE],
        AUDIENCE,
    ),
    "a campaign's tiers": ("/campaigns", CAMPAIGN, Campaign.tier_keys, "loyaltyTierKeys", ["known"], [GONE], TIER),
    "a campaign's places": (
        "/campaigns",
        CAMPAIGN,
        Campaign.location_codes,
        "locationCodes",
        ["known"],
        [GONE],
        LOCATION,
    ),
    "a book's audiences": (
        "/coupon-books",
        BOOK,
        CouponBook.audience_keys,
        "audienceKeys",
        ["known"],
        [GONE],
        AUDIENCE,
    ),
    "a book's tiers": ("/coupon-books", BOOK, CouponBook.tiers, "tiers", ["known"], [GONE], TIER),
    "a referral program's event": (
        "/referral-programs",
        REFERRALS,
        ReferralProgram.event_type,
        "eventType",
        "known",
        GONE,
        EVENT,
    ),
    "a trigger's events": (
        "/event-triggers",
        TRIGGER,
        EventTrigger.event_types,
        "settings",
        hook("*", "user-invited", "member-created", "known"),
        hook("known", GONE),
        EVENT,
    ),
    "an effect's event": (
        "/campaigns/1/actions",
        ACTION,
        CampaignAction.effects,
        "effects",
        tracking("known"),
        tracking(GONE),
        UNTRACKED,
    ),
}


@pytest.fixture(params=NAMING.values(), ids=NAMING)
def naming(request: pytest.FixtureRequest, club: Club) -> Any:
    """Where something is made, its body, the column of what it names, that member, one that is there and one that is not, the refusal."""
    club.know(audiences=["known"], tiers=["known"], locations=["known"], event_types=["known"])
    if request.param[0].startswith("/campaigns/1"):
        club.made("/campaigns", **CAMPAIGN)
    return request.param


class TestWhatIsNamed:
    def test_a_new_name_of_nothing_is_refused(self, club: Club, naming: Any) -> None:
        path, body, _, name, known, gone, told = naming
        assert refusal(club.post(path, json={**body, name: gone})) == (404, told)
        made = club.made(path, **{**body, name: known})
        there = f"{path}/{next(made[one] for one in IDS if one in made)}"
        before = club.get(there).json()
        assert refusal(club.put(there, json={**body, name: gone})) == (404, told)
        assert club.get(there).json() == before

    def test_what_was_named_before_can_be_sent_again_though_it_has_gone(self, club: Club, naming: Any) -> None:
        path, body, column, name, known, gone, _ = naming
        club.made(path, **{**body, name: known})
        stored = gone["events"] if column is EventTrigger.event_types else gone
        unit = club.unit()
        with unit.transaction() as session:
            session.execute(
                update(column.class_).where(column.class_.tenant_id == club.tenant.id).values({column: stored})
            )
        answer = club.put(f"{path}/1", json={**body, name: gone})
        assert answer.status_code == 200, answer.text
        assert club.put(f"{path}/1", json={**body, name: known}).status_code == 200

    def test_all_names_that_are_missing_are_told(self, club: Club) -> None:
        answer = club.post("/campaigns", json={**CAMPAIGN, "audienceKeys": ["a", "b", "a"]})
        assert refusal(answer) == (404, "There is no audience with the segmentKey a and no b.")

    def test_a_place_may_be_one_of_orders(self, club: Club) -> None:
        club.made("/order-locations", orderLocationCode="van", orderLocationLabel="Van")
        assert club.made("/campaigns", **CAMPAIGN, locationCodes=["van"])["locationCodes"] == ["van"]

    def test_names_of_another_organization_are_not_there(self, club: Club, other_club: Club) -> None:
        other_club.know(audiences=["theirs"], tiers=["theirs"], locations=["theirs"], event_types=["theirs"])
        for name in ("enabledTopics", "audienceKeys", "loyaltyTierKeys", "locationCodes"):
            assert refusal(club.post("/campaigns", json={**CAMPAIGN, name: ["theirs"]}))[0] == 404, name
