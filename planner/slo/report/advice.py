"""What follows from the figures: which promise to repair, to loosen, to tighten, to measure for longer, and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from planner.model import BUCKET_MS, DAY
from planner.slo import budget
from planner.slo.confidence import wilson
from planner.slo.figures import NEARLY, part, percent
from planner.slo.objectives import Severity
from planner.slo.report import causes
from planner.slo.report.evidence import Raised
from planner.slo.report.figures import SYNCS, Kept, Report, Verdict
from planner.slo.report.stretches import Stretch
from planner.slo.report.wording import counted, date, moment, number, span

MOSTLY = 0.8
"""One cause, or one day, that is behind so much of what was bad is what to look at first."""
LONG_DAYS = 28
"""A promise that was always kept says something after four weeks."""
OBJECTIVES = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)
"""What people promise."""
UP = "up"
"""Of what counts by this name every cause is the same: it was down."""
STILL_MS = 3 * BUCKET_MS
"""What was broken so shortly before the end is not over."""
NOISY = 4
"""So many alerts of one kind on a promise that was kept woke people for nothing."""


class Kind(StrEnum):
    REPAIR = "repair"
    LOOSEN = "loosen"
    TIGHTEN = "tighten"
    LENGTHEN = "measure for longer"
    CAREFUL = "be careful"
    QUIETEN = "quieten"
    LEAVE = "leave as it is"


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence of what to do, and why. ``about``: the promise's id, or ``alerts``."""

    kind: Kind
    about: str
    name: str
    text: str


def advice(report: Report) -> list[Advice]:
    """What there is to say, what is urgent first."""
    found = [one for kept in report.kept for one in _of(kept, report)] + list(_of_alerts(report))
    return sorted(found, key=lambda one: list(Kind).index(one.kind))


def _of(kept: Kept, report: Report) -> Iterator[Advice]:
    if kept.verdict is Verdict.IDLE:
        return

    def say(kind: Kind, text: str) -> Advice:
        return Advice(kind, kept.slo.id, kept.slo.name, text)

    few, present = _too_few(kept, report), _present(kept, report)
    if present is not None:
        yield say(Kind.REPAIR, present)
    if kept.verdict is Verdict.BROKEN:
        yield say(*_broken(kept))
    elif few is None and present is None:
        yield say(*_kept(kept, report))
    if few is not None:
        yield say(Kind.LENGTHEN, few)
    if (noise := _noise(kept, report)) is not None:
        yield say(Kind.QUIETEN, noise)


def _present(kept: Kept, report: Report) -> str | None:
    """That it goes on, or went wrong of late, whatever the whole time came to."""
    last = kept.stretches[-1] if kept.stretches else None
    if last is not None and _reaches_the_end(last, kept, report):
        return f"{_goes_on(report)} since {moment(last.begin, report.period.zone)} ({_why(last)})."
    still = [one for one in report.alerts if one.slo == kept.slo.id and one.resolved_at is None]
    if still:
        because = f" ({_why(last)})" if last is not None and last.end >= still[0].fired_at else ""
        return f"It is going on{because}: the alert “{still[0].tier}” still fires."
    return _of_late(kept, report) if kept.verdict is Verdict.KEPT else None


def _goes_on(report: Report) -> str:
    return "It is going on," if report.running else "It went on when this time ended,"


def _reaches_the_end(last: Stretch, kept: Kept, report: Report) -> bool:
    """One bucket alone is no stretch that goes on."""
    within = causes.STALE_AFTER_MS if kept.slo.counts == SYNCS else STILL_MS
    return last.end - last.begin > BUCKET_MS and report.period.until(report.now) - last.end <= within


def _why(last: Stretch) -> str:
    return next(iter(last.causes), causes.UNKNOWN)


def _of_late(kept: Kept, report: Report) -> str | None:
    """Broken over the promise's own window at the end, as its policy and its alerts see it."""
    until = report.period.until(report.now)
    late = [one for one in kept.parts if until - kept.slo.window_ms <= one.slice.begin < until]
    good, bad = sum(one.tally.good for one in late), sum(one.tally.bad for one in late)
    rate = budget.sli(good, bad)
    if rate is None or rate >= kept.slo.objective or len(late) == len(kept.parts):
        return None
    recent = [one for one in kept.stretches if one.end > late[0].slice.begin]
    because = f" ({_why(max(recent, key=lambda one: one.bad))})" if recent else ""
    since = date(late[0].slice.begin, report.period.zone)
    return f"Kept as a whole, but not since {since}: {percent(rate)} of {number(good + bad)} were good{because}."


