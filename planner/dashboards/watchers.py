"""*The watchers*: whether an alert would reach anybody, and whether what is measured arrives.

What Prometheus and Alertmanager tell of themselves has their own names, and labels of their scrapes; so have the
collector, Loki, Tempo and Grafana, which run only in containers.
"""

from __future__ import annotations

from planner.catalogue import telemetry
from planner.catalogue.slo import ALERT_MESSAGES, PINGS
from planner.dashboards.board import Board
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    Panel,
    Query,
    Row,
    Steps,
    over_time,
    stat,
    states,
    words,
)
from planner.dashboards.queries import WINDOW, greatest, grown, now, quantile
from planner.slo.objectives import Links, Promises

WATCHERS = 'job=~"prometheus|alertmanager|loki|tempo|grafana|collector"'
UP = words((1, "up", GREEN), (0, "down", RED))
FIRES = words((1, "it works", GREEN), (0, "it does not fire", RED))
RULE_GROUPS = (
    "max by (rule_group) (label_replace(prometheus_rule_group_last_duration_seconds{},"
    ' "rule_group", "$1", "rule_group", ".*;(.+)"))'
)
"""A group's name stands behind its file's."""
NONE_WELL = Steps(GREEN, ((1, RED),))


def board(promises: Promises) -> Board:
    links = promises.links
    return Board(
        "watchers",
        "The watchers",
        "Whether an alert would reach anybody, and whether what is measured arrives. Who watches them in turn is the"
        " heartbeat's receiver.",
        (
            Row("Would I hear of it?", _heard(links)),
            Row("What the planner sends", _sent(links)),
            Row("Prometheus", _prometheus(links)),
            Row("Alertmanager", _alertmanager(links)),
            Row("The collector (in containers)", _collector(links), folded=True),
            Row("Loki, Tempo and Grafana (in containers)", _others(links), folded=True),
        ),
        alerts='alertname=~"(Prometheus|Alertmanager|Collector|Loki|Watcher|Planner(Export|Telemetry|Log|Heartbeat)).+"',
    )


def _heard(links: Links) -> tuple[Panel, ...]:
    def none(title: str, about: str, expression: str, runbook: str, width: int = 4) -> Panel:
        told = f"{about} Red: {_page(links, runbook)}."
        return stat(title, told, Query(f"round({expression})"), "none", NONE_WELL, width=width, digits=0)

    return (
        stat(
            "The way of alerts",
            "An alert that always fires goes the way of all others to the heartbeat's address; there somebody notices"
            f" when it stops. Red: {_page(links, 'Watchdog')}.",
            Query('max(ALERTS{alertname="Watchdog",alertstate="firing"}) or vector(0)'),
            "none", Steps(GREY), mappings=FIRES,
        ),
        none("Rules that failed", f"Evaluations that failed within {WINDOW}: alerts of that group do not fire.",
             _sum("prometheus_rule_evaluation_failures_total"), "PrometheusRulesFailing"),
        none("Alerts not handed over", f"From Prometheus to Alertmanager, failed or dropped within {WINDOW}.",
             f"{_sum('prometheus_notifications_errors_total')} + {_sum('prometheus_notifications_dropped_total')}",
             "PrometheusCannotNotify"),
        none("Alerts not delivered", f"From Alertmanager to whom it tells, failed within {WINDOW}.",
             _sum("alertmanager_notifications_failed_total"), "AlertmanagerCannotNotify"),
        none("Heartbeats not heard", f"Calls of the heartbeat's address that failed within {WINDOW}.",
             grown(PINGS, matchers=('outcome="failed"',)), "PlannerHeartbeatUnheard"),
        none("Log lines lost", f"Lines that could not be written within {WINDOW}.", grown(telemetry.LINES_LOST),
             "PlannerLogLost"),
        states(
            "Who is up",
            "The watchers, as Prometheus could scrape them. The planner is not among them: whether it is there, its"
            f" heartbeat says. Red: {_page(links, 'WatcherDown')}.",
            Query(f"min by (job) (up{{{WATCHERS}}})", "{{job}}"), UP, empty="none",
        ),
        over_time(
            "Messages of alerts",
            f"What was told within {WINDOW}: by Alertmanager, by each way, and by the planner itself (which of the two"
            f" tells, PLANNER_ALERTS says). Firing alerts and none here: {_page(links, 'AlertmanagerCannotNotify')}.",
            [Query(f"{_sum('alertmanager_notifications_total', 'integration')} > 0", "{{integration}}"),
             Query(grown(ALERT_MESSAGES, "outcome"), "the planner itself, {{outcome}}")],
            "none", min=0, decimals=0,
        ),
    )  # fmt: skip


