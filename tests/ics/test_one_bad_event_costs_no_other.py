"""What cannot be read is named, and everything else is there."""

from __future__ import annotations

import string
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.ics.entry import Faulty, Group, UnreadableError
from planner.ics.expand import expand
from tests.ics.writing import BERLIN, DAY, NOW, calendar, entries, event, instances, items, reading

GOOD = event("DTSTART:20261110T090000Z", "SUMMARY:Good", uid="good")
AT_NINE = "DTSTART;TZID=Europe/Berlin:20261110T090000"


def broken(*lines: str) -> list[Faulty]:
    """What is said of an event between two good ones, which are there."""
    other = event("DTSTART:20261110T090000Z", uid="other")
    found = items(calendar(*GOOD, *event("SUMMARY:Bad", *lines, uid="bad"), *other))
    assert {"good", "other"} <= {item.uid for item in found if isinstance(item, Group)}
    return [item for item in found if isinstance(item, Faulty)]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("DTSTART:",),
        ("DTSTART:tomorrow",),
        ("DTSTART:20261310T090000Z",),
        ("DTSTART:20260230",),
        ("DTSTART:00011110T090000Z",),
        ("DTSTART:99991231T235959Z",),
        ("DTSTART:20261110T250000",),
        ("DTSTART;TZID=",),
        ('DTSTART;X="20261110T090000Z',),
        ("DTSTART",),
    ],
)
def test_an_event_without_a_start_is_left_out(lines: tuple[str, ...]) -> None:
    assert broken(*lines) == [Faulty("bad", "Bad", "start")]


@pytest.mark.parametrize("rule", ["FREQ=SOMETIMES", "FREQ=DAILY;INTERVAL=0", ";", "FREQ=DAILY;COUNT=x", "BYDAY=MO",
                                  "RSCALE=RUSSIAN;FREQ=YEARLY", "FREQ=DAILY;UNTIL=never",
                                  "FREQ=DAILY;BYHOUR=99"])  # fmt: skip
def test_of_a_rule_that_cannot_be_followed_the_certain_dates_are_kept(rule: str) -> None:
    lines = (AT_NINE, f"RRULE:{rule}", "RDATE:20261120T080000Z")
    assert broken(*lines) == [Faulty("bad", "Bad", "rule")]
    (one,) = entries(calendar(*event(*lines)))
    assert (one.start_local, one.included) == ("2026-11-10T09:00:00", ("2026-11-20T09:00:00",))


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=DAILY;BYHOUR=1,2,3,4,5,6,7;BYMINUTE=0,7,14,21,28,35,42"]
)
def test_what_comes_too_often_comes_once(rule: str) -> None:
    assert broken(AT_NINE, f"RRULE:{rule}") == [Faulty("bad", "Bad", "too_often")]
    (one,) = entries(calendar(*event(AT_NINE, f"RRULE:{rule}")))
    assert one.rrule is None


@pytest.mark.parametrize(
    "length",
    [
        "DTEND:soon",
        "DURATION:P999999999D",
        "DURATION:P1Y",
        "DURATION:",
        "DTEND:29990101T000000Z",
        "DTEND:20261110T075959Z",
    ],
)
def test_an_event_of_unknown_length_is_kept_without_one(length: str) -> None:
    assert broken(AT_NINE, length) == [Faulty("bad", "Bad", "end")]
    (one,) = entries(calendar(*event(AT_NINE, length)))
    assert one.duration_s == 0


def test_what_replaces_who_knows_what_is_left_out() -> None:
    assert broken(AT_NINE, "RECURRENCE-ID:sometime") == [Faulty("bad", "Bad", "recurrence")]


def test_a_series_stays_without_its_unreadable_occurrence() -> None:
    content = calendar(*event(AT_NINE, "RRULE:FREQ=DAILY"), *event("RECURRENCE-ID:20261112T080000Z", "SUMMARY:Bad"))
    fault, group = items(content)
    assert fault == Faulty("one", "Bad", "start")
    assert isinstance(group, Group)
    assert (group.digest, len(group.entries), group.entries[0].excluded) == ("", 1, ())


def test_lines_that_make_no_sense_are_passed_over() -> None:
    junk = ("no colon", ":no name", ";;;", "X-LONG;" + "A=B;" * 999 + ":1", "EXDATE:", "RDATE:,,,", "SEQUENCE:-",
            "EXDATE;TZID:1", "TRIGGER:x", "BEGIN:VALARM", "TRIGGER:rubbish", "END:VALARM", "END:NOTHING", "DTEND",
            "STATUS", "SUMMARY:late")  # fmt: skip
    assert broken(AT_NINE, *junk) == []