def _broken(kept: Kept) -> tuple[Kind, str]:
    bad = kept.tally.bad
    if kept.slo.counts == UP:
        longest = max(one.end - one.begin for one in kept.stretches)
        times = counted(len(kept.stretches), "time")
        return Kind.REPAIR, f"Down {times}, the longest for {span(longest)}: find out why before anything is changed."
    what, most = next(iter(kept.causes.items()), (causes.UNKNOWN, 0))
    without = budget.sli(kept.tally.good, bad - most)
    if what != causes.UNKNOWN and most >= MOSTLY * bad:
        if most == bad:
            return Kind.REPAIR, f"All that was bad has one cause: {what}."
        return Kind.REPAIR, (
            f"{part(most / bad)} of what was bad has one cause: {what}. Without it the rate would have been"
            f" {percent(without)}."
        )
    worst = max(kept.parts, key=lambda one: one.tally.bad)
    if worst.tally.bad >= MOSTLY * bad and len(kept.parts) > 1:
        named = f"{worst.slice.day:%a} {worst.slice.day.day} {worst.slice.day:%b}"
        return Kind.REPAIR, (
            f"{part(worst.tally.bad / bad)} of what was bad came due in one go, from {named} on: see what"
            " happened then before anything else is changed."
        )
    if kept.rate_before is not None and kept.rate_before < kept.slo.objective and not kept.few:
        return Kind.LOOSEN, _loosen(kept)
    return Kind.REPAIR, (
        f"{counted(bad, 'was', 'were')} bad where {number(kept.allowed)} might be, for more than one reason: begin with"
        f" the commonest ({what}, {number(most)})."
    )


def _loosen(kept: Kept) -> str:
    reached = min(kept.rate or 0.0, kept.rate_before or 0.0)
    held = max((one for one in OBJECTIVES if one <= reached), default=None)
    hint = f"; {percent(held)} would have held" if held is not None else ""
    return (
        f"Broken in this time and in the one before, for no single reason{hint}. Promise what can be kept, or decide"
        " what to repair: an objective that is never met tells nobody when something has happened."
    )


def _kept(kept: Kept, report: Report) -> tuple[Kind, str]:
    left = kept.budget_left or 0.0
    if left < kept.slo.careful_below:
        return Kind.CAREFUL, (
            f"Kept, with {part(left)} of the budget left: put off what might break it, and look first at what"
            f" took most ({next(iter(kept.causes), causes.UNKNOWN)})."
        )
    tighter = next((one for one in OBJECTIVES if one > kept.slo.objective), None)
    sure, _ = wilson(kept.tally.good, kept.tally.total)
    if kept.tally.bad or report.days(kept) < LONG_DAYS or tighter is None or sure < tighter:
        return Kind.LEAVE, f"Kept, with {part(left)} of the budget left."
    return Kind.TIGHTEN, (
        f"Nothing was bad in {number(round(report.days(kept)))} days, of {number(kept.tally.total)}: an objective of"
        f" {percent(tighter)} would very likely have held. Tighten it if people need that, or spend the budget on"
        " changes that were too risky."
    )


def _too_few(kept: Kept, report: Report) -> str | None:
    """Where one bad event is more than the promise's own window allows."""
    days = report.days(kept)
    a_day = kept.tally.total / days if days else 0.0
    window_days = kept.slo.window_ms / DAY
    expected = a_day * window_days
    allowed = budget.allowed_bad(expected, kept.slo.objective)
    if not a_day or allowed >= 1:
        return None
    enough = ceil(window_days / allowed - NEARLY)
    return (
        f"Some {number(round(expected, 1))} come due in {window_days:g} days, of which"
        f" {number(allowed)} might be bad: a single one breaks the promise. A window of"
        f" {counted(enough, 'day')} would leave room for one."
    )


def _noise(kept: Kept, report: Report) -> str | None:
    if kept.verdict is not Verdict.KEPT:
        return None
    tiers = [one.tier for one in report.alerts if one.slo == kept.slo.id]
    tier = max(sorted(set(tiers)), key=tiers.count, default=None)
    if tier is None or tiers.count(tier) < NOISY:
        return None
    return (
        f"The alert “{tier}” fired {number(tiers.count(tier))} times while the promise was kept: raise its floor"
        " (min_bad) or its share of the budget, or people will stop looking."
    )


def _of_alerts(report: Report) -> Iterator[Advice]:
    lost = [one for one in report.alerts if one.owed and not one.delivered]
    if lost:
        text = (
            f"{counted(len(lost), 'alert')} reached nobody. Set up a second way that needs no Telegram:"
            " PLANNER_HEARTBEAT_URL, or an Alertmanager (PLANNER_ALERTS=stack)."
        )
        yield Advice(Kind.REPAIR, "alerts", "Alerts", text)
    pages = [one for one in report.alerts if one.severity == Severity.CRITICAL]
    silent = [one for one in pages if not _acknowledged(one)]
    if len(silent) * 2 > len(pages):
        text = (
            f"{len(silent)} of {counted(len(pages), 'page')} were acknowledged by nobody: see who is told, and whether"
            " they look."
        )
        yield Advice(Kind.REPAIR, "alerts", "Alerts", text)


def _acknowledged(one: Raised) -> bool:
    return one.acknowledged_at is not None
