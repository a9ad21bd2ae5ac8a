"""Giving out coupons, using them, taking both back: who may, how often, for how many points."""

from typing import Any

import httpx2
import pytest

from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.test_coupon_books import UNKNOWN, add, new_book, put
from tests.api.loyalty_core.test_tiers import new_tier
from tests.support.refusals import assert_refused


def assign(club: Club, member: int = 1, book: int = 1, **members: Any) -> httpx2.Response:
    return club.post(f"/coupon-books/{book}/assign", json={"memberId": member, **members})


def use(club: Club, member: int = 1, book: int = 1, **members: Any) -> httpx2.Response:
    return club.post(f"/coupon-books/{book}/use", json={"memberId": member, **members})


def revert(club: Club, usage: int) -> httpx2.Response:
    return club.post(f"/coupon-usages/{usage}/revert")


def given(club: Club, *arguments: Any, **members: Any) -> list[dict[str, Any]]:
    answer = assign(club, *arguments, **members)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["couponUsages"]
    return rows


def used(club: Club, *arguments: Any, **members: Any) -> dict[str, Any]:
    answer = use(club, *arguments, **members)
    assert answer.status_code == 200, answer.text
    [row] = answer.json()["couponUsages"]
    found: dict[str, Any] = row
    return found


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["couponCode"] for row in rows]


def counts(club: Club, book: int = 1) -> tuple[int, int]:
    """(given out, used) of a book; its coupons have to add up to the same."""
    row = club.get(f"/coupon-books/{book}").json()["couponBook"]
    coupons = club.get(f"/coupon-books/{book}/coupons", params={"limit": 25}).json()["results"]
    both = sum(one["assignedCount"] for one in coupons), sum(one["usedCount"] for one in coupons)
    assert both == (row["assignedCount"], row["usedCount"])
    return both


