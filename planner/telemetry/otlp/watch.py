"""Exports, watched: how many got there, how long it took, since when the endpoint takes nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from planner.catalogue import telemetry
from planner.catalogue.metric import Point, Reading
from planner.clock import ticks
from planner.telemetry.otlp.quiet import Quiet
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Wall

log = logging.getLogger(__name__)

NS = 1_000_000_000
ITEMS = {"traces": "spans", "metrics": "points", "logs": "logs"}
"""What a signal is counted in."""
DO = (
    "see that OTEL_EXPORTER_OTLP_ENDPOINT (or that of the signal) is right and answers; until then reminders go on, and"
    " what is measured is dropped once too much of it waits"
)


class Outage:
    """Whether the endpoint takes what it is given: a line when it does not any more, and one when it does again."""

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._failing: dict[str, str] = {}
        self._since: int | None = None

    def failed(self, signal: str, cause: str) -> None:
        with self._lock:
            begins = not self._failing
            self._failing[signal] = cause
            if begins:
                self._since = self._wall.now()
        if begins:
            log.warning("telemetry.unreachable", extra={"signal": signal, "cause": cause, "do": DO})

    def worked(self, signal: str) -> None:
        with self._lock:
            since = self._since
            ended = self._failing.pop(signal, None) is not None and not self._failing
            if ended:
                self._since = None
        if ended and since is not None:
            log.info("telemetry.reachable", extra={"seconds": (self._wall.now() - since) // 1_000})

    def fault(self) -> str | None:
        with self._lock:
            return ", ".join(f"{signal}: {cause}" for signal, cause in sorted(self._failing.items())) or None

    def since(self) -> int | None:
        return self._since


class Backlog:
    """What waits for one exporter. It may be counted by whatever thread logs, at any moment."""

    def __init__(self, item: str, size: int, registry: Registry) -> None:
        self._item, self._size, self._registry = item, size, registry
        self._lock = threading.RLock()  # a finalizer may log while it is held
        self._waiting = 0
        self._refused = 0
        registry.watch(self._readings)

    def room(self) -> bool:
        """Whether one more may wait; then it does."""
        with self._lock:
            if self._waiting >= self._size:
                self._refused += 1
                return False
            self._waiting += 1
            return True

    def take(self, count: int) -> None:
        """So many do not wait any longer."""
        with self._lock:
            self._waiting -= count
            refused, self._refused = self._refused, 0
        if refused:
            self._registry.add(telemetry.DROPPED, self._item, "queue_full", by=refused)

    def _readings(self) -> list[Reading]:
        return [Reading(telemetry.QUEUE, [Point((self._item,), self._waiting)])]


class Watch:
    """Counts and times one signal's exports."""

    def __init__(self, signal: str, registry: Registry, outage: Outage, quiet: Quiet) -> None:
        self._signal, self._item = signal, ITEMS[signal]
        self._registry, self._outage, self._quiet = registry, outage, quiet

    def __call__(self, count: int, export: Callable[[], bool]) -> bool:
        """Run ``export`` of so many items; what it raises is a failure."""
        began = ticks()
        with self._quiet.listening() as heard:
            try:
                done = export()
            except Exception as error:  # noqa: BLE001  # an exporter's fault must not end its thread
                done, heard.cause = False, type(error).__name__
        self._registry.record(telemetry.EXPORT_DURATION, (ticks() - began) / NS, self._item)
        if done:
            self._registry.add(telemetry.EXPORTED, self._item, by=count)
            self._outage.worked(self._signal)
        else:
            self._registry.add(telemetry.FAULTS, self._item)
            self._registry.add(telemetry.DROPPED, self._item, "failed", by=count)
            self._outage.failed(self._signal, heard.cause)
        return done


class WatchedSpans(SpanExporter):
    def __init__(
        self, exporter: SpanExporter, convert: Callable[[ReadableSpan], ReadableSpan], watch: Watch, backlog: Backlog
    ) -> None:
        self._exporter, self._convert, self._watch, self._backlog = exporter, convert, watch, backlog

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self._backlog.take(len(spans))
        done = self._watch(
            len(spans),
            lambda: self._exporter.export([self._convert(span) for span in spans]) is SpanExportResult.SUCCESS,
        )
        return SpanExportResult.SUCCESS if done else SpanExportResult.FAILURE

    def shutdown(self) -> None:
        self._exporter.shutdown()


class WatchedLogs(LogRecordExporter):
    def __init__(
        self,
        exporter: LogRecordExporter,
        convert: Callable[[ReadableLogRecord], ReadableLogRecord],
        watch: Watch,
        backlog: Backlog,
    ) -> None:
        self._exporter, self._convert, self._watch, self._backlog = exporter, convert, watch, backlog

    def export(self, batch: Sequence[ReadableLogRecord]) -> LogRecordExportResult:
        self._backlog.take(len(batch))
        done = self._watch(
            len(batch),
            lambda: self._exporter.export([self._convert(one) for one in batch]) is LogRecordExportResult.SUCCESS,
        )
        return LogRecordExportResult.SUCCESS if done else LogRecordExportResult.FAILURE

    def shutdown(self) -> None:
        self._exporter.shutdown()  # type: ignore[no-untyped-call]  # the SDK leaves this one without types

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._exporter.force_flush(timeout_millis)


class WatchedMetrics(MetricExporter):
    def __init__(self, exporter: MetricExporter, watch: Watch) -> None:
        super().__init__(exporter._preferred_temporality, exporter._preferred_aggregation)  # noqa: SLF001  # no other way
        self._exporter, self._watch = exporter, watch

    def export(self, metrics_data: MetricsData, timeout_millis: float = 10_000, **_: object) -> MetricExportResult:
        count = sum(len(one.data.data_points) for each in metrics_data.resource_metrics
                    for scope in each.scope_metrics for one in scope.metrics)  # fmt: skip
        done = self._watch(
            count,
            lambda: self._exporter.export(metrics_data, timeout_millis=timeout_millis) is MetricExportResult.SUCCESS,
        )
        return MetricExportResult.SUCCESS if done else MetricExportResult.FAILURE

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return self._exporter.force_flush(timeout_millis)

    def shutdown(self, timeout_millis: float = 30_000, **_: object) -> None:
        self._exporter.shutdown(timeout_millis)
