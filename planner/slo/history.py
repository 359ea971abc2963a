"""What came due step by step, up to now: when a budget was gone, and since when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from planner.model import MINUTE
from planner.slo import budget
from planner.slo.objectives import Slo

STEPS = 168
"""In a promise's window: hours, if it is a week."""
SHORTEST_MS = 5 * MINUTE
"""No step is shorter: counts are kept by five minutes."""
WINDOWS = 2
"""So many of them it goes back: the budget as it was a window ago is that of the one before."""


class Step(NamedTuple):
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class History:
    """``steps`` are the oldest first, ``step_ms`` long each; the last ends at ``now`` (UTC ms)."""

    slo: Slo
    now: int
    step_ms: int
    steps: tuple[Step, ...]

    @property
    def in_window(self) -> int:
        """How many steps the promise's window has."""
        return steps_in(self.slo, self.step_ms)

    @property
    def window(self) -> tuple[Step, ...]:
        return self.steps[-self.in_window :]


def step_of(slo: Slo) -> int:
    """How long a step is, in ms: whole buckets."""
    return max(SHORTEST_MS, slo.window_ms // STEPS // SHORTEST_MS * SHORTEST_MS)


def steps_in(slo: Slo, step_ms: int) -> int:
    return max(1, round(slo.window_ms / step_ms))


def lengths(slo: Slo) -> list[int]:
    """How far back, in ms, each step begins; the latest first."""
    step = step_of(slo)
    return [step * number for number in range(1, WINDOWS * steps_in(slo, step) + 1)]


def history(slo: Slo, windows: Mapping[int, tuple[int, int]], now: int) -> History:
    """From what was good and bad within each of ``lengths``."""
    found, before = [], (0, 0)
    for length in lengths(slo):
        good, bad = windows[length]
        found.append(Step(good - before[0], bad - before[1]))
        before = good, bad
    return History(slo, now, step_of(slo), tuple(reversed(found)))


def gone(past: History) -> list[bool]:
    """Whether the budget was gone at the end of each step of the last window; the last is now."""
    good = [0, *accumulate(step.good for step in past.steps)]
    bad = [0, *accumulate(step.bad for step in past.steps)]
    size = past.in_window
    ends = range(max(size, len(past.steps) - size + 1), len(past.steps) + 1)
    return [
        bool(budget.exhausted(good[end] - good[end - size], bad[end] - bad[end - size], past.slo.objective))
        for end in ends
    ]


def gone_since(past: History) -> int | None:
    """When the budget that is gone now had gone, to a step (UTC ms); as far back as a window. ``None``: it is not."""
    states = gone(past)
    if not states or not states[-1]:
        return None
    run = next((number for number, state in enumerate(reversed(states)) if not state), len(states))
    return past.now - (run - 1) * past.step_ms


def back_since(past: History) -> int | None:
    """When the budget that was gone within the last window had come back; ``None``: it is gone, or never was."""
    states = gone(past)
    if not any(states) or states[-1]:
        return None
    return past.now - (next(number for number, state in enumerate(reversed(states)) if state) - 1) * past.step_ms
