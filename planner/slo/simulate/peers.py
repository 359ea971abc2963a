"""What others would do on the same history: the alert rules that sloth and Pyrra generate when nothing is set.

sloth v0.16 for 30 days: pages at 14.4 (1 h and 5 m) and 6 (6 h and 30 m), tickets at 3 (1 d and 2 h) and 1 (3 d and
6 h); for 7 days there is an example file beside it. Pyrra v0.9 for 7 days: 14, 7, 2 and 1 over windows that it scales
and rounds to whole minutes, each for half of its short window; it pages when the metric is absent, too. Neither has a
floor: one bad of one is a rate of 100 %.
"""

from __future__ import annotations

from collections.abc import Mapping

from planner.model import DAY, HOUR, MINUTE
from planner.slo import budget
from planner.slo.alerts import Rule
from planner.slo.objectives import Severity, Slo

_Tier = tuple[str, int, int, float, Severity, int]
"""Name, long and short window, burn rate, severity, for how long."""

PAGE, TICKET = Severity.CRITICAL, Severity.WARNING

PEERS: Mapping[str, tuple[_Tier, ...]] = {
    "sloth, its 30-day default": (
        ("page", HOUR, 5 * MINUTE, 14.4, PAGE, 0),
        ("page6h", 6 * HOUR, 30 * MINUTE, 6, PAGE, 0),
        ("ticket", DAY, 2 * HOUR, 3, TICKET, 0),
        ("ticket3d", 3 * DAY, 6 * HOUR, 1, TICKET, 0),
    ),
    "sloth, its 7-day example": (
        ("page", HOUR, 5 * MINUTE, 13.44, PAGE, 0),
        ("page6h", 6 * HOUR, 30 * MINUTE, 3.5, PAGE, 0),
        ("ticket", DAY, 2 * HOUR, 1.4, TICKET, 0),
        ("ticket3d", 3 * DAY, 6 * HOUR, 0.98, TICKET, 0),
    ),
    "Pyrra, over 7 days": (
        ("critical14", 15 * MINUTE, MINUTE, 14, PAGE, MINUTE),
        ("critical7", 90 * MINUTE, 8 * MINUTE, 7, PAGE, 4 * MINUTE),
        ("warning2", 6 * HOUR, 30 * MINUTE, 2, TICKET, 15 * MINUTE),
        ("warning1", DAY, 90 * MINUTE, 1, TICKET, 45 * MINUTE),
    ),
}

ABSENT_MS: Mapping[str, int] = {"Pyrra, over 7 days": 8 * MINUTE}
"""Until a peer pages because the metric is gone: Pyrra's SLOMetricAbsent, 3 minutes for 99 %, and Prometheus' own five
until a series is stale. sloth has none."""


def rules(peer: str, slo: Slo) -> list[Rule]:
    """What a peer would generate for a promise. A tier that can never fire is one all the same: it stays silent."""
    return [
        Rule(slo, name, severity, long_ms, short_ms, _limit(factor, slo), 1, 0, for_ms)
        for name, long_ms, short_ms, factor, severity, for_ms in PEERS[peer]
    ]


def _limit(factor: float, slo: Slo) -> float:
    return round(factor * budget.allowed_error_rate(slo.objective), budget.DIGITS)
