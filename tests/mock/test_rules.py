"""Rules: which calls they mean, how often they apply, what they do, and when they are over."""

import asyncio
import time
from typing import Any

import httpx2
import pytest

from tests.mock.test_sandboxes import MAIN_KEY, add_user, base_of, create, key_of, users
from tests.support.client import BASE_URL, Client
from tests.support.refusals import assert_refused
from tests.support.senders import NullSender
from tests.support.serving import serving
from troth.mock.run import build_mock
from troth.settings import Settings

USERS = "/saasquatch/api/v1/demo/users"


def rule(mock: Client, **given: Any) -> dict[str, Any]:
    answer = mock.request("POST", "/_troth/rules", json=given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def unchecked(mock: Client, path: str) -> httpx2.Response:
    """An answer that the contract does not have."""

    async def get() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=mock.server.app)
        async with httpx2.AsyncClient(transport=transport, base_url=BASE_URL) as http:
            return await http.get(path, auth=("", MAIN_KEY))

    return asyncio.run(get())


def status(mock: Client, path: str = USERS, **options: Any) -> int:
    return mock.request("GET", path, auth=("", MAIN_KEY), **options).status_code


class TestWhichCalls:
    @pytest.mark.parametrize(
        "given",
        [
            {},
            {"api": "saasquatch"},
            {"operation": "listUsers"},
            {"method": "GET"},
            {"path": "/saasquatch/*/users"},
            {"tenant": "demo"},
            {"tenant": "saasquatch/demo"},
        ],
    )
    def test_a_rule_means_calls_that_have_all_it_names(self, mock: Client, given: dict[str, Any]) -> None:
        rule(mock, answer={"code": 503}, **given)
        assert status(mock) == 503

    @pytest.mark.parametrize(
        "given",
        [
            {"api": "leat"},
            {"operation": "openUserUpsert"},
            {"method": "PUT"},
            {"path": "/saasquatch/*/user"},
            {"tenant": "test_demo"},
            {"body": {"id": "ana"}},
            {"target": "webhooks"},
        ],
    )
    def test_and_no_others(self, mock: Client, given: dict[str, Any]) -> None:
        rule(mock, answer={"code": 503}, **given)
        assert status(mock) == 200

    def test_a_body_is_meant_by_a_part_of_it(self, mock: Client) -> None:
        rule(mock, answer={"code": 503}, body={"firstName": "ana"})
        add_user(mock, "/saasquatch", MAIN_KEY, "ben")
        with pytest.raises(AssertionError):
            add_user(mock, "/saasquatch", MAIN_KEY, "ana")

    def test_the_control_plane_is_never_meant(self, mock: Client) -> None:
        rule(mock, answer={"code": 503})
        assert mock.request("GET", "/_troth/clock").status_code == 200

    def test_other_sandboxes_are_not_either(self, mock: Client) -> None:
        made = create(mock)
        rule(mock, answer={"code": 503})
        assert users(mock, base_of(made), key_of(made)) == 0

    def test_the_first_that_applies_is_the_only_one(self, mock: Client) -> None:
        rule(mock, answer={"code": 503}, times=1)
        rule(mock, answer={"code": 429})
        assert [status(mock), status(mock)] == [503, 429]


class TestHowOften:
    def statuses(self, mock: Client, count: int = 6) -> list[int]:
        return [status(mock) for _ in range(count)]

    def test_so_many_times(self, mock: Client) -> None:
        made = rule(mock, answer={"code": 503}, times=2)
        assert self.statuses(mock, 4) == [503, 503, 200, 200]
        shown = mock.request("GET", f"/_troth/rules/{made['id']}").json()
        assert (shown["matched"], shown["applied"]) == (2, 2)

    def test_every_third(self, mock: Client) -> None:
        rule(mock, answer={"code": 503}, every=3)
        assert self.statuses(mock) == [503, 200, 200, 503, 200, 200]

    def test_after_the_first_ones(self, mock: Client) -> None:
        rule(mock, answer={"code": 503}, skip=4)
        assert self.statuses(mock) == [200, 200, 200, 200, 503, 503]

    def test_with_a_probability_the_same_in_each_run(self, mock: Client) -> None:
        rule(mock, answer={"code": 503}, probability=0.5)
        first = self.statuses(mock, 40)
        assert 8 < first.count(503) < 32
        mock.request("POST", "/_troth/reset").raise_for_status()
        assert mock.request("GET", "/_troth/rules").json()["rules"] == []
        rule(mock, answer={"code": 503}, probability=0.5)
        assert self.statuses(mock, 40) == first

    def test_for_some_time_on_the_sandboxs_clock(self, mock: Client) -> None:
        rule(mock, answer={"code": 503}, for_ms=60_000)
        assert status(mock) == 503
        mock.request("POST", "/_troth/clock/advance", json={"by": "PT1M"})
        assert status(mock) == 200

    def test_until_it_is_deleted(self, mock: Client) -> None:
        made = rule(mock, answer={"code": 503})
        rule(mock, answer={"code": 429})
        assert status(mock) == 503
        assert mock.request("DELETE", f"/_troth/rules/{made['id']}").status_code == 204
        assert status(mock) == 429
        assert mock.request("DELETE", "/_troth/rules").status_code == 204
        assert status(mock) == 200
        assert_refused(mock.request("GET", f"/_troth/rules/{made['id']}"), 404, "RULE_NOT_FOUND")


