"""A scenario played from beginning to end: which alert fires when, and how much of the budget is gone by then."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from planner.model import HOUR
from planner.slo.alerts import rules
from planner.slo.objectives import Slo
from planner.slo.simulate import watchers
from planner.slo.simulate.ledger import Ledger
from planner.slo.simulate.line import Line
from planner.slo.simulate.play import play
from planner.slo.simulate.scenarios import Scenario
from planner.slo.simulate.traffic import Traffic

AFTER_MS = 8 * HOUR
"""So long it is watched when it is over."""


def ledgers(
    scenario: Scenario, slos: Sequence[Slo], traffic: Traffic, random: Random, before_ms: int | None = None
) -> dict[str, Ledger]:
    """What becomes of all that falls due before, in and after a scenario, by promise.

    ``before_ms``: so long all was well before; without it as long as any of the alerts looks back.
    """
    longest = max(rule.long_ms for slo in slos for rule in rules(slo)) if before_ms is None else before_ms
    begin, end = scenario.begin - longest, scenario.end + AFTER_MS
    return {
        slo.id: Ledger(scenario.verdicts(slo.counts, traffic.due(slo.counts, begin, end, random), random))
        for slo in slos
    }


def timeline(scenario: Scenario, slos: Sequence[Slo], kept: dict[str, Ledger]) -> list[Line]:
    """Everything that is told from its beginning on, in order."""
    ends = scenario.end + AFTER_MS
    lines = watchers.told(scenario)
    for slo in slos:
        ledger = kept[slo.id]
        for rule in rules(slo):
            for one in play(rule, ledger):
                if one.fired_at >= ends:  # the history is over, and what was good leaves the window
                    break
                good, bad = ledger.counts(one.fired_at, rule.long_ms)
                by, until = watchers.by(scenario, one.fired_at), _before(ends, one.resolved_at)
                spent = ledger.spent(slo, one.fired_at)
                lines.append(Line(one.fired_at, rule.name, rule.severity, by, until, spent, good, bad))
    return sorted((line for line in lines if line.at >= scenario.begin), key=lambda line: (line.at, line.alert))


def _before(ends: int, at: int) -> int | None:
    return None if at >= ends else at
