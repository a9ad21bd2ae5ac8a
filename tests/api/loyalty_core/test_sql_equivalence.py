"""Rules that stand in SQL and in Python say the same of every row; what a server with a faster clock has written counts
as done.
"""

from itertools import product
from typing import Any

import pytest
from sqlalchemy import select

from models.kernel.clock import DAY_MS
from models.kernel.problems import Problem
from models.kernel.written import WrittenDiffers
from models.loyalty_core.coupons.queries import NOT_OVER
from models.loyalty_core.coupons.states import ASSIGNED, ASSIGNMENT, USED, is_over
from models.loyalty_core.coupons.tables import CouponUsage
from models.loyalty_core.coupons.using import check_amount
from models.loyalty_core.ledger import lots
from models.loyalty_core.ledger.posting import Note
from models.loyalty_core.ledger.queries import DELETE_LOTS
from models.loyalty_core.ledger.tables import Lot
from models.loyalty_core.missions.counting import increment
from models.loyalty_core.missions.members import MissionFilters, Standing, list_member_missions
from models.loyalty_core.missions.tables import MemberMission, Mission
from models.loyalty_core.missions.views import show_standing
from models.loyalty_core.paging import Paging
from models.loyalty_core.periods import period_start_ms
from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import PROGRAM, Club
from tests.api.loyalty_core.test_missions import new_mission

NOW_MS = period_start_ms(1_790_000_000_000, "day") + DAY_MS // 2
AROUND = (None, NOW_MS - 1, NOW_MS, NOW_MS + 1)
TODAY_MS, TOMORROW_MS = period_start_ms(NOW_MS, "day"), period_start_ms(NOW_MS, "day") + DAY_MS


def dated(club: Club, now_ms: int) -> UnitOfWork:
    """A unit that is given its present, as that of a server whose clock is behind the one that wrote a row."""
    unit = club.unit()
    return UnitOfWork(
        tenant=unit.tenant,
        sandbox=unit.sandbox,
        connection=unit._connection,
        directory=unit.directory,
        public_url=unit.public_url,
        request_number=unit.request_number,
        now_ms=now_ms,
    )


def enrolled(club: Club) -> int:
    """The number of a member of the program, by the first points."""
    number: int = club.member("ana", points=1)["memberId"]
    return number


def missions(unit: UnitOfWork) -> list[Mission]:
    """One of each: validity around the present, active or not, with and without period and limit, of the program or
    another.
    """
    found = []
    grid = product(
        AROUND, AROUND, (True, False), ((None, None), ("day", 2), ("year", None)), (1, 3), (PROGRAM, PROGRAM + 1)
    )
    for number, (since, until, active, (period, limit), goal, program) in enumerate(grid, 1):
        found.append(
            Mission(
                tenant_id=unit.tenant_id,
                id=number,
                program_id=program,
                mission_key=f"k{number}",
                code=f"c{number}",
                name="x",
                custom_attributes={},
                tags=[],
                active=active,
                valid_from_ms=since,
                valid_to_ms=until,
                repetition_period=period,
                period_limit=limit,
                points_accrual=0,
                event_type="member-updated",
                max_repetitions=5,
                goal_count=goal,
                created_ms=1,
                updated_ms=1,
            )
        )
    return found


STATES: tuple[dict[str, Any] | None, ...] = (
    None,
    {"times_achieved": 5},
    {"times_achieved": 2, "period_start_ms": TODAY_MS, "period_achieved": 2},
    {"times_achieved": 2, "period_start_ms": TODAY_MS, "period_achieved": 1},
    {"times_achieved": 2, "period_start_ms": TODAY_MS - DAY_MS, "period_achieved": 2},
    {"times_achieved": 2, "period_start_ms": TOMORROW_MS, "period_achieved": 2},
    {"progress": 1},
    {"progress": 2, "times_achieved": 1},
)


def test_the_list_of_missions_and_the_count_agree_on_what_is_available(club: Club) -> None:
    member_id = enrolled(club)
    unit = dated(club, NOW_MS)
    with unit.transaction() as session:
        session.add_all(missions(unit))
        session.flush()
        session.add_all(
            [
                MemberMission(
                    tenant_id=unit.tenant_id,
                    member_id=member_id,
                    mission_id=mission.id,
                    **{
                        "counter_count": 1,
                        "progress": 0,
                        "times_achieved": 0,
                        "period_start_ms": None,
                        "period_achieved": 0,
                        "updated_ms": 1,
                        **state,
                    },
                )
                for mission in missions(unit)
                if (state := STATES[mission.id % len(STATES)]) is not None
            ]
        )
        session.flush()

        def listed(**filters: bool) -> list[Standing]:
            asked = MissionFilters(**{**dict.fromkeys(MissionFilters.__dataclass_fields__), **filters})
            return list_member_missions(unit, member_id, Paging(0, 10_000, None), asked)[0]

        seen = set()
        for name in ("available", "in_progress"):
            found = {value: {one.mission.id for one in listed(**{name: value})} for value in (True, False)}
            assert found[True]
            assert not found[True] & found[False]
            for one in listed():
                obstacle = one.taker.obstacle(one.mission, one.state)
                holds = obstacle is None if name == "available" else show_standing(unit, one)["inProgress"]
                assert one.mission.id in found[holds], (one.mission.id, obstacle)
                seen.add(obstacle)
        assert len(seen) >= 7, seen