class TestWhatTheyDo:
    def test_an_answer_is_not_run(self, mock: Client) -> None:
        rule(mock, operation="openUserUpsert", answer={}, times=1)
        add_user(mock, "/saasquatch", MAIN_KEY)
        assert users(mock, "/saasquatch", MAIN_KEY) == 0

    def test_a_body_and_headers_of_ones_own(self, mock: Client) -> None:
        rule(mock, answer={"code": 418, "body": {"teapot": True}, "headers": {"X-Tea": "green"}}, path="/saasquatch/*")
        answer = mock.server and mock._loop.run_until_complete(mock._http.get(USERS))  # no contract has this answer
        assert (answer.status_code, answer.json(), answer.headers["x-tea"]) == (418, {"teapot": True}, "green")

    @pytest.mark.parametrize(
        ("headers", "code"),
        [({name: "x"}, "HEADER_INVALID") for name in ("", "a b", "a\nb", "a:b", "é", "a" * 129)]
        + [({"A": " x"}, "HEADER_INVALID"), ({"A": "1", "a": "2"}, "HEADER_REPEATED")]
        + [
            ({name: "1"}, "HEADER_RESERVED")
            for name in (
                "Content-Length",
                "transfer-encoding",
                "Connection",
                "Keep-Alive",
                "Proxy-Connection",
                "TE",
                "Trailer",
                "Upgrade",
                "Content-Encoding",
                "Date",
                "Server",
                "X-Request-Id",
            )
        ],
    )
    def test_headers_that_break_http_are_refused(self, mock: Client, headers: dict[str, str], code: str) -> None:
        assert_refused(mock.request("POST", "/_troth/rules", json={"answer": {"headers": headers}}), 400, code)
        assert mock.request("GET", "/_troth/rules").json() == {"rules": []}

    @pytest.mark.parametrize("value", ["a\r\nSet-Cookie: b", "a\n", "a\tb", "\x7f", "é"])
    def test_values_of_headers_have_no_control_characters(self, mock: Client, value: str) -> None:
        refused = mock.request("POST", "/_troth/rules", json={"answer": {"headers": {"A": value}}})
        assert refused.status_code == 400, refused.text
        assert "printable ASCII" in refused.text

    @pytest.mark.parametrize(
        ("content_type", "body", "sent"),
        [
            ("text/html", "<p>", b"<p>"),
            ("text/plain", {"a": 1}, b'{"a":1}'),
            ("application/problem+json", "no", b'"no"'),
            ("application/json; charset=utf-8", {"a": [None]}, b'{"a":[null]}'),
        ],
    )
    def test_a_content_type_of_ones_own_is_the_only_one(
        self, mock: Client, content_type: str, body: Any, sent: bytes
    ) -> None:
        rule(mock, answer={"code": 500, "body": body, "headers": {"content-TYPE": content_type}}, path="/saasquatch/*")
        answer = unchecked(mock, USERS)
        assert answer.headers.get_list("content-type") == [content_type]
        assert answer.content == sent

    def test_a_header_takes_the_place_of_the_example(self, mock: Client) -> None:
        rule(mock, answer={"code": 429, "headers": {"retry-AFTER": "77"}}, operation="listUsers")
        assert mock.request("GET", USERS, auth=("", MAIN_KEY)).headers.get_list("retry-after") == ["77"]

    def test_answers_that_have_no_body_get_none(self, mock: Client) -> None:
        rule(mock, answer={"code": 204, "body": {"a": 1}, "headers": {"Content-Type": "text/plain"}})
        answer = unchecked(mock, USERS)
        assert (answer.status_code, answer.content) == (204, b"")
        assert "content-type" not in answer.headers

    def test_a_delay_lets_the_call_run(self, mock: Client) -> None:
        rule(mock, delay={"min_ms": 60, "max_ms": 90})
        before = time.monotonic()
        add_user(mock, "/saasquatch", MAIN_KEY)
        assert time.monotonic() - before >= 0.06
        assert mock.request("GET", "/_troth/journal").json()["calls"][0]["rule"] == "rule-1"

    def test_a_delay_of_nulls_is_none(self, mock: Client) -> None:
        made = rule(mock, delay={"ms": None, "sigma": None}, times=1)
        assert made["delay"] == {}
        assert mock.request("GET", "/_troth/rules").json()["rules"][-1]["delay"] == {}
        assert (
            mock.server.runtime.services["rules"]._turn(next(iter(mock.server.runtime.services["rules"]))).delay_ms == 0
        )

    def test_delays_are_log_normal_around_their_median(self, mock: Client) -> None:
        made = mock.server.runtime.services["rules"].add({"delay": {"median_ms": 100, "sigma": 0.5}})
        turns = mock.server.runtime.services["rules"]
        drawn = sorted(turns._turn(made).delay_ms for _ in range(400))
        assert 90 < drawn[200] < 112
        assert 140 < drawn[336] < 190  # one standard deviation is a factor of 1.65

    @pytest.mark.parametrize(
        ("answer", "message"),
        [({"code": 299}, "has no answer 299"), ({"example": "nobody"}, "has no example 'nobody'")],
    )
    def test_an_answer_that_the_operation_does_not_have_is_refused(
        self, mock: Client, answer: Any, message: str
    ) -> None:
        refused = mock.request("POST", "/_troth/rules", json={"operation": "listUsers", "answer": answer})
        assert (refused.status_code, refused.json()["error"]["code"]) == (400, "PREFERENCE_NOT_MET")
        assert message in refused.json()["error"]["message"]

    def test_an_unknown_operation_is_refused(self, mock: Client) -> None:
        refused = mock.request("POST", "/_troth/rules", json={"operation": "listUser", "fault": "empty"})
        assert "listUsers" in refused.json()["error"]["message"]

    def test_receivers_of_webhooks_fail_and_get_them_later(self, mock: Client) -> None:
        sender = NullSender()
        mock.server.runtime.services["dispatcher"].sender.sender = sender
        rule(mock, target="webhooks", answer={"code": 500}, for_ms=60_000)
        add_user(mock, "/saasquatch", MAIN_KEY)
        fired = mock.request("POST", "/_troth/clock/advance", json={"by_ms": 1}).json()["fired"]
        assert {one["status"] for one in fired if one["kind"] == "delivery"} == {500}
        assert sender.calls == []
        mock.request("POST", "/_troth/clock/advance", json={"by": "P3D"})
        assert len(sender.calls) == 3


