"""Calendars of other projects' suites, and where they once were read otherwise than the standard has it."""

from __future__ import annotations

import pytest

from planner.ics.entry import Faulty
from planner.ics.expand import MORE, Instance, expand
from tests.ics.writing import at, calendar, event, faults, instances, shown, starts

DAILY = ("DTSTART:20260302T100000Z", "DTEND:20260302T110000Z", "RRULE:FREQ=DAILY;COUNT=6")
ODD = ("BEGIN:VTIMEZONE", "TZID:Odd", "BEGIN:STANDARD", "DTSTART:16010101T000000", "TZOFFSETFROM:+0110",
       "TZOFFSETTO:+0110", "END:STANDARD", "END:VTIMEZONE")  # fmt: skip
YEARS = "2000-01-01", "2030-01-01"
DAYS_OF_YEARS = 10_958


def spans(content: bytes, after: str, before: str) -> list[tuple[str, str]]:
    """Starts and ends in UTC, to the minute."""
    found = instances(content, after, before, "UTC")
    return [(shown(one.start, "UTC")[5:16], shown(one.end, "UTC")[5:16]) for one in found]


@pytest.mark.parametrize("first", ["RRULE:FREQ=DAILY;COUNT=3", "RDATE:20260303T100000Z", "RRULE:FREQ=HOURLY;COUNT=1"])
def test_a_period_at_a_start_of_the_series_is_that_start_and_says_how_long_it_is(first: str) -> None:
    """RFC 5545, section 3.8.5.2; recurring-ical-events, issue 113; icalendar, issue 184."""
    content = calendar(*event(*DAILY[:2], first, "RDATE;VALUE=PERIOD:20260303T100000Z/PT3H,20260302T100000Z/PT2H"))
    assert spans(content, "2026-03-01", "2026-03-04") == [
        ("03-02T10:00", "03-02T12:00"),
        ("03-03T10:00", "03-03T13:00"),
    ]


def test_a_period_of_several_rules_is_one_start_too() -> None:
    content = calendar(*event(*DAILY, "RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;VALUE=PERIOD:20260303T100000Z/PT3H"))
    assert spans(content, "2026-03-03", "2026-03-04") == [("03-03T10:00", "03-03T13:00")]


@pytest.mark.parametrize(
    ("of", "sequence", "there"),
    [("0304T100000Z", 1, False), ("0304T100000Z", 2, True), ("0305T100000Z", 1, True), ("0305T093000Z", 1, False),
     ("0305T093000Z", 2, True), ("0320T100000Z", 1, True)],
)  # fmt: skip
def test_what_was_changed_before_its_series_is_there_as_long_as_the_series_has_it(
    of: str, sequence: int, there: bool
) -> None:
    """recurring-ical-events, issues 148, 163 and 253."""
    series = event(*DAILY, "EXDATE:20260304T100000Z", "RDATE:20260320T100000Z", "SEQUENCE:2")
    other = event("DTSTART:20260401T100000Z", f"RECURRENCE-ID:2026{of}", f"SEQUENCE:{sequence}")
    assert bool(starts(calendar(*series, *other), "2026-04-01", "2026-04-02")) == there


def test_the_last_occurrence_of_an_until_in_utc_may_have_been_changed_before_its_series() -> None:
    series = event("DTSTART;TZID=Asia/Tokyo:20260302T050000", "RRULE:FREQ=DAILY;UNTIL=20260303T200000Z", "SEQUENCE:2")
    other = event("DTSTART:20260401T100000Z", "RECURRENCE-ID;TZID=Asia/Tokyo:20260304T050000", "SEQUENCE:1")
    assert len(starts(calendar(*series, *other), "2026-03-01", "2026-05-01")) == 3


def test_the_until_of_what_floats_is_local_whatever_stands_behind_it() -> None:
    """libical, "every 3 hours from 9:00 to 17:00 on a specific day"."""
    content = calendar(*event("DTSTART:19970902T090000", "RRULE:FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z"))
    for zone in ("America/New_York", "UTC", "Asia/Tokyo"):
        assert [one[11:13] for one in starts(content, "1997-09-02", "1997-09-03", zone)] == ["09", "12", "15"]


