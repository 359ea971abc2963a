"""*Calendars and outside services*: is Telegram there, are the servers of linked calendars, and what do they answer."""

from __future__ import annotations

from planner.catalogue import calendars, outside
from planner.catalogue.metric import Metric
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, counts, faults, painted, percentiles, traffic
from planner.dashboards.grid import Panel, Row
from planner.dashboards.kept import SYNCS, kept, promise_on
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    NEUTRAL,
    ORANGE,
    RED,
    Steps,
    bars,
    heatmap,
    over_time,
    stat,
    states,
    words,
)
from planner.dashboards.queries import (
    WINDOW,
    beyond,
    buckets,
    greatest,
    grown,
    mean,
    now,
    quantile,
    share,
    there,
    whole,
    within,
)
from planner.dashboards.targets import Query
from planner.dashboards.written import (
    FEEDS_FAILING,
    FEEDS_SLOW,
    HALTED,
    LONG_PAUSE,
    RATE_LIMITED,
    TELEGRAM_FAULTY,
    TELEGRAM_SLOW,
    UNREACHABLE,
    WrittenAlert,
    above,
    below,
    longer,
    runbooks,
)
from planner.slo.generate.alerting import percent
from planner.slo.objectives import Links, Promises, Slo

SYNCED = 'outcome=~"ok|not_modified"'
FAULTY = 'kind=~"timeout|network|server"'
"""Faults that are Telegram's or the network's: being asked to wait and being refused are none."""

FOUND = {"ok": GREEN, "not_modified": "light-green"}
ANSWERS = {
    "accepted": GREEN, "paused": ORANGE, "unclear": ORANGE, "not_sent": RED, "blocked": GREY, "moved": BLUE,
    "refused": RED, "halted": RED,
}  # fmt: skip


def board(promises: Promises) -> Board:
    """Rate, errors and duration of each, the present above."""
    links = promises.links
    slo = promise_on(SYNCS, promises)
    return Board(
        "outside",
        "Calendars and outside services",
        "Is it us or them: whether Telegram and the servers of linked calendars answer, how fast, and with what.",
        (
            Row("Are they well?", (*_telegram_now(links), *_calendars_now(links, slo))),
            Row("Telegram", _telegram(links)),
            Row("Linked calendars", _calendars(links, slo)),
            Row("Telegram, method by method", _methods(links), folded=True),
            Row("Calendars' servers", _servers(links), folded=True),
        ),
        alerts='alertname=~"Planner(Telegram|Sending|Feeds|Syncs).+"',
    )


def _telegram_now(links: Links) -> tuple[Panel, ...]:
    faulty = grown(outside.ERRORS, matchers=(FAULTY,), window=TELEGRAM_FAULTY.window)
    return (
        stat(
            "Telegram",
            f"Whether sending waits because Telegram does not answer. {runbooks(links, UNREACHABLE)}",
            Query(now(outside.CIRCUIT)),
            "none", Steps(GREY), mappings=words((0, "answers", GREEN), (1, "does not answer", RED)),
        ),
        stat(
            "The bot's token",
            "Whether Telegram accepts it. It does not where it was revoked or another program polls with"
            f" it. {runbooks(links, HALTED)}",
            Query(now(outside.HALTED)),
            "none", Steps(GREY), mappings=words((0, "accepted", GREEN), (1, "refused", RED)),
        ),
        stat(
            f"Answered within {TELEGRAM_SLOW.length:g} s",
            f"The share of requests to Telegram within {TELEGRAM_SLOW.span} that took no longer, long polls apart. The"
            f" alert needs five that were slower, too. {runbooks(links, TELEGRAM_SLOW)}",
            Query(_quick(outside.DURATION, TELEGRAM_SLOW)),
            "percentunit", below(TELEGRAM_SLOW), empty="idle", digits=1,
        ),
        stat(
            "Requests that failed",
            f"The share of requests to Telegram within {TELEGRAM_FAULTY.span} that ended in a timeout, a fault of the"
            " network or of"
            f" Telegram's. The alert needs ten of them, too. {runbooks(links, TELEGRAM_FAULTY)}",
            Query(share(faulty, grown(outside.REQUESTS, window=TELEGRAM_FAULTY.window))),
            "percentunit", above(TELEGRAM_FAULTY), empty="idle", digits=1,
        ),
        stat(
            "Asked to wait",
            f"How often within {RATE_LIMITED.span} Telegram asked the planner to send more slowly (429)."
            f" {runbooks(links, RATE_LIMITED)}",
            Query(whole(grown(outside.RETRY_AFTER, window=RATE_LIMITED.window))), "none", above(RATE_LIMITED),
            digits=0,
        ),
        stat(
            "Long pauses",
            f"How often within {LONG_PAUSE.span} Telegram asked it to wait for more than {LONG_PAUSE.length:g} s."
            f" {runbooks(links, LONG_PAUSE)}",
            Query(whole(beyond(LONG_PAUSE.length, outside.RETRY_AFTER, window=LONG_PAUSE.window))),
            "none", above(LONG_PAUSE), digits=0,
        ),
    )  # fmt: skip


