"""Exports, watched: how many got there, how long it took, since when the endpoint takes nothing."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from opentelemetry.sdk._logs import ReadableLogRecord
from opentelemetry.sdk._logs.export import LogRecordExporter, LogRecordExportResult
from opentelemetry.sdk.metrics.export import MetricExporter, MetricExportResult, MetricsData
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult

from planner.catalogue import telemetry
from planner.clock import NS, ticks
from planner.telemetry.otlp.quiet import Heard, Quiet
from planner.telemetry.registry import Registry
from planner.telemetry.tracing import Wall

log = logging.getLogger(__name__)

ITEMS = {"traces": "spans", "metrics": "points", "logs": "logs"}
"""What a signal is counted in."""
DO = (
    "see that OTEL_EXPORTER_OTLP_ENDPOINT (or that of the signal) is right and answers; until then reminders go on,"
    " spans and log lines are dropped and counted, and metrics go on from where they are"
)


class Way(NamedTuple):
    """Where a signal goes."""

    signal: str
    place: str


class Outage:
    """Whether the endpoint takes what it is given: a line when it does not any more, and one when it does again.

    That nobody answers is the endpoint's: it is over for all signals that go there as soon as one of them is taken,
    also for those that have nothing to send. What a signal alone is refused for is over when that signal is taken.
    """

    def __init__(self, wall: Wall) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._failing: dict[Way, Heard] = {}
        self._presumed: set[Way] = set()
        """Whose fault another signal's success has ended, and which were not taken since."""
        self._since: int | None = None

    def failed(self, way: Way, heard: Heard) -> None:
        with self._lock:
            begins = not self._failing
            self._failing[way] = heard
            if begins:
                self._since = self._wall.now()
        if begins:
            log.warning("telemetry.unreachable", extra={"signal": way.signal, "cause": heard.cause, "do": DO})

    def worked(self, way: Way) -> None:
        with self._lock:
            since = self._since
            was = bool(self._failing)
            self._end(way)
            ended = was and not self._failing
            if ended:
                self._since = None
        if ended and since is not None:
            log.info("telemetry.reachable", extra={"seconds": (self._wall.now() - since) // 1_000})

    def _end(self, way: Way) -> None:
        """A signal that fails again and again while another never does is not failing for the endpoint: only once."""
        before = self._failing.pop(way, None)
        self._presumed.discard(way)
        back = before is not None and not before.own
        for other, heard in list(self._failing.items()):
            if other.place == way.place and not heard.own and (back or other not in self._presumed):
                del self._failing[other]
                self._presumed.add(other)

    def fault(self) -> str | None:
        with self._lock:
            found = sorted((way.signal, heard.cause) for way, heard in self._failing.items())
        return ", ".join(f"{signal}: {cause}" for signal, cause in found) or None

    def since(self) -> int | None:
        return self._since


class Backlog:
    """What waits for one exporter. It may be counted by whatever thread logs, at any moment."""

    def __init__(self, item: str, size: int, registry: Registry) -> None:
        self.item, self._size, self._registry = item, size, registry
        self._lock = threading.RLock()  # a finalizer may log while it is held
        self.waiting = 0
        self._refused = 0

    def room(self, count: int = 1) -> bool:
        """Whether so many more may wait, all of them; then they do."""
        with self._lock:
            if self.waiting + count > self._size:
                self._refused += count
                return False
            self.waiting += count
            return True

    def take(self, count: int) -> None:
        """So many do not wait any longer."""
        with self._lock:
            self.waiting -= count
            refused, self._refused = self._refused, 0
        if refused:
            self._registry.add(telemetry.DROPPED, self.item, "queue_full", by=refused)


class Watch:
    """Counts and times one signal's exports."""

    def __init__(self, way: Way, registry: Registry, outage: Outage, quiet: Quiet) -> None:
        self._way, self._item = way, ITEMS[way.signal]
        self._registry, self._outage, self._quiet = registry, outage, quiet

    def __call__(self, count: int, export: Callable[[], bool]) -> bool:
        """Run ``export`` of so many items; what it raises is a failure."""
        began = ticks()
        with self._quiet.listening() as heard:
            try:
                done = export()
            except Exception as error:  # noqa: BLE001  # an exporter's fault must not end its thread
                done = False
                heard.error(error)
        self._registry.record(telemetry.EXPORT_DURATION, (ticks() - began) / NS, self._item)
        if done:
            self._registry.add(telemetry.EXPORTED, self._item, by=count)
            self._outage.worked(self._way)
        else:
            self._registry.add(telemetry.FAULTS, self._item)
            self._registry.add(telemetry.DROPPED, self._item, "failed", by=count)
            self._outage.failed(self._way, heard)
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
            lambda: self._exporter.export([self._convert(one) for one in spans]) is SpanExportResult.SUCCESS,
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
