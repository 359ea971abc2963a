"""A real process and an OTLP/HTTP receiver: every metric, the three traces and the logs arrive, once each, and agree.

One bot is driven through a conversation, reminders and a calendar's sync; each test looks at what came of it.
"""

from __future__ import annotations

import json
import sqlite3
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import AggregationTemporality, HistogramDataPoint
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from planner import __version__
from planner.catalogue import all_metrics
from planner.catalogue.metric import Kind, Metric
from tests.e2e.calendar_server import CalendarServer, serving_calendars, soon
from tests.e2e.collector import Collector, attributes, by_labels, collecting, number, points
from tests.e2e.test_real_processes import ANSWER_S, Process, ask, command, say, shown, until
from tests.web import calendar, event

EXPORT_MS = 300
SENT_S = 30.0
LOCKED_S = 0.25
CENSUS_S = 90.0
"""A census that took long, on a busy machine, is not taken again at once."""
OF_A_CALENDAR = "planner_events", frozenset({("source", "feed")})
SLOWED = """CREATE TRIGGER slowed AFTER INSERT ON updates BEGIN
    SELECT count(*) FROM sqlite_master a, sqlite_master b, sqlite_master c, sqlite_master d WHERE a.rowid + d.rowid < 0;
END"""
"""A statement that takes longer than 100 ms on any machine."""
SOON_S, ATTEMPTS, LOOK_S = 2.0, 5, 0.05
ALICE, MALLORY = 1, 666
DATA = {Kind.COUNTER: "sum", Kind.GAUGE: "gauge", Kind.HISTOGRAM: "histogram"}
Series = Mapping[tuple[str, frozenset[tuple[str, str]]], float]


@dataclass(frozen=True)
class Evidence:
    """What one run has left behind."""

    collector: Collector
    lines: list[dict[str, object]]
    """The log on stderr."""
    before: Series
    """``/metrics`` before an export …"""
    export: int
    """… which one …"""
    after: Series
    """… and after it."""
    stopped_s: float
    reminders: list[sqlite3.Row]

    def traces(self, name: str) -> list[list[Span]]:
        """Every trace whose first span is called so, that one first."""
        found: dict[bytes, list[Span]] = {}
        for span in self.collector.spans():
            found.setdefault(span.trace_id, []).append(span)
        ordered = (sorted(spans, key=lambda span: bool(span.parent_span_id)) for spans in found.values())
        return [spans for spans in ordered if spans[0].name == name]


@pytest.fixture(scope="module")
def evidence(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evidence]:
    with ExitStack() as stack:
        collector = stack.enter_context(collecting())
        server = stack.enter_context(serving_calendars())
        yield run(tmp_path_factory.mktemp("telemetry"), stack, collector, server)


def run(folder: Path, stack: ExitStack, collector: Collector, server: CalendarServer) -> Evidence:
    bot = Process(
        folder,
        "bot",
        "run",
        PLANNER_USERS=str(ALICE),
        PLANNER_METRICS="1",
        PLANNER_PRIVATE_FEEDS="1",
        PLANNER_PRICE_PER_HOUR="0.007",
        PLANNER_HEARTBEAT_URL=f"http://127.0.0.1:{server.port}/ping",
        OTEL_EXPORTER_OTLP_ENDPOINT=collector.url,
        OTEL_EXPORTER_OTLP_COMPRESSION="gzip",
        OTEL_METRIC_EXPORT_INTERVAL=str(EXPORT_MS),
        OTEL_BSP_SCHEDULE_DELAY="100",
        OTEL_BLRP_SCHEDULE_DELAY="100",
        OTEL_RESOURCE_ATTRIBUTES="deployment.environment.name=test",
    )
    stack.callback(bot.kill)
    chat = bot.printed(r"(http://127\.0\.0\.1:\d+)")
    drive(chat, folder, server)
    until(lambda: scraped(chat).get(OF_A_CALENDAR), CENSUS_S, "a census after the sync")
    before, export = scraped(chat), len(collector.exports())
    arrived(collector, export + 1)  # the one that was under way may have been read before
    after = scraped(chat)
    began = time.monotonic()
    assert bot.stop() == 0
    with closing(sqlite3.connect(folder / "planner.db")) as db:
        db.row_factory = sqlite3.Row
        reminders = db.execute("SELECT * FROM reminders WHERE state = 'sent'").fetchall()
    lines = [json.loads(line) for line in bot.err.splitlines()]
    return Evidence(collector, lines, before, export + 1, after, time.monotonic() - began, reminders)


