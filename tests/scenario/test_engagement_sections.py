"""One short story for each section of what moves members: from the first call to what it leads to."""

import json
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from models.kernel.times import iso, parse_instant_ms
from tests.scenario.coffee import DAY_MS, Organization, opened

CONFIRMED = "member-purchase-order-confirmed"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Organization, Organization]]:
    everything = [{"url": "{public_url}/_troth/inbox/harbour", "name": "All there is"}]
    with opened(tmp_path_factory.mktemp("sections"), subscriptions=everything) as both:
        yield both


@pytest.fixture
def chain(world: tuple[Organization, Organization]) -> Organization:
    return world[0]


def in_days(chain: Organization, days: int) -> str:
    return iso(parse_instant_ms(chain.now()) + days * DAY_MS)


def campaign(chain: Organization, code: str, **members: Any) -> int:
    number: int = chain.post("/campaigns", name=code.title(), code=code, loyaltyProgramId=1, **members)["campaign"][
        "campaignId"
    ]
    return number


def action(chain: Organization, campaign_id: int, *effects: dict[str, Any], **members: Any) -> dict[str, Any]:
    made: dict[str, Any] = chain.post(
        f"/campaigns/{campaign_id}/actions", name="Step", status="running", effects={"items": list(effects)}, **members
    )
    return made["action"]


def switch_off(chain: Organization, campaign_id: int) -> None:
    """Stories do not pay for one another."""
    shown = chain.get(f"/campaigns/{campaign_id}")["campaign"]
    chain.put(f"/campaigns/{campaign_id}", name=shown["name"], code=shown["code"], active=False)


def book(chain: Organization, name: str, *codes: str, **members: Any) -> int:
    made = chain.post(
        "/coupon-books",
        **{"name": name, "type": "product", "publishingStatus": "published", "requiredPointsConfig": {}, **members},
    )
    number: int = made["couponBook"]["couponBookId"]
    if codes:
        chain.post(f"/coupon-books/{number}/coupons", codes=list(codes))
    return number


def test_coupon_books_are_drafts_first_and_run_out(chain: Organization) -> None:
    ana = chain.join("books-ana")
    number = book(
        chain,
        "Iced coffee",
        publishingStatus="draft",
        maxAssignedPerCoupon=1,
        maxCouponCount=2,
        discountAmount=2,
        discountType="fixed",
    )
    assert chain.refused("POST", f"/coupon-books/{number}/assign", memberId=ana["memberId"])[0] == 409
    chain.post(f"/coupon-books/{number}/coupons", codes=["ICE-1", "ICE-2"])
    assert chain.refused("POST", f"/coupon-books/{number}/coupons", codes=["ICE-3"])[0] == 409
    chain.put(
        f"/coupon-books/{number}",
        publishingStatus="published",
        requiredPointsConfig={},
        locale="it",
        content={"text": "Caffè freddo"},
    )

    # A call that is sent again with its key gives nothing more.
    given = {"memberId": ana["memberId"], "systemUniqueKey": "ice-for-ana", "expiredAt": in_days(chain, 30)}
    (usage,) = chain.post(f"/coupon-books/{number}/assign", **given)["couponUsages"]
    assert chain.post(f"/coupon-books/{number}/assign", **given)["couponUsages"] == [usage]
    assert usage["couponCode"] == "ICE-1"

    # It is used, the use was a mistake, it is used again; in the end there is nothing left to use.
    (use,) = chain.post(f"/coupon-books/{number}/use", memberId=ana["memberId"], code="ICE-1")["couponUsages"]
    chain.post(f"/coupon-usages/{use['couponUsageId']}/revert")
    chain.post(f"/coupon-books/{number}/use", memberId=ana["memberId"])
    assert chain.refused("POST", f"/coupon-books/{number}/use", memberId=ana["memberId"])[0] == 409
    shown = chain.get(f"/coupon-books/{number}", locale="it")["couponBook"]
    assert (shown["content"], shown["couponCount"], shown["assignedCount"], shown["usedCount"]) == (
        {"text": "Caffè freddo"},
        2,
        1,
        1,
    )

    # Put away, it stays as it is.
    chain.put(f"/coupon-books/{number}", publishingStatus="archived", requiredPointsConfig={})
    assert (
        chain.refused("PUT", f"/coupon-books/{number}", publishingStatus="published", requiredPointsConfig={})[0] == 409
    )


