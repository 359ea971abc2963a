"""A scenario played from beginning to end: which alert fires when, and how much of the budget is gone by then."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from planner.model import HOUR, MINUTE
from planner.slo.alerts import Rule, rules
from planner.slo.objectives import Slo
from planner.slo.simulate import watchers
from planner.slo.simulate.ledger import Ledger
from planner.slo.simulate.line import Line
from planner.slo.simulate.play import Firing, play
from planner.slo.simulate.scenarios import Scenario
from planner.slo.simulate.traffic import Traffic

AFTER_MS = 8 * HOUR
"""So long it is watched when it is over."""
BESIDE_MS = 10 * MINUTE
"""What fires in Prometheus and in the planner within as long is one alert: the one counts by when it was known, the
other by when it was due."""


def ledgers(
    scenario: Scenario, slos: Sequence[Slo], traffic: Traffic, random: Random, before_ms: int | None = None
) -> dict[str, Ledger]:
    """What becomes of all that falls due before, in and after a scenario, by promise.

    ``before_ms``: so long all was well before; without it as long as any of the alerts looks back.
    """
    longest = max(rule.long_ms for slo in slos for rule in rules(slo)) if before_ms is None else before_ms
    return due_within(scenario, slos, traffic, random, scenario.begin - longest, scenario.end + AFTER_MS)


def due_within(
    scenario: Scenario, slos: Sequence[Slo], traffic: Traffic, random: Random, begin: int, end: int
) -> dict[str, Ledger]:
    """What becomes of all that falls due in ``begin <= t < end`` (UTC ms), by promise."""
    return {
        slo.id: Ledger(scenario.verdicts(slo.counts, traffic.due(slo.counts, begin, end, random), random))
        for slo in slos
    }


def timeline(scenario: Scenario, slos: Sequence[Slo], kept: dict[str, Ledger]) -> list[Line]:
    """Everything that is told from its beginning on, in order."""
    ends = scenario.end + AFTER_MS
    lines = watchers.told(scenario)
    for slo in slos:
        for rule in rules(slo):
            lines += (line for line in _alerts(scenario, rule, kept[slo.id]) if line.at < ends)
    return sorted((line for line in lines if line.at >= scenario.begin), key=lambda line: (line.at, line.alert))


def _alerts(scenario: Scenario, rule: Rule, ledger: Ledger) -> Iterator[Line]:
    """What Prometheus sees of a rule, and what the planner does, told once where they agree."""
    own_ledger, seen = ledger.by_due, play(rule, ledger)
    if own_ledger is ledger:
        yield from (_line(scenario, one, ledger, watchers.by(scenario, one.fired_at)) for one in seen)
        return
    own = play(rule, own_ledger, away=list(scenario.absences()))
    for one in seen:
        by = watchers.by(scenario, one.fired_at) if any(_near(one, other) for other in own) else watchers.STACK
        yield _line(scenario, one, ledger, by)
    for one in own:
        if not any(_near(one, other) for other in seen):
            yield _line(scenario, one, own_ledger, watchers.PROCESS)


def _near(one: Firing, other: Firing) -> bool:
    return abs(one.fired_at - other.fired_at) <= BESIDE_MS


def _line(scenario: Scenario, one: Firing, ledger: Ledger, by: str) -> Line:
    rule, ends = one.rule, scenario.end + AFTER_MS
    good, bad = ledger.counts(one.fired_at, rule.long_ms)
    spent = ledger.spent(rule.slo, one.fired_at)
    return Line(one.fired_at, rule.name, rule.severity, by, _before(ends, one.resolved_at), spent, good, bad)


def _before(ends: int, at: int) -> int | None:
    return None if at >= ends else at
