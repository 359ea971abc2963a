"""How a promise stands: the rate over its window, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from math import floor

from planner.model import DAY, SECOND
from planner.slo import budget
from planner.slo.objectives import Slo

DIGITS = 9
"""After the point, of what programs read: one bad among many millions still shows."""


class Standing(StrEnum):
    """``idle``: nothing came due, so nothing can be said; neither kept nor broken."""

    KEPT = "kept"
    BURNING = "below objective"
    BROKEN = "broken"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Status:
    """What came due in a promise's window, and how fast its budget burns in others, by their name (``budget.WINDOWS``).

    ``rate`` is good ÷ (good + bad); ``budget_left`` is below 0 where it is overdrawn; ``None``: nothing came due.
    """

    slo: Slo
    good: int
    bad: int
    burn_rates: Mapping[str, float | None] = field(default_factory=dict)

    @property
    def rate(self) -> float | None:
        return budget.sli(self.good, self.bad)

    @property
    def budget_left(self) -> float | None:
        return budget.left(self.good, self.bad, self.slo.objective)

    @property
    def standing(self) -> Standing:
        if self.rate is None:
            return Standing.IDLE
        if self.rate >= self.slo.objective:
            return Standing.KEPT
        return Standing.BURNING if self.rate >= self.slo.alert_below else Standing.BROKEN


def as_json(status: Status) -> dict[str, object]:
    """As programs read it; ``sli``, ``budget_left`` and a burn rate are null where nothing came due."""
    return {
        "slo": status.slo.id,
        "name": status.slo.name,
        "objective": status.slo.objective,
        "window_s": status.slo.window_ms // SECOND,
        "good": status.good,
        "bad": status.bad,
        "sli": _tidy(status.rate),
        "budget_left": _tidy(status.budget_left),
        "burn_rate": {window: _tidy(rate) for window, rate in status.burn_rates.items()},
        "verdict": str(status.standing),
    }


def as_text(status: Status) -> str:
    """One line for people."""
    slo, days = status.slo, status.slo.window_ms / DAY
    rate = (
        "nothing came due"
        if status.rate is None
        else f"{_percent(status.rate)} ({status.bad} bad of {status.good + status.bad})"
    )
    return f"{slo.name:22} {rate:32} objective {_percent(slo.objective)} over {days:g} days: {status.standing}"


def _tidy(number: float | None) -> float | None:
    """Without what binary fractions add: -99, and not -98.99999999999991."""
    return None if number is None else round(number, DIGITS)


def _percent(share: float) -> str:
    """Rounded down, so that no broken promise reads as kept."""
    return f"{floor(share * 10_000 + 1e-9) / 100:g} %"
