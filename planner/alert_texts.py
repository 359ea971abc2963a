"""What an admin is told of an alert: what is broken for whom, since when, by how much, and what to do.

What a host has written otherwise in ``slo.toml`` is said as it stands there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from planner.i18n import N_
from planner.model import SECOND, User
from planner.render import Button, Message, Words, bold, duration, italic, join, plain, say, short_span, when
from planner.render.numbers import number, percent
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


class Figures(NamedTuple):
    """How a promise stood: in the alert's long window, and how much of the budget was left (below 0: overdrawn)."""

    good: int
    bad: int
    budget_left: float | None


def firing(words: Words, user: User, rule: Rule, alert_id: int, since: int, figures: Figures, now: int) -> Message:
    """``since`` (UTC ms): when it began to be so."""
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
    if rule.early:
        lines.append(italic(words.t("This is an early notice: at this rate the promise may still be kept.")))
    lines.append(say(words, "What to do: {page}", page=plain(slo.runbook)))
    return Message(join(lines, "\n"), buttons(words, alert_id))


def resolved(words: Words, user: User, rule: Rule, since: int, until: int, figures: Figures, others: Sequence[Rule],
             now: int) -> Message:  # fmt: skip
    """``others``: what still fires of the same promise."""
    slo = rule.slo
    lines = [
        join(("✅ ", bold(name(words, slo)), ": ", words.t("over"))),
        plain(words.t("It lasted {span}, from {begin} to {end}.", span=short_span(words, until - since),
                      begin=when(words, since, user.zone, now), end=when(words, until, user.zone, now))),
    ]  # fmt: skip
    if figures.budget_left is not None:
        lines.append(plain(budget(words, slo, figures.budget_left)))
    if others:
        still = ", ".join(kind(words, one) for one in others)
        lines.append(plain(words.t("Not over yet: {what}.", what=still)))
    return Message(join(lines, "\n"))


def buttons(words: Words, alert_id: int) -> tuple[tuple[Button, ...], ...]:
    """Those below an alert that fires."""
    return (
        (_button(words.t("👀 I am on it"), "ack", alert_id), _button(words.t("🔎 Which ones"), "bad", alert_id)),
        (_button(words.t("🔕 1 hour"), "mute1", alert_id), _button(words.t("🔕 8 hours"), "mute8", alert_id)),
        (_button(words.t("🔄 How to restart"), "restart", alert_id),),
    )


def _button(text: str, verb: str, alert_id: int) -> Button:
    return Button(text, f"alert:{verb}:{alert_id}")


def name(words: Words, slo: Slo) -> str:
    return words.template(slo.name)


def figure(words: Words, rule: Rule, figures: Figures) -> str:
    """What was bad of what came due, and what is promised."""
    span = duration(words, rule.long_ms // SECOND)
    what = counted(words, rule.slo.counts, figures.good + figures.bad, figures.bad)
    promised = percent(words, rule.slo.objective)
    return words.t("Within {span}: {what}. Promised: {promised} good.", span=span, what=what, promised=promised)


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
    """How much of the error budget is left; where it is overdrawn, how many times it was spent."""
    span = duration(words, slo.window_ms // SECOND)
    if left > 0:
        return words.t("Of what may go wrong within {span}, {left} is left.", span=span, left=part(left))
    times = number(words, 1 - left)
    return words.t("What may go wrong within {span} is used up: {times}× as much did.", span=span, times=times)


def kind(words: Words, rule: Rule) -> str:
    """What an alert says of its promise, in a few words."""
    if rule.tier == BELOW:
        return words.t("below {limit}", limit=percent(words, rule.slo.alert_below))
    if rule.early:
        return words.t("more goes wrong than may")
    return words.t("much goes wrong ({span})", span=duration(words, rule.long_ms // SECOND))


def severity(words: Words, one: Severity) -> str:
    match one:
        case Severity.CRITICAL:
            return words.t("critical")
        case Severity.WARNING:
            return words.t("a warning")
    return words.t("for information")


def mark(rule: Rule) -> str:
    """What it begins with: how grave it is."""
    if rule.severity is Severity.CRITICAL:
        return "🔴"
    return "🟡" if rule.early else "🟠"
