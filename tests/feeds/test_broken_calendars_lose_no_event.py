"""Calendars broken at random cost no event that is whole; ``make fuzz`` goes on for as long as one likes."""

from __future__ import annotations

import pytest

from tests.feeds.fuzz import tried, within_limits

SEED = 4


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_a_broken_event_costs_no_other(first: int) -> None:
    with within_limits():
        wrong = {number: what for number in range(first, first + 100) if (what := tried(SEED, number)[1])}
    assert wrong == {}
