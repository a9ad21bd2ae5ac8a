"""`/metrics` of a production server, read by Prometheus' own parser; and the access log."""

from collections.abc import Iterator

import pytest
from prometheus_client.parser import text_string_to_metric_families
from structlog.testing import capture_logs

from handlers.http import Answer
from models.kernel.budgets import LimitExceeded
from models.kernel.clock import DAY_MS, monotonic_s
from models.kernel.vault import digest
from models.provisioning import new_key
from models.tenancy.tenants import revoke_credential
from tests.api.advocacy.conftest import Business, make_business
from tests.support.client import Client
from tests.support.refusals import assert_refused
from tests.support.senders import NullSender
from tests.support.statements import noted
from troth.access_log import log_request
from troth.apis import domain_of
from troth.app import Server, build
from troth.metrics import registry
from troth.metrics.page import MetricsPage, measure
from troth.served import Served
from troth.settings import Settings

SECRET = "a secret of this test"
READER = "127.0.0.1"


@pytest.fixture
def server() -> Iterator[Server]:
    made = build(
        Settings(database_url="sqlite://", secret_key=SECRET, require_https=False, trusted_proxies=("192.0.2.7",)),
        front=MetricsPage,
    )
    measure(made.runtime)
    yield made
    made.close()


@pytest.fixture
def client(server: Server) -> Iterator[Client]:
    made = Client(server)
    yield made
    made.close()


@pytest.fixture
def business(server: Server, client: Client) -> Business:
    return make_business(server, client)


@pytest.fixture
def reader(server: Server) -> Iterator[Client]:
    """A client at an address that may read metrics."""
    made = Client(server, address=READER)
    yield made
    made.close()


def measured(reader: Client) -> dict[tuple[str, ...], float]:
    """Each sample: its name and the values of its labels, in the order of their names."""
    answer = reader.request("GET", "/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain; version=")
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


HOUR_S = 3_600
COUNTS_ENDS = "count(*) AS count_1 \nFROM credentials"


def make_keys(server: Server, business: Business, *days: int) -> list[str]:
    """Keys of a business that end in so many days."""
    runtime, kind = server.runtime, domain_of("advocacy").provision.KEY_KINDS[0]
    now_ms = runtime.main.clock.now_ms()
    with runtime.storage.session() as session, session.begin():
        ends = [now_ms + one * DAY_MS for one in days]
        return [
            new_key(session, runtime.directory.vault, business.tenant, kind, now_ms=1, expires_ms=end) for end in ends
        ]


