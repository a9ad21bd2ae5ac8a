"""Tokens of users: what they may do is what their user may do now; and who may give what to whom."""

import contextlib
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from models.loyalty_core.organization.callers import SYSTEM_ADMIN
from models.loyalty_core.organization.roles import ADMIN
from models.tenancy.sandboxes import MAIN
from models.tenancy.tenants import list_credentials
from tests.api.loyalty_core.conftest import Club, refusal
from tests.api.loyalty_core.test_users import add, changes, get, new_user, number_of_users
from tests.support.statements import noted
from troth import administration, cli
from troth.apis import domain_of

API = "loyalty_core"
Rights = dict[str, Any]
CLERK: Rights = {"roles": ["users:write", "users:read", "members:read"]}
BOSS: Rights = {"isAdmin": True}
SYSTEM: Rights = {"isSystemAdmin": True}


def token_of(club: Club, user: dict[str, Any]) -> str:
    made = administration.create_key(club.server.runtime, API, club.tenant.alias, "user_token", user=user["userName"])
    token: str = made["credentials"]["user_token"]
    return token


def caller(club: Club, name: str = "caller", **rights: Any) -> str:
    """A token of a new user with these rights."""
    return token_of(club, add(club, name, **rights))


def status(club: Club, token: str, path: str = "/users") -> int:
    return club.get(path, token=token).status_code


class TestTokens:
    def test_it_may_do_what_its_user_may_now(self, club: Club) -> None:
        user = add(club, roles=["users:read"])
        token = token_of(club, user)
        assert token.startswith("lcu_")
        assert [status(club, token), status(club, token, "/locations")] == [200, 200]
        assert refusal(club.post("/users", token=token, json=new_user("zoe")))[0] == 403
        permissions = f"/users/{user['userId']}/permissions"
        club.put(permissions, json={"isAdmin": False, "roles": ["users:write"]})
        assert status(club, token) == 403
        assert club.post("/users", token=token, json=new_user("zoe")).status_code == 201
        club.put(permissions, json={"isAdmin": True, "roles": []})
        assert [
            status(club, token),
            club.post("/locations", token=token, json={"locationCode": "a", "locationLabel": "A"}).status_code,
        ] == [200, 201]

    def test_without_a_role_it_reads_what_every_token_reads(self, club: Club) -> None:
        token = caller(club)
        assert [status(club, token, ""), status(club, token)] == [200, 403]

    def test_a_system_administrator_is_an_administrator_of_one_organization(self, club: Club, other_club: Club) -> None:
        token = caller(club, **SYSTEM)
        assert status(club, token) == 200
        assert refusal(other_club.get("/users", token=token))[0] == 403

    def test_it_is_refused_while_its_user_is_inactive(self, club: Club) -> None:
        user = add(club, isAdmin=True)
        token = token_of(club, user)
        assert status(club, token) == 200
        club.put(f"/users/{user['userId']}", json=changes(club, active=False))
        assert refusal(club.get("/users", token=token)) == (401, "The user of this token may not sign in.")
        club.put(f"/users/{user['userId']}", json=changes(club, active=True))
        assert status(club, token) == 200

    def test_it_goes_with_its_user(self, club: Club, other_club: Club) -> None:
        user, other, namesake = add(club, isAdmin=True), add(club, "zoe", isAdmin=True), add(other_club, isAdmin=True)
        tokens, others = (
            [token_of(club, user) for _ in range(2)],
            [(club, token_of(club, other)), (other_club, token_of(other_club, namesake))],
        )
        assert [status(club, token) for token in tokens] == [200, 200]
        club.delete(f"/users/{user['userId']}")
        for token in tokens:
            assert refusal(club.get("/users", token=token))[0] == 401
        assert add(club)["userName"] == user["userName"]
        assert [status(club, token) for token in tokens] == [401, 401]
        assert [status(where, token) for where, token in others] == [200, 200]
        with club.server.runtime.storage.session() as session:
            assert sum(row.revoked_ms is not None for row in list_credentials(session, club.tenant)) == 2

    def test_its_user_is_a_program_from_then_on(self, club: Club) -> None:
        user = add(club)
        token_of(club, user)
        shown = get(club, user)
        assert shown == {**user, "isAPIUser": True, "updatedAt": shown["updatedAt"]}
        assert club.get("/users", params={"includeCognitoUsers": "false"}).json()["results"] == [shown]
        assert club.get("/users", params={"includeAPIUsers": "false"}).json()["results"] == []

    def test_its_user_is_not_looked_up_with_every_call(self, club: Club) -> None:
        token = caller(club, **BOSS)
        assert status(club, token, "/locations") == 200
        with noted(club.server.runtime.storage.engine) as statements:
            assert status(club, token, "/locations") == 200
        assert statements
        assert not [statement for statement in statements if "lc_users" in statement or "credentials" in statement]


