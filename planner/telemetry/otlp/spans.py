"""Our spans as OpenTelemetry's. They wait for the export as they are: converting costs more than all before it."""

from __future__ import annotations

from opentelemetry.attributes import BoundedAttributes
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanLimits
from opentelemetry.sdk.util import BoundedList
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags

from planner.telemetry.redact import Redactor
from planner.telemetry.tracing import CONTEXT_BYTES, Kind, Span

SCOPE = "planner"
TRACE_BYTES = 16
_SAMPLED = TraceFlags(TraceFlags.SAMPLED)
_KINDS = {
    Kind.INTERNAL: SpanKind.INTERNAL,
    Kind.SERVER: SpanKind.SERVER,
    Kind.CLIENT: SpanKind.CLIENT,
    Kind.CONSUMER: SpanKind.CONSUMER,
}
_UNSET = Status(StatusCode.UNSET)


class Waiting(ReadableSpan):
    """A span on its way to the exporter's thread."""

    _context = SpanContext(1, 1, is_remote=False, trace_flags=_SAMPLED)
    """All that the SDK's processor looks at: that it is to be exported."""

    def __init__(self, span: Span) -> None:  # what a ReadableSpan is made of comes later
        self.span = span


class Spans:
    """Converts; in the exporter's thread."""

    def __init__(self, resource: Resource, limits: SpanLimits, version: str, redact: Redactor) -> None:
        self._resource = resource
        self._limits = limits
        self._scope = InstrumentationScope(SCOPE, version)
        self._redact = redact

    def convert(self, waiting: ReadableSpan) -> ReadableSpan:
        if not isinstance(waiting, Waiting):
            return waiting
        span = waiting.span
        links = [_link(context) for context in span.links if len(context) == CONTEXT_BYTES]
        return ReadableSpan(
            self._redact(span.name),
            _context(span.trace_id, span.id),
            None if span.parent is None else _context(span.trace_id, span.parent),
            self._resource,
            self._attributes(span),
            links=BoundedList.from_seq(self._limits.max_links, links),
            kind=_KINDS[span.kind],
            status=Status(StatusCode.ERROR, self._redact(span.error)) if span.error else _UNSET,
            start_time=span.start_ns,
            end_time=span.end_ns,
            instrumentation_scope=self._scope,
        )

    def _attributes(self, span: Span) -> BoundedAttributes:
        fields = dict(span.fields)  # at once: whoever holds the span might still add to it
        for name, value in fields.items():
            if isinstance(value, str):
                fields[name] = self._redact(value)
        if span.error:
            fields.setdefault("error.type", self._redact(span.error))
        limits = self._limits
        return BoundedAttributes(
            limits.max_span_attributes, fields, immutable=False, max_value_len=limits.max_span_attribute_length
        )


def _context(trace_id: int, span_id: int) -> SpanContext:
    return SpanContext(trace_id, span_id, is_remote=False, trace_flags=_SAMPLED)


def _link(context: bytes) -> Link:
    """Without the flag that says its trace was exported: nobody has noted that."""
    trace_id, span_id = int.from_bytes(context[:TRACE_BYTES]), int.from_bytes(context[TRACE_BYTES:])
    return Link(SpanContext(trace_id, span_id, is_remote=True))
