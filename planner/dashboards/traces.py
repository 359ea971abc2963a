"""*Logs and traces*: what the log says, the life of one reminder, and where the time of what was late or slow went.

Lines are OpenTelemetry's in Loki: the event's name is the line, and everything else that is known stands beside it as
structured metadata. How much is logged, the planner counts itself, so that the page is of use without Loki, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalogue import reminders, telemetry
from planner.dashboards.board import Board, custom, textbox
from planner.dashboards.courses import BEFORE, counts, painted
from planner.dashboards.grid import COLUMNS, Panel, Row
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    NEUTRAL,
    ORANGE,
    RED,
    Steps,
    bars,
    log,
    note,
    over_time,
    stat,
    traces,
)
from planner.dashboards.queries import ERRONEOUS, WINDOW, counted, grown, whole
from planner.dashboards.targets import LOKI, TEMPO, Query
from planner.dashboards.written import (
    CHAT_FAILING,
    DATABASE_SLOW,
    ERRORS_LOGGED,
    EXPORTS_FAILING,
    LOG_LOST,
    TELEGRAM_SLOW,
    TELEMETRY_DROPPED,
    above,
    runbooks,
)
from planner.model import ON_TIME
from planner.slo.objectives import Links, Promises

SERVICE = "planner"
"""What the planner calls itself where it exports."""
WARNED = 'level="WARNING"'
LEVELS = {"DEBUG": GREY, "INFO": BLUE, "WARNING": ORANGE, "ERROR": RED, "CRITICAL": RED}
SEVERITIES = {"DEBUG": GREY, "INFO": BLUE, "WARN": ORANGE, "ERROR": RED, "FATAL": RED}
"""The same levels as OpenTelemetry names them, and so Loki."""
PLANNER = f'{{service_name="{SERVICE}"}} | service_instance_id=~"$instance"'
GRAVE = 'severity_text=~"ERROR|FATAL"'
SHOWN = ("reminder", "user", "kind", "due_at", "until", "lateness_ms", "attempts", "cause", "handler", "outcome",
         "feed", "host", "fault", "job", "method", "at", "seconds", "for_ms", "error", "exception_type",
         "do")  # fmt: skip
"""What a line tells beside its event's name; all the rest unfolds with it."""
TOLD = "".join(f"{{{{if .{one}}}}} {one}={{{{.{one}}}}}{{{{end}}}}" for one in SHOWN)
FORMAT = f"| line_format `{{{{__line__}}}}{TOLD}`"

SPANS = f'resource.service.name = "{SERVICE}"'
SLOW = "1s"
STEPS = "traces_spanmetrics_latency_bucket"
"""Tempo makes it of spans, and Prometheus keeps it."""


def board(promises: Promises) -> Board:
    """From how many to which, and from there to why."""
    links = promises.links
    return Board(
        "traces",
        "Logs and traces",
        "What the log says, the life of one reminder, and where the time of what was late or slow went. Lines come from"
        " Loki and traces from Tempo; without them the numbers above remain.",
        (
            Row("Does the log say that something is wrong?", tuple(_volume(links))),
            Row("Lines of the level that is chosen", (_lines(links),)),
            Row("One reminder, or one trace", tuple(_search(links))),
            Row("Why was it late?", tuple(_late(links))),
            Row("What failed, and what was slow", tuple(_traces(links))),
        ),
        alerts='alertname=~"Planner(Errors|Log|Telemetry|Export|Reminders).+"',
        variables=(
            custom("level", "Level", ", ".join(SEVERITIES)),
            textbox("reminder", "Reminder's number"),
            textbox("trace", "Trace's id"),
        ),
    )


