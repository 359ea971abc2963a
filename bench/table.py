"""What a measurement is: rows of subjects, measured in rounds, with ratios taken within a round and targets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf, isnan, nan
from statistics import median

OURS = "planner"

Measure = Callable[[], float]
"""Runs alone in a process of its own; returns one figure in the row's unit."""


@dataclass(frozen=True)
class Result:
    """The figures of a row by subject, one a round. A subject that broke down in a round has ``nan`` there."""

    figures: Mapping[str, list[float]]

    def median(self, subject: str = OURS) -> float:
        """Of the rounds that the subject went through; ``nan`` if there are none."""
        figures = [figure for figure in self.figures[subject] if not isnan(figure)]
        return median(figures) if figures else nan

    def ratio(self, peer: str) -> float:
        """Ours divided by the peer's within each round; the median of these."""
        rounds = zip(self.figures[OURS], self.figures[peer], strict=True)
        ratios = [ours / theirs if theirs else inf for ours, theirs in rounds if not isnan(ours + theirs)]
        return median(ratios) if ratios else nan


@dataclass(frozen=True)
class Target:
    """What a row should reach, in words and as a test."""

    text: str
    reached: Callable[[Result], bool]


def at_most(limit: float, text: str) -> Target:
    """The median is no larger than ``limit``."""
    return Target(text, lambda result: result.median() <= limit)


def at_least(limit: float, text: str) -> Target:
    """The median is no smaller than ``limit``."""
    return Target(text, lambda result: result.median() >= limit)


def at_most_times(times: float, peer: str) -> Target:
    """No more than ``times`` the peer's figure."""
    return Target(f"≤ {times:g} × {peer}", lambda result: result.ratio(peer) <= times)


def at_least_times(times: float, peer: str) -> Target:
    """No less than ``times`` the peer's figure."""
    return Target(f"≥ {times:g} × {peer}", lambda result: result.ratio(peer) >= times)


@dataclass(frozen=True)
class Row:
    """One line of the table. ``subjects`` holds ours under ``OURS``; all its figures are in ``unit``."""

    name: str
    unit: str
    subjects: Mapping[str, Measure]
    targets: tuple[Target, ...]
    note: str = ""
    longest_s: float = 300.0
    """A measurement that takes longer than this is broken."""
    once: bool = False
    """Too long to be repeated: one round, and none with ``--quick``."""