def drive(chat: str, folder: Path, server: CalendarServer) -> None:
    """A day in a few seconds: what users, strangers, calendars and other programs do."""
    say(chat, "/start", "Hello")
    server.body = calendar(event("a@x", "Gym", soon(9_000)))
    say(chat, f"http://127.0.0.1:{server.port}/cal.ics", "is linked: 1 event")
    say(chat, "tea in 1 second", "✅ tea")
    tell(chat, MALLORY, "hello")
    message = ask(f"{chat}/chat/messages?chat_id={ALICE}&after=0")[1]["message_id"]
    ask(f"{chat}/chat/callbacks", {"chat_id": ALICE, "message_id": message, "data": "nobody:made:this"})
    assert command(folder, "backup", "copy.db").returncode == 0
    with closing(sqlite3.connect(folder / "planner.db", isolation_level=None)) as db:
        db.execute("BEGIN IMMEDIATE")  # another program holds the database for a moment
        tell(chat, ALICE, "/today")
        time.sleep(LOCKED_S)
        db.execute("ROLLBACK")
        db.execute(SLOWED)
        say(chat, "/help", "What I can do")
        db.execute("DROP TRIGGER slowed")
    until(lambda: "⏰ tea" in shown(chat), ANSWER_S, "the reminder")
    assert any(reminded_from(chat, server, attempt) for attempt in range(ATTEMPTS)), "no reminder of the calendar"
    until(lambda: ask(f"{chat}/readyz")["status"] == "ok", ANSWER_S, "readiness")


def reminded_from(chat: str, server: CalendarServer, attempt: int) -> bool:
    """Sync an event that begins at once, and be reminded of it: not where the sync was too slow for that."""
    server.body = calendar(event(f"soon-{attempt}@x", "Dentist", soon(SOON_S)))
    tell(chat, ALICE, "/calendars")
    press(chat, "Work")
    press(chat, "Sync now")
    ends = time.monotonic() + 2 * SOON_S
    while (found := "⏰ 🟦 Dentist" not in shown(chat)) and time.monotonic() < ends:
        time.sleep(LOOK_S)
    return not found


def tell(chat: str, user: int, text: str) -> None:
    """Write to the bot, and wait for nothing."""
    ask(f"{chat}/chat/messages", {"chat_id": user, "text": text, "from": {"id": user, "first_name": "somebody"}})


def press(chat: str, label: str) -> None:
    """Press the latest button so labelled, once there is one."""

    def found() -> tuple[int, str] | None:
        rows = ask(f"{chat}/chat/messages?chat_id={ALICE}&after=0")
        buttons = [(row["message_id"], one) for row in rows for line in row["buttons"] for one in line]
        return next(((number, one["data"]) for number, one in reversed(buttons) if label in one["text"]), None)

    message, data = until(found, ANSWER_S, f"the button {label!r}")
    ask(f"{chat}/chat/callbacks", {"chat_id": ALICE, "message_id": message, "data": data})


def arrived(collector: Collector, count: int) -> None:
    """Wait until more than ``count`` exports of metrics have come."""
    ends = time.monotonic() + SENT_S
    while len(collector.exports()) <= count:
        assert time.monotonic() < ends, "no metrics come any more"
        collector.wait(SENT_S)


