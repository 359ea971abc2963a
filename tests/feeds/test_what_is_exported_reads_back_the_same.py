"""An exported calendar, read by icalendar and expanded by recurring-ical-events, has the very same occurrences."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from planner import recur
from planner.ics.write import Written, calendar, own_uid
from planner.model import DAY, MINUTE, SECOND, Event, User

NOW = 1_795_255_200_000
ALICE = User(1, 1, "Alice", "en", "Europe/Berlin", False, None, (900,), None, False)
DENTIST = Event(7, 1, "dentist", "2026-11-23T09:30:00", 0, 0, False, None, None, False, None)
ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Santiago", "UTC")


def made(**fields: object) -> Event:
    """The dentist with other fields, and the instant that its wall clock means."""
    event = replace(DENTIST, **fields)
    return replace(event, start_at=recur.local_instant(event.start_local, event.zone or ALICE.zone))


def exported(*events: Event) -> bytes:
    return calendar([Written(event, own_uid(event.id, "0123456789abcdef"), "", NOW) for event in events], ALICE)


def written(*events: Event) -> Calendar:
    return Calendar.from_ical(exported(*events))


def component(event: Event) -> object:
    (found,) = written(event).walk("VEVENT")
    return found


def lines(event: Event) -> list[str]:
    return exported(event).decode().replace("\r\n ", "").split("\r\n")


def occurrences(event: Event, after: int, before: int) -> list[int]:
    """Where another program sees the event, UTC ms; an all-day one at midnight of its owner's zone."""
    begin, end = (datetime.fromtimestamp(at / SECOND, UTC) for at in (after - 2 * DAY, before + 2 * DAY))
    found = recurring_ical_events.of(written(event)).between(begin, end)
    starts = [_instant(one["DTSTART"].dt, event.zone or ALICE.zone) for one in found]
    return sorted(at for at in starts if after <= at < before)


def _instant(at: date | datetime, zone: str) -> int:
    if not isinstance(at, datetime):
        return recur.local_instant(f"{at}T00:00:00", zone)
    assert at.tzinfo is not None
    return round(at.timestamp()) * SECOND


DAYS = st.lists(st.sampled_from(("MO", "TU", "WE", "TH", "FR", "SA", "SU")), min_size=1, max_size=3, unique=True)


@st.composite
def rules(draw: st.DrawFn) -> str:
    freq = draw(st.sampled_from(("DAILY", "WEEKLY", "MONTHLY", "YEARLY")))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if freq == "WEEKLY" and draw(st.booleans()):
        parts.append("BYDAY=" + ",".join(draw(DAYS)))
    if freq == "MONTHLY":
        parts += draw(
            st.sampled_from(([], ["BYMONTHDAY=-1"], ["BYDAY=-1FR"], ["BYDAY=3TU"], ["BYDAY=MO,TU,WE", "BYSETPOS=-1"]))
        )
    if freq == "YEARLY":
        parts += draw(st.sampled_from(([], ["BYMONTH=2,10", "BYDAY=1SU"], ["BYMONTHDAY=29", "BYMONTH=2"])))
    ends = draw(
        st.sampled_from(("", "COUNT=5", "UNTIL=20270601", "UNTIL=20270328T013000Z", "UNTIL=20270328T093000", "COUNT=1"))
    )
    return ";".join([*parts, *([ends] if ends else [])])


@st.composite
def events(draw: st.DrawFn) -> Event:
    all_day = draw(st.booleans())
    clock = "00:00:00" if all_day else draw(st.sampled_from(("09:30:00", "02:30:00", "00:00:00", "23:59:00")))
    day = date(2026, 1, 1) + timedelta(days=draw(st.integers(0, 500)))
    event = made(
        start_local=f"{day}T{clock}",
        all_day=all_day,
        duration_s=draw(st.sampled_from((86_400, 2 * 86_400) if all_day else (0, 1_800, 90_000))),
        zone=draw(st.sampled_from((*ZONES, None))),
        rrule=draw(st.none() | rules()),
    )
    starts = recur.starts(event, event.zone or ALICE.zone, after=event.start_at, before=NOW + 700 * DAY, limit=50)
    if event.rrule is None or not starts:
        return event
    left_out = draw(st.lists(st.sampled_from(starts), max_size=3, unique=True))
    local = [recur.local_time(at, event.zone or ALICE.zone) for at in left_out]
    kept = [f"{one.date()}T{clock}" for one in local if f"{one:%H:%M:%S}" == clock]  # in a gap the clock shows another
    return replace(event, excluded=tuple(kept))