def test_benefits_show_what_a_member_has_and_could_have(chain: Organization) -> None:
    ana = chain.join("benefits-ana", memberType="customer")
    mine = book(
        chain,
        "For customers",
        "C-1",
        "C-2",
        loyaltyProgramId=1,
        condition={"expression": 'member.memberType == "customer"'},
        tags=["benefits"],
    )
    book(
        chain,
        "For staff",
        "S-1",
        loyaltyProgramId=1,
        condition={"expression": 'member.memberType == "staff"'},
        tags=["benefits"],
    )
    where = f"/loyalty-programs/1/members/{ana['memberId']}"
    shown = chain.get(f"{where}/coupon-books", tags="benefits")["results"]
    assert {one["name"]: (one["isEligible"], one["outOfStock"]) for one in shown} == {
        "For customers": (True, False),
        "For staff": (False, False),
    }
    chain.post(f"/coupon-books/{mine}/assign", memberId=ana["memberId"], amount=3)
    chain.post(f"/coupon-books/{mine}/use", memberId=ana["memberId"])
    (coupon,) = chain.get(f"{where}/coupons", unused=True)["results"]
    assert (coupon["couponCode"], coupon["amountAssigned"], coupon["amountUsed"]) == ("C-1", 3, 1)
    assert chain.get(f"{where}/coupon-usages/count") == {"amountUsed": 1, "amountAssigned": 3}


def test_offerings_are_answered_by_the_partner(world: tuple[Organization, Organization]) -> None:
    chain, bakery = world
    number = book(chain, "A bun with your coffee", locale="en", content={"text": "While they are warm."})
    chain.post("/coupon-book-offerings", partnershipId=1, offeredCouponBookId=number, status="pending")
    assert (
        chain.refused("POST", "/coupon-book-offerings", partnershipId=1, offeredCouponBookId=number, status="pending")[
            0
        ]
        == 409
    )
    received = bakery.get("/coupon-book-offerings", status="pending")["results"][0]
    answer = bakery.put(f"/coupon-book-offerings/{received['couponBookOfferingId']}/approval", approved=False)
    assert "rejected" in answer["message"]
    assert [row["status"] for row in chain.all("/coupon-book-offerings") if row["offeredCouponBookId"] == number] == [
        "rejected"
    ]
    # What was rejected once can be offered again, and then be accepted.
    chain.post("/coupon-book-offerings", partnershipId=1, offeredCouponBookId=number, status="pending")
    again = bakery.get("/coupon-book-offerings", status="pending")["results"][0]
    bakery.put(f"/coupon-book-offerings/{again['couponBookOfferingId']}/approval", approved=True)
    copy = bakery.get("/coupon-books", search="bun")["results"][0]
    assert (copy["organizationId"], copy["content"]) == (8, {"text": "While they are warm."})


def test_matchers_decide_which_orders_count(chain: Organization) -> None:
    beans = {
        "items": "any",
        "match": "all",
        "conditions": [{"attribute": "productCategory", "values": ["beans"]}, {"attribute": "quantity", "min": 2}],
    }
    matcher = chain.post("/matchers", name="Two bags", type="item-matcher", matcher=beans)
    assert chain.get(f"/matchers/by-key/{matcher['matcherKey']}")["matcher"]["matcherId"] == matcher["matcherId"]
    chain.post(
        "/missions",
        loyaltyProgramId=1,
        name="Home roaster",
        code="home-roaster",
        eventType=CONFIRMED,
        goalCount=1,
        maxRepetitions=9,
        matcherId=matcher["matcherId"],
    )
    ana = chain.join("matchers-ana")

    def counted(receipt: str, quantity: int) -> list[str]:
        items = [{"sku": "B-1", "productCategoryCode": "beans", "quantity": quantity, "price": 9}]
        done = chain.order(ana, receipt, 9.0 * quantity, items=items)
        return [effect["effectId"] for effect in done["evaluationResults"]["effects"]]

    assert (counted("beans-1", 1), counted("beans-2", 2)) == ([], ["increment-mission"])
    chain.put(
        f"/matchers/{matcher['matcherId']}",
        name="Any bag",
        type="item-matcher",
        matcher={"conditions": beans["conditions"][:1]},
    )
    assert counted("beans-3", 1) == ["increment-mission"]


