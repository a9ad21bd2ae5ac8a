"""Users of an organization. What their tokens may do is in test_user_tokens.py."""

import re
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from argon2 import PasswordHasher

from models.kernel.clock import WallClock
from models.kernel.ids import SystemRandom
from models.loyalty_core.organization.roles import ROLES
from models.loyalty_core.organization.tables import OrganizationUser
from models.outbox.outbox import Event
from models.passwords import hash_password
from models.tenancy.sandboxes import Sandbox
from tests.api.loyalty_core.conftest import Club, assert_wrong, coded, refusal
from tests.support.client import segment

UNKNOWN_IDS = ["nobody", "7b0f4f7e-3c1d-4f5a-9e2b-6a1c8d0e4f11", "%", "x" * 255]


def new_user(user_name: str = "mara", **members: Any) -> dict[str, Any]:
    """The smallest body that makes a user."""
    return {
        "active": True,
        "name": "Mara Quinn",
        "nickname": "Mara",
        "profilePictureUrl": "",
        "isSystemAdmin": False,
        "pendingProvisioning": False,
        "customAttributes": {},
        "isAdmin": False,
        "roles": [],
        "userName": user_name,
        "email": f"{user_name}@example.org",
        "authClientId": "backoffice",
        **members,
    }


def changes(club: Club, **members: Any) -> dict[str, Any]:
    """A change that only says who the user is already."""
    return {
        "active": True,
        "name": "Mara Quinn",
        "nickname": "Mara",
        "profilePictureUrl": "",
        "isSystemAdmin": False,
        "pendingProvisioning": False,
        "customAttributes": {},
        "organizations": [str(club.id)],
        **members,
    }


def add(club: Club, user_name: str = "mara", **members: Any) -> dict[str, Any]:
    made = club.post("/users", json=new_user(user_name, **members))
    assert made.status_code == 201, made.text
    user: dict[str, Any] = made.json()["user"]
    return user


