"""*The watchers*: whether an alert would reach anybody, and whether what is measured arrives.

What Prometheus and Alertmanager tell of themselves has their own names, and labels of their scrapes; so have the
collector, Loki, Tempo and Grafana, which run only in containers.
"""

from __future__ import annotations

from planner.catalogue import telemetry
from planner.catalogue.slo import ALERT_MESSAGES, PINGS
from planner.dashboards.board import Board
from planner.dashboards.grid import Panel, Row
from planner.dashboards.panels import GREEN, GREY, NEUTRAL, RED, Steps, over_time, stat, states, words
from planner.dashboards.queries import FAILED, WINDOW, greatest, grown, now, quantile, there, whole
from planner.dashboards.targets import Query
from planner.dashboards.written import (
    ALERTMANAGER_STALE,
    CANNOT_DELIVER,
    COLLECTOR_LOSING,
    DOWN,
    EXPORTS_FAILING,
    HEARTBEAT_UNHEARD,
    LOG_LOST,
    LOKI_DISCARDING,
    LOKI_FAULTY,
    NO_ALERTMANAGER,
    PROMETHEUS_CANNOT_NOTIFY,
    PROMETHEUS_STALE,
    QUEUE_FULL,
    RULES_FAILING,
    RULES_SLOW,
    STORAGE_FAULTY,
    TELEMETRY_DROPPED,
    WATCHER_DOWN,
    WrittenAlert,
    above,
    runbooks,
)
from planner.slo.generate.routes import WATCHDOG
from planner.slo.objectives import Links, Promises

WATCHERS = 'job=~"prometheus|alertmanager|loki|tempo|grafana|collector|otel-collector"'
ARRIVES = words((1, "it works", GREEN), (0, "it is broken", RED), (-1, "no heartbeat is set up", GREY))
HOOKS = 'alertmanager_notifications_total{integration="webhook"}'
HOOKS_FAILED = 'alertmanager_notifications_failed_total{integration="webhook"}'
HEARTBEATS = "2.5"
"""Of five within as many minutes; every minute the heartbeat is told (``routes.HEARTBEAT_PACE``)."""
HEARTBEATS_BEFORE = "60"
"""So many within a day are no other alerts that go to a webhook: there is a heartbeat, or was until now."""
WAY = (
    f"((sum(increase({HOOKS}[5m])) - (sum(increase({HOOKS_FAILED}[5m])) or vector(0)) > bool {HEARTBEATS})"
    f" and (sum(increase({HOOKS}[5m])) > {HEARTBEATS})"
    f" or 0 * (sum(increase({HOOKS}[1d])) > {HEARTBEATS_BEFORE}) or vector(-1))"
    f' and (max(ALERTS{{alertname="{WATCHDOG}",alertstate="firing"}}) == 1) or vector(0)'
)
"""1 where the watchdog reaches the heartbeat's address, 0 where it fires no more or does not, -1 without an address."""
RULE_GROUPS = (
    "max by (rule_group) (label_replace(prometheus_rule_group_last_duration_seconds{},"
    ' "rule_group", "$1", "rule_group", ".*;(.+)"))'
)
"""A group's name stands behind its file's."""


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
    def none(title: str, about: str, asked: str, alert: WrittenAlert) -> Panel:
        told = f"{about} within {alert.span}. {runbooks(links, alert)}"
        return stat(title, told, Query(whole(asked)), "none", above(alert), digits=0)

    failed = _sum("prometheus_rule_evaluation_failures_total", "rule_group", window=RULES_FAILING.window)
    undelivered = _sum("alertmanager_notifications_failed_total", "integration", window=CANNOT_DELIVER.window)
    unheard = grown(PINGS, matchers=(FAILED,), window=HEARTBEAT_UNHEARD.window)
    return (
        stat(
            "The way of alerts",
            "An alert that always fires goes the way of all others to the heartbeat's address, once a minute; there"
            " somebody notices when it stops. Grey: STACK_HEARTBEAT_URL is not set, and nobody would. Red:"
            f" {links.page('stack/runbooks/Watchdog.md')}.",
            Query(WAY), "none", Steps(GREY), mappings=ARRIVES,
        ),
        none("Rules that failed", "Evaluations that failed, and alerts with them, of the group that failed most,",
             f"max({failed})", RULES_FAILING),
        none("Alerts not handed over", "From Prometheus to Alertmanager: failed or dropped, whichever are more,",
             _more(*(_sum(f"prometheus_notifications_{what}_total", window=PROMETHEUS_CANNOT_NOTIFY.window)
                     for what in ("errors", "dropped"))), PROMETHEUS_CANNOT_NOTIFY),
        none("Alerts not delivered", "From Alertmanager to whom it tells: failed, by the way that failed most,",
             f"max({undelivered})", CANNOT_DELIVER),
        none("Heartbeats not heard", "Calls of the heartbeat's address that failed", unheard, HEARTBEAT_UNHEARD),
        none("Log lines lost", "Lines that could not be written", grown(telemetry.LINES_LOST, window=LOG_LOST.window),
             LOG_LOST),
        states(
            "Who is up",
            "The watchers, as Prometheus could scrape them. The planner is not among them: whether it is there, its"
            f" heartbeat says. {runbooks(links, WATCHER_DOWN)}",
            Query(f"min by (job) (up{{{WATCHERS}}})", "{{job}}"),
            words((1, "up", GREEN), (0, "down", WATCHER_DOWN.color)), empty="none",
        ),
        over_time(
            "Messages of alerts",
            f"What was told within {WINDOW}: by Alertmanager, by each way, and by the planner itself (which of the two"
            f" tells, PLANNER_ALERTS says). Firing alerts and none here: {CANNOT_DELIVER.page(links)}.",
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
            f" 0: {EXPORTS_FAILING.page(links)}.",
            [Query(grown(telemetry.EXPORTED, "signal"), "{{signal}}")], "short", width=8, min=0,
        ),
        over_time(
            "Failed and dropped",
            f"Exports that failed, and items that were dropped, within {WINDOW}. Above 0:"
            f" {TELEMETRY_DROPPED.page(links)}.",
            [Query(grown(telemetry.FAULTS, "signal"), "failed exports of {{signal}}"),
             Query(grown(telemetry.DROPPED, "signal"), "dropped {{signal}}")],
            "short", width=8, min=0,
        ),
        over_time(
            "Waiting to be exported",
            "What waits to be exported: when it grows, items are about to be dropped, see"
            f" {TELEMETRY_DROPPED.page(links)}.",
            [Query(now(telemetry.QUEUE, "signal", how="sum"), "{{signal}} waiting")], "short", width=4, min=0,
            noValue="nothing is exported",
        ),
        over_time(
            "Exports, 95 in 100 within",
            "How long exports took. Those that would take longer than OTEL_EXPORTER_OTLP_TIMEOUT are given up:"
            f" {EXPORTS_FAILING.page(links)}.",
            [Query(there(quantile(0.95, telemetry.EXPORT_DURATION, "signal")), "{{signal}}")], "s", width=4, min=0,
            noValue="nothing is exported",
        ),
    )  # fmt: skip


