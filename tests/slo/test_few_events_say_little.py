"""A rate of few is an interval: Wilson's, against published values; and the verdict says when they are too few."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.slo.confidence import Certainty, certainty, wilson


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (1, 70, 0.0025, 0.0766),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (5, 10, 0.2366, 0.7634),
        (10, 10, 0.7225, 1),
    ],
)
def test_the_interval_is_the_published_one(hits: int, total: int, low: float, high: float) -> None:
    """The second to the fifth: R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998."""
    assert wilson(hits, total) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == (0, 1)
    assert certainty(0, 0, 0.99) is None


@given(st.integers(0, 1_000_000), st.integers(0, 1_000_000))
def test_the_interval_holds_what_was_seen_and_mirrors_what_was_not(hits: int, misses: int) -> None:
    total = hits + misses
    low, high = wilson(hits, total)
    assert 0 <= low <= high <= 1
    if total:
        assert low <= hits / total <= high
    mirrored = wilson(misses, total)
    assert (1 - mirrored[1], 1 - mirrored[0]) == (pytest.approx(low, abs=1e-9), pytest.approx(high, abs=1e-9))


@given(st.integers(0, 1_000), st.integers(1, 1_000))
def test_ten_times_as_many_say_more(hits: int, misses: int) -> None:
    few, many = (wilson(hits * times, (hits + misses) * times) for times in (1, 10))
    assert many[1] - many[0] < few[1] - few[0]


@pytest.mark.parametrize(
    ("good", "bad", "objective", "said"),
    [
        (70, 0, 0.99, Certainty.TOO_FEW),
        (69, 1, 0.99, Certainty.TOO_FEW),
        (380, 0, 0.99, Certainty.TOO_FEW),
        (381, 0, 0.99, Certainty.SURE),
        (66, 4, 0.99, Certainty.SURE),
        (0, 1, 0.99, Certainty.SURE),
        (10_000, 100, 0.99, Certainty.TOO_FEW),
        (19, 1, 0.95, Certainty.TOO_FEW),
    ],
)
def test_a_verdict_on_few_says_that_they_are_too_few(good: int, bad: int, objective: float, said: Certainty) -> None:
    """Ten reminders a day for a week cannot tell 99 % from 98 %."""
    assert certainty(good, bad, objective) is said
