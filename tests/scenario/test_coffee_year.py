"""A coffee chain's year: members, orders, campaigns, missions, tiers up and down, coupons, referrals, a partner, stats.

What the chain gives and takes is written down in plain Python along the way, and compared with what the server says in
the end.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from models.kernel.times import add_months, iso, parse_instant_ms
from tests.scenario.coffee import DAY_MS, Organization, opened

MONTH = 30
POINTS, STATUS = 1, 2
"""Accounts."""
STATUS_MONTHS = 6
"""Status lasts half a year: who does not come any more falls back."""
VISITS = {  # the months in which they come, and what they spend on each visit
    "lena": (range(1, 5), 60.0),
    "kim": (range(1, 13), 12.5),
    "zoe": (range(1, 13), 6.0),
    "bo": (range(3, 13), 20.0),
}
GIVEN_BY = {1: POINTS, 2: STATUS}
"""Accounts of the two standing campaigns."""


class Notebook:
    """What the chain has given, used and taken, as its bookkeeper would note it."""

    def __init__(self) -> None:
        self.minted, self.burned, self.held = Counter[int](), Counter[int](), Counter[str]()
        self.status: list[tuple[str, int, int]] = []
        """Whose, when they expire, how many."""
        self.orders = Counter[str]()
        self.coupons_given = self.coupons_used = 0

    def mint(self, who: str, points: int, account: int = POINTS) -> None:
        self.minted[account] += points
        if account == POINTS:
            self.held[who] += points

    def burn(self, who: str, points: int, account: int = POINTS) -> None:
        self.burned[account] += points
        if account == POINTS:
            self.held[who] -= points

    def earn(self, who: str, points: int, made_at: str) -> None:
        """An order of so many points: to spend, and for the tier."""
        self.mint(who, points)
        self.mint(who, points, STATUS)
        self.status.append((who, add_months(parse_instant_ms(made_at), STATUS_MONTHS), points))

    def give_back(self, who: str, points: int, of: int) -> None:
        """Points of an order that came back, which was the latest of so many points."""
        self.burn(who, points)
        self.burn(who, points, STATUS)
        place = max(n for n, (owner, _, there) in enumerate(self.status) if (owner, there) == (who, of))
        self.status[place] = (who, self.status[place][1], of - points)

    def status_left(self, who: str, now: str) -> int:
        return sum(
            points for owner, expires_ms, points in self.status if owner == who and expires_ms > parse_instant_ms(now)
        )


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Organization, Organization]]:
    with opened(tmp_path_factory.mktemp("coffee")) as both:
        yield both


def set_up(chain: Organization) -> None:
    """Points to spend, status that fades, three tiers, and what an order is worth."""
    chain.post(
        "/ledgers/1/accounts",
        name="Status",
        active=True,
        isRevolving=False,
        syncAlgorand=False,
        pointTrackingEnabled=True,
        expiresInMonths=STATUS_MONTHS,
    )
    chain.put(
        "/loyalty-programs/1",
        active=True,
        name="Harbour Club",
        description="Ten points for each unit.",
        ledgerId=1,
        mainLedgerAccountId=POINTS,
        tierPointsLedgerAccountId=STATUS,
        setAsDefault=True,
    )
    for name, points, place in (("Mate", 500, 2), ("Skipper", 1_500, 3)):
        chain.post("/loyalty-programs/1/tiers", name=name, active=True, minRequiredPoints=points, tierOrder=place)
    confirmed = {"loyaltyProgramId": 1, "eventType": "member-purchase-order-confirmed"}
    chain.post("/campaigns", name="Points", code="points", smartRewards={"pointsPerCurrencyUnit": 10}, **confirmed)
    chain.post(
        "/campaigns",
        name="Status",
        code="status",
        **confirmed,
        smartRewards={"pointsPerCurrencyUnit": 10, "ledgerId": 1, "ledgerAccountId": STATUS},
    )
    chain.post(
        "/missions",
        loyaltyProgramId=1,
        name="Five visits",
        code="five-visits",
        eventType="member-purchase-order-confirmed",
        goalCount=5,
        maxRepetitions=2,
        pointsAccrual=100,
        tags=["visits"],
    )
    chain.post(
        "/referral-programs",
        name="Friends",
        code="friends",
        active=True,
        maxPerCode=5,
        maxReferralsPerMember=5,
        loyaltyProgramId=1,
        eventType="member-purchase-order-confirmed",
        referrerPointsAccrual=50,
        referredPointsAccrual=20,
    )
    chain.post(
        "/coupon-books",
        name="A cup on the house",
        type="product",
        publishingStatus="published",
        loyaltyProgramId=1,
        assignmentRequiredPoints=150,
        discountAmount=3.5,
        discountType="fixed",
        maxAssignedPerCoupon=1,
        tags=["cups"],
        requiredPointsConfig={},
        content={"text": "This one is on us."},
        locale="en",
    )
    chain.post("/coupon-books/1/coupons", codes=[f"CUP-{n}" for n in range(1, 11)])


def visit(chain: Organization, note: Notebook, people: dict[str, dict[str, Any]], who: str, month: int) -> None:
    """An order, and what has to come of it."""
    points = int(VISITS[who][1] * 10)
    done = chain.order(
        people[who], f"{who}-{month}", VISITS[who][1], items=[{"sku": "coffee", "price": VISITS[who][1]}]
    )
    note.orders[who] += 1
    note.earn(who, points, done["order"]["createdAt"])
    effects = done["evaluationResults"]["effects"]
    by_campaign = {effect["sourceId"]: effect["data"]["amount"] for effect in effects if effect["source"] == "campaign"}
    assert by_campaign == {1: points, 2: points}
    friends = {
        effect["data"]["memberId"]: effect["data"]["amount"]
        for effect in effects
        if effect["source"] == "referral-program"
    }
    if (who, note.orders[who]) == ("bo", 1):
        assert friends == {people["lena"]["memberId"]: 50, people["bo"]["memberId"]: 20}
        note.mint("lena", 50)
        note.mint("bo", 20)
    else:
        assert friends == {}
    mission = [
        effect["data"]["amount"]
        for effect in effects
        if effect["source"] == "mission" and effect["effectId"] == "mint-points"
    ]
    if note.orders[who] in (5, 10):
        assert mission == [100]
        note.mint(who, 100)
    else:
        assert mission == []


def bring_back(
    chain: Organization, note: Notebook, people: dict[str, dict[str, Any]], who: str, month: int, kept: float
) -> None:
    """Some of an order comes back, and its points with it."""
    status = "partially-returned" if kept else "returned"
    total = kept or VISITS[who][1]
    done = chain.order(people[who], f"{who}-{month}", total, status)
    lost = int((VISITS[who][1] - kept) * 10)
    assert [(effect["effectId"], effect["data"]["amount"]) for effect in done["evaluationResults"]["effects"]] == [
        ("burn-points", lost)
    ] * 2
    note.give_back(who, lost, int(VISITS[who][1] * 10))


def go_for_cups(chain: Organization, note: Notebook, people: dict[str, dict[str, Any]], month: int) -> None:
    """Points become a cup, with a code of its own; next month it is drunk."""
    for who in ("kim", "bo") if month in (4, 8) else ():
        (usage,) = chain.post("/coupon-books/1/assign", memberId=people[who]["memberId"])["couponUsages"]
        assert usage["points"] == 150
        note.burn(who, 150)
        note.coupons_given += 1
    for who in ("kim", "bo") if month in (5, 9) else ():
        chain.post("/coupon-books/1/use", memberId=people[who]["memberId"])
        note.coupons_used += 1


def miss_a_cup(chain: Organization, note: Notebook, people: dict[str, dict[str, Any]]) -> None:
    """Zoe's cup will be too old before she comes for it, and what Lena took by mistake she gives back."""
    in_time = iso(parse_instant_ms(chain.now()) + 20 * DAY_MS)
    (late,) = chain.post("/coupon-books/1/assign", memberId=people["zoe"]["memberId"], expiredAt=in_time)[
        "couponUsages"
    ]
    note.burn("zoe", 150)
    note.coupons_given += 1
    assert late["expiredAt"] == in_time
    (mistake,) = chain.post("/coupon-books/1/assign", memberId=people["lena"]["memberId"])["couponUsages"]
    assert chain.balance(people["lena"]) == note.held["lena"] - 150
    chain.post(f"/coupon-usages/{mistake['couponUsageId']}/revert")


