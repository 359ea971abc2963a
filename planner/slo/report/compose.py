"""What a report says, in which order."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

from planner.due import day_of
from planner.slo.figures import NONE, part, percent
from planner.slo.report import charts, period
from planner.slo.report.advice import Kind, advice
from planner.slo.report.document import (
    BAD,
    DIM,
    GOOD,
    Block,
    Cell,
    Charts,
    Document,
    Heading,
    Listing,
    Paragraph,
    Table,
    Tiles,
)  # fmt: skip
from planner.slo.report.evidence import Raised
from planner.slo.report.figures import Kept, Report, Verdict
from planner.slo.report.notes import notes
from planner.slo.report.stretches import Stretch
from planner.slo.report.wording import change, counted, date, moment, money, number, span, until

STRETCHES_MAX = 12
"""So many are named, those that took most of the budget; of the others only how many."""
CAUSES_NAMED = 2
ALERTS_MAX = 40
URGENT = {Kind.REPAIR, Kind.LOOSEN}


def document(report: Report) -> Document:
    """The whole report."""
    when = report.period
    last = date(when.end - 1, when.zone, year=True)
    first = date(when.begin, when.zone, year=True)
    subtitle = f"{first if first == last else f'{first} to {last}'}, {when.zone}"
    so_far = f"; so far, at {moment(report.now, when.zone)}" if when.begin < report.now < when.end else ""
    title = f"Promises: {when.name}"
    return Document(title, subtitle + so_far, report.now, tuple(_blocks(report)), _outcome(report))


def _outcome(report: Report) -> str:
    judged = [one for one in report.kept if one.verdict is not Verdict.IDLE]
    broken = report.with_verdict(Verdict.BROKEN)
    if not judged:
        return "nothing was counted"
    if broken:
        return f"{len(broken)} of {len(judged)} broken"
    return f"all {len(judged)} kept" if len(judged) > 1 else "kept"


def _blocks(report: Report) -> Iterator[Block]:
    if report.now <= report.period.begin:
        yield Paragraph("This time has not begun: there is nothing to report yet.")
        return
    if report.since is None:
        yield Paragraph("Nothing has been counted yet: once the planner runs, its promises are kept here.")
        return
    if len(report.with_verdict(Verdict.IDLE)) == len(report.kept):
        yield from _nothing(report, report.since)
        return
    yield from _summary(report)
    yield from _advice(report)
    for kept in report.kept:
        if kept.verdict is not Verdict.IDLE:
            yield from _promise(kept, report)
    yield from _alerts(report)
    yield Heading("What these figures are, and what they cannot tell", folded=True)
    yield from (Paragraph(text, DIM) for text in notes(report))


def _nothing(report: Report, since: int) -> Iterator[Block]:
    """Where there is something, and how to see it; alerts, where there were any."""
    zone = report.period.zone
    if since >= report.period.end:
        yield Paragraph(f"Nothing was counted in this time: counting began on {date(since, zone, year=True)}.")
    else:
        yield Paragraph("Nothing was counted in this time: nothing came due in it.")
    yield Paragraph(f"To see what there is: planner.py slo report --from {day_of(since, zone)} --tz {zone}")
    if report.alerts:
        yield from _alerts(report)


def _summary(report: Report) -> Iterator[Block]:
    idle, broken = report.with_verdict(Verdict.IDLE), report.with_verdict(Verdict.BROKEN)
    judged = len(report.kept) - len(idle)
    kept = judged - len(broken)
    tiles = [
        (Cell(f"{kept} of {judged}", BAD if broken else GOOD), "promises kept"),
        (Cell(number(report.broken_min), BAD if report.broken_min else GOOD), "broken minutes"),
        (Cell(str(len(report.alerts))), "alert" if len(report.alerts) == 1 else "alerts"),
    ]
    if report.price:
        tiles.append((Cell(money(report.cost), BAD if report.cost else GOOD), "what they cost"))
    yield Tiles(tuple(tiles))
    if broken:
        yield Paragraph("Broken: " + ", ".join(f"{one.slo.name} ({percent(one.rate)})" for one in broken) + ".", BAD)
    elif judged:
        yield Paragraph("Every promise of which something came due was kept.", GOOD)
    yield _overview(report)
    if idle:
        yield Paragraph("Idle, as nothing of it came due: " + ", ".join(one.slo.name for one in idle) + ".", DIM)


def _overview(report: Report) -> Table:
    head = ["Promise", "Verdict", "Rate", "Objective", "Bad", "Of", "Budget left", "Time before", "Broken min"]
    widths = [30, 20, 13, 14, 11, 14, 15, 18, 15]
    if report.price:
        head.append("Cost")
        widths.append(14)
    return Table(
        tuple(head),
        tuple(_row(one, priced=bool(report.price)) for one in report.kept if one.verdict is not Verdict.IDLE),
        tuple(widths),
        frozenset(range(2, len(head))),
    )


def _row(kept: Kept, *, priced: bool) -> tuple[Cell, ...]:
    before = kept.rate_before
    cells = [
        Cell(kept.slo.name),
        verdict(kept),
        Cell(percent(kept.rate)),
        Cell(percent(kept.slo.objective)),
        Cell(number(kept.tally.bad)),
        Cell(number(kept.tally.total)),
        Cell(part(kept.budget_left), BAD if (kept.budget_left or 0) < 0 else ""),
        Cell(NONE if before is None else f"{percent(before)} ({change(kept.rate, before)})"),
        Cell(number(kept.broken_min)),
    ]
    if priced:
        cells.append(Cell(NONE if kept.cost is None else money(kept.cost)))
    return tuple(cells)


def verdict(kept: Kept) -> Cell:
    """In a word, or three where so few came due that it may be chance."""
    tone = GOOD if kept.verdict is Verdict.KEPT else BAD
    return Cell(f"{kept.verdict} (of few)" if kept.few else str(kept.verdict), tone)


def _advice(report: Report) -> Iterator[Block]:
    found = advice(report)
    if found:
        yield Heading("What follows")
        yield Listing(
            tuple((Cell(str(one.kind), BAD if one.kind in URGENT else ""), f"{one.name}. {one.text}") for one in found)
        )


def _promise(kept: Kept, report: Report) -> Iterator[Block]:
    unit = period.unit(report.period)
    yield Heading(kept.slo.name, 2, verdict(kept))
    yield Paragraph(kept.slo.description, DIM)
    yield Paragraph(_said(kept, unit))
    if not kept.tally.bad:
        yield Charts((charts.rates(kept, unit),))
    else:
        yield Charts((charts.rates(kept, unit), charts.burn_down(kept, unit), charts.shares(kept.causes)))
        yield from _spent(kept, unit)
    yield from _stretches(kept, report)


def _said(kept: Kept, unit: str) -> str:
    parts = kept.parts
    below = sum(1 for part in parts if part.rate is not None and part.rate < kept.slo.objective)
    due = sum(1 for part in parts if part.rate is not None)
    return (
        f"{percent(kept.rate)} of {counted(kept.tally.total, kept.slo.counted, _plural(kept.slo.counted))} were good;"
        f" the objective is {percent(kept.slo.objective)}, so {number(kept.allowed)} might be bad and"
        f" {number(kept.tally.bad)} {'was' if kept.tally.bad == 1 else 'were'}. {_below(below, due, unit)}"
    )


def _below(below: int, due: int, unit: str) -> str:
    if not below:
        return f"No {unit} was below the objective."
    was = "was" if below == 1 else "were"
    return f"{below} of {counted(due, unit)} {was} below it."


def _plural(word: str) -> str:
    """``minute of a calendar`` to ``minutes of a calendar``."""
    head, _, rest = word.partition(" of ")
    return f"{head}s of {rest}" if rest else f"{head}s"


def _spent(kept: Kept, unit: str) -> Iterator[Block]:
    worst = sorted((one for one in kept.parts if one.tally.bad), key=lambda one: -one.tally.bad)[:3]
    days = "; ".join(
        f"{one.slice.day.day} {one.slice.day:%b}: {number(one.tally.bad)} ({part(kept.share(one.tally.bad))})"
        for one in worst
    )
    yield Paragraph(f"Budget spent, most of it by {unit}: {days}.")


def _stretches(kept: Kept, report: Report) -> Iterator[Block]:
    if not kept.stretches:
        return
    named = sorted(kept.stretches, key=lambda one: (-one.bad, one.begin))[:STRETCHES_MAX]
    yield Heading("When it was broken", 3, folded=True)
    yield Table(
        ("Began", "Ended", "Lasted", "Cause", "Bad", "Budget"),
        tuple(_stretch(one, kept, report) for one in sorted(named, key=lambda one: one.begin)),
        (26, 24, 20, 64, 12, 14),
        frozenset({4, 5}),
    )
    if more := len(kept.stretches) - len(named):
        bad = sum(one.bad for one in kept.stretches) - sum(one.bad for one in named)
        yield Paragraph(f"And {counted(more, 'shorter or lesser time')}, with {number(bad)} bad together.", DIM)


def _stretch(one: Stretch, kept: Kept, report: Report) -> tuple[Cell, ...]:
    zone = report.period.zone
    why = [what if count == one.bad else f"{what} ({number(count)})" for what, count in one.causes.items()]
    more = f", {len(why) - CAUSES_NAMED} more" if len(why) > CAUSES_NAMED else ""
    open_still = one.end >= report.now
    return (
        Cell(moment(one.begin, zone)),
        Cell("not yet" if open_still else until(one.begin, one.end, zone), BAD if open_still else ""),
        Cell(span(one.end - one.begin)),
        Cell(", ".join(why[:CAUSES_NAMED]) + more),
        Cell(number(one.bad)),
        Cell(part(kept.share(one.bad))),
    )


def _alerts(report: Report) -> Iterator[Block]:
    yield Heading("Alerts")
    if not report.alerts:
        yield Paragraph("None fired.")
        return
    yield Paragraph(_summed(report))
    names = {one.slo.id: one.slo.name for one in report.kept}
    yield Table(
        ("Fired", "Promise", "Alert", "Reached", "Acknowledged", "Resolved"),
        tuple(_alert(one, names.get(one.slo, one.slo), report.period.zone) for one in report.alerts[-ALERTS_MAX:]),
        (26, 34, 24, 26, 22, 22),
    )
    if (more := len(report.alerts) - ALERTS_MAX) > 0:
        yield Paragraph(f"And {counted(more, 'earlier one')}.", DIM)


def _summed(report: Report) -> str:
    alerts = report.alerts
    took = [one.acknowledged_at - one.fired_at for one in alerts if one.acknowledged_at is not None]
    lasted = [one.resolved_at - one.fired_at for one in alerts if one.resolved_at is not None]
    said = [f"{counted(len(alerts), 'alert')} fired, {sum(one.severity == 'critical' for one in alerts)} of them pages"]
    said.append(f"{len(took)} acknowledged" + (f", median {span(round(median(took)))}" if took else ""))
    said.append(f"{len(lasted)} resolved" + (f", median {span(round(median(lasted)))}" if lasted else ""))
    return "; ".join(said) + "."


def _alert(one: Raised, name: str, zone: str) -> tuple[Cell, ...]:
    return (
        Cell(moment(one.fired_at, zone)),
        Cell(name),
        Cell(f"{one.tier}, {one.severity}"),
        _reached(one),
        Cell(NONE if one.acknowledged_at is None else f"after {span(one.acknowledged_at - one.fired_at)}"),
        Cell("not yet", BAD) if one.resolved_at is None else Cell(f"after {span(one.resolved_at - one.fired_at)}"),
    )


def _reached(one: Raised) -> Cell:
    if not one.owed:
        return Cell("nobody was to be told", DIM)
    if one.delivered_at is None:
        return Cell("nobody", BAD)
    whom = f"{one.delivered} of {one.owed}" if one.delivered < one.owed else counted(one.owed, "person", "people")
    return Cell(f"{whom}, after {span(max(0, one.delivered_at - one.fired_at))}")
