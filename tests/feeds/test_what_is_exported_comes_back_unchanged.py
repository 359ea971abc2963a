"""Export, import, export: the same bytes, which other programs' libraries read without a complaint as well."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import recurring_ical_events
import vobject
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from planner import owing, recur
from planner.ics.entry import Limits
from planner.ics.prepare import Order, prepare
from planner.ics.write import NO_ALARM, Written, calendar, own_uid
from planner.model import DAY, Event
from tests.feeds.test_what_is_exported_reads_back_the_same import ALICE, NOW, made
from tests.feeds.test_what_is_exported_reads_back_the_same import events as events_

OWNER = owing.Owner(ALICE.zone, ALICE.leads_s, ALICE.quiet)
LINKS = ("", "https://example.org/a?b=1,2;c=%C3%A9#x", "https://t.me/c/123/4")
LEADS = st.none() | st.lists(st.sampled_from((0, 60, 900, 3_600, 86_400, 604_800)), max_size=4, unique=True).map(
    lambda found: tuple(sorted(found, reverse=True))
)
WORDS = st.text(max_size=90) | st.sampled_from(
    (
        "a; b, c\\n",
        "line one\nBEGIN:VEVENT\r\nEND:VEVENT",
        "x" * 200,
        "«Ä» 🎉 " * 30,
        '"quoted": 5 < 7 > 2',
        "<b>a</b>",
        " ",
    )
)


@st.composite
def events(draw: st.DrawFn) -> Event:
    event = draw(events_())
    included: tuple[str, ...] = ()
    if event.rrule is not None:
        days = draw(st.lists(st.integers(1, 400), max_size=3, unique=True))
        clock = event.start_local[10:] if event.all_day else draw(st.sampled_from(("T09:30:00", "T12:15:00")))
        first = recur.local_time(NOW, "UTC").date()
        included = tuple(sorted(f"{first + timedelta(days=day)}{clock}" for day in days))
    return replace(
        event,
        title=draw(WORDS),
        place=draw(WORDS),
        notes=draw(WORDS),
        link=draw(st.sampled_from(LINKS)),
        leads_s=draw(LEADS),
        included=included,
    )


def numbered(found: list[Event]) -> list[Written]:
    return [Written(replace(event, id=number), own_uid(number, "abc"), "", NOW) for number, event in enumerate(found)]


def read(content: bytes) -> list[Written]:
    """What an import makes of it, written at the same time."""
    order = Order(1, None, OWNER, None, alarms=True, muted=False, known=frozenset(), now=NOW, limits=Limits())
    batch = prepare(content, order)
    assert batch.faulty == []
    return [Written(one.event, one.uid, one.part, NOW) for one in batch.prepared]


def lines(content: bytes) -> Iterator[bytes]:
    return iter(content.removesuffix(b"\r\n").split(b"\r\n"))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events(), min_size=1, max_size=3))
def test_what_is_written_is_read_and_written_the_same(found: list[Event]) -> None:
    first = calendar(numbered(found), ALICE)
    assert calendar(read(first), ALICE) == first


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(events(), min_size=1, max_size=3))
def test_others_read_every_line_of_it(found: list[Event]) -> None:
    content = calendar(numbered(found), ALICE)
    assert all(len(line) <= 75 and b"\n" not in line for line in lines(content))
    parsed = Calendar.from_ical(content)
    assert [fault for one in parsed.walk() for fault in one.errors] == []
    there = list(lines(content)).count(b"BEGIN:VEVENT")
    assert len(parsed.walk("VEVENT")) == there
    assert len(vobject.readOne(content.decode()).contents.get("vevent", [])) == there


SERIES = made(rrule="FREQ=WEEKLY;COUNT=8", title="standup", excluded=("2026-11-30T09:30:00", "2026-12-14T09:30:00"))
MOVED = made(title="standup, later", start_local="2026-11-30T11:00:00")
PARTS = [
    Written(SERIES, "s@x", "", NOW),
    Written(made(id=8, title="other"), "o@x", "", NOW),
    Written(replace(MOVED, id=9), "s@x", "2026-11-30T09:30:00", NOW),
]


def test_an_occurrence_that_differs_stays_one_of_its_series() -> None:
    content = calendar(PARTS, ALICE)
    text = content.decode()
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261130T093000" in text
    assert "EXDATE;TZID=Europe/Berlin:20261214T093000\r\n" in text
    assert calendar(read(content), ALICE) == content
    found = recurring_ical_events.of(Calendar.from_ical(content)).between("20261120T000000Z", "20270301T000000Z")
    starts = sorted(f"{one['DTSTART'].dt:%m%d %H%M}" for one in found if one["UID"] == "s@x")
    assert starts == ["0104 0930", "0111 0930", "1123 0930", "1130 1100", "1207 0930", "1221 0930", "1228 0930"]


def test_one_that_is_left_of_its_series_stands_for_itself() -> None:
    content = calendar(PARTS[2:], ALICE)
    assert "RECURRENCE-ID;TZID=Europe/Berlin:20261130T093000" in content.decode()
    assert calendar(read(content), ALICE) == content


def test_dates_without_a_rule_come_back() -> None:
    event = made(rrule="FREQ=DAILY;COUNT=1", included=("2026-11-25T09:30:00", "2026-12-01T10:00:00"))
    content = calendar([Written(event, "d@x", "", NOW)], ALICE)
    assert calendar(read(content), ALICE) == content
    (again,) = read(content)
    assert recur.starts(again.event, "Europe/Berlin", after=NOW, before=NOW + 99 * DAY, limit=9) == recur.starts(
        event, "Europe/Berlin", after=NOW, before=NOW + 99 * DAY, limit=9
    )


def test_an_event_without_reminders_gets_none_by_default() -> None:
    content = calendar(numbered([made(leads_s=())]), ALICE)
    assert "\r\n".join(NO_ALARM) in content.decode()
    (again,) = read(content)
    assert again.event.leads_s == ()


def test_what_never_happens_is_left_out() -> None:
    never = made(rrule="FREQ=YEARLY;INTERVAL=4;BYMONTH=2;BYMONTHDAY=29")
    assert b"VEVENT" not in calendar(numbered([never]), ALICE)
    content = calendar(numbered([replace(never, included=("2026-12-01T09:30:00", "2026-12-03T09:30:00"))]), ALICE)
    assert b"DTSTART;TZID=Europe/Berlin:20261201T093000" in content
    assert calendar(read(content), ALICE) == content
