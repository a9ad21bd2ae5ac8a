"""What a write names of event types, audiences, tiers and locations has to be there, unless it was named before."""

from typing import Any

import pytest
from sqlalchemy import update

from models.loyalty_core.campaigns.tables import Campaign, CampaignAction
from models.loyalty_core.coupons.tables import CouponBook
from models.loyalty_core.events.tables import EventTrigger
from models.loyalty_core.missions.tables import Mission
from models.loyalty_core.organization.tables import Program
from models.loyalty_core.referrals.tables import ReferralProgram
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, Club, refusal
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
"""The members of answers with the ids of what was created."""
UNTRACKED = f"There is no active type {GONE} of events that can be tracked."
NAMING: dict[str, tuple[str, dict[str, Any], Any, str, Any, Any, str]] = {
    "a campaign's event type": (
        "/campaigns",
        CAMPAIGN,
        Campaign.event_type,
        "eventType",
        "known",
        GONE,
        f"/eventType: {EVENT}",
    ),
    "a campaign's topics": (
        "/campaigns",
        CAMPAIGN,
        Campaign.enabled_topics,
        "enabledTopics",
        ["known"],
        [GONE],
        f"/enabledTopics/0: {EVENT}",
    ),
    "a campaign's audiences": (
        "/campaigns",
        CAMPAIGN,
        Campaign.audience_keys,
        "audienceKeys",
        ["known"],
        [GONE],
        f"/audienceKeys/0: {AUDIENCE}",
    ),
    "a campaign's tiers": (
        "/campaigns",
        CAMPAIGN,
        Campaign.tier_keys,
        "loyaltyTierKeys",
        ["known"],
        [GONE],
        f"/loyaltyTierKeys/0: {TIER}",
    ),
    "a campaign's places": (
        "/campaigns",
        CAMPAIGN,
        Campaign.location_codes,
        "locationCodes",
        ["known"],
        [GONE],
        f"/locationCodes/0: {LOCATION}",
    ),
    "a book's audiences": (
        "/coupon-books",
        BOOK,
        CouponBook.audience_keys,
        "audienceKeys",
        ["known"],
        [GONE],
        f"/audienceKeys/0: {AUDIENCE}",
    ),
    "a book's tiers": ("/coupon-books", BOOK, CouponBook.tiers, "tiers", ["known"], [GONE], f"/tiers/0: {TIER}"),
    "a referral program's event": (
        "/referral-programs",
        REFERRALS,
        ReferralProgram.event_type,
        "eventType",
        "known",
        GONE,
        f"/eventType: {EVENT}",
    ),
    "a trigger's events": (
        "/event-triggers",
        TRIGGER,
        EventTrigger.event_types,
        "settings",
        hook("*", "user-invited", "member-created", "known"),
        hook("known", GONE),
        f"/settings/events/1: {EVENT}",
    ),
    "an effect's event": (
        "/campaigns/1/actions",
        ACTION,
        CampaignAction.effects,
        "effects",
        tracking("known"),
        tracking(GONE),
        f"/effects/items/0/parameters/eventType: {UNTRACKED}",
    ),
}


@pytest.fixture(params=NAMING.values(), ids=NAMING)
def naming(request: pytest.FixtureRequest, club: Club) -> Any:
    """Where something is made, its body, the column of what it names, that member, one that is there and one that is
    not, the refusal.
    """
    club.know(audiences=["known"], tiers=["known"], locations=["known"], event_types=["known"])
    if request.param[0].startswith("/campaigns/1"):
        club.made("/campaigns", **CAMPAIGN)
    return request.param


class TestWhatIsNamed:
    def test_a_new_name_of_nothing_is_refused(self, club: Club, naming: Any) -> None:
        path, body, _, name, known, gone, reason = naming
        assert refusal(club.post(path, json={**body, name: gone})) == (404, reason)
        made = club.made(path, **{**body, name: known})
        there = f"{path}/{next(made[one] for one in IDS if one in made)}"
        before = club.get(there).json()
        assert refusal(club.put(there, json={**body, name: gone})) == (404, reason)
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

    def test_all_names_that_are_missing_are_reported(self, club: Club) -> None:
        answer = club.post("/campaigns", json={**CAMPAIGN, "audienceKeys": ["a", "b", "a"]})
        assert answer.status_code == 404
        assert answer.json()["message"] == [
            f"/audienceKeys/{place}: There is no audience with the segmentKey {key}." for place, key in enumerate("aba")
        ]

    def test_a_place_may_be_one_of_orders(self, club: Club) -> None:
        club.made("/order-locations", orderLocationCode="van", orderLocationLabel="Van")
        assert club.made("/campaigns", **CAMPAIGN, locationCodes=["van"])["locationCodes"] == ["van"]

    def test_names_of_another_organization_are_not_there(self, club: Club, other_club: Club) -> None:
        other_club.know(audiences=["theirs"], tiers=["theirs"], locations=["theirs"], event_types=["theirs"])
        for name in ("enabledTopics", "audienceKeys", "loyaltyTierKeys", "locationCodes"):
            assert refusal(club.post("/campaigns", json={**CAMPAIGN, name: ["theirs"]}))[0] == 404, name


