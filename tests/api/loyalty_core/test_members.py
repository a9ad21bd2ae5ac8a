"""Members by number and by the organization's own id: creating, changing, reading one, several, and pages of them."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from models.loyalty_core.members.tables import Member
from models.loyalty_core.organization.tables import Organization, Program
from tests.api.loyalty_core.conftest import PROGRAM, TIER, Club, refusal
from tests.support.client import segment

ANA: dict[str, Any] = {
    "loyaltyMemberId": "HC-000042",
    "memberType": "customer",
    "publicLoyaltyMemberId": "CARD-7731",
    "onChain": {"address": "0xA", "depth": [1, {"a": None}]},
    "profile": {"name": "Ana Stone", "email": "ana@example.org"},
    "customAttributes": {"favourite": "flat white", "big": 1e22, "whole": 1, "ü": "😀"},
    "active": False,
    "referralCode": "BEN-FIELD",
}
IN_DEFAULT_PROGRAM = [
    {"loyaltyProgramId": PROGRAM, "loyaltyTierId": TIER, "loyaltyTierKey": "member", "tierExpiresAt": None}
]


def read(club: Club, member_id: int) -> dict[str, Any]:
    member: dict[str, Any] = club.get(f"/members/{member_id}").json()["loyalMember"]
    return member


class TestCreate:
    def test_what_is_created_is_there(self, club: Club) -> None:
        answer = club.post(
            "/members", json={**ANA, "memberId": 99, "walletId": 99, "createdAt": "2020-01-01T00:00:00Z"}
        )
        assert answer.status_code == 201
        made = answer.json()["loyalMember"]
        assert {name: made[name] for name in ANA} == ANA
        assert made["createdAt"] == made["updatedAt"]
        assert (made["memberId"], made["walletId"], made["organizationId"]) == (1, 1, club.id)
        assert made["loyaltyPrograms"] == IN_DEFAULT_PROGRAM
        assert read(club, made["memberId"]) == made
        assert club.get("/loyalty-members/HC-000042").json() == {"loyalMember": made}
        assert club.get("/members").json() == {"totalCount": 1, "page": 0, "limit": 10, "results": [made]}

    def test_an_own_id_is_enough(self, club: Club) -> None:
        made = club.made("/members", loyaltyMemberId="x")
        assert {name: made[name] for name in ANA} == {
            "loyaltyMemberId": "x",
            "memberType": None,
            "publicLoyaltyMemberId": None,
            "onChain": {},
            "profile": {},
            "customAttributes": {},
            "active": True,
            "referralCode": None,
        }
        second = club.made("/members", loyaltyMemberId="y")
        assert second["walletId"] != made["walletId"]

    def test_it_has_an_event(self, club: Club) -> None:
        made = club.made("/members", **ANA)
        created, tier_set = club.events()
        assert (created["eventType"], created["memberId"], created["organizationId"]) == (
            "member-created",
            made["memberId"],
            club.id,
        )
        assert created["data"] == {
            name: made[name]
            for name in ("loyaltyMemberId", "publicLoyaltyMemberId", "memberType", "walletId", "active", "referralCode")
        }
        assert (tier_set["eventType"], tier_set["data"]["loyaltyTierId"]) == ("member-tier-set", TIER)

    @pytest.mark.parametrize("taken", ["loyaltyMemberId", "publicLoyaltyMemberId"])
    def test_ids_are_unique_in_the_organization(self, club: Club, other_club: Club, taken: str) -> None:
        first = club.made("/members", **ANA)
        body = {"loyaltyMemberId": "new", taken: ANA[taken]}
        assert refusal(club.post("/members", json=body)) == (409, f"/{taken}: Another member has this {taken}.")
        assert club.get("/members").json()["results"] == [first]
        assert len(club.events("member-created")) == 1
        assert club.made("/members", **{**body, taken: ANA[taken].lower()})[taken] == ANA[taken].lower()
        assert other_club.made("/members", **ANA)["organizationId"] == other_club.id

    @pytest.mark.parametrize("key", ["%", "a/b", "ü € 😀", "😀" * 255, "...", " ", "null"])
    def test_any_own_id_can_be_asked_for(self, club: Club, key: str) -> None:
        made = club.made("/members", loyaltyMemberId=key, publicLoyaltyMemberId=key)
        assert club.get(f"/loyalty-members/{segment(key)}").json() == {"loyalMember": made}
        assert club.get("/members", params={"loyaltyMemberId": key}).json()["results"] == [made]

    @pytest.mark.parametrize(
        "members",
        [
            {"loyaltyMemberId": ""},
            {"loyaltyMemberId": "x" * 256},
            {"loyaltyMemberId": 5},
            {"loyaltyMemberId": None},
            {"publicLoyaltyMemberId": ""},
            {"publicLoyaltyMemberId": "x" * 256},
            {"memberType": ""},
            {"memberType": "x" * 256},
            {"referralCode": ""},
            {"referralCode": "x" * 256},
            {"onChain": []},
            {"profile": "ana"},
            {"customAttributes": 1},
            {"active": "yes"},
        ],
        ids=str,
    )
    def test_a_bad_member_is_refused_and_leaves_nothing(self, club: Club, members: dict[str, Any]) -> None:
        status, message = refusal(club.post("/members", json={"loyaltyMemberId": "x", **members}))
        assert status == 400
        assert next(iter(members)) in message
        assert (club.get("/members").json()["totalCount"], club.events()) == (0, [])

    @pytest.mark.parametrize(("default", "active"), [(None, True), (PROGRAM, False)])
    def test_without_an_active_default_program_they_are_in_none(
        self, club: Club, default: int | None, active: bool
    ) -> None:
        unit = club.unit()
        with unit.transaction() as session:
            session.scalars(unit.scoped(Organization)).one().default_program_id = default
            session.scalars(unit.scoped(Program)).one().active = active
        assert club.made("/members", loyaltyMemberId="x")["loyaltyPrograms"] == []
        assert [event["eventType"] for event in club.events()] == ["member-created"]


class TestUpdate:
    def test_what_is_left_out_stays_and_objects_are_replaced(self, club: Club) -> None:
        made = club.made("/members", **ANA)
        sent = {"profile": {"phone": "1"}, "customAttributes": {}, "memberType": "staff", "referralCode": "OTHER"}
        answer = club.patch(f"/members/{made['memberId']}", json=sent)
        assert answer.status_code == 200
        changed = answer.json()["loyalMember"]
        assert changed == {**made, **sent, "referralCode": "BEN-FIELD", "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > made["updatedAt"]
        assert read(club, made["memberId"]) == changed

    def test_its_event_has_what_changed_and_why(self, club: Club) -> None:
        made = club.made("/members", **{**ANA, "active": True})
        path = f"/members/{made['memberId']}"
        sent = {"profile": ANA["profile"], "loyaltyMemberId": "new", "active": False, "updateReason": "Moved"}
        club.patch(path, json=sent)
        updated, deactivated = club.events()[2:]
        assert (updated["eventType"], updated["memberId"]) == ("member-updated", made["memberId"])
        assert sorted(updated["data"]["changed"]) == ["active", "loyaltyMemberId"]
        assert (updated["data"]["updateReason"], updated["data"]["loyaltyMemberId"]) == ("Moved", "new")
        assert (deactivated["eventType"], deactivated["data"]["active"]) == ("member-profile-deactivated", False)
        club.patch(path, json={"active": True})
        assert len(club.events("member-profile-deactivated")) == 1
        assert club.events("member-updated")[-1]["data"]["updateReason"] is None

    @pytest.mark.parametrize("body", [{}, {"updateReason": "None"}, ANA])
    def test_what_is_so_already_leaves_no_trace(self, club: Club, body: dict[str, Any]) -> None:
        made, before = club.made("/members", **ANA), len(club.events())
        assert club.patch(f"/members/{made['memberId']}", json=body).json() == {"loyalMember": made}
        assert len(club.events()) == before

    def test_values_that_python_holds_for_equal_are_changes(self, club: Club) -> None:
        made = club.made("/members", loyaltyMemberId="x", customAttributes={"n": 1})
        for value in (True, 1.0, 1):
            club.patch(f"/members/{made['memberId']}", json={"customAttributes": {"n": value}})
            assert repr(read(club, made["memberId"])["customAttributes"]["n"]) == repr(value)
        assert len(club.events("member-updated")) == 3

    @pytest.mark.parametrize("taken", ["loyaltyMemberId", "publicLoyaltyMemberId"])
    def test_what_another_has_is_taken(self, club: Club, taken: str) -> None:
        club.made("/members", **ANA)
        ben = club.made("/members", loyaltyMemberId="ben", publicLoyaltyMemberId="b")
        before, path = len(club.events()), f"/members/{ben['memberId']}"
        answer = club.patch(path, json={taken: ANA[taken], "memberType": "staff"})
        assert refusal(answer) == (409, f"/{taken}: Another member has this {taken}.")
        assert (read(club, ben["memberId"]), len(club.events())) == (ben, before)
        assert club.patch(path, json={taken: ben[taken]}).status_code == 200

    @pytest.mark.parametrize(
        "body",
        [{"loyaltyMemberId": ""}, {"memberType": 1}, {"profile": []}, {"active": 1}, {"updateReason": "x" * 1025}],
        ids=str,
    )
    def test_a_bad_change_is_refused(self, club: Club, body: dict[str, Any]) -> None:
        made = club.made("/members", **ANA)
        status, message = refusal(club.patch(f"/members/{made['memberId']}", json=body))
        assert status == 400
        assert next(iter(body)) in message
        assert read(club, made["memberId"]) == made


@pytest.mark.parametrize("number", ["0", "-1", "4242", str(2**63 - 1)])
def test_nobody_is_a_404(club: Club, number: str) -> None:
    for answer in (club.get(f"/members/{number}"), club.patch(f"/members/{number}", json={"memberType": "x"})):
        assert refusal(answer) == (404, f"There is no member {number}.")
    assert refusal(club.get("/loyalty-members/nobody")) == (404, "There is no member nobody.")


@pytest.mark.parametrize(("number", "status"), [("x", 404), ("1.5", 404), (str(2**63), 400)])
def test_what_is_no_number_of_a_member_is_refused(club: Club, number: str, status: int) -> None:
    assert refusal(club.get(f"/members/{number}"))[0] == status


def test_what_is_another_organizations_is_not_there(club: Club, other_club: Club) -> None:
    theirs = other_club.made("/members", **ANA)
    number = theirs["memberId"]
    assert refusal(club.get(f"/members/{number}"))[0] == 404
    assert refusal(club.patch(f"/members/{number}", json={"memberType": "mine"}))[0] == 404
    assert refusal(club.get("/loyalty-members/HC-000042"))[0] == 404
    assert club.post("/members/batch", json={"memberIds": [number]}).json() == {"members": [], "notFound": [number]}
    assert club.get("/members").json()["totalCount"] == 0
    assert read(other_club, number) == theirs


def test_own_ids_are_told_apart_by_case(club: Club) -> None:
    made = [club.made("/members", loyaltyMemberId=key) for key in ("ana", "ANA")]
    assert [club.get(f"/loyalty-members/{key}").json()["loyalMember"] for key in ("ana", "ANA")] == made
    assert refusal(club.get("/loyalty-members/Ana"))[0] == 404


class TestBatch:
    def test_members_and_numbers_of_nobody_come_in_the_order_asked_for(self, club: Club) -> None:
        made = [club.made("/members", loyaltyMemberId=key) for key in "abc"]
        numbers = [member["memberId"] for member in made]
        asked = [numbers[2], 4242, numbers[0], numbers[2], -5, 4242, 2**63 - 1]
        answer = club.post("/members/batch", json={"memberIds": asked})
        assert answer.json() == {"members": [made[2], made[0]], "notFound": [4242, -5, 2**63 - 1]}
        assert len(club.events("member-created")) == 3

    @pytest.mark.parametrize(("ids", "count"), [([], 0), (list(range(1, 1001)), 1)])
    def test_none_or_a_thousand(self, club: Club, ids: list[int], count: int) -> None:
        club.made("/members", loyaltyMemberId="a")
        answer = club.post("/members/batch", json={"memberIds": ids}).json()
        assert (len(answer["members"]), len(answer["notFound"])) == (count, len(ids) - count)

    @pytest.mark.parametrize(
        "body",
        [{}, {"memberIds": None}, {"memberIds": ["x"]}, {"memberIds": list(range(1001))}, {"memberIds": [2**63]}],
        ids=lambda body: str(body)[:30],
    )
    def test_a_bad_batch_is_refused(self, club: Club, body: dict[str, Any]) -> None:
        status, message = refusal(club.post("/members/batch", json=body))
        assert status == 400
        assert "memberIds" in message

    def test_it_needs_no_right_to_write(self, club: Club) -> None:
        reader = club.further_token("members:read")
        assert club.post("/members/batch", json={"memberIds": []}, token=reader).status_code == 200
        assert refusal(club.post("/members", json={"loyaltyMemberId": "x"}, token=reader))[0] == 403
        writer = club.further_token("members:write")
        assert refusal(club.post("/members/batch", json={"memberIds": []}, token=writer))[0] == 403


class TestList:
    def keys(self, club: Club, **query: Any) -> str:
        page = club.get("/members", params=query)
        assert page.status_code == 200, page.text
        return "".join(row["loyaltyMemberId"] for row in page.json()["results"])

    def test_pages_and_orders(self, club: Club) -> None:
        for key, public in (("c", None), ("B", "y"), ("a", None), ("d", "X")):
            club.made("/members", loyaltyMemberId=key, **({} if public is None else {"publicLoyaltyMemberId": public}))
        for order, expected in (
            (None, "cBad"),
            ("id", "cBad"),
            ("memberId,desc", "daBc"),
            ("createdAt,asc", "cBad"),
            ("createdAt,desc", "daBc"),
            ("loyaltyMemberId", "Bacd"),
            ("loyaltyMemberId,desc", "dcaB"),
            ("publicLoyaltyMemberId", "dBca"),
            ("publicLoyaltyMemberId,desc", "acBd"),
            ("updatedAt,desc", "daBc"),
        ):
            assert self.keys(club, **({} if order is None else {"order": order})) == expected, order
        club.patch(
            f"/members/{club.get('/loyalty-members/c').json()['loyalMember']['memberId']}", json={"memberType": "x"}
        )
        assert self.keys(club, order="updatedAt") == "Badc"
        assert [self.keys(club, limit=3), self.keys(club, limit=3, page=1), self.keys(club, limit=3, page=2)] == [
            "cBa",
            "d",
            "",
        ]
        assert self.keys(club, page=2**31 - 1, limit=25) == ""
        assert club.get("/members?limit=3&page=9").json() == {"totalCount": 4, "page": 9, "limit": 3, "results": []}

    def test_each_filter_leaves_out_what_does_not_match(self, club: Club) -> None:
        made = [
            club.made("/members", loyaltyMemberId=key, profile={"email": email})
            for key, email in (
                ("a", "Ana@Example.org"),
                ("b", "ben@example.org"),
                ("c", ["ana@example.org"]),
                ("d", "STRASSE@x.org"),
                ("e", "x" * 321),
            )
        ]
        assert self.keys(club, email="aNA@example.ORG") == "a"
        assert [self.keys(club, email=email) for email in ("", "%", "straße@x.org", "example.org")] == ["", "", "d", ""]
        assert [self.keys(club, loyaltyMemberId="b"), self.keys(club, loyaltyMemberId="B")] == ["b", ""]
        assert [self.keys(club, walletId=made[2]["walletId"]), self.keys(club, walletId=4242)] == ["c", ""]
        assert self.keys(club, walletId=made[0]["walletId"], loyaltyMemberId="b") == ""
        club.patch(f"/members/{made[0]['memberId']}", json={"profile": {"email": "new@example.org"}})
        assert [self.keys(club, email="ana@example.org"), self.keys(club, email="NEW@example.org")] == ["", "a"]

    def test_times_include_their_ends(self, club: Club) -> None:
        first, second, third = (club.made("/members", loyaltyMemberId=key)["createdAt"] for key in "abc")
        assert self.keys(club, fromCreatedAt=second) == "bc"
        assert self.keys(club, toCreatedAt=second) == "ab"
        assert self.keys(club, fromCreatedAt=second, toCreatedAt=second) == "b"
        assert self.keys(club, fromCreatedAt=third.replace("T", "t").replace("Z", "z")) == "c"
        elsewhere = datetime.fromisoformat(first).astimezone(timezone(timedelta(hours=-5)))
        assert self.keys(club, toCreatedAt=elsewhere.isoformat()) == "a"
        assert [self.keys(club, fromCreatedAt=f"{year}-01-01T00:00:00+23:59") for year in ("0001", "9999")] == [
            "abc",
            "",
        ]
        assert [self.keys(club, toCreatedAt=f"{year}-12-31T23:59:59-23:59") for year in ("0001", "9999")] == ["", "abc"]

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("order=name", "order"),
            ("order=email", "order"),
            ("order=memberId,up", "order"),
            ("page=-1", "page"),
            ("limit=26", "limit"),
            ("walletId=0", "walletId"),
            ("walletId=x", "walletId"),
            ("fromCreatedAt=2026-01-01", "fromCreatedAt"),
            ("toCreatedAt=now", "toCreatedAt"),
            (f"email={'x' * 321}", "email"),
            (f"loyaltyMemberId={'x' * 256}", "loyaltyMemberId"),
        ],
    )
    def test_a_bad_query_is_refused(self, club: Club, query: str, expected: str) -> None:
        status, message = refusal(club.get(f"/members?{query}"))
        assert status == 400
        assert expected in message


def test_a_member_cannot_be_found_by_what_the_database_alone_knows(club: Club) -> None:
    """The e-mail of the filter is the profile's as it is now, in one case, and nothing where it is no text of use."""
    for key, email in (("a", "ÄNA@x.org"), ("b", 5), ("c", "x" * 321)):
        club.made("/members", loyaltyMemberId=key, profile={"email": email})
    unit = club.unit()
    with unit.transaction() as session:
        rows = session.scalars(unit.scoped(Member).order_by(Member.id)).all()
        assert [row.email for row in rows] == ["äna@x.org", None, None]
