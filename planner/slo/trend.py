"""At which share things are bad of late, and how sure that is. Pure.

Within the window the share has changed once, or not at all: since then it is a level, or it grows by as much each step.
Which of these it is, and since when, is weighed by how likely each makes what was seen: Poisson counts at a rate of
which nothing is known but a prior, so the evidence has a closed form (Gelman et al., Bayesian Data Analysis, 2.6). Bad
ones that come in clumps prove less: all counts are divided by the clumps' size, as in a quasi-Poisson model.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from random import Random

from planner.slo import budget
from planner.slo.history import Step

GROWING_FROM = 6
"""Steps that a growth has at least: of fewer, a line says nothing."""
GROWING_LIKELY = 3.0
"""So much likelier than a level is a growth beforehand: it shows late, and to hear of it late costs more than early."""
_SHAPE = 0.5
"""Half a bad one is known beforehand, at the rate that just spends the budget: whatever came outweighs it."""


@dataclass(frozen=True, slots=True)
class _Since:
    """One thing that may have happened: for the latest ``steps`` it is as it is now.

    ``exposure``: how many came due, each counted by what its step's share is of the mean one. ``likely``: what that
    adds to the logarithm of the evidence. ``before``: the bad ones before, and all of them.
    """

    steps: int
    growing: bool
    bad: int
    exposure: float
    likely: float
    before: tuple[int, int]

    def times(self, ahead: int) -> float:
        """The share so many steps ahead, as a multiple of the mean one since the change."""
        return 2 * (self.steps + ahead) / (self.steps + 1) if self.growing else 1.0


class Trend:
    """``window``: the oldest step first; something came due in it. ``clump``: how many bad ones come at a time."""

    def __init__(self, window: Sequence[Step], objective: float) -> None:
        self._prior = _SHAPE / budget.allowed_error_rate(objective)
        self._all = [*_levels(window), *_growths(window)]
        self.clump = 1.0
        self._weights = self._weighed(len(window))
        self.clump = max(1.0, self._clumped(window))
        self._weights = self._weighed(len(window))

    def _weighed(self, steps: int) -> list[float]:
        logs = [self._evidence(one) for one in self._all]
        logs[steps - 1] += log(steps)  # as likely as any change: there was none
        most = max(logs)
        return [exp(one - most) for one in logs]

    def _evidence(self, one: _Since) -> float:
        beforehand = log(GROWING_LIKELY) if one.growing else 0.0
        return beforehand + self._of(one.bad, one.exposure) + self._of(*one.before) + one.likely / self.clump

    def _of(self, bad: float, exposure: float) -> float:
        shape, rate = self._known(bad, exposure)
        return lgamma(shape) - shape * log(rate) - lgamma(_SHAPE) + _SHAPE * log(self._prior)

    def _known(self, bad: float, exposure: float) -> tuple[float, float]:
        """The gamma distribution of the share, after so many: its shape, and its rate."""
        return _SHAPE + bad / self.clump, self._prior + exposure / self.clump

    def _clumped(self, window: Sequence[Step]) -> float:
        """The squared differences from what the likeliest would give, over that."""
        best = self._all[max(range(len(self._weights)), key=self._weights.__getitem__)]
        share, before = (bad / many if many else 0.0 for bad, many in ((best.bad, best.exposure), best.before))
        ahead = range(1 - len(window), 1)
        shares = [share * best.times(one) if one > -best.steps else before for one in ahead]
        pairs = [(step.bad, (step.good + step.bad) * one) for step, one in zip(window, shares, strict=True)]
        terms = [(bad - mean) ** 2 / mean for bad, mean in pairs if mean]
        return sum(terms) / len(terms) if terms else 1.0

    @property
    def share(self) -> float:
        """The mean of what it may be now."""
        known = (self._known(one.bad, one.exposure) for one in self._all)
        means = (shape / rate * one.times(0) for one, (shape, rate) in zip(self._all, known, strict=True))
        weighed = sum(weight * mean for weight, mean in zip(self._weights, means, strict=True))
        return min(1.0, weighed / sum(self._weights))

    def drawn(self, random: Random) -> Callable[[int], float]:
        """A share that may as well be the true one, so many steps ahead."""
        one = random.choices(self._all, self._weights)[0]
        shape, rate = self._known(one.bad, one.exposure)
        share = random.gammavariate(shape, 1 / rate)
        return lambda ahead: min(1.0, share * one.times(ahead))


def _levels(window: Sequence[Step]) -> Iterator[_Since]:
    bad_all, many_all = sum(step.bad for step in window), sum(step.good + step.bad for step in window)
    bad = many = 0
    for steps, step in enumerate(reversed(window), start=1):
        bad, many = bad + step.bad, many + step.good + step.bad
        yield _Since(steps, False, bad, many, 0.0, (bad_all - bad, many_all - many))


def _growths(window: Sequence[Step]) -> Iterator[_Since]:
    for level in _levels(window):
        if level.steps >= GROWING_FROM:
            half = (level.steps + 1) / 2
            since = list(enumerate(window[-level.steps :], start=1))
            exposure = sum(number / half * (step.good + step.bad) for number, step in since)
            likely = sum(step.bad * log(number / half) for number, step in since if step.bad)
            yield _Since(level.steps, True, level.bad, exposure, likely, level.before)
