"""*Chat*: rate, errors and duration of what people write and press, then handler by handler."""

from __future__ import annotations

from collections.abc import Iterator

from planner.catalogue import chat, cost, reminders, security, work
from planner.dashboards.board import Board
from planner.dashboards.courses import BEFORE, counts, painted, percentiles
from planner.dashboards.grid import Panel, Row
from planner.dashboards.kept import ANSWERED_S, CHAT, kept, promise_on
from planner.dashboards.panels import (
    BLUE,
    GREEN,
    GREY,
    NEUTRAL,
    ORANGE,
    RED,
    Steps,
    bars,
    columns,
    heatmap,
    over_time,
    override,
    stat,
    table,
)
from planner.dashboards.queries import (
    FAILED,
    WINDOW,
    beyond,
    buckets,
    greatest,
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
    ANSWERS_LOST,
    ANSWERS_WAITING,
    CHAT_FAILING,
    FORGED_BUTTONS,
    STRANGERS,
    above,
    runbooks,
)
from planner.slo.objectives import Links, Promises, Slo

SLOW_S = 1.0
"""What took longer to answer was slow, though not yet bad."""
MOST = 10
"""So many handlers are drawn beside each other; the table has all."""
REFUSED, ANSWERED = (f'outcome="{one}"' for one in ("refused", "ok"))
INTAKE = 'worker="intake"'
LOST = 'outcome=~"refused|given_up"'
MINUTE_S = 60
TIMES = Steps(GREEN, ((SLOW_S, ORANGE), (ANSWERED_S, RED)))
"""Of answers: slow, and too late for what is promised."""
OUTCOMES = {"ok": GREEN, "failed": RED, "refused": ORANGE, "ignored": GREY}
ANSWERS = {"accepted": GREEN, "moved": BLUE, "blocked": GREY, "refused": RED, "given_up": RED}
HANDLERS = {
    "handler": "Handler",
    "Value #A": "Updates",
    "Value #B": "Failed",
    "Value #C": "Refused",
    "Value #D": "p50",
    "Value #E": "p95",
    "Value #F": "p99",
    "Value #G": f"Over {SLOW_S:g} s",
}


def board(promises: Promises) -> Board:
    """The whole above, the handlers below."""
    links = promises.links
    slo = promise_on(CHAT, promises)
    page = slo.runbook_url if slo else CHAT_FAILING.page(links)
    return Board(
        "chat",
        "Chat",
        "Do people get their answers: how much they write and press, how much of it fails, how long they wait.",
        (
            Row("Do people get their answers?", tuple(_now(links, slo, page))),
            Row("Rate and errors", tuple(_rate(links))),
            Row("Duration", tuple(_duration(page))),
            Row("Handler by handler", tuple(_handlers(links, page))),
            Row("Answers", tuple(_answers(links)), folded=True),
        ),
        alerts='alertname=~"Planner(Chat|Answers|Telegram|Forged|Input|Strangers).*"',
    )


def _now(links: Links, slo: Slo | None, page: str) -> Iterator[Panel]:
    yield stat(
        f"Did not fail, over {WINDOW}",
        f"Of the messages and buttons that were handled within {WINDOW}, the share that did not fail. What strangers"
        f" sent and what is no use of the bot is not asked for here. Of failures tells {CHAT_FAILING.page(links)}."
        f" *Promises* has the share that was answered in time. Red: {page}",
        Query(_answered()), "percentunit", kept(slo), digits=1, empty="nothing came",
    )  # fmt: skip
    yield stat(
        "Updates a minute",
        f"How many messages and buttons came in a minute, on the mean of {WINDOW}. Nothing needs doing; more than"
        " hundreds are a burst, or an import of somebody's.",
        Query(f"{MINUTE_S} * {rate(chat.UPDATES)}"), "none", NEUTRAL, digits=1,
    )  # fmt: skip
    yield stat(
        f"Failed within {CHAT_FAILING.window}",
        "How often a message or button could not be handled, each try of it; it is tried again, and then its user is"
        f" told. {runbooks(links, CHAT_FAILING)}",
        Query(whole(grown(work.TASKS, matchers=(INTAKE, FAILED), window=CHAT_FAILING.window))), "none",
        above(CHAT_FAILING), digits=0,
    )  # fmt: skip
    yield stat(
        f"Answer time p95, over {WINDOW}",
        f"95 in 100 people waited less for their answer. Orange: more than {SLOW_S:g} s. Red: more than"
        f" {ANSWERED_S:g} s, which is late by the promise: {page}",
        Query(there(quantile(0.95, chat.UPDATE_DURATION))), "s", TIMES, digits=2, empty="nothing came",
    )  # fmt: skip
    yield stat(
        "In flight",
        f"Messages and buttons that have come and are not answered yet. {runbooks(links, ANSWERS_WAITING)}",
        Query(now(chat.UPDATES_ACTIVE, how="sum")), "none", above(ANSWERS_WAITING), digits=0,
    )  # fmt: skip
    yield stat(
        f"Lost within {ANSWERS_LOST.window}",
        "Answers that Telegram refuses for good, or that could not be sent for a day."
        f" {runbooks(links, ANSWERS_LOST)}",
        Query(f"{whole(grown(chat.ANSWERS, matchers=(LOST,), window=ANSWERS_LOST.window))} or vector(0)"), "none",
        above(ANSWERS_LOST), digits=0,
    )  # fmt: skip