def test_effects_are_a_catalogue_that_actions_keep_to(chain: Organization) -> None:
    shown = {effect["effectId"]: effect for effect in chain.all("/rules/effects")}
    assert set(shown) == {
        "assign-coupon",
        "burn-points",
        "increment-mission",
        "mint-badge",
        "mint-points",
        "set-member-attribute",
        "set-tier",
        "track-event",
    }
    assert chain.get("/rules/effects/mint-points")["effect"] == shown["mint-points"]
    number = campaign(chain, "catalogue")
    for item in (
        {"effectId": "mint-money"},
        {"effectId": "mint-points"},
        {"effectId": "mint-points", "parameters": {"amount": "many"}},
    ):
        status, _ = chain.refused(
            "POST", f"/campaigns/{number}/actions", name="Step", status="running", effects={"items": [item]}
        )
        assert status == 400
    made = action(
        chain, number, {"effectId": "mint-points", "parameters": {"amount": {"expression": "floor(order.total * 2)"}}}
    )
    assert made["effects"]["items"][0]["parameters"] == {"amount": {"expression": "floor(order.total * 2)"}}


def test_expressions_go_from_text_to_nodes_and_back(chain: Organization) -> None:
    text = 'member.profile.country == "NO" and any(order.items, item => item.quantity >= 2)'
    (node,) = chain.post("/rules/expressions/parse", inputs=[{"expression": text}])["nodes"]
    assert node["type"] == "logical"
    (back,) = chain.post("/rules/expressions/from-ast", inputs=[{"node": node}])["nodes"]
    assert back["expression"] == text
    status, message = chain.refused("POST", "/rules/expressions/parse", inputs=[{"expression": "member. =="}])
    assert (status, "line 1" in message) == (400, True)


def test_loyalty_events_are_tracked_once(chain: Organization) -> None:
    chain.post("/loyalty-event-types", apiCode="app-review", name="Reviewed the app", schemaType="number")
    number = campaign(chain, "reviews", enabledTopics=["app-review"])
    action(
        chain,
        number,
        {"effectId": "mint-points", "parameters": {"amount": 5}},
        rules={"expression": "event.payload.value >= 4"},
    )
    ana = chain.join("events-ana")
    (mint,) = chain.track(ana, "app-review", "review-1", value=5)
    assert (mint["effectId"], mint["data"]["amount"]) == ("mint-points", 5)
    assert chain.track(ana, "app-review", "review-1", value=5) == [mint]
    assert chain.track(ana, "app-review", "review-2", value=3) == []
    assert chain.balance(ana) == 5
    body = {
        "organizationId": 7,
        "memberId": ana["memberId"],
        "eventType": "app-review",
        "systemUniqueKey": "review-1",
        "payload": {"value": 1},
    }
    assert chain.refused("POST", "/loyalty-events", **body)[0] == 409
    assert (
        chain.refused(
            "POST", "/loyalty-events", **{**body, "systemUniqueKey": "review-3", "payload": {"value": "good"}}
        )[0]
        == 400
    )
    chain.put("/loyalty-event-types", apiCode="app-review", name="Reviewed the app", schemaType="number", active=False)
    assert chain.refused("POST", "/loyalty-events", **{**body, "systemUniqueKey": "review-4"})[0] == 404


def test_event_triggers_notify_other_systems(chain: Organization) -> None:
    made = chain.post(
        "/event-triggers",
        type="WebHook",
        name="Members",
        settings={
            "url": f"{chain.root}/_troth/inbox/members",
            "events": ["member-created"],
            "headers": {"X-Shop": "pier"},
        },
    )["trigger"]
    assert made["settings"]["secret"].startswith("whsec_")
    shown = chain.get(f"/event-triggers/{made['triggerId']}")["trigger"]
    assert shown["settings"]["secret"] is None
    ana = chain.join("triggers-ana")
    messages = inbox(chain, "members")
    assert [payload_of(message)["data"]["loyaltyMemberId"] for message in messages] == [ana["loyaltyMemberId"]]
    assert messages[0]["verified"] == {"webhook-signature": True}
    chain.put(
        f"/event-triggers/{made['triggerId']}",
        type="WebHook",
        name="Members",
        active=False,
        settings={"url": made["settings"]["url"], "events": ["member-created"]},
    )
    chain.join("triggers-ben")
    chain.advance(0.01)
    assert len(inbox(chain, "members")) == 1
    # The scenario has a trigger of its own, which gets every event.
    everything = {payload_of(message)["eventType"] for message in inbox(chain, "harbour", 2)}
    assert {"member-created", "member-tier-set"} <= everything