def scraped(chat: str) -> Series:
    """What ``/metrics`` says, by name and labels."""
    with urllib.request.urlopen(f"{chat}/metrics", timeout=ANSWER_S) as answer:
        lines = answer.read().decode().splitlines()
    found = {}
    for line in lines:
        if not line.startswith("#"):
            series, value = line.rsplit(" ", 1)
            name, _, labels = series.partition("{")
            pairs = [pair.split('="') for pair in labels.rstrip('}"').split('",')] if labels else []
            key = name, frozenset((label, text.strip('"')) for label, text in pairs)
            assert key not in found, f"{series} stands there twice"
            found[key] = float(value)
    return found


def exported(evidence: Evidence) -> Series:
    """What an export between the two scrapes says of all counters and histograms, named as Prometheus does."""
    found = {}
    metrics = evidence.collector.exports()[evidence.export]
    for metric in all_metrics():
        if metric.kind is Kind.GAUGE or metric.name not in metrics:
            continue
        for labels, point in by_labels(metrics[metric.name]).items():
            if isinstance(point, HistogramDataPoint):
                found[f"{metric.prometheus}_count", labels] = float(point.count)
                found[f"{metric.prometheus}_sum", labels] = point.sum
            else:
                found[metric.prometheus, labels] = number(point)
    return found


def parents_of(spans: list[Span]) -> dict[str, set[str]]:
    """The names of a trace's spans, each with those of the spans it was begun in."""
    names = {span.span_id: span.name for span in spans}
    assert len(names) == len(spans), "a span came twice"
    found: dict[str, set[str]] = {}
    for span in spans[1:]:
        found.setdefault(span.name, set()).add(names[span.parent_span_id])
    return found


def test_every_metric_of_the_catalogue_arrives_and_no_other(evidence: Evidence) -> None:
    came = {name for export in evidence.collector.exports() for name in export}
    assert came == {metric.name for metric in all_metrics()}


@pytest.mark.parametrize("metric", all_metrics(), ids=lambda metric: metric.name)
def test_a_metric_arrives_as_the_catalogue_has_it(metric: Metric, evidence: Evidence) -> None:
    found = [export[metric.name] for export in evidence.collector.exports() if metric.name in export]
    assert found, "it never came"
    for one in found:
        assert (one.unit, one.description) == (metric.unit, metric.about)
        assert one.WhichOneof("data") == DATA[metric.kind]
        for labels in by_labels(one):
            given = dict(labels)
            assert given.keys() == {label.name for label in metric.labels}
            assert all(given[label.name] in label.values for label in metric.labels if label.values)
        if metric.kind is not Kind.GAUGE:
            data = getattr(one, one.WhichOneof("data"))
            assert data.aggregation_temporality == AggregationTemporality.AGGREGATION_TEMPORALITY_CUMULATIVE
        if metric.kind is Kind.COUNTER:
            assert one.sum.is_monotonic
        if metric.kind is Kind.HISTOGRAM:
            assert all(tuple(point.explicit_bounds) == metric.bounds for point in points(one))
            assert all(sum(point.bucket_counts) == point.count for point in points(one))


def test_counters_never_fall_and_start_before_they_are_read(evidence: Evidence) -> None:
    highest: dict[object, float] = {}
    for export in evidence.collector.exports():
        for name, metric in export.items():
            if metric.WhichOneof("data") == "sum":
                for labels, point in by_labels(metric).items():
                    assert 0 < point.start_time_unix_nano <= point.time_unix_nano
                    assert number(point) >= highest.get((name, labels), 0.0)
                    highest[name, labels] = number(point)


def test_the_endpoint_and_the_metrics_page_are_told_the_same(evidence: Evidence) -> None:
    told = exported(evidence)
    shown = {key for key in evidence.before if key[0].endswith(("_total", "_count", "_sum"))}
    assert len(shown) > len(all_metrics())
    assert told.keys() >= shown
    for key in shown:
        assert evidence.before[key] <= told[key] <= evidence.after[key], key


