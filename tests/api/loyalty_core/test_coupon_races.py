"""Races of coupons: many calls at the same moment give no code twice, pass no limit and lose no points.

Every thread has a connection of its own, on a SQLite file as on PostgreSQL.
"""

import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import bindparam, text, update

from models.kernel.statements import TENANT, Change
from models.loyalty_core.coupons.finding import lock_book
from models.loyalty_core.coupons.tables import Coupon, CouponBook, CouponBookOffering, CouponUsage
from models.loyalty_core.members.tables import Member
from models.loyalty_core.members.views import lock_member
from tests.api.loyalty_core.conftest import Club, make_club
from tests.api.loyalty_core.test_member_tiers import unit_of
from tests.api.loyalty_core.test_partnership_coupon_books_offerings import befriend
from tests.support.client import Client
from tests.support.races import Reply, at_once, calling, racing
from troth.app import Server

CALLS = 50
CONNECTIONS = 16
CHANGES = {
    "MEMBER_NOT_ACTIVE": Change(
        update(Member).where(Member.tenant_id == TENANT, Member.id == bindparam("id")).values(active=False)
    ),
    "COUPON_BOOK_NOT_PUBLISHED": Change(
        update(CouponBook).where(CouponBook.tenant_id == TENANT).values(publishing_status="draft")
    ),
}
"""Changes after which nothing can be assigned, by the code of the refusal."""


server, client = racing("coupon_races", CONNECTIONS, fixed_clock=True)


def call(club: Club, path: str, **body: Any) -> Reply:
    """A write through the compiled operation."""
    status, answer = calling(club, club.token, "POST", path, body)()
    assert status < 300, answer
    return status, answer


def works(club: Club, path: str, *bodies: dict[str, Any]) -> list[Callable[[], Reply]]:
    return [calling(club, club.token, "POST", path, body) for body in bodies]


def book(club: Club, codes: int, **members: Any) -> None:
    call(club, "/coupon-books", name="x", type="x", publishingStatus="published", requiredPointsConfig={}, **members)
    call(club, "/coupon-books/1/coupons", codes=[f"c{n}" for n in range(codes)])


def members(club: Club, count: int, points: int = 0) -> list[int]:
    """Their numbers; the wallets have the same."""
    numbers = []
    for n in range(count):
        member = call(club, "/members", loyaltyMemberId=f"m{n}")[1]["loyalMember"]
        if points:
            call(club, f"/ledgers/1/wallets/{member['walletId']}/mint", amount=points)
        numbers.append(member["memberId"])
    return numbers


def rows(club: Club, model: Any) -> list[Any]:
    with unit_of(club) as unit:
        return list(unit.session.scalars(unit.scoped(model).order_by(model.id)))


def check_counts(club: Club) -> int:
    """What books and coupons count is what the usages say; how many assignments stand."""
    usages = [row for row in rows(club, CouponUsage) if row.status != "reverted"]
    given = Counter(row.coupon_id for row in usages if row.type == "assignment")
    used = Counter(row.coupon_id for row in usages if row.type == "use")
    coupons = rows(club, Coupon)
    assert {row.id: (row.assigned, row.used) for row in coupons} == {
        row.id: (given[row.id], used[row.id]) for row in coupons
    }
    [of_all] = rows(club, CouponBook)
    assert (of_all.assigned, of_all.used, of_all.coupon_count) == (given.total(), used.total(), len(coupons))
    per_assignment = Counter(row.assignment_id for row in usages if row.type == "use")
    for row in usages:
        if row.type == "assignment":
            assert row.amount_used == per_assignment[row.id] <= row.amount_assigned
    return given.total()


def statuses(replies: list[Reply]) -> Counter[int]:
    return Counter(status for status, _ in replies)


def test_no_code_is_given_twice(club: Club) -> None:
    """More ask than there are codes, each a different member."""
    book(club, CALLS - 10, maxAssignedPerCoupon=1)
    who = members(club, CALLS)
    replies = at_once(works(club, "/coupon-books/1/assign", *({"memberId": number} for number in who)))
    assert statuses(replies) == {200: CALLS - 10, 409: 10}
    codes = [row["couponCode"] for status, answer in replies if status == 200 for row in answer["couponUsages"]]
    assert len(set(codes)) == len(codes) == check_counts(club) == CALLS - 10
    assert len(club.events("coupon-code-assigned")) == CALLS - 10


def test_no_limit_is_passed(club: Club) -> None:
    """Limits of the members, and of the book, which is reached first."""
    book(club, CALLS, maxAssignedPerMember=3, maxCouponCount=CALLS)
    call_limit = calling(club, club.token, "PUT", "/coupon-books/1", {"requiredPointsConfig": {}, "maxCouponCount": 20})
    assert call_limit()[0] == 200
    who = members(club, 10)
    replies = at_once(works(club, "/coupon-books/1/assign", *({"memberId": who[n % 10]} for n in range(CALLS))))
    assert statuses(replies) == {200: 20, 409: CALLS - 20}
    assert check_counts(club) == 20
    assert max(Counter(row.member_id for row in rows(club, CouponUsage)).values()) <= 3


def test_one_member_gets_no_more_than_allowed(club: Club) -> None:
    book(club, CALLS, maxAssignedPerMember=7, assignmentRequiredPoints=10)
    [who] = members(club, 1, points=1000)
    replies = at_once(works(club, "/coupon-books/1/assign", *({"memberId": who} for _ in range(CALLS))))
    assert statuses(replies) == {200: 7, 409: CALLS - 7}
    assert (check_counts(club), club.points(who)) == (7, (930, 930))