def inbox(chain: Organization, name: str, least: int = 1) -> list[dict[str, Any]]:
    """What an inbox of the mock's has got; webhooks come a moment after the answer."""
    found: list[dict[str, Any]] = []
    for _ in range(100):
        found = httpx2.get(f"{chain.root}/_troth/inbox/{name}", params={"limit": 100}, timeout=10).json()["messages"]
        if len(found) >= least:
            break
        time.sleep(0.1)
    return found


def payload_of(message: dict[str, Any]) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(message["body"])
    return body


def test_purchase_orders_earn_and_give_back(chain: Organization) -> None:
    number = campaign(chain, "order-points", eventType=CONFIRMED, smartRewards={"pointsPerCurrencyUnit": 10})
    ana = chain.join("orders-ana")
    assert chain.order(ana, "web-1", 24.5, "created")["evaluationResults"]["effects"] == []
    assert [effect["data"]["amount"] for effect in chain.order(ana, "web-1", 24.5)["evaluationResults"]["effects"]] == [
        245
    ]
    # The same again is known, and earns nothing more.
    assert chain.order(ana, "web-1", 24.5)["evaluationResults"] is None
    chain.order(ana, "web-1", 10, "partially-returned")
    assert chain.balance(ana) == 100
    chain.order(ana, "web-1", 10, "returned")
    assert chain.balance(ana) == 0
    assert (
        chain.refused(
            "POST",
            f"/members/{ana['memberId']}/purchase-orders",
            externalId="web-1",
            type="counter",
            total=1,
            status="confirmed",
        )[0]
        == 409
    )
    imported = chain.post(
        "/purchase-orders/import",
        orders=[
            {"externalId": f"old-{n}", "loyaltyMemberId": own, "type": "till", "total": 3, "status": "confirmed"}
            for n, own in enumerate(("orders-ana", "nobody"))
        ],
    )
    assert [row["success"] for row in imported["results"]] == [True, False]
    assert [order["externalId"] for order in chain.get(f"/members/{ana['memberId']}/purchase-orders")["results"]] == [
        "web-1",
        "old-0",
    ]
    switch_off(chain, number)


def test_member_events_say_why(chain: Organization) -> None:
    number = campaign(chain, "cup-club", eventType=CONFIRMED)
    action(chain, number, {"effectId": "mint-points", "parameters": {"amount": 7}})
    ana = chain.join("log-ana")
    done = chain.order(ana, "log-1", 3)
    order_id, event_id = done["order"]["orderId"], done["evaluationResults"]["eventId"]
    events = chain.all(f"/members/{ana['memberId']}/events")
    assert [event["eventType"] for event in events] == [
        "member-created",
        "member-tier-set",
        CONFIRMED,
        "ledger-transaction-created",
    ]
    ordered, minted = events[2:]
    assert (ordered["eventId"], ordered["effects"], ordered["externalId"]) == (
        event_id,
        done["evaluationResults"]["effects"],
        "log-1",
    )
    assert minted["causes"] == [f"purchase-order/{order_id}", f"campaign/{number}"]
    assert chain.get(f"/members/{ana['memberId']}/events", eventType="member-created")["totalCount"] == 1
    assert chain.get(f"/members/{ana['memberId']}/events", fromCreatedAt=in_days(chain, 1))["totalCount"] == 0
    switch_off(chain, number)


