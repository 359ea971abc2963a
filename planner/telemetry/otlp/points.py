"""Readings as OpenTelemetry's metrics."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from opentelemetry.sdk.metrics import Exemplar as SdkExemplar
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    Gauge,
    Histogram,
    HistogramDataPoint,
    MetricsData,
    NumberDataPoint,
    ResourceMetrics,
    ScopeMetrics,
    Sum,
)
from opentelemetry.sdk.metrics.export import Metric as SdkMetric
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.util.instrumentation import InstrumentationScope

from planner.catalogue.metric import Distribution, Exemplar, Kind, Metric, Point, Reading
from planner.telemetry.otlp.spans import SCOPE

KEPT_SINCE_NS = 1_767_225_600_000_000_000
"""2026-01-01: before the first database. What is kept in one has been counted since then, however often we started."""
_COUNTS = ("By", "{")
"""What the units of counts begin with; a counter of those has whole numbers. A gauge's may be a price or a rate."""
_UNKNOWN: Any = None
"""A histogram's least and greatest value, which nobody keeps; the SDK's types know no way to leave them out."""


class Points:
    """Converts; in the exporter's thread. ``delta`` says of a metric whether only what is new is sent, each time.

    As a delta, what is kept in the database counts from the first time it is read here.
    """

    def __init__(
        self, resource: Resource, version: str, now_ns: int, *, delta: Callable[[Metric], bool], exemplars: bool
    ) -> None:
        self._resource = resource
        self._scope = InstrumentationScope(SCOPE, version)
        self._since_ns = now_ns
        self._last_ns = now_ns
        self._delta = delta
        self._exemplars = exemplars
        self._before: dict[tuple[Metric, tuple[str, ...]], Point | Distribution] = {}

    def convert(self, readings: Iterable[Reading], now_ns: int) -> MetricsData:
        found = [self._metric(reading, now_ns) for reading in readings]
        self._last_ns = now_ns
        scopes = [ScopeMetrics(self._scope, found, "")]
        return MetricsData([ResourceMetrics(self._resource, scopes, self._resource.schema_url)])

    def _metric(self, reading: Reading, now_ns: int) -> SdkMetric:
        metric = reading.metric
        delta = metric.kind is not Kind.GAUGE and self._delta(metric)
        points = [self._new(metric, point) for point in reading.points] if delta else reading.points
        since_ns = self._last_ns if delta else KEPT_SINCE_NS if metric.kept else self._since_ns
        temporality = AggregationTemporality.DELTA if delta else AggregationTemporality.CUMULATIVE
        numbers = [self._number(metric, one, since_ns, now_ns) for one in points if isinstance(one, Point)]
        data: Gauge | Sum | Histogram
        match metric.kind:
            case Kind.GAUGE:
                data = Gauge(numbers)
            case Kind.COUNTER:
                data = Sum(numbers, temporality, is_monotonic=True)
            case Kind.HISTOGRAM:
                distributions = (one for one in points if isinstance(one, Distribution))
                data = Histogram([self._spread(metric, one, since_ns, now_ns) for one in distributions], temporality)
        return SdkMetric(metric.name, metric.about, metric.unit, data)

    def _new(self, metric: Metric, now: Point | Distribution) -> Point | Distribution:
        """What has been added since the last time."""
        before = self._before.get((metric, now.labels))
        self._before[metric, now.labels] = now
        if before is None:
            before = now if metric.kept else None
        if isinstance(now, Point):
            return Point(now.labels, now.value - (before.value if isinstance(before, Point) else 0))
        counts = before.counts if isinstance(before, Distribution) else (0,) * len(now.counts)
        spent = before.sum if isinstance(before, Distribution) else 0.0
        new = tuple(count - was for count, was in zip(now.counts, counts, strict=True))
        told = before.exemplars if isinstance(before, Distribution) else ()
        exemplars = tuple(one if one not in told else None for one in now.exemplars)
        return Distribution(now.labels, new, now.sum - spent, exemplars)

    def _number(self, metric: Metric, point: Point, since_ns: int, now_ns: int) -> NumberDataPoint:
        start_ns = 0 if metric.kind is Kind.GAUGE else since_ns
        whole = metric.kind is Kind.COUNTER and metric.unit.startswith(_COUNTS)
        value = int(point.value) if whole and math.isfinite(point.value) else float(point.value)
        return NumberDataPoint(_labels(metric, point.labels), start_ns, now_ns, value)

    def _spread(self, metric: Metric, one: Distribution, since_ns: int, now_ns: int) -> HistogramDataPoint:
        exemplars = [_exemplar(each) for each in one.exemplars if each is not None] if self._exemplars else []
        return HistogramDataPoint(
            _labels(metric, one.labels),
            since_ns,
            now_ns,
            sum(one.counts),
            one.sum,
            list(one.counts),
            list(metric.bounds),
            _UNKNOWN,
            _UNKNOWN,
            exemplars,
        )


def _labels(metric: Metric, values: tuple[str, ...]) -> dict[str, str]:
    return {label.name: value for label, value in zip(metric.labels, values, strict=True)}


def _exemplar(one: Exemplar) -> SdkExemplar:
    return SdkExemplar({}, float(one.value), one.at_ns, one.span_id, one.trace_id)
