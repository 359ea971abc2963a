"""*Overview*: is all well, what goes on, and for whom. Each of its panels has a dashboard that says more."""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalogue import calendars, chat, cost, outside, people, process, reminders, telemetry, work
from planner.dashboards import alerts
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, FAULTS, WELL, counts, painted
from planner.dashboards.grid import Panel, Row
from planner.dashboards.kept import ANSWERED_S, ON_TIME_S, REMINDERS, kept, promise_on
from planner.dashboards.panels import GREEN, NEUTRAL, ORANGE, RED, Steps, bars, over_time, stat, states, words
from planner.dashboards.queries import (
    ERRONEOUS,
    FAILED,
    SENT,
    WINDOW,
    counted,
    grown,
    now,
    quantile,
    share,
    there,
    whole,
)
from planner.dashboards.targets import Query
from planner.dashboards.written import (
    CHAT_FAILING,
    DATABASE_REFUSING,
    ERRORS_LOGGED,
    HEAP_GROWING,
    RESTARTING,
    SEEN,
    UNREACHABLE,
    UNWELL,
    USERS_GROWING,
    above,
    runbooks,
)
from planner.slo.generate.alerting import percent
from planner.slo.objectives import Links, Promises, Slo

DAY = "1d"
"""A day that begins at a midnight would be somebody's zone."""
YOUNG_S = 600
"""A start that is younger is news."""
CIRCUITS = words((0, "closed: it answers", GREEN), (1, "open: it does not", RED))


def board(promises: Promises) -> Board:
    """What somebody sees who looks at one page a day."""
    links = promises.links
    slo = promise_on(REMINDERS, promises)
    return Board(
        "overview",
        "Overview",
        "Is all well, what goes on, and for whom: the one page to look at each day. Red leads to its runbook, and the"
        " dashboard of that part says why.",
        (
            Row("Is all well?", tuple(_well(links, slo))),
            Row("What goes on", tuple(_goes_on(links))),
            Row("Alerts", tuple(_alerts(links))),
            Row("People", tuple(_people(links))),
        ),
    )


def _well(links: Links, slo: Slo | None) -> Iterator[Panel]:
    yield stat(
        "Messages in 24 h",
        "What Telegram accepted within the last 24 hours: reminders, daily plans and answers; where the"
        " planner is older than its Prometheus, since that first saw it. Nothing needs doing; 0 on"
        " a day on which people wrote is no good sign, and then the alerts say why.",
        Query(whole(counted(cost.MESSAGES, window=DAY))), "none", NEUTRAL, digits=0,
    )  # fmt: skip
    yield _on_time(links, slo)
    yield stat(
        "Active users",
        "How many users wrote or pressed something within the last 24 hours, of those who are served. Nothing needs"
        " doing: that they read what they are sent, nobody can see.",
        Query(now(people.USERS_ACTIVE, matchers=('within="day"',))), "none", NEUTRAL, digits=0,
    )  # fmt: skip
    yield stat(
        "Uptime",
        "How long this process has run. Orange: for less than ten minutes; so often that it shows here again and again"
        f" there is an alert, see {RESTARTING.page(links)}. What the planner promises of it, *Promises* says.",
        Query(f"time() - {now(process.STARTED_AT)}"), "s", Steps(ORANGE, ((YOUNG_S, GREEN),)), digits=1,
    )  # fmt: skip
    yield alerts.how_many(links)
    yield stat(
        f"Errors within {ERRORS_LOGGED.window}",
        "Lines of the log at ERROR or CRITICAL: a promise was broken, or soon will be. *Logs and traces* shows them."
        f" {SEEN} {runbooks(links, ERRORS_LOGGED)}",
        Query(whole(grown(telemetry.LINES, matchers=(ERRONEOUS,), window=ERRORS_LOGGED.window))), "none",
        above(ERRORS_LOGGED), digits=0,
    )  # fmt: skip
    yield states(
        "The parts' health",
        "What /readyz says of each part, now and before. Telegram and the scheduler are what reminders depend on:"
        f" {UNWELL.page(links)}; the database: {DATABASE_REFUSING.page(links)}.",
        Query(now(process.HEALTHY, "check", how="min"), "{{check}}"), WELL, width=14, height=6,
    )  # fmt: skip
    yield states(
        "Circuits",
        "Whether sending waits for a service that does not answer. While it is open nothing is lost, and what is due"
        f" waits. {runbooks(links, UNREACHABLE)}",
        Query(now(outside.CIRCUIT, "service"), "{{service}}"), CIRCUITS, width=10, height=6,
    )  # fmt: skip


def _on_time(links: Links, slo: Slo | None) -> Panel:
    page = slo.runbook_url if slo else links.page("stack/runbooks/")
    promised = f" Promised are {percent(slo.objective)}." if slo else ""
    on_time, settled = (grown(reminders.SETTLED, matchers=which, window=DAY) for which in (('outcome="on_time"',), ()))
    return stat(
        "On time in 24 h",
        "Of the reminders and daily plans that were over within the last 24 hours, the share that Telegram had within"
        f" {ON_TIME_S:g} s of the time they were due.{promised} When it is red: {page}",
        Query(share(on_time, settled)), "percentunit", kept(slo), digits=1, empty="none due",
    )  # fmt: skip


