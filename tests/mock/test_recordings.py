"""Recordings of calls, and their replay in a fresh sandbox: a run by hand becomes a test."""

import copy
import hmac
import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from models.kernel.clock import FIXED_START_MS
from models.outbox.signing import base64url
from tests.mock.conftest import empty_mock
from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of
from tests.support.client import Client
from tests.support.refusals import assert_refused
from tests.support.senders import NullSender
from troth.mock import recordings
from troth.mock.replay_numbers import Numbers
from troth.mock.replay_tokens import signed_again
from troth.mock.replays import Outcome, Replay, ReplayError, read_recording

ADVOCATES = "/advocacy/api/v1/advocates"
ADVOCACY = {"Authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}
CLIENT = {"grant_type": "client_credentials", "client_id": 1001, "client_secret": "demo_client_secret_leat_troth_mock"}
Row = dict[str, Any]


@pytest.fixture(scope="module")
def server() -> Iterator[Client]:
    with empty_mock(NullSender()) as client:
        yield client


@pytest.fixture
def mock(server: Client) -> Client:
    for one in server.request("GET", "/_troth/recordings").json()["recordings"]:
        end(server, one["name"])
    return server


def begin(mock: Client, name: str = "mine", **body: Any) -> None:
    answer = mock.request("POST", "/_troth/recordings", json={"name": name, **body})
    assert (answer.status_code, answer.json()) == (201, {"name": name, "count": 0, "full": False})


def end(mock: Client, name: str = "mine") -> Row:
    answer = mock.request("POST", f"/_troth/recordings/{name}/end")
    assert answer.status_code == 200, answer.text
    found: Row = answer.json()
    return found


def story(mock: Client) -> None:
    """Calls of three APIs, one of them refused, with ids of answers in later calls; and a move of the clock."""
    add_user(mock, "/saasquatch", MAIN_KEY)
    made = mock.request("POST", ADVOCATES, headers=ADVOCACY, json={"email": "ana@example.org", "name": "Ana"}).json()
    path = f"{ADVOCATES}/{made['advocate']['id']}"
    mock.request("POST", f"{path}/points", headers=ADVOCACY, json={"amount": 25})
    token = mock.request("POST", "/leat/oauth/token", json=CLIENT).json()["access_token"]
    contacts = "/leat/api/v3/oauth/clients/contacts"
    mock.request("POST", contacts, headers={"Authorization": f"Bearer {token}"}, json={"email": "l@example.org"})
    mock.request("POST", "/_troth/clock/advance", json={"by": "P1D"})
    mock.request("GET", path, headers=ADVOCACY)
    mock.request("GET", f"{ADVOCATES}/nobody", headers=ADVOCACY)
    mock.request("GET", "/_troth/clock")


def recorded(mock: Client) -> Row:
    begin(mock, reset=True)
    story(mock)
    return end(mock)


def replay(mock: Client, recording: Row, *, sandbox: Row | None = None) -> Outcome:
    """Play a recording in a fresh sandbox, or in another one."""
    began = recording["sandbox"]
    fresh = sandbox or create(mock, **{name: began[name] for name in ("scenario", "seed", "clock")})

    def send(method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> tuple[int, bytes]:
        answer = mock.request(method, f"/sandbox/{fresh['id']}{target}", headers=dict(headers), content=body)
        return answer.status_code, answer.content

    outcome = Replay(began, fresh).run(recording["calls"], send)
    assert mock.request("DELETE", f"/_troth/sandboxes/{fresh['id']}").status_code == 204
    return outcome


def test_it_has_the_calls_that_were_made_with_their_answers(mock: Client) -> None:
    recording = recorded(mock)
    assert [(one["method"], one["path"].split("?")[0], one["status"]) for one in recording["calls"][:2]] == [
        ("PUT", "/saasquatch/api/v1/demo/open/account/ana/user/ana", 200),
        ("POST", ADVOCATES, 201),
    ]
    assert recording["count"] == len(recording["calls"]) == 8  # the move of the clock is one, a look at it is not
    assert recording["calls"][1]["body"] == {"email": "ana@example.org", "name": "Ana"}
    assert recording["calls"][1]["answer"]["advocate"]["name"] == "Ana"
    assert (recording["sandbox"]["scenario"], recording["sandbox"]["clock"]) == ("empty", "fixed")
    assert recording["sandbox"]["now"] == "2026-01-15T12:00:00.000Z"
    assert "user-agent" not in recording["calls"][0]["headers"]


def test_a_fresh_sandbox_answers_alike_with_credentials_of_its_own(mock: Client) -> None:
    outcome = replay(mock, recorded(mock))
    assert (outcome.alike, outcome.call, outcome.differences) == (8, None, [])


def test_so_does_one_with_other_ids_and_times(mock: Client) -> None:
    recording = recorded(mock)
    other = create(mock, scenario="empty", seed=7, clock="fixed")
    assert mock.request("POST", f"/_troth/sandboxes/{other['id']}/clock/advance", json={"by": "P3D"}).status_code == 200
    outcome = replay(mock, recording, sandbox=other)
    assert (outcome.alike, outcome.differences) == (8, []), outcome.differences


def test_tokens_of_users_are_signed_again_for_the_fresh_sandbox(mock: Client) -> None:
    begin(mock, reset=True)
    add_user(mock, "/saasquatch", MAIN_KEY)
    claims = {"user": {"id": "ana", "accountId": "ana"}, "exp": FIXED_START_MS // 1_000 + 60}
    path = "/saasquatch/api/v1/demo/open/account/ana/user/ana"
    for key in (MAIN_KEY, "somebody else's key"):
        token = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(key))
        mock.request("GET", path, headers={"X-SaaSquatch-User-Token": token})
        mock.request("GET", path, headers={"Authorization": f"Bearer {token}"})
    recording = end(mock)
    assert [call["status"] for call in recording["calls"]] == [200, 200, 200, 401, 401]
    other = create(mock, scenario="empty", seed=7, clock="fixed")
    # Where the clock stands later, the token has the same time left.
    assert mock.request("POST", f"/_troth/sandboxes/{other['id']}/clock/advance", json={"by": "P3D"}).status_code == 200
    other = mock.request("GET", f"/_troth/sandboxes/{other['id']}").json()
    outcome = replay(mock, recording, sandbox=other)
    assert (outcome.alike, outcome.differences) == (5, [])


def core_story(mock: Client, base: str, token: str) -> None:
    """Things of Loyalty Core whose numbers stand in addresses, queries and bodies of later calls."""
    head = {"Authorization": f"Bearer {token}"}
    root = f"{base}/api/v1/organizations/1"

    def call(method: str, path: str, body: Any = None) -> Row:
        answer = mock.request(method, f"{root}/{path}", headers=head, json=body)
        assert answer.is_success, answer.text
        found: Row = answer.json()
        return found

    campaign = call("POST", "campaigns", {"name": "Mondays", "code": "mondays"})["campaign"]["campaignId"]
    call("GET", f"campaigns/{campaign}")
    member = {"loyaltyMemberId": "m-1", "memberType": "customer", "profile": {"name": "Ana"}}
    made = call("POST", "members", member)["loyalMember"]["memberId"]
    call("PATCH", f"members/{made}", {"profile": {"name": "Ana Stone"}})
    call("GET", f"members/{made}")
    order = {"externalId": "order-1", "type": "sale", "total": 9.6, "status": "confirmed"}
    call("POST", f"members/{made}/purchase-orders", order)
    call("GET", f"members/{made}/purchase-orders")
    program = call("POST", "referral-programs", REFERRAL_PROGRAM)["referralProgram"]["referralProgramId"]
    call("GET", f"referral-programs/{program}")


REFERRAL_PROGRAM = {
    "name": "Friends",
    "code": "friends",
    "active": True,
    "maxPerCode": 3,
    "maxReferralsPerMember": 3,
    "eventType": "member-created",
}
CORE_TOKEN = "lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"


def test_numbers_of_what_was_made_are_those_of_the_fresh_sandbox(mock: Client) -> None:
    begin(mock, reset=True)
    core_story(mock, "/loyalty-core", CORE_TOKEN)
    recording = end(mock)
    other = create(mock, scenario="empty", seed=7, clock="fixed")
    core, token = f"/sandbox/{other['id']}/loyalty-core/api/v1/organizations/1", other["apis"]["loyalty_core"]
    head = {"Authorization": f"Bearer {token['credentials']['api_token']}"}
    for path, body in (
        ("campaigns", {"name": "First", "code": "first"}),
        ("members", {"loyaltyMemberId": "first", "memberType": "customer", "profile": {"name": "Ben"}}),
        ("members", {"loyaltyMemberId": "second", "memberType": "customer", "profile": {"name": "Cy"}}),
    ):
        assert mock.request("POST", f"{core}/{path}", headers=head, json=body).status_code == 201
    outcome = replay(mock, recording, sandbox=other)
    assert (outcome.alike, outcome.differences) == (len(recording["calls"]), []), outcome.call


def test_a_number_that_stands_for_another_thing_than_before_is_reported() -> None:
    side = {"url": "http://a", "apis": {}}
    call = {"method": "GET", "path": "/members/5", "query": "", "headers": {}, "status": 200}
    calls = [{**call, "answer": {"member": {"id": 5, "ledgerId": 1}}} for _ in range(2)]
    sent: list[str] = []

    def send(_method: str, target: str, *_: Any) -> tuple[int, bytes]:
        sent.append(target)
        return 200, json.dumps({"member": {"id": 6 + len(sent), "ledgerId": 1}}).encode()

    outcome = Replay(side, side).run(calls, send)
    assert sent == ["/members/5", "/members/7"]
    assert (outcome.alike, outcome.differences) == (1, ["answer.member.id: 8, recorded 5, for which 7 stands here"])


def test_numbers_in_later_requests() -> None:
    numbers = Numbers()
    for kind, recorded_number, value in (("member", 5, 7), ("trigger", 5, 9), ("", 98_765_432_100, 1)):
        assert numbers.learn(kind, recorded_number, value)
    assert (
        numbers.in_path("/organizations/5/members/5/event-triggers/5") == "/organizations/5/members/7/event-triggers/9"
    )
    assert numbers.in_path("/anything/98765432100") == "/anything/1"
    assert numbers.in_query("limit=5&memberIds=5,6&memberId=5", "/x") == "limit=5&memberIds=7,6&memberId=7"
    body = {"memberId": 5, "points": 5, "members": [{"id": 5, "name": "5"}], "memberIds": [5, 6], "active": True}
    assert numbers.in_value(body, "", "") == {
        **body,
        "memberId": 7,
        "members": [{"id": 7, "name": "5"}],
        "memberIds": [7, 6],
    }


def test_the_first_answer_that_differs_is_reported(mock: Client) -> None:
    recording = recorded(mock)
    changed = copy.deepcopy(recording)
    changed["calls"][1]["answer"]["advocate"]["name"] = "Bea"
    changed["calls"][1]["answer"]["advocate"]["nickname"] = "B"
    changed["calls"][1]["status"] = 200
    outcome = replay(mock, changed)
    assert outcome.alike == 1
    assert outcome.call is not None
    assert outcome.call["path"] == ADVOCATES
    assert outcome.differences == [
        "status: 201, recorded 200",
        'answer.advocate.name: "Ana", recorded "Bea"',
        'answer.advocate.nickname: missing, recorded "B"',
    ]


@pytest.mark.parametrize(
    ("name", "recorded_value", "value", "is_alike"),
    [
        ("id", "5f00a1b2c3d4e5f600000001", "5f00a1b2c3d4e5f600000002", True),
        ("userId", "u-1", "u-2", True),
        ("uuid", "13ac4cc1-3522-4dfc-ae4a-a821e5090108", "7d3c1e90-5a48-4b26-8f17-2e6b0a9d4c11", True),
        ("name", "u-1", "u-2", False),
        ("createdAt", "2026-01-15T12:00:00Z", "2027-01-15T12:00:00.123Z", True),
        ("createdAt", "2026-01-15T12:00:00Z", "soon", False),
        ("created", 1768478400000, 1768478400999, True),
        ("memberId", 5, 6, True),
        ("memberIds", [5], [6], True),
        ("statusCode", 5, 6, False),
        ("paid", 5, 6, False),
        ("points", 25, 26, False),
        ("points", 25, 25.0, False),
        ("paid", True, False, False),
        ("list", [1], [1, 2], False),
        ("list", [{"id": "a-1"}], [{"id": "a-2"}], True),
        ("none", None, 0, False),
    ],
)
def test_what_is_masked(name: str, recorded_value: Any, value: Any, is_alike: bool) -> None:
    side = {"url": "http://a", "apis": {}}
    call = {"method": "GET", "path": "/", "query": "", "headers": {}, "status": 200, "answer": {name: recorded_value}}
    outcome = Replay(side, side).run([call], lambda *_: (200, json.dumps({name: value}).encode()))
    assert (outcome.call is None) == is_alike, outcome.differences


def test_each_sandbox_has_its_own(mock: Client) -> None:
    made = create(mock, name="apart")
    begin(mock)
    add_user(mock, base_of(made), key_of(made))
    assert end(mock)["calls"] == []
    assert mock.request("POST", "/_troth/sandboxes/apart/recordings", json={"name": "x"}).status_code == 201
    add_user(mock, base_of(made), key_of(made), "ben")
    inside = mock.request("POST", "/_troth/sandboxes/apart/recordings/x/end").json()
    assert [one["path"] for one in inside["calls"]] == ["/saasquatch/api/v1/demo/open/account/ben/user/ben"]
    outcome = replay(mock, inside)
    assert (outcome.alike, outcome.differences) == (1, [])
    assert mock.request("DELETE", "/_troth/sandboxes/apart").status_code == 204


def test_it_takes_so_much_and_no_more(mock: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    begin(mock)
    add_user(mock, "/saasquatch", MAIN_KEY)
    monkeypatch.setattr(recordings, "BYTES_MAX", 10)
    add_user(mock, "/saasquatch", MAIN_KEY)
    assert mock.request("GET", "/_troth/recordings").json() == {
        "recordings": [{"name": "mine", "count": 1, "full": True}]
    }
    assert end(mock)["full"] is True


def test_what_it_refuses(mock: Client) -> None:
    begin(mock)
    again = mock.request("POST", "/_troth/recordings", json={"name": "mine"})
    assert (again.status_code, again.json()["error"]["code"]) == (409, "RECORDING_EXISTS")
    for number in range(4):
        begin(mock, f"n{number}")
    full = mock.request("POST", "/_troth/recordings", json={"name": "more"})
    assert (full.status_code, full.json()["error"]["code"]) == (409, "RECORDINGS_FULL")
    assert_refused(
        mock.request("POST", "/_troth/recordings", json={"name": "a b"}), 400, "/name: must be 1 to 64 letters"
    )
    unknown = mock.request("POST", "/_troth/recordings/nothing/end")
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "RECORDING_NOT_FOUND")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"x", "it is no JSON"),
        (b"[]", "it is no recording"),
        (b'{"format": "troth-recording", "version": 2}', "it has version 2, this command plays 1"),
        (b'{"format": "troth-recording", "version": 1, "calls": []}', "it lacks its calls or its sandbox"),
    ],
)
def test_what_is_no_recording(text: bytes, message: str) -> None:
    with pytest.raises(ReplayError, match=message):
        read_recording(text)


