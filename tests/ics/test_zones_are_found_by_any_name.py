"""Whatever a calendar calls a time zone, its events are at the right time."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from planner.ics.windows import WINDOWS
from planner.ics.zones import by_name
from tests.ics.writing import at, calendar, entries, entry, event, faults, instances, shown, starts

EU = "FREQ=YEARLY;BYDAY=-1SU;BYMONTH="


def vtimezone(
    name: str, summer: str = f"{EU}3", winter: str = f"{EU}10", *, ahead: int = 1, more=()
) -> tuple[str, ...]:
    """Rules like Outlook writes them: from 1601 on, without a name that anybody knows."""
    return ("BEGIN:VTIMEZONE", f"TZID:{name}", *more,
            "BEGIN:STANDARD", "DTSTART:16010101T030000", f"TZOFFSETFROM:+0{ahead + 1}00", f"TZOFFSETTO:+0{ahead}00",
            f"RRULE:{winter}", "END:STANDARD",
            "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", f"TZOFFSETFROM:+0{ahead}00", f"TZOFFSETTO:+0{ahead + 1}00",
            f"RRULE:{summer}", "END:DAYLIGHT", "END:VTIMEZONE")  # fmt: skip


def zoned(name: str, *more: str) -> bytes:
    quoted = f'"{name}"' if set(name) & set(",;:") else name
    return calendar(*event(f"DTSTART;TZID={quoted}:20261110T090000", *more))


@pytest.mark.parametrize(
    ("name", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("europe/berlin", "Europe/Berlin"),
        ("EUROPE/BERLIN", "Europe/Berlin"),
        ("America/New York", "America/New_York"),
        ("america/port-au-prince", "America/Port-au-Prince"),
        ("america/port_of_spain", "America/Port_of_Spain"),
        ("/mozilla.org/20050126_1/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Tzfile/America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("/citadel.org/20210210_1/Europe/Paris", "Europe/Paris"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("tzone://Microsoft/W. Europe Standard Time", "Europe/Berlin"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("russian standard time", "Europe/Moscow"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Amsterdam"),
        ("(GMT+01.00) Sarajevo/Warsaw/Zagreb", "Etc/GMT-1"),
        ("(UTC-05:00) Eastern Time (US & Canada)", "America/New_York"),
        ("Eastern Time (US & Canada)", "America/New_York"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("(UTC+03:00) Moscow, St. Petersburg, Volgograd", "Europe/Moscow"),
        ("GMT+1", "Etc/GMT-1"),
        ("GMT-0500", "Etc/GMT+5"),
        ("UTC+05:30", "Asia/Kolkata"),
        ("Etc/GMT-3", "Etc/GMT-3"),
        ("UTC", "UTC"),
        ("Z", "UTC"),
    ],
)
def test_a_name_means_a_zone(name: str, zone: str) -> None:
    assert entry(zoned(name)).zone == zone
    assert faults(zoned(name)) == []


def test_every_name_of_windows_is_known() -> None:
    for name, zone in WINDOWS_TO_OLSON.items():
        ours, theirs = ZoneInfo(by_name(name) or ""), ZoneInfo(zone)
        for moment in ("2026-01-15T12:00:00", "2026-07-15T12:00:00"):
            assert at(moment, ours.key) == at(moment, theirs.key), name
    assert len(WINDOWS) == len(WINDOWS_TO_OLSON)


def test_an_invented_name_is_the_zone_that_behaves_so() -> None:
    found = entry(calendar(*event("DTSTART;TZID=Customized Time Zone:20261110T090000", "RRULE:FREQ=DAILY"),
                           *vtimezone("Customized Time Zone")))  # fmt: skip
    assert (found.zone, found.rrule) == ("Europe/Berlin", "FREQ=DAILY")


def test_an_invented_name_is_looked_for_by_its_place() -> None:
    lines = vtimezone("Mine", more=("X-LIC-LOCATION:Africa/Tunis",))
    assert entry(calendar(*lines, *event("DTSTART;TZID=Mine:20261110T090000"))).zone == "Africa/Tunis"


def test_a_known_name_means_that_zone_whatever_rules_stand_beside_it() -> None:
    lines = vtimezone("Europe/Berlin", ahead=5)
    assert entry(calendar(*lines, *event("DTSTART;TZID=Europe/Berlin:20261110T090000"))).zone == "Europe/Berlin"


def test_a_clock_that_no_zone_has_is_followed_all_the_same() -> None:
    """It changes on the first Tuesday of March and October: 9:00 is 7:00 or 8:00 in UTC."""
    lines = vtimezone("Odd", "FREQ=YEARLY;BYDAY=1TU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1TU;BYMONTH=10")
    content = calendar(*lines, *event("DTSTART;TZID=Odd:20261001T090000", "DURATION:PT1H", "RRULE:FREQ=WEEKLY",
                                      "EXDATE;TZID=Odd:20261022T090000", "RDATE;TZID=Odd:20261023T100000"))  # fmt: skip
    found = entry(content)
    assert (found.zone, found.start_local) == ("UTC", "2026-10-08T08:00:00")
    assert found.rrule is not None
    assert len(found.included) > 50
    assert starts(content, "2026-09-30", "2026-11-01", "UTC") == [
        "2026-10-01T07:00:00", "2026-10-08T08:00:00", "2026-10-15T08:00:00", "2026-10-23T09:00:00",
        "2026-10-29T08:00:00",
    ]  # fmt: skip
    (single,) = entries(calendar(*lines, *event("DTSTART;TZID=Odd:20260701T090000", "DTEND;TZID=Odd:20260701T103000")))
    assert (single.zone, single.start_local, single.duration_s) == ("UTC", "2026-07-01T07:00:00", 5_400)


def test_a_rule_of_such_a_clock_ends_when_it_says_in_utc() -> None:
    lines = vtimezone("Odd", "FREQ=YEARLY;BYDAY=1TU;BYMONTH=3", "FREQ=YEARLY;BYDAY=1TU;BYMONTH=10")
    rule = "RRULE:FREQ=DAILY;UNTIL=20261112T080000Z"
    content = calendar(*lines, *event("DTSTART;TZID=Odd:20261110T090000", rule))
    assert starts(content, "2026-11-01", "2026-12-01", "UTC") == [f"2026-11-{day}T08:00:00" for day in (10, 11, 12)]


def test_a_zone_that_nobody_knows_is_named_and_the_event_kept() -> None:
    content = zoned("Mars/Olympus")
    assert faults(content) == ["zone"]
    assert entry(content).zone is None
    there = calendar(*event("DTSTART;TZID=Mars/Olympus:20261110T090000"), head=("X-WR-TIMEZONE:Asia/Tokyo",))
    assert (faults(there), entry(there).zone) == (["zone"], "Asia/Tokyo")


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "/etc/passwd", "Europe", "localtime", "Factory", "\x01", "x" * 5_000]
)
def test_what_is_no_name_opens_no_file(name: str) -> None:
    assert entry(zoned(name)).zone is None


def test_a_calendars_zone_holds_for_what_floats_and_for_utc() -> None:
    """Google's secret addresses give series in UTC that are meant on the calendar's clock."""
    head = ("X-WR-TIMEZONE:America/New_York",)
    content = calendar(*event("DTSTART:20261025T140000Z", "RRULE:FREQ=WEEKLY"), head=head)
    assert starts(content, "2026-10-20", "2026-11-10", "America/New_York") == [
        "2026-10-25T10:00:00", "2026-11-01T10:00:00", "2026-11-08T10:00:00",
    ]  # fmt: skip
    assert entry(calendar(*event("DTSTART:20261110T090000"), head=head)).zone == "America/New_York"
    assert entry(calendar(*event("DTSTART;VALUE=DATE:20261110"), head=head)).zone is None


def test_a_time_in_utc_that_a_clock_shows_twice_stays_the_instant_it_is() -> None:
    head = ("X-WR-TIMEZONE:Europe/Berlin",)
    (one,) = instances(calendar(*event("DTSTART:20261025T013000Z"), head=head), "2026-10-25", "2026-10-26")
    assert one.start == at("2026-10-25T01:30:00")
    assert shown(at("2026-10-25T01:30:00")) == "2026-10-25T02:30:00"


def test_what_floats_is_read_where_its_owner_is() -> None:
    content = calendar(*event("DTSTART:20261110T090000"))
    assert entry(content).zone is None
    assert starts(content, "2026-11-01", "2026-12-01", "Asia/Tokyo") == ["2026-11-10T09:00:00"]
