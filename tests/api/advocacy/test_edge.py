"""Keys, plans, order of checks, idempotency keys: what is common to all calls of the advocacy API."""

from collections.abc import Iterator

import pytest

from models.kernel.clock import DAY_MS, MINUTE_MS
from tests.api.advocacy.conftest import Business, error_of, make_business
from tests.support.client import Client
from tests.support.refusals import assert_refused
from troth.app import Server

UNAUTHORIZED, FORBIDDEN, INVALID, MISSING = (
    (401, "UNAUTHORIZED"),
    (403, "FORBIDDEN"),
    (400, "VALIDATION_ERROR"),
    (404, "NOT_FOUND"),
)


class TestKeys:
    @pytest.mark.parametrize(
        "key", [None, "", "nonsense", "sk_live_AAAAAAAAAAAAAAAAAAAAAAAA", "sk_live_", "x" * 5_000, "sk_live_\xe9"]
    )
    def test_an_unknown_key_is_refused_with_the_scheme(self, business: Business, key: str | None) -> None:
        headers = {} if key is None else {"Authorization": f"Bearer {key}".encode("latin-1")}
        refused = business.call("GET", "/advocates", key=None, headers=headers)
        assert error_of(refused)[:2] == UNAUTHORIZED
        assert refused.headers["www-authenticate"].startswith("Bearer")
        assert not [name for name in refused.headers if name.startswith("x-ratelimit")]

    @pytest.mark.parametrize("header", ["Basic {key}", "{key}", "bearer  {key}", "BEARER {key}"])
    def test_only_bearer_and_in_any_case(self, business: Business, header: str) -> None:
        answer = business.call(
            "GET", "/advocates", key=None, headers={"Authorization": header.format(key=business.key)}
        )
        assert answer.status_code == (200 if header.lower().startswith("bearer") else 401)

    def test_a_secret_of_another_kind_is_no_key(self, server: Server, client: Client) -> None:
        assert error_of(make_business(server, client).get("/advocates", key="sso_test_secret"))[:2] == UNAUTHORIZED

    def test_keys_name_their_environment(self, server: Server, client: Client) -> None:
        assert make_business(server, client).key.startswith("sk_live_")
        assert make_business(server, client, live=False).key.startswith("sk_test_")

    def test_a_read_only_key_writes_nothing(self, business: Business) -> None:
        ana, key = business.advocate()["id"], business.read_only_key()
        assert business.get("/advocates", key=key).json()["total"] == 1
        for method, path in (
            ("POST", "/advocates"),
            ("PATCH", f"/advocates/{ana}"),
            ("POST", f"/advocates/{ana}/points"),
            ("POST", "/sso/recognize"),
            ("POST", "/referrals/track"),
        ):
            assert error_of(business.call(method, path, key=key, json={}))[:2] == FORBIDDEN
        assert business.get("/advocates").json()["total"] == 1

    def test_a_suspended_business_is_shut_out(self, server: Server, client: Client) -> None:
        assert error_of(make_business(server, client, suspended=True).get("/advocates"))[:2] == FORBIDDEN


class TestOrder:
    @pytest.mark.parametrize(
        ("method", "path"), [("GET", "/nothing"), ("PUT", "/advocates"), ("POST", "/feedback/boards")]
    )
    def test_unknown_paths_and_methods_are_refused_as_such_to_known_callers(
        self, business: Business, method: str, path: str
    ) -> None:
        assert error_of(business.call(method, path, key=None))[:2] == UNAUTHORIZED
        answer = business.call(method, path)
        assert answer.json()["error"]["code"] == "NOT_FOUND"
        assert answer.status_code == (404 if path == "/nothing" else 405)
        assert ("allow" in answer.headers) == (answer.status_code == 405)
        assert int(answer.headers["x-ratelimit-remaining"]) == 59

    def test_faults_of_the_body_are_all_one(self, business: Business) -> None:
        def status(**options: object) -> tuple[int, str, str | None]:
            return error_of(business.post("/advocates", **options))

        assert status(content=b"{", headers={"Content-Type": "application/json"}) == (*INVALID, None)
        assert status(content=b"a=b", headers={"Content-Type": "application/x-www-form-urlencoded"}) == (*INVALID, None)
        assert status(content=b"x" * (2 << 20), headers={"Content-Type": "application/json"}) == (*INVALID, None)
        assert status(json=[]) == (*INVALID, None)
        assert status(content=b"") == (*INVALID, None)
        assert (
            status(content=b'{"email": "a@b.org", "name": "\\u0000"}', headers={"Content-Type": "application/json"})[:2]
            == INVALID
        )


