"""What a day holds: overlaps, free time, and the days that something is seen on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import agenda
from planner.due import day_bounds, local_text, quiet_around, wall
from planner.model import DAY, HOUR, MINUTE, SECOND, Event, Occurrence, Quiet

DAY_ONE = date(2026, 11, 21)
BERLIN = "Europe/Berlin"


def occurrence(start_at: int, minutes: int = 0, *, number: int = 1, days: int = 0, instant: bool = False) -> Occurrence:
    """An event of so many minutes, or an all-day one of so many days."""
    length = days * DAY // SECOND if days else minutes * 60
    local = local_text(start_at, "UTC")
    event = Event(number, 1, f"event {number}", local, start_at, length, bool(days), None, None, instant, None)
    return Occurrence(event, start_at)


def at(hour: int, minute: int = 0, day: date = DAY_ONE) -> int:
    return wall(day, hour * 60 + minute, "UTC")


def share_time(one: Occurrence, other: Occurrence) -> bool:
    """The rule as it is written down, for two at a time."""
    (begin, end), (low, high) = ((this.start_at, agenda.ends(this, "UTC")) for this in (one, other))
    if begin == end or low == high:
        return low < begin < high or begin < low < end
    return begin < high and low < end


timed = st.builds(
    lambda start, length, instant: (start, length, instant),
    st.integers(0, 40).map(lambda n: at(8) + n * 15 * MINUTE),
    st.sampled_from([0, 0, 15, 30, 60, 240]),
    st.sampled_from([False, False, False, True]),
)
plans = st.lists(timed, max_size=12).map(
    lambda made: [
        occurrence(start, length, number=n, instant=instant) for n, (start, length, instant) in enumerate(made, start=1)
    ]
)


@given(plans)
def test_whatever_overlaps_is_marked_with_one_that_it_overlaps_with(found: list[Occurrence]) -> None:
    marked = agenda.overlaps(found, "UTC")
    asked_for = [one for one in found if agenda.timed(one)]
    for one in asked_for:
        others = [other for other in asked_for if other is not one and share_time(one, other)]
        assert (agenda.key(one) in marked) == bool(others)
        assert not others or marked[agenda.key(one)] in others
    assert set(marked) <= {agenda.key(one) for one in asked_for}


quiet_hours = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 1439), st.integers(0, 1439)).filter(lambda q: q[0] != q[1]).map(lambda q: Quiet(*q)),
)


@given(plans, quiet_hours, st.integers(-1, 25), st.sampled_from(["UTC", BERLIN]))
def test_free_time_is_awake_long_enough_and_holds_nothing(
    found: list[Occurrence], quiet: Quiet | None, hour: int, zone: str
) -> None:
    since = at(0) + hour * HOUR
    left = agenda.free(found, DAY_ONE, zone, quiet, since)
    first, last = (wall(DAY_ONE, minute, zone) for minute in agenda.WAKING_MINUTES)
    assert left == sorted(left)
    for low, high in left:
        assert max(first, since) <= low
        assert high <= last
        assert high - low >= agenda.FREE_AT_LEAST_MS
        for minute in range(low, high, MINUTE * 5):
            assert quiet_around(minute, quiet, zone) is None
            assert not any(begin <= minute < end for begin, end in agenda.busy(found, zone))


@given(plans, quiet_hours)
def test_no_free_hour_is_kept_back(found: list[Occurrence], quiet: Quiet | None) -> None:
    left = agenda.free(found, DAY_ONE, "UTC", quiet, 0)
    free = [
        not any(low <= t < high for low, high in agenda.busy(found, "UTC")) and quiet_around(t, quiet, "UTC") is None
        for t in range(at(9), at(21), MINUTE)
    ]
    for begin in range(len(free) - 59):
        if all(free[begin : begin + 60]):
            assert any(low <= at(9) + begin * MINUTE < high for low, high in left)


@pytest.mark.parametrize(
    ("one", "other", "overlap"),
    [
        ((at(10), 60), (at(11), 60), False),
        ((at(10), 60), (at(10, 59), 60), True),
        ((at(10), 60), (at(10), 60), True),
        ((at(10), 60), (at(10, 30), 0), True),
        ((at(10), 60), (at(10), 0), False),
        ((at(10), 60), (at(11), 0), False),
        ((at(10), 0), (at(10), 0), False),
    ],
)
def test_what_begins_as_another_ends_does_not_overlap(
    one: tuple[int, int], other: tuple[int, int], overlap: bool
) -> None:
    both = [occurrence(*one, number=1), occurrence(*other, number=2)]
    assert bool(agenda.overlaps(both, "UTC")) == overlap
    assert bool(agenda.overlaps(both[::-1], "UTC")) == overlap


def test_all_day_events_and_nudges_are_in_nobodys_way() -> None:
    found = [
        occurrence(at(0), days=3, number=1),
        occurrence(at(10), 60, number=2),
        occurrence(at(10, 30), instant=True),
    ]
    assert agenda.overlaps(found, "UTC") == {}
    assert agenda.free(found, DAY_ONE, "UTC", None, 0) == [(at(9), at(10)), (at(11), at(21))]


def test_an_event_without_an_end_takes_an_hour_of_a_free_day() -> None:
    assert agenda.free([occurrence(at(12))], DAY_ONE, "UTC", None, 0) == [(at(9), at(12)), (at(13), at(21))]


def test_what_is_left_of_today_begins_at_a_round_time() -> None:
    assert agenda.free([], DAY_ONE, "UTC", None, at(10, 2)) == [(at(10, 5), at(21))]
    assert agenda.free([], DAY_ONE, "UTC", None, at(20, 30)) == []


@pytest.mark.parametrize("days", [1, 2, 5])
@pytest.mark.parametrize("day", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25), DAY_ONE])
def test_an_all_day_event_ends_with_its_last_day_whatever_its_hours(day: date, days: int) -> None:
    one = occurrence(wall(day, 0, BERLIN), days=days)
    assert agenda.ends(one, BERLIN) == day_bounds(day + timedelta(days=days - 1), BERLIN)[1]
    assert agenda.days_of(one, BERLIN) == (day, day + timedelta(days=days - 1))


def test_an_event_over_midnight_is_seen_on_both_days_and_one_that_ends_at_midnight_is_not() -> None:
    assert agenda.days_of(occurrence(at(23), 180), "UTC") == (DAY_ONE, DAY_ONE + timedelta(days=1))
    assert agenda.days_of(occurrence(at(23), 60), "UTC") == (DAY_ONE, DAY_ONE)
    assert agenda.days_of(occurrence(at(0)), "UTC") == (DAY_ONE, DAY_ONE)
