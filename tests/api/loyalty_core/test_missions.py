"""Missions: what there is to achieve, how far members are, and what they get."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from models.kernel.clock import DAY_MS, FIXED_START_MS, MINUTE_MS
from models.kernel.times import iso
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.test_programs import new_program

NEW = {
    "loyaltyProgramId": PROGRAM,
    "name": "Three coffees",
    "code": "COFFEE",
    "eventType": "member-updated",
    "maxRepetitions": 2,
    "goalCount": 3,
}
EARLIER, LATER = "2020-01-01T00:00:00.000Z", "2900-01-01T00:00:00.000Z"
UNKNOWN = (0, -1, 2, 2**63 - 1)
_touches = itertools.count(1)


def new_mission(club: Club, **members: Any) -> dict[str, Any]:
    return club.made("/missions", **{**NEW, **members})


def put(club: Club, mission: int = 1, **members: Any) -> httpx2.Response:
    return club.put(f"/missions/{mission}", json={**NEW, **members})


def add(club: Club, member: dict[str, Any], amount: int = 1, mission: int = 1, **members: Any) -> httpx2.Response:
    return club.post(f"/members/{member['memberId']}/missions/{mission}/increment", json={"amount": amount, **members})


def counters(club: Club, member: dict[str, Any], mission: int = 1) -> dict[str, Any]:
    rows = club.get(f"/members/{member['memberId']}/missions", params={"limit": 25}).json()["results"]
    return next(row for row in rows if row["missionId"] == mission)


def standing(club: Club, member: dict[str, Any], mission: int = 1) -> tuple[int, int, int]:
    """(all that was counted, towards the next achievement, achievements)."""
    row = counters(club, member, mission)
    return row["counterCount"], row["progressCount"], row["timesAchieved"]


def touch(club: Club, member: dict[str, Any], times: int = 1) -> None:
    """Let a `member-updated` of the member happen."""
    for _ in range(times):
        answer = club.patch(f"/members/{member['memberId']}", json={"customAttributes": {"touch": next(_touches)}})
        assert answer.status_code == 200, answer.text
        club.advance(0)


class TestCreate:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post("/missions", json=NEW)
        assert answer.status_code == 201
        mission = answer.json()["mission"]
        assert {name: mission[name] for name in mission if not name.endswith("edAt")} == {
            **NEW,
            "missionId": 1,
            "organizationId": club.id,
            "missionKey": "three-coffees",
            "shortDescription": None,
            "description": None,
            "pictureUrl": None,
            "customAttributes": {},
            "type": None,
            "audienceId": None,
            "tags": [],
            "active": True,
            "validFrom": None,
            "validTo": None,
            "repetitionPeriod": None,
            "periodLimit": None,
            "pointsAccrual": 0,
            "ledgerId": None,
            "ledgerAccountId": None,
            "matcherId": None,
        }
        assert mission["createdAt"] == mission["updatedAt"]
        assert club.get("/missions/1").json() == {"mission": mission}
        assert club.events() == []

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        least = {
            "name": "x",
            "shortDescription": "",
            "description": "",
            "pictureUrl": "",
            "customAttributes": {},
            "type": "",
            "tags": [],
            "code": "x",
            "active": False,
            "pointsAccrual": 0,
            "maxRepetitions": 1,
            "goalCount": 1,
            "validFrom": EARLIER,
            "validTo": LATER,
            "ledgerId": LEDGER,
            "ledgerAccountId": ACCOUNT,
        }
        most = {
            "name": "é" * 255,
            "shortDescription": "x" * 1024,
            "description": "ü" * 4096,
            "pictureUrl": "x" * 2048,
            "customAttributes": {"ü": [None, 1e22]},
            "type": "t" * 255,
            "tags": ["é" * 255] * 100,
            "code": "ç" * 255,
            "active": True,
            "pointsAccrual": 18446744073709,
            "maxRepetitions": 2**31 - 1,
            "goalCount": 2**31 - 1,
        }
        for said, only_new in (
            (least, {"repetitionPeriod": "day", "periodLimit": 1}),
            (most, {"repetitionPeriod": "year", "periodLimit": 2**31 - 1}),
        ):
            mission = new_mission(club, **said, **only_new)
            assert (said | only_new).items() <= mission.items()
            changed = put(club, mission["missionId"], **said).json()["mission"]
            assert changed == {**mission, "updatedAt": changed["updatedAt"]}
            assert club.get(f"/missions/{mission['missionId']}").json()["mission"] == changed

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = new_mission(club)
        wrong: dict[str, list[Any]] = {
            "loyaltyProgramId": [None, "1", 1.5],
            "name": [None, "", "x" * 256, 5],
            "shortDescription": [5, "x" * 1025],
            "description": ["x" * 4097],
            "pictureUrl": ["x" * 2049],
            "customAttributes": [[]],
            "type": ["x" * 256],
            "audienceId": ["1"],
            "tags": ["x", [""], ["x" * 256], ["x"] * 101],
            "code": [None, "", "x" * 256],
            "active": ["true"],
            "validFrom": ["today"],
            "validTo": [5],
            "pointsAccrual": [-1, 18446744073710, 1.5],
            "ledgerId": ["1"],
            "ledgerAccountId": ["1"],
            "eventType": [None, "", "purchase", "user-invited"],
            "maxRepetitions": [None, 0, 2**31],
            "goalCount": [None, 0, 2**31, "3"],
            "matcherId": [0, "1"],
        }
        bodies = [(name, {**NEW, name: value}) for name, values in wrong.items() for value in values]
        bodies += [(missing, {name: NEW[name] for name in NEW if name != missing}) for missing in NEW]
        for name, body in bodies:
            for answer in (
                club.post(
                    "/missions", json={**body, **({"code": "other"} if "code" in body and name != "code" else {})}
                ),
                club.put("/missions/1", json=body),
            ):
                status, message = refusal(answer)
                assert (status, name in message) == (400, True), body
        for name, values in {"repetitionPeriod": ["", "hour"], "periodLimit": [0, 2**31]}.items():
            for value in values:
                body = {**NEW, "code": "other", "repetitionPeriod": "day", name: value}
                assert_wrong(club.post("/missions", json=body), name)
        assert club.get("/missions").json()["results"] == [before]

    def test_rules_that_no_schema_expresses(self, club: Club) -> None:
        assert refusal(club.post("/missions", json={**NEW, "periodLimit": 1})) == (
            400,
            "/periodLimit: periodLimit requires repetitionPeriod.",
        )
        mission = new_mission(club, validFrom=EARLIER)["missionId"]
        for answer in (
            club.post("/missions", json={**NEW, "code": "x", "validFrom": LATER, "validTo": LATER}),
            put(club, mission, validTo=EARLIER),
        ):
            assert refusal(answer) == (400, "/validTo: validTo must be after validFrom.")
        for name in ("matcherId", "audienceId", "ledgerId", "ledgerAccountId", "loyaltyProgramId"):
            for answer in (
                club.post("/missions", json={**NEW, "code": "x", name: 99}),
                put(club, mission, **{name: 99}),
            ):
                assert refusal(answer)[0] == 404, name
        assert club.get("/missions").json()["totalCount"] == 1

    def test_an_account_is_one_of_the_ledger(self, club: Club) -> None:
        second = club.made("/ledgers", name="Second")["ledgerId"]
        assert refusal(club.post("/missions", json={**NEW, "ledgerId": second, "ledgerAccountId": ACCOUNT})) == (
            404,
            f"/ledgerAccountId: The ledger {second} has no account {ACCOUNT}.",
        )
        assert refusal(club.post("/missions", json={**NEW, "ledgerId": second})) == (
            409,
            f"/ledgerId: The ledger {second} has no accounts.",
        )

    def test_codes_and_keys_are_unique_in_the_organization(self, club: Club, other_club: Club) -> None:
        keys = [
            new_mission(club, code=f"c{n}", name=name)["missionKey"] for n, name in enumerate(("Gold", "GÖLD", "€"))
        ]
        assert keys == ["gold", "gold-2", "mission"]
        taken = (409, "/code: Another mission has the code c0.")
        assert refusal(club.post("/missions", json={**NEW, "code": "c0"})) == refusal(put(club, 2, code="c0")) == taken
        assert put(club, 1, code="c0").status_code == 200
        assert new_mission(club, code="C0")["code"] == "C0"
        assert new_mission(other_club, code="c0", name="Gold")["missionKey"] == "gold"


class TestUpdate:
    def test_what_is_left_out_stays_and_periods_are_fixed(self, club: Club) -> None:
        made = new_mission(
            club,
            shortDescription="s",
            type="t",
            tags=["a"],
            validFrom=EARLIER,
            validTo=LATER,
            pointsAccrual=5,
            repetitionPeriod="week",
            periodLimit=1,
            customAttributes={"a": 1},
            active=False,
        )
        changed = put(club, name="New", goalCount=7, repetitionPeriod="day", periodLimit=9, missionKey="x").json()[
            "mission"
        ]
        assert changed == {**made, "name": "New", "goalCount": 7, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > made["updatedAt"]
        assert (
            put(club, customAttributes={"b": 2}, tags=[]).json()["mission"].items()
            >= {"customAttributes": {"b": 2}, "tags": []}.items()
        )

    def test_null_takes_away(self, club: Club) -> None:
        ana = club.member()
        beans = {"conditions": [{"attribute": "sku", "values": ["BEANS"]}]}
        matcher = int(
            club.made("/matchers", organizationId=club.id, name="Beans", type="item-matcher", matcher=beans)[
                "matcherId"
            ]
        )
        plain = new_mission(club, code="plain")
        set_members = {
            "shortDescription": "s",
            "description": "d",
            "pictureUrl": "p",
            "type": "t",
            "audienceId": audience_of(club),
            "matcherId": matcher,
            "validFrom": EARLIER,
            "validTo": EARLIER.replace("2020", "2021"),
            "ledgerId": LEDGER,
            "ledgerAccountId": ACCOUNT,
        }
        made = new_mission(club, code="full", pointsAccrual=5, **set_members)
        assert made.items() >= set_members.items()
        assert coded(add(club, ana, mission=2)) == (409, "MISSION_OVER")
        nothing = dict.fromkeys(set_members)
        changed = put(club, 2, code="full", **nothing).json()["mission"]
        assert changed == {**made, **nothing, "updatedAt": changed["updatedAt"]}
        assert club.get("/missions/2").json()["mission"] == changed
        assert [
            club.get("/missions", params=query).json()["totalCount"] for query in ({"type": "t"}, {"tags": "t"})
        ] == [0, 0]
        assert add(club, ana, mission=2).status_code == 200
        touch(club, ana)
        assert standing(club, ana, 2)[0] == 2
        same = new_mission(club, code="none", **nothing)
        assert {name: same[name] for name in nothing} == {name: plain[name] for name in nothing}

    def test_an_unknown_mission_is_not_found(self, club: Club, other_club: Club) -> None:
        theirs = new_mission(other_club)
        ana = club.member()
        for unknown in (1, *UNKNOWN):
            expected = (404, f"There is no mission {unknown}.")
            assert (
                refusal(club.get(f"/missions/{unknown}"))
                == refusal(put(club, unknown))
                == refusal(add(club, ana, mission=unknown))
                == expected
            )
        assert coded(club.get(f"/missions/{2**63}")) == (400, "VALIDATION_FAILED")
        assert other_club.get("/missions/1").json()["mission"] == theirs

    def test_a_lower_goal_takes_one_more_count(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, goalCount=10)
        add(club, ana, 9)
        put(club, goalCount=3)
        assert standing(club, ana) == (9, 2, 0)
        assert (
            add(club, ana).json()["balance"].items()
            >= {"counterCount": 10, "progressCount": 0, "timesAchieved": 1}.items()
        )
        add(club, ana)
        put(club, goalCount=1)
        assert (counters(club, ana)["inProgress"], standing(club, ana)) == (False, (11, 0, 1))
        assert club.get(f"/members/{ana['memberId']}/missions?inProgress=true").json()["totalCount"] == 0

    def test_more_repetitions_let_members_go_on(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, maxRepetitions=1)
        assert add(club, ana, 3).json()["balance"]["available"] is False
        put(club, maxRepetitions=2)
        assert counters(club, ana)["available"] is True
        assert add(club, ana, 3).json()["balance"]["timesAchieved"] == 2


class TestFinding:
    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        program = new_program(club)["loyaltyProgramId"]
        new_mission(club, code="a", type="t", tags=["x", "y"])
        new_mission(club, code="b", loyaltyProgramId=program, tags=["y", "y"])
        new_mission(club, code="c", type="T", active=False)

        def codes(**query: Any) -> str:
            return "".join(row["code"] for row in club.get("/missions", params=query).json()["results"])

        assert [codes(), codes(loyaltyProgramId=program), codes(type="t"), codes(type="")] == ["abc", "b", "a", ""]
        assert [codes(codes="a,c"), codes(codes="a, c"), codes(codes="A"), codes(codes="")] == ["ac", "a", "", ""]
        assert [codes(tags="x"), codes(tags="y"), codes(tags="z,x"), codes(tags="Y")] == ["a", "ab", "a", ""]
        assert [codes(tags="y", type="t"), codes(tags="y", codes="b", type="t")] == ["a", ""]
        put(club, 1, code="a", tags=["z"])
        assert [codes(tags="x"), codes(tags="z")] == ["", "a"]
        for bad in (
            "loyaltyProgramId=0",
            f"type={'x' * 256}",
            f"tags={'x' * 1025}",
            f"codes={'x' * 1025}",
            "page=-1",
            "limit=26",
            "order=goalCount",
        ):
            assert coded(club.get(f"/missions?{bad}")) == (400, "VALIDATION_FAILED"), bad

    def test_pages_and_orders(self, club: Club, other_club: Club) -> None:
        for code, name, kind, days in (("b", "Z", "t", 2), ("c", "Y", None, None), ("a", "X", "s", 1)):
            at = (
                {}
                if days is None
                else {
                    "validFrom": iso(FIXED_START_MS + days * DAY_MS),
                    "validTo": iso(FIXED_START_MS + 9 * days * DAY_MS),
                }
            )
            new_mission(club, code=code, name=name, **({} if kind is None else {"type": kind}), **at)

        def codes(**query: Any) -> str:
            return "".join(row["code"] for row in club.get("/missions", params=query).json()["results"])

        put(club, 1, code="b", name="Z", description="changed")
        orders = {
            "missionId": "bca",
            "id": "bca",
            "createdAt": "bca",
            "code": "abc",
            "name": "acb",
            "missionKey": "acb",
            "type": "abc",
            "validFrom": "abc",
            "validTo": "abc",
            "updatedAt": "cab",
        }
        for order, expected in orders.items():
            assert (codes(order=order), codes(order=f"{order},desc")) == (expected, expected[::-1]), order
        assert [codes(limit=2), codes(limit=2, page=1), codes(limit=2, page=2), codes(page=2**31 - 1)] == [
            "bc",
            "a",
            "",
            "",
        ]
        assert club.get("/missions?limit=2&page=1").json().items() >= {"totalCount": 3, "page": 1, "limit": 2}.items()
        assert other_club.get("/missions").json() == {"totalCount": 0, "page": 0, "limit": 10, "results": []}


class TestIncrement:
    def test_counts_achieves_pays_and_logs(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, pointsAccrual=50)
        assert add(club, ana, 2).json() == {
            "balance": {
                "memberId": ana["memberId"],
                "missionId": 1,
                "counterCount": 2,
                "progressCount": 2,
                "timesAchieved": 0,
                "timesAchievedInPeriod": 0,
                "available": True,
                "inProgress": True,
            }
        }
        assert (club.points(ana["walletId"])[0], club.events("mission-status-updated")) == (0, [])
        answer = add(club, ana, 1)
        assert (answer.status_code, answer.json()["balance"]) == (
            200,
            {
                "memberId": ana["memberId"],
                "missionId": 1,
                "counterCount": 3,
                "progressCount": 0,
                "timesAchieved": 1,
                "timesAchievedInPeriod": 1,
                "available": True,
                "inProgress": False,
            },
        )
        assert club.points(ana["walletId"])[0] == 50
        [event] = club.events("mission-status-updated")
        assert event["memberId"] == ana["memberId"]
        assert event["data"] == {
            "missionId": 1,
            "missionKey": "three-coffees",
            "code": "COFFEE",
            "name": "Three coffees",
            "loyaltyProgramId": PROGRAM,
            "status": "achieved",
            "achieved": 1,
            "points": 50,
            "counterCount": 3,
            "progressCount": 0,
            "timesAchieved": 1,
            "available": True,
        }
        assert len(club.events("ledger-transaction-created")) == 1

    def test_one_call_may_achieve_several_times_and_the_rest_is_not_counted(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, pointsAccrual=50)
        balance = add(club, ana, 2**31 - 1).json()["balance"]
        assert (
            balance.items()
            >= {
                "counterCount": 6,
                "progressCount": 0,
                "timesAchieved": 2,
                "available": False,
                "inProgress": False,
            }.items()
        )
        assert club.points(ana["walletId"])[0] == 100
        [event] = club.events("mission-status-updated")
        assert event["data"].items() >= {"achieved": 2, "points": 100, "available": False}.items()
        assert refusal(add(club, ana)) == (409, "The mission 1 has been achieved as often as it may be.")

    def test_nothing_is_counted_for_0(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, active=False)
        before = counters(club, ana)
        assert add(club, ana, 0).json()["balance"].items() <= before.items()
        assert counters(club, ana) == before
        assert before["lastCountedAt"] is None

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        ana = club.member()
        new_mission(club)
        wrong: dict[str, list[Any]] = {
            "amount": [-1, 2**31, 1.5, "1"],
            "systemUniqueKey": ["", "x" * 256],
            "externalId": ["x" * 256],
            "tags": [[""], ["x"] * 101],
            "description": ["x" * 1025],
            "externalEventDate": ["now"],
        }
        for name, values in wrong.items():
            for value in values:
                status, message = refusal(add(club, ana, **{"amount": 1, name: value}))
                assert (status, name in message) == (400, True), (name, value)
        assert_wrong(club.post(f"/members/{ana['memberId']}/missions/1/increment", json={}), "amount")
        assert standing(club, ana) == (0, 0, 0)
        most = {
            "systemUniqueKey": "é" * 255,
            "externalId": "x" * 255,
            "tags": ["x" * 255] * 100,
            "description": "x" * 1024,
            "externalEventDate": LATER,
        }
        assert add(club, ana, 1, **most).status_code == 200

    def test_the_same_key_counts_once(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        new_mission(club, goalCount=1, pointsAccrual=5)
        first = add(club, ana, 1, systemUniqueKey="k", tags=["a"], description="d")
        events = club.events()
        put(club, active=False, goalCount=1, maxRepetitions=1)
        assert add(club, ana, 1, systemUniqueKey="k", tags=["a"], description="d").json() == first.json()
        assert (club.events(), standing(club, ana), club.points(ana["walletId"])[0]) == (events, (1, 0, 1), 5)
        clash = (409, "The systemUniqueKey k was used before with other input.")
        new_mission(club, code="other")
        for answer in (
            add(club, ana, 2, systemUniqueKey="k", tags=["a"], description="d"),
            add(club, ana, 1, systemUniqueKey="k"),
            add(club, ben, 1, systemUniqueKey="k", tags=["a"], description="d"),
            add(club, ana, 1, mission=2, systemUniqueKey="k", tags=["a"], description="d"),
        ):
            assert refusal(answer) == clash
        put(club, active=True, goalCount=1)
        assert add(club, ana, 1).json()["balance"]["timesAchieved"] == 2

    def test_unavailable_missions_are_refused(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        club.delete(f"/members/{ben['memberId']}/loyalty-programs/{PROGRAM}")
        new_mission(club, code="off", active=False)
        new_mission(club, code="later", validFrom=LATER)
        new_mission(club, code="over", validTo=EARLIER)
        reasons = ["is not active", "has not begun", "is over"]
        for number, reason in enumerate(reasons, 1):
            assert refusal(add(club, ana, mission=number)) == (409, f"The mission {number} {reason}.")
            assert counters(club, ana, number)["available"] is False
        new_mission(club, code="on")
        assert refusal(add(club, ben, mission=4)) == (
            409,
            f"The mission 4 is for members of the loyalty program {PROGRAM}.",
        )
        club.patch(f"/members/{ana['memberId']}", json={"active": False})
        assert refusal(add(club, ana, mission=4)) == (409, "The mission 4 is for active members.")
        assert [standing(club, one, 4) for one in (ana, ben)] == [(0, 0, 0)] * 2
        assert club.get(f"/members/{ana['memberId']}/missions?available=true").json()["totalCount"] == 0

    def test_a_payment_that_is_refused_counts_nothing(self, club: Club) -> None:
        ana = club.member()
        account = club.made(
            f"/ledgers/{LEDGER}/accounts", name="Few", active=True, isRevolving=False, syncAlgorand=False, maxSupply=10
        )
        new_mission(
            club,
            goalCount=1,
            maxRepetitions=9,
            pointsAccrual=6,
            ledgerId=LEDGER,
            ledgerAccountId=account["ledgerAccountId"],
        )
        assert add(club, ana).status_code == 200
        before = len(club.events())
        assert coded(add(club, ana, 1, systemUniqueKey="k")) == (400, "SUPPLY_EXHAUSTED")
        assert (standing(club, ana), len(club.events())) == ((1, 0, 1), before)
        new_mission(club, code="rich", goalCount=1, pointsAccrual=18446744073709)
        assert refusal(add(club, ana, 2, mission=2)) == (
            400,
            "36893488147418 points are more than one transaction may have.",
        )

    def test_points_go_to_the_account_that_is_named(self, club: Club) -> None:
        ana = club.member()
        made = {"active": True, "isRevolving": False, "syncAlgorand": False}
        here = club.made(f"/ledgers/{LEDGER}/accounts", name="Stars", **made)["ledgerAccountId"]
        second = club.made("/ledgers", name="Second")["ledgerId"]
        there = club.made(f"/ledgers/{second}/accounts", name="Other", **made)["ledgerAccountId"]
        for code, named in (
            ("a", {}),
            ("b", {"ledgerAccountId": here}),
            ("c", {"ledgerId": second}),
            ("d", {"ledgerId": second, "ledgerAccountId": there}),
        ):
            number = new_mission(club, code=code, goalCount=1, pointsAccrual=7, **named)["missionId"]
            assert add(club, ana, mission=number).status_code == 200
        assert [
            club.points(ana["walletId"], account, ledger)[0]
            for account, ledger in ((ACCOUNT, LEDGER), (here, LEDGER), (there, second))
        ] == [7, 7, 14]

    def test_an_unknown_member_is_not_found(self, club: Club, other_club: Club) -> None:
        other_club.member()
        new_mission(club)
        for unknown in (1, *UNKNOWN):
            expected = (404, f"There is no member {unknown}.")
            assert (
                refusal(add(club, {"memberId": unknown}))
                == refusal(club.get(f"/members/{unknown}/missions"))
                == expected
            )


def next_period_ms(now_ms: int, period: str) -> int:
    """When the calendar period after the present one begins, counted on day by day."""
    day = datetime.fromtimestamp(now_ms / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    begins = {
        "day": lambda at: True,
        "week": lambda at: at.isoweekday() == 1,
        "month": lambda at: at.day == 1,
        "year": lambda at: (at.month, at.day) == (1, 1),
    }[period]
    day += timedelta(days=1)
    while not begins(day):
        day += timedelta(days=1)
    return int(day.timestamp()) * 1000


class TestPeriods:
    @pytest.mark.parametrize("period", ["day", "week", "month", "year"])
    def test_a_calendar_period_has_its_limit(self, club: Club, period: str) -> None:
        ana = club.member()
        new_mission(club, goalCount=2, maxRepetitions=5, repetitionPeriod=period, periodLimit=2, pointsAccrual=1)
        assert (
            add(club, ana, 3).json()["balance"].items()
            >= {"timesAchieved": 1, "timesAchievedInPeriod": 1, "available": True}.items()
        )
        club.advance(next_period_ms(club.now_ms, period) - club.now_ms)
        # What is begun stays when a period ends.
        assert (
            counters(club, ana).items() >= {"progressCount": 1, "timesAchieved": 1, "timesAchievedInPeriod": 0}.items()
        )
        full = {
            "counterCount": 6,
            "progressCount": 0,
            "timesAchieved": 3,
            "timesAchievedInPeriod": 2,
            "available": False,
        }
        assert add(club, ana, 9).json()["balance"].items() >= full.items()
        club.advance(next_period_ms(club.now_ms, period) - club.now_ms - MINUTE_MS)
        assert refusal(add(club, ana)) == (409, "The mission 1 has been achieved as often as it may be in this period.")
        assert counters(club, ana).items() >= full.items()
        club.advance(MINUTE_MS)
        assert counters(club, ana).items() >= {**full, "timesAchievedInPeriod": 0, "available": True}.items()
        assert (
            add(club, ana, 9).json()["balance"].items()
            >= {"timesAchieved": 5, "timesAchievedInPeriod": 2, "available": False}.items()
        )
        assert refusal(add(club, ana)) == (409, "The mission 1 has been achieved as often as it may be.")
        assert club.points(ana["walletId"])[0] == 5

    def test_a_period_without_a_limit_limits_nothing(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, goalCount=1, maxRepetitions=9, repetitionPeriod="day")
        assert add(club, ana, 9).json()["balance"]["timesAchieved"] == 9

    def test_missions_begin_and_end(self, club: Club) -> None:
        ana = club.member()
        begin, end = club.now_ms + DAY_MS, club.now_ms + 2 * DAY_MS
        new_mission(club, validFrom=iso(begin), validTo=iso(end))
        for moved, status in ((0, 409), (DAY_MS, 200), (DAY_MS, 409)):
            club.advance(moved)
            assert add(club, ana).status_code == status
            assert counters(club, ana)["available"] is (status == 200)


class TestEvents:
    def test_events_of_the_type_count_by_one(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        new_mission(club, pointsAccrual=5)
        new_mission(club, code="other", eventType="member-tier-set")
        touch(club, ana, 4)
        assert [standing(club, ana), standing(club, ben), standing(club, ana, 2)] == [(4, 1, 1), (0, 0, 0), (0, 0, 0)]
        assert club.points(ana["walletId"])[0] == 5
        touch(club, ana, 3)
        assert standing(club, ana) == (6, 0, 2)
        assert [event["data"]["timesAchieved"] for event in club.events("mission-status-updated")] == [1, 2]

    def test_what_is_not_available_counts_nothing(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, code="off", active=False)
        new_mission(club, code="later", validFrom=LATER)
        new_mission(club, code="over", validTo=EARLIER)
        new_mission(club, code="elsewhere", loyaltyProgramId=new_program(club)["loyaltyProgramId"])
        new_mission(club, code="on")
        touch(club, ana)
        assert [standing(club, ana, number)[0] for number in range(1, 6)] == [0, 0, 0, 0, 1]
        put(club, 1, code="off", active=True)
        put(club, 5, code="on", active=False)
        touch(club, ana)
        assert [standing(club, ana, number)[0] for number in (1, 5)] == [1, 1]
        put(club, 1, code="off", eventType="member-created")
        touch(club, ana)
        assert standing(club, ana)[0] == 1

    def test_inactive_members_count_nothing_but_their_leaving(self, club: Club) -> None:
        ana = club.member()
        new_mission(club)
        new_mission(club, code="left", eventType="member-profile-deactivated")
        club.patch(f"/members/{ana['memberId']}", json={"active": False})
        touch(club, ana)
        assert [standing(club, ana)[0], standing(club, ana, 2)[0]] == [0, 1]

    def test_achievements_count_towards_other_missions_but_not_their_own(self, club: Club) -> None:
        ana = club.member()
        new_mission(club, goalCount=1, maxRepetitions=9)
        new_mission(club, code="meta", goalCount=1, maxRepetitions=9, eventType="mission-status-updated")
        new_mission(
            club, code="paid", goalCount=1, maxRepetitions=9, eventType="ledger-transaction-created", pointsAccrual=1
        )
        touch(club, ana, 2)
        assert [standing(club, ana, number)[2] for number in (1, 2, 3)] == [2, 2, 0]
        club.made(f"/ledgers/{LEDGER}/wallets/{ana['walletId']}/mint", amount=100)
        club.advance(0)
        assert [standing(club, ana, number)[2] for number in (1, 2, 3)] == [2, 3, 1]
        assert club.points(ana["walletId"])[0] == 101

    def test_a_payment_that_is_refused_leaves_the_count_as_it_was(self, club: Club) -> None:
        ana = club.member()
        account = club.made(
            f"/ledgers/{LEDGER}/accounts", name="Few", active=True, isRevolving=False, syncAlgorand=False, maxSupply=5
        )
        new_mission(club, goalCount=1, maxRepetitions=9, pointsAccrual=5, ledgerAccountId=account["ledgerAccountId"])
        touch(club, ana, 2)
        assert standing(club, ana) == (1, 0, 1)
        assert len(club.events("mission-status-updated")) == 1


def audience_of(club: Club, *members: dict[str, Any]) -> int:
    """An audience of just these members."""
    made = club.made(
        "/audiences",
        active=True,
        organizationId=club.id,
        name="Few",
        matcherType="list-matcher",
        matcher={"memberIds": [member["memberId"] for member in members]},
    )
    number: int = made["audienceId"]
    return number


class TestWhoAndWhat:
    def test_only_members_of_the_audience_take_part(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        new_mission(club, audienceId=audience_of(club, ana))
        for member in (ana, ben):
            touch(club, member)
        assert [standing(club, member)[0] for member in (ana, ben)] == [1, 0]
        assert [counters(club, member)["available"] for member in (ana, ben)] == [True, False]
        for member, found in ((ana, 1), (ben, 0)):
            assert club.get(f"/members/{member['memberId']}/missions?available=true").json()["totalCount"] == found
            assert club.get(f"/members/{member['memberId']}/missions?available=false").json()["totalCount"] == 1 - found
        assert add(club, ana).status_code == 200
        assert refusal(add(club, ben)) == (409, "The mission 1 is for members of another audience.")
        put(club, audienceId=audience_of(club, ben))
        assert [add(club, member).status_code for member in (ana, ben)] == [409, 200]

    def test_only_orders_with_the_items_count(self, club: Club) -> None:
        ana = club.member()
        beans = {"conditions": [{"attribute": "sku", "values": ["BEANS"]}]}
        matcher = club.made("/matchers", organizationId=club.id, name="Beans", type="item-matcher", matcher=beans)[
            "matcherId"
        ]
        new_mission(club, eventType="member-purchase-order-confirmed", matcherId=int(matcher))
        new_mission(club, code="never", matcherId=int(matcher))
        touch(club, ana)
        for number, sku in enumerate(("BEANS", "CUP", "BEANS")):
            order = {
                "externalId": f"o{number}",
                "type": "counter",
                "status": "confirmed",
                "total": 1,
                "discountedTotal": 1,
                "items": [{"sku": sku, "quantity": 1, "price": 1}],
            }
            answer = club.post(f"/members/{ana['memberId']}/purchase-orders", json=order)
            assert answer.status_code in (200, 201), answer.text
            club.advance(0)
        assert [standing(club, ana, number)[0] for number in (1, 2)] == [2, 0]
        assert add(club, ana, mission=2).status_code == 200


class TestMemberMissions:
    def test_all_missions_are_there_begun_or_not(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        first, second = new_mission(club), new_mission(club, code="x")
        at = club.now_ms
        add(club, ana, 4)
        rows = club.get(f"/members/{ana['memberId']}/missions").json()["results"]
        [begun, other] = rows
        assert iso(at) <= begun.pop("lastCountedAt") <= iso(club.now_ms)
        assert begun == {
            "memberId": ana["memberId"],
            "missionId": 1,
            "counterCount": 4,
            "progressCount": 1,
            "timesAchieved": 1,
            "timesAchievedInPeriod": 1,
            "available": True,
            "inProgress": True,
            "mission": first,
        }
        assert other == {
            "memberId": ana["memberId"],
            "missionId": 2,
            "counterCount": 0,
            "progressCount": 0,
            "timesAchieved": 0,
            "timesAchievedInPeriod": 0,
            "available": True,
            "inProgress": False,
            "lastCountedAt": None,
            "mission": second,
        }
        assert [row["counterCount"] for row in club.get(f"/members/{ben['memberId']}/missions").json()["results"]] == [
            0,
            0,
        ]

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        program = new_program(club)["loyaltyProgramId"]
        new_mission(club, code="a", type="t", tags=["x"], goalCount=2, maxRepetitions=1, validFrom=EARLIER)
        new_mission(
            club, code="b", loyaltyProgramId=program, tags=["y"], validFrom=LATER, validTo="2901-01-01T00:00:00Z"
        )
        new_mission(club, code="c", active=False)
        new_mission(club, code="d", goalCount=2, repetitionPeriod="year", periodLimit=1)
        new_mission(club, code="e", goalCount=2, maxRepetitions=9)
        for number, amount in ((1, 2), (4, 2), (5, 3)):
            add(club, ana, amount, number)
        add(club, ben, 1, 5)

        def codes(who: dict[str, Any] = ana, **query: Any) -> str:
            rows = club.get(f"/members/{who['memberId']}/missions", params=query).json()["results"]
            return "".join(row["mission"]["code"] for row in rows)

        assert [codes(), codes(available="true"), codes(available="false"), codes(ben, available="true")] == [
            "abcde",
            "e",
            "abcd",
            "ade",
        ]
        assert [codes(inProgress="true"), codes(inProgress="false"), codes(ben, inProgress="true")] == [
            "e",
            "abcd",
            "e",
        ]
        assert [codes(active="true"), codes(active="false")] == ["abde", "c"]
        assert [
            codes(minTimesAchieved=0),
            codes(minTimesAchieved=1),
            codes(minTimesAchieved=2),
            codes(ben, minTimesAchieved=1),
        ] == ["abcde", "ade", "", ""]
        assert [codes(minCounterCount=1), codes(minCounterCount=3), codes(minCounterCount=4)] == ["ade", "e", ""]
        assert [
            codes(validFrom=EARLIER),
            codes(validFrom=LATER),
            codes(validTo=LATER),
            codes(validTo="2901-01-01T01:00:00+01:00"),
        ] == ["ab", "b", "", "b"]
        assert [codes(missionKey="three-coffees-3"), codes(missionKey="THREE-COFFEES")] == ["c", ""]
        assert [
            codes(loyaltyProgramId=program),
            codes(type="t"),
            codes(codes="c,a"),
            codes(tags="x,y"),
            codes(tags="x", codes="b"),
        ] == ["b", "a", "ac", "ab", ""]
        for number in range(1, 6):
            row = counters(club, ana, number)
            assert (row["available"], row["inProgress"]) == (number == 5, number == 5)
        for bad in (
            "available=2",
            "minTimesAchieved=-1",
            "minCounterCount=x",
            "validFrom=now",
            f"missionKey={'x' * 256}",
            "order=timesAchieved",
        ):
            assert coded(club.get(f"/members/{ana['memberId']}/missions?{bad}")) == (400, "VALIDATION_FAILED")

    def test_pages_and_orders(self, club: Club) -> None:
        ana = club.member()
        for code in "bca":
            new_mission(club, code=code)
        add(club, ana, 3, 2)

        def codes(**query: Any) -> str:
            rows = club.get(f"/members/{ana['memberId']}/missions", params=query).json()["results"]
            return "".join(row["mission"]["code"] for row in rows)

        assert [codes(), codes(order="code"), codes(order="code,desc"), codes(order="missionId,desc")] == [
            "bca",
            "abc",
            "cba",
            "acb",
        ]
        assert [codes(limit=2), codes(limit=2, page=1), codes(limit=2, page=2)] == ["bc", "a", ""]
        page = club.get(f"/members/{ana['memberId']}/missions?limit=1&page=1").json()
        assert (page["totalCount"], page["page"], page["limit"], page["results"][0]["timesAchieved"]) == (3, 1, 1, 1)