class TestGiving:
    """Nobody gives what they do not have."""

    @pytest.mark.parametrize(
        ("rights", "wanted", "allowed"),
        [
            (CLERK, {}, True),
            (CLERK, {"roles": ["members:read", "users:write"]}, True),
            (CLERK, {"roles": ["members:write"]}, False),
            (CLERK, {"roles": ["users:read", "tiers:read"]}, False),
            (CLERK, {"isAdmin": True}, False),
            (CLERK, {"isSystemAdmin": True}, False),
            (BOSS, {"isAdmin": True, "roles": ["tiers:write"]}, True),
            (BOSS, {"isSystemAdmin": True}, False),
            (SYSTEM, {"isAdmin": True, "isSystemAdmin": True, "roles": ["tiers:write"]}, True),
        ],
    )
    def test_a_user_makes_no_user_that_can_do_more(
        self, club: Club, rights: Rights, wanted: Rights, allowed: bool
    ) -> None:
        token = caller(club, **rights)
        answer = club.post("/users", token=token, json=new_user("zoe", **wanted))
        assert answer.status_code == (201 if allowed else 403), answer.text
        assert number_of_users(club) == (2 if allowed else 1)

    @pytest.mark.parametrize(
        ("scopes", "wanted", "allowed"),
        [
            ([ADMIN], {"isSystemAdmin": True}, True),
            (["users:write"], {"isSystemAdmin": True}, False),
            (["users:write"], {"isAdmin": True}, False),
            (["users:write", SYSTEM_ADMIN], {"isSystemAdmin": True}, True),
            (["users:write", "tiers:read"], {"roles": ["tiers:read"]}, True),
            (["users:write"], {"roles": ["users:read"]}, False),
        ],
    )
    def test_an_administrators_token_without_a_user_is_the_systems(
        self, club: Club, scopes: list[str], wanted: Rights, allowed: bool
    ) -> None:
        answer = club.post("/users", token=club.further_token(*scopes), json=new_user(**wanted))
        assert answer.status_code == (201 if allowed else 403), answer.text

    @pytest.mark.parametrize(
        ("rights", "before", "body", "allowed"),
        [
            (CLERK, ["tiers:read"], {"isAdmin": False, "roles": ["tiers:read", "members:read"]}, True),
            (CLERK, ["tiers:read"], {"isAdmin": False, "roles": []}, True),
            (CLERK, ["tiers:read"], {"isAdmin": False, "roles": ["tiers:write"]}, False),
            (CLERK, [], {"isAdmin": True, "roles": []}, False),
            (BOSS, [], {"isAdmin": True, "roles": ["tiers:write"]}, True),
        ],
    )
    def test_permissions_give_no_more_than_the_caller_has(
        self, club: Club, rights: Rights, before: list[str], body: dict[str, Any], allowed: bool
    ) -> None:
        token, user = caller(club, **rights), add(club, "zoe", roles=before)
        answer = club.put(f"/users/{user['userId']}/permissions", token=token, json=body)
        assert answer.status_code == (200 if allowed else 403), answer.text
        assert get(club, user)["roles"] == (body["roles"] if allowed else before)

    def test_only_system_administrators_make_system_administrators(self, club: Club) -> None:
        boss, system, user = caller(club, "boss", **BOSS), caller(club, "system", **SYSTEM), add(club, "zoe")
        path = f"/users/{user['userId']}"
        assert refusal(club.put(path, token=boss, json=changes(club, isSystemAdmin=True, name="New"))) == (
            403,
            "Only a caller with the role isSystemAdmin can grant it.",
        )
        assert get(club, user) == user
        assert club.put(path, token=boss, json=changes(club, name="New")).status_code == 200
        assert (
            club.put(path, token=system, json=changes(club, isSystemAdmin=True)).json()["user"]["isSystemAdmin"] is True
        )
        assert (
            club.put(path, token=system, json=changes(club, isSystemAdmin=False)).json()["user"]["isSystemAdmin"]
            is False
        )

    @pytest.mark.parametrize(
        ("rights", "of", "allowed"),
        [
            (CLERK, {"roles": ["members:read"]}, True),
            (CLERK, BOSS, False),
            (CLERK, SYSTEM, False),
            (BOSS, BOSS, True),
            (BOSS, SYSTEM, False),
            (SYSTEM, SYSTEM, True),
        ],
    )
    def test_administrators_are_changed_by_their_like(
        self, club: Club, rights: Rights, of: Rights, allowed: bool
    ) -> None:
        token, user = caller(club, **rights), add(club, "zoe", **of)
        path, system = f"/users/{user['userId']}", bool(of.get("isSystemAdmin"))
        permissions = {"isAdmin": user["isAdmin"], "roles": user["roles"]}
        answers = [
            club.put(path, token=token, json=changes(club, isSystemAdmin=system)),
            club.put(f"{path}/permissions", token=token, json=permissions),
            club.put(f"{path}/password", token=token, json={"password": "long enough"}),
            club.delete(path, token=token),
        ]
        assert [answer.status_code for answer in answers] == [200 if allowed else 403] * 4
        assert club.get(path).status_code == (404 if allowed else 200)
        if not allowed:
            assert get(club, user) == user

    def test_a_password_is_set_by_who_has_all_roles_of_the_user(self, club: Club) -> None:
        token, user = caller(club, **CLERK), add(club, "zoe", roles=["members:read", "tiers:read"])
        path = f"/users/{user['userId']}/password"
        assert refusal(club.put(path, token=token, json={"password": "long enough"})) == (
            403,
            "Only a caller with the role tiers:read can grant it.",
        )
        assert get(club, user) == user
        assert club.put(path, token=caller(club, "boss", **BOSS), json={"password": "long enough"}).status_code == 200

    def test_one_can_take_everything_from_oneself(self, club: Club) -> None:
        user = add(club, isAdmin=True)
        token = token_of(club, user)
        own = f"/users/{user['userId']}/permissions"
        assert club.put(own, token=token, json={"isAdmin": False, "roles": ["users:write"]}).status_code == 200
        assert refusal(club.put(own, token=token, json={"isAdmin": True, "roles": []}))[0] == 403
        assert club.delete(f"/users/{user['userId']}", token=token).status_code == 200
        assert refusal(club.get("", token=token))[0] == 401


