"""Who notices beside the promises' own alerts, and by whom those are told: what a dead process cannot say itself."""

from __future__ import annotations

from planner.model import MINUTE, SECOND
from planner.slo.objectives import Severity
from planner.slo.simulate.line import Line
from planner.slo.simulate.scenarios import Scenario

GRACE_MS = 3 * MINUTE
"""How long whoever receives the heartbeat waits for the next one, as docs/observability.md advises to set it."""
SILENT_MS = 2 * MINUTE
"""The heartbeat says that Telegram cannot be reached after a minute of silence, and is sent once a minute."""
DOWN_MS = 4 * MINUTE
"""How old the planner's own heartbeat gets, at most, before Prometheus' ``PlannerDown`` fires (stack/prometheus)."""
SCRAPE_MS = 30 * SECOND

PROCESS, STACK, BOTH = "the planner", "Prometheus", "both"
RECEIVER = "the heartbeat's receiver"


def told(scenario: Scenario) -> list[Line]:
    """What is noticed of a scenario without any promise."""
    if scenario.hidden:
        return [Line(scenario.begin + DOWN_MS + SCRAPE_MS, "PlannerDown", Severity.CRITICAL, STACK, scenario.end)]
    if scenario.unreachable:
        return [Line(scenario.begin + SILENT_MS, "heartbeat says: failing", Severity.CRITICAL, RECEIVER, scenario.end)]
    found = []
    for begin, end in scenario.absences():
        if end - begin > GRACE_MS:
            found.append(Line(begin + GRACE_MS, "no heartbeat", Severity.CRITICAL, RECEIVER, end))
        if end - begin > DOWN_MS + SCRAPE_MS:
            found.append(Line(begin + DOWN_MS + SCRAPE_MS, "PlannerDown", Severity.CRITICAL, STACK, end))
    return found


def by(scenario: Scenario, at: int) -> str:
    """Who tells of an alert that fires at ``at``."""
    during = scenario.begin <= at < scenario.end
    if during and scenario.hidden:
        return PROCESS
    return STACK if during and scenario.unreachable else BOTH
