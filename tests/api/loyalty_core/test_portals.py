"""Portals and their public ids."""

import re
from typing import Any

import httpx2
import pytest

from models.kernel.ids import text
from models.loyalty_core.organization.portals import PUBLIC_ID_ALPHABET, PUBLIC_ID_CHARACTERS
from models.loyalty_core.organization.tables import PortalName
from models.uow import UnitOfWork
from tests.api.loyalty_core.conftest import PROGRAM, Club, assert_wrong, coded, refusal
from tests.support.client import segment

NEW = {"name": "Club online", "active": True}


def new_portal(club: Club, **members: Any) -> dict[str, Any]:
    return club.made("/portals", **{**NEW, **members})


def put(club: Club, portal: dict[str, Any], **members: Any) -> httpx2.Response:
    """Change a portal: name, public id and whether it is open are as they were, where nothing else is said."""
    body = {"name": portal["name"], "publicId": portal["publicId"], "active": portal["active"], **members}
    return club.put(f"/portals/{portal['portalId']}", json=body)


def by_public_id(club: Club, public_id: str, **options: Any) -> httpx2.Response:
    whole = club.base
    club.base = "/loyalty-core/api/v1"
    try:
        return club.get(f"/portals/by-public-id/{segment(public_id)}", **options)
    finally:
        club.base = whole


def next_draw(club: Club) -> tuple[UnitOfWork, str]:
    """A unit of work, and the public id that the call after it draws first."""
    unit = club.unit()
    draws = unit.sandbox.random(club.tenant.key, str(unit.request_number + 1))
    return unit, text(draws, "portal", PUBLIC_ID_CHARACTERS, PUBLIC_ID_ALPHABET)


class TestCreate:
    def test_what_is_left_out_has_its_default(self, club: Club) -> None:
        answer = club.post(
            "/portals",
            json={
                **NEW,
                "createdAt": "2001-01-01T00:00:00Z",
                "updatedAt": "2001-01-01T00:00:00Z",
                "publicId": "mine",
                "portalId": 77,
            },
        )
        assert answer.status_code == 201
        portal = answer.json()["portal"]
        assert re.fullmatch(r"[a-z0-9]{10}", portal["publicId"])
        assert portal["createdAt"] == portal["updatedAt"] > "2025"
        assert {name: portal[name] for name in portal if name not in ("publicId", "createdAt", "updatedAt")} == {
            **NEW,
            "portalId": 1,
            "organizationId": club.id,
            "loyaltyProgramId": None,
            "theme": {},
            "links": {},
            "forms": {},
            "metadata": {},
            "customAttributes": {},
            "authRedirectUrl": None,
            "authValidScopes": [],
        }
        assert club.get("/portals/1").json() == by_public_id(club, portal["publicId"]).json() == {"portal": portal}
        assert club.get("/portals").json() == {"totalCount": 1, "page": 0, "limit": 10, "results": [portal]}
        assert club.events() == []

    def test_all_that_can_be_said_is_kept(self, club: Club) -> None:
        free = {"ü €": [1, None, {"x": 1e22}], "": False}
        said = {
            "name": "é" * 255,
            "active": False,
            "loyaltyProgramId": PROGRAM,
            "theme": free,
            "links": free,
            "forms": free,
            "metadata": free,
            "customAttributes": free,
            "authRedirectUrl": "x" * 2048,
            "authValidScopes": ["s" * 255] * 100,
        }
        assert said.items() <= new_portal(club, **said).items()
        assert said.items() <= club.get("/portals/1").json()["portal"].items()

    def test_each_has_a_public_id_of_its_own(self, club: Club) -> None:
        made = [new_portal(club) for _ in range(5)]
        assert len({portal["publicId"] for portal in made}) == len({portal["portalId"] for portal in made}) == 5

    def test_a_public_id_that_is_taken_is_not_drawn(self, club: Club, other_club: Club) -> None:
        assert new_portal(club, name=next_draw(club)[1])["publicId"] == club.get("/portals/1").json()["portal"]["name"]
        unit, drawn = next_draw(club)
        with unit.transaction() as session:
            session.add(PortalName(public_id=drawn, tenant_id=other_club.tenant.id))
        second = new_portal(club)
        assert second["publicId"] != drawn
        assert by_public_id(club, second["publicId"]).json()["portal"] == second

    def test_a_wrong_or_missing_member_is_named(self, club: Club) -> None:
        portal = new_portal(club)
        wrong: dict[str, list[Any]] = {
            "name": [None, "", "x" * 256, 5],
            "active": [None, "true", 1],
            "theme": [[]],
            "links": ["x"],
            "metadata": [1],
            "forms": [[1]],
            "loyaltyProgramId": ["1", 2**63],
            "authRedirectUrl": ["x" * 2049],
            "authValidScopes": ["openid", [""], ["x"] * 101, ["x" * 256]],
            "createdAt": ["yesterday"],
            "updatedAt": [5],
        }
        for name, values in wrong.items():
            for value in values:
                for answer in (club.post("/portals", json={**NEW, name: value}), put(club, portal, **{name: value})):
                    status, message = refusal(answer)
                    assert (status, name in message) == (400, True), (name, value)
        for public_id in (None, "", "x" * 256, 1):
            assert_wrong(put(club, portal, publicId=public_id), "publicId")
        for missing in ("name", "publicId", "active"):
            body = {name: portal[name] for name in ("name", "publicId", "active") if name != missing}
            status, message = refusal(club.put("/portals/1", json=body))
            assert (status, missing in message) == (400, True)
        for missing in NEW:
            assert_wrong(club.post("/portals", json={name: NEW[name] for name in NEW if name != missing}), missing)
        assert club.get("/portals").json()["results"] == [portal]

    def test_its_program_has_to_be_there(self, club: Club, other_club: Club) -> None:
        other_club.made("/loyalty-programs", name="Theirs", active=True, ledgerId=1, description="", setAsDefault=False)
        portal = new_portal(club, loyaltyProgramId=PROGRAM)
        for unknown in (0, -1, 2, 2**63 - 1):
            expected = (404, f"/loyaltyProgramId: There is no loyalty program {unknown}.")
            assert refusal(club.post("/portals", json={**NEW, "loyaltyProgramId": unknown})) == expected
            assert refusal(put(club, portal, name="New", loyaltyProgramId=unknown)) == expected
        assert club.get("/portals").json()["results"] == [portal]


