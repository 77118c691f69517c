"""Tracing: W3C trace context from the gateway through HTTP, the outbox and Kafka headers to the last consumer.

The context always travels. Spans are made and exported (OTLP over HTTP) where OTEL_EXPORTER_OTLP_ENDPOINT is set; making
them for nobody would cost every request what a database round trip costs.
"""

import os
import re

from opentelemetry import trace
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}")
_propagator = TraceContextTextMapPropagator()
_tracer: trace.Tracer | None = None


def configure(service: str) -> None:
    """Begin to export spans, if this process is told where to."""
    global _tracer
    if os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") and _tracer is None:
        # Imported here, because they take 15 MB in every process.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        provider = TracerProvider(resource=Resource.create({"service.name": service}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
        _tracer = provider.get_tracer("crm")


class RequestSpan:
    """The work on one request; `traceparent` makes later work its child."""

    __slots__ = ("_span", "traceparent")

    def __init__(self, name: str, incoming: str | None) -> None:
        """`incoming` is the request's `traceparent` header; anything that is none begins a new trace."""
        known = _TRACEPARENT.fullmatch(incoming or "")
        if _tracer is None:
            self._span = None
            trace_id = known[1] if known else os.urandom(16).hex()
            self.traceparent = f"00-{trace_id}-{os.urandom(8).hex()}-01"
            return
        parent = _propagator.extract({"traceparent": incoming}) if known else None
        self._span = _tracer.start_span(name, kind=SpanKind.SERVER, context=parent)
        carrier: dict[str, str] = {}
        _propagator.inject(carrier, context=trace.set_span_in_context(self._span))
        self.traceparent = carrier["traceparent"]

    def end(self) -> None:
        if self._span is not None:
            self._span.end()