@pytest.mark.parametrize("low", ["1990", "2010", "2023"])
@pytest.mark.parametrize("high", ["2025", "2040", "2150"])
def test_a_clock_is_told_from_others_in_a_window_of_many_years_too(low: str, high: str) -> None:
    """icalendar, issue 722."""
    changes = (("STANDARD", "20240101T000000", "+1000", "+1200"), ("DAYLIGHT", "20240505T080000", "+1200", "+1000"))
    clock = [f"BEGIN:{kind}\r\nDTSTART:{on}\r\nTZOFFSETFROM:{was}\r\nTZOFFSETTO:{now}\r\nEND:{kind}"
             for kind, on, was, now in changes]  # fmt: skip
    zone = ("BEGIN:VTIMEZONE", "TZID:MyTimezone", *clock, "END:VTIMEZONE")
    found = [
        event(f"DTSTART;TZID=MyTimezone:2024{one}", uid=one) for one in ("0303T080000", "0505T080001", "0803T080000")
    ]
    content = calendar(*zone, *(line for one in found for line in one))
    assert starts(content, f"{low}-01-01", f"{high}-01-01", "UTC") == [
        "2024-03-02T20:00:00", "2024-05-04T22:00:01", "2024-08-02T22:00:00"]  # fmt: skip


@pytest.mark.parametrize(("name", "hour"), [("UTC+05:45", "03:15"), ("GMT+3:07", "05:53"), ("GMT-2:20", "11:20")])
@pytest.mark.parametrize("since", ["1950", "2020"])
def test_an_offset_is_a_clock_in_any_year(name: str, hour: str, since: str) -> None:
    content = calendar(*event(f'DTSTART;TZID="{name}":20260302T090000'))
    assert starts(content, f"{since}-01-01", "2030-01-01", "UTC") == [f"2026-03-02T{hour}:00"]


@pytest.mark.parametrize(
    "lines",
    [
        (*ODD, *event("DTSTART;TZID=Odd:20000101T120000", "RRULE:FREQ=DAILY")),
        event("DTSTART:20000101T120000Z", "RRULE:FREQ=DAILY", "RRULE:FREQ=WEEKLY"),
        event("DTSTART:20000101T120000Z", "RRULE:FREQ=DAILY", "EXRULE:FREQ=YEARLY;BYMONTH=13"),
        (*event("DTSTART:20000101T120000Z", "RRULE:FREQ=DAILY"),
         *event("RECURRENCE-ID;RANGE=THISANDFUTURE:20010101T120000Z", "DTSTART:20010101T130000Z")),
    ],
    ids=("a zone of its own", "two rules", "a rule that takes away", "this and future"),
)  # fmt: skip
def test_thirty_years_of_days_are_thirty_years_of_days(lines: tuple[str, ...]) -> None:
    assert len(instances(calendar(*lines), *YEARS, "UTC", 100_000)) == DAYS_OF_YEARS


@pytest.mark.parametrize("name", ["20260320T050000Z", "20260320T060000Z", "20260320T070000"])
def test_an_occurrence_in_utc_is_named_in_utc_or_by_its_calendars_clock(name: str) -> None:
    """recurring-ical-events with x-wr-timezone; the clock was changed between the start and that day."""
    series = ("DTSTART:20250718T050000Z", "RRULE:FREQ=DAILY")
    head = ("X-WR-TIMEZONE:Europe/Berlin",)
    left_out = calendar(*event(*series, f"EXDATE:{name}"), head=head)
    added = calendar(*event(series[0], "RDATE:20260320T050000Z"), head=head)
    moved = calendar(*event(*series), *event("DTSTART:20260320T120000Z", f"RECURRENCE-ID:{name}"), head=head)
    assert starts(added, "2026-03-20", "2026-03-22", "UTC") == ["2026-03-20T05:00:00"]
    assert starts(left_out, "2026-03-20", "2026-03-22", "UTC") == ["2026-03-21T06:00:00"]
    assert starts(moved, "2026-03-20", "2026-03-22", "UTC") == ["2026-03-20T12:00:00", "2026-03-21T06:00:00"]


def test_a_rule_that_says_nothing_is_none() -> None:
    """recurring-ical-events, Germany_Holidays."""
    assert faults(calendar(*event(DAILY[0], "RRULE:"))) == []


def test_what_lies_before_the_window_takes_no_place_in_it() -> None:
    each_second = calendar(*event("DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY"))
    assert len(instances(each_second, "2026-03-02T00:00", "2026-03-02T06:00", "UTC", 21_000)) == 21_000
    daily = calendar(*event("DTSTART:20200101T000000Z", "DURATION:P2D", "RRULE:FREQ=DAILY"))
    assert len(instances(daily, "2026-03-02T12:00", "2026-04-02", "UTC", 1)) == 1


def test_a_series_that_comes_too_often_leaves_the_others_their_place_and_is_named() -> None:
    often = event("DTSTART:20200101T000000Z", "RRULE:FREQ=SECONDLY", "SUMMARY:Often", uid="often")
    told: list[Faulty] = []
    found: list[Instance] = expand(calendar(*often, *event(*DAILY)), after=at("2026-03-02T00:00"), zone="UTC",
                                   before=at("2026-03-08T00:00"), limit=100, each=90, faulty=told.append)  # fmt: skip
    assert [one.uid for one in found].count("one") == 6
    assert (len(found), told) == (96, [Faulty("often", "Often", MORE)])