def test_missions_repeat_within_their_periods(chain: Organization) -> None:
    mission = chain.post(
        "/missions",
        loyaltyProgramId=1,
        name="Two a day",
        code="two-a-day",
        eventType="badge-minted",
        goalCount=2,
        maxRepetitions=3,
        repetitionPeriod="day",
        periodLimit=1,
        pointsAccrual=30,
    )["mission"]
    ana = chain.join("missions-ana")
    where = f"/members/{ana['memberId']}/missions/{mission['missionId']}/increment"
    chain.post(where, amount=1, systemUniqueKey="first")
    chain.post(where, amount=1, systemUniqueKey="first")
    row = next(
        row for row in chain.all(f"/members/{ana['memberId']}/missions") if row["missionId"] == mission["missionId"]
    )
    assert (row["progressCount"], row["inProgress"], row["timesAchieved"]) == (1, True, 0)
    balance = chain.post(where, amount=1)["balance"]
    assert (balance["timesAchieved"], balance["available"], chain.balance(ana)) == (1, False, 30)
    assert chain.refused("POST", where, amount=1)[0] == 409
    chain.advance(1)
    assert chain.post(where, amount=2)["balance"]["timesAchieved"] == 2
    assert chain.balance(ana) == 60


def test_campaigns_are_for_some_at_some_time(chain: Organization) -> None:
    ana = chain.join("campaigns-ana")
    chain.post("/locations", locationCode="pier", locationLabel="Pier")
    number = campaign(
        chain,
        "happy-hour",
        eventType=CONFIRMED,
        minSpendValue=10,
        locationCodes=["pier"],
        validTo=in_days(chain, 10),
        smartRewards={"fixedPoints": 40},
        pointsMonthlyLimitPerMember=60,
        allowPartialApplicationOnLimit=True,
    )

    def given(receipt: str, total: float, place: str) -> list[int]:
        done = chain.order(ana, receipt, total, customAttributes={"locationCode": place})
        return [effect["data"]["amount"] for effect in done["evaluationResults"]["effects"]]

    assert given("happy-1", 12, "old-town") == []
    assert given("happy-2", 9, "pier") == []
    assert [given(f"happy-{n}", 12, "pier") for n in (3, 4, 5)] == [[40], [20], [0]]
    chain.advance(11)
    assert given("happy-6", 12, "pier") == []
    assert chain.balance(ana) == 60
    assert chain.get(f"/campaigns/{number}")["campaign"]["active"]


def test_campaign_actions_are_steps_with_rules(chain: Organization) -> None:
    gift = book(chain, "A gift", "GIFT-1", "GIFT-2")
    chain.post("/loyalty-event-types", apiCode="anniversary", name="Years with us", schemaType="custom")
    number = campaign(chain, "anniversaries", enabledTopics=["anniversary"])
    action(
        chain,
        number,
        {"effectId": "mint-points", "parameters": {"amount": {"expression": "event.payload.years * 100"}}},
        rules={"expression": "event.payload.years > 0"},
        abortEvaluationIfFalse=True,
    )
    action(
        chain,
        number,
        {"effectId": "assign-coupon", "parameters": {"couponBookId": gift}},
        {"effectId": "mint-badge", "parameters": {"badgeKey": "regular"}},
        rules={"expression": "event.payload.years >= 5"},
    )
    ana = chain.join("actions-ana")
    assert chain.track(ana, "anniversary", "years-0", years=0) == []
    effects = chain.track(ana, "anniversary", "years-5", years=5)
    assert [effect["effectId"] for effect in effects] == ["mint-points", "assign-coupon", "mint-badge"]
    assert chain.balance(ana) == 500
    assert chain.log(ana)[-2:] == ["coupon-code-assigned", "badge-minted"]
    steps = chain.all(f"/campaigns/{number}/actions", order="actionIndex")
    assert [step["actionIndex"] for step in steps] == [0, 1]
    chain.put(
        f"/campaigns/{number}/actions/{steps[1]['actionId']}",
        name="Step",
        status="disabled",
        effects=steps[1]["effects"],
    )
    assert [effect["effectId"] for effect in chain.track(ana, "anniversary", "years-6", years=6)] == ["mint-points"]