class TestReplayByTheMock:
    def test_it_says_that_all_is_alike_and_leaves_no_sandbox(self, mock: Client) -> None:
        recording = recorded(mock)
        before = mock.request("GET", "/_troth/sandboxes").json()
        answer = mock.request("POST", "/_troth/replays", json=recording)
        assert (answer.status_code, answer.json()) == (200, {"calls": 8, "alike": 8})
        assert mock.request("GET", "/_troth/sandboxes").json() == before

    def test_it_says_what_differs_first(self, mock: Client) -> None:
        recording = recorded(mock)
        recording["calls"][1]["answer"]["advocate"]["name"] = "Bea"
        assert mock.request("POST", "/_troth/replays", json=recording).json() == {
            "calls": 8,
            "alike": 1,
            "differs": {
                "number": 2,
                "method": "POST",
                "path": ADVOCATES,
                "differences": ['answer.advocate.name: "Ana", recorded "Bea"'],
            },
        }

    def test_a_recording_without_credentials_is_played_with_those_it_has(self, mock: Client) -> None:
        recording = recorded(mock)
        recording["sandbox"]["apis"] = {api: {} for api in recording["sandbox"]["apis"]}
        answer = mock.request("POST", "/_troth/replays", json=recording)
        assert (answer.status_code, answer.json()["alike"]) == (200, 0), answer.text

    @pytest.mark.parametrize(
        ("change", "expected"),
        [
            ({"version": 2}, "RECORDING_INVALID"),
            ({"sandbox": {"now": "2026-01-15T25:00:00Z"}}, "/sandbox/now: must be a date and time"),
            ({"sandbox": {"scenario": "nowhere"}}, "SCENARIO_INVALID"),
            (
                {
                    "calls": [
                        {"method": "PUT", "path": "/x", "query": "", "headers": {}, "status": 200, "body_base64": "x"}
                    ]
                },
                "RECORDING_INVALID",
            ),
        ],
    )
    def test_what_cannot_be_played_is_refused_and_leaves_no_sandbox(
        self, mock: Client, change: Row, expected: str
    ) -> None:
        recording = recorded(mock)
        recording |= {**change, "sandbox": {**recording["sandbox"], **change.get("sandbox", {})}}
        before = mock.request("GET", "/_troth/sandboxes").json()
        assert_refused(mock.request("POST", "/_troth/replays", json=recording), 400, expected)
        assert mock.request("GET", "/_troth/sandboxes").json() == before

    def test_calls_of_the_control_plane_are_played(self, mock: Client) -> None:
        recording = recorded(mock)
        call = {"method": "DELETE", "path": "/_troth/sandboxes/nobody", "query": "", "headers": {}, "status": 404}
        recording["calls"] = [call]
        assert mock.request("POST", "/_troth/replays", json=recording).json() == {"calls": 1, "alike": 1}


@pytest.mark.parametrize(
    ("header", "payload"),
    [
        ({"crit": []}, b'{"a": 1}'),
        ({"crit": 5}, b'{"a": 1}'),
        ({}, b'{"a\xff": 1}'),
        ({}, b'{"a": 1'),
        ({"ver": 2}, b'{"a": 1}'),
    ],
)
def test_tokens_that_no_server_takes_are_left_as_they_are(header: Row, payload: bytes) -> None:
    """A replay goes on whatever tokens a client has sent; with a parameter that is not known it signs them again."""
    first = ".".join(map(base64url, (json.dumps({"alg": "HS256", **header}).encode(), payload)))
    token = f"{first}.{base64url(hmac.digest(MAIN_KEY.encode(), first.encode(), 'sha256'))}"
    again = signed_again(f"Bearer {token}", {MAIN_KEY: "another key of a tenant"}, 60, lambda text: text)
    assert (again != f"Bearer {token}") == (header == {"ver": 2} or payload == b'{"a": 1')
