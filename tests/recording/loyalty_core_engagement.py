"""Loyalty Core: event types, triggers, campaigns, orders, missions, referrals, matchers, audiences, expressions,
statistics.
"""

from typing import Any

from tests.recording.callers import caller
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder
from tests.support.client import BASE_URL

CONFIRMED = "member-purchase-order-confirmed"
ANA: dict[str, Any] = {"memberId": 42}
SPAN = {"sinceFrom": "2026-01-10T00:00:00Z", "sinceTo": "2026-01-20T00:00:00Z"}
STATS = (
    "getMemberCreationStats",
    "getBenefitUsageStats",
    "getBenefitPerformanceStats",
    "getCouponBookUsageStats",
    "getCouponBookDiscountStats",
    "getTopMissionMembersStats",
    "getMissionStats",
    "getMissionTotalsStats",
)
"""Statistics of the whole organization over a span of time."""


def play(recorder: Recorder) -> None:
    call = caller(recorder, "loyalty_core")
    _matchers_and_audiences(call)
    _event_types_and_triggers(call)
    _campaigns(call)
    _missions_and_referrals(call)
    _orders(call)
    _events(call)
    advance(recorder, by="P1D")
    _expressions(call)
    _statistics(call)


def _matchers_and_audiences(call: Caller) -> None:
    call("listMatchers")
    made = call("createMatcher")
    call("getMatcher", matcherId=made["matcherId"])
    call("getMatcherByKey", matcherKey=made["matcherKey"])
    call("updateMatcher", matcherId=made["matcherId"])
    call.refused(400, "createMatcher", body=call.example("createMatcher", matcher={"conditions": "all"}))
    call("listAudiences", query={"search": "white"})
    for name in ("conditions", "expression", "list"):
        call("createAudience", body=call.example("createAudience", name))
    call.refused(409, "createAudience")
    call("matchAudiences")
    call("getAudience", audienceId=1)
    call("updateAudience", audienceId=4)
    call("listLoyaltyMemberAudiences", loyaltyMemberId="HC-000042")
    call("checkLoyaltyMemberAudience", loyaltyMemberId="HC-000042", audienceId=1)


def _event_types_and_triggers(call: Caller) -> None:
    call("listLoyaltyEventTypes")
    call("createLoyaltyEventType")
    call.refused(409, "createLoyaltyEventType")
    call("upsertLoyaltyEventType", body=call.example("upsertLoyaltyEventType", description="Once more."))
    call("upsertLoyaltyEventType", body={"name": "Anniversary", "apiCode": "anniversary", "schemaType": "custom"})
    call("getLoyaltyEventTypeByApiCode", apiCode="app-review")
    call("listEventTriggers")
    made = call(
        "createEventTrigger",
        body={
            "type": "WebHook",
            "name": "Own inbox",
            "settings": {
                "url": f"{BASE_URL}/_troth/inbox/own",
                "events": ["app-review", "badge-minted"],
                "headers": {"X-Shop": "pier"},
            },
        },
    )["trigger"]
    call("createEventTrigger")
    call("getEventTrigger", triggerId=made["triggerId"])
    call("updateEventTrigger", triggerId=1)
    call.refused(
        400,
        "createEventTrigger",
        body={"type": "WebHook", "name": "Odd", "settings": {"url": "nowhere", "events": ["*"]}},
    )


def _campaigns(call: Caller) -> None:
    call("listRuleEffects", query={"order": "effectId,desc"})
    call("getRuleEffect", effectId="mint-points")
    call("listCampaigns", query={"order": "code,desc"})
    call("getCampaign", campaignId=3)
    call("listCampaignActions", campaignId=3)
    call("getCampaignAction", campaignId=3, actionId=1)
    number = call("createCampaign")["campaign"]["campaignId"]
    call.refused(409, "createCampaign")
    call.refused(
        404, "createCampaignAction", campaignId=number
    )  # the example mints a badge that the demo does not have
    reviews = call(
        "createCampaign",
        body={"name": "Reviews", "code": "reviews", "loyaltyProgramId": 1, "enabledTopics": ["app-review"]},
    )
    reviews = {"campaignId": reviews["campaign"]["campaignId"]}
    step = {
        "name": "Thank",
        "status": "running",
        "rules": {"expression": "event.payload.stars >= 4"},
        "effects": {
            "items": [
                {"effectId": "mint-points", "parameters": {"amount": {"expression": "event.payload.stars * 2"}}},
                {"effectId": "mint-badge", "parameters": {"badgeKey": "taster"}},
                {"effectId": "assign-coupon", "parameters": {"couponBookId": 1}},
                {"effectId": "set-member-attribute", "parameters": {"name": "reviewed", "value": True}},
            ]
        },
    }
    made = call("createCampaignAction", **reviews, body=step)["action"]
    call.refused(
        400, "createCampaignAction", **reviews, body={**step, "effects": {"items": [{"effectId": "mint-money"}]}}
    )
    call(
        "updateCampaignAction",
        **reviews,
        actionId=made["actionId"],
        body={**step, "name": "Thank you", "abortEvaluationIfFalse": True},
    )
    call(
        "updateCampaign",
        campaignId=number,
        body=call.example("updateCampaign", name="Double at weekends", daysOfWeek=["saturday", "sunday"]),
    )
    call.refused(409, "updateCampaign", campaignId=number, body=call.example("updateCampaign", code="reviews"))