class TestCommandLine:
    @pytest.fixture
    def runner(self, club: Club, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
        monkeypatch.setattr(cli.common, "_served", lambda _db, _creates: contextlib.nullcontext(club.server.runtime))
        return CliRunner()

    def test_a_key_for_a_user(self, club: Club, runner: CliRunner) -> None:
        user = add(club, "till 7", roles=["users:read"])
        done = runner.invoke(
            cli.app, ["key", "create", API, club.tenant.alias, "--kind", "user_token", "--user", "till 7", "--json"]
        )
        assert done.exit_code == 0, done.output
        assert status(club, json.loads(done.stdout)[0]["credentials"]["user_token"]) == 200
        listed = administration.keys(club.server.runtime, API, club.tenant.alias)
        assert [(row["kind"], row["scopes"]) for row in listed if row["kind"] == "user_token"] == [
            ("user_token", [f"user:{user['userId']}"])
        ]

    @pytest.mark.parametrize(
        ("api", "options", "expected"),
        [
            (API, ["--kind", "user_token"], "belongs to a user; name one with --user"),
            (API, ["--user", "mara"], "the api_token of loyalty_core belongs to no user; --kind user_token does"),
            (API, ["--kind", "user_token", "--user", "nobody"], "has no user 'nobody'"),
            (API, ["--kind", "user_token", "--user", "gone"], "has no user 'gone'"),
            (API, ["--kind", "user_token", "--user", "mara", "--read-only"], "no read-only credentials"),
            (API, ["--kind", "password"], "there are api_token, user_token"),
            ("advocacy", ["--user", "mara"], "the api_key of advocacy belongs to no user"),
        ],
    )
    def test_what_is_wrong_is_said(
        self, club: Club, runner: CliRunner, api: str, options: list[str], expected: str
    ) -> None:
        add(club)
        club.delete(f"/users/{add(club, 'gone')['userId']}")
        before = administration.keys(club.server.runtime, API, club.tenant.alias)
        done = runner.invoke(cli.app, ["key", "create", api, club.tenant.alias, *options])
        assert done.exit_code == 1
        assert expected in done.output
        assert administration.keys(club.server.runtime, API, club.tenant.alias) == before

    def test_an_organization_begins_without_users_and_their_tokens(self, club: Club) -> None:
        assert number_of_users(club) == 0
        with club.server.runtime.storage.session() as session, session.begin():
            made = domain_of(API).provision.create(
                session,
                club.server.runtime.directory.vault,
                given={},
                settings={},
                live=True,
                now_ms=1,
                alias=f"{club.tenant.alias}-2",
                name="x",
                project="x",
                sandbox_id=MAIN,
            )
        assert list(made.credentials) == ["api_token"]
