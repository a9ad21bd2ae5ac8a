"""What members have of coupons, and what they could have."""

from typing import Any

import pytest

from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from tests.api.loyalty_core.conftest import PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.test_coupon_books import UNKNOWN, add, new_book, put
from tests.api.loyalty_core.test_coupons import given, revert, used
from tests.api.loyalty_core.test_programs import new_program
from tests.api.loyalty_core.test_tiers import new_tier

MINE = f"/loyalty-programs/{PROGRAM}/members/1"


def names(club: Club, **query: Any) -> str:
    return "".join(row["name"] for row in club.get(f"{MINE}/coupon-books", params=query).json()["results"])


def listed(club: Club, **query: Any) -> list[str]:
    return [row["couponCode"] for row in club.get(f"{MINE}/coupons", params=query).json()["results"]]


class TestBooks:
    def test_a_book_and_what_the_member_has_of_it(self, club: Club) -> None:
        book = new_book(club, 2, content={"h": "Hello"})
        for name in "ab":
            club.member(name)
        [row] = club.get(f"{MINE}/coupon-books").json()["results"]
        assert row == {
            **book,
            "couponCount": 2,
            "amountAssigned": 0,
            "amountUsed": 0,
            "isEligible": True,
            "outOfStock": False,
            "lastUsage": None,
        }
        given(club, amount=3)
        given(club, 2, amount=5)
        first, last = used(club), used(club)
        [row] = club.get(f"{MINE}/coupon-books", params={"includeLastUsage": "true"}).json()["results"]
        assert (row["amountAssigned"], row["amountUsed"], row["lastUsage"]) == (3, 2, last)
        revert(club, last["couponUsageId"])
        [row] = club.get(f"{MINE}/coupon-books", params={"includeLastUsage": "true"}).json()["results"]
        assert (row["amountUsed"], row["lastUsage"]) == (1, first)
        assert (
            club.get(f"{MINE}/coupon-books", params={"includeLastUsage": "false"}).json()["results"][0]["lastUsage"]
            is None
        )

    def test_only_published_books_of_the_program_or_of_none(self, club: Club) -> None:
        second = new_program(club)["loyaltyProgramId"]
        club.member()
        for name, members in (
            ("a", {}),
            ("b", {"loyaltyProgramId": PROGRAM}),
            ("c", {"loyaltyProgramId": second}),
            ("d", {"publishingStatus": "draft"}),
            ("e", {"publishingStatus": "archived"}),
            ("f", {"publishingStatus": "disabled"}),
        ):
            new_book(club, name=name, **members)
        assert names(club) == "ab"

    def test_whether_it_is_for_the_member(self, club: Club) -> None:
        club.member(profile={"age": 20})
        club.know(audiences=["nobody"], tiers=["gold"])
        for members in (
            {},
            {"tiers": ["member"]},
            {"tiers": ["gold"]},
            {"condition": {"expression": "member.profile.age > 18"}},
            {"condition": {"expression": "member.profile.age > 20"}},
            {"condition": {"expression": "member.profile + 1"}},
            {"audienceKeys": ["nobody"]},
        ):
            add(club, "c", book=new_book(club, **members)["couponBookId"])
        rows = club.get(f"{MINE}/coupon-books").json()["results"]
        assert [row["isEligible"] for row in rows] == [True, True, False, True, False, False, False]

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        gold = new_tier(club, name="Gold")["loyaltyTierId"]
        club.member()
        club.know(audiences=["k"])
        for name, members in (
            ("a", {"tags": ["x", "y"], "tiers": ["gold"], "validFromDate": "2026-01-01T00:00:00Z"}),
            ("b", {"tags": ["y"], "audienceKeys": ["k"], "validToDate": "2026-02-01T00:00:00Z"}),
            ("c", {"validFromDate": "2026-01-02T00:00:00Z", "validToDate": "2026-02-02T00:00:00Z"}),
        ):
            new_book(club, name=name, **members)
        assert [names(club, tags="x"), names(club, tags="y"), names(club, tags="z,x"), names(club, tags="z")] == [
            "a",
            "ab",
            "a",
            "",
        ]
        assert [
            names(club, couponBookId=2),
            names(club, couponBookId=9),
            names(club, audiences="j,k"),
            names(club, audiences="j"),
        ] == ["b", "", "b", ""]
        assert [names(club, tiers=gold), names(club, tiers=1), names(club, tiers=99)] == ["a", "", ""]
        assert [
            names(club, validFromDate="2026-01-01T00:00:00Z"),
            names(club, validFromDate="2026-01-01T00:00:00.001Z"),
        ] == ["ac", "c"]
        assert [names(club, validToDate="2026-02-02T00:00:00Z"), names(club, validToDate="2026-02-01T23:59:59Z")] == [
            "bc",
            "b",
        ]

    def test_what_is_out_of_stock(self, club: Club) -> None:
        club.member()
        for name, members in (("a", {}), ("b", {"maxAssignedPerCoupon": 1}), ("c", {}), ("d", {"maxCouponCount": 1})):
            new_book(club, name=name, **members)
        for book in (2, 3, 4):
            add(club, "x", book=book)
            given(club, 1, book)
        assert [names(club, outOfStock="true"), names(club, outOfStock="false"), names(club)] == ["abd", "c", "abcd"]
        rows = club.get(f"{MINE}/coupon-books").json()["results"]
        assert [row["outOfStock"] for row in rows] == [True, True, False, True]

    def test_pages_orders_and_locales(self, club: Club) -> None:
        club.member()
        for name, ranking in (("b", 2), ("C", 1), ("a", 2)):
            new_book(club, name=name, rankingIndex=ranking, content={"h": "Hello"})
        put(club, 1, locale="de", content={"h": "Hallo"})
        assert [
            names(club, order="name"),
            names(club, order="rankingIndex,desc"),
            names(club, order="updatedAt,desc"),
            names(club, order="id,desc"),
        ] == ["Cab", "abC", "baC", "aCb"]
        assert [names(club, limit=2), names(club, limit=2, page=1), names(club, page=9)] == ["bC", "a", ""]
        rows = club.get(f"{MINE}/coupon-books", params={"locale": "de"}).json()
        assert ([row["locale"] for row in rows["results"]], rows["totalCount"]) == (["de", "en", "en"], 3)
        for bad in (
            "order=type",
            "tags=",
            "couponBookId=x",
            "validFromDate=x",
            "validToDate=2026-01-01",
            "tiers=gold",
            "audiences=",
            "outOfStock=2",
            "includeLastUsage=x",
            f"locale={'x' * 36}",
            "limit=26",
            "page=-1",
        ):
            assert_wrong(club.get(f"{MINE}/coupon-books?{bad}"), bad.partition("=")[0])