def get(club: Club, user: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = club.get(f"/users/{user['userId']}").json()["user"]
    return found


def stored(club: Club, user: dict[str, Any]) -> OrganizationUser:
    unit = club.unit()
    with unit.transaction() as session:
        return session.scalars(unit.scoped(OrganizationUser).where(OrganizationUser.user_id == user["userId"])).one()


def number_of_users(club: Club) -> int:
    count: int = club.get("/users").json()["totalCount"]
    return count


class TestCreate:
    def test_what_is_created_is_there(self, club: Club) -> None:
        sent = {
            **new_user(),
            "profilePictureUrl": "https://img.example.org/mara.png",
            "customAttributes": {"desk": ["süd", None, 1.5]},
            "roles": ["members:read", "tiers:read", "members:read"],
            "emailIsVerified": True,
            "passwordIsTemporary": True,
            "password": "first-light-at-six",
            "sendInvite": False,
        }
        answer = club.post("/users", json=sent)
        assert answer.status_code == 201
        assert answer.json()["password"] == "first-light-at-six"
        user = answer.json()["user"]
        assert UUID(user["userId"]).version == 4
        assert user["createdAt"] == user["updatedAt"]
        expected = {name: value for name, value in sent.items() if name not in ("password", "sendInvite")} | {
            "roles": ["members:read", "tiers:read"],
            "isAPIUser": False,
            "organizations": [str(club.id)],
            "organizationId": club.id,
        }
        assert {name: user[name] for name in user if name not in ("userId", "createdAt", "updatedAt")} == expected
        assert get(club, user) == user
        assert club.get("/users").json() == {"totalCount": 1, "page": 0, "limit": 10, "results": [user]}
        assert club.events() == []

    def test_what_the_server_keeps_is_ignored(self, club: Club) -> None:
        user = add(club, userId="mine", isAPIUser=True, organizations=["99"], createdAt="2020-01-01T00:00:00Z")
        assert (user["isAPIUser"], user["organizations"]) == (False, [str(club.id)])
        assert user["userId"] != "mine"

    @pytest.mark.parametrize(
        "members",
        [
            {"name": "x"},
            {"name": "😀" * 255},
            {"nickname": "é" * 255},
            {"profilePictureUrl": "x" * 2048},
            {"userName": "ü" * 255},
            {"email": "ΐ" * 320},
            {"authClientId": "x" * 255},
            {"roles": list(ROLES)},
            {"roles": ["users:read"] * 100},
            {"password": "x" * 8},
            {"password": "😀" * 256},
            {"isAdmin": True, "isSystemAdmin": True, "pendingProvisioning": True},
            {"active": False},
        ],
    )
    def test_takes_what_is_within_the_limits(self, club: Club, members: dict[str, Any]) -> None:
        user = add(club, **{"user_name": members.get("userName", "mara"), **members})
        shown = {name: value for name, value in members.items() if name not in ("password", "roles")}
        assert shown.items() <= user.items()
        assert set(user["roles"]) == set(members.get("roles", ()))
        assert get(club, user) == user

    @pytest.mark.parametrize(
        ("members", "expected"),
        [
            ({"name": ""}, "name"),
            ({"name": "x" * 256}, "name"),
            ({"name": None}, "name"),
            ({"nickname": ""}, "nickname"),
            ({"nickname": 5}, "nickname"),
            ({"profilePictureUrl": "x" * 2049}, "profilePictureUrl"),
            ({"active": "yes"}, "active"),
            ({"active": None}, "active"),
            ({"isAdmin": 1}, "isAdmin"),
            ({"isSystemAdmin": None}, "isSystemAdmin"),
            ({"roles": ["members:delete"]}, "roles"),
            ({"roles": "members:read"}, "roles"),
            ({"roles": ["users:read"] * 101}, "roles"),
            ({"roles": None}, "roles"),
            ({"password": "x" * 7}, "password"),
            ({"password": "x" * 257}, "password"),
            ({"userName": ""}, "userName"),
            ({"userName": "x" * 256}, "userName"),
            ({"email": ""}, "email"),
            ({"email": "x" * 321}, "email"),
            ({"authClientId": ""}, "authClientId"),
            ({"authClientId": "x" * 256}, "authClientId"),
            ({"customAttributes": []}, "customAttributes"),
            ({"sendInvite": "no"}, "sendInvite"),
        ],
    )
    def test_a_bad_body_is_refused_and_leaves_nothing(self, club: Club, members: dict[str, Any], expected: str) -> None:
        status, message = refusal(club.post("/users", json={**new_user(), **members}))
        assert status == 400
        assert expected in message
        assert number_of_users(club) == 0

    @pytest.mark.parametrize("name", [name for name in new_user() if name != "roles"])
    def test_what_is_required_has_to_be_there(self, club: Club, name: str) -> None:
        body = new_user()
        del body[name]
        status, message = refusal(club.post("/users", json=body))
        assert status == 400
        assert name in message

    def test_a_name_and_an_address_are_taken_once_in_an_organization(self, club: Club, other_club: Club) -> None:
        first = add(club)
        assert refusal(club.post("/users", json=new_user(email="else@example.org"))) == (
            409,
            "/userName: Another user has this userName.",
        )
        assert refusal(club.post("/users", json=new_user("else", email="MARA@Example.org"))) == (
            409,
            "/email: Another user has this email.",
        )
        assert refusal(club.post("/users", json=new_user())) == (
            409,
            "/userName: Another user has this userName.; /email: Another user has this email.",
        )
        assert number_of_users(club) == 1
        assert get(club, first) == first
        assert add(club, "Mara", email="else@example.org")["userName"] == "Mara"
        assert add(other_club)["organizationId"] == other_club.id

    def test_an_invitation_is_an_event_without_the_password(self, club: Club) -> None:
        user = add(club, sendInvite=True, password="first-light-at-six")
        (event,) = club.events()
        assert (event["eventType"], event["organizationId"], event["memberId"]) == ("user-invited", club.id, None)
        assert event["data"] == {"user": user}
        assert coded(club.post("/users", json=new_user(sendInvite=True))) == (409, "USER_NAME_TAKEN")
        add(club, "zoe")
        assert len(club.events()) == 1


class TestPasswords:
    def test_one_is_made_where_none_is_sent(self, club: Club) -> None:
        made = [club.post("/users", json=new_user(name, passwordIsTemporary=False)).json() for name in ("a", "b")]
        for answer in made:
            assert re.fullmatch(r"[0-9A-Za-z]{20}", answer["password"])
            assert answer["user"]["passwordIsTemporary"] is True
            assert PasswordHasher().verify(stored(club, answer["user"]).password_hash, answer["password"])
        assert made[0]["password"] != made[1]["password"]

    def test_it_is_kept_as_a_hash_and_shown_once(self, club: Club) -> None:
        users = [add(club, name, password="first-light-at-six", sendInvite=True) for name in ("a", "b")]
        assert [user["passwordIsTemporary"] for user in users] == [False, False]
        rows = [stored(club, user) for user in users]
        assert rows[0].password_hash != rows[1].password_hash
        assert all(row.password_hash.startswith("$argon2id$") for row in rows)
        kept = repr(
            [{column.name: getattr(row, column.name) for column in OrganizationUser.__table__.columns} for row in rows]
        )
        unit = club.unit()
        with unit.transaction() as session:
            kept += "".join(row.body for row in session.scalars(unit.scoped(Event)))
        shown = club.get("/users").text + club.get(f"/users/{users[0]['userId']}").text
        assert "first-light" not in kept + shown
        assert rows[0].password_hash not in shown

    def test_another_takes_its_place(self, club: Club) -> None:
        user = add(club, password="first-light-at-six")
        answer = club.put(f"/users/{user['userId']}/password", json={"password": "gulls-over-the-pier"})
        assert (answer.status_code, list(answer.json())) == (200, ["user"])
        changed = answer.json()["user"]
        assert changed == {**user, "passwordIsTemporary": True, "updatedAt": changed["updatedAt"]} == get(club, user)
        assert changed["updatedAt"] > user["updatedAt"]
        assert PasswordHasher().verify(stored(club, user).password_hash, "gulls-over-the-pier")
        for permanent in (True, False):
            again = club.put(
                f"/users/{user['userId']}/password", json={"password": "gulls-over-the-pier", "permanent": permanent}
            )
            assert again.json()["user"]["passwordIsTemporary"] is not permanent

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"permanent": True},
            {"password": "x" * 7},
            {"password": "x" * 257},
            {"password": None},
            {"password": 12345678},
            {"password": "long enough", "permanent": "yes"},
        ],
    )
    def test_a_bad_one_is_refused_and_changes_nothing(self, club: Club, body: dict[str, Any]) -> None:
        user = add(club, password="first-light-at-six")
        wrong = "permanent" if body.get("password") == "long enough" else "password"
        assert_wrong(club.put(f"/users/{user['userId']}/password", json=body), wrong)
        assert get(club, user) == user
        assert PasswordHasher().verify(stored(club, user).password_hash, "first-light-at-six")


