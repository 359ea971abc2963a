"""One occurrence, this and the following, all: what is left of a series, and what becomes of the rest."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from planner import scopes
from planner.model import Event
from planner.recur import local_instant, local_time, starts
from planner.scopes import CannotMoveError, Scope

ZONES = ("UTC", "Europe/Berlin", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu")
RULES = (
    "FREQ=DAILY",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;COUNT=40",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;BYDAY=MO,WE,FR",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU",
    "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=20",
    "FREQ=WEEKLY;UNTIL=20270615",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=YEARLY",
    "FREQ=HOURLY;INTERVAL=6",
    "FREQ=DAILY;BYHOUR=9,18",
)
LONG = 400 * 86_400_000


def series(rule: str, start: str = "2026-11-24T09:00:00", zone: str = "UTC", **more: object) -> Event:
    at = local_instant(start, zone)
    return Event(7, 1, "gym", start, at, 3_600, False, None, rule, False, None, **more)  # type: ignore[arg-type]


def locals_of(event: Event, zone: str = "UTC") -> list[str]:
    since = local_instant("2026-01-01T00:00:00", zone)
    found = starts(event, zone, after=since, before=since + 2 * LONG, limit=300)
    return [text(at, zone) for at in found]


def text(at: int, zone: str) -> str:
    return local_time(at, zone).isoformat()


rules, zones = st.sampled_from(RULES), st.sampled_from(ZONES)


@given(rules, zones, st.integers(0, 30))
def test_a_skipped_occurrence_is_the_only_one_gone(rule: str, zone: str, place: int) -> None:
    event = series(rule, zone=zone)
    before = starts(event, zone, after=0, before=event.start_at + LONG, limit=200)
    assume(place < len(before))
    at = text(before[place], zone)
    assume(local_instant(at, zone) == before[place])
    after = starts(scopes.skip(event, at), zone, after=0, before=event.start_at + LONG, limit=200)
    assert after[: len(before) - 1] == [one for one in before if one != before[place]]
    assert before[place] not in after


@given(rules, zones, st.integers(0, 30), st.sets(st.integers(0, 30), max_size=4))
def test_what_is_ended_and_what_follows_are_the_series(rule: str, zone: str, place: int, left_out: set[int]) -> None:
    whole = series(rule, zone=zone)
    plain = locals_of(whole, zone)
    event = series(rule, zone=zone, excluded=tuple(sorted(plain[i] for i in left_out if i < len(plain))))
    all_of_it = locals_of(event, zone)
    assume(place < len(all_of_it))
    at = all_of_it[place]
    rest, then = scopes.ended(event, at, zone), scopes.following(event, at, zone)
    first = locals_of(rest, zone) if rest else []
    both = first + locals_of(then, zone)
    assert first == all_of_it[:place]
    assert both[: len(all_of_it)] == all_of_it
    assert (rest is None) == (place == 0)


@given(
    st.sampled_from(["FREQ=DAILY", "FREQ=DAILY;INTERVAL=3", "FREQ=DAILY;COUNT=40", "FREQ=WEEKLY",
                     "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "FREQ=WEEKLY;UNTIL=20270615", "FREQ=HOURLY;INTERVAL=6",
                     "FREQ=WEEKLY;BYDAY=TU;COUNT=9", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270615T090000Z"]),
    st.integers(0, 8), st.integers(-6 * 24 * 4, 6 * 24 * 4),
)  # fmt: skip
def test_a_moved_series_keeps_all_its_distances(rule: str, place: int, quarters: int) -> None:
    event = series(rule, excluded=("2026-12-01T09:00:00",))
    before = locals_of(event)
    assume(place < len(before))
    shift = timedelta(minutes=15 * quarters)
    to = datetime.fromisoformat(before[place]) + shift
    after = locals_of(scopes.moved(event, before[place], to.isoformat(), "UTC"))
    expected = [(datetime.fromisoformat(one) + shift).isoformat() for one in before]
    shown = None if "COUNT" in rule or "UNTIL" in rule else 30
    assert after[:shown] == expected[:shown]


@pytest.mark.parametrize(
    ("rule", "start", "at", "to", "moved", "first"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,WE,FR", "2026-11-23T09:00:00", "2026-11-25T09:00:00", "2026-11-26T10:30:00",
         "FREQ=WEEKLY;BYDAY=MO,TH,FR", "2026-11-23T10:30:00"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-23T09:00:00", "2026-11-23T09:00:00", "2026-11-27T09:00:00",
         "FREQ=WEEKLY;BYDAY=WE,FR", "2026-11-25T09:00:00"),
        ("FREQ=WEEKLY;BYDAY=MO,WE", "2026-11-25T09:00:00", "2026-11-30T09:00:00", "2026-11-29T09:00:00",
         "FREQ=WEEKLY;BYDAY=WE,SU", "2026-11-25T09:00:00"),
        ("FREQ=MONTHLY", "2026-11-20T09:00:00", "2026-12-20T09:00:00", "2026-12-05T09:00:00",
         "FREQ=MONTHLY;BYMONTHDAY=5", "2026-11-05T09:00:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=5", "2026-11-05T09:00:00", "2026-12-05T09:00:00", "2026-12-31T12:00:00",
         "FREQ=MONTHLY;BYMONTHDAY=31", "2026-12-31T12:00:00"),
        ("FREQ=MONTHLY;BYDAY=3TU", "2026-11-17T09:00:00", "2026-12-15T09:00:00", "2026-12-10T09:00:00",
         "FREQ=MONTHLY;BYDAY=2TH", "2026-11-12T09:00:00"),
        ("FREQ=MONTHLY;BYDAY=-1FR", "2026-11-27T09:00:00", "2026-12-25T09:00:00", "2026-12-31T09:00:00",
         "FREQ=MONTHLY;BYDAY=-1TH", "2026-11-26T09:00:00"),
        ("FREQ=YEARLY", "2026-11-20T09:00:00", "2027-11-20T09:00:00", "2027-12-01T09:00:00",
         "FREQ=YEARLY", "2026-12-01T09:00:00"),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=2SU", "2027-05-09T09:00:00", "2027-05-09T09:00:00", "2027-06-06T09:00:00",
         "FREQ=YEARLY;BYMONTH=6;BYDAY=1SU", "2027-06-06T09:00:00"),
        ("FREQ=MONTHLY;BYDAY=4SA", "2026-11-28T09:00:00", "2026-11-28T09:00:00", "2026-11-30T09:00:00",
         "FREQ=MONTHLY;BYDAY=-1MO", "2026-11-30T09:00:00"),
        ("FREQ=DAILY;UNTIL=20261130", "2026-11-24T00:30:00", "2026-11-25T00:30:00", "2026-11-25T22:15:00",
         "FREQ=DAILY;UNTIL=20261130", "2026-11-24T22:15:00"),
        ("FREQ=DAILY;BYHOUR=9", "2026-11-20T09:00:00", "2026-11-22T09:00:00", "2026-11-22T10:15:00",
         "FREQ=DAILY;BYHOUR=10", "2026-11-20T10:15:00"),
    ],
)  # fmt: skip
def test_a_series_moves_to_other_days(rule: str, start: str, at: str, to: str, moved: str, first: str) -> None:
    event = scopes.moved(series(rule, start), at, to, "UTC")
    assert event.rrule == moved
    assert event.start_local == first
    assert to in locals_of(event)


@pytest.mark.parametrize(
    ("rule", "at", "to"),
    [
        ("FREQ=WEEKLY;BYDAY=MO,TU", "2026-11-24T09:00:00", "2026-11-23T09:00:00"),
        ("FREQ=WEEKLY;BYDAY=MO,TU", "2026-11-24T09:00:00", "2026-12-02T09:00:00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU", "2026-11-24T09:00:00", "2026-11-22T09:00:00"),
        ("FREQ=MONTHLY", "2026-11-24T09:00:00", "2026-12-01T09:00:00"),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "2026-11-30T09:00:00", "2026-11-29T09:00:00"),
        ("FREQ=MONTHLY;BYMONTHDAY=-1", "2026-11-30T09:00:00", "2026-11-29T09:00:00"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "2026-11-24T09:00:00", "2026-11-28T09:00:00"),
        ("FREQ=DAILY;BYHOUR=9,18", "2026-11-24T09:00:00", "2026-11-24T10:00:00"),
        ("FREQ=YEARLY", "2026-11-24T09:00:00", "2027-01-03T09:00:00"),
        ("FREQ=YEARLY", "2028-11-24T09:00:00", "2028-02-29T09:00:00"),
        ("FREQ=WEEKLY;BYDAY=TU,WE;COUNT=3", "2026-11-24T09:00:00", "2026-11-26T09:00:00"),
    ],
)
def test_what_no_rule_says_is_refused(rule: str, at: str, to: str) -> None:
    with pytest.raises(CannotMoveError):
        scopes.moved(series(rule), at, to, "UTC")


def test_a_day_taken_out_stands_alone() -> None:
    event = series("FREQ=DAILY", excluded=("2026-11-25T09:00:00",))
    one = scopes.only(event, "2026-11-27T09:00:00", "Europe/Berlin")
    assert (one.id, one.rrule, one.excluded) == (0, None, ())
    assert one.start_at == local_instant("2026-11-27T09:00:00", "Europe/Berlin")


def test_a_series_of_which_all_is_left_out_has_no_rest() -> None:
    event = series("FREQ=DAILY", excluded=("2026-11-24T09:00:00", "2026-11-25T09:00:00"))
    assert scopes.ended(event, "2026-11-26T09:00:00", "UTC") is None


def test_too_many_days_left_out_are_refused() -> None:
    days = tuple((datetime(2026, 11, 24, 9) + timedelta(days=n)).isoformat() for n in range(scopes.EXCLUDED_MAX))  # noqa: DTZ001  a wall clock
    with pytest.raises(CannotMoveError):
        scopes.skip(series("FREQ=DAILY", excluded=days), "2036-01-01T09:00:00")


BERLIN = "Europe/Berlin"


def test_one_day_of_a_series_across_a_change_of_the_clock_gets_another_hour() -> None:
    event = series("FREQ=WEEKLY", "2027-03-20T09:00:00", BERLIN)
    at = "2027-03-27T09:00:00"
    wanted = replace(scopes.occurrence(event, at, BERLIN), start_local="2027-03-28T11:00:00", title="long run")
    rest, apart = scopes.edited(event, at, wanted, Scope.ONE, BERLIN)
    assert rest is not None
    assert locals_of(rest, BERLIN)[:2] == ["2027-03-20T09:00:00", "2027-04-03T09:00:00"]
    assert (apart.id, apart.rrule, apart.title) == (0, None, "long run")
    assert apart.start_at == local_instant("2027-03-28T11:00:00", BERLIN)


def test_this_and_the_following_get_a_new_hour_and_the_earlier_ones_keep_theirs() -> None:
    event = series("FREQ=WEEKLY;COUNT=6", "2027-03-20T09:00:00", BERLIN)
    at = "2027-04-03T09:00:00"
    wanted = replace(scopes.occurrence(event, at, BERLIN), start_local="2027-04-04T10:00:00")
    rest, apart = scopes.edited(event, at, wanted, Scope.REST, BERLIN)
    assert rest is not None
    assert locals_of(rest, BERLIN) == ["2027-03-20T09:00:00", "2027-03-27T09:00:00"]
    assert locals_of(apart, BERLIN) == [f"2027-04-{day}T10:00:00" for day in ("04", "11", "18", "25")]


def test_all_get_a_new_title_and_keep_their_days() -> None:
    event = series("FREQ=WEEKLY", excluded=("2026-12-01T09:00:00",))
    at = "2026-12-08T09:00:00"
    wanted = replace(scopes.occurrence(event, at, "UTC"), title="swim")
    assert scopes.edited(event, at, wanted, Scope.ALL, "UTC") == (None, replace(event, title="swim"))


def test_a_new_rule_begins_with_the_occurrence_that_was_edited() -> None:
    event = series("FREQ=WEEKLY", excluded=("2026-12-01T09:00:00",))
    at = "2026-12-08T09:00:00"
    wanted = replace(scopes.occurrence(event, at, "UTC"), rrule="FREQ=DAILY")
    rest, apart = scopes.edited(event, at, wanted, Scope.REST, "UTC")
    assert rest is not None
    assert locals_of(rest) == ["2026-11-24T09:00:00"]
    assert locals_of(apart)[:2] == ["2026-12-08T09:00:00", "2026-12-09T09:00:00"]


def test_the_first_and_all_that_follow_are_the_series_itself() -> None:
    event = series("FREQ=WEEKLY")
    wanted = replace(scopes.occurrence(event, event.start_local, "UTC"), place="hall 2")
    rest, apart = scopes.edited(event, event.start_local, wanted, Scope.REST, "UTC")
    assert rest is None
    assert locals_of(apart) == locals_of(event)


@pytest.mark.parametrize(
    ("rule", "at", "to", "left_out", "moved"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,FR", "2026-11-24T09:00:00", "2026-11-25T10:00:00",
         ("2026-11-27T09:00:00", "2026-12-01T09:00:00"), ("2026-11-27T10:00:00", "2026-12-02T10:00:00")),
        ("FREQ=MONTHLY;BYDAY=3TU", "2026-12-15T09:00:00", "2026-12-10T09:00:00",
         ("2027-01-19T09:00:00", "2027-04-20T09:00:00"), ("2027-01-14T09:00:00", "2027-04-08T09:00:00")),
        ("FREQ=YEARLY", "2026-11-24T09:00:00", "2026-02-24T09:00:00",
         ("2028-11-24T09:00:00",), ("2028-02-24T09:00:00",)),
    ],
)  # fmt: skip
def test_what_is_left_out_stays_left_out_of_a_moved_series(
    rule: str, at: str, to: str, left_out: tuple[str, ...], moved: tuple[str, ...]
) -> None:
    event = scopes.moved(series(rule, at, excluded=left_out), at, to, "UTC")
    assert event.excluded == moved
    assert set(moved) <= set(locals_of(replace(event, excluded=())))
    assert not set(moved) & set(locals_of(event))
