"""*Reminders*: what was set, came due, was sent and was not; how late; what waits, and what has the most to do."""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalogue import reminders, work
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, counts, painted, percentiles
from planner.dashboards.grid import Panel, Row
from planner.dashboards.kept import ON_TIME_S, REMINDERS, kept, promise_on
from planner.dashboards.panels import BLUE, GREEN, GREY, NEUTRAL, ORANGE, RED, Steps, bars, heatmap, over_time, stat
from planner.dashboards.queries import (
    FAILED,
    SENT,
    WINDOW,
    beyond,
    buckets,
    counted,
    grown,
    now,
    quantile,
    rate,
    share,
    there,
    whole,
)
from planner.dashboards.targets import Query
from planner.dashboards.written import (
    CPU_BUSY,
    REMINDER_STUCK,
    REMINDERS_GIVEN_UP,
    REMINDERS_PILING_UP,
    RESTARTING,
    SENDING_HANGS,
    TELEGRAM_FAULTY,
    THROUGHPUT_LOW,
    TIMERS_LATE,
    WORKERS_DYING,
    above,
    longer,
    runbooks,
)
from planner.slo.generate.alerting import percent
from planner.slo.objectives import Links, Promises, Slo

LOST = 'why=~"missed|failed"'
EARLY = "-Inf"
"""The least of a lateness: a burst begins before it is due."""
LATENESS = Steps(GREEN, ((ON_TIME_S / 4, ORANGE), (ON_TIME_S, RED)))
"""A quarter of what is promised is a notice."""
OUTCOMES = {"on_time": GREEN, "late": ORANGE, "failed": RED}
WHY = {"cancelled": BLUE, "undeliverable": GREY, "missed": RED, "failed": RED}


def board(promises: Promises) -> Board:
    """From what is promised to what it hangs on."""
    links = promises.links
    slo = promise_on(REMINDERS, promises)
    page = slo.runbook_url if slo else REMINDER_STUCK.page(links)
    return Board(
        "reminders",
        "Reminders",
        "Are people reminded, and on time: what was set, came due, was sent or was not, how late, and what waits.",
        (
            Row("Are people reminded, and on time?", tuple(_now(links, slo, page))),
            Row("What became of them", tuple(_became(links, page))),
            Row("How late", tuple(_late(links, page))),
            Row("What waits", tuple(_waits(links))),
            Row("Who has the most to do", tuple(_works(links))),
        ),
        alerts='alertname=~"Planner(Reminder|Sending|Throughput|Scheduler|Timers|Plans|Telegram|Probes).*"',
    )


def _now(links: Links, slo: Slo | None, page: str) -> Iterator[Panel]:
    promised = f" Promised are {percent(slo.objective)}." if slo else ""
    yield stat(
        f"On time within {WINDOW}",
        f"Of what was over within {WINDOW}, the share that Telegram had within {ON_TIME_S:g} s of the time it was"
        f" due.{promised} Red: {page}",
        Query(share(grown(reminders.SETTLED, matchers=('outcome="on_time"',)), grown(reminders.SETTLED))),
        "percentunit", kept(slo), digits=1, empty="none due",
    )  # fmt: skip
    yield stat(
        f"Sent within {WINDOW}",
        f"Reminders, snoozes and daily plans that Telegram took, late ones too. Where much is due and little is sent"
        f" there is an alert: {THROUGHPUT_LOW.page(links)}.",
        Query(whole(counted(reminders.SETTLED, matchers=(SENT,)))), "none", NEUTRAL, digits=0,
    )  # fmt: skip
    yield stat(
        f"Lost within {REMINDERS_GIVEN_UP.window}",
        "Reminders that nobody got: a day late and so no longer sent, or refused by Telegram for good. What was"
        f" cancelled is none of them. {runbooks(links, REMINDERS_GIVEN_UP)}",
        Query(whole(grown(reminders.GIVEN_UP, matchers=(LOST,), window=REMINDERS_GIVEN_UP.window))), "none",
        above(REMINDERS_GIVEN_UP), digits=0,
    )  # fmt: skip
    yield stat(
        f"Lateness p95, over {WINDOW}",
        "95 in 100 were sent sooner after the time they were due; below 0 where a burst began early. Red: late by the"
        f" promise. {page}",
        Query(there(quantile(0.95, reminders.LATENESS), EARLY)), "s", LATENESS, digits=1, empty="none sent",
    )  # fmt: skip
    yield stat(
        "Due and not sent",
        "What is due now and waits to be sent. A burst is gone within a minute."
        f" {runbooks(links, REMINDERS_PILING_UP)}",
        Query(now(reminders.WAITING, how="sum")), "none", above(REMINDERS_PILING_UP), digits=0,
    )  # fmt: skip
    yield stat(
        "The oldest waits for",
        f"How long the oldest of those has waited; 0 where none does. Orange: late by the promise."
        f" {runbooks(links, REMINDER_STUCK)}",
        Query(now(reminders.OLDEST)), "s", Steps(GREEN, ((ON_TIME_S, ORANGE), (REMINDER_STUCK.at, RED))), digits=0,
    )  # fmt: skip


