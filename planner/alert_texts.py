"""What an admin is told of an alert: what is broken for whom, since when, by how much, and what to do.

What a host has written otherwise in ``slo.toml`` is said as it stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from planner.i18n import N_
from planner.model import SECOND, User
from planner.render import Button, Message, Text, Words, bold, duration, italic, join, plain, say, short_span, when
from planner.render.numbers import number, percent
from planner.slo import budget as burning
from planner.slo.alerts import BELOW, Rule
from planner.slo.figures import part
from planner.slo.objectives import Severity, Slo

IMPACTS = (
    N_("People hear of what they have to do too late, or not at all."),
    N_("People begin their day without its plan."),
    N_("People write and wait, and do not know whether what they asked for is set."),
    N_("What was changed in linked calendars arrives late; reminders of it may be wrong."),
    N_("What people see of their linked calendars is old."),
    N_("Nothing is sent and nobody is answered; what fell due is sent late."),
    N_("Nothing reaches Telegram: whatever falls due now will be late."),
    N_("Whoever watches from outside would not hear of the planner's death in time, or hears of it wrongly."),
)
"""As ``slo.toml`` comes with the program."""

UNREACHED = "Telegram could not be reached"
DOWN = "the planner was down"
"""Why an alert could not be told in time, as its row has it."""
ALLOWED_FROM = 4
"""Where fewer go to each one that may fail, a share says it better."""

Span = tuple[Rule, int, int | None]
"""What was so from when to when, in UTC ms; no end: it is so still."""


class Figures(NamedTuple):
    """How a promise stood: in the alert's long window, and how much of the budget was left (below 0: overdrawn)."""

    good: int
    bad: int
    budget_left: float | None


def firing(words: Words, user: User, rule: Rule, alert_id: int, since: int, figures: Figures, now: int,
           why_late: str = "") -> Message:  # fmt: skip
    """``since`` (UTC ms): when it began to be so. ``why_late``: what kept it from being told then."""
    slo = rule.slo
    lines = [
        join((mark(rule), " ", bold(name(words, slo)), ": ", kind(words, rule))),
        plain(words.template(slo.impact)),
        plain(""),
        plain(figure(words, rule, figures)),
        plain(words.t("So it has been since {when}.", when=when(words, since, user.zone, now))),
    ]
    if figures.budget_left is not None:
        lines.append(plain(budget(words, slo, figures.budget_left)))
    if rule.early and _may_be_kept(slo, figures):
        lines.append(italic(words.t("This is an early notice: at this rate the promise may still be kept.")))
    if why_late:
        lines.append(plain(_only_now(words, why_late)))
    if leads_somewhere(slo):
        lines.append(say(words, "What to do: {page}", page=plain(slo.runbook_url)))
    return Message(join(lines, "\n"), buttons(words, alert_id))


def leads_somewhere(slo: Slo) -> bool:
    """Whether its runbook can be opened on a phone: a mere path cannot."""
    return slo.runbook_url.startswith(("https://", "http://"))


def _may_be_kept(slo: Slo, figures: Figures) -> bool:
    burnt = burning.burn_rate(figures.good, figures.bad, slo.objective)
    return figures.budget_left is not None and figures.budget_left > 0 and burnt is not None and burnt <= 1


def _only_now(words: Words, why_late: str) -> str:
    if why_late == UNREACHED:
        return words.t("You hear of it only now, because Telegram could not be reached.")
    return words.t("You hear of it only now, because I was not at work.")


def resolved(words: Words, user: User, rule: Rule, since: int, until: int, figures: Figures, others: Sequence[Rule],
             now: int) -> Message:  # fmt: skip
    """``others``: what still fires of the same promise, the gravest first."""
    slo = rule.slo
    if others:
        still = words.t("better, but not over: {what}", what=kind(words, others[0]))
        lines = [join((mark(others[0]), " ", bold(name(words, slo)), ": ", still))]
        lines.append(plain(words.t("What is over: {what}.", what=kind(words, rule))))
    else:
        lines = [join(("✅ ", bold(name(words, slo)), ": ", words.t("over")))]
    begin, end = when(words, since, user.zone, now), when(words, until, user.zone, now)
    lasted = short_span(words, until - since)
    lines.append(plain(words.t("It lasted {span}, from {begin} to {end}.", span=lasted, begin=begin, end=end)))
    if figures.budget_left is not None:
        lines.append(plain(budget(words, slo, figures.budget_left)))
    return Message(join(lines, "\n"), ((Button(words.t("Alerts"), "alerts"),),) if others else ())


def too_late(words: Words, over: Message, why_late: str) -> Message:
    """The end of what nobody was told the beginning of."""
    return replace(over, text=join((over.text, plain(_only_now(words, why_late))), "\n"))


