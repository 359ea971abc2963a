"""What leaves by OTLP: whole traces, readings and log lines, decoded with OpenTelemetry's own classes."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.trace.v1.trace_pb2 import Span as ProtoSpan
from opentelemetry.proto.trace.v1.trace_pb2 import Status
from opentelemetry.sdk.metrics.export import HistogramDataPoint
from opentelemetry.sdk.resources import Resource

from planner.catalogue import chat, cost, slo, telemetry, work
from planner.catalogue.metric import Distribution, Point, Reading
from planner.clock import SystemClock
from planner.telemetry import tracing
from planner.telemetry.otlp.points import Points
from planner.telemetry.registry import Registry
from planner.telemetry.setup import Running, start
from planner.telemetry.tracing import Kind, Tracer
from tests.telemetry.sink import Sink, attributes, points, refusing, serving, until

ROOT = Path(__file__).parents[2]
TOKEN = "123456789:AAE-one_of_these_that_look_like_tokens"
CLIENT, CONSUMER = ProtoSpan.SpanKind.SPAN_KIND_CLIENT, ProtoSpan.SpanKind.SPAN_KIND_CONSUMER
ERROR, UNSET = Status.StatusCode.STATUS_CODE_ERROR, Status.StatusCode.STATUS_CODE_UNSET
DELTA, CUMULATIVE = 1, 2
log = logging.getLogger("planner.some")


@contextmanager
def running(sink: Sink, **environ: str) -> Iterator[Running]:
    """Exports to ``sink`` until the block ends; what waits is sent then."""
    given = {"OTEL_EXPORTER_OTLP_ENDPOINT": sink.url, "OTEL_METRIC_EXPORT_INTERVAL": "600000", **environ}
    found = start(given, wall=SystemClock(), random=Random(1), secrets=[TOKEN], version="1.2.3", instance="here")
    try:
        yield found
    finally:
        found.stop()


def by_name(sink: Sink) -> dict[str, Any]:
    return {span.name: span for span in sink.spans}


def test_a_trace_arrives_with_its_parents_links_kinds_and_fields() -> None:
    with serving() as sink:
        with running(sink) as found:
            tracer = found.telemetry.tracer
            with tracer.begin("update", Kind.CONSUMER) as made:
                pass
            root = tracer.begin("reminder", Kind.CONSUMER, start_ms=1_000, links=(made.context,), reminder=7)
            with root, tracing.step("telegram sendMessage", Kind.CLIENT, bytes=3, fast=True):
                pass
        spans = by_name(sink)
    reminder, sent = spans["reminder"], spans["telegram sendMessage"]
    assert (reminder.kind, sent.kind) == (CONSUMER, CLIENT)
    assert reminder.trace_id == sent.trace_id == root.trace_id.to_bytes(16)
    assert sent.parent_span_id == reminder.span_id == root.id.to_bytes(8)
    assert reminder.parent_span_id == b""
    assert [(link.trace_id, link.span_id) for link in reminder.links] == [
        (spans["update"].trace_id, spans["update"].span_id)
    ]
    assert reminder.start_time_unix_nano == 1_000_000_000
    assert attributes(reminder) == {"reminder": 7}
    assert attributes(sent) == {"bytes": 3, "fast": True}
    assert reminder.status.code == UNSET


def test_an_error_is_told_by_its_code_and_exported_though_nothing_is_sampled() -> None:
    with serving() as sink:
        with running(sink, OTEL_TRACES_SAMPLER="always_off") as found:
            with found.telemetry.tracer.begin("update"):
                pass
            with found.telemetry.tracer.begin("sync") as span:
                span.fail("timeout")
            with found.telemetry.tracer.begin("reminder") as late:
                late.keep()
        spans = by_name(sink)
    assert set(spans) == {"sync", "reminder"}
    assert (spans["sync"].status.code, spans["sync"].status.message) == (ERROR, "timeout")
    assert attributes(spans["sync"])["error.type"] == "timeout"


def test_a_log_line_is_an_event_with_fields_and_its_trace() -> None:
    with serving() as sink:
        with running(sink) as found:
            with found.telemetry.tracer.begin("update") as span:
                log.warning("telegram.unreachable", extra={"after_s": 3, "cause": "timeout", "why": ["a", 1]})
            log.error("outside.all")
        line, outside = sink.lines
        scopes = [scope.scope for one in sink.requests if hasattr(one, "resource_logs") for two in one.resource_logs
                  for scope in two.scope_logs]  # fmt: skip
    assert line.event_name == "telegram.unreachable"
    assert line.body.string_value == "telegram.unreachable"
    assert attributes(line) == {
        "event": "telegram.unreachable",
        "after_s": 3,
        "cause": "timeout",
        "why": "['a', 1]",
    }
    assert (line.severity_text, line.severity_number) == ("WARN", 13)
    assert (line.trace_id, line.span_id) == (span.trace_id.to_bytes(16), span.id.to_bytes(8))
    assert (outside.severity_text, outside.trace_id, outside.span_id) == ("ERROR", b"", b"")
    assert {scope.name for scope in scopes} == {"planner.some"}


def test_an_exception_is_told_in_the_standard_attributes() -> None:
    with serving() as sink:
        with running(sink):
            try:
                raise ValueError("no number")
            except ValueError:
                log.exception("update.failed")
        found = attributes(sink.lines[0])
    assert found["exception.type"] == "ValueError"
    assert "exception.message" not in found, "its words may be a user's"
    assert "test_an_exception_is_told" in found["exception.stacktrace"]


def test_what_libraries_say_is_no_event_and_what_exporters_say_is_not_exported() -> None:
    with serving() as sink:
        with running(sink):
            logging.getLogger("aiogram.event").warning("Something %s happened", "odd")
            for name in ("opentelemetry.exporter", "urllib3.connectionpool", "requests"):
                logging.getLogger(name).error("telemetry.loop")
        (line,) = sink.lines
    assert line.body.string_value == "Something odd happened"
    assert line.event_name == ""


def test_a_line_that_cannot_be_put_into_words_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    class Odd:
        def __repr__(self) -> str:
            raise RuntimeError("no words")

    with serving() as sink:
        monkeypatch.setattr(logging.getLogger(), "handlers", [])  # pytest's own would raise
        with running(sink):
            log.warning("%d days", "many")
            log.warning("log.odd", extra={"what": Odd()})
        bodies = [line.body.string_value for line in sink.lines]
    assert bodies == ["log.unprintable", "log.odd"]


@pytest.mark.parametrize("secret", [TOKEN, TOKEN.replace(":", "%3A")])
def test_no_secret_leaves_in_spans_or_lines(secret: str) -> None:
    with serving() as sink:
        with running(sink) as found:
            with found.telemetry.tracer.begin(f"call {secret}", address=f"http://127.0.0.1/bot{secret}/x") as span:
                span.fail(f"at {secret}")
            try:
                raise ValueError(secret)
            except ValueError:
                log.exception("asked %s", secret, extra={"url": secret, "of": [secret], "event_of": {"a": secret}})
        sent = b"".join(sink.bodies)
        assert len(sink.spans) == len(sink.lines) == 1
    assert secret.encode() not in sent
    assert b"[hidden]" in sent


def test_readings_are_asked_on_the_loop_and_kept_counters_began_before_the_process() -> None:
    asked_on: list[threading.Thread] = []

    async def read() -> list[Reading]:
        asked_on.append(threading.current_thread())
        return [
            Reading(slo.EVENTS, [Point(("reminders", "good"), 41)]),
            Reading(chat.UPDATES, [Point(("start", "ok"), 3)]),
        ]

    async def main(found: Running, sink: Sink) -> None:
        found.observe(read)
        await asyncio.to_thread(until, lambda: "planner.updates" in sink.metrics)

    with serving() as sink, running(sink, OTEL_METRIC_EXPORT_INTERVAL="20") as found:
        asyncio.run(main(found, sink))
        kept, own = sink.metrics["planner.sli.events"], sink.metrics["planner.updates"]
    assert set(asked_on) == {threading.main_thread()}
    assert points(kept) == {("reminders", "good"): 41}
    assert points(own) == {("start", "ok"): 3}
    assert kept.sum.is_monotonic
    assert kept.sum.aggregation_temporality == CUMULATIVE
    began = SystemClock().now() * 1_000_000 - kept.sum.data_points[0].start_time_unix_nano
    assert began > 86_400 * 10**9
    assert SystemClock().now() * 1_000_000 - own.sum.data_points[0].start_time_unix_nano < 60 * 10**9


def test_the_last_reading_of_the_database_is_exported_after_it_is_closed() -> None:
    async def read() -> list[Reading]:
        return [Reading(slo.EVENTS, [Point(("reminders", "good"), 42)])]

    async def main(found: Running) -> None:
        found.observe(read)
        await found.unobserve()

    with serving() as sink:
        with running(sink) as found:
            found.telemetry.metrics.add(chat.UPDATES, "start", "ok")
            asyncio.run(main(found))
            found.telemetry.metrics.add(chat.UPDATES, "start", "ok")
        assert points(sink.metrics["planner.sli.events"]) == {("reminders", "good"): 42}
        assert points(sink.metrics["planner.updates"])["start", "ok"] == 2


def test_without_a_database_or_a_loop_the_process_is_read() -> None:
    async def read() -> list[Reading]:
        raise OSError("no database")

    async def main(found: Running) -> None:
        found.observe(read)

    with serving() as sink:
        with running(sink) as found:
            found.telemetry.metrics.add(chat.UPDATES, "start", "ok")
            asyncio.run(main(found))
        assert points(sink.metrics["planner.updates"])["start", "ok"] == 1


def test_a_reading_that_cannot_be_made_is_said_and_the_next_one_is_exported(caplog: pytest.LogCaptureFixture) -> None:
    reads = 0

    def odd() -> list[Reading]:
        nonlocal reads
        reads += 1
        if reads == 1:
            raise KeyError("odd")
        return [Reading(telemetry.QUEUE, [Point(("odd",), 7)])]

    with serving() as sink:
        with running(sink, OTEL_METRIC_EXPORT_INTERVAL="20") as found:
            found.telemetry.metrics.watch(odd)
            until(lambda: telemetry.QUEUE.name in sink.metrics)
        assert points(sink.metrics[telemetry.QUEUE.name])["odd",] == 7
    assert "telemetry.unreadable" in [record.getMessage() for record in caplog.records]


def test_rates_and_prices_keep_their_parts_and_counts_are_whole() -> None:
    with serving() as sink:
        with running(sink) as found:
            found.telemetry.metrics.set(cost.HOUR, 0.0042)
            found.telemetry.metrics.watch(lambda: [Reading(slo.BURN, [Point(("reminders", "1h"), 14.4)])])
            found.telemetry.metrics.add(work.CLOCK_JUMPS, "back", by=2)
        (jumped, _) = sorted(sink.metrics[work.CLOCK_JUMPS.name].sum.data_points, key=lambda one: -one.as_int)
        assert points(sink.metrics[cost.HOUR.name]) == {(): 0.0042}
        assert points(sink.metrics[slo.BURN.name]) == {("reminders", "1h"): 14.4}
    assert jumped.as_int == 2


def test_a_histogram_brings_its_buckets_and_a_trace_to_look_at() -> None:
    with serving() as sink:
        with running(sink) as found, found.telemetry.tracer.begin("update") as span:
            found.telemetry.metrics.record(work.LAG, 0.02)
        histogram = sink.metrics[work.LAG.name].histogram
    (point,) = histogram.data_points
    assert list(point.explicit_bounds) == list(work.LAG.bounds)
    assert (point.count, point.sum, sum(point.bucket_counts)) == (1, 0.02, 1)
    (exemplar,) = point.exemplars
    assert (exemplar.trace_id, exemplar.as_double) == (span.trace_id.to_bytes(16), 0.02)
    assert not point.HasField("min")


def test_a_delta_brings_only_the_traces_that_are_new() -> None:
    wall, registry = SystemClock(), Registry()
    made = Points(Resource.create(), "1", 0, delta=lambda _: True, exemplars=True)
    tracer = Tracer(wall, Random(1), lambda _: None)
    for value in (0.02, 5.0, 0.02):
        with tracer.begin("update") as span:
            registry.record(work.LAG, value)
        data = made.convert(registry.read([work.LAG]), wall.now()).resource_metrics[0].scope_metrics[0].metrics[0].data
        (point,) = data.data_points
        assert isinstance(point, HistogramDataPoint)
        assert [one.trace_id for one in point.exemplars] == [span.trace_id]


def test_exemplars_can_be_turned_off() -> None:
    with serving() as sink:
        off = running(sink, OTEL_METRICS_EXEMPLAR_FILTER="always_off")
        with off as found, found.telemetry.tracer.begin("update"):
            found.telemetry.metrics.record(work.LAG, 0.02)
        assert not sink.metrics[work.LAG.name].histogram.data_points[0].exemplars


def test_deltas_are_sent_to_who_wants_them_and_what_is_kept_is_not_counted_anew() -> None:
    good = 40

    async def read() -> list[Reading]:
        nonlocal good
        good += 1
        return [
            Reading(slo.EVENTS, [Point(("reminders", "good"), good)]),
            Reading(chat.UPDATES, [Point(("start", "ok"), good)]),
            Reading(work.LAG, [Distribution((), (good, *[0] * len(work.LAG.bounds)), float(good))]),
            Reading(telemetry.QUEUE, [Point(("logs",), good)]),
        ]

    async def main(found: Running, sink: Sink) -> None:
        found.observe(read)
        await asyncio.to_thread(until, lambda: sum(b"planner.sli" in body for body in sink.bodies) >= 2)

    environ = {"OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE": "delta", "OTEL_METRIC_EXPORT_INTERVAL": "20"}
    with serving() as sink, running(sink, **environ) as found:
        asyncio.run(main(found, sink))
        first, second = [
            {metric.name: metric for metric in one.resource_metrics[0].scope_metrics[0].metrics}
            for one in sink.requests
            if hasattr(one, "resource_metrics") and b"planner.sli" in one.SerializeToString()
        ][:2]
    kept, own, spread, gauge = (metric.name for metric in (slo.EVENTS, chat.UPDATES, work.LAG, telemetry.QUEUE))
    assert first[own].sum.aggregation_temporality == DELTA
    assert [points(one[kept])["reminders", "good"] for one in (first, second)] == [0, 1]
    assert points(second[own])["start", "ok"] == 1
    assert second[spread].histogram.data_points[0].count == 1
    assert points(second[gauge])["logs",] == 42
    ends, begins = first[own].sum.data_points[0].time_unix_nano, second[own].sum.data_points[0].start_time_unix_nano
    assert ends == begins


def test_each_names_the_service_its_version_and_an_instance_that_lasts() -> None:
    with serving() as sink:
        with running(sink) as found, found.telemetry.tracer.begin("update"):
            log.warning("some.event")
        found = sink.resources
    assert len(found) == 3
    for one in found:
        assert (one["service.name"], one["service.version"], one["service.instance.id"]) == ("planner", "1.2.3", "here")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("", {"deployment.environment.name": "local"}),
        ("deployment.environment.name=staging", {"deployment.environment.name": "staging"}),
        ("deployment.environment=staging", {"deployment.environment": "staging"}),
    ],
)
def test_each_names_the_environment_and_the_host_knows_better(given: str, told: dict[str, str]) -> None:
    with serving() as sink:
        environ = {"OTEL_EXPORTER_OTLP_ENDPOINT": sink.url, "OTEL_RESOURCE_ATTRIBUTES": given}
        found = start(environ, wall=SystemClock(), random=Random(1), environment="local")
        log.info("some.event")
        found.stop()
        (resource, *others) = sink.resources
    assert {name: value for name, value in resource.items() if name.startswith("deployment.")} == told
    assert all(other == resource for other in others)


def test_the_host_names_it_otherwise() -> None:
    named = {"OTEL_SERVICE_NAME": "mine", "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=home,"
             "service.instance.id=two,service.name=other"}  # fmt: skip
    with serving() as sink:
        with running(sink, **named):
            log.warning("some.event")
        found = sink.resources[0]
    assert (found["service.name"], found["service.instance.id"]) == ("mine", "two")
    assert found["deployment.environment.name"] == "home"


def test_each_signal_goes_where_it_is_told_or_nowhere() -> None:
    with serving() as sink, serving() as other, refusing() as nobody:
        environ = {
            "OTEL_EXPORTER_OTLP_ENDPOINT": nobody,
            "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT": f"{other.url}/v1/logs",
            "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": f"{sink.url}/v1/traces",
            "OTEL_METRICS_EXPORTER": "none",
        }
        with running(sink, **environ) as found, found.telemetry.tracer.begin("update"):
            log.warning("some.event")
        assert len(sink.spans) == 1
        assert not sink.lines
        assert len(other.lines) == 1
        assert not other.spans
        assert found.fault() is None


def test_headers_and_compression_are_honoured() -> None:
    with serving() as sink:
        environ = {"OTEL_EXPORTER_OTLP_HEADERS": "authorization=Basic%20abc", "OTEL_EXPORTER_OTLP_COMPRESSION": "gzip"}
        with running(sink, OTEL_METRICS_EXPORTER="none", **environ):
            log.warning("some.event")
        assert sink.headers[0]["authorization"] == "Basic abc"
        assert sink.headers[0]["Content-Encoding"] == "gzip"
        assert len(sink.lines) == 1


def test_limits_on_attributes_are_honoured() -> None:
    with serving() as sink:
        limited = running(sink, OTEL_ATTRIBUTE_COUNT_LIMIT="2", OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT="3")
        with limited as found, found.telemetry.tracer.begin("update", a="abcdef", b="abcdef", c="abcdef"):
            log.warning("some.event", extra={"x": "abcdef", "y": 1})
        (span,), (line,) = sink.spans, sink.lines
    assert set(attributes(span).values()) == {"abc"}
    assert len(attributes(span)) == 2
    assert span.dropped_attributes_count == 1
    assert len(attributes(line)) == 2
    assert all(len(value) <= 3 for value in attributes(line).values() if isinstance(value, str))


def test_the_console_is_an_exporter_too() -> None:
    code = (
        "from random import Random; from planner.clock import SystemClock; from planner.telemetry.setup import start\n"
        "found = start({'OTEL_TRACES_EXPORTER': 'console'}, wall=SystemClock(), random=Random(1))\n"
        "found.telemetry.tracer.begin('update', user=7).end(); found.stop()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    shown = json.loads(done.stdout)
    assert (shown["name"], shown["attributes"]) == ("update", {"user": 7})
    assert done.stderr == ""


def test_grpc_carries_it_where_its_package_is() -> None:
    taken: list[Any] = []

    class Taker(trace_service_pb2_grpc.TraceServiceServicer):
        def Export(self, request: Any, context: Any) -> Any:  # noqa: N802  # gRPC's name
            taken.append(request)
            return trace_service_pb2.ExportTraceServiceResponse()

    server = grpc.server(futures.ThreadPoolExecutor(1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(Taker(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    environ = {"OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc",
               "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
               "OTEL_METRICS_EXPORTER": "none", "OTEL_LOGS_EXPORTER": "none"}  # fmt: skip
    found = start(environ, wall=SystemClock(), random=Random(1))
    with found.telemetry.tracer.begin("update"):
        pass
    found.stop()
    server.stop(0)
    assert taken[0].resource_spans[0].scope_spans[0].spans[0].name == "update"


def test_what_waits_for_several_exporters_is_counted_for_each() -> None:
    with serving() as sink:
        with running(sink, OTEL_TRACES_EXPORTER="otlp,console", OTEL_BSP_SCHEDULE_DELAY="60000") as found:
            found.telemetry.tracer.begin("update").end()
            (waiting,) = found.telemetry.metrics.read([telemetry.QUEUE])
            assert Point(("spans",), 2) in waiting.points
        assert [span.name for span in sink.spans] == ["update"]


def test_what_is_exported_is_counted() -> None:
    with serving() as sink, running(sink, OTEL_BSP_SCHEDULE_DELAY="10", OTEL_BLRP_SCHEDULE_DELAY="10") as found:
        with found.telemetry.tracer.begin("update"), tracing.step("parse"):
            log.warning("some.event")
        until(lambda: sink.spans and sink.lines)
        until(lambda: counted(found)["planner.telemetry.exported"].get(("logs",)))
        until(lambda: counted(found)["planner.telemetry.exported"].get(("spans",)))
        now = counted(found)
    assert now["planner.telemetry.exported"] == {("spans",): 2, ("logs",): 1, ("points",): 0}
    assert now["planner.telemetry.queue"] == {("spans",): 0, ("logs",): 0}
    assert set(now["planner.telemetry.dropped"].values()) == {0}


def counted(found: Running) -> dict[str, dict[tuple[str, ...], float]]:
    metrics = (telemetry.EXPORTED, telemetry.DROPPED, telemetry.FAULTS, telemetry.QUEUE)
    return {
        one.metric.name: {point.labels: point.value for point in one.points}
        for one in found.telemetry.metrics.read(metrics)
    }
