"""What came due step by step, up to now: when a budget was gone, and since when. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from planner.model import BUCKET_MS
from planner.slo import budget
from planner.slo.objectives import Slo

STEPS = 168
"""In a promise's window: hours, if it is a week."""
FINE_WINDOWS = 4
"""So many windows back it is looked for when a budget went."""
WINDOWS = 2
"""So many of them it goes back: the budget as it was a window ago is that of the one before."""


class Step(NamedTuple):
    good: int
    bad: int


@dataclass(frozen=True, slots=True)
class History:
    """``steps`` are the oldest first, ``step_ms`` long each; the last ends at ``now`` (UTC ms).

    ``fine``: the same by what counts are kept by, so that when a budget went is the same whenever it is asked.
    """

    slo: Slo
    now: int
    step_ms: int
    steps: tuple[Step, ...]
    fine: History | None = None
    in_part: bool = False
    """Whether a window's first step lies in it only in part, and is counted all the same, as every reading does."""

    @property
    def in_window(self) -> int:
        """How many steps the promise's window has."""
        return steps_in(self.slo, self.step_ms) + self.in_part

    @property
    def window(self) -> tuple[Step, ...]:
        return self.steps[-self.in_window :]


def step_of(slo: Slo) -> int:
    """How long a step is, in ms: whole buckets."""
    return max(BUCKET_MS, slo.window_ms // STEPS // BUCKET_MS * BUCKET_MS)


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


def fine_since(slo: Slo, now: int) -> int:
    """From when on ``fine`` wants to know what was counted, UTC ms."""
    return now - now % BUCKET_MS - FINE_WINDOWS * slo.window_ms


def fine(slo: Slo, counted: Iterable[tuple[int, int, int]], now: int) -> History:
    """From what was good and bad by the five minutes, since ``fine_since``; its last step begins, not ends, at ``now``.

    What went bad within a step so is never said to have done so later than it did.
    """
    first = fine_since(slo, now)
    good, bad = ([0] * ((now - first) // BUCKET_MS + 1) for _ in range(2))
    for at, goods, bads in counted:
        if first <= at <= now:
            good[(at - first) // BUCKET_MS] += goods
            bad[(at - first) // BUCKET_MS] += bads
    steps = tuple(map(Step, good, bad))
    return History(slo, now - now % BUCKET_MS, BUCKET_MS, steps, in_part=True)


def gone(past: History) -> list[bool]:
    """Whether the budget was gone at the end of each step, as far back as a window is known before it."""
    good = [0, *accumulate(step.good for step in past.steps)]
    bad = [0, *accumulate(step.bad for step in past.steps)]
    size = past.in_window
    ends = range(size, len(past.steps) + 1)
    return [
        bool(budget.exhausted(good[end] - good[end - size], bad[end] - bad[end - size], past.slo.objective))
        for end in ends
    ]


def gone_since(past: History) -> int | None:
    """When the budget that is gone now had gone, to a step (UTC ms), as far back as is known. ``None``: it is not."""
    past = past.fine or past
    states = gone(past)
    if not states or not states[-1]:
        return None
    run = next((number for number, state in enumerate(reversed(states)) if not state), len(states))
    return past.now - (run - 1) * past.step_ms


def back_since(past: History) -> int | None:
    """When the budget that was gone within the last window had come back; ``None``: it is gone, or never was."""
    past = past.fine or past
    states = gone(past)[-past.in_window :]
    if not any(states) or states[-1]:
        return None
    return past.now - (next(number for number, state in enumerate(reversed(states)) if state) - 1) * past.step_ms