def _calendars_now(links: Links, slo: Slo | None) -> tuple[Panel, ...]:
    return (
        stat(
            f"Syncs that succeeded within {WINDOW}",
            "The share of attempts to bring a linked calendar up to date that found it read or unchanged."
            f" {_told(links, slo)}",
            Query(_succeeded()), "percentunit", kept(slo), empty="none was due", width=6, digits=1,
        ),
        stat(
            "Calendars that fail",
            "Linked calendars whose last sync failed. The alert needs them to be more than half of all, too: so many"
            f" are rarely their servers' fault. {runbooks(links, FEEDS_FAILING)}",
            Query(now(calendars.FEEDS, matchers=('state="failing"',), how="sum")),
            "none", above(FEEDS_FAILING), width=6, digits=0,
        ),
        stat(
            f"Fetched within {FEEDS_SLOW.length:g} s",
            f"The share of calendars within {FEEDS_SLOW.span} that took no longer to fetch. The alert needs five that"
            " were slower,"
            f" too. {runbooks(links, FEEDS_SLOW)}",
            Query(_quick(outside.FEED_DURATION, FEEDS_SLOW)),
            "percentunit", below(FEEDS_SLOW), empty="none was fetched", width=6, digits=0,
        ),
        stat(
            f"Events left out within {WINDOW}",
            "Events of linked calendars that could not be read, counted at each sync. Their users are told in the"
            f" calendar's own page in the chat; nothing needs doing unless it grows: {FEEDS_FAILING.page(links)}.",
            Query(whole(grown(calendars.SKIPPED))), "none", NEUTRAL, width=6, digits=0,
        ),
    )  # fmt: skip


def _telegram(links: Links) -> tuple[Panel, ...]:
    halted = f'label_replace({now(outside.HALTED)}, "service", "the token", "", "")'
    return (
        counts(
            "Requests, by what became of them",
            f"Requests to Telegram {BEFORE}. Unclear ones and those that are paused are tried again; orange for long:"
            f" {TELEGRAM_FAULTY.page(links)}.",
            outside.REQUESTS, "outcome", ANSWERS, width=12,
        ),
        percentiles(
            "How long Telegram takes",
            f"A half, 95 and 99 in 100 of the requests within {WINDOW} took no longer, long polls apart. Dashed: what"
            f" is slow, see {TELEGRAM_SLOW.page(links)}.",
            outside.DURATION, longer(TELEGRAM_SLOW),
        ),
        counts(
            "Faults, by kind",
            f"Requests to Telegram {BEFORE} that had no usable answer. Timeout, network and server:"
            f" {TELEGRAM_FAULTY.page(links)}; flood: {RATE_LIMITED.page(links)}; refused: the log says what and why;"
            f" halted: {HALTED.page(links)}.",
            outside.ERRORS, "kind", faults(outside.ERRORS, "kind"),
        ),
        over_time(
            "How long it asks to wait",
            f"Of the pauses that Telegram asked for within {WINDOW}: their mean, and what none was longer than. A gap:"
            f" it asked for none. Dashed: a long one, see {LONG_PAUSE.page(links)}.",
            [Query(there(mean(outside.RETRY_AFTER)), "mean"),
             Query(there(quantile(1, outside.RETRY_AFTER)), "at most")],
            "s", longer(LONG_PAUSE), width=8, min=0,
        ),
        states(
            "When nothing was sent",
            "Telegram did not answer, or did not take the bot's token; what fell due meanwhile was sent afterwards. See"
            f" {UNREACHABLE.page(links)} and {HALTED.page(links)}.",
            Query(f"{now(outside.CIRCUIT, 'service')} or {halted}", "{{service}}"),
            words((0, "well", GREEN), (1, "nothing is sent", RED)), width=8,
        ),
    )  # fmt: skip