class TestUpdate:
    def test_what_is_left_out_stays(self, club: Club) -> None:
        portal = new_portal(
            club,
            loyaltyProgramId=PROGRAM,
            theme={"a": 1, "b": 2},
            links={"c": 1},
            forms={"d": 1},
            metadata={"e": 1},
            customAttributes={"f": 1},
            authRedirectUrl="https://x",
            authValidScopes=["openid"],
        )
        changed = put(club, portal, name="New", active=False, createdAt="2001-01-01T00:00:00Z").json()["portal"]
        assert changed == {**portal, "name": "New", "active": False, "updatedAt": changed["updatedAt"]}
        assert changed["updatedAt"] > portal["updatedAt"]
        replaced = put(club, changed, theme={"b": 3}, authValidScopes=[]).json()["portal"]
        assert (replaced["theme"], replaced["links"], replaced["authValidScopes"]) == ({"b": 3}, {"c": 1}, [])
        assert club.get("/portals/1").json()["portal"] == replaced

    @pytest.mark.parametrize("public_id", ["harbour-club", "x" * 255, "ü € 😀", "a/b", "%2F"])
    def test_a_public_id_can_be_any_text(self, club: Club, public_id: str) -> None:
        wanted = f"{club.id}{public_id}"[:255]
        portal = new_portal(club)
        changed = put(club, portal, publicId=wanted).json()["portal"]
        assert changed["publicId"] == wanted
        assert by_public_id(club, wanted).json()["portal"] == changed
        assert club.get("/portals", params={"publicId": wanted}).json()["results"] == [changed]
        assert refusal(by_public_id(club, portal["publicId"])) == (
            404,
            f"There is no portal with the public id {portal['publicId']}.",
        )
        again = put(club, changed).json()["portal"]
        assert again == {**changed, "updatedAt": again["updatedAt"]}

    def test_a_public_id_is_taken_once_among_all_organizations(self, club: Club, other_club: Club) -> None:
        mine, second, theirs = new_portal(club), new_portal(club), new_portal(other_club)
        for taken in (second["publicId"], theirs["publicId"]):
            assert refusal(put(club, mine, name="New", publicId=taken)) == (
                409,
                f"/publicId: Another portal has the publicId {taken}.",
            )
        assert club.get("/portals").json()["results"] == [mine, second]
        free = f"free-{club.id}"
        put(other_club, theirs, publicId=free)
        assert coded(put(club, mine, publicId=free)) == (409, "PUBLIC_ID_TAKEN")
        assert put(club, mine, publicId=theirs["publicId"]).json()["portal"]["publicId"] == theirs["publicId"]
        assert put(club, second, publicId=free.upper()).status_code == 200


