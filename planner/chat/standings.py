"""How the promises stand, in words: a card each, with bars that a phone's width holds. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import NamedTuple

from planner import alert_texts
from planner.i18n import N_
from planner.model import DAY
from planner.render import Text, Words, bold, code, join, plain, say
from planner.render.numbers import number, percent
from planner.slo import budget
from planner.slo.confidence import Certainty
from planner.slo.figures import part
from planner.slo.status import Standing, Status

NAMES = (
    N_("On-time reminders"), N_("On-time daily plans"), N_("Chat answered"), N_("Calendar syncs"),
    N_("Calendars fresh"), N_("Planner up"), N_("Synthetic reminders"), N_("Heartbeat heard"),
)  # fmt: skip
"""As ``slo.toml`` comes with the program: what a host calls otherwise is shown as it is written there."""

CELLS = 10
FULL, EMPTY = "■", "□"
LEVELS = "▁▂▃▄▅▆▇█"
"""Of a day: the lower half fell short of what is promised, the upper half held it, the full height lost nothing."""
GAP = "·"
"""A day on which nothing came due."""
STEEP = 99
"""Burn rates beyond it need no exact number."""
MARKS = {Standing.KEPT: "✅", Standing.BURNING: "⚠️", Standing.BROKEN: "❌", Standing.IDLE: "💤"}


ORDER = (Standing.BROKEN, Standing.BURNING, Standing.KEPT)
"""What needs somebody comes first."""


class Stood(NamedTuple):
    """A promise as it stands, and what was good and bad on each of the last days, the oldest first."""

    status: Status
    days: Sequence[tuple[int, int]]


def cards(words: Words, stood: Sequence[Stood]) -> Text:
    """All promises, and how to read what is drawn."""
    head = bold(say(words, "What I promise, and how it stands"))
    foot = say(
        words,
        "Budget: how many failures are allowed, and how much of that is left. Burns: how fast it is used up; at 1× it"
        " lasts just as long as it has to, at 2× half as long. Trend: one sign a day; a low one is a day below the"
        " promise, {gap} one on which nothing was due.",
        gap=code(GAP),
    )
    shown = sorted((one for one in stood if not _idle(one)), key=lambda one: ORDER.index(one.status.standing))
    idle = [one for one in stood if _idle(one)]
    return join((head, *(card(words, one) for one in shown), *_idles(words, idle), *([foot] if shown else [])), "\n\n")


def _idle(one: Stood) -> bool:
    return one.status.standing is Standing.IDLE


def _idles(words: Words, idle: Sequence[Stood]) -> list[Text]:
    """Those for which nothing came due, in one line together; one that only waits for an address says so."""
    if not idle:
        return []
    named = ", ".join(alert_texts.name(words, one.status.slo) for one in idle)
    lines = [say(words, "{mark} Nothing was due: {names}", mark=MARKS[Standing.IDLE], names=named)]
    for one in idle:
        if one.status.slo.counts == "heartbeat":
            name = alert_texts.name(words, one.status.slo)
            lines.append(say(words, "{name}: set PLANNER_HEARTBEAT_URL, so that somebody outside notices if I stop.",
                             name=name))  # fmt: skip
    return [join(lines, "\n")]


def card(words: Words, stood: Stood) -> Text:
    """One promise: its verdict, what came of what was due, the budget, how fast it burns, and its trend."""
    status, slo = stood.status, stood.status.slo
    lines: list[Text] = [say(words, "{mark} {name}: {verdict}", mark=MARKS[status.standing],
                             name=bold(alert_texts.name(words, slo)), verdict=_verdict(words, status))]  # fmt: skip
    lines.append(_rate(words, status))
    if status.rate is not None:
        lines += [_counted(words, status), _budget(words, status), _burning(words, status)]
    if any(good + bad for good, bad in stood.days):
        lines.append(say(words, "Trend: {line}", line=code(sparkline(stood.days, slo.objective))))
    return join(lines, "\n")


def _verdict(words: Words, status: Status) -> str:
    match status.standing:
        case Standing.IDLE:
            return words.t("idle")
        case Standing.KEPT:
            return words.t("kept")
        case Standing.BURNING:
            return words.t("a little below")
    return words.t("broken")


def _rate(words: Words, status: Status) -> Text:
    slo = status.slo
    days, promised = number(words, slo.window_ms / DAY), percent(words, slo.objective)
    if status.rate is None:
        return say(words, "nothing in {days} d, promised {promised}", days=days, promised=promised)
    rate = bold(percent(words, status.rate))
    return say(words, "{rate} in {days} d, promised {promised}", rate=rate, days=days, promised=promised)


def _counted(words: Words, status: Status) -> Text:
    """How many there were; of few it is said that they prove nothing."""
    total, bad = status.good + status.bad, status.bad
    said = alert_texts.counted(words, status.slo.counts, total, bad) if bad else words.t("all {n} good", n=total)
    if status.sure is Certainty.TOO_FEW:
        return say(words, "{counted}: too few to be sure", counted=said)
    return plain(said)


def _budget(words: Words, status: Status) -> Text:
    left = status.budget_left or 0.0
    bar = budget_bar(left)
    if left < 0:
        spent = number(words, 1 - left)
        return say(words, "Budget {bar} spent {times}×", bar=bar, times=spent)
    return say(words, "Budget {bar} {left}", bar=bar, left=part(left))


def _burning(words: Words, status: Status) -> Text:
    hour, day = (_burn(words, status.burn_rates.get(name)) for name in ("1h", "1d"))
    return say(words, "Burns {hour} in 1 h, {day} in 1 d", hour=hour, day=day)


def _burn(words: Words, rate: float | None) -> str:
    if rate is None:
        return "–"
    return f">{STEEP}×" if rate > STEEP else f"{number(words, rate)}×"


def budget_bar(left: float) -> str:
    """The share of a budget that is left, in ten cells: full only where nothing was spent, empty where nothing is."""
    cells = max(0, min(CELLS, ceil(left * CELLS - 1e-9)))
    if left < 1:
        cells = min(cells, CELLS - 1)
    return FULL * cells + EMPTY * (CELLS - cells)


def sparkline(days: Sequence[tuple[int, int]], objective: float) -> str:
    """A sign a day."""
    return "".join(GAP if (level := height(*day, objective)) is None else LEVELS[level] for day in days)


def height(good: int, bad: int, objective: float) -> int | None:
    """How high a day stands, of 0 to 7: 7 with nothing bad, 4 and above while the promise held; ``None``: idle."""
    burnt = budget.burn_rate(good, bad, objective)
    if burnt is None:
        return None
    if not bad:
        return 7
    return 6 - min(2, int(burnt * 3)) if burnt <= 1 else 4 - min(4, ceil(burnt) - 1)