def together(words: Words, user: User, told: Sequence[Span], why_late: str, now: int) -> Message:
    """Several that broke while nobody could be told: what lasts still comes first."""
    parts = [bold(_several(words, why_late))]
    for rule, since, until in sorted(told, key=lambda one: one[2] is not None):
        begin, what = when(words, since, user.zone, now), name(words, rule.slo)
        if until is None:
            said = words.t("{what}, since {when}", what=kind(words, rule), when=begin)
            parts.append(join((mark(rule), " ", bold(what), ": ", said)))
        else:
            end = when(words, until, user.zone, now)
            said = words.t("was broken from {begin} to {end}", begin=begin, end=end)
            parts.append(join(("✅ ", bold(what), ": ", said)))
    others = (Button(words.t("Alerts"), "alerts"), Button(words.t("Promises"), "slo"))
    return Message(join(parts, "\n"), (others,))


def _several(words: Words, why_late: str) -> str:
    if why_late == UNREACHED:
        return words.t("While Telegram could not be reached, and I could not tell you:")
    return words.t("While I was not at work, and could not tell you:")


def buttons(words: Words, alert_id: int) -> tuple[tuple[Button, ...], ...]:
    """Those below an alert that fires."""
    return (
        (_button(words.t("👀 I am on it"), "ack", alert_id), _button(words.t("🔎 Which ones"), "bad", alert_id)),
        (
            _button(words.t("🛠 What to do"), "steps", alert_id),
            _button(words.t("🔄 How to restart"), "restart", alert_id),
        ),
        (_button(words.t("🔕 1 hour"), "mute1", alert_id), _button(words.t("🔕 8 hours"), "mute8", alert_id)),
    )


def _button(text: str, verb: str, alert_id: int) -> Button:
    return Button(text, f"alert:{verb}:{alert_id}")


def name(words: Words, slo: Slo) -> str:
    return words.template(slo.name)


def figure(words: Words, rule: Rule, figures: Figures) -> str:
    """What was bad of what came due, and how much of it may be."""
    span = duration(words, rule.long_ms // SECOND)
    what = counted(words, rule.slo.counts, figures.good + figures.bad, figures.bad)
    every = round(1 / burning.allowed_error_rate(rule.slo.objective))
    if every < ALLOWED_FROM:
        promised = percent(words, rule.slo.objective)
        return words.t("Within {span}: {what}. Promised: {promised} good.", span=span, what=what, promised=promised)
    return words.t("Within {span}: {what}. Allowed: 1 in {every}.", span=span, what=what, every=number(words, every, 0))


def counted(words: Words, counts: str, due: int, bad: int) -> str:
    """How many were bad of those that came due, in the words of what is counted."""
    n = words.n
    match counts:
        case "reminders":
            return n(
                "{bad} of {n} reminder late or never sent", "{bad} of {n} reminders late or never sent", due, bad=bad
            )
        case "plans":
            return n(
                "{bad} of {n} daily plan late or never sent",
                "{bad} of {n} daily plans late or never sent",
                due,
                bad=bad,
            )
        case "chat":
            return n("{bad} of {n} message answered late", "{bad} of {n} messages answered late", due, bad=bad)
        case "syncs":
            return n("{bad} of {n} sync failed", "{bad} of {n} syncs failed", due, bad=bad)
        case "feeds":
            return n(
                "{bad} of {n} minute with an old calendar", "{bad} of {n} minutes with an old calendar", due, bad=bad
            )
        case "up":
            return n(
                "{bad} of {n} minute without the planner", "{bad} of {n} minutes without the planner", due, bad=bad
            )
        case "probes":
            return n("{bad} of {n} test reminder got nowhere", "{bad} of {n} test reminders got nowhere", due, bad=bad)
        case "heartbeat":
            return n("{bad} of {n} heartbeat unheard", "{bad} of {n} heartbeats unheard", due, bad=bad)
        case _:
            return n("{bad} of {n} bad", "{bad} of {n} bad", due, bad=bad)


def budget(words: Words, slo: Slo, left: float) -> str:
    """How much of the error budget is left."""
    span = duration(words, slo.window_ms // SECOND)
    if left > 0:
        return words.t("Of the failures allowed within {span}, {left} are left.", span=span, left=part(left))
    return words.t("All the failures allowed within {span} are used up.", span=span)


def kind(words: Words, rule: Rule) -> str:
    """What an alert says of its promise, in a few words."""
    if rule.tier == BELOW:
        return words.t("below {limit}", limit=percent(words, rule.slo.alert_below))
    if rule.early:
        return words.t("failures are adding up")
    return words.t("too many failures within {span}", span=duration(words, rule.long_ms // SECOND))


def severity(words: Words, one: Severity) -> str:
    match one:
        case Severity.CRITICAL:
            return words.t("critical")
        case Severity.WARNING:
            return words.t("a warning")
    return words.t("for information")


def marks(words: Words) -> Text:
    """What the signs of ``mark`` mean."""
    return say(words, "🔴 look now · 🟠 look today · 🟡 an early notice")


def mark(rule: Rule) -> str:
    """What it begins with: how grave it is."""
    if rule.severity is Severity.CRITICAL:
        return "🔴"
    return "🟡" if rule.early else "🟠"
