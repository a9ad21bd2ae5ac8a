"""Traces, exported to a collector in memory: request, statements, and the delivery of what it caused."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

from tests.api.saasquatch.conftest import SaasquatchTenant
from tests.server.test_production import production, subscribe
from tests.support.databases import drop_postgres, fresh_postgres
from tests.support.live import Receiver, receiver
from tests.support.serving import serving, wait_until
from troth.database.migrate import upgrade
from troth.settings import Settings
from troth.starting import CannotStart
from troth.tracing.provider import otlp_provider
from troth.tracing.tracing import TracedApp, install, uninstall

CALLER_TRACE, CALLER_SPAN = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLER = f"00-{CALLER_TRACE}-{CALLER_SPAN}-01"


class Traced:
    """A server whose spans are gathered."""

    def __init__(self, tenant: SaasquatchTenant, spans: InMemorySpanExporter, endpoint: Receiver, base: str) -> None:
        self.tenant, self.exporter, self.endpoint, self.base = tenant, spans, endpoint, base

    def call(self, method: str, path: str, **options: object) -> httpx2.Response:
        return httpx2.request(
            method, f"{self.base}{self.tenant.base}{path}", auth=("", self.tenant.key), timeout=30, **options
        )

    def spans(self, kind: SpanKind) -> list[ReadableSpan]:
        return [span for span in self.exporter.get_finished_spans() if span.kind is kind]

    def request(self) -> ReadableSpan:
        (span,) = self.spans(SpanKind.SERVER)
        return span

    def create_user(self, **headers: str) -> httpx2.Response:
        return self.call("PUT", self.tenant.user_path("ana"), json={"id": "ana", "accountId": "ana"}, headers=headers)


@pytest.fixture(params=["sqlite", "postgres"])
def traced(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Traced]:
    if request.param == "postgres":
        url = fresh_postgres("traces")
    else:
        url = f"sqlite:///{tmp_path}/troth.db"
        upgrade(url)
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    with (
        production(url, require_https=False, allow_private_targets=True, files_dir=tmp_path) as tenant,
        receiver() as endpoint,
        contextlib.ExitStack() as stack,
    ):
        subscribe(tenant, endpoint.url)
        tracing = install(tenant.server.runtime, provider)
        stack.callback(uninstall, tracing)
        tenant.server.around = lambda app: TracedApp(app, tracing)
        served = stack.enter_context(serving(tenant.server))
        yield Traced(tenant, spans, endpoint, f"http://127.0.0.1:{served.port}")
    if request.param == "postgres":
        drop_postgres(url)


class TestRequests:
    def test_a_request_is_a_span_of_its_callers_trace_named_after_the_operation(self, traced: Traced) -> None:
        assert traced.create_user(traceparent=CALLER).status_code == 200
        span = traced.request()
        assert span.name == "PUT /api/v1/{tenant_alias}/open/account/{accountId}/user/{userId}"
        assert (f"{span.context.trace_id:032x}", f"{span.parent.span_id:016x}") == (CALLER_TRACE, CALLER_SPAN)
        expected = {
            "http.request.method": "PUT",
            "http.response.status_code": 200,
            "http.route": "/api/v1/{tenant_alias}/open/account/{accountId}/user/{userId}",
            "troth.api": "saasquatch",
            "troth.operation": "openUserUpsert",
            "troth.tenant": traced.tenant.alias,
        }
        assert {name: span.attributes[name] for name in expected} == expected

    def test_its_statements_are_spans_within_it_without_what_they_are_given(self, traced: Traced) -> None:
        traced.create_user()
        request = traced.request()
        of_request = [
            span
            for span in traced.spans(SpanKind.CLIENT)
            if "db.query.text" in span.attributes and span.context.trace_id == request.context.trace_id
        ]
        assert {"SELECT", "INSERT"} <= {span.name for span in of_request}
        assert all(span.parent.span_id == request.context.span_id for span in of_request)
        assert {span.attributes["db.system.name"] for span in of_request} <= {"sqlite", "postgresql"}
        assert not any("ana" in str(span.attributes["db.query.text"]) for span in of_request)

    def test_a_refusal_is_no_error_of_the_server_and_probes_are_not_traced(self, traced: Traced) -> None:
        refused = traced.call("GET", traced.tenant.user_path("nobody"))
        assert (refused.status_code, refused.json()["apiErrorCode"]) == (404, "ACCOUNT_NOT_FOUND")
        assert httpx2.get(f"{traced.base}/_health/live").status_code == 200
        span = traced.request()
        assert (span.attributes["http.response.status_code"], span.status.status_code) == (404, StatusCode.UNSET)

    def test_a_call_without_a_trace_begins_one(self, traced: Traced) -> None:
        traced.create_user(traceparent="00-nonsense")
        assert traced.request().parent is None


class TestDeliveries:
    def test_a_delivery_is_in_the_trace_of_the_request_that_caused_it_and_receivers_get_it(
        self, traced: Traced
    ) -> None:
        traced.create_user(traceparent=CALLER)
        wait_until(lambda: 0 < len(traced.endpoint.received) == len(deliveries(traced)))
        request, sent = traced.request(), deliveries(traced)
        for delivery in sent:
            assert f"{delivery.context.trace_id:032x}" == CALLER_TRACE
            assert delivery.parent.span_id == request.context.span_id
            assert delivery.attributes["http.response.status_code"] == 200
        assert {received.headers["traceparent"] for received in traced.endpoint.received} == {
            f"00-{CALLER_TRACE}-{delivery.context.span_id:016x}-01" for delivery in sent
        }

    def test_one_that_is_refused_is_an_error(self, traced: Traced) -> None:
        traced.endpoint.statuses += [500] * 10
        traced.create_user()
        wait_until(lambda: bool(deliveries(traced)))
        assert {one.status.status_code for one in deliveries(traced)} == {StatusCode.ERROR}


def deliveries(traced: Traced) -> list[ReadableSpan]:
    return [span for span in traced.spans(SpanKind.CLIENT) if "url.full" in span.attributes]


def test_without_tracing_nothing_is_carried(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/troth.db"
    upgrade(url)
    with (
        production(url, require_https=False, allow_private_targets=True, files_dir=tmp_path) as tenant,
        receiver() as endpoint,
        serving(tenant.server) as served,
    ):
        subscribe(tenant, endpoint.url)
        address = f"http://127.0.0.1:{served.port}{tenant.base}{tenant.user_path('ana')}"
        made = httpx2.put(
            address, json={"id": "ana", "accountId": "ana"}, auth=("", tenant.key), headers={"traceparent": CALLER}
        )
        assert made.status_code == 200
        assert not any("traceparent" in received.headers for received in endpoint.wait_for(1))


class TestSetting:
    def test_spans_go_to_the_collector_as_otlp(self) -> None:
        with receiver() as collector:
            provider = otlp_provider(f"{collector.url.rpartition('/')[0]}/")
            with provider.get_tracer("test").start_as_current_span("one"):
                pass
            provider.shutdown()
            (received,) = collector.wait_for(1)
        assert (received.path, received.headers["content-type"]) == ("/v1/traces", "application/x-protobuf")
        assert b"troth" in received.body

    def test_without_the_extra_it_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
        with pytest.raises(CannotStart, match=r"troth\[otel\]"):
            otlp_provider("http://127.0.0.1:4318")

    def test_an_endpoint_is_a_url(self) -> None:
        with pytest.raises(ValueError, match="http://"):
            Settings(otel_endpoint="collector:4318")
