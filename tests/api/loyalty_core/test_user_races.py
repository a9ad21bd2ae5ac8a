"""Races for users: many calls at the same moment leave what the same calls one after another would have left."""

from collections import Counter
from typing import Any

from tests.api.loyalty_core.conftest import Club
from tests.api.loyalty_core.test_users import add, get, new_user
from tests.support.races import Reply, at_once, calling, racing

CALLS = 8


server, client = racing("user_races", CALLS)


def send_all(club: Club, method: str, calls: list[tuple[str, Any]]) -> list[Reply]:
    return at_once([calling(club, club.token, method, path, body) for path, body in calls])


def test_one_address_makes_one_user(club: Club) -> None:
    bodies = [
        new_user(f"u{n}", email=("mara@example.org", "MARA@example.org")[n % 2], sendInvite=True) for n in range(CALLS)
    ]
    replies = send_all(club, "POST", [("/users", body) for body in bodies])
    assert Counter(status for status, _ in replies) == {201: 1, 409: CALLS - 1}
    assert {body["message"] for status, body in replies if status == 409} == {"/email: Another user has this email."}
    winner = next(body["user"] for status, body in replies if status == 201)
    assert club.get("/users").json()["results"] == [winner]
    assert len(club.events("user-invited")) == 1


def test_one_name_makes_one_user(club: Club) -> None:
    replies = send_all(club, "POST", [("/users", new_user("mara", email=f"m{n}@example.org")) for n in range(CALLS)])
    assert Counter(status for status, _ in replies) == {201: 1, 409: CALLS - 1}
    assert {body["message"] for status, body in replies if status == 409} == {
        "/userName: Another user has this userName."
    }


def test_all_of_them_come_in(club: Club) -> None:
    replies = send_all(club, "POST", [("/users", new_user(f"u{n}")) for n in range(CALLS)])
    assert Counter(status for status, _ in replies) == {201: CALLS}
    assert club.get("/users").json()["totalCount"] == CALLS


def test_a_user_is_deleted_once(club: Club) -> None:
    user = add(club)
    replies = send_all(club, "DELETE", [(f"/users/{user['userId']}", None)] * CALLS)
    assert Counter(status for status, _ in replies) == {200: 1, 404: CALLS - 1}


def test_of_many_permissions_one_stays_whole(club: Club) -> None:
    user = add(club)
    wanted = [{"isAdmin": n % 2 == 0, "roles": [("members:read", "members:write")[n % 2]]} for n in range(CALLS)]
    replies = send_all(club, "PUT", [(f"/users/{user['userId']}/permissions", body) for body in wanted])
    assert {status for status, _ in replies} == {200}
    shown = get(club, user)
    assert {"isAdmin": shown["isAdmin"], "roles": shown["roles"]} in wanted
