"""Of a calendar's changes those are told that concern the next days: moved, cancelled, and nothing else."""

from __future__ import annotations

import pytest

from planner import recur
from planner.model import DAY, HOUR, Event
from planner.notices import Told
from planner.sync.told import told
from tests.virtual import START

DAYS = 2
NEXT = START + DAY


def one(start: str, title: str = "A", *, rrule: str | None = None, zone: str | None = "UTC", **fields: object) -> Event:
    at = recur.local_instant(start, zone or "UTC")
    return Event(1, 1, title, start, at, 3_600, bool(fields.pop("all_day", False)), zone, rrule, False, None, **fields)


def said(was: list[Event], will: list[Event], zone: str = "UTC") -> list[Told]:
    return told({"a@x": was}, {"a@x": will}, there=(), zone=zone, now=START, days=DAYS)


TOMORROW, FAR, PAST = (f"2026-11-{day}T10:00:00" for day in ("22", "28", "20"))


def test_what_moves_within_the_days_into_them_and_out_of_them_is_told() -> None:
    far = START + 7 * DAY
    assert said([one(TOMORROW)], [one("2026-11-22T13:00:00", "B")]) == [Told("B", NEXT, NEXT + 3 * HOUR)]
    assert said([one(TOMORROW)], [one(FAR)]) == [Told("A", NEXT, far)]
    assert said([one(FAR)], [one(TOMORROW)]) == [Told("A", far, NEXT)]


def test_what_is_cancelled_within_the_days_is_told() -> None:
    assert said([one(TOMORROW)], []) == [Told("A", NEXT, None)]


@pytest.mark.parametrize(("was", "will"), [
    pytest.param([one(FAR)], [], id="far off, cancelled"),
    pytest.param([one(FAR)], [one("2026-11-28T13:00:00")], id="far off, moved"),
    pytest.param([one(PAST)], [], id="over"),
    pytest.param([one(PAST)], [one("2026-11-20T13:00:00")], id="over, moved"),
    pytest.param([one(TOMORROW)], [one(TOMORROW, "B", place="Room 2")], id="only its words"),
    pytest.param([one(TOMORROW)], [one(TOMORROW), one("2026-11-22T15:00:00")], id="one more"),
    pytest.param([one("2026-11-18T08:00:00", rrule="FREQ=DAILY")], [one("2026-11-22T08:00:00", rrule="FREQ=DAILY")],
                 id="a series without its past"),
])  # fmt: skip
def test_what_concerns_nobody_is_not_told(was: list[Event], will: list[Event]) -> None:
    assert said(was, will) == []


def test_what_moved_into_the_past_is_told() -> None:
    assert said([one(TOMORROW)], [one(PAST)]) == [Told("A", NEXT, START - DAY)]


def test_of_a_series_each_day_is_compared() -> None:
    daily = one("2026-11-01T10:00:00", rrule="FREQ=DAILY")
    out = one("2026-11-01T10:00:00", rrule="FREQ=DAILY", excluded=(TOMORROW,))
    assert said([daily], [out]) == [Told("A", NEXT, None)]
    moved = one("2026-11-22T12:00:00", "A (moved)")
    assert said([daily], [out, moved]) == [Told("A (moved)", NEXT, NEXT + 2 * HOUR)]
    assert said([out, moved], [daily]) == [Told("A", NEXT + 2 * HOUR, NEXT)]
    shifted = one("2026-11-01T11:00:00", rrule="FREQ=DAILY")
    assert said([daily], [shifted]) == [Told("A", START + day * DAY, START + day * DAY + HOUR) for day in range(DAYS)]


def test_what_stands_where_it_was_is_missed_by_nobody() -> None:
    def said_of(title: str) -> list[Told]:
        return told({"a@x": [one(TOMORROW)]}, {}, there={(title, NEXT, False)}, zone="UTC", now=START, days=DAYS)

    assert said_of("A") == []
    assert said_of("B") == [Told("A", NEXT, None)]


def test_a_whole_day_that_gets_a_time_is_told_as_both() -> None:
    day, timed = one("2026-11-22T00:00:00", zone=None, all_day=True), one(TOMORROW)
    midnight = NEXT - 10 * HOUR
    assert said([day], [timed]) == [Told("A", midnight, NEXT, was_all_day=True)]
    assert said([timed], [day]) == [Told("A", NEXT, midnight, now_all_day=True)]
    assert said([day], [one("2026-11-22T00:00:00")]) == [Told("A", midnight, midnight, was_all_day=True)]


def test_floating_times_are_those_of_the_users_clock() -> None:
    was, will = one("2026-11-22T11:00:00", zone=None), one("2026-11-22T12:00:00", zone=None)
    assert said([was], [will], "Europe/Berlin") == [Told("A", NEXT, NEXT + HOUR)]


def test_they_stand_in_order_of_when_they_were_to_be() -> None:
    both = {"late@x": [one("2026-11-22T18:00:00", "late")], "early@x": [one(TOMORROW, "early")]}
    found = told(both, {}, there=(), zone="UTC", now=START, days=DAYS)
    assert [each.title for each in found] == ["early", "late"]
