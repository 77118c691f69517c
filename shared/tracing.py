"""Tracing: W3C trace context from the gateway through HTTP, the outbox and Kafka headers to the last consumer."""

import os
from collections.abc import Mapping

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_propagator = TraceContextTextMapPropagator()
_tracer = trace.get_tracer("crm")


def configure(service: str) -> None:
    """Spans are exported by OTLP when OTEL_EXPORTER_OTLP_ENDPOINT is set; without it only the context travels."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT"):
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)


def start(name: str, kind: trace.SpanKind, carrier: Mapping[str, str]) -> trace.Span:
    """A span below the one that `carrier` (HTTP headers, an event's attributes) names in `traceparent`."""
    parent = _propagator.extract(carrier) if "traceparent" in carrier else None
    return _tracer.start_span(name, kind=kind, context=parent)


def traceparent(span: trace.Span) -> str | None:
    """The header value that makes later work a child of this span."""
    carrier: dict[str, str] = {}
    _propagator.inject(carrier, context=trace.set_span_in_context(span))
    return carrier.get("traceparent")
