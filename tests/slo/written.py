"""The rules that are written by hand, and their tests, as they stand in the stack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from planner.catalogue import all_metrics
from planner.catalogue.metric import Kind

STACK = Path(__file__).parents[2] / "stack"
RULES = STACK / "prometheus"
TESTS = RULES / "tests"
RUNBOOKS = STACK / "runbooks"

OTHERS = frozenset(
    {
        # Prometheus' own: https://prometheus.io/docs/prometheus/latest/ and its /metrics
        "ALERTS",
        "up",
        "prometheus_config_last_reload_success_timestamp_seconds",
        "prometheus_config_last_reload_successful",
        "prometheus_notifications_alertmanagers_discovered",
        "prometheus_notifications_dropped_total",
        "prometheus_notifications_errors_total",
        "prometheus_notifications_queue_length",
        "prometheus_rule_evaluation_failures_total",
        "prometheus_rule_group_interval_seconds",
        "prometheus_rule_group_iterations_missed_total",
        "prometheus_rule_group_last_duration_seconds",
        "prometheus_tsdb_compactions_failed_total",
        "prometheus_tsdb_storage_blocks_bytes",
        "prometheus_tsdb_wal_corruptions_total",
        # Alertmanager's
        "alertmanager_config_last_reload_successful",
        "alertmanager_notifications_failed_total",
        "alertmanager_notifications_total",
        # The collector's, without the _total that newer ones add
        "otelcol_exporter_queue_capacity",
        "otelcol_exporter_queue_size",
        "otelcol_exporter_send_failed_log_records",
        "otelcol_exporter_send_failed_metric_points",
        "otelcol_exporter_send_failed_spans",
        # Loki's
        "loki_discarded_samples_total",
        "loki_request_duration_seconds_bucket",
        "loki_request_duration_seconds_count",
    }
)
"""Metrics that are not the planner's."""

_NAME = re.compile(r"\b(?:planner|prometheus|alertmanager|otelcol|loki)_\w+|\bup\b|\bALERTS\b")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert of a file of rules."""

    name: str
    file: str
    expr: str
    labels: dict[str, str]
    annotations: dict[str, str]


@cache
def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def alerts_of(path: Path) -> list[Alert]:
    return [
        Alert(rule["alert"], path.name, rule["expr"], rule["labels"], rule["annotations"])
        for group in read(path)["groups"]
        for rule in group["rules"]
        if "alert" in rule
    ]


@cache
def written() -> tuple[Alert, ...]:
    return tuple(alert for path in sorted(RULES.glob("*.rules.yml")) for alert in alerts_of(path))


@cache
def generated() -> tuple[Alert, ...]:
    return tuple(alert for path in sorted((STACK / "generated").glob("*.rules.yml")) for alert in alerts_of(path))


@cache
def ours() -> frozenset[str]:
    """Every name that a metric of the catalogue has in a query."""
    return frozenset(
        name + end
        for metric in all_metrics()
        for name in [metric.prometheus]
        for end in (("_bucket", "_sum", "_count") if metric.kind is Kind.HISTOGRAM else ("",))
    )


def metrics_in(query: str) -> set[str]:
    """Names of metrics that a query asks for; what stands in quotes is no name, unless it is asked for by name."""
    by_name = re.findall(r'__name__=~"([a-z_]+)\(_total\)\?"', query)
    return {*_NAME.findall(_QUOTED.sub("", query)), *by_name}
