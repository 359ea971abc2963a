"""The export: our spans, readings and log lines into the SDK's own batching and exporters, and a stop that ends."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from opentelemetry.sdk._logs import LogRecordLimits, ReadWriteLogRecord
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter
from opentelemetry.sdk.metrics.export import MetricExporter, MetricReader, MetricsData
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from planner.catalogue import telemetry
from planner.catalogue.metric import Metric, Point, Reading
from planner.clock import NS_A_MS
from planner.config import SettingError
from planner.telemetry.otlp import settings
from planner.telemetry.otlp.exporters import exporter
from planner.telemetry.otlp.points import Points
from planner.telemetry.otlp.quiet import Quiet
from planner.telemetry.otlp.reader import delta, feed, periodic
from planner.telemetry.otlp.reading import Read, Source
from planner.telemetry.otlp.records import Bridge, Records
from planner.telemetry.otlp.sampling import installed, sampled
from planner.telemetry.otlp.spans import Spans, Waiting
from planner.telemetry.otlp.watch import Backlog, Outage, Watch, WatchedLogs, WatchedMetrics, WatchedSpans, Way
from planner.telemetry.redact import Redactor
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Trace, Wall


class Pipeline:
    """Everything that is exported, by signal. Made once, while the process's environment holds the settings."""

    def __init__(
        self,
        environ: Mapping[str, str],
        chosen: Mapping[str, tuple[str, ...]],
        *,
        registry: Registry,
        wall: Wall,
        secrets: Iterable[str],
        own: Resource,
        version: str,
    ) -> None:
        self._environ, self._registry, self._wall, self._version = environ, registry, wall, version
        self._redact = Redactor(secrets)
        self._outage = Outage(wall)
        self._source = Source(registry)
        self._ends: list[Callable[[], object]] = []
        self._span_processors: list[tuple[BatchSpanProcessor, Backlog]] = []
        self._log_processors: list[tuple[BatchLogRecordProcessor, Backlog]] = []
        made = [
            (Way(signal, settings.place(environ, signal, name)), exporter(signal, name, environ))
            for signal, names in chosen.items()
            for name in names
        ]
        self._provider = TracerProvider(installed(environ), own, shutdown_on_exit=False)
        self.sampled = sampled(environ, self._provider)
        self._quiet = Quiet.installed()
        for way, one in made:
            self._add(way, one)
        self.traces = self._take_trace if self._span_processors else None
        registry.watch(self._waiting)
        self._bridge = Bridge(self._take_line) if self._log_processors else None
        if self._bridge is not None:
            logging.getLogger().addHandler(self._bridge)

    def observe(self, read: Read, loop: asyncio.AbstractEventLoop) -> None:
        """Ask ``read`` on ``loop`` for what to export of metrics."""
        self._source.observe(read, loop)

    async def unobserve(self) -> None:
        await self._source.unobserve()

    def fault(self) -> str | None:
        return self._outage.fault()

    def fault_since(self) -> int | None:
        return self._outage.since()

    def leave(self) -> list[Callable[[], object]]:
        """Take nothing more; what is to be called, side by side, to send what waits."""
        if self._bridge is not None:
            logging.getLogger().removeHandler(self._bridge)
        return self._ends

    def _add(self, way: Way, one: object) -> None:
        watch = Watch(way, self._registry, self._outage, self._quiet)
        match way.signal, one:
            case "traces", SpanExporter():
                self._add_spans(one, watch)
            case "logs", LogRecordExporter():
                self._add_logs(one, watch)
            case "metrics", MetricExporter():
                watched = WatchedMetrics(one, watch)
                self._ends.append(periodic(watched, self._collect(delta(one))).shutdown)
            case "metrics", MetricReader():  # one that is asked, such as Prometheus'
                self._ends.append(feed(one, self._collect(lambda _: False)).shutdown)
            case _:
                name = f"OTEL_{way.signal.upper()}_EXPORTER"
                raise SettingError(f"{name}: {type(one).__name__} exports no {way.signal}; an example: {name}=otlp")

    def _add_spans(self, one: SpanExporter, watch: Watch) -> None:
        size = settings.queue_size(self._environ, "BSP")
        backlog = Backlog("spans", size, self._registry)
        spans = Spans(self._provider.resource, SpanLimits(), self._version, self._redact)
        processor = BatchSpanProcessor(WatchedSpans(one, spans.convert, watch, backlog), max_queue_size=size)
        self._span_processors.append((processor, backlog))
        self._ends.append(processor.shutdown)

    def _add_logs(self, one: LogRecordExporter, watch: Watch) -> None:
        size = settings.queue_size(self._environ, "BLRP")
        backlog = Backlog("logs", size, self._registry)
        records = Records(self._provider.resource, LogRecordLimits(), self._version, self._redact)
        processor = BatchLogRecordProcessor(WatchedLogs(one, records.convert, watch, backlog), max_queue_size=size)
        self._log_processors.append((processor, backlog))
        self._ends.append(processor.shutdown)

    def _collect(self, is_delta: Callable[[Metric], bool]) -> Callable[[], MetricsData]:
        exemplars = self._environ.get("OTEL_METRICS_EXEMPLAR_FILTER", "").strip().lower() != "always_off"
        now_ns = self._wall.now() * NS_A_MS
        points = Points(self._provider.resource, self._version, now_ns, delta=is_delta, exemplars=exemplars)
        return lambda: points.convert(self._source(), self._wall.now() * NS_A_MS)

    def _waiting(self) -> list[Reading]:
        """What waits of a signal for all whom it goes to."""
        found: Counter[str] = Counter()
        for _, backlog in (*self._span_processors, *self._log_processors):
            found[backlog.item] += backlog.waiting
        return [Reading(telemetry.QUEUE, [Point((item,), waiting) for item, waiting in found.items()])]

    def _take_trace(self, trace: Trace) -> None:
        for processor, backlog in self._span_processors:
            if backlog.room(len(trace.spans)):
                for span in trace.spans:
                    processor.on_end(Waiting(span))

    def _take_line(self, record: ReadWriteLogRecord) -> None:
        for processor, backlog in self._log_processors:
            if backlog.room():
                processor.on_emit(record)
