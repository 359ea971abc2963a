"""For each rule of a promise the histories in which it fires, must not, and just does or does not.

They are reckoned from the rule: with a limit of p/q, k x p bad of k x q are exactly at it, and do not fire; one more
does. What lies just outside a window is put where it would tell if the window were longer, and what lies at its very
beginning where it would be missed if it were shorter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from planner.model import HOUR
from planner.slo.alerts import Rule
from planner.slo.generate import promql
from planner.slo.generate.history import Came, History

MANY = 50
"""Bad ones at least where the limit is met exactly: one more is then little more."""
COARSE = 14
STEP_MAX_MS = 12 * HOUR


@dataclass(frozen=True, slots=True)
class Look:
    """What is seen at a step; ``fires``: what was good and bad in the long window, ``None``: it does not."""

    step: int
    fires: Came | None


@dataclass(frozen=True, slots=True)
class Case:
    what: str
    history: History
    looks: tuple[Look, ...]


@dataclass(frozen=True, slots=True)
class _Grid:
    """A rule's windows in steps, up to the last one; a step is half of the short window."""

    rule: Rule

    @property
    def step_ms(self) -> int:
        if self.rule.short_ms is not None:
            return self.rule.short_ms // 2
        return min(self.rule.long_ms // COARSE, STEP_MAX_MS)

    @property
    def long(self) -> int:
        """How many steps lie between the first one in the long window and its end."""
        return (self.rule.long_ms - 1) // self.step_ms

    @property
    def end(self) -> int:
        return self.long + 2

    @property
    def first(self) -> int:
        return self.end - self.long

    @property
    def outside(self) -> int:
        """The last step before the long window."""
        return self.first - 1

    @property
    def short(self) -> int:
        """The first step in the short window."""
        return self.end if self.rule.short_ms is None else self.end - (self.rule.short_ms - 1) // self.step_ms

    @property
    def limit(self) -> Fraction:
        return Fraction(repr(self.rule.limit))

    @property
    def bad(self) -> int:
        """So many bad ones, of ``all``, are exactly at the limit."""
        return self.limit.numerator * ceil(max(MANY, self.rule.min_bad) / self.limit.numerator)

    @property
    def good(self) -> int:
        return self.bad * (self.limit.denominator - self.limit.numerator) // self.limit.numerator

    @property
    def exactly(self) -> Came:
        return self.good, self.bad

    def case(self, what: str, came: dict[int, Came], *looks: Look, silent: range = range(0)) -> Case:
        return Case(what, History(self.step_ms, self.end + 1, came, silent), looks)


def cases(rule: Rule) -> Iterator[Case]:
    grid = _Grid(rule)
    yield _just_above(grid)
    yield _exactly(grid)
    if rule.min_bad > 1:
        yield _one_too_few(grid)
    yield _just_enough(grid)
    if rule.short_ms is not None:
        yield from _short_windows(grid)
        yield _after_a_gap(grid)
    if rule.keep_ms:
        yield _kept(grid)


def _just_above(grid: _Grid) -> Case:
    """``late`` are so many that it is not above the limit before they come."""
    late = 1 + ceil(grid.limit / (1 - grid.limit))
    came = {
        grid.outside: grid.exactly,
        grid.first: (grid.good - 1, grid.bad + 1 - late),
        grid.short: (0, late),
    }
    return grid.case(
        "just above the limit", came, Look(grid.short - 1, None), Look(grid.end, (grid.good - 1, grid.bad + 1))
    )


def _exactly(grid: _Grid) -> Case:
    came = {grid.outside: grid.exactly, grid.first: (grid.good, grid.bad - 1), grid.short: (0, 1)}
    return grid.case("exactly at the limit", came, Look(grid.short, None), Look(grid.end, None))


def _one_too_few(grid: _Grid) -> Case:
    came = {grid.outside: grid.exactly, grid.end: (0, grid.rule.min_bad - 1)}
    return grid.case("all bad, one fewer than needed", came, Look(grid.end - 1, None), Look(grid.end, None))


def _just_enough(grid: _Grid) -> Case:
    enough = grid.rule.min_bad
    early = min(enough - 1, 1)
    came = {grid.first: (0, early), grid.end: (0, enough - early)}
    return grid.case("all bad, as many as needed", came, Look(grid.end - 1, None), Look(grid.end, (0, enough)))


def _short_windows(grid: _Grid) -> Iterator[Case]:
    """The long window is above the limit as soon as what was good before it is out of sight."""
    before = {grid.outside: (grid.good, 0), grid.short - 1: (0, grid.bad)}
    good, bad = grid.exactly
    came = {**before, grid.short: (good, bad)}
    yield grid.case("the short window exactly at the limit", came, Look(grid.end - 1, None), Look(grid.end, None))
    came = {**before, grid.short: (good - 1, bad + 1)}
    yield grid.case(
        "the short window just above the limit", came,
        Look(grid.short - 1, None), Look(grid.end, (good - 1, bad + bad + 1)),
    )  # fmt: skip
    yield grid.case("nothing came due in the short window", before, Look(grid.end - 1, None), Look(grid.end, None))


def _after_a_gap(grid: _Grid) -> Case:
    """Nobody reports for longer than the short window; what fell due meanwhile is seen at the first look after it."""
    silent = range(2, grid.end)
    came = {grid.end - 1: (0, grid.rule.min_bad)}
    return grid.case(
        "bad while nobody reported", came, Look(grid.end - 1, None), Look(grid.end, (0, grid.rule.min_bad)),
        silent=silent,
    )  # fmt: skip


def _kept(grid: _Grid) -> Case:
    """Held for one look, then no longer; and kept from the first at which it does not hold."""
    bad, keep_ms = grid.rule.min_bad, grid.rule.keep_ms
    good = ceil(bad / grid.limit) - bad
    every_ms = grid.step_ms if grid.step_ms <= keep_ms // 2 else promql.fine_ms(grid.rule.slo)
    over = 2 + ceil(keep_ms / every_ms)
    return Case(
        "kept for a while, and then over",
        History(every_ms, over + 1, {1: (0, bad), 2: (good, 0)}),
        (Look(0, None), Look(1, (0, bad)), Look(2, (0, bad)), Look(over - 1, (0, bad)), Look(over, None)),
    )