class TestUpdate:
    def test_it_changes_who_the_user_is_and_nothing_else(self, club: Club) -> None:
        user = add(club, roles=["members:read"], emailIsVerified=True, customAttributes={"desk": "pier", "floor": 2})
        wanted = changes(
            club,
            active=False,
            name="Mara Lopez",
            nickname="Ma",
            profilePictureUrl="https://img.example.org/m.png",
            isSystemAdmin=True,
            pendingProvisioning=True,
            customAttributes={"desk": "hall"},
            organizations=["99", str(club.id)],
        )
        answer = club.put(
            f"/users/{user['userId']}",
            json={
                **wanted,
                "userName": "else",
                "email": "else@example.org",
                "isAdmin": True,
                "roles": [],
                "emailIsVerified": False,
                "isAPIUser": True,
            },
        )
        assert answer.status_code == 200
        changed = answer.json()["user"]
        assert changed == {**user, **wanted, "updatedAt": changed["updatedAt"]} == get(club, user)
        assert changed["updatedAt"] > user["updatedAt"]
        assert club.get("/users", params={"search": "lopez"}).json()["totalCount"] == 1
        assert club.get("/users", params={"search": "quinn"}).json()["totalCount"] == 0

    @pytest.mark.parametrize(
        ("members", "expected"),
        [
            ({"name": ""}, "name"),
            ({"name": None}, "name"),
            ({"nickname": "x" * 256}, "nickname"),
            ({"active": 1}, "active"),
            ({"profilePictureUrl": "x" * 2049}, "profilePictureUrl"),
            ({"customAttributes": None}, "customAttributes"),
            ({"organizations": []}, "organizations"),
            ({"organizations": ["99"]}, "organizations"),
            ({"organizations": [""]}, "organizations"),
            ({"organizations": [1]}, "organizations"),
            ({"organizations": ["1"] * 101}, "organizations"),
            ({"organizations": None}, "organizations"),
        ],
    )
    def test_a_bad_body_is_refused_and_changes_nothing(
        self, club: Club, members: dict[str, Any], expected: str
    ) -> None:
        user = add(club)
        status, message = refusal(
            club.put(f"/users/{user['userId']}", json=changes(club, **{"name": "New", **members}))
        )
        assert status == 400
        assert expected in message
        assert get(club, user) == user

    @pytest.mark.parametrize(
        "name",
        [
            "active",
            "name",
            "nickname",
            "profilePictureUrl",
            "isSystemAdmin",
            "pendingProvisioning",
            "customAttributes",
            "organizations",
        ],
    )
    def test_what_is_required_has_to_be_there(self, club: Club, name: str) -> None:
        user, body = add(club), changes(club)
        del body[name]
        status, message = refusal(club.put(f"/users/{user['userId']}", json=body))
        assert status == 400
        assert name in message


