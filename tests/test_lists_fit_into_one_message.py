"""Lists: one message each, within Telegram's bounds, with the reader's own times as far as they go."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner import agenda, lists
from planner.due import day_of, local_text, wall
from planner.i18n import words
from planner.model import DAY, HOUR, MINUTE, Event, Occurrence, User
from planner.render import MAX_ENTITIES, MAX_UNITS
from tests.virtual import START

ALICE = User(1, 1, "Alice", "en", "UTC", False, None, (), None, False)
TODAY = day_of(START, "UTC")

occurrences = st.builds(
    lambda number, start, minutes, title, place, recurs, nag: Occurrence(
        Event(number, 1, title or "x", local_text(start, "UTC"), start, minutes * 60, False, None,
              "FREQ=DAILY" if recurs else None, False, None, place, nag=nag), start),
    st.integers(1, 10_000), st.integers(0, 6 * 24 * 12).map(lambda n: START + n * 5 * MINUTE),
    st.sampled_from([0, 30, 90, 600, 3_000]), st.text("ab 🎂ё\n", max_size=300), st.text("xy 🏠\n", max_size=100),
    st.booleans(), st.booleans(),
)  # fmt: skip


@given(st.lists(occurrences, max_size=25), st.sampled_from([1, 7]), st.sampled_from(["en", "ru"]))
def test_a_page_is_within_telegrams_bounds(found: list[Occurrence], days: int, lang: str) -> None:
    placed = lists.rows(found, "UTC", TODAY, TODAY + timedelta(days=days))[:20]
    clashes = agenda.overlaps(found, "UTC")
    text = lists.days_text(words(lang), ALICE, "Head", placed, clashes, ["tail"], START, several=days > 1)
    assert text.units <= MAX_UNITS
    assert len(text.entities) <= MAX_ENTITIES
    assert text.text.endswith("tail")
    moments = [one for one in text.entities if one.type == "date_time"]
    assert bool(moments) == any(row.on in agenda.days_of(row.one, "UTC") for row in placed)


@given(st.lists(occurrences, max_size=lists.LISTED), st.integers(0, 500))
def test_the_plan_is_within_telegrams_bounds_and_says_what_it_leaves_out(found: list[Occurrence], more: int) -> None:
    params = lists.plan(words("en"), ALICE, found, more, START, START)
    assert len(str(params["text"]).encode("utf-16-le")) // 2 <= MAX_UNITS
    assert len(params.get("entities", ())) <= MAX_ENTITIES
    assert (f"and {more} more: /today" in str(params["text"])) == bool(more)


@given(st.lists(occurrences, max_size=30, unique_by=lambda one: one.event.id))
def test_every_occurrence_has_one_number_and_a_row_on_each_of_its_days(found: list[Occurrence]) -> None:
    until = TODAY + timedelta(days=7)
    placed = lists.rows(found, "UTC", TODAY, until)
    numbers = [row.number for row in placed if row.number is not None]
    assert numbers == list(range(1, len(found) + 1))
    for one in found:
        first, last = agenda.days_of(one, "UTC")
        days = [row.on for row in placed if row.one is one]
        assert days == [
            first + timedelta(days=n) for n in range((min(last, until - timedelta(days=1)) - first).days + 1)
        ]


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Berlin", "2026-10-23"),  # 25 hours on the 25th
        ("America/Santiago", "2026-09-04"),  # the 6th begins at 01:00
        ("America/Santiago", "2026-04-03"),  # the 4th has its last hour twice
        ("Asia/Beirut", "2026-10-23"),  # the same on the 24th
        ("Pacific/Apia", "2011-12-28"),  # there was no 30th
        ("Australia/Lord_Howe", "2026-10-02"),
    ],
)
def test_rows_stand_on_the_days_that_the_clock_shows(zone: str, first: str) -> None:
    begin = date.fromisoformat(first)
    until = begin + timedelta(days=5)
    low, high = wall(begin, 0, zone), wall(until, 0, zone)
    found = []
    for number, start in enumerate(range(low - 6 * HOUR, high + HOUR, 15 * MINUTE)):
        length = (0, 60, 3_600, 86_400)[number % 4]
        found.append(Occurrence(Event(number, 1, "x", "", start, length, False, None, None, False, None), start))
    placed = lists.rows(found, zone, begin, until)
    for one in found:
        began, last = agenda.days_of(one, zone)
        days = (began + timedelta(days=n) for n in range((last - began).days + 1))
        there = {day for day in days if begin <= day < until}
        assert {row.on for row in placed if row.one is one} == there


@pytest.mark.parametrize(
    ("start", "minutes", "on", "said"),
    [
        (START, 0, 0, "10:00"),
        (START, 90, 0, "10:00–11:30"),
        (START, 16 * 60, 0, "10:00–02:00 (+1)"),
        (START, 16 * 60, 1, "until 02:00"),
        (START, 48 * 60, 1, "goes on all day"),
        (START - 10 * HOUR, 24 * 60, 0, "00:00–00:00 (+1)"),
    ],
)
def test_an_occurrence_says_what_of_it_is_on_a_day(start: int, minutes: int, on: int, said: str) -> None:
    one = Occurrence(Event(1, 1, "x", "", start, minutes * 60, False, None, None, False, None), start)
    assert lists.times(words("en"), ALICE, one, TODAY + timedelta(days=on), START).text == said


@pytest.mark.parametrize(("days", "on", "said"), [(1, 0, "all day"), (3, 0, "day 1 of 3"), (3, 2, "day 3 of 3")])
def test_an_all_day_event_says_which_of_its_days_it_is(days: int, on: int, said: str) -> None:
    start = START - 10 * HOUR
    one = Occurrence(Event(1, 1, "x", "", start, days * DAY // 1_000, True, None, None, False, None), start)
    assert lists.times(words("en"), ALICE, one, TODAY + timedelta(days=on), START).text == said


def full(count: int) -> list[Occurrence]:
    """As much in every entry as there may be."""
    starts = [START + number * MINUTE for number in range(count)]
    return [
        Occurrence(Event(number, 1, "длинное 👨‍👩‍👧 " * 60, "", start, 3_600, False, None, "FREQ=DAILY", False, None,
                         "место " * 30, nag=True), start)
        for number, start in enumerate(starts)
    ]  # fmt: skip


def test_a_full_plan_keeps_every_entry_and_the_first_of_its_times_are_the_readers_own() -> None:
    params = lists.plan(words("ru"), ALICE, full(lists.LISTED), lists.LISTED + 9, START, START)
    lines = str(params["text"]).split("\n")
    assert sum("длинное" in line for line in lines) == lists.LISTED
    assert "9" in lines[-1]
    kinds = [one["type"] for one in params["entities"]]
    assert len(kinds) == MAX_ENTITIES
    assert kinds.count("bold") == lists.LISTED + 1
    assert kinds[-2:] == ["bold", "bold"]


@pytest.mark.parametrize("days", [1, 7])
def test_a_full_page_keeps_every_entry(days: int) -> None:
    found = full(20)
    placed = lists.rows(found, "UTC", TODAY, TODAY + timedelta(days=days))
    clashes = agenda.overlaps(found, "UTC")
    text = lists.days_text(words("ru"), ALICE, "Head", placed, clashes, ["tail"], START, several=days > 1)
    assert text.text.count(". ") >= 20
    assert text.text.count("⚠️") == 20
    assert text.text.endswith("\ntail")
    assert sum(one.type == "date_time" for one in text.entities) == 2 * 20