def _prometheus(links: Links) -> tuple[Panel, ...]:
    missed = _sum("prometheus_rule_group_iterations_missed_total", "rule_group", window=RULES_SLOW.window)
    return (
        stat(
            "Configuration",
            f"Whether it took its last configuration. {runbooks(links, PROMETHEUS_STALE)}",
            Query("min(prometheus_config_last_reload_successful)"), "none", Steps(GREY),
            mappings=words((1, "taken", GREEN), (0, "refused", PROMETHEUS_STALE.color)),
        ),
        stat(
            "Alertmanagers known",
            f"To how many it hands alerts. {runbooks(links, NO_ALERTMANAGER)}",
            Query("max(prometheus_notifications_alertmanagers_discovered)"), "none", Steps(GREEN), digits=0,
            mappings=words((0, "none", NO_ALERTMANAGER.color)),
        ),
        stat(
            "Storage faults",
            f"Compactions that failed, or broken parts of its log, whichever are more, within {STORAGE_FAULTY.span}."
            f" {runbooks(links, STORAGE_FAULTY)}",
            Query(whole(_more(*(_sum(f"prometheus_tsdb_{what}_total", window=STORAGE_FAULTY.window)
                                for what in ("compactions_failed", "wal_corruptions"))))),
            "none", above(STORAGE_FAULTY), digits=0,
        ),
        stat(
            "Kept on disk",
            "How much Prometheus keeps, its newest hours apart: 0 until it has run for about three. What it may have,"
            " STACK_KEEP_DAYS says; nothing needs doing.",
            Query("sum(prometheus_tsdb_storage_blocks_bytes)"), "bytes", NEUTRAL,
        ),
        stat(
            "Series",
            "How many series it holds in memory: some thousands. Many times that is somebody's label with too many"
            f" values; {STORAGE_FAULTY.page(links)} says where to look.",
            Query("sum(prometheus_tsdb_head_series)"), "short", NEUTRAL, digits=0,
        ),
        stat(
            "Rounds of rules left out",
            f"Evaluations of a group that were skipped within {RULES_SLOW.span} because the one before took too long,"
            f" where they were most. {runbooks(links, RULES_SLOW)}",
            Query(whole(f"max({missed})")), "none", above(RULES_SLOW), digits=0,
        ),
        *_its_work(links),
    )  # fmt: skip


