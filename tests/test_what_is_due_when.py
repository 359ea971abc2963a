"""When reminders and plans are due: leads, quiet hours, days of 23 and 25 hours, early starts. On paper: no I/O."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from planner import due
from planner.model import DAY, HOUR, MINUTE, SECOND, Quiet

BERLIN, LORD_HOWE = "Europe/Berlin", "Australia/Lord_Howe"
NIGHT = Quiet(22 * 60, 7 * 60)
LUNCH = Quiet(12 * 60, 13 * 60)
LEAD = (15 * 60,)


def at(text: str, zone: str = "UTC") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * SECOND


def reminders(
    anchor: str, *, leads: tuple[int, ...] = LEAD, made: str = "2026-11-20 00:00", quiet: Quiet | None = None
) -> list[int]:
    return due.event_reminders(at(anchor), leads, set_at=at(made), quiet=quiet, zone="UTC")


# Leads


def test_a_reminder_is_due_its_lead_before_the_start() -> None:
    assert reminders("2026-11-22 09:30") == [at("2026-11-22 09:15")]


def test_several_leads_are_several_reminders_in_order_each_once() -> None:
    leads = (15 * 60, 24 * 3_600, 15 * 60, 0)
    assert reminders("2026-11-22 09:30", leads=leads) == [
        at("2026-11-21 09:30"),
        at("2026-11-22 09:15"),
        at("2026-11-22 09:30"),
    ]


def test_no_leads_are_no_reminders() -> None:
    assert reminders("2026-11-22 09:30", leads=()) == []


def test_a_lead_that_had_passed_when_the_event_was_made_is_reminded_at_the_start() -> None:
    assert reminders("2026-11-22 09:30", made="2026-11-22 09:20") == [at("2026-11-22 09:30")]
    assert reminders("2026-11-22 09:30", leads=(3_600, 900), made="2026-11-22 09:00") == [
        at("2026-11-22 09:15"),
        at("2026-11-22 09:30"),
    ]


def test_an_event_made_for_this_very_lead_is_still_reminded_then() -> None:
    assert reminders("2026-11-22 09:30", made="2026-11-22 09:15") == [at("2026-11-22 09:15")]


def test_what_was_over_when_it_was_made_is_not_reminded() -> None:
    assert reminders("2026-11-22 09:30", made="2026-11-22 09:31") == []


def test_what_was_reminded_is_not_reminded_again_because_it_was_set_anew() -> None:
    again = {"set_at": at("2026-11-22 09:20"), "quiet": None, "zone": "UTC", "reminded": True}
    assert due.event_reminders(at("2026-11-22 09:30"), LEAD, **again) == []
    assert due.event_reminders(at("2026-11-22 09:30"), (900, 300), **again) == [at("2026-11-22 09:25")]


# Quiet hours (DESIGN section 4)


def test_something_within_quiet_hours_is_reminded_two_minutes_before_they_begin() -> None:
    assert reminders("2026-11-22 03:00", quiet=NIGHT) == [at("2026-11-21 21:58")]
    assert reminders("2026-11-21 22:10", quiet=NIGHT) == [at("2026-11-21 21:55")], "due before they begin: as it is"
    assert reminders("2026-11-21 22:20", quiet=NIGHT) == [at("2026-11-21 21:58")]


def test_something_after_them_is_reminded_as_they_end() -> None:
    assert reminders("2026-11-22 07:10", quiet=NIGHT) == [at("2026-11-22 07:00")]
    assert reminders("2026-11-22 07:00", quiet=NIGHT) == [at("2026-11-22 07:00")], "at their end is after them"
    assert reminders("2026-11-22 06:59", quiet=NIGHT) == [at("2026-11-21 21:58")]


def test_made_too_late_for_that_it_is_reminded_at_the_start() -> None:
    assert reminders("2026-11-22 03:00", quiet=NIGHT, made="2026-11-21 21:59") == [at("2026-11-22 03:00")]
    assert reminders("2026-11-22 03:00", quiet=NIGHT, made="2026-11-21 21:58") == [at("2026-11-21 21:58")]


def test_a_start_that_stands_in_for_a_passed_lead_keeps_out_of_quiet_hours_too() -> None:
    made_in_the_evening = reminders("2026-11-21 23:30", leads=(12 * 3_600,), quiet=NIGHT, made="2026-11-21 21:00")
    assert made_in_the_evening == [at("2026-11-21 21:58")]


def test_two_leads_in_the_same_night_are_one_reminder() -> None:
    assert reminders("2026-11-22 05:00", leads=(3_600, 900), quiet=NIGHT) == [at("2026-11-21 21:58")]


def test_a_long_lead_may_fall_in_the_night_before() -> None:
    assert reminders("2026-11-23 05:00", leads=(24 * 3_600,), quiet=NIGHT) == [at("2026-11-22 07:00")]


def test_quiet_hours_within_a_day_hold_as_well() -> None:
    assert reminders("2026-11-22 12:30", quiet=LUNCH) == [at("2026-11-22 12:15") - 17 * MINUTE]
    assert reminders("2026-11-22 13:05", quiet=LUNCH) == [at("2026-11-22 13:00")]
    assert reminders("2026-11-22 12:10", quiet=LUNCH) == [at("2026-11-22 11:55")]


def test_their_first_minute_is_quiet_and_their_last_is_not() -> None:
    assert due.quiet_around(at("2026-11-21 21:59"), NIGHT, "UTC") is None
    assert due.quiet_around(at("2026-11-21 22:00"), NIGHT, "UTC") == (at("2026-11-21 22:00"), at("2026-11-22 07:00"))
    assert due.quiet_around(at("2026-11-22 07:00") - 1, NIGHT, "UTC") is not None
    assert due.quiet_around(at("2026-11-22 07:00"), NIGHT, "UTC") is None
    assert due.after_quiet(at("2026-11-22 06:00"), NIGHT, "UTC") == at("2026-11-22 07:00")
    assert due.after_quiet(at("2026-11-22 08:00"), NIGHT, "UTC") == at("2026-11-22 08:00")


@pytest.mark.parametrize(
    ("eve", "morning", "hours"), [("2026-03-28", "2026-03-29", 8), ("2026-10-24", "2026-10-25", 10)]
)
def test_a_night_in_which_the_clock_changes_is_shorter_or_longer(eve: str, morning: str, hours: int) -> None:
    around = due.quiet_around(at(f"{morning} 06:00", BERLIN), NIGHT, BERLIN)
    assert around == (at(f"{eve} 22:00", BERLIN), at(f"{morning} 07:00", BERLIN))
    assert around[1] - around[0] == hours * HOUR


def test_quiet_hours_that_end_in_an_hour_that_does_not_exist_end_after_it() -> None:
    around = due.quiet_around(at("2026-03-29 01:30", BERLIN), Quiet(23 * 60, 2 * 60 + 30), BERLIN)
    assert around is not None
    assert around[1] == at("2026-03-29 03:30", BERLIN)


@given(
    lead=st.integers(0, 3 * 24 * 60),
    start=st.integers(0, 365 * 24 * 60),
    begin=st.integers(0, 1_439),
    length=st.integers(1, 1_439),
    before=st.integers(0, 5 * 24 * 60),
    zone=st.sampled_from(["UTC", BERLIN, LORD_HOWE, "America/New_York", "Asia/Kathmandu"]),
)
@example(lead=0, start=0, begin=0, length=1_439, before=2, zone="UTC")  # but a minute of the day is not quiet
def test_whatever_the_hours_a_reminder_in_them_is_one_that_could_not_be_elsewhere(
    lead: int, start: int, begin: int, length: int, before: int, zone: str
) -> None:
    quiet = Quiet(begin, (begin + length) % 1_440)
    anchor = at("2026-01-01 00:00") + start * MINUTE
    set_at = anchor - before * MINUTE
    (when,) = due.event_reminders(anchor, (lead * 60,), set_at=set_at, quiet=quiet, zone=zone)
    assert set_at <= when <= anchor
    around = due.quiet_around(when, quiet, zone)
    if around is not None:
        begins, ends = around
        assert when == anchor, "only the start itself"
        assert begins <= anchor < ends
        assert begins - due.BEFORE_QUIET_MS < set_at or due.quiet_around(begins - due.BEFORE_QUIET_MS, quiet, zone)


# Early starts


def test_an_early_start_is_never_within_quiet_hours() -> None:
    seven = at("2026-11-22 07:00")
    assert due.not_before(seven, 55_000, NIGHT, "UTC") == seven
    assert due.not_before(seven + 30_000, 55_000, NIGHT, "UTC") == seven
    assert due.not_before(seven + 55_000, 55_000, NIGHT, "UTC") == seven
    assert due.not_before(seven + 60_000, 55_000, NIGHT, "UTC") == seven + 5_000
    assert due.not_before(seven, 55_000, None, "UTC") == seven - 55_000
    assert due.not_before(at("2026-11-21 21:58"), 55_000, NIGHT, "UTC") == at("2026-11-21 21:58") - 55_000


def test_what_is_asked_for_within_quiet_hours_is_not_early_either() -> None:
    midnight = at("2026-11-22 00:00")
    assert due.not_before(midnight, 55_000, NIGHT, "UTC") == midnight


def test_quiet_hours_shorter_than_an_early_start_are_kept_too() -> None:
    short = Quiet(12 * 60, 12 * 60 + 1)
    after = at("2026-11-22 12:01")
    assert due.not_before(after, 55_000, short, "UTC") == after
    assert due.not_before(after + 20_000, 55_000, short, "UTC") == after


# Days and wall clocks


def test_a_time_that_does_not_exist_moves_forward_and_one_that_is_twice_is_the_first() -> None:
    assert due.wall(date(2026, 3, 29), 150, BERLIN) == at("2026-03-29 01:30")
    assert due.wall(date(2026, 10, 25), 150, BERLIN) == at("2026-10-25 00:30")
    assert due.wall(date(2026, 10, 4), 135, LORD_HOWE) == at("2026-10-03 15:45")
    assert due.wall(date(2026, 4, 5), 105, LORD_HOWE) == at("2026-04-04 14:45")


def test_days_last_from_23_to_25_hours() -> None:
    assert [
        (end - begin) // HOUR
        for begin, end in (due.day_bounds(date(2026, month, day), BERLIN) for month, day in ((3, 29), (6, 1), (10, 25)))
    ] == [23, 24, 25]


def test_a_day_whose_midnight_does_not_exist_begins_when_it_does() -> None:
    begin, end = due.day_bounds(date(2026, 9, 6), "America/Santiago")
    assert begin == at("2026-09-06 01:00", "America/Santiago")
    assert (end - begin) // HOUR == 23


def test_local_words_for_an_instant() -> None:
    instant = at("2026-11-21 23:30")
    assert due.day_of(instant, BERLIN) == date(2026, 11, 22)
    assert due.minute_of(instant, BERLIN) == 30
    assert due.local_text(instant, BERLIN) == "2026-11-22T00:30:00"


def test_an_all_day_event_counts_from_nine_in_the_morning() -> None:
    midnight = at("2026-11-22 00:00", BERLIN)
    assert due.anchor_of(midnight, BERLIN, all_day=True) == at("2026-11-22 09:00", BERLIN)
    assert due.anchor_of(midnight, BERLIN, all_day=False) == midnight


# Plans


def test_plans_are_due_every_day_at_the_hour_until_their_day_ends() -> None:
    found = list(due.plans(420, BERLIN, at("2026-11-21 12:00", BERLIN), at("2026-11-24 12:00", BERLIN)))
    assert found == [
        (at(f"2026-11-{day} 07:00", BERLIN), at(f"2026-11-{day + 1} 00:00", BERLIN)) for day in (22, 23, 24)
    ]


def test_plans_begin_with_one_due_at_this_very_instant_and_end_before_the_last() -> None:
    seven = at("2026-11-22 07:00")
    assert [when for when, _ in due.plans(420, "UTC", seven, seven + DAY)] == [seven]


@pytest.mark.parametrize("minute", [0, 1, 120, 150, 180, 1_439])
def test_every_day_has_exactly_one_plan_also_when_the_clock_changes(minute: int) -> None:
    for zone in (BERLIN, LORD_HOWE, "America/Santiago"):
        found = list(due.plans(minute, zone, at("2026-01-01 00:00", zone), at("2027-01-01 00:00", zone)))
        assert len({due.day_of(when, zone) for when, _ in found}) == len(found) == 365
        assert all(when < ends for when, ends in found)