class TestPermissions:
    def test_they_take_the_place_of_all_there_were(self, club: Club) -> None:
        user = add(club, roles=["members:read", "tiers:read"])
        answer = club.put(
            f"/users/{user['userId']}/permissions",
            json={"isAdmin": True, "roles": ["users:read", "tiers:read", "users:read"]},
        )
        assert answer.status_code == 200
        changed = answer.json()["user"]
        assert (
            changed
            == {**user, "isAdmin": True, "roles": ["users:read", "tiers:read"], "updatedAt": changed["updatedAt"]}
            == get(club, user)
        )
        emptied = club.put(f"/users/{user['userId']}/permissions", json={"isAdmin": False, "roles": []}).json()["user"]
        assert (emptied["isAdmin"], emptied["roles"]) == (False, [])

    @pytest.mark.parametrize(
        "body",
        [
            {"isAdmin": True},
            {"roles": []},
            {"isAdmin": None, "roles": []},
            {"isAdmin": True, "roles": None},
            {"isAdmin": "x", "roles": []},
            {"isAdmin": True, "roles": ["all"]},
            {"isAdmin": True, "roles": [None]},
            {"isAdmin": True, "roles": ["users:read"] * 101},
            [],
        ],
    )
    def test_a_bad_body_is_refused_and_changes_nothing(self, club: Club, body: object) -> None:
        user = add(club)
        assert coded(club.put(f"/users/{user['userId']}/permissions", json=body)) == (400, "VALIDATION_FAILED")
        assert get(club, user) == user


class TestDelete:
    def test_a_deleted_user_is_gone_and_the_names_are_free(self, club: Club) -> None:
        user, other = add(club), add(club, "zoe")
        answer = club.delete(f"/users/{user['userId']}")
        assert (answer.status_code, answer.json()) == (200, {"ok": True})
        assert refusal(club.delete(f"/users/{user['userId']}")) == (404, f"There is no user {user['userId']}.")
        for query in ({}, {"active": "false"}, {"search": "mara"}, {"email": "mara@example.org"}, {"userName": "mara"}):
            assert user["userId"] not in club.get("/users", params=query).text
        assert club.get("/users").json()["results"] == [other]
        again = add(club)
        assert again["userId"] != user["userId"]
        assert club.delete(f"/users/{again['userId']}").status_code == 200
        assert number_of_users(club) == 1

    def test_the_last_administrator_can_go(self, club: Club) -> None:
        user = add(club, isAdmin=True)
        assert club.delete(f"/users/{user['userId']}").status_code == 200
        assert number_of_users(club) == 0


@pytest.mark.parametrize("user_id", UNKNOWN_IDS)
def test_who_is_unknown_deleted_or_anothers_is_not_there(club: Club, other_club: Club, user_id: str) -> None:
    others, gone = add(other_club), add(club)
    club.delete(f"/users/{gone['userId']}")
    for unknown in (user_id, others["userId"], gone["userId"]):
        path = f"/users/{segment(unknown)}"
        answers = [
            club.get(path),
            club.put(path, json=changes(club)),
            club.delete(path),
            club.put(f"{path}/permissions", json={"isAdmin": True, "roles": []}),
            club.put(f"{path}/password", json={"password": "long enough"}),
        ]
        assert [refusal(answer) for answer in answers] == [(404, f"There is no user {unknown}.")] * 5
    assert get(other_club, others) == others


