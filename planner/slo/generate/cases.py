"""For each rule of a promise the histories in which it fires, must not, and just does or does not.

They are reckoned from the rule: with a limit of p/q, k x p bad of k x q are exactly at it, and do not fire; one more
does. What lies just outside a window is put where it would tell if the window were longer, and what lies at its very
beginning where it would be missed if it were shorter.

Each is looked at as seldom as it can be, for every look is an evaluation of all rules of a promise.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from planner.model import DAY
from planner.slo.alerts import Rule
from planner.slo.generate import promql
from planner.slo.generate.history import Came, History

MANY = 50
"""Bad ones at least where the limit is met exactly: one more is then little more."""
PARTS = 6
"""Into so many the long window is cut, at most, where the short one does not matter."""
STEP_MAX_MS = DAY
"""Beyond it nothing would be remembered from one look to the next."""
GAP = 4
"""Steps without a report: twice a short window."""


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
class _At:
    """What is good and bad where a rule's limit is met exactly."""

    rule: Rule

    @property
    def limit(self) -> Fraction:
        return Fraction(repr(self.rule.limit))

    @property
    def bad(self) -> int:
        return self.limit.numerator * ceil(max(MANY, self.rule.min_bad) / self.limit.numerator)

    @property
    def good(self) -> int:
        return self.bad * (self.limit.denominator - self.limit.numerator) // self.limit.numerator


def cases(rule: Rule) -> Iterator[Case]:
    """One that waits never fires at its first look, which all others of these show: there is but one of waiting."""
    if rule.for_ms:
        yield _waits(rule)
        return
    yield _limit(rule)
    yield _floor(rule, 0)
    if rule.min_bad > 1:
        yield _floor(rule, 1)
    if rule.short_ms is not None:
        yield _short_window(rule, rule.short_ms)
        yield _after_a_gap(rule, rule.short_ms)
    if rule.keep_ms:
        yield _kept(rule)


def _step_ms(rule: Rule) -> int:
    """For what only the long window decides; it is longer than the short one, in steps, too."""
    least_ms = 0 if rule.short_ms is None else promql.part_ms(rule.short_ms, 2)
    return min(max(promql.part_ms(rule.long_ms, PARTS), least_ms), STEP_MAX_MS)


def _reach(window_ms: int, step_ms: int) -> int:
    """How many steps before the last one the first one in a window is."""
    return (window_ms - 1) // step_ms


def _limit(rule: Rule) -> Case:
    at, step_ms = _At(rule), _step_ms(rule)
    outside, first = 1, 2
    end = first + _reach(rule.long_ms, step_ms)
    came = {outside: (at.good, at.bad), first: (at.good, at.bad - 1)}
    came[end - 1] = (at.good, at.bad) if end - 1 == first else (0, 1)
    came[end] = 0, 1
    looks = Look(end - 1, None), Look(end, (at.good, at.bad + 1))
    return Case("exactly at the limit, and just above it", History(step_ms, end + 1, came), looks)


def _floor(rule: Rule, early: int) -> Case:
    """Much that is bad lies just before the window, among more that is good, and counts for none of its parts."""
    at, step_ms, needed = _At(rule), _step_ms(rule), rule.min_bad
    few = 2 + _reach(rule.long_ms, step_ms)
    first, end = 3, few + 1
    came = {1: (4 * at.good, at.bad), first: (0, early), few: (0, needed - 1 - early), end: (0, 1)}
    if first == few:
        came[few] = 0, needed - 1
    looks = Look(few - 1, None), Look(few, None), Look(end, (0, needed))
    when = ", one of them early" if early else ""
    return Case(f"all bad, one fewer than needed, and as many{when}", History(step_ms, end + 1, came), looks)


def _short_window(rule: Rule, short_ms: int) -> Case:
    """The short window is empty, then exactly at the limit, then just above it.

    The long one is above as soon as what was good before it is out of sight. It is too short for all of this where what
    was bad first is out of sight at the end; then what comes last is bad alone.
    """
    at, step_ms = _At(rule), promql.part_ms(short_ms, 2)
    reach = _reach(rule.long_ms, step_ms)
    empty = reach + 2
    came = {1: (at.good, 0), reach: (0, at.bad), empty + 1: (at.good, 0), empty + 2: (0, at.bad)}
    end = empty + 3
    seen_of_first = reach >= end - reach
    history = History(step_ms, end + 1, {**came, end: (at.good - 1 if seen_of_first else 0, 1)})
    looks = Look(empty, None), Look(empty + 2, None), Look(end, history.counted(end, rule.long_ms))
    return Case("the short window empty, exactly at the limit, and just above it", history, looks)


def _after_a_gap(rule: Rule, short_ms: int) -> Case:
    """Nobody reports for longer than the short window; what fell due meanwhile is seen at the first look after it."""
    silent = range(2, 2 + GAP)
    came = {silent.stop - 1: (0, rule.min_bad)}
    history = History(promql.part_ms(short_ms, 2), silent.stop + 1, came, silent)
    looks = Look(silent.stop - 1, None), Look(silent.stop, (0, rule.min_bad))
    return Case("bad while nobody reported", history, looks)


def _kept(rule: Rule) -> Case:
    """Held for one look, then no longer; and kept from the first at which it does not hold."""
    bad, keep_ms = rule.min_bad, rule.keep_ms
    good = ceil(bad / _At(rule).limit) - bad
    every_ms = min(promql.part_ms(keep_ms, 2), STEP_MAX_MS)
    over = 2 + ceil(keep_ms / every_ms)
    seen = {0: None, 1: (0, bad), 2: (0, bad), over - 1: (0, bad), over: None}
    history = History(every_ms, over + 1, {1: (0, bad), 2: (good, 0)})
    return Case("kept for a while, and then over", history, tuple(Look(at, came) for at, came in seen.items()))


def _waits(rule: Rule) -> Case:
    """Bad at every look: it is pending for so long, and fires then."""
    every_ms = min(promql.part_ms(one, 2) for one in (*rule.windows, rule.for_ms))
    fires = 1 + ceil(rule.for_ms / every_ms)
    history = History(every_ms, fires + 1, dict.fromkeys(range(1, fires + 1), (0, rule.min_bad)))
    looks = Look(1, None), Look(fires - 1, None), Look(fires, history.counted(fires, rule.long_ms))
    return Case("bad for as long as it waits", history, tuple(dict.fromkeys(looks)))