def live_a_month(chain: Organization, note: Notebook, people: dict[str, dict[str, Any]], month: int) -> None:
    if month == 3:
        # Bo comes by Lena's code; both are paid with his first order.
        people["bo"] = chain.join("bo", referralCode="LENA")
    for who, (months, _) in VISITS.items():
        if month in months:
            visit(chain, note, people, who, month)
    if month == 6:
        bring_back(chain, note, people, "kim", month, 0)
    if month == 8:
        bring_back(chain, note, people, "bo", month, 10.0)
    go_for_cups(chain, note, people, month)
    if month == 10:
        miss_a_cup(chain, note, people)
    if month == 11:
        assert chain.refused("POST", "/coupon-books/1/use", memberId=people["zoe"]["memberId"])[0] == 409
    for who, member in people.items():
        assert chain.balance(member) == note.held[who], (month, who)
        assert chain.balance(member, STATUS) == note.status_left(who, chain.now()), (month, who)


def test_the_year(world: tuple[Organization, Organization]) -> None:
    chain, bakery = world
    note = Notebook()
    set_up(chain)
    people = {name: chain.join(name, profile={"name": name.title()}) for name in ("lena", "kim", "zoe")}
    chain.post("/referral-programs/1/referral-codes", memberId=people["lena"]["memberId"], codes=["LENA"])
    tiers: dict[str, list[str]] = {name: ["member"] for name in VISITS}
    for month in range(1, 13):
        live_a_month(chain, note, people, month)
        chain.advance(MONTH)
        for who, member in people.items():
            if tiers[who][-1] != chain.tier(member):
                tiers[who].append(chain.tier(member))

    # Lena spent much in spring and never came again: up, and down. Kim comes for little, but always. Bo keeps what he
    # has.
    assert tiers == {
        "lena": ["member", "mate", "skipper", "mate", "member"],
        "kim": ["member", "mate"],
        "zoe": ["member"],
        "bo": ["member", "mate"],
    }
    for who, member in people.items():
        history = chain.all(f"/members/{member['memberId']}/loyalty-programs/1/tier-history")
        assert [change["loyaltyTierKey"] for change in history] == tiers[who]

    offer_to_the_bakery(chain, bakery)
    check_stats(chain, note, people)