@pytest.mark.parametrize(
    ("series", "least"),
    [
        ("planner_updates_total", 6),
        ("planner_reminders_total", 2),
        ("planner_reminders_set_total", 2),
        ("planner_reminder_lateness_seconds_count", 2),
        ("planner_sli_events_total", 3),
        ("planner_syncs_total", 1),
        ("planner_messages_total", 4),
        ("planner_security_refusals_total", 2),
        ("planner_telegram_requests_total", 5),
        ("planner_feed_requests_total", 1),
        ("planner_feed_traffic_bytes_total", 100),
        ("planner_db_busy_total", 1),
        ("planner_db_query_slow_total", 1),
        ("planner_job_runs_total", 1),
        ("planner_worker_tasks_total", 5),
        ("planner_worker_busy_seconds_total", 0.001),
        ("planner_process_cpu_seconds_total", 0.1),
        ("planner_process_network_bytes_total", 1_000),
        ("planner_process_starts_total", 1),
        ("planner_users_new_total", 1),
        ("planner_heartbeat_pings_total", 1),
        ("planner_telemetry_exported_total", 10),
        ("planner_log_lines_total", 3),
    ],
)
def test_what_happened_is_counted(series: str, least: float, evidence: Evidence) -> None:
    assert sum(value for (name, _), value in evidence.after.items() if name == series) >= least


@pytest.mark.parametrize(
    ("series", "labels"),
    [
        ("planner_security_refusals_total", {"kind": "stranger"}),
        ("planner_security_refusals_total", {"kind": "forged_button"}),
        ("planner_reminders_total", {"kind": "event", "outcome": "on_time"}),
        ("planner_syncs_total", {"outcome": "ok"}),
        ("planner_feed_requests_total", {"outcome": "ok"}),
        ("planner_telegram_requests_total", {"method": "sendMessage", "outcome": "accepted"}),
        ("planner_events", {"source": "feed"}),
        ("planner_feeds", {"state": "active"}),
        ("planner_users", {"state": "served"}),
        ("planner_health_ok", {"check": "telemetry"}),
    ],
)
def test_it_is_counted_as_what_it_was(series: str, labels: dict[str, str], evidence: Evidence) -> None:
    assert evidence.after[series, frozenset(labels.items())] >= 1


def test_no_span_and_no_line_comes_twice(evidence: Evidence) -> None:
    spans = Counter((span.trace_id, span.span_id) for span in evidence.collector.spans())
    assert spans
    assert max(spans.values()) == 1
    on_stderr = Counter(line["event"] for line in evidence.lines)
    assert Counter(event_of(record) for record in evidence.collector.logs()) == on_stderr


def event_of(record: LogRecord) -> str:
    """A record's event: its name, or its words where it has none."""
    return record.event_name or record.body.string_value


def test_an_update_is_a_trace_from_its_arrival_to_its_answer(evidence: Evidence) -> None:
    answered = [spans for spans in evidence.traces("update") if "telegram sendMessage" in parents_of(spans)]
    assert len(answered) >= 4
    for root, *steps in answered:
        assert root.kind == Span.SPAN_KIND_CONSUMER
        assert attributes(root.attributes)["outcome"] in {"ok", "refused"}
        assert {"update", "handler"} <= attributes(root.attributes).keys()
        assert all(root.start_time_unix_nano <= step.start_time_unix_nano for step in steps)
        assert all(step.end_time_unix_nano <= root.end_time_unix_nano for step in steps)
        parents = parents_of([root, *steps])
        assert parents["telegram sendMessage"] <= {"update"}
        assert "db write" in parents
    read = [attributes(step.attributes)["reads"] for spans in answered for step in spans if step.name == "parse"]
    assert "phrase" in read, "reading a sentence is a step of its own"