def _became(links: Links, page: str) -> Iterator[Panel]:
    yield over_time(
        "Set, due, sent, failed",
        f"How many reminders were made, came due, were sent and were not, {BEFORE}. Due and sent go together; where"
        f" sent stays below due, they pile up: {REMINDERS_PILING_UP.page(links)}.",
        [Query(grown(reminders.SET), "set"), Query(grown(reminders.DUE), "due"),
         Query(grown(reminders.SETTLED, matchers=(SENT,)), "sent"),
         Query(grown(reminders.SETTLED, matchers=(FAILED,)), "failed")],
        "none", width=12, min=0, decimals=0, overrides=painted({"sent": GREEN, "failed": RED, "set": BLUE}),
    )  # fmt: skip
    yield counts(
        "What became of them", f"On time, late, or not sent at all, {BEFORE}. Late and failed ones are what the promise"
        f" counts as bad: {page}", reminders.SETTLED, "outcome", OUTCOMES, width=12,
    )  # fmt: skip
    yield counts(
        "Not sent, by reason",
        f"What ended without being sent {BEFORE}. Cancelled: its event was changed. Undeliverable: its user has blocked"
        f" the bot. Missed and failed are lost: {REMINDERS_GIVEN_UP.page(links)}.",
        reminders.GIVEN_UP, "why", WHY,
    )  # fmt: skip
    yield counts(
        "Sent, by kind", f"Reminders of events, snoozes, and daily plans that Telegram took, {BEFORE}. Nothing needs"
        " doing.", reminders.SETTLED, "kind", matchers=(SENT,),
    )  # fmt: skip
    yield over_time(
        "Repeats",
        f"What would have been sent twice and was not, and what was in flight when the planner ended, so that it was"
        f" sent again and may have come twice, {BEFORE}. Many of these are many crashes:"
        f" {RESTARTING.page(links)}.",
        [Query(grown(reminders.REPEATS_AVOIDED, matchers=('of="reminder"',)), "avoided"),
         Query(grown(reminders.RECLAIMED), "sent again after a crash")],
        "none", width=8, bars=True, min=0, decimals=0, overrides=painted({"avoided": GREEN}),
    )  # fmt: skip


