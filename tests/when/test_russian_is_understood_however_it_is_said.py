"""Russian as people write it: ranges, requests, lists of days, in any spelling, with a slip of the finger."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.when import saying
from tests.when.cases import MOMENTS, heard

NOW = datetime.fromisoformat(MOMENTS["saturday"][0])
ACTIONS = ["позвонить маме", "оплатить аренду", "вынести мусор", "купить 2 л молока", "отдать ключи Бобу"]
MISTYPED = [
    ("завтра", "2026-11-22", ("зватра", "завтра", "завра", "завтраа", "завтро")),
    ("в понедельник", "2026-11-23", ("в понедельик", "в понеделник", "в панедельник", "в понедельнник")),
    ("во вторник", "2026-11-24", ("во вторинк", "во втрник", "во вторнк")),
    ("в четверг", "2026-11-26", ("в четвег", "в чтверг", "в четвергг")),
    ("в пятницу", "2026-11-27", ("в пятнцу", "в пятицу", "в пятинцу", "в пятницуу")),
    ("5 декабря", "2026-12-05", ("5 декбаря", "5 дикабря", "5 декабря", "5 декбря")),
]
days = st.integers(1, 40).map(lambda ahead: (NOW + timedelta(days=ahead)).date())
clocks = st.integers(8 * 4, 22 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
spellings = st.sampled_from([str, str.lower, str.upper, lambda said: said.replace("ё", "е"), lambda said: f"  {said} "])


def at(day: date, clock: timedelta) -> datetime:
    return datetime.combine(day, datetime.min.time()) + clock


@settings(max_examples=300, deadline=None)
@given(day=days, clock=clocks, title=st.sampled_from(ACTIONS), spelt=spellings, data=st.data())
def test_a_request_is_not_part_of_the_title(
    day: date, clock: timedelta, title: str, spelt: Callable[[str], str], data: st.DataObject
) -> None:
    start = at(day, clock)
    when = data.draw(st.sampled_from(saying.russian_dates(start.date(), NOW.date())))
    when += " " + data.draw(st.sampled_from(saying.russian_times(start)))
    text = spelt(data.draw(st.sampled_from(saying.russian_requests(title, when))))
    found = heard(text, "saturday", "ru")
    assert (found.status, found.start) == ("ok", f"{start:%Y-%m-%dT%H:%M}")
    assert found.title.lower().strip() == title.lower()


@settings(max_examples=300, deadline=None)
@given(day=days, clock=clocks, minutes=st.sampled_from([15, 30, 60, 90, 180]), data=st.data())
def test_a_range_is_a_start_and_an_end(day: date, clock: timedelta, minutes: int, data: st.DataObject) -> None:
    start = at(day, clock)
    on = data.draw(st.sampled_from(saying.russian_dates(start.date(), NOW.date())))
    hours = data.draw(st.sampled_from(saying.russian_ranges(start, minutes)))
    found = heard(data.draw(st.sampled_from([f"созвон {on} {hours}", f"{on} {hours} созвон"])), "saturday", "ru")
    end = start + timedelta(minutes=minutes)
    assert (found.status, found.title) == ("ok", "созвон")
    assert (found.start, found.end) == (f"{start:%Y-%m-%dT%H:%M}", f"{end:%Y-%m-%dT%H:%M}")


@settings(max_examples=200, deadline=None)
@given(of=st.sets(st.integers(0, 6), min_size=2, max_size=5), clock=clocks, data=st.data())
def test_a_list_of_weekdays_is_every_week(of: set[int], clock: timedelta, data: st.DataObject) -> None:
    listed = sorted(of)
    said = data.draw(st.sampled_from(saying.russian_weekdays(listed)))
    hour = data.draw(st.sampled_from(saying.russian_times(at(NOW.date(), clock))))
    found = heard(data.draw(st.sampled_from([f"{said} {hour} зал", f"зал {said} {hour}"])), "saturday", "ru")
    rule = "FREQ=WEEKLY;BYDAY=" + ",".join(saying.RULE_DAYS[day] for day in listed)
    assert (found.status, found.title, found.rrule) == ("ok", "зал", rule)
    assert found.start is not None
    assert found.start.endswith(f"{at(NOW.date(), clock):T%H:%M}")


@given(slip=st.sampled_from(MISTYPED), data=st.data())
def test_one_wrong_letter_is_forgiven(slip: tuple[str, str, tuple[str, ...]], data: st.DataObject) -> None:
    _, day, typos = slip
    typo = data.draw(st.sampled_from(typos))
    found = heard(f"созвон {typo} в 15:00", "saturday", "ru")
    assert (found.status, found.title, found.start) == ("ok", "созвон", f"{day}T15:00")


@given(minutes=st.integers(2, 59), data=st.data())
def test_so_many_minutes_from_now_is_an_instant(minutes: int, data: st.DataObject) -> None:
    unit = saying.russian_many(minutes, ("минуту", "минуты", "минут"))
    ways = [f"через {minutes} {unit} чай", f"чай через {minutes} мин", f"чай минут через {minutes}"]
    ways += [f"напомни через {minutes} {unit} чай", f"через {minutes}м чай", f"чай через минут {minutes}"]
    found = heard(data.draw(st.sampled_from(ways)), "saturday", "ru")
    assert (found.status, found.title, found.instant) == ("ok", "чай", True)
    assert found.start == f"{NOW + timedelta(minutes=minutes):%Y-%m-%dT%H:%M}"
