"""Whatever rule the planner accepts is said in words, in both languages, and in other words than another rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.i18n import words
from planner.model import Event
from planner.recur import check, local_instant, occurrences
from planner.render import recurrence, repeats
from planner.rrule import DAYS

EN, RU = words("en"), words("ru")
YEAR = 366 * 86_400_000
NOW = local_instant("2026-11-21T11:00:00", "UTC")


SAID = [
    ("FREQ=DAILY", "every day", "каждый день"),
    ("FREQ=DAILY;INTERVAL=2", "every 2 days", "каждые 2 дня"),
    ("FREQ=HOURLY", "every hour", "каждый час"),
    ("FREQ=HOURLY;INTERVAL=6", "every 6 hours", "каждые 6 часов"),
    ("FREQ=HOURLY;BYHOUR=9,10,11,12", "every day at 9, 10, 11 and 12 o’clock", "каждый день в 9, 10, 11 и 12 часов"),
    ("FREQ=DAILY;BYHOUR=9,18", "every day at 9 and 18 o’clock", "каждый день в 9 и 18 часов"),
    ("FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0", "every day at 9:00 and 18:00", "каждый день в 9:00 и 18:00"),
    ("FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0,30", "every day at 9:00, 9:30, 18:00 and 18:30",
     "каждый день в 9:00, 9:30, 18:00 и 18:30"),
    ("FREQ=DAILY;BYMINUTE=0,30", "every day at 00 and 30 minutes past its hour",
     "каждый день в 00 и 30 минут своего часа"),
    ("FREQ=DAILY;BYHOUR=8,10,12,14,16;BYMINUTE=0", "every day, every 2 hours from 8:00 to 16:00",
     "каждый день, каждые 2 часа с 8:00 до 16:00"),
    ("FREQ=DAILY;BYHOUR=21", "every day at 21 o’clock", "каждый день в 21 час"),
    ("FREQ=DAILY;BYHOUR=2", "every day at 2 o’clock", "каждый день в 2 часа"),
    ("FREQ=DAILY;BYHOUR=9,21;BYMINUTE=0", "every day at 9:00 and 21:00", "каждый день в 9:00 и 21:00"),
    ("FREQ=DAILY;INTERVAL=21", "every 21 days", "каждый 21 день"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=9,10,11,12,13;BYMINUTE=30",
     "every weekday, every hour from 9:30 to 13:30",
     "по будням, каждый час с 9:30 до 13:30"),
    ("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40", "every day, every 20 minutes from 9:00 to 10:40",
     "каждый день, каждые 20 минут с 9:00 до 10:40"),
    ("FREQ=DAILY;BYMONTH=12", "every day in December", "каждый день в декабре"),
    ("FREQ=DAILY;INTERVAL=3;BYDAY=MO", "every 3 days, only on Mondays", "каждые 3 дня, только по понедельникам"),
    ("FREQ=DAILY;INTERVAL=3;BYMONTH=12;BYMONTHDAY=-1",
     "every 3 days, only on the last day of the month, only in December",
     "каждые 3 дня, только в последний день месяца, только в декабре"),
    ("FREQ=DAILY;BYHOUR=9,12,18;BYMINUTE=0;BYSETPOS=-1",
     "every day at 9:00, 12:00 and 18:00, only the last time each day",
     "каждый день в 9:00, 12:00 и 18:00, только последний раз за день"),
    ("FREQ=WEEKLY", "every week", "каждую неделю"),
    ("FREQ=WEEKLY;INTERVAL=2", "every 2 weeks", "каждые 2 недели"),
    ("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "every weekday", "по будням"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TU,WE,TH,FR", "every 2 weeks on weekdays", "каждые 2 недели по будням"),
    ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "every weekday", "по будням"),
    ("FREQ=WEEKLY;BYDAY=TU", "every Tuesday", "по вторникам"),
    ("FREQ=WEEKLY;BYDAY=SA,SU", "every Saturday and Sunday", "по субботам и воскресеньям"),
    ("FREQ=WEEKLY;BYDAY=FR,TU,MO", "every Monday, Tuesday and Friday", "по понедельникам, вторникам и пятницам"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261130",
     "every 2 weeks on Mondays and Wednesdays until 30 November 2026",
     "каждые 2 недели по понедельникам и средам до 30 ноября 2026"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,SU;WKST=SU", "every 2 weeks on Mondays and Sundays, weeks beginning on Sunday",
     "каждые 2 недели по понедельникам и воскресеньям, недели считаются с воскресенья"),
    ("FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=-1", "every Friday", "по пятницам"),
    ("FREQ=WEEKLY;BYDAY=MO;BYMONTH=6,7,8", "every Monday in June, July and August",
     "по понедельникам в июне, июле и августе"),
    ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;BYMONTH=6,7,8", "every 2 weeks on Mondays, only in June, July and August",
     "каждые 2 недели по понедельникам, только в июне, июле и августе"),
    ("FREQ=WEEKLY;INTERVAL=2;BYMONTHDAY=13", "every 2 weeks, only on the 13th", "каждые 2 недели, только 13-го числа"),
    ("FREQ=WEEKLY;BYMONTHDAY=13;BYDAY=FR", "every month on the 13th, only on Fridays",
     "каждый месяц 13-го числа, только по пятницам"),
    ("FREQ=WEEKLY;BYDAY=MO,TU;BYHOUR=9,18;BYMINUTE=0;BYSETPOS=1,-1",
     "every Monday and Tuesday at 9:00 and 18:00, only the first and last time each week",
     "по понедельникам и вторникам в 9:00 и 18:00, только первый и последний раз за неделю"),
    ("FREQ=MONTHLY", "every month", "каждый месяц"),
    ("FREQ=MONTHLY;INTERVAL=3", "every 3 months", "каждые 3 месяца"),
    ("FREQ=MONTHLY;BYMONTHDAY=5", "every month on the 5th", "каждый месяц 5-го числа"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15", "every month on the 1st and 15th", "каждый месяц 1-го и 15-го числа"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,-1", "every month on the 15th and on the last day",
     "каждый месяц 15-го числа и в последний день"),
    ("FREQ=MONTHLY;BYMONTHDAY=-1", "every month on the last day", "каждый месяц в последний день"),
    ("FREQ=MONTHLY;BYMONTHDAY=-2", "every month on the second-to-last day", "каждый месяц в предпоследний день"),
    ("FREQ=MONTHLY;BYMONTHDAY=-2,-1", "every month on the second-to-last and last day",
     "каждый месяц в предпоследний и последний день"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "every month on the third-to-last day", "каждый месяц в третий с конца день"),
    ("FREQ=MONTHLY;BYMONTHDAY=-22", "every month on the 22nd-to-last day", "каждый месяц в 22-й с конца день"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,2,3,4,5,6,7;BYDAY=MO", "every month on the 1st to 7th, only on Mondays",
     "каждый месяц 1-го – 7-го числа, только по понедельникам"),
    ("FREQ=MONTHLY;BYDAY=-1FR", "every month on the last Friday", "каждый месяц в последнюю пятницу"),
    ("FREQ=MONTHLY;BYDAY=2TU;INTERVAL=3", "every 3 months on the second Tuesday", "каждые 3 месяца во второй вторник"),
    ("FREQ=MONTHLY;BYDAY=1MO,3MO", "every month on the first and third Monday",
     "каждый месяц в первый и третий понедельник"),
    ("FREQ=MONTHLY;BYDAY=2WE,-1WE", "every month on the second and last Wednesday",
     "каждый месяц во вторую и последнюю среду"),
    ("FREQ=MONTHLY;BYDAY=1MO,-1SU", "every month on the first Monday and on the last Sunday",
     "каждый месяц в первый понедельник и в последнее воскресенье"),
    ("FREQ=MONTHLY;BYDAY=MO", "every Monday", "по понедельникам"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=MO,1FR", "every 2 months on Mondays and on the first Friday",
     "каждые 2 месяца по понедельникам и в первую пятницу"),
    ("FREQ=MONTHLY;INTERVAL=2;BYDAY=1SU;BYMONTH=3,6", "every 2 months on the first Sunday, only in March and June",
     "каждые 2 месяца в первое воскресенье, только в марте и июне"),
    ("FREQ=MONTHLY;BYDAY=1SU;BYMONTH=3,6", "every year on the first Sunday of March and June",
     "каждый год в первое воскресенье марта и июня"),
    ("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", "every month on the 13th, only on Fridays",
     "каждый месяц 13-го числа, только по пятницам"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every month on the last weekday",
     "каждый месяц в последний рабочий день"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1,-1", "every month on the first and last weekday",
     "каждый месяц в первый и последний рабочий день"),
    ("FREQ=MONTHLY;BYDAY=SA,SU;BYSETPOS=2", "every month on the second weekend day", "каждый месяц во второй выходной"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYSETPOS=-2", "every month on the second-to-last day",
     "каждый месяц в предпоследний день"),
    ("FREQ=MONTHLY;BYDAY=WE,FR;BYSETPOS=-1", "every month on the last Wednesday or Friday",
     "каждый месяц в последнюю среду или пятницу"),
    ("FREQ=MONTHLY;BYMONTHDAY=1,15;BYSETPOS=1", "every month on the 1st and 15th, only the first time each month",
     "каждый месяц 1-го и 15-го числа, только первый раз за месяц"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYMONTH=3,6,9,12",
     "every year on the last weekday of March, June, September and December",
     "каждый год в последний рабочий день марта, июня, сентября и декабря"),
    ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;BYHOUR=17;BYMINUTE=0;COUNT=10",
     "every month on the last weekday at 17:00, 10 times",
     "каждый месяц в последний рабочий день в 17:00, 10 раз"),
    ("FREQ=YEARLY", "every year", "каждый год"),
    ("FREQ=YEARLY;INTERVAL=4", "every 4 years", "каждые 4 года"),
    ("FREQ=MONTHLY;BYDAY=1TU,1TH", "every month on the first Tuesday and on the first Thursday",
     "каждый месяц в первый вторник и в первый четверг"),
    ("FREQ=MONTHLY;BYDAY=2SA", "every month on the second Saturday", "каждый месяц во вторую субботу"),
    ("FREQ=MONTHLY;BYDAY=2SU", "every month on the second Sunday", "каждый месяц во второе воскресенье"),
    ("FREQ=MONTHLY;BYDAY=3SU,4SU", "every month on the third and fourth Sunday",
     "каждый месяц в третье и четвёртое воскресенье"),
    ("FREQ=MONTHLY;BYDAY=-2FR", "every month on the second-to-last Friday", "каждый месяц в предпоследнюю пятницу"),
    ("FREQ=MONTHLY;BYDAY=-2SU", "every month on the second-to-last Sunday", "каждый месяц в предпоследнее воскресенье"),
    ("FREQ=MONTHLY;BYDAY=5SA", "every month on the fifth Saturday", "каждый месяц в пятую субботу"),
    ("FREQ=MONTHLY;BYDAY=-3WE", "every month on the third-to-last Wednesday", "каждый месяц в третью с конца среду"),
    ("FREQ=HOURLY;INTERVAL=2;COUNT=5", "every 2 hours, 5 times", "каждые 2 часа, 5 раз"),
    ("FREQ=HOURLY;UNTIL=20261130T180000", "every hour until 30 November 2026, 18:00",
     "каждый час до 30 ноября 2026, 18:00"),
    ("FREQ=YEARLY;BYMONTH=3", "every year in March", "каждый год в марте"),
    ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=8", "every year on 8 March", "каждый год 8 марта"),
    ("FREQ=YEARLY;BYMONTH=1,7;BYMONTHDAY=1,15", "every year on the 1st and 15th of January and July",
     "каждый год 1-го и 15-го января и июля"),
    ("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1,2,3,4,5,6,7", "every year on 1 to 7 March", "каждый год 1 – 7 марта"),
    ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "every year on the last day of February",
     "каждый год в последний день февраля"),
    ("FREQ=YEARLY;BYMONTHDAY=13;INTERVAL=2", "every 2 years on the 13th of every month",
     "каждые 2 года 13-го числа каждого месяца"),
    ("FREQ=YEARLY;BYDAY=20MO", "every year on the 20th Monday of the year", "каждый год в 20-й понедельник года"),
    ("FREQ=YEARLY;BYDAY=-1WE", "every year on the last Wednesday of the year", "каждый год в последнюю среду года"),
    ("FREQ=YEARLY;BYDAY=MO", "every Monday", "по понедельникам"),
    ("FREQ=YEARLY;INTERVAL=2;BYDAY=MO;BYMONTH=3", "every 2 years on Mondays in March",
     "каждые 2 года по понедельникам в марте"),
    ("FREQ=YEARLY;BYMONTH=9;BYDAY=1MO", "every year on the first Monday of September",
     "каждый год в первый понедельник сентября"),
    ("FREQ=YEARLY;BYMONTH=9,10;BYDAY=-1SU", "every year on the last Sunday of September and October",
     "каждый год в последнее воскресенье сентября и октября"),
    ("FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8;INTERVAL=4",
     "every 4 years on 2 to 8 November, only on Tuesdays",
     "каждые 4 года 2 – 8 ноября, только по вторникам"),
    ("FREQ=YEARLY;BYYEARDAY=1,100,-1", "every year on the first, 100th and last day of the year",
     "каждый год в первый, 100-й и последний день года"),
    ("FREQ=YEARLY;BYYEARDAY=256", "every year on the 256th day of the year", "каждый год в 256-й день года"),
    ("FREQ=YEARLY;BYYEARDAY=-2;BYDAY=MO", "every year on the second-to-last day of the year, only on Mondays",
     "каждый год в предпоследний день года, только по понедельникам"),
    ("FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "every year on the last weekday of the year",
     "каждый год в последний рабочий день года"),
    ("FREQ=YEARLY;BYMONTH=3;BYDAY=SU;BYSETPOS=-1", "every year on the last Sunday of March",
     "каждый год в последнее воскресенье марта"),
    ("FREQ=YEARLY;BYMONTH=3,6;BYDAY=SU;BYSETPOS=-1", "every Sunday in March and June, only the last time each year",
     "по воскресеньям в марте и июне, только последний раз за год"),
    ("FREQ=DAILY;COUNT=1", "every day, 1 time", "каждый день, 1 раз"),
    ("FREQ=DAILY;COUNT=3", "every day, 3 times", "каждый день, 3 раза"),
    ("FREQ=DAILY;COUNT=10", "every day, 10 times", "каждый день, 10 раз"),
    ("FREQ=DAILY;COUNT=21", "every day, 21 times", "каждый день, 21 раз"),
]  # fmt: skip


@pytest.mark.parametrize(("rrule", "english", "russian"), SAID)
def test_rules_are_said_as_people_say_them(rrule: str, english: str, russian: str) -> None:
    assert check(rrule) is None
    assert recurrence(EN, rrule) == english
    assert recurrence(RU, rrule) == russian


def test_a_rule_as_calendars_write_it_is_read_too() -> None:
    assert recurrence(EN, "RRULE:FREQ=WEEKLY;BYDAY=FR,TH,WE,TU,MO;WKST=MO") == "every weekday"
    assert recurrence(RU, "rrule:freq=monthly;byday=+1SU") == "каждый месяц в первое воскресенье"


def test_times_that_a_rule_takes_from_its_start_are_said_in_full() -> None:
    start = "2026-11-21T09:30:00"
    assert recurrence(EN, "FREQ=DAILY;BYHOUR=9,18", start=start) == "every day at 9:30 and 18:30"
    assert recurrence(RU, "FREQ=DAILY;BYHOUR=9,18", start=start) == "каждый день в 9:30 и 18:30"
    assert recurrence(RU, "FREQ=DAILY;BYMINUTE=0,30", start=start) == "каждый день в 9:00 и 9:30"
    assert recurrence(EN, "FREQ=WEEKLY;BYDAY=MO", start=start) == "every Monday", "the card says the time already"


@pytest.mark.parametrize(
    ("until", "english"),
    [
        ("20270630", "until 30 June 2027"),
        ("20270630T235959", "until 30 June 2027"),
        ("20270630T180000", "until 30 June 2027"),
        ("20270630T175959", "until 30 June 2027, 17:59"),
        ("20270630T090000", "until 30 June 2027, 9:00"),
        ("20270630T085959", "until 29 June 2027"),
    ],
)
def test_the_last_day_is_one_that_it_can_happen_on(until: str, english: str) -> None:
    said = recurrence(EN, f"FREQ=DAILY;BYHOUR=9,18;UNTIL={until}", start="2026-11-21T09:00:00")
    assert said == f"every day at 9:00 and 18:00 {english}"


def test_the_last_day_is_that_of_its_zone() -> None:
    rule = "FREQ=DAILY;UNTIL=20270630T220000Z"
    assert recurrence(EN, rule, zone="Europe/Berlin") == "every day until 1 July 2027"
    assert recurrence(EN, rule, zone="UTC") == "every day until 30 June 2027"
    assert recurrence(EN, "FREQ=DAILY;UNTIL=00010101T000000Z", zone="America/New_York") == "every day until 1 January 1"


def test_an_end_by_number_is_said_with_the_right_plural() -> None:
    for count, russian in ((1, "1 раз"), (2, "2 раза"), (5, "5 раз"), (11, "11 раз"), (22, "22 раза")):
        assert recurrence(RU, f"FREQ=WEEKLY;COUNT={count}") == f"каждую неделю, {russian}"


def test_this_year_needs_no_saying() -> None:
    rule = "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE;UNTIL=20261130"
    assert recurrence(RU, rule, now=NOW) == "каждые 2 недели по понедельникам и средам до 30 ноября"
    assert recurrence(EN, rule.replace("2026", "2027"), now=NOW).endswith("until 30 November 2027")


def test_days_left_out_are_named_and_when_they_are_many_counted() -> None:
    left_out = [f"{day}T09:00:00" for day in ("2026-12-28", "2026-12-07", "2027-01-04")]
    assert recurrence(EN, "FREQ=WEEKLY;BYDAY=MO", left_out[:1], now=NOW) == "every Monday, except 28 December"
    assert recurrence(RU, "FREQ=WEEKLY;BYDAY=MO", left_out[:1], now=NOW) == "по понедельникам, кроме 28 декабря"
    assert recurrence(EN, "FREQ=WEEKLY;BYDAY=MO", left_out[:1]) == "every Monday, except 28 December 2026"
    said = "every Monday, except 7 December, 28 December and 4 January 2027"
    assert recurrence(EN, "FREQ=WEEKLY;BYDAY=MO", left_out, now=NOW) == said
    more = [f"2027-02-{day:02}T09:00:00" for day in range(1, 6)]
    for count, english, russian in ((1, "1 more day", "1 дня"), (2, "2 more days", "2 дней"), (5, "5 more", "5 дней")):
        assert f"4 January 2027 and {english}" in recurrence(EN, "FREQ=DAILY", left_out + more[:count], now=NOW)
        assert recurrence(RU, "FREQ=DAILY", left_out + more[:count], now=NOW).endswith(f" и ещё {russian}")


def test_days_left_out_that_have_passed_are_not_spoken_of() -> None:
    passed = ["2026-11-20T09:00:00"]
    assert recurrence(EN, "FREQ=DAILY", passed, now=NOW) == "every day"
    assert recurrence(EN, "FREQ=DAILY", [*passed, "2026-11-21T09:00:00"], now=NOW) == "every day, except 21 November"


def test_a_day_with_several_times_left_out_is_named_once() -> None:
    twice = ["2026-12-28T09:00:00", "2026-12-28T18:00:00"]
    assert recurrence(EN, "FREQ=DAILY;BYHOUR=9,18;BYMINUTE=0", twice, now=NOW).endswith(", except 28 December")


def test_an_event_is_said_with_its_own_times_zone_and_days_left_out() -> None:
    event = Event(
        1, 1, "pills", "2026-11-21T09:30:00", 0, 0, False, None, "FREQ=DAILY;BYHOUR=9,18;UNTIL=20261231T230000Z", False,
        None, excluded=("2026-12-24T09:30:00",),
    )  # fmt: skip
    assert repeats(EN, event, "UTC", NOW) == "every day at 9:30 and 18:30 until 31 December, except 24 December"
    there = replace(event, zone="Europe/Berlin", excluded=())
    assert repeats(EN, there, "UTC", NOW) == "every day at 9:30 and 18:30 until 31 December"
    assert repeats(
        EN, replace(event, rrule="FREQ=DAILY;UNTIL=20261231T233000Z", excluded=()), "Europe/Berlin", NOW
    ) == ("every day until 31 December"), "1 January has come there, half past midnight, but not half past nine"


@given(
    st.text(max_size=60)
    | st.lists(st.sampled_from(["FREQ=WEEKLY", "BYDAY=", "MO", "-1", ";", "UNTIL=", "0"])).map("".join)
)
def test_no_rule_is_too_odd_to_be_spoken_of_and_none_is_shown_raw(rrule: str) -> None:
    for lang in (EN, RU):
        said = recurrence(lang, rrule)
        assert said
        assert "FREQ" not in said


def _some(values: st.SearchStrategy[int], most: int = 4) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=most, unique=True).map(lambda found: ",".join(map(str, found)))


def _not_zero(most: int) -> st.SearchStrategy[int]:
    return st.integers(-most, -1) | st.integers(1, most)


PARTS: dict[str, st.SearchStrategy[str]] = {
    "INTERVAL": st.integers(1, 5).map(str),
    "COUNT": st.integers(1, 30).map(str),
    "UNTIL": st.datetimes(datetime(2026, 12, 1), datetime(2031, 1, 1)).map(lambda at: f"{at:%Y%m%dT%H%M%S}")  # noqa: DTZ001
    | st.dates(datetime(2026, 12, 1).date(), datetime(2031, 1, 1).date()).map(lambda at: f"{at:%Y%m%d}"),  # noqa: DTZ001
    "BYMONTH": _some(st.integers(1, 12)),
    "BYMONTHDAY": _some(_not_zero(31), 9),
    "BYYEARDAY": _some(_not_zero(366), 9),
    "BYDAY": st.lists(
        st.tuples(st.sampled_from(["", "", "1", "2", "-1", "-2", "5", "20"]), st.sampled_from(DAYS)).map("".join),
        min_size=1, max_size=7,
    ).map(",".join) | st.sampled_from(["MO,TU,WE,TH,FR", "SA,SU", "MO,TU,WE,TH,FR,SA,SU"]),
    "BYHOUR": _some(st.integers(0, 23), 6),
    "BYMINUTE": _some(st.integers(0, 59)),
    "BYSETPOS": _some(_not_zero(6), 3),
    "WKST": st.sampled_from(DAYS),
}  # fmt: skip
FREQS = st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"])


def _text(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


@st.composite
def rules(draw: st.DrawFn) -> dict[str, str]:
    """Parts of a rule that is accepted."""
    parts = {"FREQ": draw(FREQS)}
    for name in draw(st.lists(st.sampled_from(list(PARTS)), unique=True, max_size=5)):
        more = {**parts, name: draw(PARTS[name])}
        if check(_text(more)) is None:
            parts = more
    return parts


@st.composite
def changed(draw: st.DrawFn) -> tuple[str, str]:
    """A rule, and another one that differs in one part."""
    parts = draw(rules())
    name = draw(st.sampled_from([*parts, *PARTS]))
    other = dict(parts)
    if name in parts and name != "FREQ" and draw(st.booleans()):
        del other[name]
    else:
        other[name] = draw(PARTS.get(name, FREQS))
    return _text(parts), _text(other) if check(_text(other)) is None else _text(parts)


def _happens(rrule: str, start: str) -> list[int]:
    at = local_instant(start, "UTC")
    return occurrences(start, "UTC", rrule, after=at, before=at + 6 * YEAR, limit=50)


@given(rules().map(_text))
def test_every_rule_is_said_in_words_alone(rrule: str) -> None:
    for lang in (EN, RU):
        for start in (None, "2026-11-23T09:30:00"):
            said = recurrence(lang, rrule, start=start)
            assert said != lang.t("by a rule of its own")
            assert "FREQ" not in said
            assert "BY" not in said
            assert "  " not in said
            assert not set(said) & set(";={}")
    assert not any("a" <= letter <= "z" for letter in recurrence(RU, rrule))


@given(changed(), st.sampled_from(["2026-11-23T09:30:00", "2026-11-28T00:00:00", "2027-01-31T23:59:00"]))
def test_rules_that_differ_are_said_differently(pair: tuple[str, str], start: str) -> None:
    """Where the words are the same, so is everything that happens: no part of a rule is passed over."""
    one, other = pair
    for lang in (EN, RU):
        if recurrence(lang, one, start=start) == recurrence(lang, other, start=start):
            assert _happens(one, start) == _happens(other, start)
