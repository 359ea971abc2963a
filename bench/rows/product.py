"""The product as a whole, beside a bot on bare aiogram. Each figure comes from a module of ``bench.product``."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from bench.table import OURS, Measure, Row, at_least, at_most, at_most_times

AIOGRAM = "aiogram"
DATEPARSER = "dateparser"
LIBRARIES = "icalendar + recurring-ical-events"
STRAIGHT = "a straight line"


def of(module: str, value: str) -> Measure:
    """One of the values that a module measures. Imported only when it is: what is measured must not be here already."""
    return partial(_measured, module, value)


def _measured(module: str, value: str) -> float:
    return float(import_module(f"bench.product.{module}").measure()[value])


ROWS: tuple[Row, ...] = (
    Row(
        "1,000,000 pending reminders: start until the first may fire",
        "s",
        {OURS: of("cold_start", "first_s")},
        (at_most(1, "< 1"),),
        "beyond imports; from opening the file until the first request, claimed on disk",
    ),
    Row(
        "3,200 reminders to 3,200 chats at one instant, fake clock: furthest from due",
        "s",
        {OURS: of("burst_fake_clock", "single_s")},
        (at_most(60, "≤ 60"),),
        "30/s enforced by the local chat, answers after 100 to 300 ms",
    ),
    Row(
        "179 chats of 10 reminders at one instant, fake clock: furthest from due",
        "s",
        {OURS: of("burst_fake_clock", "ten_each_s")},
        (at_most(62, "≤ 62"),),
    ),
    Row(
        "3,200 reminders to 3,200 chats at one instant, real time: furthest from due",
        "s",
        {OURS: of("burst_real_time", "worst_s")},
        (at_most(60, "≤ 60"),),
        "once, since it takes two minutes and a half; not with --quick",
        longest_s=400,
        once=True,
    ),
    Row(
        "deliveries with durable states",
        "1/s",
        {OURS: of("deliveries", "deliveries_per_s"), AIOGRAM: of("aiogram_deliveries", "deliveries_per_s")},
        (at_least(950, "≥ 950"),),
        "10,000 due at one instant, a server that answers after 100 to 300 ms, PLANNER_SEND_RATE=1000, which is sent at"
        " 991/s; aiogram: its own session of 100 connections, no database",
    ),
    Row(
        "CPU of a delivery",
        "µs",
        {OURS: of("deliveries", "cpu_us"), AIOGRAM: of("aiogram_deliveries", "cpu_us")},
        (),
        "all threads; the planner's with loading, putting into words, claim and outcome",
    ),
    Row(
        "idle bot on its local chat: memory",
        "MB",
        {OURS: of("idle", "rss_mb"), AIOGRAM: of("aiogram_idle", "rss_mb")},
        (at_most(100, "≤ 100"), at_most(80, "better ≤ 80")),
        "VmRSS 3 s after it is ready, the local chat's server included; aiogram: the bot alone",
    ),
    Row(
        "idle bot on its local chat: CPU from start to ready",
        "s",
        {OURS: of("idle", "cpu_s"), AIOGRAM: of("aiogram_idle", "cpu_s")},
        (at_most(2, "≤ 2"), at_most(1.2, "better ≤ 1.2")),
    ),
    Row(
        "chat command with 10,000 events of the user, p99",
        "ms",
        {OURS: of("chat_command", "p99_ms")},
        (at_most(50, "< 50"),),
        "local chat over HTTP, from the message's POST until its answer is shown; /today, /week, /plan, an event added",
    ),
    Row(
        "a search among 10,000 events of the user, worst",
        "ms",
        {OURS: of("search_events", "worst_ms")},
        (at_most(50, "< 50"),),
        "words that many, some and no events have, in any form",
    ),
    Row(
        "phrases of the tests' tables whose start is right",
        "%",
        {OURS: of("phrases", "starts_percent"), DATEPARSER: of("dateparser_phrases", "starts_percent")},
        (at_least(100, "100"),),
        "English and Russian; they are what the parser was made with, so this says what it covers, not how it guesses",
    ),
    Row(
        "phrases written without a look at the grammar: the start is right",
        "%",
        {OURS: of("people", "starts_percent"), DATEPARSER: of("dateparser_people", "starts_percent")},
        (at_least(97, "≥ 97"),),
        "English and Russian, what has a start at all; the peer may find several dates, and any of them may be right",
    ),
    Row(
        "the same: title, end, repetition, leads, and questions where they are due, all right",
        "%",
        {OURS: of("people", "pleasing_percent")},
        (at_least(95, "≥ 95"),),
    ),
    Row(
        "a phrase understood, median",
        "µs",
        {OURS: of("phrases", "median_us"), DATEPARSER: of("dateparser_phrases", "median_us")},
        (at_most(1_000, "< 1,000"),),
    ),
    Row(
        "a phrase understood, worst",
        "µs",
        {OURS: of("phrases", "worst_us")},
        (at_most(5_000, "< 5,000"),),
        "of all phrases of the tests' tables",
    ),
    Row(
        "a text understood that is as long as may be and nothing but words of time, worst",
        "µs",
        {OURS: of("phrases", "longest_us")},
        (at_most(50_000, "< 50,000"),),
        "1,200 characters; longer ones are refused unread",
    ),
    Row(
        "a calendar of 20,000 events linked: fetched, read, stored, reminders set, 60 days expanded: CPU",
        "s",
        {OURS: of("ics_import", "cpu_s"), LIBRARIES: of("ics_libraries", "cpu_s")},
        (at_most_times(0.25, LIBRARIES), at_most_times(0.1, LIBRARIES)),
        "17.8 MB, 30 % of them recur; with the process that reads; the libraries only parse and expand",
    ),
    Row(
        "the same: peak memory",
        "MB",
        {OURS: of("ics_import", "peak_mb"), LIBRARIES: of("ics_libraries", "peak_mb")},
        (at_most_times(0.35, LIBRARIES),),
        "above what the process held before; the planner's with all of the process that reads",
    ),
    Row(
        "the same: event loop's lag meanwhile, p99",
        "ms",
        {OURS: of("ics_lag", "p99_ms")},
        (at_most(5, "< 5"),),
        "how late a timer of 2 ms is",
    ),
    Row(
        "the same: occurrences of 60 days that are missing, extra or elsewhere",
        "",
        {OURS: of("ics_same", "different")},
        (at_most(0, "0"),),
        "beside what the libraries find, by UID, start and end",
    ),
    Row(
        "planner.py expand of that calendar, 60 days: CPU",
        "s",
        {OURS: of("ics_expand", "cpu_s"), LIBRARIES: of("ics_libraries", "cpu_s")},
        (at_most_times(0.25, LIBRARIES),),
        "start and output included; each occurrence a JSON line",
    ),
    Row(
        "the same calendar synced again, 304",
        "ms",
        {OURS: of("ics_again", "not_modified_ms")},
        (at_most(20, "< 20"),),
        "until it is known that nothing has changed",
    ),
    Row(
        "the same calendar synced again, the same bytes without an ETag",
        "ms",
        {OURS: of("ics_again", "same_bytes_ms")},
        (at_most(20, "< 20"),),
        "fetched over loopback and hashed, not read",
    ),
    Row(
        "the same calendar synced again, one event changed: CPU, of the first import's",
        "×",
        {OURS: of("ics_again", "changed_times")},
        (at_most(0.1, "< 0.1"),),
    ),
    Row(
        "1,000 calendars of 200 events every 15 minutes: share of a core",
        "%",
        {OURS: of("sync_many", "core_percent")},
        (at_most(25, "< 25"),),
        "a tenth of them changed, half of the others without ETags; once, since linking them takes minutes",
        longest_s=900,
        once=True,
    ),
    Row(
        "the same: the latest sync",
        "s",
        {OURS: of("sync_many", "late_max_s")},
        (at_most(60, "≤ 60"),),
        "at fifteen times the pace",
        longest_s=900,
        once=True,
    ),
    Row(
        "telemetry on, 100 updates/s and 30 reminders/s for 60 s: CPU added, of one core",
        "%",
        {OURS: of("telemetry", "cpu_added_percent")},
        (at_most(5, "< 5"),),
        "everything to an OTLP/HTTP receiver of another process, and /metrics scraped; beside the same without",
        longest_s=900,
        once=True,
    ),
    Row(
        "the same: memory added",
        "MB",
        {OURS: of("telemetry", "rss_added_mb")},
        (at_most(40, "< 40"),),
        longest_s=900,
        once=True,
    ),
    Row(
        "the same: latency added to an update, p99",
        "ms",
        {OURS: of("telemetry", "update_added_p99_ms")},
        (at_most(1, "< 1"),),
        "from its being there to be fetched until its answer has come to the server",
        longest_s=900,
        once=True,
    ),
    Row(
        "the same: /readyz, p99",
        "ms",
        {OURS: of("telemetry", "readyz_p99_ms")},
        (at_most(20, "< 20"),),
        longest_s=900,
        once=True,
    ),
    Row(
        "OpenTelemetry modules imported without an endpoint",
        "",
        {OURS: of("telemetry", "sdk_imports")},
        (at_most(0, "0"),),
        longest_s=900,
        once=True,
    ),
    Row(
        "forecasts of when a budget is gone: true times within the interval that is to hold 80 of 100",
        "%",
        {OURS: of("forecast", "held_percent")},
        (at_least(75, "≥ 75"),),
        "400 simulated histories of three weeks: a rate that changed, one that grows, clumps; once, it draws the same",
        once=True,
    ),
    Row(
        "the same: how far off, where the budget did go within the week",
        "h",
        {OURS: of("forecast", "error_h"), STRAIGHT: of("forecast", "naive_error_h")},
        (at_most_times(1, STRAIGHT),),
        "median; a straight line: what is left, at the burn rate of the last day",
        once=True,
    ),
)
