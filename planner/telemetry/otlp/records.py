"""Log records as OpenTelemetry's: the bridge from ``logging``. Taken where they are logged, converted when exported."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Self

from opentelemetry._logs import LogRecord, SeverityNumber
from opentelemetry.attributes import BoundedAttributes
from opentelemetry.context import Context
from opentelemetry.sdk._logs import LogRecordLimits, ReadableLogRecord, ReadWriteLogRecord
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope
from opentelemetry.trace import INVALID_SPAN, TraceFlags, set_span_in_context
from opentelemetry.util.types import Attributes

from planner.telemetry import raised, tracing
from planner.telemetry.redact import Redactor

OWN = ("opentelemetry", "urllib3", "requests", "grpc")
"""Loggers of what exports: their records would be exported by what they tell of."""

_EVENT = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_TEXTS = {logging.DEBUG: "DEBUG", logging.INFO: "INFO", logging.WARNING: "WARN", logging.ERROR: "ERROR",
          logging.CRITICAL: "FATAL"}  # fmt: skip
_NUMBERS = {logging.DEBUG: SeverityNumber.DEBUG, logging.INFO: SeverityNumber.INFO,
            logging.WARNING: SeverityNumber.WARN, logging.ERROR: SeverityNumber.ERROR,
            logging.CRITICAL: SeverityNumber.FATAL}  # fmt: skip
_LEVELS = sorted(_NUMBERS)

Attribute = str | int | float | bool


class _Line(LogRecord):
    """A record of ``logging`` on its way to the exporter's thread, with the span that it belongs to."""

    def __init__(self, record: logging.LogRecord) -> None:  # what a LogRecord is made of comes later
        self.record = record
        span = tracing.current()
        self.trace_id, self.span_id = span.trace_id, span.id
        self.sampled = span.sampled
        self.context = Context()

    def __copy__(self) -> Self:
        return self


class _Waiting(ReadWriteLogRecord):
    """A line in the form that the SDK's processor takes."""

    def __init__(self, line: _Line) -> None:  # as above
        self.log_record = line
        self.resource = _NOWHERE
        self.instrumentation_scope = None
        self.limits = _UNLIMITED


_OUTSIDE = set_span_in_context(INVALID_SPAN, Context())
"""No span, whatever runs around us."""
_SAMPLED, _NOT_SAMPLED = TraceFlags(TraceFlags.SAMPLED), TraceFlags(TraceFlags.DEFAULT)
_NOWHERE = Resource.get_empty()
_UNLIMITED = LogRecordLimits(-1, -1, -1, -1)


class Bridge(logging.Handler):
    """Gives every record to ``take``. Never raises, never blocks, and leaves out what the exporters say themselves."""

    def __init__(self, take: Callable[[ReadWriteLogRecord], None]) -> None:
        super().__init__()
        self._take = take

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(OWN):
            self._take(_Waiting(_Line(record)))


class Records:
    """Converts; in the exporter's thread."""

    def __init__(self, resource: Resource, limits: LogRecordLimits, version: str, redact: Redactor) -> None:
        self._resource = resource
        self._limits = limits
        self._redact = redact
        self._scope = cache(lambda name: InstrumentationScope(name, version if name.startswith("planner") else None))

    def convert(self, waiting: ReadableLogRecord) -> ReadableLogRecord:
        line = waiting.log_record
        if not isinstance(line, _Line):
            return waiting
        record = line.record
        body = self._redact(_body(record))
        event = body if _EVENT.fullmatch(body) else None
        level = _level(record.levelno)
        at_ns = round(record.created * 1_000_000) * 1_000
        made = LogRecord(
            timestamp=at_ns,
            observed_timestamp=at_ns,
            context=_OUTSIDE,
            severity_text=_TEXTS[level],
            severity_number=_NUMBERS[level],
            body=body,
            event_name=event,
        )
        if line.trace_id:
            made.trace_id, made.span_id = line.trace_id, line.span_id
            made.trace_flags = _SAMPLED if line.sampled else _NOT_SAMPLED
        made.attributes = self._bounded({name: self._clean(value) for name, value in _attributes(record, event)})
        return ReadableLogRecord(made, self._resource, self._scope(record.name), self._limits)

    def _bounded(self, attributes: dict[str, Attribute]) -> Attributes:
        """As they are, where no limit applies: that is most of what converting costs."""
        most, longest = self._limits.max_log_record_attributes, self._limits.max_log_record_attribute_length
        if longest is None and (most is None or len(attributes) <= most):
            return attributes
        return BoundedAttributes(most, attributes, immutable=False, max_value_len=longest)

    def _clean(self, value: object) -> Attribute:
        if isinstance(value, (bool, int, float)):
            return value
        return self._redact(value if isinstance(value, str) else _shown(value))


def _body(record: logging.LogRecord) -> str:
    try:
        return raised.message(record)
    except Exception:  # noqa: BLE001  # wrong arguments; the line itself tells of it
        return "log.unprintable"


def _shown(value: object) -> str:
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001  # an object that cannot be shown
        return type(error).__name__


def _attributes(record: logging.LogRecord, event: str | None) -> Iterator[tuple[str, object]]:
    """The event's name once more: not every store of logs keeps the field that is meant for it."""
    if event is not None:
        yield "event", event
    for name, value in vars(record).items():
        if name not in _STANDARD and value is not None:
            yield name, value
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        yield "exception.type", type(error).__qualname__
        yield "exception.stacktrace", raised.told(error)


def _level(number: int) -> int:
    return next((level for level in reversed(_LEVELS) if level <= number), logging.DEBUG)
