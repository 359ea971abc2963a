"""Searching: any case, any ending, in titles, places and notes; of what recurs the next; the nearest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from planner import recur, search, service
from planner.model import DAY, Event, User
from planner.store import Store, Tx
from tests.virtual import START


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Tx]:
    store = Store(tmp_path / "planner.db", inline=True)
    store._db._writer.execute("BEGIN")
    yield Tx(store._db._writer)
    store._db._writer.execute("ROLLBACK")
    store.close()


@pytest.fixture
def alice(tx: Tx) -> User:
    return service.welcome(tx, 1, 1, "Alice", "en", "UTC", START)


def add(tx: Tx, user: User, title: str, start: str = "2026-11-23T10:00:00", **fields: object) -> Event:
    draft = Event(0, user.id, title, start, service.start_of(start, user.zone), 0, False, None, None, False, ())
    return service.add_event(tx, user, replace(draft, **fields), START)[0]


def titles(tx: Tx, user: User, text: str, now: int = START) -> list[str]:
    return [one.event.title for one in search.loaded(tx, search.find(tx, user, text, now))]


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Стоматолог", "стоматолога"),
        ("встреча с Леной", "лена"),
        ("день рождения мамы", "дню рождения"),
        ("купить ёлку", "елка"),
        ("забрать подарки", "подарок"),
        ("тренировка", "тренировок"),
        ("встреча в школе", "школа"),
        ("Отчёт для налоговой", "ОТЧЕТЫ"),
        ("team meetings", "Meeting"),
        ("birthday parties", "party"),
        ("went running", "run"),
        ("send invoices", "invoice"),
        ("dentist", "dent"),
        ("call 8 800 555 35 35", "555"),
        ("bus to Berlin", "the buses"),
        ("🎂", "🎂"),
    ],
)
def test_a_word_is_found_in_any_form(tx: Tx, alice: User, title: str, said: str) -> None:
    add(tx, alice, title)
    add(tx, alice, "something else entirely")
    assert titles(tx, alice, said) == [title]


@pytest.mark.parametrize(
    ("title", "said"),
    [("dental floss", "dentist"), ("март", "мама"), ("код от двери", "кот"), ("Monday", "month"), ("x", "")],
)
def test_other_words_are_not(tx: Tx, alice: User, title: str, said: str) -> None:
    add(tx, alice, title)
    assert titles(tx, alice, said) == []


def test_places_and_notes_are_searched_and_all_words_have_to_be_there(tx: Tx, alice: User) -> None:
    add(tx, alice, "lunch", place="Café Müller", notes="bring the contract")
    assert titles(tx, alice, "contracts müller") == ["lunch"]
    assert titles(tx, alice, "contract schmidt") == []


def test_what_recurs_is_shown_at_its_next_and_what_has_ended_at_its_last(tx: Tx, alice: User) -> None:
    add(tx, alice, "gym", "2026-01-05T19:00:00", rrule="FREQ=WEEKLY")
    add(tx, alice, "course", "2026-01-06T19:00:00", rrule="FREQ=WEEKLY;UNTIL=20260301T000000Z")
    add(tx, alice, "birthday", "2020-06-01T00:00:00", rrule="FREQ=YEARLY", all_day=True, duration_s=86_400)
    starts = {one.event.title: one.start_at for text in ("gym", "course", "birthday")
              for one in search.matching(tx, alice, text, START)}  # fmt: skip
    assert starts["gym"] == service.start_of("2026-11-23T19:00:00", "UTC")
    assert starts["course"] == service.start_of("2026-02-24T19:00:00", "UTC")
    assert starts["birthday"] == service.start_of("2027-06-01T00:00:00", "UTC")


@pytest.mark.parametrize("rule", ["FREQ=DAILY;COUNT=3", "FREQ=HOURLY;UNTIL=20150102T000000Z", "FREQ=YEARLY;COUNT=5"])
def test_the_last_of_a_rule_is_found_however_long_ago(tx: Tx, alice: User, rule: str) -> None:
    event = add(tx, alice, "old", "2015-01-01T10:00:00", rrule=rule)
    every = recur.starts(event, "UTC", after=0, before=START, limit=100_000)
    assert recur.last_start(event, "UTC", START) == every[-1]
    assert recur.last_start(event, "UTC", every[0]) is None


def test_the_nearest_to_now_comes_first(tx: Tx, alice: User) -> None:
    for days in (-300, -2, 3, 40):
        draft = Event(
            0, 1, f"dentist {days}", "2026-11-21T10:00:00", START + days * DAY, 0, False, None, None, False, ()
        )
        service.add_event(tx, alice, draft, START)
    assert titles(tx, alice, "dentist") == ["dentist -2", "dentist 3", "dentist 40", "dentist -300"]


def test_the_best_match_comes_first_where_one_is_to_be_chosen(tx: Tx, alice: User) -> None:
    add(tx, alice, "shopping", "2026-11-22T10:00:00", notes="before the dentist")
    add(tx, alice, "dentist with Tom", "2026-11-23T10:00:00")
    add(tx, alice, "dentist", "2026-11-20T10:00:00")
    add(tx, alice, "dentist", "2026-12-20T10:00:00")
    found = search.matching(tx, alice, "the dentist", START)
    assert [(one.event.title, one.start_at > START) for one in found] == [
        ("dentist", True), ("dentist", False), ("dentist with Tom", True), ("shopping", True),
    ]  # fmt: skip


def test_deleted_events_and_those_of_others_are_not_found(tx: Tx, alice: User) -> None:
    bob = service.welcome(tx, 2, 2, "Bob", "en", "UTC", START)
    add(tx, bob, "dentist")
    service.delete_event(tx, alice, add(tx, alice, "dentist"), START)
    assert titles(tx, alice, "dentist") == []