def test_the_same_key_is_one_assignment(club: Club) -> None:
    book(club, 20)
    [who] = members(club, 1)
    body = {"memberId": who, "numberOfCodes": 2, "systemUniqueKeys": ["a", "b"]}
    replies = at_once(works(club, "/coupon-books/1/assign", *(body for _ in range(20))))
    assert statuses(replies) == {200: 20}
    assert all(answer == replies[0][1] for _, answer in replies)
    assert check_counts(club) == 2


def test_no_use_is_used_twice(club: Club) -> None:
    """Five uses, and points for four of them."""
    book(club, 1, usageRequiredPoints=10)
    [who] = members(club, 1, points=40)
    call(club, "/coupon-books/1/assign", memberId=who, amount=5)
    replies = at_once(works(club, "/coupon-books/1/use", *({"memberId": who} for _ in range(CALLS))))
    assert statuses(replies) == {200: 4, 400: CALLS - 4}
    assert (check_counts(club), club.points(who)) == (1, (0, 0))


def test_what_is_taken_back_comes_back_once(club: Club) -> None:
    """The assignment and each of its uses, taken back by many at once."""
    book(club, 1, usageRequiredPoints=10, assignmentRequiredPoints=5)
    [who] = members(club, 1, points=50)
    call(club, "/coupon-books/1/assign", memberId=who, amount=4)
    for _ in range(4):
        call(club, "/coupon-books/1/use", memberId=who)
    assert club.points(who) == (5, 5)
    replies = at_once([calling(club, club.token, "POST", f"/coupon-usages/{1 + n % 5}/revert") for n in range(30)])
    assert {status for status, _ in replies} == {200, 409}
    back = [row["couponUsageId"] for status, answer in replies if status == 200 for row in answer["couponUsages"]]
    assert sorted(back) == [1, 2, 3, 4, 5]
    assert (check_counts(club), club.points(who)) == (0, (50, 50))


def test_using_while_it_is_taken_back_leaves_no_use_behind(club: Club) -> None:
    book(club, 8, usageRequiredPoints=1)
    who = members(club, 8, points=10)
    for number in who:
        call(club, "/coupon-books/1/assign", memberId=number, amount=2)
    both = []
    for n, number in enumerate(who, 1):
        both += works(club, "/coupon-books/1/use", {"memberId": number}, {"memberId": number})
        both.append(calling(club, club.token, "POST", f"/coupon-usages/{n}/revert"))
    assert statuses(at_once(both)).keys() <= {200, 409}
    assert check_counts(club) == 0
    assert [club.points(number) for number in who] == [(10, 10)] * 8


def test_a_code_is_once_in_its_book(club: Club) -> None:
    book(club, 1)
    replies = at_once(works(club, "/coupon-books/1/coupons", *({"codes": ["same", f"own{n}"]} for n in range(12))))
    assert statuses(replies) == {201: 1, 409: 11}
    assert check_counts(club) == 0


def test_a_schema_is_not_deleted_under_a_book(club: Club) -> None:
    call(club, "/content-schemas", name="x", type=1, active=True, schema="{}")
    made = {"name": "x", "type": "x", "publishingStatus": "draft", "requiredPointsConfig": {}, "contentSchemaId": 1}
    replies = at_once(
        [
            *works(club, "/coupon-books", *(made for _ in range(4))),
            *(calling(club, club.token, "DELETE", "/content-schemas/1") for _ in range(4)),
        ]
    )
    books = len(rows(club, CouponBook))
    there = calling(club, club.token, "GET", "/content-schemas/1")()[0] == 200
    assert (books == 4) == there
    assert statuses(replies)[201] == books


def test_an_offering_is_decided_once(club: Club, server: Server, client: Client) -> None:
    partner = make_club(server, client)
    befriend(club, partner)
    book(club, 1)
    call(club, "/coupon-book-offerings", partnershipId=1, offeredCouponBookId=1, status="pending")
    partner.advance(0)
    replies = at_once(
        [
            calling(partner, partner.token, "PUT", "/coupon-book-offerings/1/approval", {"approved": n % 2 == 0})
            for n in range(16)
        ]
    )
    assert statuses(replies) == {200: 8, 409: 8}
    club.advance(0)
    [mine], [theirs] = rows(club, CouponBookOffering), rows(partner, CouponBookOffering)
    assert mine.status == theirs.status
    assert len(rows(partner, CouponBook)) == (1 if mine.status == "accepted" else 0)


def test_an_offering_is_made_once_at_a_time(club: Club, server: Server, client: Client) -> None:
    partner = make_club(server, client)
    befriend(club, partner)
    book(club, 1)
    body = {"partnershipId": 1, "offeredCouponBookId": 1, "status": "pending"}
    assert statuses(at_once(works(club, "/coupon-book-offerings", *(body for _ in range(12))))) == {201: 1, 409: 11}
    partner.advance(0)
    assert len(rows(partner, CouponBookOffering)) == 1


@pytest.mark.parametrize("code", CHANGES)
def test_a_call_that_waits_for_its_member_holds_no_book(club: Club, code: str) -> None:
    """Who holds a member may lock a book then: with a call that locked them in the other order that is a deadlock."""
    book(club, 2)
    [number] = members(club, 1)
    [work] = works(club, "/coupon-books/1/assign", {"memberId": number})
    with ThreadPoolExecutor(1) as threads:
        with unit_of(club) as unit:
            lock_member(unit, number)
            waiting = threads.submit(work)
            time.sleep(0.3)
            assert not waiting.done()
            if unit.connection.dialect.name == "postgresql":
                unit.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            lock_book(unit, 1)
            unit.execute(CHANGES[code], id=number)
        status, answer = waiting.result(30)
    assert (status, answer["code"]) == (409, code), "it sees what the other unit has written"
