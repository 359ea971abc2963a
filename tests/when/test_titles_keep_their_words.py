"""What a person wants to be reminded of comes back word for word, whatever it looks like."""

from __future__ import annotations

import pytest

from tests.when.cases import heard

ENGLISH = (
    "May 5 restaurants",
    "Monday.com login",
    "call 8 800 555 35 35",
    "call +1 (212) 555-0100",
    "24/7 pharmacy",
    "second-hand shop",
    "sun cream",
    "Black Friday sale",
    "one-on-one with Bob",
    "1:1 with Bob",
    "run 5 km",
    "read chapter 5",
    "room 101",
    "pay $50 to Tom",
    "tip 15%",
    "flight LH2040",
    "version 2.5.1",
    "buy 2 kg of potatoes",
    'read "Friday" by Robinson',
    "today's report",
    "log in",
    "turn it on",
    "monthly report",
    "morning routine",
    "weekend trip",
    "email ann@example.org",
    "visit https://example.org/2026-12-24",
    "the minute book",
    "half marathon",
    "call Mr. Smith",
    "Bob & Ann",
    "milk, eggs and bread",
    "R2-D2",
    "iPhone 15",
    "a/b test",
    "C++ lecture",
    "🎂 for Ann",
    "#5 parcel",
    "7 eleven run",
    "read 1984",
    "room 404",
    "meet April",
    "buy 2 l milk",
    "buy 2l milk",
    "christmas party",
    "happy hour",
    "put the bins out",
    "add milk to the shopping list",
    "friends over for pizza",
    "3rd floor inspection",
    "the 4 day week",
    "second breakfast",
    "10 downing street tour",
    "night shift report",
    "weekend plans",
    "book a table",
    "plan the trip",
    "windows 11 update",
    "model 3 pickup",
    "late checkout",
    "early access form",
    "move the sofa",
    "cancel Netflix",
    "May be a dentist",
)
RUSSIAN = (
    "Позвонить Марту",
    "спросить Мая",
    "позвонить 8 800 555 35 35",
    "аптека 24/7",
    "вход в Monday.com",
    "пробежать 5 км",
    "читать главу 5",
    "кабинет 101",
    "отдать 500 рублей Тому",
    "рейс SU2040",
    "купить 2 кг картошки",
    "прочитать «Пятница»",
    "чёрная пятница",
    "поздравить Олю с днём рождения",
    "молоко, яйца и хлеб",
    "купить билеты на поезд",
    "встреча в офисе",
    "защита окружающей среды",
    "ужин на 5 человек",
    "завтрак",
    "позвонить И. И. Иванову",
    "вечерний рейс",
    "дневник",
    "кабинет 404",
    "купить 2 л молока",
    "прочитать 1984",
    "рейс SU 1234",
    "встреча с Апрелевым",
    "среда обитания",
    "май плейлист",
    "понедельник день тяжёлый",
    "12 стульев",
    "встреча один на один",
    "рамки 10 на 15",
    "версия 2.10",
    "план на неделю",
    "сериал 24 часа",
    "ночь музеев",
    "перевести 500₽ Пете",
    "отдать 3/4 торта",
)


@pytest.mark.parametrize("title", ENGLISH)
@pytest.mark.parametrize("pattern", ["{} tomorrow at 9am", "tomorrow at 9am {}", "remind me tomorrow at 9am: {}"])
def test_an_english_title_comes_back(title: str, pattern: str) -> None:
    found = heard(pattern.format(title), "saturday", "en")
    assert (found.title, found.start, found.status) == (title, "2026-11-22T09:00", "ok")


@pytest.mark.parametrize("title", RUSSIAN)
@pytest.mark.parametrize("pattern", ["{} завтра в 9:00", "завтра в 9:00 {}", "напомни завтра в 9:00: {}"])
def test_a_russian_title_comes_back(title: str, pattern: str) -> None:
    found = heard(pattern.format(title), "saturday", "ru")
    assert (found.title, found.start, found.status) == (title, "2026-11-22T09:00", "ok")


@pytest.mark.parametrize("title", ENGLISH)
def test_an_english_title_alone_is_whole(title: str) -> None:
    found = heard(title, "saturday", "en")
    assert found.title == title
    assert found.status != "ok"


@pytest.mark.parametrize("title", RUSSIAN)
def test_a_russian_title_alone_is_whole(title: str) -> None:
    found = heard(title, "saturday", "ru")
    assert found.title == title
    assert found.status != "ok"
