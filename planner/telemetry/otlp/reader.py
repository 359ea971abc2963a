"""The SDK's periodic reader, fed with our readings in place of instruments of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable

from opentelemetry.sdk.metrics import Counter, Histogram, ObservableCounter
from opentelemetry.sdk.metrics.export import (
    AggregationTemporality,
    MetricExporter,
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
)

from planner.catalogue.metric import Kind, Metric

log = logging.getLogger(__name__)

Collect = Callable[[], MetricsData]


def periodic(exporter: MetricExporter, collect: Collect) -> MetricReader:
    """Reads and exports every OTEL_METRIC_EXPORT_INTERVAL, and once more when it is shut down."""
    return feed(PeriodicExportingMetricReader(exporter), collect)


def feed(reader: MetricReader, collect: Collect) -> MetricReader:
    """Let ``reader`` read ``collect``, as the SDK's MeterProvider lets it read instruments."""

    def callback(_: MetricReader, timeout_millis: float = 0) -> MetricsData | None:  # noqa: ARG001  # the SDK's form
        try:
            return collect()
        except Exception:
            log.exception("telemetry.unreadable")  # raised, it would end the thread that exports
            return None

    reader._set_collect_callback(callback)  # type: ignore[arg-type]  # noqa: SLF001  # as its provider; None is let pass
    return reader


def delta(exporter: MetricExporter) -> Callable[[Metric], bool]:
    """Which metrics ``exporter`` wants as what is new since the last export.

    What is kept in the database is observed, not counted here, and wanted as an observable counter is.
    """
    wanted = exporter._preferred_temporality or {}  # noqa: SLF001  # no other way

    def is_delta(metric: Metric) -> bool:
        own = Histogram if metric.kind is Kind.HISTOGRAM else Counter
        return wanted.get(ObservableCounter if metric.kept else own) is AggregationTemporality.DELTA

    return is_delta