@settings(max_examples=150, deadline=None)
@given(events())
def test_another_program_sees_it_at_the_very_same_times(event: Event) -> None:
    after, before = NOW - 400 * DAY, NOW + 600 * DAY
    zone = event.zone or ALICE.zone
    assert occurrences(event, after, before) == recur.starts(event, zone, after=after, before=before, limit=5_000)


@pytest.mark.parametrize("zone", ZONES)
def test_zones_are_written_out_and_mean_what_they_meant(zone: str) -> None:
    event = made(zone=zone)
    text = exported(event).decode()
    assert ("BEGIN:VTIMEZONE" in text) == (zone != "UTC")
    start = component(event)["DTSTART"].dt
    assert start.utcoffset() == datetime.fromisoformat(event.start_local).replace(tzinfo=ZoneInfo(zone)).utcoffset()


def test_an_event_without_a_zone_stands_in_its_owners() -> None:
    assert "DTSTART;TZID=Europe/Berlin:20261123T093000" in lines(made())


def test_an_instant_is_written_in_utc() -> None:
    event = replace(made(), start_at=NOW + 20 * MINUTE, instant=True)
    assert "DTSTART:20261121T102000Z" in lines(event)
    assert "TRIGGER:P0D" in lines(event)


def test_an_all_day_event_is_a_date_and_ends_on_the_day_after_its_last() -> None:
    said = lines(made(start_local="2026-12-24T00:00:00", all_day=True, duration_s=3 * 86_400))
    assert "DTSTART;VALUE=DATE:20261224" in said
    assert "DTEND;VALUE=DATE:20261227" in said


def test_leads_become_alarms_and_those_of_an_all_day_event_count_from_nine() -> None:
    assert [line for line in lines(made(leads_s=(86_400, 900))) if "TRIGGER" in line] == [
        "TRIGGER:-P1D",
        "TRIGGER:-PT15M",
    ]
    assert [line for line in lines(made()) if "TRIGGER" in line] == ["TRIGGER:-PT15M"]
    all_day = made(start_local="2026-12-24T00:00:00", all_day=True, duration_s=86_400, leads_s=(0, 86_400))
    assert [line for line in lines(all_day) if "TRIGGER" in line] == ["TRIGGER:-PT15H", "TRIGGER:PT9H"]


def test_what_was_written_about_it_comes_along_whatever_signs_it_holds() -> None:
    title, notes = "dentist; Dr. «Ö», 100 %\\n", "line one\nBEGIN:VEVENT\r\nEND:VEVENT\x00\x0b"
    found = component(made(title=title, notes=notes, place="Street 5, Berlin", link="https://example.org/a?b=1,2"))
    assert found["SUMMARY"] == title
    assert found["DESCRIPTION"].replace("\r\n", "\n") == "line one\nBEGIN:VEVENT\nEND:VEVENT"
    assert found["LOCATION"] == "Street 5, Berlin"
    assert found["URL"] == "https://example.org/a?b=1,2"
    assert found["UID"] == "7-0123456789abcdef@planner"


def test_a_day_that_its_rule_leaves_out_is_no_first_occurrence() -> None:
    monday_rule = made(start_local="2026-11-25T09:30:00", rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO")
    assert "DTSTART;TZID=Europe/Berlin:20261207T093000" in lines(monday_rule)


def test_the_same_is_written_for_the_same(tmp_path: object) -> None:
    many = [made(id=number, zone=zone) for number, zone in enumerate(ZONES)]
    assert exported(*many) == exported(*many)


def test_nothing_at_all_is_a_calendar_too() -> None:
    assert list(written().walk("VEVENT")) == []