def test_referrals_pay_both_sides_once(chain: Organization) -> None:
    program = chain.post(
        "/referral-programs",
        name="Friends",
        code="friends",
        active=True,
        maxPerCode=1,
        maxReferralsPerMember=5,
        eventType=CONFIRMED,
        referrerPointsAccrual=50,
        referredPointsAccrual=20,
    )["referralProgram"]["referralProgramId"]
    ana = chain.join("friends-ana")
    chain.post(f"/referral-programs/{program}/referral-codes", memberId=ana["memberId"], codes=["ANA-1", "ANA-2"])
    ben = chain.join("friends-ben", referralCode="ANA-1")
    assert chain.refused("POST", "/members", loyaltyMemberId="friends-kim", referralCode="ANA-1")[0] == 400
    assert (chain.balance(ana), chain.balance(ben)) == (0, 0)
    chain.order(ben, "friends-1", 4)
    chain.order(ben, "friends-2", 4)
    assert (chain.balance(ana), chain.balance(ben)) == (50, 20)
    codes = chain.get(f"/referral-programs/{program}/referral-codes", memberId=ana["memberId"])["referrals"]
    assert [(code["code"], code["referredCount"]) for code in codes] == [("ANA-1", 1), ("ANA-2", 0)]
    (friend,) = chain.get(f"/referral-programs/{program}/referral-codes/{codes[0]['referralCodeId']}/referred")[
        "results"
    ]
    assert (friend["loyaltyMemberId"], friend["status"], friend["referrerPoints"]) == ("friends-ben", "paid", 50)
    (report,) = chain.get(f"/referral-programs/{program}/members-report")["results"]
    assert (report["codeCount"], report["referredCount"], report["pendingCount"]) == (2, 1, 0)


def test_audiences_say_who_is_meant(chain: Organization) -> None:
    ana, ben = (
        chain.join(f"audience-{name}", profile={"name": name, "age": age}) for name, age in (("ana", 30), ("ben", 15))
    )
    adults = chain.post(
        "/audiences",
        active=True,
        organizationId=7,
        name="Adults",
        matcherType="attribute-matcher",
        segmentKey="adults",
        matcher={"conditions": [{"attribute": "profile.age", "operator": "greaterThanOrEquals", "value": 18}]},
    )
    assert adults["memberCount"] == 1
    assert [
        row["segmentKey"] for row in chain.get(f"/loyalty-members/{ana['loyaltyMemberId']}/audiences")["audiences"]
    ] == ["adults"]
    assert chain.post("/audiences/match", audienceIds=[adults["audienceId"]], member={"profile": {"age": 18}})[
        "audienceIds"
    ] == [adults["audienceId"]]
    wine = book(chain, "A glass of wine", "W-1", "W-2", audienceKeys=["adults"])
    chain.post(f"/coupon-books/{wine}/assign", memberId=ana["memberId"])
    assert chain.refused("POST", f"/coupon-books/{wine}/assign", memberId=ben["memberId"])[0] == 409
    # Ben grows up: he is meant from then on, and counted within a day.
    chain.patch(f"/members/{ben['memberId']}", profile={"name": "ben", "age": 18})
    chain.post(f"/coupon-books/{wine}/assign", memberId=ben["memberId"])
    chain.advance(1.1)
    assert chain.get(f"/audiences/{adults['audienceId']}")["audience"]["memberCount"] == 2


def test_stats_count_what_there_is(chain: Organization) -> None:
    since = chain.now()
    people = [chain.join(f"stats-{n}") for n in range(3)]
    for member in people:
        chain.post(f"/ledgers/1/accounts/1/wallets/{member['walletId']}/mint", amount=10)
    until = in_days(chain, 1)
    span = {"sinceFrom": since, "sinceTo": until}
    assert sum(day["count"] for day in chain.get("/stats/members/creation", **span)["results"]) == 3
    assert chain.get("/stats/events/member-created", **span)["result"]["count"] == 3
    assert chain.get("/stats/ledger-accounts/1", **span)["result"]["minted"] == {"transactionCount": 3, "amount": 30}
    assert chain.get("/stats/missions/totals", **span)["result"]["counterCount"] == 0
    assert (
        sum(row["memberCount"] for row in chain.get("/stats/loyalty-programs/1/tiers")["results"])
        == chain.get("/members", limit=1)["totalCount"]
    )
    assert httpx2.get(
        f"{chain.root}/loyalty-core/api/v1/stats/surveys/5/nps", headers=chain.http.headers, timeout=10
    ).json()["result"] == {
        "surveyId": 5,
        "name": "Would you come again?",
        "answerCount": 0,
        "promoterCount": 0,
        "passiveCount": 0,
        "detractorCount": 0,
        "score": None,
    }