def _answered() -> str:
    """Of what was asked: what nobody may ask is neither."""
    asked = grown(chat.UPDATES, matchers=('outcome=~"ok|failed"',))
    return share(grown(chat.UPDATES, matchers=(ANSWERED,)), asked)


def _rate(links: Links) -> Iterator[Panel]:
    yield counts(
        "Updates, by outcome",
        f"Messages and buttons {BEFORE}, and what became of them. Failed: {CHAT_FAILING.page(links)}. Refused ones are"
        " strangers', or no use of the bot; ignored ones ask for nothing.",
        chat.UPDATES, "outcome", OUTCOMES, width=12,
    )  # fmt: skip
    yield over_time(
        "Errors, by handler",
        f"What failed {BEFORE}, and which part of the chat it was; each try counts, and a failure before which that"
        f" part had handled nothing shows only in the number above. {CHAT_FAILING.page(links)}",
        [Query(grown(chat.UPDATES, "handler", matchers=(FAILED,)) + " > 0", "{{handler}}"),
         Query(grown(work.TASKS, matchers=(INTAKE, FAILED)), "tries that failed, of all")],
        "none", width=12, bars=True, min=0, decimals=0,
    )  # fmt: skip
    yield over_time(
        "Updates, by handler",
        f"The {MOST} parts of the chat with the most to do, {BEFORE}. Nothing needs doing: it is what people use.",
        [Query(greatest(MOST, grown(chat.UPDATES, "handler"), "handler"), "{{handler}}")],
        "none", width=12, bars=True, min=0, decimals=0,
    )  # fmt: skip
    yield counts(
        "Refused, by reason",
        f"What was turned away {BEFORE}: strangers, buttons that nobody made or of another's message, too much at once"
        " for one chat, too large a text or file. *Security and cost* says more; a flood of one kind has an alert:"
        f" {FORGED_BUTTONS.page(links)}, {STRANGERS.page(links)}.",
        security.REFUSALS, "kind", width=12,
    )  # fmt: skip


def _duration(page: str) -> Iterator[Panel]:
    yield percentiles(
        f"Answer time, over {WINDOW}",
        "From a message's arrival to Telegram's acceptance of its last answer. Dashed: slow, and late by the promise."
        f" Where p50 rises everybody waits; where only p99 does, a few ask for much. {page}",
        chat.UPDATE_DURATION, TIMES,
    )  # fmt: skip
    yield heatmap(
        "Answer times",
        "How many answers took how long when: the darker, the more. A band that rises is a machine, a disk or Telegram"
        f" that becomes slower; a second band is a kind of question. {page}",
        Query(buckets(chat.UPDATE_DURATION)), "s", height=7,
    )  # fmt: skip
    yield over_time(
        "In flight",
        f"Messages and buttons that have come and are not answered yet. A hill is a burst; what does not come down to 0"
        f" again is stuck: {page}",
        [Query(now(chat.UPDATES_ACTIVE, how="sum"), "in flight")], "none", width=12, min=0, decimals=0,
    )  # fmt: skip
    yield over_time(
        f"Slow ones, {BEFORE}",
        f"How many answers took longer than {SLOW_S:g} s, and how many of these longer than the {ANSWERED_S:g} s that"
        f" are promised. {page}",
        [Query(beyond(bound, chat.UPDATE_DURATION), f"over {bound:g} s") for bound in (SLOW_S, ANSWERED_S)],
        "none", width=12, min=0, decimals=0,
        overrides=painted({f"over {ANSWERED_S:g} s": RED}),
    )  # fmt: skip