def offer_to_the_bakery(chain: Organization, bakery: Organization) -> None:
    """The bakery may give out cups too: it gets a book of its own, and whatever it does with that is its own matter."""
    offer = chain.post("/coupon-book-offerings", partnershipId=1, offeredCouponBookId=1, status="pending")
    (received,) = bakery.get("/coupon-book-offerings")["results"]
    assert (received["status"], received["offeredCouponBook"]["name"], received["organizationId"]) == (
        "pending",
        "A cup on the house",
        7,
    )
    bakery.put(f"/coupon-book-offerings/{received['couponBookOfferingId']}/approval", approved=True)
    assert chain.get("/coupon-book-offerings")["results"][0]["status"] == "accepted"
    assert (
        chain.refused("PUT", f"/coupon-book-offerings/{offer['couponBookOfferingId']}/approval", approved=True)[0]
        == 409
    )
    copy = bakery.get("/coupon-books")["results"][0]
    assert (copy["publishingStatus"], copy["content"], copy["couponCount"]) == (
        "draft",
        {"text": "This one is on us."},
        0,
    )
    bakery.put(
        f"/coupon-books/{copy['couponBookId']}",
        publishingStatus="published",
        assignmentRequiredPoints=0,
        requiredPointsConfig={},
    )
    bakery.post(f"/coupon-books/{copy['couponBookId']}/coupons", codes=["BUN-1"])
    before = chain.get("/coupon-books/1")["couponBook"]
    bakery.post(f"/coupon-books/{copy['couponBookId']}/assign", memberId=bakery.join("baker")["memberId"])
    assert chain.get("/coupon-books/1")["couponBook"] == before