def test_a_reminder_is_a_trace_from_its_due_time_with_a_link_to_what_made_it(evidence: Evidence) -> None:
    creating = evidence.traces("update") + evidence.traces("sync")
    made_by = {span.span_id: spans[0] for spans in creating for span in spans}
    due_ns = {row["due_at"] * 1_000_000 for row in evidence.reminders}
    creators = set()
    traces = evidence.traces("reminder")
    assert len(traces) == len(evidence.reminders) >= 2
    for root, *steps in traces:
        assert root.kind == Span.SPAN_KIND_CONSUMER
        assert root.start_time_unix_nano in due_ns
        parents = parents_of([root, *steps])
        assert parents["telegram sendMessage"] == {"reminder"}
        assert {"claim", "db write"} & parents.keys()
        (link,) = root.links
        creator = made_by[link.span_id]
        assert creator.trace_id == link.trace_id
        creators.add(creator.name)
    assert creators == {"update", "sync"}


def test_a_sync_is_a_trace_with_its_request_and_its_reading(evidence: Evidence) -> None:
    linked, *syncs = evidence.traces("sync")
    assert syncs
    for trace in (linked, *syncs):
        parents = parents_of(trace)
        assert parents["calendar fetch"] == {"sync"}
        assert "calendar read" in parents
        assert "db write" in parents
        fetch = next(span for span in trace if span.name == "calendar fetch")
        assert (fetch.kind, attributes(fetch.attributes)["peer.service"]) == (Span.SPAN_KIND_CLIENT, "calendar")
        assert attributes(trace[0].attributes)["outcome"] == "ok"


def test_requests_and_statements_are_told_as_what_they_are(evidence: Evidence) -> None:
    for span in evidence.collector.spans():
        fields = attributes(span.attributes)
        if span.name.startswith("telegram "):
            assert (span.kind, fields["peer.service"]) == (Span.SPAN_KIND_CLIENT, "telegram")
        if span.name.startswith("db "):
            assert fields["db.system.name"] == "sqlite"


def test_every_step_belongs_to_a_trace_that_came_whole(evidence: Evidence) -> None:
    traces: dict[bytes, list[Span]] = {}
    for span in evidence.collector.spans():
        traces.setdefault(span.trace_id, []).append(span)
    for spans in traces.values():
        ids = {span.span_id for span in spans}
        assert sum(not span.parent_span_id for span in spans) == 1
        assert all(span.parent_span_id in ids for span in spans if span.parent_span_id)
        assert len(next(iter(ids))) == 8
        assert all(len(span.trace_id) == 16 for span in spans)


@pytest.mark.parametrize(("event", "trace"), [("reminder.set", "update"), ("reminder.sent", "reminder")])
def test_a_log_line_has_its_traces_id_over_otlp_and_on_stderr(event: str, trace: str, evidence: Evidence) -> None:
    known = {(root.trace_id, span.span_id) for root, *rest in evidence.traces(trace) for span in (root, *rest)}
    records = [record for record in evidence.collector.logs() if event_of(record) == event]
    assert any((record.trace_id, record.span_id) in known for record in records)
    hex_ids = {trace_id.hex() for trace_id, _ in known}
    assert any(line["event"] == event and line.get("trace_id") in hex_ids for line in evidence.lines)


def test_all_three_signals_name_the_same_process(evidence: Evidence) -> None:
    resources = evidence.collector.resources()
    assert all(resources.values())
    told = [one for signal in resources.values() for one in signal]
    assert all(one == told[0] for one in told)
    assert told[0]["service.name"] == "planner"
    assert told[0]["service.version"] == __version__
    assert told[0]["deployment.environment.name"] == "test"
    assert told[0]["service.instance.id"]


def test_compression_is_as_asked_for(evidence: Evidence) -> None:
    assert {request.headers.get("Content-Encoding") for request in evidence.collector.requests} == {"gzip"}


def test_it_stops_at_once(evidence: Evidence) -> None:
    assert evidence.stopped_s < 3
