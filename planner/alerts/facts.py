"""What an alert's row, and the log, say of it: figures and numbers, nothing that anybody wrote."""

from __future__ import annotations

from collections.abc import Mapping

from planner.alert_texts import Figures
from planner.model import SECOND
from planner.slo import budget
from planner.slo.alerts import Rule
from planner.store import Tx
from planner.store.alerts import Facts, Raised
from planner.store.counts import Count

NAMED = 10
"""So many of the last bad ones are named by their numbers."""
DIGITS = 6
WELL = "it holds no longer"

Windows = Mapping[int, Count]
"""What was good and bad within the last so many ms."""


def facts(tx: Tx, rule: Rule, counts: Windows, now: int, before: Raised | None) -> Facts:
    """Those of an alert that begins, or with ``before`` what is added to them at its end."""
    slo = rule.slo
    left = _tidy(budget.left(*counts[slo.window_ms], slo.objective))
    if before is not None and before.alert.fired_at is not None:
        return {**before.facts, "budget_left_at_end": left, "cause": WELL}
    good, bad = counts[rule.long_ms]
    return {
        "alert": rule.name,
        "severity": str(rule.severity),
        "objective": slo.objective,
        "window_s": slo.window_ms // SECOND,
        "looked_s": rule.long_ms // SECOND,
        "good": good,
        "bad": bad,
        "sli": _tidy(budget.sli(good, bad)),
        "burn_rate": _tidy(budget.burn_rate(good, bad, slo.objective)),
        "budget_left": left,
        "bad_events": [one.id for one in tx.alerts.bad_events(slo.counts, now - rule.long_ms, NAMED)],
        "runbook": slo.runbook_url,
    }


def figures(facts: Facts, *, at_end: bool = False) -> Figures:
    """The same for a message."""
    left = facts.get("budget_left_at_end" if at_end else "budget_left")
    good, bad = facts.get("good"), facts.get("bad")
    return Figures(
        good if isinstance(good, int) else 0,
        bad if isinstance(bad, int) else 0,
        left if isinstance(left, float | int) else None,
    )


def _tidy(number: float | None) -> float | None:
    return None if number is None else round(number, DIGITS)
