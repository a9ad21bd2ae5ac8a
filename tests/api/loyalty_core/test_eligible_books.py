"""What a member's list says of a book (`isEligible`) is what an assignment would do."""

from itertools import combinations
from typing import Any

import pytest

from models.kernel.problems import Problem
from models.loyalty_core.coupons.assigning import assign
from models.loyalty_core.coupons.input import AssignmentRequest
from tests.api.loyalty_core.conftest import LEDGER, PROGRAM, Club
from tests.api.loyalty_core.test_coupon_books import add, new_book
from tests.api.loyalty_core.test_coupons import given
from tests.api.loyalty_core.test_inactive_programs import switch

POINTS = 20
PAST, FUTURE = "2020-01-01T00:00:00Z", "2900-01-01T00:00:00Z"
TRAITS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "for its audience": ({"audienceKeys": ["nobody"]}, {}),
    "for its tier": ({"tiers": ["member"]}, {}),
    "for another tier": ({"tiers": ["gold"]}, {}),
    "under its condition": ({"condition": {"expression": "member.profile.age > 18"}}, {}),
    "under another condition": ({"condition": {"expression": "member.profile.age > 50"}}, {}),
    "not valid yet": ({"validFromDate": FUTURE}, {}),
    "not valid any more": ({"validToDate": PAST}, {}),
    "for points that there are": ({"assignmentRequiredPoints": POINTS}, {}),
    "for more points": ({"assignmentRequiredPoints": POINTS + 1}, {}),
    "for points of an account at rest": (
        {"assignmentRequiredPoints": 1, "requiredPointsConfig": {"ledgerId": LEDGER, "ledgerAccountId": 2}},
        {},
    ),
    "at the member's limit": ({"maxAssignedPerMember": 1}, {"given": 1}),
    "below the member's limit": ({"maxAssignedPerMember": 2}, {"given": 1}),
    "at its limit": ({"maxCouponCount": 1}, {"given": 1, "codes": 1}),
    "at the limit of its code": ({"maxAssignedPerCoupon": 1}, {"given": 1, "codes": 1}),
    "with all codes held": ({}, {"given": 2}),
    "without codes": ({}, {"codes": 0}),
}
NEVER_VALID = ("not valid yet", "not valid any more")
PAIRS = [(), *((name,) for name in TRAITS), *(pair for pair in combinations(TRAITS, 2) if pair != NEVER_VALID)]


class _Undone(Exception):
    pass


def _would_assign(club: Club, member_id: int, book_id: int) -> bool:
    """Whether an assignment of one coupon succeeds; it is undone."""
    unit = club.unit()
    try:
        with unit.transaction():
            assign(unit, book_id, AssignmentRequest(member_id, count=1))
            raise _Undone
    except _Undone:
        return True
    except Problem:
        return False


def _book(club: Club, traits: tuple[str, ...]) -> int:
    """A book of whose coupons the member has some already, as its traits say."""
    members: dict[str, Any] = {}
    history: dict[str, int] = {}
    for name in traits:
        members, history = {**members, **TRAITS[name][0]}, {**history, **TRAITS[name][1]}
    free = new_book(club, loyaltyProgramId=PROGRAM)
    number: int = free["couponBookId"]
    count = history.get("codes", 2)
    if count:
        add(club, *(f"c{place}" for place in range(count)), book=number)
    if history.get("given") and count:
        given(club, 1, book=number, numberOfCodes=min(count, history["given"]))
    config = members.pop("requiredPointsConfig", {})
    answer = club.put(f"/coupon-books/{number}", json={"requiredPointsConfig": config, **members})
    assert answer.status_code == 200, answer.text
    return number


def _listed(club: Club, **query: Any) -> dict[int, bool]:
    """`isEligible` of all books, by book."""
    found: dict[int, bool] = {}
    for page in range(100):
        rows = club.get(
            f"/loyalty-programs/{PROGRAM}/members/1/coupon-books", params={"limit": 25, "page": page}
        ).json()["results"]
        found.update({row["couponBookId"]: row["isEligible"] for row in rows})
        if len(rows) < 25:
            break
    return found


@pytest.mark.parametrize(("active", "running"), [(True, True), (False, True), (True, False)])
def test_a_book_is_eligible_where_an_assignment_would_succeed(club: Club, *, active: bool, running: bool) -> None:
    club.member(points=POINTS + 5, profile={"age": 30})
    # Points that are set aside are the member's still, and pay for nothing.
    held = {"amount": 5, "captureMethod": "manual"}
    assert club.post(f"/ledgers/{LEDGER}/accounts/1/wallets/1/burn", json=held).is_success
    club.know(audiences=["nobody"], tiers=["gold"])
    resting = {"name": "Resting", "active": False, "isRevolving": False, "syncAlgorand": False}
    resting |= {"pointTrackingEnabled": False, "expiresInMonths": 0}
    club.made(f"/ledgers/{LEDGER}/accounts", **resting)
    books = {_book(club, traits): traits for traits in (PAIRS if active and running else PAIRS[:5])}
    club.patch("/members/1", json={"active": active})
    if not running:
        switch(club, active=False)
    listed = _listed(club)
    would = {number: _would_assign(club, 1, number) for number in books}
    assert {books[number] for number in books if listed[number] != would[number]} == set()
    assert set(would.values()) == ({True, False} if active and running else {False})