def test_a_hundred_thousand_dates_are_those_that_matter() -> None:
    """The next ones; that not all are kept is said, and the event is read anew when the calendar changes."""
    days = ",".join(f"{year}{month:02}{day:02}T080000Z" for year in range(1_800, 2_100) for month in range(1, 13)
                    for day in range(1, 29))  # fmt: skip
    fault, group = items(calendar(*event(AT_NINE, "RRULE:FREQ=DAILY", f"EXDATE:{days}", "SUMMARY:Many")))
    assert fault == Faulty("one", "Many", "dates")
    assert isinstance(group, Group)
    out = group.entries[0].excluded
    assert group.digest == ""
    assert len(out) == 20_000
    assert "2026-11-12T09:00:00" in out
    lines = (f"EXDATE:{day}" for day in days.split(","))
    fault, group = items(calendar(*event(AT_NINE, "RRULE:FREQ=DAILY", *lines)))
    assert fault == Faulty("one", "", "dates")
    assert isinstance(group, Group)
    assert "2026-11-12T09:00:00" in group.entries[0].excluded


def test_thousands_of_dates_are_all_heeded() -> None:
    days = [f"{date(2000, 1, 1) + timedelta(days=n):%Y%m%d}" for n in range(10_958)]
    content = calendar(*event("DTSTART;VALUE=DATE:20000101", "RRULE:FREQ=DAILY", f"EXDATE:{','.join(days[1:6_000])}"))
    assert len(instances(content, "2000-01-01", "2030-01-01", limit=20_000)) == len(days) - 5_999
    assert broken("DTSTART;VALUE=DATE:20000101", "RRULE:FREQ=DAILY", f"EXDATE:{','.join(days[1:6_000])}") == []
    content = calendar(*event("DTSTART;VALUE=DATE:20000101", f"RDATE:{','.join(days)}"))
    assert len(instances(content, "2000-01-01", "2030-01-01", limit=20_000)) == len(days)


def test_more_dates_to_add_than_are_kept_are_named() -> None:
    days = ",".join(f"{date(2026, 11, 1) + timedelta(days=n):%Y%m%d}" for n in range(20_002))
    assert broken("DTSTART;VALUE=DATE:20261101", f"RDATE:{days}") == [Faulty("bad", "Bad", "dates")]


def test_zones_and_rules_without_end_are_bounded() -> None:
    rules = (f"RRULE:FREQ=HOURLY;INTERVAL={hours}" for hours in range(1, 21))
    zones = ("BEGIN:VTIMEZONE", "TZID:Odd", *("BEGIN:STANDARD", "DTSTART:20200101T000000", "TZOFFSETFROM:+0100",
             "TZOFFSETTO:+0117", "RRULE:FREQ=SECONDLY", "END:STANDARD") * 2_000, "END:VTIMEZONE")  # fmt: skip
    found = entries(calendar(*zones, *event("DTSTART;TZID=Odd:20261110T090000", *rules)))
    assert len(found[0].included) < 5_000


PIECES = (
    "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VALARM", "END:VALARM", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "BEGIN:STANDARD",
    "END:STANDARD", "BEGIN:VCALENDAR", "END:VCALENDAR", "TZID:Odd", "TZOFFSETFROM:+0100", "TZOFFSETTO:-2359", "UID:bad",
    "UID:good", "DTSTART:20261110T090000", "DTSTART;TZID=Odd:20261110T090000", "DTSTART;VALUE=DATE:20261110",
    "DTEND:15830101", "DURATION:P3660D", "RRULE:FREQ=DAILY", "RRULE:FREQ=YEARLY;BYDAY=53MO",
    "RRULE:FREQ=MONTHLY;BYSETPOS=-1", "EXRULE:FREQ=DAILY", "EXDATE:90000101", "RDATE:15830101,90000101T000000Z",
    "RDATE;VALUE=PERIOD:20261110T090000/-PT1H", "RECURRENCE-ID:20261111", "STATUS:CANCELLED",
    "RECURRENCE-ID;RANGE=THISANDFUTURE:20261110T090000", "TRIGGER;RELATED=END:-P1W", "TRIGGER:99991231T235959Z",
    "X-WR-TIMEZONE:Odd", "SUMMARY:\\", "DESCRIPTION:<a><", "\0", "\ud83d",
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES) | st.text(string.printable, max_size=30), max_size=25))
def test_no_bytes_raise_anything_else(lines: list[str]) -> None:
    content = "\n".join(("BEGIN:VCALENDAR", *lines, "END:VEVENT", *GOOD, "END:VCALENDAR")).encode("utf-8", "replace")
    try:
        found = list(reading(content).items)
        expand(content, after=NOW, before=NOW + 60 * DAY, zone=BERLIN, limit=100)
    except UnreadableError:
        return
    if not any(line.upper().startswith("BEGIN") for line in lines):
        assert "good" in {item.uid for item in found}
