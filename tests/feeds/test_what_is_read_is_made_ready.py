"""What a calendar holds is made ready for the store: the planner's own events, and what each of them owes."""

from __future__ import annotations

import pytest

from planner import due, owing
from planner.ics import prepare as preparing
from planner.ics.prepare import Order, Prepared, prepare
from planner.model import DAY, HOUR, MINUTE
from planner.owing import Owner
from tests.feeds.made import ORDER, calendar, event
from tests.virtual import START

ALARM = ("BEGIN:VALARM", "ACTION:DISPLAY", "TRIGGER:-PT1H", "END:VALARM")
NINE = START - HOUR
"""9:00 UTC today; now is 10:00."""


def only(order: Order, *lines: str, start: str = "20261124T090000Z") -> Prepared:
    """The one event of a calendar."""
    (one,) = prepare(calendar(event("one@x", start, *lines)), order).prepared
    return one


@pytest.mark.parametrize(
    ("order", "alarm", "leads_s"),
    [
        (ORDER._replace(alarms=False), True, None),
        (ORDER._replace(alarms=True), True, (3_600,)),
        (ORDER._replace(alarms=True), False, None),
        (ORDER._replace(alarms=False, leads_s=(60, 0)), True, (60, 0)),
        (ORDER._replace(alarms=True, leads_s=(60, 0)), True, (3_600,)),
        (ORDER._replace(alarms=True, leads_s=(60, 0)), False, (60, 0)),
        (ORDER._replace(alarms=True, leads_s=(60, 0), muted=True), True, ()),
        (ORDER._replace(leads_s=()), False, ()),
    ],
)
def test_the_calendar_says_whose_leads_hold(order: Order, alarm: bool, leads_s: tuple[int, ...] | None) -> None:
    one = only(order, *(ALARM if alarm else ()))
    assert one.event.leads_s == leads_s
    held = order.owner.leads_s if leads_s is None else leads_s
    start = NINE + 3 * DAY
    assert one.dues == tuple((start, start - lead * 1_000) for lead in sorted(held, reverse=True))


def test_an_event_becomes_the_planner_s_own() -> None:
    lines = ("DURATION:PT90M", "LOCATION:Room", "DESCRIPTION:Bring it", "URL:https://example.org/1")
    made = only(ORDER, *lines)
    one = made.event
    assert (made.uid, made.part, len(made.digest) > 10) == ("one@x", "", True)
    assert (one.id, one.user_id, one.feed_id, one.source, one.nag, one.instant) == (0, 7, 3, "feed", False, False)
    assert (one.title, one.place, one.duration_s) == ("Встреча one@x", "Room", 5_400)
    assert "Bring it" in one.notes
    assert one.start_at == NINE + 3 * DAY
    assert (made.starts, made.until) == ((one.start_at,), None)


def test_an_event_of_no_feed_is_of_a_file() -> None:
    one = only(ORDER._replace(feed_id=None)).event
    assert (one.feed_id, one.source) == (None, "file")


@pytest.mark.parametrize(("zone", "offset"), [("Europe/Berlin", HOUR), ("Asia/Tokyo", 9 * HOUR)])
def test_what_floats_is_where_its_owner_is(zone: str, offset: int) -> None:
    one = only(ORDER._replace(owner=Owner(zone, (0,), None)), start="20261124T090000")
    assert (one.event.zone, one.event.start_at) == (None, NINE + 3 * DAY - offset)
    day = only(ORDER._replace(owner=Owner(zone, (0,), None)), start="20261124").event
    assert (day.all_day, day.zone, day.start_at) == (True, None, NINE + 3 * DAY - 9 * HOUR - offset)


def test_a_series_owes_what_comes_within_the_horizon() -> None:
    one = only(ORDER._replace(leads_s=(600,)), "RRULE:FREQ=DAILY", start="20260101T090000Z")
    assert one.until == START + due.HORIZON_MS
    assert one.starts[0] < START < one.starts[-1]
    ahead = [start for start in one.starts if start > START]
    assert [start for start, _ in one.dues] == ahead
    assert all(due_at == start - 10 * MINUTE for start, due_at in one.dues)