class TestPlan:
    @pytest.fixture
    def starter(self, server: Server, client: Client) -> Iterator[Business]:
        made = make_business(server, client, plan="starter", rate_limits="enforce")
        made.advance(MINUTE_MS - made.now_ms % MINUTE_MS)
        yield made
        made.server.runtime.main.clock.tick()

    def test_shows_what_is_left_and_then_refuses(self, starter: Business) -> None:
        answers = [starter.get("/advocates") for _ in range(30)]
        assert [int(answer.headers["x-ratelimit-remaining"]) for answer in answers] == list(range(29, -1, -1))
        assert {answer.headers["x-ratelimit-limit"] for answer in answers} == {"30"}
        refused = starter.get("/advocates")
        assert error_of(refused)[:2] == (429, "RATE_LIMITED")
        assert refused.headers["retry-after"] == "60"
        assert "The clock of this mock stands still" in refused.text
        assert int(refused.headers["x-ratelimit-reset"]) * 1_000 == starter.now_ms + MINUTE_MS
        starter.advance(MINUTE_MS)
        again = starter.get("/advocates")
        assert (again.status_code, again.headers["x-ratelimit-remaining"]) == (200, "29")

    def test_all_answers_count_but_a_wrong_key(self, starter: Business) -> None:
        for path in ("/advocates/unknown", "/nothing", "/advocates?page=0"):
            starter.get(path)
        starter.get("/advocates", key="sk_live_WRONG")
        assert starter.get("/advocates").headers["x-ratelimit-remaining"] == "26"

    def test_all_keys_share_the_plan(self, starter: Business) -> None:
        key = starter.read_only_key()
        for _ in range(15):
            starter.get("/advocates")
            starter.get("/advocates", key=key)
        assert starter.get("/advocates", key=key).status_code == 429

    def test_the_day_is_a_budget_too(self, starter: Business) -> None:
        starter.advance(DAY_MS - starter.now_ms % DAY_MS)
        for n in range(1_000):
            if n and n % 30 == 0:
                starter.advance(MINUTE_MS)
            assert_refused(starter.get("/feedback/none"), 404, "NOT_FOUND")
        refused = starter.get("/advocates")
        assert (refused.status_code, refused.headers["x-ratelimit-limit"]) == (429, "1000")
        assert int(refused.headers["retry-after"]) == (DAY_MS - starter.now_ms % DAY_MS) // 1_000

    def test_calls_at_once_never_pass_the_plan(self, starter: Business) -> None:
        if starter.server.runtime.storage.inline:
            pytest.skip("units do not run at once on SQLite")
        authorization = {"Authorization": f"Bearer {starter.key}"}
        statuses = [
            answer.status_code
            for _ in range(6)
            for answer in starter.client.at_once(8, "GET", f"{starter.base}/advocates", headers=authorization)
        ]
        assert statuses.count(200) == 30
        assert statuses.count(429) == 18

    def test_counting_only_never_refuses(self, server: Server, client: Client) -> None:
        counted = make_business(server, client, plan="starter", rate_limits="count")
        answers = [counted.get("/advocates") for _ in range(40)]
        assert {answer.status_code for answer in answers} == {200}
        assert answers[-1].headers["x-ratelimit-remaining"] == "0"