def _sent(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "Exported, by signal",
            f"What the OTLP endpoint took within {WINDOW}; 0 where none is set, and then nothing needs doing. A fall to"
            f" 0: {_page(links, 'PlannerExportFailing')}.",
            [Query(grown(telemetry.EXPORTED, "signal"), "{{signal}}")], "short", width=8, min=0,
        ),
        over_time(
            "Failed and dropped",
            f"Exports that failed, and items that were dropped, within {WINDOW}. Above 0:"
            f" {_page(links, 'PlannerTelemetryDropped')}.",
            [Query(grown(telemetry.FAULTS, "signal"), "failed exports of {{signal}}"),
             Query(grown(telemetry.DROPPED, "signal"), "dropped {{signal}}")],
            "short", width=8, min=0,
        ),
        over_time(
            "Waiting to be exported",
            "What waits to be exported: when it grows, items are about to be dropped, see"
            f" {_page(links, 'PlannerTelemetryDropped')}.",
            [Query(now(telemetry.QUEUE, "signal", how="sum"), "{{signal}} waiting")], "short", width=4, min=0,
        ),
        over_time(
            "Exports, 95 in 100 within",
            f"How long exports took. Towards 2 s they are given up: {_page(links, 'PlannerExportFailing')}.",
            [Query(f"{quantile(0.95, telemetry.EXPORT_DURATION, 'signal')} >= 0", "{{signal}}")],
            "s", Steps(GREEN, ((2, RED),)), width=4, min=0,
        ),
    )  # fmt: skip


def _prometheus(links: Links) -> tuple[Panel, ...]:
    return (
        stat(
            "Configuration",
            f"Whether it took its last configuration. Red: {_page(links, 'PrometheusConfigStale')}.",
            Query("min(prometheus_config_last_reload_successful)"), "none", Steps(GREY),
            mappings=words((1, "taken", GREEN), (0, "refused", RED)),
        ),
        stat(
            "Alertmanagers known",
            f"To how many it hands alerts. Red: {_page(links, 'PrometheusNoAlertmanager')}.",
            Query("max(prometheus_notifications_alertmanagers_discovered)"), "none", Steps(RED, ((1, GREEN),)),
            digits=0,
        ),
        stat(
            "Storage faults",
            f"Compactions that failed, and broken parts of its log, within {WINDOW}. Red:"
            f" {_page(links, 'PrometheusStorageFaulty')}.",
            Query(f"round({_sum('prometheus_tsdb_compactions_failed_total')}"
                  f" + {_sum('prometheus_tsdb_wal_corruptions_total')})"),
            "none", NONE_WELL, digits=0,
        ),
        stat(
            "Kept on disk",
            "How much Prometheus keeps, its newest hours apart. What it may have, STACK_KEEP_DAYS says; nothing needs"
            " doing.",
            Query("sum(prometheus_tsdb_storage_blocks_bytes)"), "bytes", Steps(BLUE),
        ),
        stat(
            "Series",
            "How many series it holds in memory: some thousands. Many times that is somebody's label with too many"
            f" values; {_page(links, 'PrometheusStorageFaulty')} says where to look.",
            Query("sum(prometheus_tsdb_head_series)"), "short", Steps(GREEN, ((50_000, ORANGE),)), digits=0,
        ),
        stat(
            "Rounds of rules left out",
            f"Evaluations that were skipped within {WINDOW} because the one before took too long. From 3 on there is an"
            f" alert: {_page(links, 'PrometheusRulesSlow')}.",
            Query(f"round({_sum('prometheus_rule_group_iterations_missed_total')})"), "none",
            Steps(GREEN, ((3, ORANGE),)), digits=0,
        ),
        *_its_work(links),
    )  # fmt: skip


def _its_work(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "How long scrapes take",
            "Each target's, beside how much they bring. One that nears its timeout will be missing:"
            f" {_page(links, 'WatcherDown')}.",
            [Query("max by (job) (scrape_duration_seconds)", "{{job}}")], "s", width=8, min=0,
        ),
        over_time(
            "How long groups of rules take",
            "The five slowest. Those that take as long as the time between two evaluations leave some out:"
            f" {_page(links, 'PrometheusRulesSlow')}.",
            [Query(greatest(5, RULE_GROUPS, "rule_group"), "{{rule_group}}")],
            "s", width=8, min=0,
        ),
        over_time(
            "Samples a second",
            "What comes in, scraped and by OTLP alike. A fall to nothing: nobody reports, see"
            f" {_page(links, 'PlannerDown')}.",
            [Query(f"sum(rate(prometheus_tsdb_head_samples_appended_total[{WINDOW}]))", "samples")],
            "short", width=8, min=0,
        ),
    )  # fmt: skip


