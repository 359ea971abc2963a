"""Endpoints that take telemetry, or do not: real servers on loopback."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any, TypeVar

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.serving import QuietServer

T = TypeVar("T")

REQUESTS = {
    "/v1/traces": ExportTraceServiceRequest,
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
}
WAIT_S = 10.0


class Sink:
    """What came in, decoded; ``status`` is what it answers from now on."""

    def __init__(self) -> None:
        self.status = 200
        self.bodies: list[bytes] = []
        self.headers: list[dict[str, str]] = []
        self.requests: list[Any] = []
        self.url = ""

    def take(self, path: str, headers: dict[str, str], body: bytes) -> None:
        self.bodies.append(body)
        self.headers.append(headers)
        if headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        if self.status == 200:
            self.requests.append(REQUESTS[path].FromString(body))

    def _of(self, kind: str) -> list[Any]:
        return [request for request in list(self.requests) if type(request) is REQUESTS[kind]]

    @property
    def spans(self) -> list[Any]:
        return [span for request in self._of("/v1/traces") for one in request.resource_spans
                for scope in one.scope_spans for span in scope.spans]  # fmt: skip

    @property
    def lines(self) -> list[Any]:
        return [line for request in self._of("/v1/logs") for one in request.resource_logs
                for scope in one.scope_logs for line in scope.log_records]  # fmt: skip

    @property
    def metrics(self) -> dict[str, Any]:
        """The latest of each, by name."""
        return {metric.name: metric for request in self._of("/v1/metrics") for one in request.resource_metrics
                for scope in one.scope_metrics for metric in scope.metrics}  # fmt: skip

    @property
    def resources(self) -> list[dict[str, Any]]:
        groups = ("resource_spans", "resource_metrics", "resource_logs")
        return [attributes(one.resource) for request in self.requests for group in groups
                for one in getattr(request, group, ())]  # fmt: skip


def attributes(of: Any) -> dict[str, Any]:
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value") or "string_value") for pair in of.attributes}


def points(metric: Any) -> dict[tuple[str, ...], float]:
    """A metric's numbers, by their labels' values."""
    data = getattr(metric, metric.WhichOneof("data"))
    return {tuple(attributes(point).values()): getattr(point, point.WhichOneof("value")) for point in data.data_points}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sink: Sink = self.server.sink
        status = sink.status
        sink.take(self.path, dict(self.headers), body)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(status: int = 200) -> Iterator[Sink]:
    server = QuietServer(("127.0.0.1", 0), _Handler)
    server.sink = sink = Sink()
    sink.status, sink.url = status, f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def refusing() -> Iterator[str]:
    """An address where nobody listens."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextmanager
def silent() -> Iterator[str]:
    """An address that accepts, and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def until(look: Callable[[], T], what: str = "it") -> T:
    """What ``look`` sees, as soon as that is something."""
    ends = time.monotonic() + WAIT_S
    while not (seen := look()):
        assert time.monotonic() < ends, f"not within {WAIT_S:g} s: {what}"
        time.sleep(0.005)
    return seen
