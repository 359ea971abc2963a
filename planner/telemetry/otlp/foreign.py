"""``opentelemetry-instrument python planner.py``: what it has put around the process keeps what it measures itself.

It sends none of our lines a second time, and no secret at all.
"""

from __future__ import annotations

import atexit
import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import Any

from opentelemetry import _logs, metrics, trace
from opentelemetry.sdk._logs import LogRecordProcessor, ReadWriteLogRecord
from opentelemetry.sdk.trace import Event, ReadableSpan, SpanProcessor
from opentelemetry.trace import Link, Status

from planner.telemetry.otlp.quiet import LOGGER
from planner.telemetry.otlp.settings import GRPC, HTTP, PROTOCOL
from planner.telemetry.redact import Redactor

log = logging.getLogger(__name__)

FULL_ADDRESSES = {"opentelemetry.instrumentation.aiohttp_client": "AioHttpClientInstrumentor"}
"""Instrumentations that put whole addresses, and with them the bot's token, on every span: they are taken off again."""
DO = "start it as python planner.py, with the same OTEL_ settings: all that it measures is exported without"


GRPC_MODULE = "opentelemetry.exporter.otlp.proto.grpc"


class Tamed:
    """The providers around us; their end, which they leave to the interpreter, begins with ours."""

    def __init__(self, ends: Iterable[Callable[[], object]]) -> None:
        self._ends = list(ends)

    def leave(self) -> list[Callable[[], object]]:
        """What is to be called, side by side, to send what they hold."""
        return self._ends

    def spoken(self, environ: Mapping[str, str]) -> Mapping[str, str]:
        """``opentelemetry-instrument`` says grpc where nobody has: without its package, HTTP is spoken all the same."""
        if environ.get(PROTOCOL, "").strip() != GRPC or find_spec(GRPC_MODULE) is not None:
            return environ
        cause = f"{PROTOCOL}={GRPC} needs a package that is not installed; what the planner exports goes by {HTTP}"
        log.warning("settings.unused", extra={"cause": cause})
        return {**environ, PROTOCOL: HTTP}


def tame(secrets: Iterable[str]) -> Tamed:
    """Redact all that the providers of this process export, and take our log lines and addresses from them."""
    redact = Redactor(secrets)
    for name, instrumentor in FULL_ADDRESSES.items():
        if (module := sys.modules.get(name)) is not None:
            getattr(module, instrumentor)().uninstrument()
    root = logging.getLogger()
    for handler in list(root.handlers):
        if type(handler).__module__.startswith(LOGGER):
            root.removeHandler(handler)
    providers: list[Any] = [trace.get_tracer_provider(), metrics.get_meter_provider(), _logs.get_logger_provider()]
    try:
        _first(providers[0]._active_span_processor, "_span_processors", RedactedSpans(redact))  # noqa: SLF001
        _first(providers[2]._multi_log_record_processor, "_log_record_processors", RedactedLogs(redact))  # noqa: SLF001
    except AttributeError:  # those who export nothing; or others than we know
        if any("sdk" in type(one).__module__ for one in providers):
            log.error("telemetry.not_redacted", extra={"do": DO})
    return Tamed(_ends(providers))


def _first(owner: Any, name: str, processor: object) -> None:
    """Put a processor before the others, which are given what it has changed."""
    setattr(owner, name, (processor, *getattr(owner, name)))


def _ends(providers: Iterable[Any]) -> Iterable[Callable[[], object]]:
    for provider in providers:
        at_exit = getattr(provider, "_atexit_handler", None) or getattr(provider, "_at_exit_handler", None)
        if at_exit is not None:
            atexit.unregister(at_exit)
            yield provider.shutdown


class RedactedSpans(SpanProcessor):
    """Cleans a span that has ended, in place: the processors after it are given the same object."""

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact

    def on_end(self, span: ReadableSpan) -> None:
        clean = self._redact
        span._name = clean(span.name)  # noqa: SLF001  # the SDK has no other way to change what has ended
        span._attributes = cleaned(span.attributes, clean)  # noqa: SLF001
        span._events = [  # noqa: SLF001
            Event(clean(one.name), cleaned(one.attributes, clean), one.timestamp) for one in span.events
        ]
        span._links = [Link(one.context, cleaned(one.attributes, clean)) for one in span.links]  # noqa: SLF001
        if span.status.description:
            span._status = Status(span.status.status_code, clean(span.status.description))  # noqa: SLF001


class RedactedLogs(LogRecordProcessor):
    """Cleans a log record on its way to the processors after it."""

    def __init__(self, redact: Redactor) -> None:
        self._redact = redact

    def on_emit(self, log_record: ReadWriteLogRecord) -> None:
        record = log_record.log_record
        record.body = _clean(record.body, self._redact)
        record.attributes = cleaned(record.attributes, self._redact)

    def shutdown(self) -> None:
        """It holds nothing."""

    def force_flush(self, timeout_millis: int = 30_000) -> bool:  # noqa: ARG002  # the SDK's form
        return True


def cleaned(attributes: Mapping[str, Any] | None, redact: Redactor) -> dict[str, Any]:
    return {name: _clean(value, redact) for name, value in (attributes or {}).items()}


def _clean(value: Any, redact: Redactor) -> Any:
    match value:
        case str():
            return redact(value)
        case bytes():
            return redact(value.decode(errors="replace")).encode()
        case Mapping():
            return cleaned(value, redact)
        case list() | tuple():
            return tuple(_clean(one, redact) for one in value)
        case _:
            return value
