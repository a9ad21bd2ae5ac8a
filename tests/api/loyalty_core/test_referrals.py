"""Referrals: programs, the codes of members, and who comes by them."""

from typing import Any

import httpx2
import pytest

from models.kernel.clock import DAY_MS
from models.kernel.times import iso
from models.loyalty_core.referrals import referrals
from tests.api.loyalty_core.conftest import ACCOUNT, LEDGER, PROGRAM, Club, assert_wrong, coded, refusal
from tests.api.loyalty_core.test_missions import audience_of, new_mission, standing, touch
from tests.api.loyalty_core.test_programs import new_program

NEW = {
    "name": "Friends",
    "active": True,
    "maxPerCode": 5,
    "maxReferralsPerMember": 5,
    "code": "FRIENDS",
    "eventType": "member-created",
}
PAID = {"referrerPointsAccrual": 50, "referredPointsAccrual": 20}
EARLIER, LATER = "2020-01-01T00:00:00.000Z", "2900-01-01T00:00:00.000Z"
MOST = 2**53 - 1
UNKNOWN = (0, -1, 2, 2**63 - 1)


def path(program: int = 1, *more: Any) -> str:
    return "/".join(["/referral-programs", str(program), *map(str, more)])


def new_referrals(club: Club, **members: Any) -> dict[str, Any]:
    return club.made("/referral-programs", **{**NEW, **members})


def put(club: Club, program: int = 1, **members: Any) -> httpx2.Response:
    return club.put(path(program), json={**NEW, **members})


def give(club: Club, member: dict[str, Any], *codes: str, program: int = 1) -> httpx2.Response:
    return club.post(path(program, "referral-codes"), json={"memberId": member["memberId"], "codes": list(codes)})


def come(club: Club, loyalty_member_id: str, code: str) -> httpx2.Response:
    return club.post("/members", json={"loyaltyMemberId": loyalty_member_id, "referralCode": code})


def referrer(club: Club, *codes: str, program: int = 1) -> dict[str, Any]:
    """A member with codes."""
    ana = club.member()
    assert give(club, ana, *codes, program=program).status_code == 201
    return ana


