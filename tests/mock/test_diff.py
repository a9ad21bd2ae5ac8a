"""What has changed since a snapshot: resources as their APIs show them, and what went out."""

from collections.abc import Iterator
from typing import Any

import pytest

from models.kernel.base import Base
from models.loyalty_core.organization.tables import Partnership, Survey, SurveyAnswer
from models.saasquatch.tables import Program
from models.tenancy.tenants import find_tenant
from tests.mock.conftest import empty_mock
from tests.mock.test_sandboxes import MAIN_KEY, add_user
from tests.support.client import BASE_URL, Client
from tests.support.senders import NullSender
from troth.mock import differences

ADVOCATES = "/advocacy/api/v1/advocates"
ADVOCACY = {"Authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}
LEAT = {"Authorization": "Bearer PAT_DEMO0KEY0LEAT0TROTH0MOCK"}
CLUB = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
NO_ANSWERS = {"answerCount": 0, "promoterCount": 0, "passiveCount": 0, "detractorCount": 0, "score": None}
ANA = "/saasquatch/api/v1/demo/open/account/ana/user/ana"


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    with empty_mock(NullSender()) as client:
        yield client


@pytest.fixture
def mock(server: Client) -> Client:
    """The module's mock with one user and one advocate, and a snapshot of that."""
    assert server.request("POST", "/_troth/reset").status_code == 200
    for name in server.request("GET", "/_troth/snapshots").json()["snapshots"]:
        server.request("DELETE", f"/_troth/snapshots/{name['name']}")
    add_user(server, "/saasquatch", MAIN_KEY)
    add_advocate(server)
    assert server.request("POST", "/_troth/clock/advance", json={"by_ms": 0}).status_code == 200
    snapshot(server, "before")
    return server


def add_advocate(mock: Client) -> dict[str, Any]:
    answer = mock.request("POST", ADVOCATES, headers=ADVOCACY, json={"email": "ana@example.org", "name": "Ana"})
    found: dict[str, Any] = answer.json()["advocate"]
    return found


def snapshot(mock: Client, name: str) -> None:
    assert mock.request("POST", "/_troth/snapshots", json={"name": name}).status_code == 201


def diff(mock: Client, **query: str) -> dict[str, Any]:
    answer = mock.request("GET", "/_troth/diff", params={"from": "before", **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def of(found: dict[str, Any], resource: str) -> list[dict[str, Any]]:
    return [one for one in found["resources"] if one["resource"] == resource]


def test_reading_changes_nothing(mock: Client) -> None:
    mock.request("GET", ANA, auth=("", MAIN_KEY))
    assert diff(mock) == {"from": "before", "to": "now", "resources": [], "events": [], "deliveries": [], "more": False}


def test_what_was_made_is_shown_as_its_api_shows_it(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY, "ben")
    shown = mock.request("GET", ANA.replace("ana", "ben"), auth=("", MAIN_KEY)).json()
    found = diff(mock)
    [user] = of(found, "user")
    assert (user["kind"], user["tenant"], user["key"]) == (
        "made",
        "saasquatch/demo",
        {"account_id": "ben", "id": "ben"},
    )
    assert shown.items() <= user["after"].items()
    assert {one["resource"] for one in found["resources"]} >= {"user", "code"}
    assert [one["type"] for one in found["events"]] == ["coupon.created", "coupon.created", "user.created"]
    assert {(one["status"], one["url"]) for one in found["deliveries"]} == {
        ("pending", f"{BASE_URL}/_troth/inbox/saasquatch")
    }
    assert {one["event_id"] for one in found["deliveries"]} == {one["id"] for one in found["events"]}


def test_what_was_changed_member_by_member(mock: Client) -> None:
    body = {"id": "ana", "accountId": "ana", "firstName": "Anna", "customFields": {"plan": "gold"}, "segments": ["vip"]}
    mock.request("PUT", ANA, auth=("", MAIN_KEY), json=body)
    found = diff(mock)
    [user] = found["resources"]
    changes = {one["member"]: (one.get("before"), one.get("after")) for one in user["changes"]}
    assert (user["kind"], user["resource"]) == ("changed", "user")
    assert changes["firstName"] == ("ana", "Anna")
    assert ("customFields.plan" in changes) or (changes["customFields"][1] == {"plan": "gold"})
    assert changes["segments"][1] == ["vip"]
    assert set(changes) <= {"firstName", "customFields", "customFields.plan", "segments"}
    assert (found["events"], found["deliveries"]) == ([], [])


def test_a_balance_is_a_change_of_whom_its_api_shows_it_with(mock: Client) -> None:
    [advocate] = mock.request("GET", ADVOCATES, headers=ADVOCACY).json()["advocates"]
    path = f"{ADVOCATES}/{advocate['id']}/points"
    mock.request("POST", path, headers=ADVOCACY, json={"amount": 25})
    found = diff(mock)
    [changed] = of(found, "advocate")
    changes = {one["member"]: (one["before"], one["after"]) for one in changed["changes"]}
    assert (0, 25) in changes.values()
    assert [one["type"] for one in found["events"]] == ["points.changed"]
    assert not [one for one in of(found, "ledger balance") if advocate["id"] in str(one["key"])]


def test_what_was_deleted_and_what_was_sent(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY, "ben")
    snapshot(mock, "with-ben")
    path = ANA.replace("ana", "ben")
    assert mock.request("DELETE", path, auth=("", MAIN_KEY)).status_code < 300
    mock.request("POST", "/_troth/clock/advance", json={"by_ms": 0})
    found = diff(mock, **{"from": "with-ben"})
    [user] = of(found, "user")
    assert (user["kind"], user["before"]["firstName"]) == ("deleted", "ben")
    assert {one["status"] for one in found["deliveries"]} == {"delivered"}


def test_between_two_snapshots(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY, "ben")
    snapshot(mock, "between")
    add_user(mock, "/saasquatch", MAIN_KEY, "cid")
    assert [one["key"]["id"] for one in of(diff(mock, to="between"), "user")] == ["ben"]
    assert [one["key"]["id"] for one in of(diff(mock, **{"from": "between"}), "user")] == ["cid"]
    assert [one["kind"] for one in of(diff(mock, **{"from": "between", "to": "before"}), "user")] == ["deleted"]


def test_every_api_has_views(mock: Client) -> None:
    contact = mock.request("POST", "/leat/api/v3/oauth/clients/contacts", headers=LEAT, json={"email": "l@example.org"})
    assert contact.status_code == 200, contact.text
    path = "/loyalty-core/api/v1/organizations/1/members"
    member = mock.request("POST", path, headers=CLUB, json={"loyaltyMemberId": "m1"})
    assert member.status_code < 300, member.text
    found = diff(mock)
    [made] = of(found, "contact")
    assert made["after"]["uuid"] == contact.json()["data"]["uuid"]
    [one] = of(found, "member")
    assert one["after"]["loyaltyMemberId"] == "m1"


def test_there_is_a_limit_of_what_is_shown(mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(differences, "CHANGES_MAX", 2)
    add_user(mock, "/saasquatch", MAIN_KEY, "ben")
    found = diff(mock)
    assert (len(found["resources"]), len(found["events"]), found["more"]) == (2, 2, True)


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({}, 400, "VALIDATION_FAILED"),
        ({"from": "a b"}, 400, "VALIDATION_FAILED"),
        ({"from": "nothing"}, 404, "SNAPSHOT_NOT_FOUND"),
        ({"from": "before", "to": "nothing"}, 404, "SNAPSHOT_NOT_FOUND"),
    ],
)
def test_what_it_refuses(mock: Client, query: dict[str, str], status: int, code: str) -> None:
    answer = mock.request("GET", "/_troth/diff", params=query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


@pytest.mark.parametrize(
    ("api", "rows", "resource", "key", "shown"),
    [
        (
            "saasquatch",
            [
                Program(
                    id="friends",
                    name="Friends",
                    position=9,
                    landing_url="https://shop.example.org/",
                    conversion_event="purchase",
                )
            ],
            "program",
            {"programId": "friends"},
            {"programId": "friends"},
        ),
        (
            "loyalty_core",
            [Partnership(id=77, partner_alias="elsewhere", created_ms=1)],
            "partnership",
            {"partnershipId": 77},
            {"partnershipId": 77},
        ),
        (
            "loyalty_core",
            [Survey(id=78, name="Again?", created_ms=1)],
            "survey",
            {"surveyId": 78},
            {**NO_ANSWERS, "surveyId": 78, "name": "Again?"},
        ),
    ],
)
def test_what_scenarios_configure_is_shown_by_the_names_of_the_api(
    mock: Client, api: str, rows: list[Base], resource: str, key: dict[str, Any], shown: dict[str, Any]
) -> None:
    add_rows(mock, api, rows)
    assert of(diff(mock), resource) == [
        {"kind": "made", "tenant": f"{api}/demo", "resource": resource, "key": key, "after": shown}
    ]


def test_the_answer_to_a_survey_changes_the_sums_of_the_survey(mock: Client) -> None:
    add_rows(mock, "loyalty_core", [Survey(id=79, name="And now?", created_ms=1)])
    snapshot(mock, "asked")
    add_rows(mock, "loyalty_core", [SurveyAnswer(survey_id=79, member_id=1, score=10, answered_ms=1)])
    found = diff(mock, **{"from": "asked"})
    [survey] = found["resources"]
    assert (survey["kind"], survey["resource"], survey["key"]) == ("changed", "survey", {"surveyId": 79})
    changes = {one["member"].lstrip("/"): (one["before"], one["after"]) for one in survey["changes"]}
    assert changes == {"answerCount": (0, 1), "promoterCount": (0, 1), "score": (None, 100.0)}


def add_rows(mock: Client, api: str, rows: list[Base]) -> None:
    """Put rows into the tenant of the demo, as a scenario does: no call makes such."""
    runtime = mock.server.runtime
    with runtime.storage.session() as session, session.begin():
        tenant = find_tenant(session, api, "demo")
        for row in rows:
            session.add(type(row)(**{**{name: getattr(row, name) for name in _given(row)}, "tenant_id": tenant.id}))
    runtime.directory.forget()


def _given(row: Base) -> list[str]:
    return [one.key for one in type(row).__mapper__.column_attrs if getattr(row, one.key) is not None]
