"""Time is said as people say it, in the reader's zone and language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from planner import places
from planner.i18n import words
from planner.render import clock_time, day, duration, how_late, span, when, zone_name
from planner.render.cities import CITIES

EN, RU = words("en"), words("ru")
BERLIN = "Europe/Berlin"
MIN, HOUR, DAY = 60_000, 3_600_000, 86_400_000


def at(text: str, zone: str = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp()) * 1_000


NOW = at("2026-11-21T11:00")


@pytest.mark.parametrize(
    ("local", "english", "russian"),
    [
        ("2026-11-21T00:00", "today", "сегодня"),
        ("2026-11-21T23:59", "today", "сегодня"),
        ("2026-11-22T00:00", "tomorrow", "завтра"),
        ("2026-11-20T23:59", "yesterday", "вчера"),
        ("2026-11-23T09:30", "Mon 23 Nov", "пн 23 ноября"),
        ("2026-05-03T09:30", "Sun 3 May", "вс 3 мая"),
        ("2027-11-23T09:30", "Tue 23 Nov 2027", "вт 23 ноября 2027"),
    ],
)
def test_days_are_named_as_the_reader_sees_them(local: str, english: str, russian: str) -> None:
    assert day(EN, at(local), BERLIN, NOW) == english
    assert day(RU, at(local), BERLIN, NOW) == russian


def test_the_day_is_the_readers_not_the_servers() -> None:
    late = at("2026-11-21T23:30", "UTC")
    assert day(EN, late, "UTC", NOW) == "today"
    assert day(EN, late, BERLIN, NOW) == "tomorrow"
    assert clock_time(late, BERLIN) == "00:30"


def test_new_year_is_tomorrow_and_not_another_year() -> None:
    eve = at("2026-12-31T20:00")
    assert day(EN, eve + DAY, BERLIN, eve) == "tomorrow"


def test_a_moment_is_said_by_day_and_time() -> None:
    assert when(EN, at("2026-11-22T09:30"), BERLIN, NOW) == "tomorrow at 09:30"
    assert when(RU, at("2026-11-23T09:05"), BERLIN, NOW) == "пн 23 ноября в 09:05"


@pytest.mark.parametrize(
    ("ms", "english", "russian"),
    [
        (0, "now", "сейчас"),
        (29_999, "in less than a minute", "меньше чем через минуту"),
        (1, "in less than a minute", "меньше чем через минуту"),
        (-1, "now", "сейчас"),
        (-29_999, "now", "сейчас"),
        (30_000, "in 1 min", "через 1 мин"),
        (15 * MIN - 20_000, "in 15 min", "через 15 мин"),
        (2 * HOUR + 15 * MIN, "in 2 h 15 min", "через 2 ч 15 мин"),
        (HOUR - 10_000, "in 1 h", "через 1 ч"),
        (DAY, "in 1 day", "через 1 день"),
        (2 * DAY + 3 * HOUR + 20 * MIN, "in 2 days 3 h", "через 2 дня 3 ч"),
        (21 * DAY + HOUR, "in 21 days", "через 21 день"),
        (-15 * MIN, "15 min ago", "15 мин назад"),
    ],
)
def test_how_long_until_then(ms: int, english: str, russian: str) -> None:
    assert span(EN, ms) == english
    assert span(RU, ms) == russian


def test_a_late_reminder_says_when_it_was_due() -> None:
    assert how_late(EN, NOW - 15 * MIN, NOW, BERLIN) == "Late: this was due today at 10:45, 15 min ago."
    assert how_late(RU, NOW - DAY, NOW, BERLIN) == "С опозданием: срок был вчера в 11:00, 1 день назад."


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (86_400 + 7_200, "1 day 2 hours", "1 день 2 часа"),
        (604_800, "1 week", "1 неделю"),
        (14 * 86_400, "2 weeks", "2 недели"),
        (8 * 86_400, "8 days", "8 дней"),
        (5_400, "1 hour 30 minutes", "1 час 30 минут"),
        (30, "30 seconds", "30 секунд"),
        (0, "0 minutes", "0 минут"),
    ],
)
def test_durations_are_said_in_whole_words(seconds: int, english: str, russian: str) -> None:
    assert duration(EN, seconds) == english
    assert duration(RU, seconds) == russian


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        (BERLIN, "Berlin (UTC+1)"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires (UTC−3)"),
        ("Asia/Kolkata", "Kolkata (UTC+5:30)"),
        ("America/St_Johns", "St Johns (UTC−3:30)"),
        ("Europe/London", "London (UTC+0)"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT", "UTC"),
        ("Greenwich", "UTC"),
        ("Etc/GMT+5", "UTC−5"),
        ("CET", "CET (UTC+1)"),
    ],
)
def test_a_zone_is_named_by_its_city_and_offset(zone: str, name: str) -> None:
    assert zone_name(zone, NOW) == name


def test_a_zones_offset_is_the_one_of_that_day() -> None:
    assert zone_name(BERLIN, at("2026-07-01T12:00")) == "Berlin (UTC+2)"


@pytest.mark.parametrize(
    ("zone", "name"),
    [
        ("Europe/Moscow", "Москва (UTC+3)"),
        (BERLIN, "Берлин (UTC+1)"),
        ("America/New_York", "Нью-Йорк (UTC−5)"),
        ("America/Argentina/Buenos_Aires", "Буэнос-Айрес (UTC−3)"),
        ("America/St_Johns", "Сент-Джонс (UTC−3:30)"),
        ("Africa/Djibouti", "Djibouti (UTC+3)"),
        ("Etc/UTC", "UTC"),
    ],
)
def test_a_big_city_is_named_in_the_readers_language(zone: str, name: str) -> None:
    assert zone_name(zone, NOW, "ru") == name


@pytest.mark.parametrize("lang", CITIES)
def test_a_city_that_is_shown_is_found_by_the_name_it_is_shown_by(lang: str) -> None:
    for zone, city in CITIES[lang].items():
        assert zone in available_timezones()
        assert places.find(city) == (zone,)