def _volume(links: Links) -> Iterator[Panel]:
    yield note(
        f"**Where to look first:** *Errors, by event*; {links.page('docs/logs.md')} says of every event what it means."
        " Somebody was not reminded? Type the reminder's number above: *The life of a reminder* shows all that happened"
        " to it, and each line leads to its trace."
    )  # fmt: skip
    yield stat(
        f"Errors within {ERRORS_LOGGED.window}",
        "Lines at ERROR or CRITICAL: a promise was broken, or soon will be, and someone should look."
        f" {runbooks(links, ERRORS_LOGGED)}",
        Query(whole(grown(telemetry.LINES, matchers=(ERRONEOUS,), window=ERRORS_LOGGED.window))), "none",
        above(ERRORS_LOGGED), digits=0,
    )  # fmt: skip
    yield stat(
        f"Warnings within {WINDOW}",
        "Lines at WARNING: what mends itself. Nothing needs doing; many of them come before errors.",
        Query(whole(counted(telemetry.LINES, matchers=(WARNED,)))), "none", NEUTRAL, digits=0,
    )  # fmt: skip
    yield stat(
        f"Late within {WINDOW}",
        "Reminders and daily plans that were sent, but more than a minute after they were due. The row *Why was it"
        f" late?* says why: {links.page('stack/runbooks/slo-reminders.md')}.",
        Query(whole(counted(reminders.SETTLED, matchers=('outcome="late"',)))), "none", Steps(GREEN, ((1, RED),)),
        digits=0,
    )  # fmt: skip
    for title, about, lost, alert in (
        ("Lines lost", "Lines that could be written nowhere, so that they are missing here.",
         grown(telemetry.LINES_LOST, window=LOG_LOST.window), LOG_LOST),
        ("Dropped", "Lines, spans or metrics, whichever are most, that waited for the endpoint and were dropped.",
         f"max({grown(telemetry.DROPPED, 'signal', 'why', window=TELEMETRY_DROPPED.window)})", TELEMETRY_DROPPED),
        ("Exports failed", "Batches of lines, spans or metrics, whichever are most, that the endpoint did not take.",
         f"max({grown(telemetry.FAULTS, 'signal', window=EXPORTS_FAILING.window)})", EXPORTS_FAILING),
    ):  # fmt: skip
        yield stat(f"{title} within {alert.window}", f"{about} {runbooks(links, alert)}", Query(whole(lost)), "none",
                   above(alert), digits=0)  # fmt: skip
    yield counts(
        "Lines, by level, as the planner counts them",
        f"How much was logged {BEFORE}. A hill of errors has an alert: {ERRORS_LOGGED.page(links)}.",
        telemetry.LINES, "level", LEVELS,
    )  # fmt: skip
    yield _over_loki(
        "Lines, by level, as Loki has them",
        "What has arrived. Where it stays below what the planner counts, lines were dropped on their way:"
        f" {TELEMETRY_DROPPED.page(links)}. DEBUG is sent only where PLANNER_LOG_LEVEL says so.",
        f"sum by (severity_text) (count_over_time({PLANNER} [$__interval]))", "{{severity_text}}", SEVERITIES,
    )  # fmt: skip
    yield _over_loki(
        "Errors, by event",
        f"Which lines at ERROR or CRITICAL there were, by the event's name. The most frequent one first:"
        f" {ERRORS_LOGGED.page(links)}.",
        f"sum by (event) (count_over_time({PLANNER} | {GRAVE} [$__interval]))", "{{event}}", {},
    )  # fmt: skip


def _over_loki(title: str, about: str, logql: str, legend: str, colors: dict[str, str]) -> Panel:
    return over_time(title, about, [Query(logql, legend, source=LOKI)], "none", width=8, bars=True, min=0, decimals=0,
                     overrides=painted(colors))  # fmt: skip


def _lines(links: Links) -> Panel:
    return log(
        "The log",
        "The newest lines of the level that is chosen above, with what matters of each; a click unfolds the rest, and"
        " leads to its trace. At ERROR each says what to do, and so does"
        f" {ERRORS_LOGGED.page(links)}.",
        _of_loki(f'{PLANNER} | severity_text=~"$level"'), height=12,
    )  # fmt: skip