BODY = {"email": "ana@example.org"}
ONCE = {"Idempotency-Key": "order-1"}


class TestIdempotency:
    def test_the_same_request_gets_its_first_answer(self, business: Business) -> None:
        first = business.post("/advocates", json=BODY, headers=ONCE)
        again = business.post("/advocates", json=BODY, headers=ONCE)
        assert (again.status_code, again.json()) == (201, first.json())
        assert again.headers["location"] == first.headers["location"]
        assert "idempotency-replayed" not in first.headers
        assert again.headers["idempotency-replayed"] == "true"
        assert len(business.events("advocate.joined")) == 1
        assert error_of(business.post("/advocates", json=BODY))[:2] == (409, "CONFLICT")

    def test_points_are_given_once(self, business: Business) -> None:
        ana = business.advocate()["id"]
        for _ in range(3):
            assert business.post(f"/advocates/{ana}/points", json={"amount": 5}, headers=ONCE).json()["newBalance"] == 5
        assert business.points(ana) == 5

    def test_another_request_with_the_key_is_refused(self, business: Business) -> None:
        ana, bo = business.advocate()["id"], business.advocate("bo@example.org")["id"]
        business.post(f"/advocates/{ana}/points", json={"amount": 5}, headers=ONCE)
        for path, body in (
            (f"/advocates/{ana}/points", {"amount": 6}),
            (f"/advocates/{bo}/points", {"amount": 5}),
            ("/advocates", {"email": "new@example.org"}),
        ):
            assert error_of(business.post(path, json=body, headers=ONCE))[:2] == (409, "CONFLICT")
        assert (business.points(ana), business.points(bo)) == (5, 0)

    def test_the_order_of_members_does_not_matter(self, business: Business) -> None:
        one, other = b'{"email":"a@b.org","name":"A"}', b'{"name": "A", "email": "a@b.org"}'
        headers = {"Content-Type": "application/json", **ONCE}
        assert business.post("/advocates", content=one, headers=headers).status_code == 201
        assert business.post("/advocates", content=other, headers=headers).headers["idempotency-replayed"] == "true"

    def test_a_refusal_is_not_kept(self, business: Business) -> None:
        ana = business.advocate()["id"]
        body = {"amount": -5}
        assert_refused(business.post(f"/advocates/{ana}/points", json=body, headers=ONCE), 400, "INSUFFICIENT_POINTS")
        business.post(f"/advocates/{ana}/points", json={"amount": 5})
        assert business.post(f"/advocates/{ana}/points", json=body, headers=ONCE).json()["newBalance"] == 0

    def test_a_key_is_free_after_a_day(self, business: Business) -> None:
        ana = business.advocate()["id"]
        first_ms = business.now_ms
        for at_ms, balance in ((first_ms, 5), (first_ms + DAY_MS - 1, 5), (first_ms + DAY_MS, 10)):
            business.advance(at_ms - business.now_ms)
            answer = business.post(f"/advocates/{ana}/points", json={"amount": 5}, headers=ONCE)
            assert answer.json()["newBalance"] == balance

    def test_businesses_do_not_share_keys(self, business: Business, other_business: Business) -> None:
        for mine in (business, other_business):
            assert mine.post("/advocates", json=BODY, headers=ONCE).status_code == 201

    def test_at_once_the_work_is_done_once(self, business: Business) -> None:
        ana = business.advocate()["id"]

        answers = business.client.at_once(
            8,
            "POST",
            f"{business.base}/advocates/{ana}/points",
            json={"amount": 5},
            headers={"Authorization": f"Bearer {business.key}", **ONCE},
        )
        assert [(answer.status_code, answer.json()["newBalance"]) for answer in answers] == [(200, 5)] * 8
        assert business.points(ana) == 5

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_a_key_has_1_to_255_characters(self, business: Business, key: str) -> None:
        assert error_of(business.post("/advocates", json=BODY, headers={"Idempotency-Key": key}))[:2] == INVALID
