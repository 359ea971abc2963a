"""The arithmetic of error budgets, against the figures that are known of it, and for any counts at all."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner.model import DAY, HOUR, MINUTE
from planner.slo import budget

COUNTS = st.integers(0, 10_000_000)
OBJECTIVES = st.sampled_from([0.5, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999])
WEEK = 7 * DAY


@pytest.mark.parametrize(
    ("objective", "window", "minutes"),
    [(0.999, 30 * DAY, 43.2), (0.99, WEEK, 100.8), (0.95, WEEK, 504), (0.99, 30 * DAY, 432), (0.9999, 30 * DAY, 4.32)],
)
def test_so_much_downtime_is_allowed(objective: float, window: int, minutes: float) -> None:
    assert budget.allowed_downtime(window, objective) == round(minutes * MINUTE)


@pytest.mark.parametrize(
    ("events", "objective", "allowed"), [(70, 0.99, 0.7), (100, 0.99, 1), (672, 0.95, 33.6), (0, 0.99, 0)]
)
def test_so_many_may_be_bad(events: int, objective: float, allowed: float) -> None:
    assert budget.allowed_bad(events, objective) == pytest.approx(allowed, rel=1e-12)


def test_the_allowed_rate_has_no_binary_dust() -> None:
    assert [budget.allowed_error_rate(objective) for objective in (0.99, 0.95, 0.999)] == [0.01, 0.05, 0.001]


@pytest.mark.parametrize(
    ("good", "bad", "left", "burn"),
    [(100, 0, 1, 0), (99, 1, 0, 1), (98, 2, -1, 2), (995, 5, 0.5, 0.5), (0, 1, -99, 100), (0, 0, None, None)],
)
def test_what_is_left_and_how_fast_it_burns(good: int, bad: int, left: float | None, burn: float | None) -> None:
    assert budget.left(good, bad, 0.99) == (None if left is None else pytest.approx(left, abs=1e-12))
    assert budget.burn_rate(good, bad, 0.99) == (None if burn is None else pytest.approx(burn, abs=1e-12))


@pytest.mark.parametrize(
    ("share", "window", "long", "factor"),
    [
        (0.02, 30 * DAY, HOUR, 14.4),
        (0.05, 30 * DAY, 6 * HOUR, 6),
        (0.1, 30 * DAY, 3 * DAY, 1),
        (0.02, WEEK, HOUR, 3.36),
        (0.05, WEEK, 6 * HOUR, 1.4),
        (0.1, WEEK, DAY, 0.7),
    ],
)
def test_factors_are_those_of_the_promises_own_window(share: float, window: int, long: int, factor: float) -> None:
    """Table 5-8 of the SRE Workbook's "Alerting on SLOs", and the same shares of a week's budget."""
    assert budget.factor(share, window, long) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("left", "burn", "lasts"),
    [
        (1.0, 14.0, 12 * HOUR),
        (0.5, 1.0, WEEK // 2),
        (1.0, 1.0, WEEK),
        (0.0, 5.0, 0),
        (-2.0, 0.0, 0),
        (-2.0, None, 0),
        (0.5, 0.0, None),
        (0.5, None, None),
        (None, None, None),
        (0.9, 0.5, None),
    ],
)
def test_time_to_exhaustion_is_what_is_left_times_the_window_by_the_rate(
    left: float | None, burn: float | None, lasts: int | None
) -> None:
    assert budget.time_to_exhaustion(left, burn, WEEK) == lasts


@given(COUNTS, COUNTS, OBJECTIVES)
def test_what_is_left_is_one_less_the_windows_burn_rate(good: int, bad: int, objective: float) -> None:
    left, burn = budget.left(good, bad, objective), budget.burn_rate(good, bad, objective)
    if left is None or burn is None:
        assert good + bad == 0
        assert left is burn is None
    else:
        assert left + burn == pytest.approx(1, abs=1e-9 * (1 + burn))


@given(COUNTS, COUNTS, OBJECTIVES)
def test_a_budget_is_exhausted_when_no_more_may_be_bad(good: int, bad: int, objective: float) -> None:
    assume(good + bad)
    allowed = budget.allowed_bad(good + bad, objective)
    assume(abs(bad - allowed) > 1e-6)
    assert budget.exhausted(good, bad, objective) == (bad > allowed)


@given(st.integers(1, 10_000), OBJECTIVES)
def test_a_budget_that_is_spent_to_the_last_is_exhausted(many: int, objective: float) -> None:
    bad = many
    good = many * round(1 / budget.allowed_error_rate(objective)) - bad
    assert budget.exhausted(good, bad, objective)
    assert not budget.exhausted(good + 1, bad, objective)


@given(COUNTS, COUNTS, OBJECTIVES)
def test_one_more_bad_one_leaves_less_and_one_more_good_one_no_less(good: int, bad: int, objective: float) -> None:
    assume(good + bad)
    left, worse, better = (
        budget.left(*counts, objective) for counts in ((good, bad), (good, bad + 1), (good + 1, bad))
    )
    assert left is not None
    assert worse is not None
    assert better is not None
    assert worse <= left <= better