MISSION = {"name": "n", "code": "c", "loyaltyProgramId": PROGRAM, "eventType": "member-created"} | {
    "maxRepetitions": 1,
    "goalCount": 1,
}
LOYALTY_PROGRAM = {"name": "n", "active": True, "ledgerId": LEDGER, "description": "", "setAsDefault": False}
GONE_NUMBER = 9_999
NUMBERED: dict[str, tuple[str, dict[str, Any], Any, str]] = {
    "a campaign's program": ("/campaigns", CAMPAIGN, Campaign.program_id, "loyaltyProgramId"),
    "a mission's program": ("/missions", MISSION, Mission.program_id, "loyaltyProgramId"),
    "a mission's audience": ("/missions", MISSION, Mission.audience_id, "audienceId"),
    "a mission's matcher": ("/missions", MISSION, Mission.matcher_id, "matcherId"),
    "a mission's ledger": ("/missions", MISSION, Mission.ledger_id, "ledgerId"),
    "a mission's account": ("/missions", MISSION, Mission.account_id, "ledgerAccountId"),
    "a book's program": ("/coupon-books", BOOK, CouponBook.program_id, "loyaltyProgramId"),
    "a book's ledger": ("/coupon-books", BOOK, CouponBook.ledger_id, "requiredPointsConfig"),
    "a book's account": ("/coupon-books", BOOK, CouponBook.account_id, "requiredPointsConfig"),
    "a referral program's program": ("/referral-programs", REFERRALS, ReferralProgram.program_id, "loyaltyProgramId"),
    "a referral program's audience": ("/referral-programs", REFERRALS, ReferralProgram.audience_id, "audienceId"),
    "a referrer's ledger": ("/referral-programs", REFERRALS, ReferralProgram.referrer_ledger_id, "referrerLedgerId"),
    "a referrer's account": (
        "/referral-programs",
        REFERRALS,
        ReferralProgram.referrer_account_id,
        "referrerLedgerAccountId",
    ),
    "a referred member's ledger": (
        "/referral-programs",
        REFERRALS,
        ReferralProgram.referred_ledger_id,
        "referredLedgerId",
    ),
    "a referred member's account": (
        "/referral-programs",
        REFERRALS,
        ReferralProgram.referred_account_id,
        "referredLedgerAccountId",
    ),
    "a program's ledger": ("/loyalty-programs", LOYALTY_PROGRAM, Program.ledger_id, "ledgerId"),
    "a program's account": ("/loyalty-programs", LOYALTY_PROGRAM, Program.main_account_id, "mainLedgerAccountId"),
    "a program's tier account": (
        "/loyalty-programs",
        LOYALTY_PROGRAM,
        Program.tier_account_id,
        "tierPointsLedgerAccountId",
    ),
    "a program's portal": ("/loyalty-programs", LOYALTY_PROGRAM, Program.main_portal_id, "mainPortalId"),
}
"""Where something is made, its body, the column of a number that it refers to, and the member that shows it. A content
schema that a book uses cannot be deleted.
"""


@pytest.mark.parametrize("case", NUMBERED.values(), ids=NUMBERED)
def test_what_refers_to_a_number_that_has_gone_can_be_sent_back_and_renamed(club: Club, case: Any) -> None:
    path, body, column, name = case
    made = club.post(path, json=body).json()
    made = next(iter(made.values())) if len(made) == 1 else made
    number = next(made[one] for one in (*IDS, "missionId", "loyaltyProgramId") if one in made)
    number = made["loyaltyProgramId"] if path == "/loyalty-programs" else number
    unit = club.unit()
    with unit.transaction() as session:
        model = column.class_
        session.execute(
            update(model).where(model.tenant_id == club.tenant.id, model.id == number).values({column: GONE_NUMBER})
        )
    club.server.runtime.directory.configuration.forget()
    club.server.runtime.directory.forget()
    read = club.get(f"{path}/{number}").json()
    read = next(iter(read.values())) if len(read) == 1 else read
    assert str(GONE_NUMBER) in str(read[name]), read
    again = club.put(f"{path}/{number}", json=read)
    assert again.status_code == 200, again.text
    renamed = club.put(f"{path}/{number}", json=read | {"name": "other"})
    assert renamed.status_code == 200, renamed.text
    shown = club.get(f"{path}/{number}").json()
    shown = next(iter(shown.values())) if len(shown) == 1 else shown
    assert (shown["name"], shown[name]) == ("other", read[name])
