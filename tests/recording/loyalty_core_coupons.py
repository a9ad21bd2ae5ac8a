"""Loyalty Core: coupon books, coupons, what members have of them, offerings between partners."""

from typing import Any

from tests.recording.callers import ROASTERY, bearer, caller
from tests.recording.control import advance
from tests.recording.recorder import Caller, Recorder

CUP, COOKIE, SUMMER = 1, 3, 5
ANA: dict[str, Any] = {"memberId": 42}
BEN: dict[str, Any] = {"memberId": 43}
IN_CLUB: dict[str, Any] = {"loyaltyProgramId": 1, "memberId": 42}
BOOK = {
    "name": "Iced coffee",
    "type": "product",
    "publishingStatus": "draft",
    "requiredPointsConfig": {},
    "maxAssignedPerCoupon": 1,
    "maxCouponCount": 3,
    "discountAmount": 2,
    "discountType": "fixed",
}


def play(recorder: Recorder) -> None:
    call = caller(recorder, "loyalty_core")
    book = _books(call)
    _coupons(call, book)
    _use(call, book)
    _benefits(call)
    _offerings(call, book)
    advance(recorder, by="P3D")
    call("listMemberCoupons", **IN_CLUB, query={"order": "id,desc"})


def _books(call: Caller) -> int:
    """A book that is a draft at first; its number."""
    call("listCouponBooks")
    call("listCouponBooks", query={"locale": "it", "status": "published", "order": "rankingIndex,desc"})
    call("listCouponBooks", query={"search": "cookie", "tags": "bakery"})
    call("getCouponBook", couponBookId=CUP)
    call("getCouponBook", couponBookId=CUP, query={"locale": "it"})
    call("createCouponBook")
    made: int = call("createCouponBook", body=BOOK)["couponBook"]["couponBookId"]
    call.refused(409, "assignCouponFromCouponBook", couponBookId=made, body=ANA)
    call("addCoupons", couponBookId=made, body={"codes": ["ICE-1", "ICE-2", "ICE-3"]})
    call.refused(409, "addCoupons", couponBookId=made, body={"codes": ["ICE-4"]})
    call.refused(400, "createCouponBook", body={**BOOK, "condition": {"expression": "member. =="}})
    call(
        "updateCouponBook",
        couponBookId=made,
        body={"publishingStatus": "published", "requiredPointsConfig": {}, "locale": "it", "content": {"a": 1}},
    )
    call("updateCouponBook", couponBookId=CUP)
    return made


def _coupons(call: Caller, book: int) -> None:
    call("listCoupons", couponBookId=book)
    coupons = call("listCoupons", couponBookId=book, query={"order": "code,desc"})["results"]
    last = {"couponBookId": book, "couponId": coupons[0]["couponId"]}
    call("getCoupon", **last)
    call("updateCoupon", **last)
    call.refused(409, "updateCoupon", **last, body={"code": "ICE-1"})
    call("assignCoupon", **last)
    call.refused(409, "assignCoupon", **last, body=BEN)
    call("useCoupon", **last)
    call.refused(409, "useCoupon", **last, body={**ANA, "systemUniqueKey": "till-9"})


def _use(call: Caller, book: int) -> None:
    """Assign with a key, use, take back, use again, until nothing is left."""
    given = {**ANA, "systemUniqueKey": "ice-for-ana", "expiredAt": "2026-12-31T00:00:00Z"}
    call("assignCouponFromCouponBook", couponBookId=book, body=given)
    call("assignCouponFromCouponBook", couponBookId=book, body=given)
    used = call("useCouponFromCouponBook", couponBookId=book, body=ANA)["couponUsages"][0]
    call("revertCouponUsage", couponUsageId=used["couponUsageId"])
    call.refused(409, "revertCouponUsage", couponUsageId=used["couponUsageId"])
    call("useCouponFromCouponBook", couponBookId=book, body=ANA)
    call.refused(409, "useCouponFromCouponBook", couponBookId=book, body=ANA)
    call("assignCouponFromCouponBook", couponBookId=CUP, body=ANA)
    call("useCouponFromCouponBook", couponBookId=CUP, body=ANA)
    call.refused(409, "assignCouponFromCouponBook", couponBookId=SUMMER, body=ANA)
    call("updateCouponBook", couponBookId=SUMMER, body={"publishingStatus": "archived", "requiredPointsConfig": {}})
    call.refused(
        409, "updateCouponBook", couponBookId=SUMMER, body={"publishingStatus": "published", "requiredPointsConfig": {}}
    )


def _benefits(call: Caller) -> None:
    call("listMemberCouponBooks", **IN_CLUB)
    call("listMemberCouponBooks", **IN_CLUB, query={"includeLastUsage": "true", "outOfStock": "false", "locale": "it"})
    call("listMemberCoupons", **IN_CLUB)
    call("listMemberCoupons", **IN_CLUB, query={"notUsedOnly": "true", "couponBookId": CUP})
    call("getMemberCouponUsageCount", **IN_CLUB)


def _offerings(call: Caller, book: int) -> None:
    """Books that the partner organizations offer each other."""
    roastery = call.as_other({"organizationId": 2}, headers=bearer(ROASTERY))
    offer = {"partnershipId": 1, "offeredCouponBookId": book, "status": "pending"}
    call("listCouponBookOfferings")
    call("updateCouponBookOfferingApproval", couponBookOfferingId=1)
    call("createCouponBookOffering", body=offer)
    call.refused(409, "createCouponBookOffering", body=offer)
    for approved in (False, True):
        received = roastery("listCouponBookOfferings", query={"status": "pending", "order": "id,desc"})["results"][0]
        roastery(
            "updateCouponBookOfferingApproval",
            couponBookOfferingId=received["couponBookOfferingId"],
            body={"approved": approved},
        )
        if not approved:
            call("createCouponBookOffering", body=offer)
    roastery.refused(
        409,
        "updateCouponBookOfferingApproval",
        couponBookOfferingId=received["couponBookOfferingId"],
        body={"approved": False},
    )
    call("listCouponBookOfferings", query={"status": "accepted"})
    roastery("listCouponBooks")