def _calendars(links: Links, slo: Slo | None) -> tuple[Panel, ...]:
    return (
        counts(
            "Syncs, by how they ended",
            f"Attempts to bring a linked calendar up to date {BEFORE}. not_modified: the server said that nothing is"
            f" new. Anything but that and ok is a failure: {FEEDS_FAILING.page(links)}.",
            calendars.SYNCS, "outcome", {**faults(calendars.SYNCS, "outcome"), **FOUND},
        ),
        over_time(
            "Syncs that succeeded",
            f"Their share {BEFORE}; a gap: none was due. {_told(links, slo)}",
            [Query(_succeeded(), "succeeded")], "percentunit", kept(slo), width=8, min=0, max=1,
        ),
        over_time(
            "Linked calendars, by state",
            "Active: well at the last sync. Failing: not. Trying: an address that somebody sent and that has not been"
            f" read yet. Many that fail: {FEEDS_FAILING.page(links)}.",
            [Query(now(calendars.FEEDS, "state", how="sum"), "{{state}}")], "none", width=8, bars=True, min=0,
            decimals=0, overrides=painted({"active": GREEN, "failing": RED, "trying": BLUE}),
        ),
        over_time(
            "Where a sync's time goes",
            f"What 95 in 100 took no longer than, within {WINDOW}: whole syncs, of them fetching over the network, and"
            f" reading what came. Fetching grows: {FEEDS_SLOW.page(links)}; reading does: a calendar grows, and the log"
            " (sync.done) says which.",
            [Query(there(quantile(0.95, metric)), name) for name, metric in (
                ("all of it", calendars.SYNC_DURATION), ("fetching", outside.FEED_DURATION),
                ("reading", calendars.PARSE_DURATION))],
            "s", width=8, min=0,
        ),
        counts(
            "Calendars that could not be fetched, by kind",
            f"{BEFORE.capitalize()}, addresses that are only tried included. One server's fault is its own; many at"
            f" once: {FEEDS_FAILING.page(links)}; blocked: an address that is not allowed.",
            outside.FEED_ERRORS, "kind", faults(outside.FEED_ERRORS, "kind"),
        ),
        over_time(
            "What syncs changed",
            f"Events that syncs added, changed and took away {BEFORE}, and those that could not be read. Nothing needs"
            " doing; a hill of those that are gone is a calendar that its owner emptied, or a server that answers with"
            " half of it.",
            [Query(grown(calendars.CHANGES, "change"), "{{change}}"), Query(grown(calendars.SKIPPED), "unreadable")],
            "none", width=8, bars=True, min=0, decimals=0,
            overrides=painted({"added": GREEN, "changed": BLUE, "gone": ORANGE, "unreadable": RED}),
        ),
    )  # fmt: skip


def _methods(links: Links) -> tuple[Panel, ...]:
    return (
        heatmap(
            "How long requests take",
            "How many took how long. A second band far above the first: some requests wait for something, see"
            f" {TELEGRAM_SLOW.page(links)}.",
            Query(buckets(outside.DURATION)), "s",
        ),
        over_time(
            "The slowest methods",
            f"What 95 in 100 requests of a method took no longer than, within {WINDOW}: the eight that are slowest."
            f" file: a download. One alone that is slow is Telegram's; all of them: {TELEGRAM_SLOW.page(links)}.",
            [Query(greatest(8, there(quantile(0.95, outside.DURATION, "method")), "method"), "{{method}}")],
            "s", height=8, min=0,
        ),
        bars(
            f"Requests within {WINDOW}, by method",
            "The eight that are asked most. Nothing needs doing: getUpdates is how the planner hears, sendMessage how"
            " it speaks.",
            Query(f"topk(8, {grown(outside.REQUESTS, 'method')} > 0)", "{{method}}"), "none", NEUTRAL,
            width=8, decimals=0,
        ),
        traffic(),
        over_time(
            "Outages that began",
            f"How often {BEFORE} sending began to wait for Telegram. Again and again:"
            f" {UNREACHABLE.page(links)}.",
            [Query(grown(outside.OUTAGES, "service"), "{{service}}")], "none", width=8, bars=True, min=0, decimals=0,
            overrides=painted({"telegram": RED}),
        ),
    )  # fmt: skip


def _servers(links: Links) -> tuple[Panel, ...]:
    return (
        heatmap(
            "How long fetching takes",
            f"How many calendars took how long to arrive. Many above {FEEDS_SLOW.length:g} s:"
            f" {FEEDS_SLOW.page(links)}.",
            Query(buckets(outside.FEED_DURATION)), "s",
        ),
        heatmap(
            "How long syncs take",
            "How many syncs took how long, fetching, reading and keeping together. Wandering upwards while fetching"
            f" does not: calendars or the database grow, see {FEEDS_SLOW.page(links)}.",
            Query(buckets(calendars.SYNC_DURATION)), "s",
        ),
        counts(
            "Requests for calendars, by outcome",
            f"Requests {BEFORE}, addresses that are only tried included. Mostly red: {FEEDS_FAILING.page(links)}.",
            outside.FEED_REQUESTS, "outcome", {**FOUND, "failed": RED},
        ),
        counts(
            "What caching saves",
            f"Syncs {BEFORE} that found nothing new: the server said so (not_modified), or the bytes were the same."
            " Nothing needs doing.",
            calendars.UNCHANGED, "how",
        ),
        over_time(
            "Traffic of calendars",
            f"Bytes of calendars {BEFORE}, as they came. Nothing needs doing; who pays by traffic finds it here.",
            [Query(grown(outside.FEED_TRAFFIC), "received")], "bytes", width=8, min=0,
        ),
    )  # fmt: skip


def _quick(metric: Metric, alert: WrittenAlert) -> str:
    """The share that took no longer than what its alert counts."""
    return share(within(alert.length, metric, window=alert.window), grown(metric, window=alert.window))


def _succeeded() -> str:
    return share(grown(calendars.SYNCS, matchers=(SYNCED,)), grown(calendars.SYNCS))


def _told(links: Links, slo: Slo | None) -> str:
    if slo is None:
        return f"Many that fail: {FEEDS_FAILING.page(links)}."
    return f"slo.toml promises {percent(slo.objective)}. {slo.impact} Not green: {slo.runbook_url}."