def report(club: Club, program: int = 1, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = club.get(path(program, "members-report"), params=query).json()["results"]
    return rows


def referred(club: Club, code: int = 1, program: int = 1, **query: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = club.get(path(program, "referral-codes", code, "referred"), params=query).json()[
        "results"
    ]
    return rows


class TestPrograms:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post("/referral-programs", json=NEW)
        assert answer.status_code == 201
        made = answer.json()["referralProgram"]
        assert {name: made[name] for name in made if not name.endswith("edAt")} == {
            **NEW,
            "referralProgramId": 1,
            "organizationId": club.id,
            "loyaltyProgramId": None,
            "description": None,
            "pictureUrl": None,
            "customAttributes": {},
            "validFromDate": None,
            "validToDate": None,
            "maxRedeemsPerReferredMemberPerCode": 1,
            "audienceId": None,
            "tags": [],
            "referrerPointsAccrual": 0,
            "referrerLedgerId": None,
            "referrerLedgerAccountId": None,
            "referredPointsAccrual": 0,
            "referredLedgerId": None,
            "referredLedgerAccountId": None,
            "referredCount": 0,
        }
        assert club.get(path()).json() == {"referralProgram": made}
        assert club.events() == []

    def test_takes_what_is_within_the_limits(self, club: Club) -> None:
        club.know(event_types=["x", "e" * 255])
        least = {
            "name": "x",
            "description": "",
            "pictureUrl": "",
            "customAttributes": {},
            "active": False,
            "maxPerCode": 0,
            "maxReferralsPerMember": 0,
            "maxRedeemsPerReferredMemberPerCode": 0,
            "tags": [],
            "code": "x",
            "eventType": "x",
            "referrerPointsAccrual": 0,
            "referredPointsAccrual": 0,
            "validFromDate": EARLIER,
            "validToDate": LATER,
        }
        most = {
            "loyaltyProgramId": PROGRAM,
            "name": "é" * 255,
            "description": "x" * 4096,
            "pictureUrl": "x" * 2048,
            "customAttributes": {"ü": [None, 1e22]},
            "active": True,
            "maxPerCode": MOST,
            "maxReferralsPerMember": MOST,
            "maxRedeemsPerReferredMemberPerCode": MOST,
            "tags": ["x" * 255] * 100,
            "code": "ç" * 255,
            "eventType": "e" * 255,
            "referrerPointsAccrual": 18446744073709,
            "referrerLedgerId": LEDGER,
            "referrerLedgerAccountId": ACCOUNT,
            "referredPointsAccrual": 18446744073709,
            "referredLedgerId": LEDGER,
            "referredLedgerAccountId": ACCOUNT,
        }
        for said in (least, most):
            made = new_referrals(club, **said, referredCount=77)
            assert made.items() >= {**said, "referredCount": 0}.items()
            changed = put(club, made["referralProgramId"], **said, referredCount=77).json()["referralProgram"]
            assert changed == made
            assert club.get(path(made["referralProgramId"])).json()["referralProgram"] == changed

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        before = new_referrals(club)
        wrong: dict[str, list[Any]] = {
            "loyaltyProgramId": ["1"],
            "name": [None, "", "x" * 256],
            "description": ["x" * 4097],
            "pictureUrl": ["x" * 2049],
            "customAttributes": [[]],
            "active": [None, "yes"],
            "validFromDate": ["x"],
            "validToDate": [5],
            "maxPerCode": [None, -1, MOST + 1, 1.5],
            "maxReferralsPerMember": [None, -1, MOST + 1],
            "maxRedeemsPerReferredMemberPerCode": [-1],
            "audienceId": ["1"],
            "tags": [[""]],
            "code": [None, "", "x" * 256],
            "eventType": [None, "", "x" * 256],
            "referrerPointsAccrual": [-1, 18446744073710],
            "referredPointsAccrual": [-1],
            "referrerLedgerId": ["1"],
            "referrerLedgerAccountId": ["1"],
            "referredLedgerId": ["1"],
            "referredLedgerAccountId": ["1"],
        }
        bodies = [(name, {**NEW, name: value}) for name, values in wrong.items() for value in values]
        bodies += [(missing, {name: NEW[name] for name in NEW if name != missing}) for missing in NEW]
        for name, body in bodies:
            for answer in (club.post("/referral-programs", json=body), club.put(path(), json=body)):
                status, message = refusal(answer)
                assert (status, name in message) == (400, True), body
        assert club.get("/referral-programs").json()["results"] == [before]

    def test_rules_that_no_schema_expresses(self, club: Club) -> None:
        new_referrals(club, validFromDate=EARLIER)
        for answer in (
            club.post("/referral-programs", json={**NEW, "code": "x", "validFromDate": LATER, "validToDate": LATER}),
            put(club, validToDate=EARLIER),
        ):
            assert refusal(answer) == (400, "/validToDate: validToDate must be after validFromDate.")
        for name in (
            "loyaltyProgramId",
            "audienceId",
            "referrerLedgerId",
            "referrerLedgerAccountId",
            "referredLedgerId",
            "referredLedgerAccountId",
        ):
            for answer in (
                club.post("/referral-programs", json={**NEW, "code": "x", name: 99}),
                put(club, **{name: 99}),
            ):
                assert refusal(answer)[0] == 404, name
        new_referrals(club, code="other")
        taken = (409, "/code: Another referral program has the code other.")
        assert (
            refusal(put(club, code="other"))
            == refusal(club.post("/referral-programs", json={**NEW, "code": "other"}))
            == taken
        )
        assert club.get("/referral-programs").json()["totalCount"] == 2

    def test_what_is_left_out_stays(self, club: Club) -> None:
        made = new_referrals(
            club,
            description="d",
            tags=["a"],
            maxRedeemsPerReferredMemberPerCode=3,
            **PAID,
            validFromDate=EARLIER,
            loyaltyProgramId=PROGRAM,
            customAttributes={"a": 1},
        )
        changed = put(club, name="New", maxPerCode=1).json()["referralProgram"]
        assert changed == {**made, "name": "New", "maxPerCode": 1, "updatedAt": changed["updatedAt"]}

    def test_null_takes_away(self, club: Club) -> None:
        set_members = {
            "loyaltyProgramId": PROGRAM,
            "description": "d",
            "pictureUrl": "p",
            "validFromDate": EARLIER,
            "validToDate": iso(club.now_ms - DAY_MS),
            "audienceId": audience_of(club),
            "referrerLedgerId": LEDGER,
            "referrerLedgerAccountId": ACCOUNT,
            "referredLedgerId": LEDGER,
            "referredLedgerAccountId": ACCOUNT,
        }
        made = new_referrals(club, **set_members, **PAID)
        nothing = dict.fromkeys(set_members)
        changed = put(club, **nothing).json()["referralProgram"]
        assert changed == {**made, **nothing, "updatedAt": changed["updatedAt"]}
        ana = referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [50, 20]
        assert new_referrals(club, code="other", **nothing).items() >= nothing.items()

    def test_an_unknown_program_is_not_found(self, club: Club, other_club: Club) -> None:
        theirs = new_referrals(other_club)
        ana = club.member()
        for unknown in (1, *UNKNOWN):
            expected = (404, f"There is no referral program {unknown}.")
            for answer in (
                club.get(path(unknown)),
                put(club, unknown),
                give(club, ana, "A", program=unknown),
                club.get(path(unknown, "referral-codes")),
                club.get(path(unknown, "members-report")),
                club.get(path(unknown, "referral-codes", 1, "referred")),
            ):
                assert refusal(answer) == expected
        assert other_club.get(path()).json()["referralProgram"] == theirs

    def test_pages_and_orders(self, club: Club, other_club: Club) -> None:
        for code, name, days in (("b", "Z", 2), ("c", "Y", None), ("a", "X", 1)):
            at = (
                {}
                if days is None
                else {"validFromDate": iso(days * DAY_MS), "validToDate": iso(club.now_ms + 9 * days * DAY_MS)}
            )
            new_referrals(club, code=code, name=name, **at)
        ana = club.member()
        for program, times in ((2, 2), (3, 1)):
            give(club, ana, f"P{program}", program=program)
            assert [come(club, f"m{program}{n}", f"P{program}").status_code for n in range(times)] == [201] * times

        def codes(**query: Any) -> str:
            return "".join(row["code"] for row in club.get("/referral-programs", params=query).json()["results"])

        put(club, 1, code="b", name="Z", description="changed")
        orders = {
            "referralProgramId": "bca",
            "id": "bca",
            "createdAt": "bca",
            "code": "abc",
            "name": "acb",
            "validFromDate": "abc",
            "validToDate": "abc",
            "referredCount": "bac",
        }
        for order, expected in orders.items():
            assert (codes(order=order), codes(order=f"{order},desc")) == (expected, expected[::-1]), order
        assert codes(order="updatedAt,desc")[0] == "b"
        assert [codes(limit=2), codes(limit=2, page=1), codes(limit=2, page=2), codes(page=2**31 - 1)] == [
            "bc",
            "a",
            "",
            "",
        ]
        assert (
            club.get("/referral-programs?limit=2&page=1").json().items()
            >= {"totalCount": 3, "page": 1, "limit": 2}.items()
        )
        assert other_club.get("/referral-programs").json() == {"totalCount": 0, "page": 0, "limit": 10, "results": []}
        for bad in ("page=-1", "limit=26", "order=eventType", "order=code,up"):
            assert coded(club.get(f"/referral-programs?{bad}")) == (400, "VALIDATION_FAILED")


class TestCodes:
    def test_a_member_gets_codes(self, club: Club) -> None:
        new_referrals(club, active=False)
        ana = club.member()
        answer = give(club, ana, "ANA-1", "ana-1", "é" * 255)
        assert answer.status_code == 201
        rows = answer.json()["referrals"]
        assert [row["code"] for row in rows] == ["ANA-1", "ana-1", "é" * 255]
        assert {name: rows[0][name] for name in rows[0] if name != "createdAt"} == {
            "referralCodeId": 1,
            "organizationId": club.id,
            "referralProgramId": 1,
            "memberId": ana["memberId"],
            "code": "ANA-1",
            "referredCount": 0,
        }
        assert club.get(path(1, "referral-codes")).json() == {"referrals": rows}
        give(club, ana, "more")
        [row] = report(club)
        assert row.pop("createdAt") <= iso(club.now_ms)
        assert row == {
            "memberId": ana["memberId"],
            "loyaltyMemberId": "ana",
            "codeCount": 4,
            "referredCount": 0,
            "paidCount": 0,
            "pendingCount": 0,
            "referrerPoints": 0,
            "referredPoints": 0,
            "lastReferredAt": None,
        }

    def test_codes_are_unique_in_the_organization(self, club: Club, other_club: Club) -> None:
        new_referrals(club)
        new_referrals(club, code="second")
        ana, ben = club.member(), club.member("ben")
        give(club, ana, "A")
        for member, program in ((ana, 1), (ben, 1), (ben, 2)):
            assert refusal(give(club, member, "B", "A", program=program)) == (
                409,
                "/codes/1: The referral code A is taken.",
            )
        assert [row["code"] for row in club.get(path(1, "referral-codes")).json()["referrals"]] == ["A"]
        assert (len(report(club)), report(club, 2)) == (1, [])
        new_referrals(other_club)
        assert give(other_club, other_club.member(), "A").status_code == 201

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        new_referrals(club)
        ana = club.member()["memberId"]
        for member, body in (
            ("memberId", {}),
            ("codes", {"memberId": ana}),
            ("memberId", {"codes": ["A"]}),
            ("memberId", {"memberId": None, "codes": ["A"]}),
            ("memberId", {"memberId": "1", "codes": ["A"]}),
            *(
                ("codes", {"memberId": ana, "codes": codes})
                for codes in (None, "A", [], [""], ["x" * 256], [5], ["A", "A"], [f"c{n}" for n in range(101)])
            ),
        ):
            assert_wrong(club.post(path(1, "referral-codes"), json=body), member)
        for unknown in UNKNOWN:
            assert refusal(give(club, {"memberId": unknown}, "A")) == (404, f"/memberId: There is no member {unknown}.")
        assert give(club, {"memberId": ana}, *(f"c{n}" for n in range(100))).status_code == 201

    def test_inactive_members_get_none(self, club: Club) -> None:
        new_referrals(club)
        ana = club.member(active=False)
        assert refusal(give(club, ana, "A")) == (409, f"/memberId: The member {ana['memberId']} is not active.")
        assert report(club) == []

    def test_filter_pages_and_orders(self, club: Club) -> None:
        new_referrals(club)
        new_referrals(club, code="second")
        ana, ben = club.member(), club.member("ben")
        give(club, ana, "c", "a")
        give(club, ben, "b")
        give(club, ben, "z", program=2)
        assert [come(club, name, code).status_code for name, code in (("m1", "a"), ("m2", "a"), ("m3", "c"))] == [
            201
        ] * 3

        def codes(**query: Any) -> str:
            return "".join(row["code"] for row in club.get(path(1, "referral-codes"), params=query).json()["referrals"])

        assert [codes(), codes(memberId=ana["memberId"]), codes(memberId=ben["memberId"]), codes(memberId=99)] == [
            "cab",
            "ca",
            "b",
            "",
        ]
        for order, expected in {
            "referralCodeId": "cab",
            "id": "cab",
            "createdAt": "cab",
            "code": "abc",
            "referredCount": "bca",
        }.items():
            assert (codes(order=order), codes(order=f"{order},desc")) == (
                expected,
                expected[::-1] if order != "createdAt" else "bac",
            ), order
        assert [codes(limit=2), codes(limit=2, page=1), codes(limit=2, page=2)] == ["ca", "b", ""]
        for bad in ("memberId=x", "order=memberId", "limit=0", "page=-1"):
            assert coded(club.get(f"{path(1, 'referral-codes')}?{bad}")) == (400, "VALIDATION_FAILED")


class TestComing:
    def test_both_are_paid_at_the_creation(self, club: Club) -> None:
        new_referrals(club, **PAID)
        ana = referrer(club, "A", "B")
        answer = come(club, "ben", "A")
        assert answer.status_code == 201
        ben = answer.json()["loyalMember"]
        assert ben["referralCode"] == "A"
        assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [50, 20]
        [row] = referred(club)
        at = row.pop("createdAt")
        assert row == {
            "referralId": 1,
            "referralProgramId": 1,
            "referralCodeId": 1,
            "referrerMemberId": ana["memberId"],
            "memberId": ben["memberId"],
            "loyaltyMemberId": "ben",
            "status": "paid",
            "referrerPoints": 50,
            "referredPoints": 20,
            "paidAt": at,
        }
        assert referred(club, 2) == []
        [line] = report(club)
        assert (
            line.items()
            >= {
                "codeCount": 2,
                "referredCount": 1,
                "paidCount": 1,
                "pendingCount": 0,
                "referrerPoints": 50,
                "referredPoints": 20,
                "lastReferredAt": at,
            }.items()
        )
        assert club.get(path()).json()["referralProgram"]["referredCount"] == 1
        assert [row["referredCount"] for row in club.get(path(1, "referral-codes")).json()["referrals"]] == [1, 0]
        assert [event["memberId"] for event in club.events("ledger-transaction-created")] == [
            ana["memberId"],
            ben["memberId"],
        ]
        touch(club, ben)
        assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [50, 20]

    def test_both_are_paid_once_with_the_event(self, club: Club) -> None:
        new_referrals(club, eventType="member-updated", **PAID)
        ana = referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        touch(club, ana)
        assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [0, 0]
        [row] = referred(club)
        assert row.items() >= {"status": "pending", "referrerPoints": 0, "referredPoints": 0, "paidAt": None}.items()
        assert (
            report(club)[0].items()
            >= {"referredCount": 1, "paidCount": 0, "pendingCount": 1, "referrerPoints": 0}.items()
        )
        put(club, eventType="member-updated", referrerPointsAccrual=70)
        for _ in range(2):
            touch(club, ben)
            assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [70, 20]
        [row] = referred(club)
        assert row.items() >= {"status": "paid", "referrerPoints": 70, "referredPoints": 20}.items()
        assert row["paidAt"] > row["createdAt"]
        assert (
            report(club)[0].items()
            >= {"paidCount": 1, "pendingCount": 0, "referrerPoints": 70, "referredPoints": 20}.items()
        )

    def test_only_active_programs_pay(self, club: Club) -> None:
        new_referrals(club, eventType="member-updated", validToDate=iso(club.now_ms + DAY_MS), **PAID)
        ana = referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        put(club, eventType="member-updated", active=False)
        touch(club, ben)
        assert club.points(ana["walletId"])[0] == 0
        put(club, eventType="member-updated")
        club.advance(2 * DAY_MS)
        assert coded(come(club, "eve", "A")) == (400, "REFERRAL_PROGRAM_OVER")
        touch(club, ben)
        assert [club.points(one["walletId"])[0] for one in (ana, ben)] == [50, 20]

    def test_a_referrer_who_is_not_active_is_not_paid(self, club: Club) -> None:
        new_referrals(club, eventType="member-updated", **PAID)
        ana = referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        for active, paid, status in ((False, [0, 0], "pending"), (True, [50, 20], "paid")):
            assert club.patch(f"/members/{ana['memberId']}", json={"active": active}).status_code == 200
            touch(club, ben)
            assert ([club.points(one["walletId"])[0] for one in (ana, ben)], referred(club)[0]["status"]) == (
                paid,
                status,
            )

    def test_other_events_of_who_came_lock_no_referral_program(
        self, club: Club, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new_referrals(club, eventType="member-profile-deactivated", **PAID)
        new_mission(club)
        referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        locked: list[int] = []
        lock = referrals.lock_program_of_referrals
        monkeypatch.setattr(
            referrals, "lock_program_of_referrals", lambda uow, number: (locked.append(number), lock(uow, number))[1]
        )
        touch(club, ben)
        assert (standing(club, ben)[0], locked) == (1, [])
        club.patch(f"/members/{ben['memberId']}", json={"active": False})
        club.advance(0)
        assert (locked, referred(club)[0]["status"]) == ([1], "paid")

    def test_codes_that_cannot_be_used_make_nobody(self, club: Club) -> None:
        new_referrals(club, maxPerCode=1, maxReferralsPerMember=2, **PAID)
        ana = referrer(club, "A", "B", "C", "a")
        assert [come(club, name, code).status_code for name, code in (("m1", "A"), ("m2", "B"))] == [201, 201]
        before = club.events()

        def reason(code: str, **members: Any) -> str:
            assert put(club, **{"maxPerCode": 9, "maxReferralsPerMember": 9, **members}).status_code == 200
            status, message = refusal(come(club, "eve", code))
            assert status == 400
            return message

        cannot = "/referralCode: The referral code A cannot be used: "
        assert reason("D") == "/referralCode: There is no referral code D."
        assert reason("A", maxPerCode=1) == cannot + "it has been used as often as it may be."
        assert reason("A", maxPerCode=0) == cannot + "it has been used as often as it may be."
        assert reason("A", maxRedeemsPerReferredMemberPerCode=0) == cannot + "it has been used as often as it may be."
        assert put(club, maxRedeemsPerReferredMemberPerCode=1).status_code == 200
        assert reason("A", maxReferralsPerMember=2) == cannot + "its member has referred as many as one may."
        assert reason("A", active=False) == cannot + "the referral program is not active."
        assert reason("A", validFromDate=iso(club.now_ms + DAY_MS)) == cannot + "the referral program has not begun."
        put(club, validFromDate=EARLIER, validToDate="2021-01-01T00:00:00Z")
        assert refusal(come(club, "eve", "A")) == (400, cannot + "the referral program is over.")
        put(club, validToDate=LATER, maxPerCode=9, maxReferralsPerMember=9)
        club.patch(f"/members/{ana['memberId']}", json={"active": False})
        assert refusal(come(club, "eve", "A")) == (400, cannot + "its member is not active.")
        assert club.get("/members?loyaltyMemberId=eve").json()["totalCount"] == 0
        club.patch(f"/members/{ana['memberId']}", json={"active": True})
        assert [event["eventType"] for event in club.events()][len(before) :] == [
            "member-updated",
            "member-profile-deactivated",
            "member-updated",
        ]
        assert come(club, "eve", "A").status_code == 201
        assert (report(club)[0]["referredCount"], club.get(path()).json()["referralProgram"]["referredCount"]) == (3, 3)

    def test_only_members_of_the_audience_refer_others(self, club: Club) -> None:
        ana, ben = club.member(), club.member("ben")
        new_referrals(club, audienceId=audience_of(club, ana))
        assert refusal(give(club, ben, "B")) == (
            409,
            f"/memberId: The member {ben['memberId']} is not in the audience of the referral program.",
        )
        assert give(club, ana, "A").status_code == 201
        assert come(club, "m1", "A").status_code == 201
        put(club, audienceId=audience_of(club, ben))
        assert refusal(come(club, "m2", "A")) == (
            400,
            "/referralCode: The referral code A cannot be used: its member is not in the audience of the referral program.",
        )

    def test_limits_of_a_member_are_those_of_each_program(self, club: Club) -> None:
        new_referrals(club, maxReferralsPerMember=1)
        new_referrals(club, code="second", maxReferralsPerMember=1)
        ana = referrer(club, "A", "B")
        give(club, ana, "C", program=2)
        assert [come(club, f"m{n}", code).status_code for n, code in enumerate("ABC")] == [201, 400, 201]

    def test_without_referral_programs_any_code_is_kept(self, club: Club, other_club: Club) -> None:
        new_referrals(other_club)
        assert come(club, "ben", "ANY").json()["loyalMember"]["referralCode"] == "ANY"
        assert refusal(come(other_club, "ben", "ANY")) == (400, "/referralCode: There is no referral code ANY.")
        referrer(other_club, "ANY")
        assert come(club, "eve", "ANY").status_code == 201
        assert referred(other_club) == []

    def test_a_taken_id_uses_no_code(self, club: Club) -> None:
        new_referrals(club, **PAID)
        ana = referrer(club, "A")
        assert coded(come(club, "ana", "A")) == (409, "MEMBER_ID_TAKEN")
        assert (club.points(ana["walletId"])[0], report(club)[0]["referredCount"]) == (0, 0)

    def test_a_payment_that_is_refused_makes_nobody(self, club: Club) -> None:
        account = club.made(
            f"/ledgers/{LEDGER}/accounts", name="Few", active=True, isRevolving=False, syncAlgorand=False, maxSupply=10
        )["ledgerAccountId"]
        new_referrals(club, referrerPointsAccrual=5, referredPointsAccrual=9, referredLedgerAccountId=account)
        ana = referrer(club, "A")
        assert come(club, "ben", "A").status_code == 201
        assert coded(come(club, "eve", "A")) == (400, "SUPPLY_EXHAUSTED")
        assert (club.points(ana["walletId"])[0], report(club)[0]["referredCount"]) == (5, 1)
        assert club.get("/members?loyaltyMemberId=eve").json()["totalCount"] == 0

    def test_a_payment_that_is_refused_waits_for_the_next_event(self, club: Club) -> None:
        account = club.made(
            f"/ledgers/{LEDGER}/accounts", name="Few", active=True, isRevolving=False, syncAlgorand=False, maxSupply=8
        )["ledgerAccountId"]
        new_referrals(
            club,
            eventType="member-updated",
            referrerPointsAccrual=5,
            referredPointsAccrual=9,
            referredLedgerAccountId=account,
        )
        ana = referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        touch(club, ben)
        assert (club.points(ana["walletId"])[0], referred(club)[0]["status"]) == (0, "pending")
        club.put(f"/ledgers/{LEDGER}/accounts/{account}/supply", json={"maxSupply": 9})
        touch(club, ben)
        assert (
            club.points(ana["walletId"])[0],
            club.points(ben["walletId"], account)[0],
            referred(club)[0]["status"],
        ) == (5, 9, "paid")

    def test_points_go_to_the_accounts_that_are_named(self, club: Club) -> None:
        made = {"active": True, "isRevolving": False, "syncAlgorand": False}
        second = club.made("/ledgers", name="Second")["ledgerId"]
        there = club.made(f"/ledgers/{second}/accounts", name="Other", **made)["ledgerAccountId"]
        program = new_program(club, ledgerId=second)["loyaltyProgramId"]
        new_referrals(club, loyaltyProgramId=program, referrerLedgerId=LEDGER, **PAID)
        ana = referrer(club, "A")
        ben = come(club, "ben", "A").json()["loyalMember"]
        assert (club.points(ana["walletId"])[0], club.points(ben["walletId"], there, second)[0]) == (50, 20)
        assert program in [one["loyaltyProgramId"] for one in ben["loyaltyPrograms"]]

    def test_a_program_without_points_pays_nothing(self, club: Club) -> None:
        new_referrals(club)
        referrer(club, "A")
        come(club, "ben", "A")
        assert referred(club)[0].items() >= {"status": "paid", "referrerPoints": 0, "referredPoints": 0}.items()
        assert club.events("ledger-transaction-created") == []


class TestReports:
    def test_pages_and_orders_of_those_who_came(self, club: Club) -> None:
        new_referrals(club, eventType="member-updated")
        referrer(club, "A")
        crowd = [come(club, name, "A").json()["loyalMember"] for name in "cab"]
        touch(club, crowd[1])
        touch(club, crowd[0])

        def names(**query: Any) -> str:
            return "".join(row["loyaltyMemberId"] for row in referred(club, **query))

        for order, expected in {
            "referralId": "cab",
            "id": "cab",
            "memberId": "cab",
            "createdAt": "cab",
            "paidAt": "acb",
        }.items():
            assert (names(order=order), names(order=f"{order},desc")) == (expected, expected[::-1]), order
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2)] == ["ca", "b", ""]
        page = club.get(path(1, "referral-codes", 1, "referred"), params={"limit": 1}).json()
        assert (page["totalCount"], page["page"], page["limit"]) == (3, 0, 1)
        for bad in ("order=status", "limit=26"):
            assert coded(club.get(f"{path(1, 'referral-codes', 1, 'referred')}?{bad}")) == (400, "VALIDATION_FAILED")

    def test_a_code_is_one_of_its_program(self, club: Club, other_club: Club) -> None:
        new_referrals(club)
        new_referrals(club, code="second")
        referrer(club, "A", program=2)
        new_referrals(other_club)
        for unknown in (1, *UNKNOWN):
            assert refusal(club.get(path(1, "referral-codes", unknown, "referred"))) == (
                404,
                f"The referral program 1 has no code {unknown}.",
            )
        assert club.get(path(2, "referral-codes", 1, "referred")).json()["totalCount"] == 0

    def test_pages_and_orders_of_the_report(self, club: Club) -> None:
        new_referrals(club, eventType="member-updated", **PAID)
        for name, codes in (("a", ["A1", "A2"]), ("b", ["B1"]), ("c", ["C1", "C2", "C3"])):
            give(club, club.member(name), *codes)
        crowd = {
            name: come(club, name, code).json()["loyalMember"]
            for name, code in (("m1", "A1"), ("m2", "A2"), ("m3", "B1"))
        }
        for name in ("m1", "m2", "m3"):
            touch(club, crowd[name])

        def names(**query: Any) -> str:
            return "".join(row["loyaltyMemberId"] for row in report(club, **query))

        orders = {
            "memberId": "abc",
            "id": "abc",
            "createdAt": "abc",
            "codeCount": "bac",
            "referredCount": "cba",
            "paidCount": "cba",
            "referrerPoints": "cba",
            "lastReferredAt": "abc",
        }
        for order, expected in orders.items():
            assert (names(order=order), names(order=f"{order},desc")) == (expected, expected[::-1]), order
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2)] == ["ab", "c", ""]
        page = club.get(path(1, "members-report"), params={"limit": 1, "page": 2}).json()
        assert (page["totalCount"], page["page"], page["limit"], page["results"][0]["referredCount"]) == (3, 2, 1, 0)
        for bad in ("order=pendingCount", "limit=26"):
            assert coded(club.get(f"{path(1, 'members-report')}?{bad}")) == (400, "VALIDATION_FAILED")
