"""A history of verdicts, and how many of them lay in a window at any time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from planner.slo import budget
from planner.slo.objectives import Slo


class Verdict(NamedTuple):
    """``at``: when it is known, UTC ms. Good ones are known at once, bad ones when they are overdue, or later.

    ``due`` says since when it was due, where nobody could know for long.
    """

    at: int
    bad: bool
    due: int | None = None


class Ledger:
    """Verdicts on one promise, in the order they became known."""

    def __init__(self, verdicts: Iterable[Verdict]) -> None:
        self._given = given = sorted(verdicts, key=lambda one: (one.at, one.bad))
        self.times = [one.at for one in given]
        self.bad = [one.bad for one in given]
        self._bad_until = [0, *accumulate(self.bad)]

    @cached_property
    def by_due(self) -> Ledger:
        """The same by when it was due, as the planner counts; Prometheus by when it became known."""
        if all(one.due is None for one in self._given):
            return self
        return Ledger(Verdict(one.at if one.due is None else one.due, one.bad) for one in self._given)

    def __len__(self) -> int:
        return len(self.times)

    @property
    def bads(self) -> int:
        return self._bad_until[-1]

    def counts(self, at: int, window_ms: int) -> tuple[int, int]:
        """What was good and bad in the window that ends at ``at``: later than its beginning, up to its end."""
        first, last = self.places(at, window_ms)
        bad = self._bad_until[last] - self._bad_until[first]
        return last - first - bad, bad

    def places(self, at: int, window_ms: int) -> tuple[int, int]:
        """The places in ``times`` of the first of that window, and behind its last."""
        return bisect_right(self.times, at - window_ms), bisect_right(self.times, at)

    def within(self, begin: int, end: int) -> list[int]:
        """The instants of verdicts in ``begin <= t < end``."""
        return self.times[bisect_left(self.times, begin) : bisect_left(self.times, end)]

    def spent(self, slo: Slo, at: int) -> float | None:
        """The share of the error budget that was gone at ``at``; ``None`` where nothing came due in its window."""
        left = budget.left(*self.counts(at, slo.window_ms), slo.objective)
        return None if left is None else 1 - left
