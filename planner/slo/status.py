"""How a promise stands: the rate over its window, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from planner.slo.objectives import Slo


class Standing(StrEnum):
    """``idle``: nothing came due, so nothing can be said; neither kept nor broken."""

    KEPT = "kept"
    BURNING = "below objective"
    BROKEN = "broken"
    IDLE = "idle"


@dataclass(frozen=True, slots=True)
class Status:
    """``rate`` is good ÷ (good + bad), ``None`` where nothing came due."""

    slo: Slo
    good: int
    bad: int

    @property
    def rate(self) -> float | None:
        total = self.good + self.bad
        return self.good / total if total else None

    @property
    def standing(self) -> Standing:
        if self.rate is None:
            return Standing.IDLE
        if self.rate >= self.slo.objective:
            return Standing.KEPT
        return Standing.BURNING if self.rate >= self.slo.alert_below else Standing.BROKEN
