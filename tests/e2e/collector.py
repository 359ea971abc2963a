"""An OTLP/HTTP receiver: it decodes with the official ``opentelemetry-proto`` classes, and misbehaves on order."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TypeAlias

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
    ExportMetricsServiceResponse,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import HistogramDataPoint, Metric, NumberDataPoint
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.serving import QuietServer

SIGNALS: Mapping[str, tuple[type[Message], type[Message]]] = {
    "/v1/traces": (ExportTraceServiceRequest, ExportTraceServiceResponse),
    "/v1/metrics": (ExportMetricsServiceRequest, ExportMetricsServiceResponse),
    "/v1/logs": (ExportLogsServiceRequest, ExportLogsServiceResponse),
}
PROTOBUF = "application/x-protobuf"
HELD_S = 60.0

Value: TypeAlias = "str | bool | int | float | bytes | list[Value] | dict[str, Value] | None"
Labels = frozenset[tuple[str, Value]]
Number = NumberDataPoint | HistogramDataPoint


class Mood(Enum):
    """How it treats what comes next."""

    WELL = "takes it"
    REFUSING = "refuses connections"
    BLACK_HOLE = "accepts connections and never answers"
    UNAVAILABLE = "answers 503"
    SLOW = "takes it, after a while"


@dataclass(frozen=True)
class Came:
    """One request: as it came, and decoded."""

    path: str
    headers: Mapping[str, str]
    raw: bytes
    """The body without its compression."""
    message: Message


class Collector:
    """What has come, in order; any thread may look. ``mood`` may be changed at any time by ``become``."""

    def __init__(self, slow_s: float = 1.0) -> None:
        self.slow_s = slow_s
        self.mood = Mood.WELL
        self.refused = 0
        """How many requests it answered with 503, or not at all."""
        self._came: list[Came] = []
        self._arrived = threading.Condition()
        self._closing = threading.Event()
        self._server: QuietServer | None = None
        self._port = 0
        self._open()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def become(self, mood: Mood) -> None:
        """Behave so from now on."""
        if (mood is Mood.REFUSING) != (self._server is None):
            self._close() if mood is Mood.REFUSING else self._open()
        self.mood = mood

    def close(self) -> None:
        self._closing.set()
        if self._server is not None:
            self._close()

    def take(self, came: Came) -> None:
        with self._arrived:
            self._came.append(came)
            self._arrived.notify_all()

    def held_back(self) -> None:
        """A request that gets no answer worth having."""
        with self._arrived:
            self.refused += 1
            self._arrived.notify_all()

    def pause(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def wait(self, within_s: float) -> None:
        """Until the next request has been dealt with, or for so long."""
        with self._arrived:
            self._arrived.wait(within_s)

    @property
    def requests(self) -> Sequence[Came]:
        with self._arrived:
            return list(self._came)

    def spans(self) -> list[Span]:
        return [
            span
            for message in self._messages(ExportTraceServiceRequest)
            for resource in message.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]

    def logs(self) -> list[LogRecord]:
        return [
            record
            for message in self._messages(ExportLogsServiceRequest)
            for resource in message.resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
        ]

    def exports(self) -> list[dict[str, Metric]]:
        """The metrics by name, one dictionary an export."""
        return [
            {metric.name: metric for resource in message.resource_metrics for metric in metrics_in(resource)}
            for message in self._messages(ExportMetricsServiceRequest)
        ]

    def resources(self) -> dict[str, list[dict[str, Value]]]:
        """The attributes of every resource that came, by the path it came to."""
        found: dict[str, list[dict[str, Value]]] = {path: [] for path in SIGNALS}
        for came in self.requests:
            for _, groups in came.message.ListFields():
                found[came.path] += [attributes(group.resource.attributes) for group in groups]
        return found

    def _messages(self, kind: type[Message]) -> list:
        return [came.message for came in self.requests if isinstance(came.message, kind)]

    def _open(self) -> None:
        collector = self

        class Handler(_Handler):
            to = collector

        self._server = QuietServer(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def _close(self) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()
        self._server = None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    to: Collector

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        mood = self.to.mood
        if mood is Mood.BLACK_HOLE:
            self.to.held_back()
            self.to.pause(HELD_S)
            self.close_connection = True
            return
        if mood is Mood.UNAVAILABLE:
            self.to.held_back()
            self._answer(HTTPStatus.SERVICE_UNAVAILABLE, b"")
            return
        if mood is Mood.SLOW:
            self.to.pause(self.to.slow_s)
        self._take(raw)

    def _take(self, raw: bytes) -> None:
        known = SIGNALS.get(self.path)
        if known is None or self.headers["Content-Type"] != PROTOBUF:
            self._answer(HTTPStatus.NOT_FOUND if known is None else HTTPStatus.UNSUPPORTED_MEDIA_TYPE, b"")
            return
        request, response = known
        body = gzip.decompress(raw) if self.headers["Content-Encoding"] == "gzip" else raw
        self.to.take(Came(self.path, dict(self.headers), body, request.FromString(body)))
        self._answer(HTTPStatus.OK, response().SerializeToString())

    def _answer(self, status: HTTPStatus, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", PROTOBUF)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


def metrics_in(resource) -> Iterator[Metric]:
    for scope in resource.scope_metrics:
        yield from scope.metrics


def points(metric: Metric) -> Sequence[Number]:
    """A metric's points, whichever kind it is of."""
    return getattr(metric, metric.WhichOneof("data")).data_points


def by_labels(metric: Metric) -> dict[Labels, Number]:
    """A metric's points by their attributes. No two of one export may have the same."""
    found = {frozenset(attributes(point.attributes).items()): point for point in points(metric)}
    assert len(found) == len(points(metric)), f"{metric.name} has a series twice"
    return found


def number(point: NumberDataPoint) -> float:
    return float(getattr(point, point.WhichOneof("value")))


def attributes(pairs: Sequence[KeyValue]) -> dict[str, Value]:
    return {pair.key: plain(pair.value) for pair in pairs}


def plain(value: AnyValue) -> Value:
    """A value as Python has it."""
    match value.WhichOneof("value"):
        case None:
            return None
        case "array_value":
            return [plain(one) for one in value.array_value.values]
        case "kvlist_value":
            return attributes(value.kvlist_value.values)
        case kind:
            return getattr(value, kind)


@contextmanager
def collecting() -> Iterator[Collector]:
    """A receiver on a free port of this machine."""
    collector = Collector()
    try:
        yield collector
    finally:
        collector.close()
