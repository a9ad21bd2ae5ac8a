"""The journal: what was called and answered, what came of it, what a test expected, replays, archives."""

from typing import Any

import pytest

from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of
from tests.support.client import BASE_URL, Client
from tests.support.refusals import assert_refused
from troth.mock.run import build_mock
from troth.settings import Settings

ANA = "/saasquatch/api/v1/demo/open/account/ana/user/ana"


def calls(mock: Client, **query: Any) -> list[dict[str, Any]]:
    answer = mock.request("GET", "/_troth/journal", params=query)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["calls"]
    return found


def call(mock: Client, number: int, **query: Any) -> dict[str, Any]:
    answer = mock.request("GET", f"/_troth/journal/{number}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def verify(mock: Client, **expected: Any) -> Any:
    return mock.request("POST", "/_troth/journal/verify", json=expected)


class TestList:
    def test_the_newest_call_is_the_first(self, mock: Client) -> None:
        for name in ("ana", "ben"):
            add_user(mock, "/saasquatch", MAIN_KEY, name)
        first, second = calls(mock)
        assert (first["number"], second["number"]) == (2, 1)
        assert second["url"] == ANA
        assert (second["method"], second["status"], second["code"]) == ("PUT", 200, None)
        assert (second["api"], second["operation"], second["tenant"]) == (
            "saasquatch",
            "openUserUpsert",
            "saasquatch/demo",
        )

    def test_with_after_the_oldest_is_the_first(self, mock: Client) -> None:
        for name in ("ana", "ben", "cid"):
            add_user(mock, "/saasquatch", MAIN_KEY, name)
        assert [one["number"] for one in calls(mock, after=1)] == [2, 3]
        assert [one["number"] for one in calls(mock, after=1, limit=1)] == [2]

    def test_filters_combine(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        mock.request("GET", ANA, auth=("", "wrong"))
        mock.request("GET", "/leat/api/v3/oauth/clients/contacts")
        assert [one["number"] for one in calls(mock, api="saasquatch")] == [2, 1]
        assert [one["number"] for one in calls(mock, api="saasquatch", status="4xx")] == [2]
        assert [one["number"] for one in calls(mock, status="401")] == [3, 2]
        assert [one["number"] for one in calls(mock, tenant="demo", method="PUT", operation="openUserUpsert")] == [1]
        assert [one["number"] for one in calls(mock, text="FIRSTNAME")] == [1]

    def test_addresses_of_no_operation_are_kept_too(self, mock: Client) -> None:
        mock.request("GET", "/saasquatch/api/v1/nowhere")
        [found] = calls(mock)
        assert (found["status"], found["operation"], found["code"]) == (404, None, "NOT_FOUND")

    def test_calls_of_the_control_plane_are_not(self, mock: Client) -> None:
        mock.request("GET", "/_troth/clock")
        assert calls(mock) == []

    def test_each_sandbox_has_its_own(self, mock: Client) -> None:
        made = create(mock, name="one")
        add_user(mock, base_of(made), key_of(made))
        assert calls(mock) == []
        inside = mock.request("GET", "/_troth/sandboxes/one/journal").json()["calls"]
        assert [one["url"] for one in inside] == [ANA]

    def test_it_can_be_emptied_and_numbers_go_on(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        assert mock.request("DELETE", "/_troth/journal").status_code == 204
        add_user(mock, "/saasquatch", MAIN_KEY)
        assert [one["number"] for one in calls(mock)] == [2]
        assert_refused(mock.request("GET", "/_troth/journal/1"), 404, "CALL_NOT_FOUND")

    def test_the_oldest_calls_go_when_it_is_full(self, mock: Client) -> None:
        journal = mock.server.runtime.services["journal"]
        journal._limit_bytes = 8_000
        for _ in range(20):
            add_user(mock, "/saasquatch", MAIN_KEY)
        shown = mock.request("GET", "/_troth/journal").json()
        assert shown["seen"] == 20
        assert 1 <= shown["kept"] < 5
        assert [one["number"] for one in shown["calls"]] == list(range(20, 20 - shown["kept"], -1))
        assert sum(entry.size for entry in journal) <= 8_000

    def test_it_can_be_off(self) -> None:
        server = build_mock(Settings(mock=True, database_url="sqlite://", journal_mb=0), "empty")
        client = Client(server)
        answer = client.request("GET", "/_troth/journal")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "JOURNAL_OFF")
        client.close()
        server.close()


class TestCall:
    def test_it_shows_request_and_answer(self, mock: Client) -> None:
        answer = add_user(mock, "/saasquatch", MAIN_KEY)
        shown = call(mock, 1)
        assert shown["request"]["json"] == {"id": "ana", "accountId": "ana", "firstName": "ana"}
        assert shown["answer"]["json"] == answer.json()
        assert shown["answer"]["headers"]["x-request-id"] == answer.headers["x-request-id"]

    def test_a_compressed_answer_is_shown_as_it_was_made(self, mock: Client) -> None:
        for number in range(12):
            add_user(mock, "/saasquatch", MAIN_KEY, f"user{number}")
        answer = mock.request(
            "GET", "/saasquatch/api/v1/demo/users", auth=("", MAIN_KEY), headers={"Accept-Encoding": "gzip"}
        )
        assert answer.headers["content-encoding"] == "gzip"
        assert call(mock, 13)["answer"]["json"] == answer.json()

    def test_credentials_are_masked_unless_asked_for(self, mock: Client) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": 1001,
            "client_secret": "demo_client_secret_leat_troth_mock",
        }
        token = mock.request("POST", "/leat/oauth/token", json=form).json()["access_token"]
        add_user(mock, "/saasquatch", MAIN_KEY)
        masked, shown = call(mock, 1), call(mock, 1, secrets="true")
        assert masked["request"]["json"]["client_secret"] == masked["answer"]["json"]["access_token"] == "***"
        assert shown["answer"]["json"]["access_token"] == token
        assert token not in str(masked)
        assert "demo_client_secret" not in str(masked)
        assert call(mock, 2)["request"]["headers"]["authorization"] == "***"
        assert call(mock, 2, secrets="true")["request"]["headers"]["authorization"].startswith("Basic ")

    def test_how_the_request_broke_the_contract(self, mock: Client) -> None:
        mock.request("PUT", ANA, auth=("", MAIN_KEY), json={"id": 5})
        [found] = calls(mock)
        assert found["code"] == "VALIDATION_FAILED"
        assert found["breaches"] == ["/id: must be a string, not 5", "/accountId: is required"]

    def test_what_it_caused(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        caused = call(mock, 1)["caused"]
        assert [event["type"] for event in caused["events"]] == ["coupon.created", "coupon.created", "user.created"]
        assert {one["url"] for one in caused["deliveries"]} == {f"{BASE_URL}/_troth/inbox/saasquatch"}
        assert {one["event_id"] for one in caused["deliveries"]} == {event["id"] for event in caused["events"]}
        token = {"Authorization": "Bearer sk_live_DEMO0KEY0ADVOCACY0TROTH0MOCK"}
        made = mock.request(
            "POST", "/advocacy/api/v1/advocates", headers=token, json={"email": "ana@example.org", "name": "Ana"}
        )
        path = f"/advocacy/api/v1/advocates/{made.json()['advocate']['id']}/points"
        mock.request("POST", path, headers=token, json={"amount": 25})
        postings = call(mock, 3)["caused"]["postings"]
        assert sorted(posting["amount"] for posting in postings) == [-25, 25]
        mock.request("GET", path.removesuffix("/points"), headers=token)
        assert call(mock, 4)["caused"] == {"events": [], "postings": [], "deliveries": []}

    def test_the_curl_command_is_quoted_for_a_shell(self, mock: Client) -> None:
        mock.request(
            "PUT", ANA, auth=("", MAIN_KEY), json={"id": "ana", "accountId": "ana", "firstName": "O'Hara; rm -rf /"}
        )
        command = call(mock, 1, secrets="true")["curl"]
        assert command.startswith(f"curl -X PUT {BASE_URL}{ANA} ")
        assert "'\"'\"'" in command

    def test_a_replay_is_a_new_call(self, mock: Client) -> None:
        add_user(mock, "/saasquatch", MAIN_KEY)
        before = mock.request("GET", ANA, auth=("", MAIN_KEY)).json()
        answer = mock.request("POST", "/_troth/journal/1/replay")
        assert answer.status_code == 200, answer.text
        assert (answer.json()["number"], answer.json()["operation"], answer.json()["status"]) == (
            3,
            "openUserUpsert",
            200,
        )
        assert call(mock, 3)["answer"]["json"]["dateCreated"] == before["dateCreated"]

    def test_a_body_that_was_not_kept_whole_is_not_sent_again(
        self, mock: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("troth.mock.journal.BODY_BYTES_MAX", 10)
        add_user(mock, "/saasquatch", MAIN_KEY)
        answer = mock.request("POST", "/_troth/journal/1/replay")
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "BODY_NOT_KEPT")
        assert mock.request("GET", "/_troth/journal").json()["seen"] == 1

    def test_a_replay_goes_to_the_same_sandbox(self, mock: Client) -> None:
        made = create(mock, name="one")
        add_user(mock, base_of(made), key_of(made))
        assert mock.request("POST", "/_troth/sandboxes/one/journal/1/replay").json()["status"] == 200
        assert calls(mock) == []


class TestVerify:
    @pytest.fixture(autouse=True)
    def _two_users(self, mock: Client) -> None:
        for name in ("ana", "ben"):
            add_user(mock, "/saasquatch", MAIN_KEY, name)

    @pytest.mark.parametrize(
        "expected",
        [
            {},
            {"count": 2},
            {"at_least": 2, "at_most": 2},
            {"count": 1, "body": {"id": "ana"}},
            {"count": 0, "body": {"id": "cid"}},
            {"count": 1, "answer": {"referralCodes": {"referral-program": "BEN"}}},
            {"count": 0, "status": "4xx"},
            {"count": 2, "headers": {"Content-Type": "application/json"}, "tenant": "demo"},
        ],
    )
    def test_as_many_calls_as_expected_are_200(self, mock: Client, expected: dict[str, Any]) -> None:
        answer = verify(mock, operation="openUserUpsert", **expected)
        assert answer.status_code == 200, answer.text

    @pytest.mark.parametrize(
        ("expected", "message", "difference"),
        [
            ({"count": 3}, "2 calls of openUserUpsert match, 3 expected.", None),
            ({"at_most": 1}, "2 calls of openUserUpsert match, 0 to 1 expected.", None),
            (
                {"body": {"id": "cid"}},
                "0 calls of openUserUpsert match, at least 1 expected.",
                "body.id: 'ben', not 'cid'",
            ),
            (
                {"body": {"email": "a@b.c"}},
                "0 calls of openUserUpsert match, at least 1 expected.",
                "body.email: missing",
            ),
            ({"query": {"x": "1"}}, "0 calls of openUserUpsert match, at least 1 expected.", "query x: missing"),
            ({"status": "409"}, "0 calls of openUserUpsert match, at least 1 expected.", "status: 200, not 409"),
        ],
    )
    def test_others_are_409_with_how_the_nearest_differ(
        self, mock: Client, expected: dict[str, Any], message: str, difference: str | None
    ) -> None:
        answer = verify(mock, operation="openUserUpsert", **expected)
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["message"]) == (409, "JOURNAL_DIFFERS", message)
        assert [one["differences"] for one in error["nearest"]][:1] == ([[difference]] if difference else [])

    def test_an_unknown_operation_is_refused_with_those_that_are_spelt_alike(self, mock: Client) -> None:
        answer = verify(mock, operation="openUserUpsrt", count=0)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "OPERATION_UNKNOWN")
        assert "openUserUpsert" in answer.json()["error"]["message"]

    def test_an_unknown_api_is_refused_with_those_that_there_are(self, mock: Client) -> None:
        for answer in (
            verify(mock, operation="openUserUpsert", api="saas", count=0),
            mock.request("POST", "/_troth/rules", json={"api": "saas", "answer": {"code": 500}}),
        ):
            assert_refused(answer, 400, "API_UNKNOWN")
            assert "there are saasquatch, advocacy, leat, loyalty_core, public" in answer.text

    def test_count_and_bounds_together_are_refused(self, mock: Client) -> None:
        assert_refused(
            verify(mock, operation="openUserUpsert", count=1, at_least=1),
            400,
            "the body: must be a count, or at_least and at_most",
        )


def test_the_archive_is_har_1_2(mock: Client) -> None:
    add_user(mock, "/saasquatch", MAIN_KEY)
    mock.request("GET", "/saasquatch/api/v1/demo/users?limit=1&query=", auth=("", MAIN_KEY))
    log = mock.request("GET", "/_troth/journal/har").json()["log"]
    assert log["version"] == "1.2"
    put, get = log["entries"]
    assert put["request"]["url"] == BASE_URL + ANA
    assert put["request"]["postData"]["mimeType"] == "application/json"
    assert get["request"]["queryString"] == [{"name": "limit", "value": "1"}, {"name": "query", "value": ""}]
    assert {"name": "authorization", "value": "***"} in get["request"]["headers"]
    assert get["response"]["status"] == 200
    for entry in (put, get):
        assert set(entry) == {"startedDateTime", "time", "request", "response", "cache", "timings"}
        assert set(entry["timings"]) == {"send", "wait", "receive"}
        assert {
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        } == set(entry["response"])