def _missions_and_referrals(call: Caller) -> None:
    call("listMissions", query={"order": "code,desc"})
    call("getMission", missionId=1)
    mission = {"missionId": call("createMission")["mission"]["missionId"]}
    call.refused(409, "createMission")
    call("updateMission", **mission)
    call("incrementMemberMissionCounter", **ANA, **mission)
    call("incrementMemberMissionCounter", **ANA, **mission)
    call("incrementMemberMissionCounter", **ANA, **mission, body={"amount": 2})
    call.refused(
        409,
        "incrementMemberMissionCounter",
        **ANA,
        **mission,
        body=call.example("incrementMemberMissionCounter", amount=2),
    )
    call("listMemberMissions", **ANA)
    call("listMemberMissions", **ANA, query={"inProgress": "true", "order": "name,desc"})
    call("listReferralPrograms")
    call("getReferralProgram", referralProgramId=1)
    program = {"referralProgramId": call("createReferralProgram")["referralProgram"]["referralProgramId"]}
    call.refused(409, "createReferralProgram")
    call("createReferralCodes", **program, body={"memberId": 43, "codes": ["BEN-1", "BEN-2"]})
    call.refused(409, "createReferralCodes", **program)
    call("createMember", body={"loyaltyMemberId": "friend-1", "referralCode": "BEN-1"})
    call("updateReferralProgram", **program)
    codes = call("listReferralCodes", **program)["referrals"]
    call("listReferralCodes", referralProgramId=1, query={"memberId": 42})
    call("listReferredMembers", **program, referralCodeId=codes[0]["referralCodeId"])
    call("getReferralMembersReport", referralProgramId=1, query={"order": "referredCount,desc"})


def _orders(call: Caller) -> None:
    """An order earns, is sent again, is returned in part; orders are imported, some of nobody."""
    order = call.example("upsertMemberPurchaseOrder", externalId="receipt-7")
    made = call("upsertMemberPurchaseOrder", **ANA, body={**order, "status": "created"})["order"]
    call("upsertMemberPurchaseOrder", **ANA, body=order)
    call("upsertMemberPurchaseOrder", **ANA, body=order)
    call(
        "upsertMemberPurchaseOrder",
        **ANA,
        body={**order, "total": 5, "discountedTotal": 5, "status": "partially-returned"},
    )
    call("upsertMemberPurchaseOrder", **ANA, body={**order, "status": "returned"})
    call.refused(409, "upsertMemberPurchaseOrder", **ANA, body=order)
    call.refused(409, "upsertMemberPurchaseOrder", **ANA)  # the example's number is that of another member's order
    call("getMemberPurchaseOrder", **ANA, orderId=made["orderId"])
    call("listMemberPurchaseOrders", **ANA, query={"order": "id,desc"})
    call("importPurchaseOrders")
    imported = [
        {**order, "externalId": f"old-{n}", "loyaltyMemberId": who}
        for n, who in enumerate(("new-0", "friend-1", "nobody"))
    ]
    call("importPurchaseOrders", body={"orders": imported})
    call.refused(400, "importPurchaseOrders", body={"orders": [{}]})


def _events(call: Caller) -> None:
    call("trackLoyaltyEvent")
    call("trackLoyaltyEvent")
    call.refused(409, "trackLoyaltyEvent", body=call.example("trackLoyaltyEvent", payload={"stars": 1}))
    call(
        "trackLoyaltyEvent",
        body={
            "organizationId": 1,
            "memberId": 43,
            "eventType": "tasting-attended",
            "systemUniqueKey": "t-1",
            "payload": {"seats": 2},
        },
    )
    call(
        "trackLoyaltyEvent",
        body={
            "organizationId": 1,
            "memberId": 501,
            "eventType": "app-review",
            "systemUniqueKey": "r-1",
            "payload": {"stars": 3},
        },
    )
    call.refused(
        404, "trackLoyaltyEvent", body=call.example("trackLoyaltyEvent", eventType="unheard-of", systemUniqueKey="r-2")
    )
    call("listMemberEvents", **ANA, query={"limit": 25, "order": "id,desc"})
    call("listMemberEvents", **ANA, query={"eventType": "member-created"})


def _expressions(call: Caller) -> None:
    for operation_id in ("parseExpressions", "convertAstToExpressions"):
        call(operation_id)
    text = 'member.profile.country == "NO" and any(order.items, item => item.quantity >= 2)'
    nodes = call(
        "parseExpressions",
        body={"inputs": [{"expression": text}, {"expression": "if 1 < 2 then -3.50 else [null, now()]"}]},
    )["nodes"]
    call("convertAstToExpressions", body={"inputs": [{"node": node} for node in nodes], "annotate": False})
    call.refused(400, "parseExpressions", body={"inputs": [{"expression": "member. =="}]})


def _statistics(call: Caller) -> None:
    for operation_id in STATS:
        call(operation_id)
        call(operation_id, query=SPAN)
    call("getMissionCompletionStats", query={"limit": 5})
    call("getLoyaltyProgramTierStats", loyaltyProgramId=1)
    call("getLedgerAccountStats", ledgerAccountId=1, query=SPAN)
    call("getEventStats", eventType=CONFIRMED)
    call("getEventStats", eventType="member-created", query=SPAN)
    call("getNpsSurveyStats", surveyId=1)
    call.refused(400, "getMemberCreationStats", query={"sinceFrom": "in January"})
