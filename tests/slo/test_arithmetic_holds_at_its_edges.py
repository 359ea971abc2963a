"""Where one event more or less, or nothing at all, decides."""

from __future__ import annotations

from planner.model import DAY, HOUR
from planner.slo import budget
from planner.slo.confidence import Certainty, certainty, wilson


def test_a_rate_is_the_good_ones_share_of_all() -> None:
    assert budget.sli(3, 1) == 0.75
    assert budget.sli(1, 1) == 0.5
    assert budget.sli(0, 2) == 0
    assert budget.sli(0, 0) is None


def test_burn_rates_are_shown_over_an_hour_six_a_day_and_a_week() -> None:
    assert budget.WINDOWS == {"1h": HOUR, "6h": 6 * HOUR, "1d": DAY, "7d": 7 * DAY}


def test_nothing_that_is_left_lasts_no_time() -> None:
    assert budget.time_to_exhaustion(0.0, None, DAY) == 0


def test_as_many_good_as_bad_are_something_that_came_due() -> None:
    assert certainty(5, 5, 0.99) is Certainty.SURE


def test_a_true_share_that_may_just_be_the_objective_tells() -> None:
    low, high = wilson(9, 10)
    assert certainty(9, 1, low) is Certainty.SURE
    assert certainty(9, 1, high) is Certainty.SURE
    assert certainty(9, 1, (low + high) / 2) is Certainty.TOO_FEW


def test_of_none_that_are_good_the_least_is_nothing_and_of_all_the_most_is_all() -> None:
    assert wilson(0, 7)[0] == 0
    assert wilson(7, 7)[1] == 1
    assert wilson(0, 0) == (0, 1)