class TestCoupons:
    def test_what_the_member_was_given(self, club: Club) -> None:
        new_book(club, 3)
        for name in "ab":
            club.member(name)
        rows = given(club, numberOfCodes=2)
        given(club, 2)
        assert club.get(f"{MINE}/coupons").json() == {"totalCount": 2, "page": 0, "limit": 10, "results": rows}
        revert(club, rows[0]["couponUsageId"])
        assert listed(club) == ["c2"]

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        second = new_program(club)["loyaltyProgramId"]
        club.member()
        for number, members in enumerate(
            ({"tags": ["x"]}, {"tags": ["y"], "loyaltyProgramId": PROGRAM}, {"loyaltyProgramId": second}), 1
        ):
            new_book(club, **members)
            for coupon in add(club, *(f"{number}{letter}" for letter in "abc"), book=number):
                given(
                    club,
                    1,
                    number,
                    codes=[coupon["code"]],
                    **({"expiredAt": iso(club.now_ms + DAY_MS)} if coupon["code"][1] == "c" else {}),
                )
        assert listed(club) == ["1a", "1b", "1c", "2a", "2b", "2c"]
        assert [listed(club, couponBookId=2), listed(club, couponBookId=3)] == [["2a", "2b", "2c"], []]
        assert [
            listed(club, couponBookTags="x,z"),
            listed(club, couponBookTags="z"),
            listed(club, couponBookTags="x", couponBookId=2),
        ] == [["1a", "1b", "1c"], [], []]
        assert [
            listed(club, couponCodeId=2),
            listed(club, couponCodeId=99),
            listed(club, couponCode="2b"),
            listed(club, couponCode="2B"),
        ] == [["1b"], [], ["2b"], []]
        used(club, code="1a")
        assert listed(club, notUsedOnly="true") == ["1b", "1c", "2a", "2b", "2c"]
        assert len(listed(club, notUsedOnly="false")) == 6
        club.advance(2 * DAY_MS)
        assert listed(club, notUsedOnly="true") == ["1b", "2a", "2b"]

    def test_pages_and_orders(self, club: Club) -> None:
        new_book(club)
        add(club, "b", "C", "a")
        club.member()
        for code, days in (("b", 2), ("C", None), ("a", 1)):
            given(club, codes=[code], **({} if days is None else {"expiredAt": iso(club.now_ms + days * DAY_MS)}))

        def said(**query: Any) -> str:
            return "".join(listed(club, **query))

        assert [said(), said(order="id,desc"), said(order="couponUsageId,desc"), said(order="createdAt,desc")] == [
            "bCa",
            "aCb",
            "aCb",
            "aCb",
        ]
        assert [
            said(order="couponCode"),
            said(order="couponCode,desc"),
            said(order="expiredAt"),
            said(order="expiredAt,desc"),
        ] == ["Cab", "baC", "abC", "Cba"]
        assert [said(limit=2), said(limit=2, page=1), said(page=9)] == ["bC", "a", ""]
        for bad in (
            "order=status",
            "couponBookId=x",
            "notUsedOnly=2",
            "couponBookTags=",
            "couponCodeId=x",
            "couponCode=",
            f"couponCode={'x' * 256}",
            "limit=26",
            "page=-1",
        ):
            assert_wrong(club.get(f"{MINE}/coupons?{bad}"), bad.partition("=")[0])


