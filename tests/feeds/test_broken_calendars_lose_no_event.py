"""Calendars broken at random cost no event that is whole; ``make fuzz`` goes on for as long as one likes."""

from __future__ import annotations

import pytest

from planner.ics.prepare import prepare
from tests.feeds.fuzz import ORDER, WHOLE, calendar, tried, within_limits

SEED = 4


@pytest.mark.parametrize("first", range(0, 400, 100))
def test_a_broken_event_costs_no_other(first: int) -> None:
    with within_limits():
        wrong = {number: what for number in range(first, first + 100) if (what := tried(SEED, number)[1])}
    assert wrong == {}


FOUND = [("DTSTART:19700329T020000", "DTSTART:19700329T020-000")]
"""What was found that way and has been put right: a line of the calendar's zone, and what it became."""


@pytest.mark.parametrize(("line", "broken"), FOUND)
def test_a_broken_zone_costs_no_event(line: str, broken: str) -> None:
    batch = prepare(calendar([event.encode() for event in WHOLE]).replace(line.encode(), broken.encode()), ORDER)
    assert {one.uid for one in batch.prepared} == {"before@x", "after@x"}