def test_a_period_that_another_server_has_begun_is_not_counted_anew(club: Club) -> None:
    """The limit of one achievement a day holds while the two servers count by turns and the slower clock is before
    midnight.
    """
    member_id = enrolled(club)
    mission = new_mission(club, goalCount=1, maxRepetitions=9, repetitionPeriod="day", periodLimit=1)["missionId"]
    count(club, member_id, mission, TOMORROW_MS + 5)
    for now_ms in (TOMORROW_MS - 5, TOMORROW_MS + 6, TOMORROW_MS - 4):
        with pytest.raises(Problem, match="as often as it may be in this period"):
            count(club, member_id, mission, now_ms)


def count(club: Club, member_id: int, mission_id: int, now_ms: int) -> None:
    unit = dated(club, now_ms)
    with unit.transaction():
        increment(unit, member_id, mission_id, 1, Note())
        unit.finish()


def test_the_end_of_an_assignment_is_the_same_in_sql(club: Club) -> None:
    unit = dated(club, NOW_MS)
    with unit.transaction() as session:
        session.add_all([usage(unit, number, expires_ms=expires_ms) for number, expires_ms in enumerate(AROUND, 1)])
        session.flush()
        open_ = set(
            session.scalars(
                select(CouponUsage.id).where(CouponUsage.tenant_id == unit.tenant_id, NOT_OVER), {"now_ms": NOW_MS}
            )
        )
        assert {row.id: not is_over(row, NOW_MS) for row in session.scalars(unit.scoped(CouponUsage))} == {
            number: number in open_ for number in range(1, 5)
        }
        assert open_ == {1, 4}


def usage(unit: UnitOfWork, number: int, **members: Any) -> CouponUsage:
    return CouponUsage(
        **{
            "tenant_id": unit.tenant_id,
            "id": number,
            "type": ASSIGNMENT,
            "status": ASSIGNED,
            "book_id": 1,
            "coupon_id": 1,
            "code": "c",
            "member_id": 1,
            "group_id": number,
            "amount_assigned": 1,
            "amount_used": 0,
            "points": 0,
            "custom_attributes": {},
            "created_ms": 1,
            "updated_ms": 1,
            **members,
        }
    )


def test_no_assignment_is_used_more_often_than_it_may_be(club: Club) -> None:
    """Should the choice of an assignment ever find one that is used up, the call fails instead of answering."""
    row = usage(club.unit(), 1, status=USED, amount_used=1)
    with pytest.raises(WrittenDiffers, match="used 2 times of 1"):
        check_amount(row, 2)


def lot(unit: UnitOfWork, number: int, amount: int, expires_ms: int | None) -> Lot:
    return Lot(tenant_id=unit.tenant_id, place="a1/w1", number=number, amount=amount, expires_ms=expires_ms)


def test_lots_that_expire_are_those_that_are_counted(club: Club) -> None:
    unit = dated(club, NOW_MS)
    with unit.transaction() as session:
        session.add_all([lot(unit, number, 10**number, expires_ms) for number, expires_ms in enumerate(AROUND)])
        session.flush()
        assert lots.take_due(unit, "a1/w1") == 110
        assert sum(row.amount for row in session.scalars(unit.scoped(Lot))) == 1_001
        assert lots.take_due(unit, "a1/w1") == 0


def test_lots_that_hold_less_than_the_sum_says_are_an_error(club: Club, monkeypatch: pytest.MonkeyPatch) -> None:
    """It ends, and nothing is taken."""
    unit = dated(club, NOW_MS)
    with unit.transaction() as session:
        session.add_all([lot(unit, 1, 5, None)])
        session.flush()

        def draw_too_little(uow: Any, place: str, rows: Any, _amount: int, taken: list[Any]) -> int:
            uow.execute(DELETE_LOTS, place=place, numbers=[row.number for row, _ in rows])
            taken.append((1, None, 2))
            return 2

        monkeypatch.setattr(lots, "_draw", draw_too_little)
        with pytest.raises(WrittenDiffers, match="lots taken of a1/w1: 5 asked for, 2 written"):
            lots.take(unit, "a1/w1", 5, balance=5)


def test_books_that_are_in_stock_are_those_that_have_a_coupon_to_give(club: Club) -> None:
    """`benefits.IN_STOCK` against an assignment to a member who has none, for every mix of limits that are reached or
    not.
    """
    path_of_books = f"/loyalty-programs/{PROGRAM}/members/{{}}/coupon-books"
    ana, outcomes = enrolled(club), []
    for number, (max_coupons, per_coupon, codes) in enumerate(product((None, 1, 2), (None, 1, 2), (1, 2))):
        if max_coupons is not None and codes > max_coupons:
            continue
        limits = {"maxCouponCount": max_coupons, "maxAssignedPerCoupon": per_coupon}
        book = club.made(
            "/coupon-books",
            name=f"b{number}",
            type="x",
            publishingStatus="published",
            requiredPointsConfig={},
            **{name: limit for name, limit in limits.items() if limit is not None},
        )["couponBookId"]
        club.made(f"/coupon-books/{book}/coupons", codes=[f"c{n}" for n in range(codes)])
        assert club.post(f"/coupon-books/{book}/assign", json={"memberId": ana}).status_code == 200
        ben = club.member(f"ben{number}", points=1)["memberId"]
        [shown] = club.get(path_of_books.format(ben), params={"couponBookId": book}).json()["results"]
        in_stock = len(
            club.get(path_of_books.format(ben), params={"couponBookId": book, "outOfStock": "false"}).json()["results"]
        )
        given = club.post(f"/coupon-books/{book}/assign", json={"memberId": ben}).status_code
        assert (given, shown["outOfStock"], in_stock) in ((200, False, 1), (409, True, 0)), limits
        outcomes.append(given)
    assert set(outcomes) == {200, 409}
