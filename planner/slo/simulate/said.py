"""What a simulation came to, in words and as data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from planner.model import MINUTE, SECOND
from planner.slo.figures import NONE, part
from planner.slo.simulate.line import Line
from planner.slo.simulate.scenarios import Scenario
from planner.slo.simulate.year import Alarms, Paged, mean

HEADS = ("after", "severity", "alert", "resolved after", "bad, of all", "budget gone", "told by")
_LINE = "  {:>10}  {:8}  {:28}  {:>14}  {:>13}  {:>11}  {}"
LEGEND = (
    "after: since it began. bad, of all: in the alert's long window. budget gone: above 100 % it is overdrawn.",
    "still firing: at the end, which is 8 hours after all is well again.",
    "told by both: by the planner itself in Telegram, and by Prometheus and Alertmanager, each where it is in use.",
)
YEAR_LEGEND = (
    "20 (24): so many a year in the mean, and in the worst one. ours: slo.toml's, of the reminders or of all promises.",
    "The others watch the reminders, as they would be given; ours alone have synthetic ones beside them.",
)


def heading(scenario: Scenario) -> str:
    length = "" if scenario.once else f", for {_after(scenario.end - scenario.begin)}"
    return f"{scenario.name}: {scenario.about}{length}"


def heads() -> str:
    return _LINE.format(*HEADS)


def line(one: Line, scenario: Scenario) -> str:
    """One line of a timeline for people."""
    began = _after(one.at - scenario.begin)
    ends = "still firing" if one.resolved_at is None else _after(one.resolved_at - scenario.begin)
    seen = NONE if one.bad is None else f"{one.bad} of {one.bad + (one.good or 0)}"
    return _LINE.format(began, one.severity, one.alert, ends, seen, part(one.spent), one.by)


def line_as_json(one: Line, scenario: Scenario) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "alert": one.alert,
        "severity": str(one.severity),
        "after_s": (one.at - scenario.begin) // SECOND,
        "resolved_after_s": None if one.resolved_at is None else (one.resolved_at - scenario.begin) // SECOND,
        "by": one.by,
        "good": one.good,
        "bad": one.bad,
        "budget_spent": None if one.spent is None else round(one.spent, 6),
    }


def alarms(found: Sequence[Alarms]) -> list[str]:
    """A row for each set of rules: pages and warnings a year, the mean and the worst year."""
    rows = [f"  {'false alarms a year':32} {'pages':>14} {'warnings':>16}"]
    for name in dict.fromkeys(one.rules for one in found):
        years = [one for one in found if one.rules == name]
        pages, warnings = [one.pages for one in years], [one.warnings for one in years]
        rows.append(f"  {name:32} {_range(pages):>14} {_range(warnings):>16}")
    return rows


def alarms_as_json(found: Iterable[Alarms]) -> list[dict[str, object]]:
    return [{"false_alarms": asdict(one)} for one in found]


def paged(name: str, found: Sequence[Paged]) -> str:
    """How long it took until somebody was paged, by day and by night."""
    day, night = ([one.after for one in found if one.by_day is by_day] for by_day in (True, False))
    return f"  {name:32} {_slowest(day):>14} {_slowest(night):>16}"


def paged_as_json(rules: str, scenario: str, found: Iterable[Paged]) -> list[dict[str, object]]:
    return [
        {
            "outage": scenario,
            "rules": rules,
            "by_day": one.by_day,
            "paged_after_s": None if one.after is None else one.after // SECOND,
        }
        for one in found
    ]


def _slowest(after: Sequence[int | None]) -> str:
    missed = sum(one is None for one in after)
    if missed:
        return f"{missed} of {len(after)} never"
    return _after(max((one for one in after if one is not None), default=0))


def _range(values: Sequence[int]) -> str:
    return f"{mean(values):.1f} ({max(values, default=0)})"


def _after(length_ms: int) -> str:
    minutes = length_ms / MINUTE
    if minutes < 120:
        return f"{minutes:.1f} min"
    return f"{minutes / 60:.1f} h" if minutes < 72 * 60 else f"{minutes / 1440:.1f} d"
