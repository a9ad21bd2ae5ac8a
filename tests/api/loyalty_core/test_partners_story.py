"""The story of two organizations and a coupon book that one of them gets from the other."""

import asyncio
from collections import Counter
from typing import Any

import orjson
import pytest

from tests.api.loyalty_core.conftest import PROGRAM, Club, coded
from tests.api.loyalty_core.test_coupon_books import add, get, new_book, put
from tests.api.loyalty_core.test_partnership_coupon_books_offerings import befriend, books, decide, offered, rows
from tests.support.senders import NullSender
from troth.administration import delete_tenant
from troth.outbox.dispatcher import Dispatcher

AT_THE_TILL = "https://till.example.org/events"
AT_THE_OVEN = "https://oven.example.org/events"


@pytest.fixture
def roastery(club: Club) -> Club:
    return club


@pytest.fixture
def bakery(roastery: Club, other_club: Club) -> Club:
    befriend(roastery, other_club)
    return other_club


def give(club: Club, member: dict[str, Any], **members: Any) -> Any:
    return club.post("/coupon-books/1/assign", json={"memberId": member["memberId"], **members})


def use(club: Club, member: dict[str, Any], **members: Any) -> Any:
    return club.post("/coupon-books/1/use", json={"memberId": member["memberId"], **members})


def counts(club: Club) -> tuple[int, int, int]:
    """Coupons of the book, how many are assigned, and used."""
    book = get(club)
    return book["couponCount"], book["assignedCount"], book["usedCount"]


def test_a_partners_members_use_what_was_offered(
    roastery: Club, bakery: Club, sender: NullSender, dispatcher: Dispatcher
) -> None:
    for club, url in ((roastery, AT_THE_TILL), (bakery, AT_THE_OVEN)):
        club.made("/event-triggers", type="WebHook", name="All", settings={"url": url, "events": ["*"]})

    # The roastery has a book of its own, whose coupons cost its members points: at most one each, three in all.
    lena = roastery.member("lena", points=500)
    new_book(
        roastery,
        3,
        content={"headline": "A free cup"},
        maxAssignedPerMember=1,
        maxCouponCount=3,
        assignmentRequiredPoints=100,
        tags=["cup"],
    )
    assert give(roastery, lena).status_code == 200
    assert roastery.points(lena["walletId"]) == (400, 400)

    # It offers it to the bakery, which accepts, adds codes of its own, and publishes.
    offered(roastery, bakery)
    decide(bakery)
    assert coded(give(bakery, bakery.member("bo"))) == (409, "COUPON_BOOK_NOT_PUBLISHED")
    assert put(bakery, publishingStatus="published").status_code == 200
    bo, kim = bakery.get("/loyalty-members/bo").json()["loyalMember"], bakery.member("kim")
    assert coded(give(bakery, bo)) == (409, "COUPONS_EXHAUSTED")
    assert coded(bakery.post("/coupon-books/1/coupons", json={"codes": list("abcd")})) == (
        409,
        "COUPON_COUNT_LIMIT_REACHED",
    )
    add(bakery, "c1", "c2", "b3")

    # Its members get them for nothing, within the limits of the book; the roastery's codes and members are not there.
    [bos] = give(bakery, bo, codes=["c1"]).json()["couponUsages"]
    assert (bos["organizationId"], bos["points"], bos["ledgerTransactionId"]) == (bakery.id, 0, None)
    assert coded(give(bakery, bo)) == (409, "COUPON_LIMIT_REACHED")
    assert coded(give(bakery, kim, codes=["c3"])) == (404, "COUPON_NOT_FOUND")
    assert coded(use(bakery, kim)) == (409, "NO_COUPON_LEFT")
    [used] = use(bakery, bo, code="c1").json()["couponUsages"]
    assert coded(use(bakery, bo, code="c1")) == (409, "NO_COUPON_LEFT")

    # A use is taken back, and the coupon used again; then all of it is taken back, once.
    assert bakery.post(f"/coupon-usages/{used['couponUsageId']}/revert").status_code == 200
    assert coded(bakery.post(f"/coupon-usages/{used['couponUsageId']}/revert")) == (409, "COUPON_USAGE_REVERTED")
    assert coded(roastery.post(f"/coupon-usages/{used['couponUsageId']}/revert")) == (404, "COUPON_USAGE_NOT_FOUND")
    use(bakery, bo)
    assert (counts(bakery), counts(roastery)) == ((3, 1, 1), (3, 1, 0))
    bakery.post(f"/coupon-usages/{bos['couponUsageId']}/revert")
    assert (counts(bakery), counts(roastery)) == ((3, 0, 0), (3, 1, 0))

    # Each side has heard of its own members only, and nobody of the offering.
    asyncio.run(dispatcher.settle())
    heard = Counter((url, orjson.loads(body)["eventType"]) for url, body, _ in sender.calls)
    for of_all in ("member-created", "member-tier-set"):
        assert (heard.pop((AT_THE_TILL, of_all)), heard.pop((AT_THE_OVEN, of_all))) == (1, 2)
    assert heard == {
        (AT_THE_TILL, "ledger-transaction-created"): 2,
        (AT_THE_TILL, "coupon-code-assigned"): 1,
        (AT_THE_OVEN, "coupon-code-assigned"): 1,
        (AT_THE_OVEN, "coupon-code-used"): 2,
        (AT_THE_OVEN, "benefit-used"): 2,
    }

    # The roastery archives its book and closes down: what the bakery has is its own, and can be offered on.
    put(roastery, publishingStatus="archived")
    delete_tenant(roastery.server.runtime, "loyalty_core", roastery.tenant.alias)
    [again] = give(bakery, bo).json()["couponUsages"]
    assert use(bakery, bo).status_code == 200
    shown = bakery.get(f"/loyalty-programs/{PROGRAM}/members/{bo['memberId']}/coupons").json()["results"]
    assert [coupon["couponCode"] for coupon in shown] == [again["couponCode"]]
    assert (rows(bakery)[0]["status"], len(books(bakery))) == ("accepted", 1)
    offer = {"partnershipId": 7, "offeredCouponBookId": 1, "status": "pending"}
    assert coded(bakery.post("/coupon-book-offerings", json=offer)) == (409, "PARTNER_MISSING")
