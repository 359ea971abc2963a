"""Metrics that are not the planner's: which there are, and who says so.

Those of Prometheus 2.42 and Alertmanager 0.25 are what both show at /metrics, in ``others/``; both still have these
names. The rest is what their makers document.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

SHOWN = Path(__file__).with_name("others")
COLLECTOR = "https://opentelemetry.io/docs/collector/internal-telemetry/"
LOKI = "https://grafana.com/docs/loki/latest/operations/observability/"
TEMPO = "https://github.com/grafana/tempo/tree/main/operations/tempo-mixin"
TEMPO_OF_SPANS = "https://grafana.com/docs/tempo/latest/metrics-from-traces/"
GRAFANA = "https://grafana.com/docs/grafana/latest/setup-grafana/set-up-grafana-monitoring/"
_OF_COLLECTOR = (
    *(f"otelcol_exporter_{what}_{kind}" for what in ("sent", "send_failed", "enqueue_failed")
      for kind in ("spans", "log_records", "metric_points")),
    *(f"otelcol_receiver_{what}_{kind}" for what in ("accepted", "refused", "failed")
      for kind in ("spans", "log_records", "metric_points")),
    "otelcol_processor_incoming_items",
    "otelcol_processor_outgoing_items",
    "otelcol_process_uptime",
    "otelcol_process_cpu_seconds",
)  # fmt: skip
"""Counters. Newer collectors, asked by Prometheus, end them with _total."""
DOCUMENTED: Mapping[str, tuple[str, ...]] = {
    "https://prometheus.io/docs/concepts/jobs_instances/": (
        "up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_samples_post_metric_relabeling",
        "scrape_series_added",
    ),
    "https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/": ("ALERTS", "ALERTS_FOR_STATE"),
    "https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics": (
        "process_cpu_seconds_total", "process_open_fds", "process_max_fds", "process_resident_memory_bytes",
        "process_virtual_memory_bytes", "process_start_time_seconds",
    ),
    "https://prometheus.io/docs/guides/opentelemetry/": ("target_info",),
    COLLECTOR: (
        *_OF_COLLECTOR, *(f"{name}_total" for name in _OF_COLLECTOR),
        "otelcol_exporter_queue_size", "otelcol_exporter_queue_capacity", "otelcol_process_memory_rss",
        "otelcol_process_memory_rss_bytes", "otelcol_process_uptime_seconds_total",
        "otelcol_process_runtime_heap_alloc_bytes", "otelcol_process_runtime_total_sys_memory_bytes",
    ),
    LOKI: (
        *(f"loki_request_duration_seconds_{part}" for part in ("bucket", "sum", "count")),
        "loki_distributor_bytes_received_total", "loki_distributor_lines_received_total",
        "loki_discarded_samples_total", "loki_discarded_bytes_total", "loki_ingester_memory_streams",
        "loki_ingester_memory_chunks", "loki_internal_log_messages_total",
    ),
    TEMPO: (
        *(f"tempo_request_duration_seconds_{part}" for part in ("bucket", "sum", "count")),
        "tempo_distributor_spans_received_total", "tempo_distributor_bytes_received_total",
        "tempo_discarded_spans_total", "tempodb_blocklist_length", "tempodb_retention_errors_total",
    ),
    TEMPO_OF_SPANS: (
        "traces_spanmetrics_calls_total", "traces_spanmetrics_size_total",
        *(f"traces_spanmetrics_latency_{part}" for part in ("bucket", "sum", "count")),
        "traces_service_graph_request_total", "traces_service_graph_request_failed_total",
        *(f"traces_service_graph_request_{side}_seconds_{part}" for side in ("server", "client")
          for part in ("bucket", "sum", "count")),
    ),
    GRAFANA: tuple(f"grafana_http_request_duration_seconds_{part}" for part in ("bucket", "sum", "count")),
}  # fmt: skip


@cache
def names() -> frozenset[str]:
    shown = (name for path in SHOWN.glob("*.txt") for name in path.read_text().split())
    return frozenset({*shown, *(name for known in DOCUMENTED.values() for name in known)})