def _handlers(links: Links, page: str) -> Iterator[Panel]:
    by = "handler"
    all_of_them = grown(chat.UPDATES, by)
    wrong_ones = (grown(chat.UPDATES, by, matchers=(which,)) for which in (FAILED, REFUSED))
    asked = [
        whole(all_of_them),
        *(whole(f"{one} or 0 * {all_of_them}") for one in wrong_ones),
        *(there(quantile(part, chat.UPDATE_DURATION, by)) for part in (0.5, 0.95, 0.99)),
        whole(beyond(SLOW_S, chat.UPDATE_DURATION, by)),
    ]
    colored = {"type": "color-text"}
    seconds = [override(name, unit="s", decimals=2, custom__cellOptions=colored, thresholds=TIMES.json)
               for name in ("p50", "p95", "p99")]  # fmt: skip
    wrong = [override(name, noValue="0", custom__cellOptions=colored, thresholds=Steps(GREEN, ((1, color),)).json)
             for name, color in (("Failed", RED), ("Refused", ORANGE), (HANDLERS["Value #G"], ORANGE))]  # fmt: skip
    yield table(
        f"Handlers, over {WINDOW}",
        "A line for each part of the chat that had something to do: how much, how often it failed or turned somebody"
        " away, and how long people waited for it. What failed stands in the log with its traceback:"
        f" {CHAT_FAILING.page(links)}. What is slow: {page}",
        [Query(expression, instant=True, table=True) for expression in asked], [*seconds, *wrong],
        columns(HANDLERS, by="Updates", falling=True), width=16, empty="Nothing came.",
    )  # fmt: skip
    yield bars(
        f"The slowest, over {WINDOW}",
        f"The parts whose answers took longest, by p95. Red is late by the promise: {page}",
        Query(f"topk({MOST}, {there(quantile(0.95, chat.UPDATE_DURATION, by))})", "{{handler}}", instant=True), "s",
        TIMES, width=8, height=10, empty="nothing came",
    )  # fmt: skip


def _answers(links: Links) -> Iterator[Panel]:
    yield counts(
        "Answers, by what became of them",
        f"Answers and notices {BEFORE}. Blocked: their user has blocked the bot. Refused and given up did not arrive:"
        f" {ANSWERS_LOST.page(links)}.",
        chat.ANSWERS, "outcome", ANSWERS, width=12,
    )  # fmt: skip
    yield counts(
        "Answers, by method",
        f"By which methods of the Bot API they went {BEFORE}. Nothing needs doing.",
        chat.ANSWERS, "method", width=12,
    )  # fmt: skip
    yield over_time(
        f"How long answers are, over {WINDOW}",
        "The length of answers' texts in bytes. Telegram takes 4,096 characters; what is longer goes out in parts, so"
        " nothing needs doing.",
        [Query(there(quantile(part, chat.ANSWER_SIZE)), f"p{100 * part:.0f}") for part in (0.5, 0.95)],
        "bytes", width=8, min=0,
    )  # fmt: skip
    yield counts(
        "Messages that Telegram took, by kind",
        f"Answers beside reminders and daily plans, {BEFORE}. Nothing needs doing.",
        cost.MESSAGES, "kind",
    )  # fmt: skip
    yield over_time(
        "Repeats avoided",
        f"What Telegram handed over twice {BEFORE}, and what was handled once all the same. Nothing needs doing: it is"
        " the proof that nobody is answered twice.",
        [Query(grown(reminders.REPEATS_AVOIDED, matchers=('of="update"',)), "updates")],
        "none", width=8, bars=True, min=0, decimals=0,
    )  # fmt: skip