def _search(links: Links) -> Iterator[Panel]:
    yield log(
        "The life of a reminder",
        "Every line that tells of the reminder whose number is typed above, of all reminders while none is. A change of"
        " more than a hundred at once is one line, with the first and the last of their numbers only. How to read it:"
        f" {links.page('stack/runbooks/slo-reminders.md')}.",
        _of_loki(f'{PLANNER} | reminder!="" | reminder=~`(.*\\b)?$reminder(\\b.*)?`'), width=12,
    )  # fmt: skip
    yield log(
        "All that belongs to a trace",
        "Every line of the trace whose id is typed above (its first digits are enough), of all traces while none is:"
        " what else happened on the way of one message or one reminder."
        f" {links.page('stack/runbooks/slo-reminders.md')}",
        _of_loki(f'{PLANNER} | trace_id!="" | trace_id=~`$trace.*`'), width=12,
    )  # fmt: skip
    yield traces(
        "The steps of that trace",
        "Where its time went: each step, when it began and how long it took. Nothing is found until the whole id is"
        " typed above, and of what went well only a part is kept. Which step belongs to whom:"
        f" {links.page('stack/runbooks/slo-reminders.md')}.",
        _of_tempo('trace:id = "$trace"'), width=COLUMNS, height=9, spans=True,
    )  # fmt: skip


def _late(links: Links) -> Iterator[Panel]:
    late = f'{PLANNER} |~ "^(reminder.late)$"'
    page = links.page("stack/runbooks/slo-reminders.md")
    yield bars(
        "What kept them, within the time shown",
        "The causes that lines of reminder.late name. What Telegram said is Telegram's; “begun late” is the planner's"
        f" own, and behind the colon stands what kept it; “answered late”: Telegram took its time. {page}",
        Query(f"sum by (cause) (count_over_time({late} [$__range]))", "{{cause}}", instant=True, source=LOKI), "none",
        Steps(ORANGE), width=8, height=9, decimals=0, empty="none was late",
    )  # fmt: skip
    yield log(
        "Late, missed and refused",
        "Every reminder that was late, was so late that it was not sent any more, or that Telegram refused for good,"
        f" with its cause. Its number, typed above, shows its whole life. {page}",
        _of_loki(f'{PLANNER} |~ "^(reminder.late|reminder.missed|reminder.failed)$"'), width=16, height=9,
    )  # fmt: skip
    yield traces(
        "Late reminders' traces",
        "From when each was due to when it was sent, the latest first; these are always kept. The step that fills the"
        f" time is what kept it: the wait for its turn, a request to Telegram, the database. {page}",
        _of_tempo(f'name = "reminder" && span.lateness_ms > {ON_TIME}', "reminder", "kind", "lateness_ms", "attempts"),
        height=9,
    )  # fmt: skip


def _traces(links: Links) -> Iterator[Panel]:
    yield traces(
        "Failed",
        "Traces in which something went wrong: a message that could not be handled, a request that Telegram did not"
        " take, a calendar that could not be read. These are always kept."
        f" {CHAT_FAILING.page(links)}",
        _of_tempo("status = error", "error.type", "outcome"), width=12, height=10,
    )  # fmt: skip
    yield traces(
        f"Slower than {SLOW}",
        f"Messages, syncs, errands and jobs that took longer than {SLOW}, of those that are kept. Reminders are left"
        f" out, for they wait for their turn. {links.page('stack/runbooks/slo-chat.md')}",
        _of_tempo(f'name =~ "update|sync|errand|job" && duration > {SLOW}', "handler", "outcome", "job"), width=12,
        height=10,
    )  # fmt: skip
    yield over_time(
        f"How long steps take (p95 over {WINDOW})",
        "By the step's name, of the traces that are kept; Tempo counts them. The one that rises is the one that"
        f" everything waits for: Telegram {TELEGRAM_SLOW.page(links)}, the database"
        f" {DATABASE_SLOW.page(links)}.",
        [Query(f'histogram_quantile(0.95, sum by (le, span_name) (rate({STEPS}{{service="{SERVICE}"}}[{WINDOW}])))',
               "{{span_name}}")],
        "s", width=COLUMNS, height=8, min=0,
    )  # fmt: skip


def _of_loki(lines: str) -> Query:
    return Query(f"{lines} {FORMAT}", source=LOKI)


def _of_tempo(which: str, *shown: str) -> Query:
    """Traces with a span of which this is so; ``shown`` are its fields that stand beside it."""
    selected = f" | select({', '.join(f'span.{one}' for one in shown)})" if shown else ""
    return Query(f"{{ {SPANS} && {which} }}{selected}", source=TEMPO)