class TestFinding:
    def test_what_is_another_organizations_is_not_there(self, club: Club, other_club: Club) -> None:
        theirs = [new_portal(other_club) for _ in range(3)][-1]
        mine = new_portal(club)
        number = theirs["portalId"]
        assert refusal(club.get(f"/portals/{number}")) == (404, f"There is no portal {number}.")
        assert refusal(put(club, theirs, publicId=mine["publicId"]))[0] == 404
        assert refusal(by_public_id(club, theirs["publicId"]))[0] == 404
        assert by_public_id(other_club, theirs["publicId"]).json() == {"portal": theirs}
        assert club.get("/portals").json()["results"] == [mine]
        assert club.get("/portals", params={"publicId": theirs["publicId"]}).json()["results"] == []

    def test_by_public_id_needs_a_token_and_no_role_of_a_kind(self, club: Club) -> None:
        portal = new_portal(club)
        assert refusal(by_public_id(club, portal["publicId"], token=None))[0] == 401
        assert refusal(by_public_id(club, portal["publicId"], token="lc_unknown"))[0] == 401
        assert by_public_id(club, portal["publicId"], token=club.further_token("orders:read")).json() == {
            "portal": portal
        }
        assert refusal(club.post("/portals", json=NEW, token=club.further_token("orders:write")))[0] == 403

    def test_an_unknown_number_is_not_found(self, club: Club) -> None:
        for portal, status in (
            ("0", 404),
            ("-1", 404),
            ("99", 404),
            (2**63 - 1, 404),
            (2**63, 400),
            ("x", 404),
            ("1.5", 404),
        ):
            assert refusal(club.get(f"/portals/{portal}"))[0] == status
            assert refusal(club.put(f"/portals/{portal}", json={**NEW, "publicId": f"p{club.id}"}))[0] == status

    def test_unknown_public_ids(self, club: Club) -> None:
        for unknown in ("x", "X" * 255, "ü"):
            assert refusal(by_public_id(club, unknown))[0] == 404
        assert coded(by_public_id(club, "x" * 256)) == (400, "VALIDATION_FAILED")

    def test_pages_and_orders(self, club: Club) -> None:
        for name, public in (("b", "z"), ("C", "x"), ("a", "y")):
            put(club, new_portal(club, name=name), publicId=f"{public}{club.id}")

        def names(**query: Any) -> str:
            return "".join(row["name"] for row in club.get("/portals", params=query).json()["results"])

        assert [names(), names(order="id,desc"), names(order="createdAt,desc")] == ["bCa", "aCb", "aCb"]
        assert [
            names(order="name"),
            names(order="name,desc"),
            names(order="publicId"),
            names(order="publicId,desc"),
        ] == ["Cab", "baC", "Cab", "baC"]
        assert [names(limit=2), names(limit=2, page=1), names(limit=2, page=2), names(page=2**31 - 1)] == [
            "bC",
            "a",
            "",
            "",
        ]
        put(club, club.get("/portals/1").json()["portal"], links={"changed": 1})
        assert [names(order="updatedAt"), names(order="updatedAt,desc")] == ["Cab", "baC"]
        for bad in ("order=active", "order=theme", "limit=26", "limit=0", "page=-1", f"publicId={'x' * 256}"):
            assert coded(club.get(f"/portals?{bad}")) == (400, "VALIDATION_FAILED")