class TestFaults:
    """Through a real connection."""

    def fetch(self, fault: dict[str, Any]) -> httpx2.Response:
        """The answer to a call that meets the fault; the journal has the call in any case."""
        server = build_mock(Settings(mock=True, database_url="sqlite://", fixed_clock=True), "empty")
        with serving(server) as served, httpx2.Client(base_url=f"http://127.0.0.1:{served.port}") as http:
            http.post("/_troth/rules", json={"api": "saasquatch", **fault}).raise_for_status()
            try:
                return http.get(USERS, auth=("", MAIN_KEY))
            finally:
                [kept] = http.get("/_troth/journal").json()["calls"]
                assert (kept["rule"], kept["status"]) == ("rule-1", 200)

    def test_an_empty_answer_has_no_body(self) -> None:
        answer = self.fetch({"fault": "empty"})
        assert (answer.status_code, answer.content) == (200, b"")

    def test_a_malformed_answer_is_no_json(self) -> None:
        answer = self.fetch({"fault": "malformed"})
        assert answer.status_code == 200
        with pytest.raises(ValueError, match=r"JSON|Expecting|Unterminated"):
            answer.json()

    @pytest.mark.parametrize("fault", ["truncated", "dropped"])
    def test_truncated_and_dropped(self, fault: str) -> None:
        with pytest.raises(httpx2.RemoteProtocolError):
            self.fetch({"fault": fault})

    def test_a_throttled_answer_takes_as_long_as_its_bytes(self) -> None:
        before = time.monotonic()
        answer = self.fetch({"bytes_per_s": 100})
        took = time.monotonic() - before
        assert answer.json()["totalCount"] == 0
        assert took >= len(answer.content) / 100 * 0.8


@pytest.mark.parametrize("name", ["Cache-Control", "cache-control"])
def test_what_a_rule_says_to_caches_counts_alone(mock: Client, name: str) -> None:
    rule(mock, answer={"code": 200, "headers": {name: "max-age=60"}})
    assert unchecked(mock, USERS).headers["cache-control"] == "max-age=60"
