"""Calls on many coupons take as many statements as calls on few; the rows that are inserted are not counted."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.api.loyalty_core.conftest import Club
from tests.support.statements import noted

FEW, MANY = 2, 40


def book_with(club: Club, coupons: int) -> int:
    """A published book for everybody with so many coupons."""
    made = club.made("/coupon-books", name="x", type="x", publishingStatus="published", requiredPointsConfig={})
    number: int = made["couponBookId"]
    club.made(f"/coupon-books/{number}/coupons", codes=[f"c{n}" for n in range(coupons)])
    return number


def add(club: Club, _member: int, count: int) -> Callable[[], Any]:
    book = book_with(club, 1)
    return lambda: club.post(f"/coupon-books/{book}/coupons", json={"codes": [f"new{n}" for n in range(count)]})


def assign(club: Club, member: int, count: int) -> Callable[[], Any]:
    book = book_with(club, count)
    return lambda: club.post(f"/coupon-books/{book}/assign", json={"memberId": member, "numberOfCodes": count})


def assign_codes(club: Club, member: int, count: int) -> Callable[[], Any]:
    book, codes = book_with(club, count), [f"c{n}" for n in range(count)]
    return lambda: club.post(f"/coupon-books/{book}/assign", json={"memberId": member, "codes": codes})


def revert_with_uses(club: Club, member: int, count: int) -> Callable[[], Any]:
    book = book_with(club, 1)
    [given] = club.post(f"/coupon-books/{book}/assign", json={"memberId": member, "amount": count}).json()[
        "couponUsages"
    ]
    for _ in range(count):
        assert club.post(f"/coupon-books/{book}/use", json={"memberId": member}).status_code == 200
    return lambda: club.post(f"/coupon-usages/{given['couponUsageId']}/revert")


@pytest.mark.parametrize("prepare", [add, assign, assign_codes, revert_with_uses])
def test_many_take_as_many_statements_as_few(
    club: Club, prepare: Callable[[Club, int, int], Callable[[], Any]]
) -> None:
    member = club.member("ana", points=1)["memberId"]

    def counted(count: int) -> list[str]:
        call = prepare(club, member, count)
        with noted(club.server.runtime.storage.engine) as statements:
            answer = call()
        assert answer.status_code in (200, 201), answer.text
        return [text for text in statements if not text.startswith("INSERT")]

    counted(1)  # what is read once and kept
    few, many = counted(FEW), counted(MANY)
    assert len(many) == len(few), "\n".join(many)