class TestCount:
    def test_uses_within_a_time(self, club: Club) -> None:
        second = new_program(club)["loyaltyProgramId"]
        new_book(club, 3)
        new_book(club, loyaltyProgramId=second)
        add(club, "x", book=2)
        for name in "ab":
            club.member(name)

        def count(**query: Any) -> tuple[int, int]:
            found = club.get(f"{MINE}/coupon-usages/count", params=query).json()
            assert len(found) == 2
            return found["amountAssigned"], found["amountUsed"]

        assert count() == (0, 0)
        rows = given(club, numberOfCodes=2, amount=5)
        given(club, 2, amount=7)
        given(club, 1, 2, amount=9)
        used(club, 1, 2)
        used(club)
        later = iso(club.now_ms + DAY_MS)
        club.advance(2 * DAY_MS)
        row = used(club)
        used(club)
        assert [count(), count(validToDate=later), count(validFromDate=later)] == [(10, 3), (10, 1), (0, 2)]
        assert count(validFromDate=row["createdAt"], validToDate=row["createdAt"]) == (0, 1)
        within = row["createdAt"].replace("Z", "001Z")  # a microsecond later
        assert count(validFromDate=within, validToDate=within) == (0, 0)
        revert(club, row["couponUsageId"])
        assert count() == (10, 2)
        revert(club, rows[0]["couponUsageId"])
        assert count() == (5, 0)
        for bad in ("validFromDate=x", "validToDate=2026-01-01"):
            assert_wrong(club.get(f"{MINE}/coupon-usages/count?{bad}"), bad.partition("=")[0])


@pytest.mark.parametrize("tail", ["coupon-books", "coupons", "coupon-usages/count"])
class TestFinding:
    def test_members_and_programs_have_to_be_there(self, club: Club, other_club: Club, tail: str) -> None:
        for name in "ab":
            other_club.member(name)
        new_program(other_club)
        club.member()
        for unknown in (*UNKNOWN, 2):
            assert refusal(club.get(f"/loyalty-programs/1/members/{unknown}/{tail}")) == (
                404,
                f"There is no member {unknown}.",
            )
            assert refusal(club.get(f"/loyalty-programs/{unknown}/members/1/{tail}")) == (
                404,
                f"There is no loyalty program {unknown}.",
            )
        assert coded(club.get(f"/loyalty-programs/1/members/{2**63}/{tail}")) == (400, "VALIDATION_FAILED")

    def test_the_member_has_to_be_in_the_program(self, club: Club, tail: str) -> None:
        second = new_program(club)["loyaltyProgramId"]
        club.member()
        assert refusal(club.get(f"/loyalty-programs/{second}/members/1/{tail}")) == (
            404,
            f"The member 1 is not in the loyalty program {second}.",
        )

    def test_it_takes_its_role(self, club: Club, tail: str) -> None:
        club.member()
        tokens = club.further_token("benefits:read"), club.further_token("benefits:write", "coupons:read")
        assert [club.get(f"{MINE}/{tail}", token=token).status_code for token in tokens] == [200, 403]