def _late(links: Links, page: str) -> Iterator[Panel]:
    yield heatmap(
        "Lateness",
        "How many were sent how long after the time they were due: the darker, the more. Below 0 a burst began early,"
        f" so that its last is on time, too. Whatever lies above {ON_TIME_S:g} is late by the promise: {page}",
        Query(buckets(reminders.LATENESS)), "s",
    )  # fmt: skip
    yield over_time(
        f"Lateness, over {WINDOW}",
        "Half of them were sent sooner after they were due than p50, 95 in 100 than p95. Where p50 rises, all are late:"
        f" Telegram, the disk, or too much at once. Where only p99 does, one chat has to wait. {page}",
        [Query(there(quantile(part, reminders.LATENESS), EARLY), f"p{100 * part:.0f}") for part in (0.5, 0.95, 0.99)],
        "s", LATENESS, height=8,
    )  # fmt: skip
    yield over_time(
        "Attempts",
        f"How many requests a reminder took, on the mean and for 95 in 100, over {WINDOW}. 1 is usual; more are"
        f" Telegram's faults, or its wish to wait: {TELEGRAM_FAULTY.page(links)}.",
        [Query(there(_mean()), "mean"), Query(there(quantile(0.95, reminders.ATTEMPTS)), "p95")],
        "none", width=8, min=0, decimals=1,
    )  # fmt: skip
    yield over_time(
        "Took more than one attempt",
        f"How many needed a second request or more, {BEFORE}. Each was tried again until Telegram took it. Where they"
        f" do not end: {TELEGRAM_FAULTY.page(links)}.",
        [Query(beyond(1.0, reminders.ATTEMPTS), "two or more"), Query(beyond(5.0, reminders.ATTEMPTS), "six or more")],
        "none", width=8, min=0, decimals=0,
    )  # fmt: skip
    yield percentiles(
        f"Timers fire late by, over {WINDOW}",
        "How long after its time a timer of the scheduler fired. It is ours alone: a machine or an event loop with too"
        f" much to do. {TIMERS_LATE.page(links)}",
        work.LAG, longer(TIMERS_LATE), width=8,
    )  # fmt: skip


def _mean() -> str:
    total, count = (grown(reminders.ATTEMPTS, part=part) for part in ("sum", "count"))
    return share(total, count)


def _waits(links: Links) -> Iterator[Panel]:
    yield over_time(
        "Due and not sent, and in flight",
        "What is due and waits, and what is on its way to Telegram. A hill is a burst; what does not come down piles"
        f" up: {REMINDERS_PILING_UP.page(links)}. In flight without an end: {SENDING_HANGS.page(links)}.",
        [Query(now(reminders.WAITING, how="sum"), "due and not sent"),
         Query(now(reminders.ACTIVE, how="sum"), "in flight")],
        "none", width=8, min=0, decimals=0,
    )  # fmt: skip
    yield over_time(
        "How long the oldest has waited",
        f"0 where nothing waits. Dashed: late by the promise, and stuck. {runbooks(links, REMINDER_STUCK)}",
        [Query(now(reminders.OLDEST), "oldest")], "s",
        Steps(GREEN, ((ON_TIME_S, ORANGE), (REMINDER_STUCK.at, RED))), width=8, min=0,
    )  # fmt: skip
    yield over_time(
        "Owed, whenever they are due",
        "Reminders that are made and not over, by kind. Nothing needs doing: it is how much is planned.",
        [Query(now(reminders.PENDING, "kind", how="sum"), "{{kind}}")], "none", width=8, bars=True, min=0, decimals=0,
    )  # fmt: skip


def _works(links: Links) -> Iterator[Panel]:
    used = rate(work.BUSY, "worker")
    steps = above(CPU_BUSY)
    yield bars(
        f"Workers' use, over {WINDOW}",
        f"The share of the time in which each worker worked. Orange: it is the bottleneck, {CPU_BUSY.page(links)}; what"
        f" waits for it is late: {THROUGHPUT_LOW.page(links)}. The writer and the reader are the database's:"
        " *Database*.",
        Query(used, "{{worker}}"), "percentunit", steps, width=8, max=1, decimals=1,
    )  # fmt: skip
    yield over_time(
        "Workers' use over time",
        f"The same, over the {WINDOW} before each moment. Dashed: it keeps others waiting, see"
        f" {CPU_BUSY.page(links)} and {THROUGHPUT_LOW.page(links)}.",
        [Query(used, "{{worker}}")], "percentunit", steps, width=8, min=0, max=1, decimals=1,
    )  # fmt: skip
    yield over_time(
        "Workers that failed or died",
        f"What a worker could not do {BEFORE}, which it tries again, and workers that died and were begun anew:"
        f" {WORKERS_DYING.page(links)}. What the delivery could not do are requests that Telegram did not take; the"
        " rest is told where it does not end.",
        [Query(grown(work.TASKS, "worker", matchers=(FAILED,)), "{{worker}}"),
         Query(grown(work.RESTARTS), "workers that died")],
        "none", width=8, min=0, decimals=0, overrides=painted({"workers that died": RED}),
    )  # fmt: skip
