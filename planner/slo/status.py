"""How a promise stands: the rate over its window, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import floor

from planner.model import DAY, SECOND
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


def as_json(status: Status) -> dict[str, object]:
    """As programs read it; ``sli`` is null where nothing came due."""
    return {
        "slo": status.slo.id,
        "name": status.slo.name,
        "objective": status.slo.objective,
        "window_s": status.slo.window_ms // SECOND,
        "good": status.good,
        "bad": status.bad,
        "sli": status.rate,
        "verdict": str(status.standing),
    }


def as_text(status: Status) -> str:
    """One line for people."""
    slo, days = status.slo, status.slo.window_ms / DAY
    rate = (
        "nothing came due"
        if status.rate is None
        else f"{_percent(status.rate)} ({status.bad} late of {status.good + status.bad})"
    )
    return f"{slo.name:22} {rate:32} objective {_percent(slo.objective)} over {days:g} days: {status.standing}"


def _percent(share: float) -> str:
    """Rounded down, so that no broken promise reads as kept."""
    return f"{floor(share * 10_000 + 1e-9) / 100:g} %"
