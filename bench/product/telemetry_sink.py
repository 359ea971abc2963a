"""An OTLP/HTTP receiver, a process of its own: decodes what comes with the official classes, and counts it.

``GET /count`` says how many spans, log records and metric points have come, and in how many requests and bytes.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import ClassVar

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from bench.product.serving import serve

PROTOBUF = "application/x-protobuf"


def count(path: str, body: bytes) -> tuple[str, int]:
    """What a request holds."""
    if path == "/v1/traces":
        resources = ExportTraceServiceRequest.FromString(body).resource_spans
        return "spans", sum(len(scope.spans) for one in resources for scope in one.scope_spans)
    if path == "/v1/logs":
        records = ExportLogsServiceRequest.FromString(body).resource_logs
        return "logs", sum(len(scope.log_records) for one in records for scope in one.scope_logs)
    metrics = [
        metric
        for one in ExportMetricsServiceRequest.FromString(body).resource_metrics
        for scope in one.scope_metrics
        for metric in scope.metrics
    ]
    return "points", sum(len(getattr(metric, str(metric.WhichOneof("data"))).data_points) for metric in metrics)


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    counted: ClassVar[Counter[str]] = Counter()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        size = len(body)
        if self.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
        what, number = count(self.path, body)
        self.counted.update({what: number, "requests": 1, "bytes": size})
        self._answer(PROTOBUF, b"")

    def do_GET(self) -> None:
        self._answer("application/json", json.dumps(self.counted).encode())

    def _answer(self, kind: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nobody reads it."""


if __name__ == "__main__":
    serve(Handler)