def check_stats(chain: Organization, note: Notebook, people: dict[str, dict[str, Any]]) -> None:
    """What the server counts is what the notebook says."""
    assert sum(day["count"] for day in chain.get("/stats/members/creation")["results"]) == len(people)
    orders = sum(note.orders.values())
    assert chain.get("/stats/events/member-purchase-order-confirmed")["result"]["count"] == orders
    for account in (POINTS, STATUS):
        totals = chain.get(f"/stats/ledger-accounts/{account}")["result"]
        assert totals["minted"]["amount"] == note.minted[account]
        # The cup that was given back was burned, and that was reverted.
        mistake = 150 if account == POINTS else 0
        assert (totals["burned"]["amount"], totals["reverted"]["amount"]) == (note.burned[account] + mistake, mistake)
        there = sum(chain.balance(member, account) for member in people.values())
        assert there == note.minted[account] - note.burned[account] - totals["expired"]["amount"]
    assert there == sum(note.status_left(who, chain.now()) for who in people)
    assert sum(note.held.values()) == sum(chain.balance(member) for member in people.values())

    missions = chain.get("/stats/missions/totals")["result"]
    achieved = sum(min(count // 5, 2) for count in note.orders.values())
    counted = sum(min(count, 10) for count in note.orders.values())
    assert (missions["timesAchieved"], missions["counterCount"], missions["points"]) == (
        achieved,
        counted,
        100 * achieved,
    )
    best = chain.get("/stats/missions/completions")["results"]
    assert {row["loyaltyMemberId"]: row["completions"] for row in best} == {
        who: min(count // 5, 2) for who, count in note.orders.items() if count >= 5
    }

    days = chain.get("/stats/benefits/usages")["results"]
    assert (sum(day["amountAssigned"] for day in days), sum(day["amountUsed"] for day in days)) == (
        note.coupons_given,
        note.coupons_used,
    )
    book = chain.get("/coupon-books/1")["couponBook"]
    assert (book["assignedCount"], book["usedCount"]) == (note.coupons_given, note.coupons_used)
    saved = chain.get("/stats/coupon-books/discount-amounts")["result"]
    assert (saved["usageCount"], saved["discountAmount"]) == (note.coupons_used, 3.5 * note.coupons_used)

    shown = {
        row["loyaltyTierKey"]: row["memberCount"] for row in chain.get("/stats/loyalty-programs/1/tiers")["results"]
    }
    assert shown == Counter(chain.tier(member) for member in people.values()) | {None: 0, "skipper": 0}
    (friend,) = chain.get("/referral-programs/1/members-report")["results"]
    assert (friend["referredCount"], friend["paidCount"], friend["referrerPoints"], friend["referredPoints"]) == (
        1,
        1,
        50,
        20,
    )

    # Every one of these things is in somebody's log.
    logged = Counter(kind for member in people.values() for kind in chain.log(member))
    assert logged["member-purchase-order-confirmed"] == orders
    assert (logged["coupon-code-assigned"], logged["coupon-code-used"]) == (note.coupons_given + 1, note.coupons_used)
    assert (logged["member-created"], logged["mission-status-updated"]) == (len(people), achieved)
    assert set(chain.get(f"/members/{people['bo']['memberId']}/events", limit=25)["results"][0]) >= {
        "eventId",
        "eventType",
        "data",
        "causes",
    }
