"""Where spans go: a collector of OpenTelemetry's, by OTLP over HTTP."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from troth import __version__
from troth.starting import CannotStart

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

SERVICE = "troth"
TRACES_PATH = "/v1/traces"


def otlp_provider(endpoint: str) -> TracerProvider:
    """A provider that sends spans in batches from a thread of its own. Raises CannotStart without the extra.

    The variables of OpenTelemetry's specification count besides: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES,
    OTEL_TRACES_SAMPLER, OTEL_EXPORTER_OTLP_HEADERS and their like.
    """
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise CannotStart("TROTH_OTEL_ENDPOINT needs the extra troth[otel]: pip install 'troth[otel]'") from error
    known = {"service.version": __version__}
    if "OTEL_SERVICE_NAME" not in os.environ:
        known["service.name"] = SERVICE
    provider = TracerProvider(resource=Resource.create(known))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}{TRACES_PATH}")))
    return provider