class TestList:
    def names(self, club: Club, **query: Any) -> str:
        answer = club.get("/users", params=query)
        assert answer.status_code == 200, answer.text
        return "".join(user["userName"] for user in answer.json()["results"])

    def test_pages_and_orders(self, club: Club, other_club: Club) -> None:
        for user_name, name, email in (
            ("c", "2", "B@example.org"),
            ("a", "2", "c@example.org"),
            ("b", "1", "a@example.org"),
        ):
            add(club, user_name, name=name, email=email)
        add(other_club, "x")
        assert [self.names(club, order=order) for order in ("id", "id,desc", "createdAt", "createdAt,desc")] == [
            "cab",
            "bac",
            "cab",
            "bac",
        ]
        assert [self.names(club, order=order) for order in ("userName", "userName,desc")] == ["abc", "cba"]
        assert [self.names(club, order=order) for order in ("name", "name,asc", "name,desc")] == ["bca", "bca", "acb"]
        assert [self.names(club, order=order) for order in ("email", "email,desc")] == ["bca", "acb"]
        first = club.get("/users").json()["results"][0]
        club.put(f"/users/{first['userId']}", json=changes(club))
        assert [self.names(club, order=order) for order in ("updatedAt", "updatedAt,desc")] == ["abc", "cba"]
        assert [self.names(club, limit=2, page=page) for page in (0, 1, 2, 2**31 - 1)] == ["ca", "b", "", ""]
        assert club.get("/users", params={"limit": 2, "page": 1}).json()["totalCount"] == 3

    def test_filters_have_to_match_all(self, club: Club) -> None:
        add(club, "a", active=False, authClientId="till")
        add(club, "b", email="Böß@Example.org")
        add(club, "c")
        assert [self.names(club, active=value) for value in ("true", "false")] == ["bc", "a"]
        assert [self.names(club, userName=value) for value in ("a", "A", "", "%")] == ["a", "", "", ""]
        assert [
            self.names(club, email=value) for value in ("BÖSS@example.ORG", "böß@Example.org", "b@example.org", "")
        ] == ["b", "b", "", ""]
        assert [self.names(club, authClientId=value) for value in ("till", "backoffice", "TILL")] == ["a", "bc", ""]
        assert self.names(club, active="true", authClientId="till") == ""
        assert self.names(club, active="true", authClientId="backoffice", email="c@example.org", search="mara") == "c"

    def test_programs_and_people(self, club: Club) -> None:
        add(club, "a")
        program = add(club, "b")
        unit = club.unit()
        with unit.transaction() as session:
            session.scalars(
                unit.scoped(OrganizationUser).where(OrganizationUser.user_id == program["userId"])
            ).one().is_api_user = True
        assert get(club, program)["isAPIUser"] is True
        assert [self.names(club, includeAPIUsers=value) for value in ("true", "false")] == ["ab", "a"]
        assert [self.names(club, includeCognitoUsers=value) for value in ("true", "false")] == ["ab", "b"]
        assert self.names(club, includeAPIUsers="false", includeCognitoUsers="false") == ""
        assert self.names(club, includeAPIUsers="true", includeCognitoUsers="false") == "b"

    def test_search_finds_parts_in_any_case(self, club: Club) -> None:
        add(club, "anna.one", name="José Straße", nickname="Pepe", email="first@example.org")
        add(club, "z100%", name="Zoë", nickname="50_50", email="Second@Example.org")
        found = {
            text: self.names(club, search=text)
            for text in (
                "NNA.O",
                "JOSÉ",
                "strasse",
                "pep",
                "FIRST@",
                "second@e",
                "example",
                "zoË",
                "%",
                "_",
                "0_5",
                "\\",
                "",
                "nobody",
                "annaone",
                "anna.one\njosé",
                "straße\npepe",
                "pepe\nfirst@",
            )
        }
        first, second = "anna.one", "z100%"
        assert found == {
            "NNA.O": first,
            "JOSÉ": first,
            "strasse": first,
            "pep": first,
            "FIRST@": first,
            "second@e": second,
            "example": first + second,
            "zoË": second,
            "%": second,
            "_": second,
            "0_5": second,
            "\\": "",
            "": first + second,
            "nobody": "",
            "annaone": "",
            "anna.one\njosé": "",
            "straße\npepe": "",
            "pepe\nfirst@": "",
        }

    @pytest.mark.parametrize(
        ("query", "expected"),
        [
            ("order=nickname", "order"),
            ("order=userId", "order"),
            ("order=id,up", "order"),
            ("page=-1", "page"),
            ("limit=0", "limit"),
            ("limit=26", "limit"),
            ("active=yes", "active"),
            ("includeAPIUsers=1", "includeAPIUsers"),
            ("includeCognitoUsers=", "includeCognitoUsers"),
            (f"email={'x' * 321}", "email"),
            (f"userName={'x' * 256}", "userName"),
            (f"search={'x' * 256}", "search"),
            (f"authClientId={'x' * 256}", "authClientId"),
        ],
    )
    def test_a_bad_query_is_refused(self, club: Club, query: str, expected: str) -> None:
        status, message = refusal(club.get(f"/users?{query}"))
        assert status == 400
        assert expected in message


@pytest.mark.parametrize(("seed", "parameters"), [(None, "m=65536,t=3,p=4"), (7, "m=8,t=1,p=1")])
def test_only_a_mock_hashes_quickly(seed: int | None, parameters: str) -> None:
    unit: Any = SimpleNamespace(sandbox=Sandbox(1, clock=WallClock(), seed=seed), random=SystemRandom())
    made = hash_password(unit, "first-light-at-six")
    assert parameters in made
    assert PasswordHasher().verify(made, "first-light-at-six")