def mine(club: Club, member: int = 1, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = club.get(f"/loyalty-programs/1/members/{member}/coupons", params=query).json()[
        "results"
    ]
    return rows


def pending(club: Club, wallet: int, amount: int, account: int = ACCOUNT) -> str:
    [row] = club.post(
        f"/ledgers/{LEDGER}/accounts/{account}/wallets/{wallet}/burn",
        json={"amount": amount, "captureMethod": "manual"},
    ).json()["transactions"]
    found: str = row["ledgerTransactionId"]
    return found


class TestAssign:
    def test_one_code_unless_more_are_asked_for(self, club: Club) -> None:
        new_book(club, 3)
        member = club.member()["memberId"]
        [row] = given(club, member)
        assert {name: row[name] for name in row if not name.endswith("At")} == {
            "couponUsageId": 1,
            "organizationId": club.id,
            "type": "assignment",
            "status": "assigned",
            "couponBookId": 1,
            "couponId": 1,
            "couponCode": "c1",
            "memberId": member,
            "assignmentCouponUsageId": None,
            "amountAssigned": 1,
            "amountUsed": 0,
            "points": 0,
            "ledgerTransactionId": None,
            "systemUniqueKey": None,
            "customAttributes": {},
        }
        assert (row["expiredAt"], row["revertedAt"], row["createdAt"]) == (None, None, row["updatedAt"])
        assert mine(club) == [row]
        [event] = club.events("coupon-code-assigned")
        assert (event["memberId"], event["data"]) == (member, row)

    def test_everything_that_can_be_said(self, club: Club) -> None:
        new_book(club, 3)
        club.member()
        until = iso(club.now_ms + DAY_MS)
        rows = given(
            club,
            numberOfCodes=2,
            amount=1_000_000,
            strictMode=True,
            expiredAt=until,
            customAttributes={"ü": [1e22]},
            systemUniqueKeys=["é" * 255, "b"],
        )
        assert codes(rows) == ["c1", "c2"]
        assert {(row["amountAssigned"], row["expiredAt"], str(row["customAttributes"])) for row in rows} == {
            (1_000_000, until, "{'ü': [1e+22]}")
        }
        assert [row["systemUniqueKey"] for row in rows] == ["é" * 255, "b"]

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        new_book(club, 3)
        club.member()
        count = [0, -1, 1.5, "1", 1_000_001]
        wrong: dict[str, list[Any]] = {
            "memberId": [None, "1", 1.5],
            "numberOfCodes": [*count, 1001],
            "amount": count,
            "customAttributes": [[]],
            "codes": [[], [""], ["x" * 256], ["c1", "c1"], [f"c{n}" for n in range(1001)]],
            "strictMode": ["yes"],
            "expiredAt": ["", "2026-01-01"],
            "pendingCaptureLedgerTransactionId": [5, "", "x" * 256],
            "systemUniqueKeys": [[], [""], ["x" * 256], ["a", "a"]],
        }
        single: dict[str, list[Any]] = {
            name: wrong[name]
            for name in ("memberId", "amount", "customAttributes", "strictMode", "pendingCaptureLedgerTransactionId")
        }
        single["systemUniqueKey"] = ["", "x" * 256, 5]
        for path, members in (("/assign", wrong), ("/coupons/1/assign", single)):
            for name, values in members.items():
                for value in values:
                    status, message = refusal(club.post(f"/coupon-books/1{path}", json={"memberId": 1, name: value}))
                    assert (status, name in message) == (400, True), (name, value, message)
            assert_wrong(club.post(f"/coupon-books/1{path}", json={}), "memberId")
        assert refusal(assign(club, expiredAt=iso(club.now_ms))) == (
            400,
            "/expiredAt: expiredAt must be in the future.",
        )
        assert counts(club) == (0, 0)

    def test_named_codes_are_given_in_their_order(self, club: Club) -> None:
        new_book(club, 3)
        club.member()
        assert codes(given(club, codes=["c3", "c1"], numberOfCodes=7)) == ["c3", "c1"]
        assert refusal(assign(club, codes=["c2", "C2"])) == (
            404,
            "/codes/1: The coupon book 1 has no coupon with the code C2.",
        )
        [row] = club.post(
            "/coupon-books/1/coupons/2/assign", json={"memberId": 1, "amount": 4, "systemUniqueKey": "k"}
        ).json()["couponUsages"]
        assert (row["couponCode"], row["amountAssigned"], row["systemUniqueKey"]) == ("c2", 4, "k")
        assert counts(club) == (3, 0)

    def test_the_least_given_out_come_first(self, club: Club) -> None:
        new_book(club, 3, maxAssignedPerCoupon=2)
        for name in "abcd":
            club.member(name)
        assert [codes(given(club, number, numberOfCodes=2)) for number in (1, 2, 3)] == [
            ["c1", "c2"],
            ["c3", "c1"],
            ["c2", "c3"],
        ]
        assert refusal(assign(club, 4)) == (409, "The coupon book 1 has 0 coupons left for the member 4, not 1.")

    def test_a_member_has_a_code_once_at_a_time(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        given(club)
        for answer in (assign(club, codes=["c1"]), club.post("/coupon-books/1/coupons/1/assign", json={"memberId": 1})):
            assert refusal(answer) == (
                409,
                "Of the coupons asked for, 0 can be given to the member 1: the others are taken.",
            )
        assert coded(assign(club)) == (409, "COUPONS_EXHAUSTED")
        used(club)
        assert codes(given(club)) == ["c1"]
        assert counts(club) == (2, 1)

    def test_strict_is_all_or_none(self, club: Club) -> None:
        new_book(club, 3)
        club.member()
        assert refusal(assign(club, numberOfCodes=4, strictMode=True)) == (
            409,
            "The coupon book 1 has 3 coupons left for the member 1, not 4.",
        )
        given(club, codes=["c2"])
        assert coded(assign(club, codes=["c1", "c2"], strictMode=True)) == (409, "COUPONS_TAKEN")
        assert counts(club) == (1, 0)
        assert codes(given(club, numberOfCodes=4)) == ["c1", "c3"]
        assert coded(assign(club, numberOfCodes=4)) == (409, "COUPONS_EXHAUSTED")
        assert len(club.events("coupon-code-assigned")) == 3

    def test_limit_of_a_member(self, club: Club) -> None:
        new_book(club, 5, maxAssignedPerMember=2)
        for name in "ab":
            club.member(name)
        assert refusal(assign(club, numberOfCodes=3, strictMode=True)) == (
            409,
            "The member 1 may have 2 more coupons of the book 1, not 3.",
        )
        first = given(club, numberOfCodes=3)
        assert codes(first) == ["c1", "c2"]
        assert refusal(assign(club)) == (409, "The member 1 may have 0 more coupons of the book 1, not 1.")
        used(club, code="c1")
        assert coded(assign(club)) == (409, "COUPON_LIMIT_REACHED")
        assert len(given(club, 2, numberOfCodes=2)) == 2
        revert(club, first[1]["couponUsageId"])
        assert codes(given(club)) == ["c2"]

    def test_limit_of_a_coupon(self, club: Club) -> None:
        new_book(club, 1, maxAssignedPerCoupon=2)
        for name in "abc":
            club.member(name)
        for number in (1, 2):
            given(club, number)
        for answer in (
            assign(club, 3),
            assign(club, 3, codes=["c1"]),
            club.post("/coupon-books/1/coupons/1/assign", json={"memberId": 3}),
        ):
            assert refusal(answer)[0] == 409
        put(club, maxAssignedPerCoupon=3)
        given(club, 3)
        assert counts(club) == (3, 0)

    def test_limit_of_a_book(self, club: Club) -> None:
        new_book(club, 1, maxCouponCount=2)
        for name in "abc":
            club.member(name)
        rows = [given(club, number)[0] for number in (1, 2)]
        assert refusal(assign(club, 3)) == (409, "The member 3 may have 0 more coupons of the book 1, not 1.")
        revert(club, rows[0]["couponUsageId"])
        given(club, 3)
        assert counts(club) == (2, 0)

    def test_of_nothing_nobody_gets_anything(self, club: Club) -> None:
        new_book(club)
        new_book(club, maxAssignedPerMember=0)
        new_book(club, maxAssignedPerCoupon=0)
        for book in (2, 3):
            add(club, "x", book=book)
        club.member()
        assert [assign(club, 1, book).status_code for book in (1, 2, 3)] == [409, 409, 409]

    def test_only_from_published_books(self, club: Club) -> None:
        for number, status in enumerate(("draft", "disabled", "published"), 1):
            new_book(club, publishingStatus=status)
            add(club, "x", book=number)
        club.member()
        assert [assign(club, 1, book).status_code for book in (1, 2, 3)] == [409, 409, 200]
        assert refusal(assign(club))[1] == "The coupon book 1 is draft, not published."
        assert assign(club).json()["code"] == "COUPON_BOOK_NOT_PUBLISHED"
        put(club, 3, publishingStatus="disabled")
        assert refusal(use(club, 1, 3)) == (409, "The coupon book 3 is disabled, not published.")
        put(club, 3, publishingStatus="published")
        used(club, 1, 3)

    def test_only_while_the_book_is_valid(self, club: Club) -> None:
        new_book(club, 1, validFromDate=iso(club.now_ms + DAY_MS), validToDate=iso(club.now_ms + 2 * DAY_MS))
        club.member()
        assert refusal(assign(club)) == (409, "The coupon book 1 is not valid yet.")
        club.advance(DAY_MS)
        given(club, amount=2)
        used(club)
        club.advance(DAY_MS)
        expected = (409, "The coupon book 1 is not valid any more.")
        assert refusal(assign(club)) == refusal(use(club)) == expected

    def test_only_active_members(self, club: Club) -> None:
        new_book(club, 2)
        club.member()
        given(club)
        club.patch("/members/1", json={"active": False})
        assert refusal(assign(club)) == refusal(use(club)) == (409, "The member 1 is not active.")

    def test_only_members_of_its_tiers(self, club: Club) -> None:
        new_tier(club, name="Gold", minRequiredPoints=100)
        club.know(tiers=["silver"])
        new_book(club, 2, tiers=["gold", "silver"])
        club.member(points=99)
        assert refusal(assign(club)) == (409, "The coupon book 1 is not for the member 1.")
        club.post(f"/ledgers/{LEDGER}/wallets/1/mint", json={"amount": 1})
        given(club)

    def test_only_members_who_meet_its_condition(self, club: Club) -> None:
        new_book(club, 5, condition={"expression": "member.profile.age >= 18"})
        for name, age in (("a", 17), ("b", 18), ("c", "old"), ("d", None)):
            club.member(name, profile={"age": age})
        assert [assign(club, number).status_code for number in (1, 2, 3, 4)] == [409, 200, 409, 409]

    def test_only_members_of_its_audiences(self, club: Club) -> None:
        for name in "ab":
            club.member(name)
        for number in (1, 2):
            club.made(
                "/audiences",
                name=f"Only {number}",
                active=True,
                organizationId=club.id,
                matcherType="list-matcher",
                matcher={"memberIds": [number]},
            )
        club.know(audiences=["nobody"])
        new_book(club, 5, audienceKeys=["only-1", "nobody"])
        assert [assign(club, number).status_code for number in (1, 2)] == [200, 409]
        put(club, audienceKeys=["only-1", "only-2"], condition={"expression": "member.memberId == 1"})
        assert [assign(club, number).status_code for number in (1, 2)] == [200, 409]
        put(club, condition={})
        assert assign(club, 2).status_code == 200

    def test_an_unknown_member_is_not_found(self, club: Club, other_club: Club) -> None:
        new_book(club, 1)
        other_club.member()
        for unknown in (*UNKNOWN, 1):
            for verb in ("assign", "use"):
                for path in (verb, f"coupons/1/{verb}"):
                    assert refusal(club.post(f"/coupon-books/1/{path}", json={"memberId": unknown})) == (
                        404,
                        f"/memberId: There is no member {unknown}.",
                    )

    def test_an_unknown_coupon_is_not_found(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        for unknown in UNKNOWN:
            for verb in ("assign", "use"):
                assert refusal(club.post(f"/coupon-books/1/coupons/{unknown}/{verb}", json={"memberId": 1})) == (
                    404,
                    f"The coupon book 1 has no coupon {unknown}.",
                )
        assert refusal(use(club, code="x")) == (404, "/code: The coupon book 1 has no coupon with the code x.")


class TestUse:
    def test_it_takes_one_use(self, club: Club) -> None:
        new_book(club, 1, discountAmount=2.5, discountType="fixed")
        member = club.member()["memberId"]
        [assignment] = given(club, amount=2, expiredAt=iso(club.now_ms + DAY_MS))
        row = used(club, customAttributes={"ü": 1}, systemUniqueKey="k")
        assert {name: row[name] for name in row if not name.endswith("At")} == {
            "couponUsageId": 2,
            "organizationId": club.id,
            "type": "use",
            "status": "used",
            "couponBookId": 1,
            "couponId": 1,
            "couponCode": "c1",
            "memberId": member,
            "assignmentCouponUsageId": 1,
            "amountAssigned": 0,
            "amountUsed": 1,
            "points": 0,
            "ledgerTransactionId": None,
            "systemUniqueKey": "k",
            "customAttributes": {"ü": 1},
        }
        assert row["expiredAt"] == assignment["expiredAt"]
        [left] = mine(club)
        assert (left["status"], left["amountUsed"]) == ("assigned", 1)
        club.made("/coupon-books/1/coupons/1/use", memberId=1)
        [left] = mine(club)
        assert (left["status"], left["amountUsed"]) == ("used", 2)
        assert refusal(use(club)) == (409, "The member 1 has no coupon of the book 1 left to use.")
        assert counts(club) == (1, 2)
        [event, _] = club.events("coupon-code-used")
        assert (event["memberId"], event["data"]) == (member, row)
        [benefit, _] = club.events("benefit-used")
        assert (benefit["data"]["couponUsage"], benefit["data"]["couponBook"]["discountAmount"]) == (row, 2.5)

    def test_one_coupon_answers_alone(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        given(club)
        answer = club.post("/coupon-books/1/coupons/1/use", json={"memberId": 1, "customAttributes": {"a": 1}})
        assert (answer.status_code, list(answer.json())) == (200, ["couponUsage"])
        assert answer.json()["couponUsage"]["customAttributes"] == {"a": 1}

    def test_without_a_code_what_expires_first_goes_first(self, club: Club) -> None:
        new_book(club, 4)
        club.member()
        for code, days in (("c1", None), ("c2", 9), ("c3", 2), ("c4", 9)):
            given(
                club,
                codes=[code],
                **({} if days is None else {"expiredAt": iso(club.now_ms - club.now_ms % DAY_MS + days * DAY_MS)}),
            )
        assert [used(club)["couponCode"] for _ in range(4)] == ["c3", "c2", "c4", "c1"]

    def test_only_what_the_member_has(self, club: Club) -> None:
        new_book(club, 2)
        for name in "ab":
            club.member(name)
        given(club, 1, codes=["c1"])
        reason = "has no coupon with the code {} of the book 1 left to use."
        assert refusal(use(club, 2, code="c1")) == (409, f"The member 2 {reason.format('c1')}")
        assert refusal(use(club, 1, code="c2")) == (409, f"The member 1 {reason.format('c2')}")
        assert coded(club.post("/coupon-books/1/coupons/2/use", json={"memberId": 1})) == (409, "NO_COUPON_LEFT")
        assert used(club, 1, code="c1")["couponCode"] == "c1"

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        given(club)
        wrong: dict[str, list[Any]] = {
            "memberId": [None, "1", 1.5],
            "code": ["", "x" * 256, 5],
            "customAttributes": [[]],
            "systemUniqueKey": ["", "x" * 256, 5],
            "pendingCaptureLedgerTransactionId": ["", 5, "x" * 256],
        }
        for path in ("/use", "/coupons/1/use"):
            for name, values in wrong.items():
                if name != "code" or path == "/use":
                    for value in values:
                        status, message = refusal(
                            club.post(f"/coupon-books/1{path}", json={"memberId": 1, name: value})
                        )
                        assert (status, name in message) == (400, True), (name, value, message)
            assert_wrong(club.post(f"/coupon-books/1{path}", json={}), "memberId")
        assert counts(club) == (1, 0)


class TestExpiry:
    def test_what_is_over_cannot_be_used(self, club: Club) -> None:
        new_book(club, 2)
        club.member()
        given(club, numberOfCodes=2, amount=2, expiredAt=iso(club.now_ms + DAY_MS))
        used(club, code="c1")
        club.advance(DAY_MS + 1000)
        assert [(row["status"], row["amountUsed"]) for row in mine(club)] == [("expired", 1), ("expired", 0)]
        assert refusal(use(club)) == (409, "The member 1 has no coupon of the book 1 left to use.")
        assert counts(club) == (2, 1)
        assert club.events("coupon-code-used")[1:] == []

    def test_what_was_used_up_or_taken_back_stays_so(self, club: Club) -> None:
        new_book(club, 2)
        club.member()
        rows = given(club, numberOfCodes=2, expiredAt=iso(club.now_ms + DAY_MS))
        used(club, code="c1")
        revert(club, rows[1]["couponUsageId"])
        club.advance(2 * DAY_MS)
        assert [row["status"] for row in mine(club)] == ["used"]

    def test_a_code_that_is_over_can_be_had_again(self, club: Club) -> None:
        new_book(club, 1, maxAssignedPerMember=2)
        club.member()
        given(club, expiredAt=iso(club.now_ms + DAY_MS))
        assert_refused(assign(club), 409, "COUPONS_EXHAUSTED")
        club.advance(2 * DAY_MS)
        assert codes(given(club)) == ["c1"]
        assert_refused(assign(club), 409, "COUPON_LIMIT_REACHED")

    def test_it_is_over_before_its_job_has_run(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        given(club, expiredAt=iso(club.now_ms + DAY_MS))
        club.server.runtime.sandboxes[club.tenant.sandbox_id].clock.at_ms += 2 * DAY_MS
        assert [row["status"] for row in mine(club)] == ["assigned"]
        assert mine(club, notUsedOnly="true") == []
        assert_refused(use(club), 409, "NO_COUPON_LEFT")
        assert codes(given(club)) == ["c1"]
        club.advance(0)
        assert [row["status"] for row in mine(club)] == ["expired", "assigned"]

    def test_a_use_that_is_taken_back_late_leaves_an_expired_coupon(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        given(club, expiredAt=iso(club.now_ms + DAY_MS))
        row = used(club)
        club.advance(2 * DAY_MS)
        revert(club, row["couponUsageId"])
        assert [(one["status"], one["amountUsed"]) for one in mine(club)] == [("expired", 0)]
        assert_refused(use(club), 409, "NO_COUPON_LEFT")


class TestRevert:
    def test_a_use_is_there_again(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        given(club, systemUniqueKeys=["k"])
        row = used(club)
        answer = revert(club, row["couponUsageId"])
        assert answer.status_code == 200
        [back] = answer.json()["couponUsages"]
        assert back == {**row, "status": "reverted", "updatedAt": back["updatedAt"], "revertedAt": back["updatedAt"]}
        [left] = mine(club)
        assert (left["status"], left["amountUsed"]) == ("assigned", 0)
        assert counts(club) == (1, 0)
        assert refusal(revert(club, row["couponUsageId"])) == (409, "The coupon usage 2 was reverted already.")
        assert used(club)["couponUsageId"] == 3
        assert counts(club) == (1, 1)

    def test_an_assignment_goes_with_its_uses(self, club: Club) -> None:
        new_book(club, 1, maxAssignedPerCoupon=1)
        for name in "ab":
            club.member(name)
        given(club, amount=3)
        uses = [used(club)["couponUsageId"] for _ in range(3)]
        revert(club, uses[0])
        back = revert(club, 1).json()["couponUsages"]
        assert [(row["couponUsageId"], row["status"]) for row in back] == [
            (1, "reverted"),
            (uses[1], "reverted"),
            (uses[2], "reverted"),
        ]
        assert (counts(club), mine(club)) == ((0, 0), [])
        assert refusal(revert(club, uses[1]))[0] == refusal(revert(club, 1))[0] == 409
        assert codes(given(club, 2)) == ["c1"]

    def test_from_books_that_are_over_too(self, club: Club) -> None:
        new_book(club, 1, assignmentRequiredPoints=5)
        wallet = club.member(points=5)["walletId"]
        given(club)
        put(club, publishingStatus="archived")
        assert revert(club, 1).status_code == 200
        assert club.points(wallet) == (5, 5)

    def test_an_unknown_usage_is_not_found(self, club: Club, other_club: Club) -> None:
        new_book(other_club, 1)
        other_club.member()
        given(other_club)
        for unknown in (*UNKNOWN, 1):
            assert refusal(revert(club, unknown)) == (404, f"There is no coupon usage {unknown}.")
        assert coded(revert(club, 2**63)) == (400, "VALIDATION_FAILED")
        assert [row["status"] for row in mine(other_club)] == ["assigned"]


class TestOnce:
    def test_the_same_call_gives_nothing_again(self, club: Club) -> None:
        new_book(club, 5)
        club.member()
        body = {"numberOfCodes": 2, "systemUniqueKeys": ["a", "b"], "customAttributes": {"x": 1}}
        first = given(club, **body)
        used(club, code="c1")
        assert given(club, **body) == first
        put(club, publishingStatus="disabled")
        assert given(club, **body) == first
        assert (counts(club), len(club.events("coupon-code-assigned"))) == ((2, 1), 2)
        for other in (
            {"numberOfCodes": 2, "systemUniqueKeys": ["a", "b"]},
            {"systemUniqueKeys": ["a"]},
            {"systemUniqueKeys": ["b"]},
            {**body, "systemUniqueKeys": ["b", "a"]},
            {**body, "systemUniqueKeys": ["b", "new"]},
        ):
            status, message = refusal(assign(club, **other))
            assert (status, "was used before with other input" in message) == (409, True)

    def test_fewer_than_asked_for_are_answered_alike(self, club: Club) -> None:
        new_book(club, 1)
        club.member()
        body = {"numberOfCodes": 3, "systemUniqueKeys": ["a", "b", "c"]}
        first = given(club, **body)
        assert [row["systemUniqueKey"] for row in first] == ["a"]
        add(club, "c2", "c3")
        assert given(club, **body) == first

    def test_each_code_has_a_key(self, club: Club) -> None:
        new_book(club, 3)
        club.member()
        for body in (
            {"systemUniqueKeys": ["a", "b"]},
            {"systemUniqueKeys": ["a"], "numberOfCodes": 2},
            {"systemUniqueKeys": ["a"], "codes": ["c1", "c2"]},
        ):
            assert coded(assign(club, **body)) == (400, "UNIQUE_KEYS_UNCOUNTED")
        assert counts(club) == (0, 0)

    def test_a_use_is_done_once(self, club: Club) -> None:
        new_book(club, 2, usageRequiredPoints=5)
        wallet = club.member(points=10)["walletId"]
        given(club, amount=3)
        first = used(club, systemUniqueKey="k")
        assert used(club, systemUniqueKey="k") == first
        assert (counts(club), club.points(wallet)[0]) == ((1, 1), 5)
        assert refusal(use(club, systemUniqueKey="k", code="c1")) == (
            409,
            "The systemUniqueKey k was used before with other input.",
        )
        assert coded(assign(club, systemUniqueKeys=["k"])) == (409, "SYSTEM_UNIQUE_KEY_REUSED")
        assert coded(club.post("/coupon-books/1/coupons/1/use", json={"memberId": 1, "systemUniqueKey": "k"})) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )
        revert(club, first["couponUsageId"])
        assert used(club, systemUniqueKey="k") == first
        assert (counts(club), club.points(wallet)[0]) == ((1, 0), 10)

    def test_one_coupon_is_given_once(self, club: Club) -> None:
        new_book(club, 2)
        club.member()
        answers = [
            club.post("/coupon-books/1/coupons/2/assign", json={"memberId": 1, "systemUniqueKey": "k"})
            for _ in range(2)
        ]
        assert answers[0].json() == answers[1].json()
        assert coded(club.post("/coupon-books/1/coupons/1/assign", json={"memberId": 1, "systemUniqueKey": "k"})) == (
            409,
            "SYSTEM_UNIQUE_KEY_REUSED",
        )
        assert counts(club) == (1, 0)

    def test_keys_are_the_organizations(self, club: Club, other_club: Club) -> None:
        for one in (club, other_club):
            new_book(one, 1)
            one.member()
            given(one, systemUniqueKeys=["k"])


class TestPoints:
    def test_assigning_burns_for_each_code(self, club: Club) -> None:
        new_book(club, 5, assignmentRequiredPoints=10)
        wallet = club.member(points=35)["walletId"]
        rows = given(club, numberOfCodes=3)
        assert (club.points(wallet), {row["points"] for row in rows}) == ((5, 5), {10})
        assert len({row["ledgerTransactionId"] for row in rows}) == 3
        status, message = refusal(assign(club))
        assert (status, message) == (400, f"Wallet {wallet} has 5 points to spend and 10 are asked for.")
        assert (counts(club), club.points(wallet)) == ((3, 0), (5, 5))
        revert(club, rows[1]["couponUsageId"])
        assert (counts(club), club.points(wallet)) == ((2, 0), (15, 15))

    def test_too_few_points_for_all_are_none_for_any_in_strict_mode(self, club: Club) -> None:
        new_book(club, 5, assignmentRequiredPoints=10)
        wallet = club.member(points=25)["walletId"]
        for members in ({"numberOfCodes": 3}, {"codes": ["c5", "c1", "c2"]}):
            answer = assign(club, strictMode=True, **members)
            assert coded(answer) == (400, "NOT_ENOUGH_POINTS")
            assert refusal(answer)[1] == f"Wallet {wallet} has 25 points to spend and 30 are asked for."
        assert (counts(club), club.points(wallet), club.events("coupon-code-assigned")) == ((0, 0), (25, 25), [])

    def test_without_strict_mode_as_many_are_given_as_can_be_paid_for_and_one_at_least(self, club: Club) -> None:
        new_book(club, 5, assignmentRequiredPoints=10)
        wallet = club.member(points=25)["walletId"]
        assert codes(given(club, numberOfCodes=3)) == ["c1", "c2"]
        assert (counts(club), club.points(wallet)) == ((2, 0), (5, 5))
        assert coded(assign(club, numberOfCodes=3)) == (400, "NOT_ENOUGH_POINTS")
        assert (counts(club), club.points(wallet)) == ((2, 0), (5, 5))

    def test_without_strict_mode_points_set_aside_pay_for_as_many_as_they_suffice_for(self, club: Club) -> None:
        new_book(club, 5, assignmentRequiredPoints=10)
        wallet = club.member(points=50)["walletId"]
        aside = pending(club, wallet, 25)
        assert codes(given(club, numberOfCodes=4, pendingCaptureLedgerTransactionId=aside)) == ["c1", "c2"]
        assert club.points(wallet) == (30, 30)

    def test_a_key_belongs_to_its_code_where_the_code_before_it_cannot_be_given(self, club: Club) -> None:
        new_book(club, 3)
        club.member()
        given(club, codes=["c1"])
        [row] = given(club, codes=["c1", "c2"], systemUniqueKeys=["first", "second"])
        assert (row["couponCode"], row["systemUniqueKey"]) == ("c2", "second")

    def test_using_burns_and_taking_back_restores(self, club: Club) -> None:
        new_book(club, 1, usageRequiredPoints=10, assignmentRequiredPoints=1)
        wallet = club.member(points=12)["walletId"]
        given(club, amount=2)
        row = used(club)
        assert (club.points(wallet)[0], row["points"]) == (1, 10)
        assert coded(use(club)) == (400, "NOT_ENOUGH_POINTS")
        assert counts(club) == (1, 1)
        revert(club, row["couponUsageId"])
        assert club.points(wallet) == (11, 11)
        used(club)
        revert(club, 1)
        assert club.points(wallet) == (12, 12)

    def test_points_come_back_as_old_as_they_were(self, club: Club) -> None:
        account = club.made(
            f"/ledgers/{LEDGER}/accounts",
            name="Tracked",
            active=True,
            isRevolving=False,
            syncAlgorand=False,
            pointTrackingEnabled=True,
            expiresInMonths=1,
        )["ledgerAccountId"]
        new_book(club, 1, assignmentRequiredPoints=10, requiredPointsConfig={"ledgerAccountId": account})
        wallet = club.member()["walletId"]
        for _ in range(2):
            club.made(f"/ledgers/{LEDGER}/accounts/{account}/wallets/{wallet}/mint", amount=10)
            club.advance(20 * DAY_MS)
        # The first ten have expired by now, so that the second ten pay.
        assert club.points(wallet, account)[0] == 10
        given(club)
        revert(club, 1)
        assert club.points(wallet, account)[0] == 10
        club.advance(15 * DAY_MS)
        assert club.points(wallet, account)[0] == 0

    def test_a_book_of_no_program_takes_points_of_the_default_programs_main_account(self, club: Club) -> None:
        new_book(club, 1, assignmentRequiredPoints=10)
        member = club.member(points=10)
        rules = {"active": True, "isRevolving": True, "syncAlgorand": False}
        main = club.made(f"/ledgers/{LEDGER}/accounts", name="Main", **rules)["ledgerAccountId"]
        program = {"active": True, "name": "Club", "ledgerId": LEDGER, "description": "Ours", "setAsDefault": True}
        assert (
            club.put(f"/loyalty-programs/{PROGRAM}", json={**program, "mainLedgerAccountId": main}).status_code == 200
        )
        assert coded(assign(club)) == (400, "NOT_ENOUGH_POINTS")
        club.made(f"/ledgers/{LEDGER}/accounts/{main}/wallets/{member['walletId']}/mint", amount=10)
        given(club)
        assert (club.points(member["walletId"]), club.points(member["walletId"], main)) == ((10, 10), (0, 0))

    def test_a_pending_transaction_pays_for_all(self, club: Club) -> None:
        new_book(club, 5, assignmentRequiredPoints=10)
        wallet = club.member(points=50)["walletId"]
        key = pending(club, wallet, 45)
        rows = given(club, numberOfCodes=3, pendingCaptureLedgerTransactionId=key)
        assert {row["ledgerTransactionId"] for row in rows} == {key}
        assert club.points(wallet) == (20, 20)
        back = revert(club, rows[1]["couponUsageId"]).json()["couponUsages"]
        assert sorted(row["couponUsageId"] for row in back) == [row["couponUsageId"] for row in rows]
        assert (club.points(wallet), counts(club)) == ((50, 50), (0, 0))

    def test_a_pending_transaction_pays_for_a_use(self, club: Club) -> None:
        new_book(club, 1, usageRequiredPoints=10)
        wallet = club.member(points=30)["walletId"]
        given(club, amount=3)
        keys = [pending(club, wallet, 10), pending(club, wallet, 10)]
        row = used(club, pendingCaptureLedgerTransactionId=keys[0])
        one = club.post(
            "/coupon-books/1/coupons/1/use", json={"memberId": 1, "pendingCaptureLedgerTransactionId": keys[1]}
        ).json()["couponUsage"]
        assert ([row["ledgerTransactionId"], one["ledgerTransactionId"]], club.points(wallet)) == (keys, (10, 10))
        assert refusal(use(club, pendingCaptureLedgerTransactionId=keys[0])) == (
            409,
            f"/pendingCaptureLedgerTransactionId: The transaction {keys[0]} is posted, and only a pending one can be captured.",
        )
        revert(club, row["couponUsageId"])
        assert club.points(wallet) == (20, 20)

    def test_transactions_that_cannot_pay(self, club: Club) -> None:
        account = club.made(
            f"/ledgers/{LEDGER}/accounts", name="Other", active=True, isRevolving=False, syncAlgorand=False
        )["ledgerAccountId"]
        new_book(club, 5, assignmentRequiredPoints=10)
        wallets = [club.member(name, points=100)["walletId"] for name in "ab"]
        club.made(f"/ledgers/{LEDGER}/accounts/{account}/wallets/{wallets[0]}/mint", amount=10)
        cases = {
            pending(club, wallets[0], 9): (400, "has 9 points, and 10 are to be captured"),
            pending(club, wallets[1], 10): (400, "takes no points of the member 1"),
            pending(club, wallets[0], 10, account): (400, f"is of the account {account}, not of 1"),
        }
        cases |= {
            unknown: (404, f"There is no transaction {unknown}.")
            for unknown in ("x", "0", "-1", "999", "01", "٢", "9" * 255)
        }
        for key, (status, reason) in cases.items():
            answer = refusal(assign(club, pendingCaptureLedgerTransactionId=key))
            assert (answer[0], reason in answer[1]) == (status, True), answer
        assert (counts(club), club.points(wallets[0])) == ((0, 0), (100, 91))
        put(club, assignmentRequiredPoints=0)
        assert refusal(assign(club, pendingCaptureLedgerTransactionId="1")) == (
            400,
            "/pendingCaptureLedgerTransactionId: The coupon book 1 takes no points for this.",
        )

    def test_points_that_the_ledger_gave_back_already_do_not_come_twice(self, club: Club) -> None:
        new_book(club, 1, assignmentRequiredPoints=10)
        wallet = club.member(points=10)["walletId"]
        [row] = club.post(
            f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/wallets/{wallet}/burn",
            json={"amount": 10, "captureMethod": "manual", "systemUniqueKey": "mine"},
        ).json()["transactions"]
        given(club, pendingCaptureLedgerTransactionId=row["ledgerTransactionId"])
        club.made(f"/ledgers/{LEDGER}/accounts/{ACCOUNT}/transactions/revert", systemUniqueKey="mine")
        assert club.points(wallet) == (10, 10)
        assert revert(club, 1).status_code == 200
        assert (club.points(wallet), counts(club)) == ((10, 10), (0, 0))

    def test_a_named_account_pays(self, club: Club) -> None:
        account = club.made(
            f"/ledgers/{LEDGER}/accounts", name="Other", active=True, isRevolving=False, syncAlgorand=False
        )["ledgerAccountId"]
        new_book(
            club, 2, assignmentRequiredPoints=10, requiredPointsConfig={"ledgerId": LEDGER, "ledgerAccountId": account}
        )
        wallet = club.member(points=10)["walletId"]
        assert coded(assign(club)) == (400, "NOT_ENOUGH_POINTS")
        club.made(f"/ledgers/{LEDGER}/accounts/{account}/wallets/{wallet}/mint", amount=10)
        given(club)
        assert (club.points(wallet), club.points(wallet, account)) == ((10, 10), (0, 0))
        put(club)
        given(club)
        assert club.points(wallet) == (0, 0)


@pytest.mark.parametrize("path", ["use", "assign", "coupons/1/use", "coupons/1/assign"])
def test_what_another_organization_has_is_not_there(club: Club, other_club: Club, path: str) -> None:
    new_book(other_club, 1)
    club.member()
    assert refusal(club.post(f"/coupon-books/1/{path}", json={"memberId": 1})) == (404, "There is no coupon book 1.")
    assert counts(other_club) == (0, 0)
