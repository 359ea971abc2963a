"""What the process counts and measures by itself: cheap enough to be always on, readable at any time.

Recording costs about half a microsecond and takes no part of any SDK; ``/metrics`` and an OTLP endpoint are given the
same readings of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable
from threading import Lock

from planner.catalogue.metric import Distribution, Exemplar, Kind, Metric, Point, Reading
from planner.telemetry import tracing

OPEN_VALUES_MAX = 200
"""Values, or combinations, that a metric's open labels may have, so that no input fills the memory.

What comes beyond is counted under ``OTHER``; a label whose values the catalogue names keeps them all.
"""
OTHER = "other"

Value = tuple[Metric, tuple[str, ...], float]
"""One of a histogram, and in which of its series."""

Source = Callable[[], Iterable[Reading]]
"""Asked at every reading for what is not counted but looked at."""


class _Cells:
    """One series of a histogram."""

    __slots__ = ("counts", "exemplars", "sum")

    def __init__(self, buckets: int) -> None:
        self.counts = [0] * buckets
        self.exemplars: list[Exemplar | None] = [None] * buckets
        self.sum = 0.0


class Registry:
    """Any thread may call any of it. Labels are given as values, in the order that the metric declares them."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sums: dict[Metric, dict[tuple[str, ...], float]] = {}
        self._cells: dict[Metric, dict[tuple[str, ...], _Cells]] = {}
        self._open: dict[Metric, set[tuple[str, ...]]] = {}
        self._sources: list[Source] = []

    def add(self, metric: Metric, *labels: str, by: float = 1) -> None:
        """So much more of a counter or gauge; ``by`` may be negative for a gauge."""
        with self._lock:
            series = self._sums.get(metric)
            if series is None:
                series = self._sums[metric] = dict.fromkeys(metric.series, 0)
            if labels not in series:
                labels = self._bounded(metric, labels)
            series[labels] = series.get(labels, 0) + by

    def set(self, metric: Metric, value: float, *labels: str) -> None:
        """What a gauge stands at."""
        with self._lock:
            self._sums.setdefault(metric, {})[labels] = value

    def record(self, metric: Metric, value: float, *labels: str) -> None:
        """One more value of a histogram, in its unit."""
        span = tracing.current()
        with self._lock:
            cells = self._cells_of(metric, self._series(metric), labels)
            bucket = bisect_left(metric.bounds, value)
            cells.counts[bucket] += 1
            cells.sum += value
            if span.sampled:
                cells.exemplars[bucket] = Exemplar(value, span.trace_id, span.id, span.now_ns())

    def record_all(self, values: Iterable[Value]) -> None:
        """Many values of histograms at once, at a third of the cost; for what belongs to no one span."""
        known = self._cells
        with self._lock:
            for metric, labels, value in values:
                series = known.get(metric) or self._series(metric)
                cells = series.get(labels) or self._cells_of(metric, series, labels)
                cells.counts[bisect_left(metric.bounds, value)] += 1
                cells.sum += value

    def watch(self, source: Source) -> None:
        """Ask ``source`` at every reading."""
        self._sources.append(source)

    def read(self, metrics: Iterable[Metric]) -> list[Reading]:
        """What stands for ``metrics``, in their order; what has been neither recorded nor looked at is left out."""
        seen = [reading for source in self._sources for reading in source()]  # a source may count as well
        with self._lock:
            found = {metric: self._points(metric) for metric in metrics}
        for reading in seen:
            given = {point.labels for point in reading.points}
            zeros = [point for point in found.get(reading.metric, []) if point.labels not in given]
            found[reading.metric] = [*zeros, *reading.points]
        return [Reading(metric, points) for metric, points in found.items() if points]

    def _series(self, metric: Metric) -> dict[tuple[str, ...], _Cells]:
        series = self._cells.get(metric)
        if series is None:
            series = self._cells[metric] = {known: _Cells(len(metric.bounds) + 1) for known in metric.series}
        return series

    def _cells_of(self, metric: Metric, series: dict[tuple[str, ...], _Cells], labels: tuple[str, ...]) -> _Cells:
        cells = series.get(labels)
        if cells is None:
            cells = series.setdefault(self._bounded(metric, labels), _Cells(len(metric.bounds) + 1))
        return cells

    def _bounded(self, metric: Metric, labels: tuple[str, ...]) -> tuple[str, ...]:
        """The series that new labels are counted in."""
        named = [value in label.values for label, value in zip(metric.labels, labels, strict=False)]
        combination = tuple("" if known else value for known, value in zip(named, labels, strict=False))
        seen = self._open.setdefault(metric, set())
        if combination in seen or len(seen) < OPEN_VALUES_MAX:
            seen.add(combination)
            return labels
        return tuple(value if known else OTHER for known, value in zip(named, labels, strict=False))

    def _points(self, metric: Metric) -> list[Point | Distribution]:
        if metric.kept:
            return []
        if metric.kind is Kind.HISTOGRAM:
            known = {labels: _Cells(len(metric.bounds) + 1) for labels in metric.series}
            cells = known | self._cells.get(metric, {})
            return [
                Distribution(labels, tuple(one.counts), one.sum, tuple(one.exemplars)) for labels, one in cells.items()
            ]
        zeros = dict.fromkeys(metric.series, 0.0) if metric.kind is Kind.COUNTER else {}
        return [Point(labels, value) for labels, value in (zeros | self._sums.get(metric, {})).items()]
