"""The Prefer header: forced answers, delays, dry runs."""

import time
from typing import Any

import pytest

from tests.mock.test_sandboxes import MAIN_KEY, users
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.mock.preferences import parse_preferences

ANA = "/saasquatch/api/v1/demo/open/account/ana/user/ana"
BODY = {"id": "ana", "accountId": "ana", "firstName": "Ana"}


def put(mock: Client, prefer: str, path: str = ANA, **options: Any) -> Any:
    return mock.request("PUT", path, auth=("", MAIN_KEY), json=BODY, headers={"Prefer": prefer}, **options)


class TestForcedAnswers:
    def test_a_code_comes_in_the_vendors_shape_and_nothing_is_written(self, mock: Client) -> None:
        answer = put(mock, "code=409")
        assert answer.status_code == 409
        assert answer.json()["statusCode"] == 409
        assert answer.headers["preference-applied"] == "code=409"
        assert users(mock, "/saasquatch", MAIN_KEY) == 0

    @pytest.mark.parametrize("lines", [("code=429", "respond-async"), ("respond-async", "code=429")])
    def test_several_lines_are_one_list(self, mock: Client, lines: tuple[str, str]) -> None:
        headers = [("Prefer", line) for line in lines]
        assert mock.request("PUT", ANA, auth=("", MAIN_KEY), json=BODY, headers=headers).status_code == 429

    @pytest.mark.parametrize("code", [200, 400, 401, 403, 404, 413, 429, 500, 503])
    @pytest.mark.parametrize(
        ("method", "path"),
        [
            ("GET", "/saasquatch/api/v1/demo/users"),
            ("GET", "/advocacy/api/v1/advocates"),
            ("GET", "/leat/api/v3/oauth/clients/referrals"),
            ("GET", "/loyalty-core/api/v1/organizations/1/members"),
        ],
    )
    def test_every_code_is_an_answer_that_the_contract_allows(
        self, mock: Client, method: str, path: str, code: int
    ) -> None:
        answer = mock.request(method, path, headers={"Prefer": f"code={code}"})
        if answer.status_code != code:  # this API has no such answer, and says which ones it has
            assert (answer.status_code, code in (403, 404, 413)) == (400, True)
            assert f"has no answer {code}; it has 200, 400" in answer.text

    def test_without_a_code_it_is_the_success(self, mock: Client) -> None:
        answer = put(mock, "dynamic=true, seed=7")
        assert answer.status_code == 200
        assert answer.json() == put(mock, "dynamic=true; seed=7, seed=7").json()
        assert answer.json() != put(mock, "dynamic=true, seed=8").json()

    @pytest.mark.parametrize(
        ("prefer", "message"),
        [
            ("code=299", "has no answer 299; it has 200, "),
            ("example=nobody", "has no example 'nobody'; it has"),
            ("code=abc", "code is a number from 100 to 599"),
            ("delay=999999", "delay is a number from 0 to 60000"),
            *(
                (f"dynamic=true, {name}={'9' * 5_000}", f"{name} is a number from")
                for name in ("seed", "code", "delay")
            ),
            ("dynamic=perhaps", "dynamic is true or false"),
            ("dry-run, code=409", "dry-run runs the operation"),
        ],
    )
    def test_a_preference_that_cannot_be_met_is_a_400_that_says_what_can(
        self, mock: Client, prefer: str, message: str
    ) -> None:
        answer = put(mock, prefer)
        assert_refused(answer, 400, "PREFERENCE_NOT_MET")
        assert len(answer.content) < 1_000
        assert message in answer.json()["message"]

    def test_preferences_of_others_are_ignored(self, mock: Client) -> None:
        answer = put(mock, 'return=minimal, respond-async; wait=10, x="a, b"')
        assert answer.status_code == 200
        assert "preference-applied" not in answer.headers
        assert users(mock, "/saasquatch", MAIN_KEY) == 1


def test_a_delay_comes_before_the_answer_and_others_are_served(mock: Client) -> None:
    before = time.monotonic()
    answer = put(mock, "delay=150")
    assert time.monotonic() - before >= 0.15
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "delay=150"


class TestDryRun:
    def test_it_answers_what_would_have_happened_and_changes_nothing(self, mock: Client) -> None:
        answer = put(mock, "dry-run")
        assert answer.status_code == 200
        assert answer.json()["referralCodes"]["referral-program"] == "ANA"
        assert answer.headers["preference-applied"] == "dry-run"
        assert users(mock, "/saasquatch", MAIN_KEY) == 0
        mock.request("POST", "/_troth/clock/advance", json={"by": "P1D"})
        assert mock.server.runtime.services["dispatcher"].sender.sender.calls == []

    def test_refusals_are_what_they_would_be(self, mock: Client) -> None:
        answer = mock.request(
            "PUT", ANA, auth=("", MAIN_KEY), json={"id": "ben", "accountId": "ana"}, headers={"Prefer": "dry-run"}
        )
        assert_refused(answer, 400, "BAD_REQUEST")

    def test_configuration_is_as_before(self, mock: Client) -> None:
        token = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK"}
        path = "/loyalty-core/api/v1/organizations/1/loyalty-programs"
        made = {"name": "Club", "description": "", "active": True, "ledgerId": 1, "setAsDefault": True}
        before = mock.request("GET", path, headers=token).json()
        answer = mock.request("POST", path, headers={**token, "Prefer": "dry-run"}, json=made)
        assert answer.status_code == 201, answer.text
        assert mock.request("GET", path, headers=token).json() == before

    def test_calls_of_several_transactions_cannot_be_undone(self, mock: Client) -> None:
        headers = {"Authorization": "Bearer lc_DEMO0TOKEN0LOYALTY0CORE0TROTH0MOCK", "Prefer": "dry-run"}
        body = {"inputs": [{"expression": "order.total >= 1000"}]}
        path = "/loyalty-core/api/v1/organizations/1/rules/expressions/parse"
        answer = mock.request("POST", path, headers=headers, json=body)
        assert (answer.status_code, "dry run" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("header", "applied"),
    [
        (b"code=409", "code=409"),
        (b'CODE="409" ; x=y', "code=409"),
        (b"code=409, code=500", "code=409"),
        (b"handling=lenient", None),
        (b"", None),
    ],
)
def test_the_header_is_read_as_rfc_7240_says(header: bytes, applied: str | None) -> None:
    found = parse_preferences(header)
    assert (found and found.applied) == applied