def _its_work(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "How long scrapes take",
            "Each target's, beside how much they bring. One that nears its timeout will be missing:"
            f" {WATCHER_DOWN.page(links)}.",
            [Query("max by (job) (scrape_duration_seconds)", "{{job}}")], "s", width=8, min=0,
        ),
        over_time(
            "How long groups of rules take",
            "The five slowest. Those that take as long as the time between two evaluations leave some out:"
            f" {RULES_SLOW.page(links)}.",
            [Query(greatest(5, RULE_GROUPS, "rule_group"), "{{rule_group}}")],
            "s", width=8, min=0,
        ),
        over_time(
            "Samples a second",
            "What comes in, scraped and by OTLP alike. A fall to nothing: nobody reports, see"
            f" {DOWN.page(links)}.",
            [Query(f"sum(rate(prometheus_tsdb_head_samples_appended_total[{WINDOW}]))", "samples")],
            "short", width=8, min=0,
        ),
    )  # fmt: skip


def _alertmanager(links: Links) -> tuple[Panel, ...]:
    return (
        stat(
            "Configuration",
            f"Whether it took its last configuration. {runbooks(links, ALERTMANAGER_STALE)}",
            Query("min(alertmanager_config_last_reload_successful)"), "none", Steps(GREY),
            mappings=words((1, "taken", GREEN), (0, "refused", ALERTMANAGER_STALE.color)), height=7,
        ),
        stat(
            "Silences",
            "How many are in force: what they cover nobody is told. Look through them on Alertmanager's page when one"
            " is older than its cause; else nothing needs doing.",
            Query('max(alertmanager_silences{state="active"})'), "none", NEUTRAL, digits=0, height=7,
        ),
        over_time(
            "Alerts it knows",
            "Active ones are told, suppressed ones are silenced or follow from a graver one. Nothing needs doing here:"
            " what an alert asks for stands in its runbook.",
            [Query("max by (state) (alertmanager_alerts)", "{{state}}")], "none", width=8, min=0, decimals=0,
        ),
        over_time(
            "Deliveries that failed, by way",
            f"Requests that failed within {WINDOW}, of the ways that were ever used; each is tried again. When they go"
            f" on: {CANNOT_DELIVER.page(links)}.",
            [Query(f"{_sum('alertmanager_notifications_failed_total', 'integration')}"
                   " and on (integration) sum by (integration) (alertmanager_notifications_total) > 0",
                   "{{integration}}")],
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
                f" {EXPORTS_FAILING.page(links)}.",
                {label: f"otelcol_receiver_accepted_{name}" for label, name in signals.items()}, "receiver"),
        courses("Failed", f"What was lost within {WINDOW}: refused, or dropped for a full queue:"
                f" {COLLECTOR_LOSING.page(links)}.",
                {f"{label} {how}": f"otelcol_exporter_{what}_failed_{name}"
                 for what, how in (("send", "refused"), ("enqueue", "dropped")) for label, name in signals.items()},
                "exporter"),
        over_time(
            "How full its queues are",
            "What waits on disk to be delivered; what does not fit is lost. Dashed: nearly full, see"
            f" {QUEUE_FULL.page(links)}.",
            [Query("max by (exporter) (otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)",
                   "{{exporter}}")],
            "percentunit", above(QUEUE_FULL), width=8, min=0, max=1,
        ),
    )  # fmt: skip


def _others(links: Links) -> tuple[Panel, ...]:
    return (
        over_time(
            "Loki: requests that failed",
            f"Within {WINDOW}, by route. {LOKI_FAULTY.page(links)} says what to do.",
            [Query(f'sum by (route) (increase(loki_request_duration_seconds_count{{status_code=~"5.."}}[{WINDOW}]))',
                   "{{route}}")],
            "none", width=6, min=0, decimals=0,
        ),
        over_time(
            "Loki: lines discarded",
            f"Within {WINDOW}, by reason. {LOKI_DISCARDING.page(links)} says what to do.",
            [Query(_sum("loki_discarded_samples_total", "reason"), "{{reason}}")], "none", width=6, min=0, decimals=0,
        ),
        over_time(
            "Tempo: spans received",
            "A second. None while the planner handles updates and the collector accepts spans: see"
            f" {COLLECTOR_LOSING.page(links)}.",
            [Query(f"sum(rate(tempo_distributor_spans_received_total[{WINDOW}]))", "spans")], "short", width=6, min=0,
        ),
        over_time(
            "Grafana: requests that failed",
            f"Answers of 500 and above within {WINDOW}. Alerts do not depend on Grafana; when it is down:"
            f" {WATCHER_DOWN.page(links)}.",
            [Query(f'sum(increase(grafana_http_request_duration_seconds_count{{status_code=~"5.."}}[{WINDOW}]))',
                   "failed")],
            "none", width=6, min=0, decimals=0,
        ),
    )  # fmt: skip


def _sum(name: str, *by: str, window: str = WINDOW) -> str:
    """How many one of the watchers' own counters has counted within the window."""
    among = f" by ({', '.join(by)})" if by else ""
    return f"sum{among} (increase({name}[{window}]))"


def _more(one: str, other: str) -> str:
    """Of two counts the greater: an alert of either looks at each by itself."""
    return f"({one} >= {other} or {other})"