def _alertmanager(links: Links) -> tuple[Panel, ...]:
    return (
        stat(
            "Configuration",
            f"Whether it took its last configuration. Red: {_page(links, 'AlertmanagerConfigStale')}.",
            Query("min(alertmanager_config_last_reload_successful)"), "none", Steps(GREY),
            mappings=words((1, "taken", GREEN), (0, "refused", RED)), height=7,
        ),
        stat(
            "Silences",
            "How many are in force: what they cover nobody is told. Look through them on Alertmanager's page when one"
            " is older than its cause; else nothing needs doing.",
            Query('max(alertmanager_silences{state="active"})'), "none", Steps(GREEN, ((1, ORANGE),)), digits=0,
            height=7,
        ),
        over_time(
            "Alerts it knows",
            "Active ones are told, suppressed ones are silenced or follow from a graver one. Nothing needs doing here:"
            " what an alert asks for stands in its runbook.",
            [Query("max by (state) (alertmanager_alerts)", "{{state}}")], "none", width=8, min=0, decimals=0,
        ),
        over_time(
            "Deliveries that failed, by way",
            f"Requests that failed within {WINDOW}; each is tried again. When they go on:"
            f" {_page(links, 'AlertmanagerCannotNotify')}.",
            [Query(_sum("alertmanager_notifications_failed_total", "integration"), "{{integration}}")],
            "none", width=8, min=0, decimals=0,
        ),
    )  # fmt: skip


def _collector(links: Links) -> tuple[Panel, ...]:
    """Newer collectors end the names with ``_total``; a name has one form in one collector."""

    def courses(title: str, about: str, names: dict[str, str], by: str) -> Panel:
        asked = [
            Query(f'sum by ({by}) (increase({{__name__=~"{name}(_total)?"}}[{WINDOW}]))', f"{label}, {{{{{by}}}}}")
            for label, name in names.items()
        ]
        return over_time(title, about, asked, "short", width=8, min=0)

    signals = {"spans": "spans", "lines": "log_records", "points": "metric_points"}
    return (
        courses("Accepted", f"What came in within {WINDOW}. A fall to 0 while the planner exports:"
                f" {_page(links, 'PlannerExportFailing')}.",
                {label: f"otelcol_receiver_accepted_{name}" for label, name in signals.items()}, "receiver"),
        courses("Failed", f"What was lost within {WINDOW}, undelivered: {_page(links, 'CollectorLosing')}.",
                {label: f"otelcol_exporter_send_failed_{name}" for label, name in signals.items()}, "exporter"),
        over_time(
            "How full its queues are",
            "What waits on disk to be delivered; what does not fit is lost. From 80 % on there is an alert:"
            f" {_page(links, 'CollectorQueueFull')}.",
            [Query("max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)",
                   "{{exporter}}")],
            "percentunit", Steps(GREEN, ((0.8, ORANGE),)), width=8, min=0, max=1,
        ),
    )  # fmt: skip


def _others(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "Loki: requests that failed",
            f"Within {WINDOW}, by route. {_page(links, 'LokiFaulty')} says what to do.",
            [Query(f'sum by (route) (increase(loki_request_duration_seconds_count{{status_code=~"5.."}}[{WINDOW}]))',
                   "{{route}}")],
            "none", width=6, min=0, decimals=0,
        ),
        over_time(
            "Loki: lines discarded",
            f"Within {WINDOW}, by reason. {_page(links, 'LokiDiscarding')} says what to do.",
            [Query(_sum("loki_discarded_samples_total", "reason"), "{{reason}}")], "none", width=6, min=0, decimals=0,
        ),
        over_time(
            "Tempo: spans received",
            "A second. None while the planner handles updates and the collector accepts spans: see"
            f" {_page(links, 'CollectorLosing')}.",
            [Query(f"sum(rate(tempo_distributor_spans_received_total[{WINDOW}]))", "spans")], "short", width=6, min=0,
        ),
        over_time(
            "Grafana: requests that failed",
            f"Answers of 500 and above within {WINDOW}. Alerts do not depend on Grafana; when it is down:"
            f" {_page(links, 'WatcherDown')}.",
            [Query(f'sum(increase(grafana_http_request_duration_seconds_count{{status_code=~"5.."}}[{WINDOW}]))',
                   "failed")],
            "none", width=6, min=0, decimals=0,
        ),
    )  # fmt: skip


def _sum(name: str, *by: str) -> str:
    """How many one of the watchers' own counters has counted within the window."""
    among = f" by ({', '.join(by)})" if by else ""
    return f"sum{among} (increase({name}[{WINDOW}]))"


def _page(links: Links, runbook: str) -> str:
    return links.page(f"stack/runbooks/{runbook}.md")