class TestRequests:
    def test_each_is_counted_by_api_operation_and_status(self, business: Business, reader: Client) -> None:
        before = measured(reader)
        business.advocate("a@example.org")
        business.advocate("b@example.org")
        assert_refused(business.post("/advocates", json={}), 400, "VALIDATION_ERROR")
        assert business.get("/advocates", key="wrong").status_code == 401
        reader.request("GET", "/nowhere")
        reader.request("GET", "/advocacy/nowhere")
        business.call("DELETE", "/advocates")
        after = measured(reader)

        def more(*name: str) -> float:
            return after.get(name, 0) - before.get(name, 0)

        total, operation = "troth_http_requests_total", "createAdvocate"
        assert more(total, "advocacy", operation, "201") == 2
        assert more(total, "advocacy", operation, "400") == 1
        assert more(total, "advocacy", "listAdvocates", "401") == 1
        assert more(total, "", "", "404") == 1
        assert more(total, "advocacy", "", "401") == 1  # an unknown address of an API, by somebody unknown
        assert more(total, "advocacy", operation, "405") + more(total, "advocacy", "listAdvocates", "405") == 1
        assert more("troth_http_request_duration_seconds_count", "advocacy", operation) == 3
        assert more("troth_http_request_duration_seconds_bucket", "advocacy", "+Inf", operation) == 3
        assert more("troth_credentials_refused_total", "advocacy") >= 2

    def test_limits_and_refused_evaluation_have_counters(self, server: Server, reader: Client) -> None:
        for status, problem in ((429, None), (400, LimitExceeded())):
            for watcher in server.runtime.watchers:
                watcher(Served("r-1", "GET", "/x", status, "leat", "op", None, problem, None, 0.1))
        found = measured(reader)
        for name in ("rate_limited", "evaluation_limits_exceeded"):
            assert found[f"troth_{name}_total", "leat"] == 1, name

    def test_keys_that_end_soon_are_counted_before_they_do_once_a_minute(
        self, server: Server, business: Business, reader: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        now_s = monotonic_s() + HOUR_S
        monkeypatch.setattr(registry, "monotonic_s", lambda: now_s)
        make_keys(server, business, -1, 1, 13, 15)
        revoked = make_keys(server, business, 2)
        with server.runtime.storage.session() as session, session.begin():
            revoke_credential(session, business.tenant, digest(revoked[0]), now_ms=2)
        with noted(server.runtime.storage.engine) as statements:
            found = measured(reader)
            assert found["troth_credentials_expiring", "advocacy"] == 2
            assert found["troth_credentials_expiring", "leat"] == 0
            make_keys(server, business, 3)
            now_s += registry.EXPIRING_EVERY_S - 1
            assert measured(reader)["troth_credentials_expiring", "advocacy"] == 2
            assert sum(COUNTS_ENDS in one for one in statements) == 1
            now_s += 1
            assert measured(reader)["troth_credentials_expiring", "advocacy"] == 3

    def test_an_answer_that_breaks_its_contract_is_a_breach(
        self, server: Server, business: Business, reader: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        operation = next(
            one for one in server.compiled.apis["advocacy"].compiled if one.info.operation_id == "listAdvocates"
        )
        monkeypatch.setattr(operation, "function", lambda _uow, **_arguments: Answer(200, {"advocates": 7}))
        with pytest.raises(AssertionError, match="breaks listAdvocates"):  # the test's own client looks, too
            business.get("/advocates")
        assert measured(reader)["troth_contract_breaches_total", "advocacy"] == 1


class TestOutbox:
    def test_deliveries_are_counted_and_what_waits_is_measured(
        self, server: Server, business: Business, reader: Client
    ) -> None:
        from troth.administration import create_webhook

        create_webhook(server.runtime, "advocacy", business.tenant.alias, "https://hooks.example.org/", ["*"])
        business.advocate("a@example.org")
        waiting = measured(reader)
        assert waiting["troth_outbox_due", "delivery"] == 1
        assert waiting["troth_outbox_oldest_age_seconds", "delivery"] >= 0
        dispatcher = server.runtime.services["dispatcher"]
        dispatcher.sender = NullSender()
        business.client._loop.run_until_complete(dispatcher.settle())
        after = measured(reader)
        assert after["troth_outbox_due", "delivery"] == 0
        assert after["troth_deliveries_total", "2xx"] == 1
        assert after["troth_delivery_duration_seconds_count",] == 1


class TestReaders:
    @pytest.mark.parametrize(
        ("address", "headers", "status"),
        [
            (READER, {}, 200),
            ("::1", {}, 200),
            ("203.0.113.9", {}, 404),
            (READER, {"X-Forwarded-For": "203.0.113.9"}, 404),
            (READER, {"X-Forwarded-For": READER}, 404),
            (READER, {"Forwarded": "for=203.0.113.9"}, 404),
            (READER, {"X-Real-IP": READER}, 404),
            ("192.0.2.7", {"X-Forwarded-For": "203.0.113.9"}, 404),
            ("192.0.2.7", {"X-Forwarded-For": f"{READER}, 203.0.113.9"}, 404),
        ],
    )
    def test_others_and_callers_through_a_proxy_are_answered_404(
        self, server: Server, address: str, headers: dict[str, str], status: int
    ) -> None:
        client = Client(server, address=address)
        answer = client.request("GET", "/metrics", headers=headers)
        unknown = client.request("GET", "/nothing-here", headers=headers)
        client.close()
        assert answer.status_code == status
        assert status == 200 or answer.json() == unknown.json()


def test_a_line_says_who_called_what_and_what_came_of_it(server: Server, business: Business) -> None:
    server.runtime.watchers += (log_request,)
    with capture_logs() as written:
        business.post("/advocates", json={}, headers={"X-Forwarded-For": "198.51.100.1"})
        business.client.request("GET", "/nowhere?key=secret-in-a-query")
        business.client.request("GET", "/advocacy/nowhere", headers={"Authorization": "Bearer secret-in-a-header"})
    lines = [line for line in written if line["event"] == "request"]
    assert [(one["api"], one["operation"], one["status"], one["client"]) for one in lines] == [
        ("advocacy", "createAdvocate", 400, "203.0.113.9"),  # the address that called: nobody trusts its header
        (None, None, 404, "203.0.113.9"),
        ("advocacy", None, 401, "203.0.113.9"),
    ]
    assert lines[0]["tenant"] == business.tenant.alias
    assert all(one["request_id"] and one["duration_ms"] >= 0 for one in lines)
    assert "secret-in" not in str(written)