def test_what_is_over_owes_nothing_and_is_kept() -> None:
    one = only(ORDER, start="20160101T090000Z")
    assert one.dues == ()


def test_what_is_cancelled_is_not_there() -> None:
    batch = prepare(calendar(event("one@x"), event("off@x", "20261124T090000Z", "STATUS:CANCELLED")), ORDER)
    assert (batch.present, batch.cancelled, batch.total) == ({"one@x"}, {"off@x"}, 1)


def test_what_cannot_be_read_is_there_and_named() -> None:
    batch = prepare(calendar(event("one@x"), event("odd@x", "soon")), ORDER)
    assert (batch.present, batch.cancelled) == ({"one@x", "odd@x"}, set())
    assert [(one.uid, one.title) for one in batch.faulty] == [("odd@x", "Встреча odd@x")]


@pytest.mark.parametrize("start", ["99991231T235959", "00010101T000000"])
@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Pacific/Auckland"])
def test_a_time_at_the_end_of_all_calendars_costs_no_other(start: str, zone: str) -> None:
    order = ORDER._replace(owner=Owner(zone, (600,), None))
    batch = prepare(calendar(event("end@x", start, "RRULE:FREQ=YEARLY"), event("one@x")), order)
    assert batch.present == {"end@x", "one@x"}
    assert "one@x" in {one.uid for one in batch.prepared}


OFTEN = "RRULE:FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24)))
DAILY = "RRULE:FREQ=DAILY"
HOURLY = 24 * 10
"""Starts of what comes every hour, from two days ago to the horizon."""


@pytest.mark.parametrize("daily_first", [True, False])
def test_many_events_that_come_often_leave_room_for_the_others(
    daily_first: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "STARTS_MAX", 8 * HOURLY)
    monkeypatch.setattr(preparing, "OFTEN_MAX", 4 * HOURLY)
    often = [event(f"often{n}@x", "20261101T090000Z", OFTEN) for n in range(30)]
    daily = [event(f"daily{n}@x", "20261101T090000Z", DAILY) for n in range(30)]
    batch = prepare(calendar(*daily, *often) if daily_first else calendar(*often, *daily), ORDER)
    assert {one.why for one in batch.faulty} == {"crowded"}
    cut = {one.uid for one in batch.faulty}
    assert cut == {f"often{n}@x" for n in range(4, 30)}
    assert len(batch.present) == 60
    assert all((one.uid in cut) == (one.event.rrule is None) for one in batch.prepared)
    assert all((one.uid in cut) == (one.digest == "") for one in batch.prepared), "it is read anew"
    assert sum(len(one.starts) for one in batch.prepared if one.event.rrule) <= 8 * HOURLY


def test_a_calendar_of_twenty_thousand_events_is_kept_whole() -> None:
    daily = due.HORIZON_MS // DAY + 2
    assert 20_000 * 3 // 10 * daily <= preparing.STARTS_MAX
    assert daily <= preparing.STARTS_OFTEN


def test_what_is_too_much_at_once_owes_what_comes_soon_first() -> None:
    each = ORDER._replace(owner=Owner("UTC", (0,), None))
    many = [event(f"daily{n}@x", "20261101T090000Z", DAILY) for n in range(30)]
    whole = prepare(calendar(*many), each).prepared
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owing.Room, "__init__", lambda self: setattr(self, "left", 100))
        first = prepare(calendar(*many), each).prepared
    late = [one for one, all_of_it in zip(first, whole, strict=True) if one != all_of_it]
    assert len(late) == 20
    for one in late:
        assert one.until == START + owing.SOON_MS
        assert [at for _, at in one.dues] == [NINE + DAY]
    assert all(one.until == START + due.HORIZON_MS for one in first if one not in late)