def _goes_on(links: Links) -> Iterator[Panel]:
    yield counts(
        "Reminders sent, by kind",
        f"What was sent {BEFORE}: of events, daily plans, and what somebody had put off. Nothing needs doing here; what"
        " was late or failed, *Reminders* shows.",
        reminders.SETTLED, "kind", matchers=(SENT,), width=12,
    )  # fmt: skip
    yield over_time(
        "Errors, by where",
        f"What went wrong {BEFORE}. Lines at ERROR mean that a promise was broken, or soon will be:"
        f" {ERRORS_LOGGED.page(links)}. A failed message: {CHAT_FAILING.page(links)}. The rest is tried again by"
        " itself, and is told where it does not end.",
        list(_errors()), "none", width=12, bars=True, min=0, decimals=0,
        overrides=painted(dict(zip((one.legend for one in _errors()), FAULTS, strict=False))),
    )  # fmt: skip
    yield over_time(
        f"Answer time, over {WINDOW}",
        "How long people waited for their answer: half of them less than p50, 95 in 100 less than p95. Above the dashed"
        f" line, {ANSWERED_S:g} s, an answer counts as bad: {links.page('stack/runbooks/slo-chat.md')}.",
        [Query(there(quantile(part, chat.UPDATE_DURATION)), f"p{100 * part:.0f}") for part in (0.5, 0.95)],
        "s", Steps(GREEN, ((ANSWERED_S, RED),)), width=12, min=0,
    )  # fmt: skip
    yield over_time(
        "Heap depth",
        "How many timers wait in the scheduler's heap, beside the reminders that are owed, whenever they are due. The"
        " heap holds the nearest of them, and some jobs. A heap that grows beyond what is owed leaks:"
        f" {HEAP_GROWING.page(links)}.",
        [Query(now(work.TIMERS), "timers in the heap"), Query(now(reminders.PENDING, how="sum"), "reminders owed")],
        "none", width=12, min=0, decimals=0,
    )  # fmt: skip


def _errors() -> Iterator[Query]:
    yield Query(grown(telemetry.LINES, matchers=(ERRONEOUS,)), "lines at ERROR")
    yield Query(grown(reminders.SETTLED, matchers=('outcome!="on_time"',)), "reminders late or failed")
    yield Query(grown(work.TASKS, matchers=('worker="intake"', FAILED)), "messages not handled")
    yield Query(grown(outside.ERRORS), "faults of Telegram's")
    yield Query(grown(calendars.SYNCS, matchers=('outcome!~"ok|not_modified"',)), "syncs that failed")
    yield Query(grown(work.JOB_RUNS, matchers=(FAILED,)), "jobs that failed")


def _alerts(links: Links) -> Iterator[Panel]:
    yield alerts.now(links, width=12)
    yield alerts.before(links, width=12)
    yield alerts.course(alerts.on_its_page(links), width=24, height=7)


def _people(links: Links) -> Iterator[Panel]:
    came = whole(grown(people.USERS_NEW, window=USERS_GROWING.window))
    for title, about, query, empty in (
        ("Users served", "Users who get what they asked for.", now(people.USERS, matchers=('state="served"',)), "–"),
        ("Users who blocked it", "Users who have blocked the bot, or may no longer use it: nothing is sent to them.",
         now(people.USERS, matchers=('state="frozen"',)), "–"),
        ("Active this week", "Users who wrote or pressed something within the last 7 days.",
         now(people.USERS_ACTIVE, matchers=('within="week"',)), "–"),
    ):  # fmt: skip
        yield stat(title, f"{about} Nothing needs doing.", Query(query), "none", NEUTRAL, width=6, digits=0,
                   empty=empty)  # fmt: skip
    yield stat(
        "Came in 24 h", f"Users who came within the last 24 hours. {SEEN} {runbooks(links, USERS_GROWING)}",
        Query(came), "none", above(USERS_GROWING), width=6, digits=0,
    )  # fmt: skip
    for title, about, metric, label in (
        ("Users by language", "Which languages matter.", people.LANGUAGES, "language"),
        ("Users by region", "The regions of users' zones: when daily plans fall due together.", people.REGIONS,
         "region"),
        ("Events by source", "Where events come from: written in the chat, from a file, from a linked calendar.",
         people.EVENTS, "source"),
    ):  # fmt: skip
        yield bars(title, f"{about} Nothing needs doing.", Query(now(metric, label), f"{{{{{label}}}}}"), "none",
                   NEUTRAL, width=6, decimals=0)  # fmt: skip
    yield over_time(
        "Users over time",
        "Those who are served, and those who wrote within a day and within a week. Nothing needs doing.",
        [Query(now(people.USERS, matchers=('state="served"',)), "served"),
         Query(now(people.USERS_ACTIVE, "within"), "active within a {{within}}")],
        "none", width=6, min=0, decimals=0,
    )  # fmt: skip
