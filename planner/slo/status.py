"""How a promise stands: the rate over its window, what is left of its budget, and a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from planner.model import SECOND
from planner.slo import budget, confidence
from planner.slo.confidence import Certainty
from planner.slo.figures import tidy
from planner.slo.objectives import Slo

PRESENT = "1d"
"""The window whose burn rate is taken as the present one: an hour may well be idle, a week is past."""


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
    def exhausted(self) -> bool | None:
        return budget.exhausted(self.good, self.bad, self.slo.objective)

    @property
    def time_to_exhaustion(self) -> int | None:
        """In ms, at the burn rate of ``PRESENT``; ``None`` where the budget lasts."""
        return budget.time_to_exhaustion(self.budget_left, self.burn_rates.get(PRESENT), self.slo.window_ms)

    @property
    def standing(self) -> Standing:
        if self.rate is None:
            return Standing.IDLE
        if self.rate >= self.slo.objective:
            return Standing.KEPT
        return Standing.BURNING if self.rate >= self.slo.alert_below else Standing.BROKEN

    @property
    def sure(self) -> Certainty | None:
        """Whether so many tell if the objective is kept: ``standing`` says what was, this what it proves."""
        return confidence.certainty(self.good, self.bad, self.slo.objective)


def as_json(status: Status) -> dict[str, object]:
    """As programs read it; what cannot be said, because nothing came due, is null.

    ``interval``: between which shares the true one lies, 95 times in 100. ``time_to_exhaustion_s``: at the burn rate of
    ``PRESENT``; null where the budget lasts.
    """
    slo, left = status.slo, status.time_to_exhaustion
    return {
        "slo": slo.id,
        "name": slo.name,
        "objective": slo.objective,
        "window_s": slo.window_ms // SECOND,
        "good": status.good,
        "bad": status.bad,
        "sli": tidy(status.rate),
        "interval": None if status.rate is None else _interval(status),
        "allowed_bad": tidy(budget.allowed_bad(status.good + status.bad, slo.objective)),
        "budget_left": tidy(status.budget_left),
        "exhausted": status.exhausted,
        "burn_rate": {window: tidy(rate) for window, rate in status.burn_rates.items()},
        "time_to_exhaustion_s": None if left is None else left // SECOND,
        "verdict": str(status.standing),
        "sure": None if status.sure is None else str(status.sure),
    }


def _interval(status: Status) -> list[float | None]:
    return [tidy(end) for end in confidence.wilson(status.good, status.good + status.bad)]
