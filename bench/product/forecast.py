"""Forecasts of when a budget is gone, beside what then happened, over simulated histories.

Each history has two weeks before the forecast and one after it, with a day's rhythm, and one of three ways to go
wrong: a rate that changed in the last three days, one that has grown for one to six, or bad ones that come in clumps.
What is counted is whether the true time lay in the interval (that the budget lasts the week counts as later than all of
it), and how far off the forecast was where the budget did go, beside a straight line: what is left, at the burn rate of
the last day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf, pi, sin
from random import Random
from statistics import median
from typing import NamedTuple

from bench.product.report import say
from planner import promises
from planner.model import HOUR
from planner.slo import budget
from planner.slo.forecast import forecast
from planner.slo.history import STEPS, History, Step

HISTORIES = 400
PAST, FUTURE = 2 * STEPS, STEPS
DAY_STEPS = 24
NOW = 1_795_255_200_000
SLO = promises.load().slos[0]
ALLOWED = budget.allowed_error_rate(SLO.objective)

Rate = Callable[[int], float]


class Outcome(NamedTuple):
    """In hours; ``inf``: not within the week."""

    true: float
    earliest: float
    middle: float
    latest: float
    naive: float


def rates(kind: str, random: Random) -> Rate:
    """The true share of bad ones, hour by hour."""
    before = random.uniform(0, 0.6) * ALLOWED
    after = random.uniform(0.5, 6) * ALLOWED
    change = PAST - (random.randrange(24, 144) if kind == "growing" else random.randrange(4, 72))
    if kind == "changed":
        return lambda hour: before if hour < change else after
    if kind == "growing":
        slope = (after - before) / (PAST + FUTURE - change)
        return lambda hour: before + max(0, hour - change) * slope
    often = random.uniform(0.01, 0.06)
    clumps = [random.uniform(0.05, 0.4) if random.random() < often else 0.0 for _ in range(PAST + FUTURE)]
    return lambda hour: before + clumps[hour]


def history(kind: str, random: Random) -> list[Step]:
    rate, size = rates(kind, random), random.choice((12, 40, 150))
    return [
        _step(rate(hour), round(size * (1 + 0.7 * sin(2 * pi * hour / DAY_STEPS))), random)
        for hour in range(PAST + FUTURE)
    ]


def _step(rate: float, many: int, random: Random) -> Step:
    bad = sum(random.random() < rate for _ in range(many))
    return Step(many - bad, bad)


def gone_after(steps: list[Step]) -> float:
    """Hours until the budget was gone; 0: it was at the time of the forecast."""
    for hour in range(FUTURE + 1):
        window = steps[PAST + hour - STEPS : PAST + hour]
        if budget.exhausted(sum(step.good for step in window), sum(step.bad for step in window), SLO.objective):
            return hour
    return inf


def outcomes() -> Iterator[Outcome]:
    random, kinds = Random(7), ("changed", "growing", "clumps")
    for number in range(HISTORIES):
        steps = history(kinds[number % len(kinds)], random)
        true = gone_after(steps)
        if true == 0:
            continue
        found = forecast(History(SLO, NOW, HOUR, tuple(steps[:PAST])))
        yield Outcome(true, _hours(found.earliest), _hours(found.middle), _hours(found.latest), naive(steps[:PAST]))


def naive(past: list[Step]) -> float:
    week, day = past[-STEPS:], past[-DAY_STEPS:]
    left = budget.left(sum(step.good for step in week), sum(step.bad for step in week), SLO.objective)
    burn = budget.burn_rate(sum(step.good for step in day), sum(step.bad for step in day), SLO.objective)
    return inf if not left or not burn else left * STEPS / burn


def _hours(ms: int | None) -> float:
    return inf if ms is None else ms / HOUR


def off(one: Outcome, said: float) -> float:
    return abs(min(said, FUTURE) - one.true)


def measure() -> dict[str, float]:
    """``held_percent`` is to be near the 80 that the forecast states, and ``error_h`` under ``naive_error_h``."""
    found = list(outcomes())
    held = [one.earliest <= one.true <= one.latest for one in found]
    gone = [one for one in found if one.true != inf]
    return {
        "held_percent": 100 * sum(held) / len(held),
        "error_h": median(off(one, one.middle) for one in gone),
        "naive_error_h": median(off(one, one.naive) for one in gone),
        "histories": len(found),
        "gone": len(gone),
    }


if __name__ == "__main__":
    say("forecast", measure())
