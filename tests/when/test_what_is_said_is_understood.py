"""Whatever event is meant: said in any of many ways, in either language, it is the one that is understood."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.recur import local_instant, local_time
from planner.when import days_of
from tests.when import saying
from tests.when.cases import MOMENTS, heard, now_at
from tests.when.saying import Meant

NOW = datetime.fromisoformat(MOMENTS["saturday"][0])

EN_TITLES = ["dentist", "call mom", "Team sync with Bob", "pay the rent", "gym", "take out the bins", "code review #2"]
RU_TITLES = ["стоматолог", "позвонить маме", "созвон с Бобом", "оплатить аренду", "зал", "вынести мусор", "отчёт №2"]

starts = st.builds(
    lambda day, hour, quarter: (
        datetime.combine(NOW.date() + timedelta(days=day), datetime.min.time())
        + timedelta(hours=hour, minutes=15 * quarter)
    ),
    st.one_of(st.integers(0, 8), st.integers(0, 700)),
    st.integers(0, 23),
    st.integers(0, 3),
).filter(lambda start: start > NOW)
lengths = st.sampled_from([0, 15, 45, 60, 90, 120])
leads = st.lists(st.sampled_from([300, 900, 3_600, 7_200, 86_400, 172_800]), max_size=3, unique=True).map(tuple)


def rules(start: datetime) -> list[str]:
    code = saying.RULE_DAYS[start.weekday()]
    found = [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=2",
        f"FREQ=WEEKLY;BYDAY={code}",
        f"FREQ=WEEKLY;INTERVAL=2;BYDAY={code}",
    ]
    if start.day <= 28:
        found.append(f"FREQ=MONTHLY;BYMONTHDAY={start.day}")
        found.append(f"FREQ=YEARLY;BYMONTHDAY={start.day};BYMONTH={start.month}")
    return found


@st.composite
def said(draw: st.DrawFn, lang: str) -> tuple[str, Meant]:
    start, minutes, ahead = draw(starts), draw(lengths), draw(leads)
    rule = draw(st.one_of(st.none(), st.sampled_from(rules(start))))
    title = draw(st.sampled_from(EN_TITLES if lang == "en" else RU_TITLES))
    english = lang == "en"
    if rule is None:
        dates = (saying.english_dates if english else saying.russian_dates)(start.date(), NOW.date())
    else:
        dates = (saying.english_rules if english else saying.russian_rules)(rule, start)
        start = saying.first_on_or_after(rule, start, NOW)
    when = [draw(st.sampled_from(dates))]
    when.append(draw(st.sampled_from((saying.english_times if english else saying.russian_times)(start))))
    # A figure right after a figure is the listener's guess: "2026-12-05 09:00" is said, "09:00 5.12.26" is not.
    when = when if draw(st.booleans()) or when[0][0].isdigit() else when[::-1]
    tail = []
    if minutes:
        tail.append(draw(st.sampled_from((saying.english_length if english else saying.russian_length)(minutes))))
    if ahead:
        tail.append(draw(st.sampled_from((saying.english_leads if english else saying.russian_leads)(ahead))))
    pieces = [title, *when] if draw(st.booleans()) else [*when, title]
    return " ".join([*pieces, *tail]), Meant(title, start, minutes, rule, ahead)


def check(text: str, meant: Meant, lang: str) -> None:
    found = heard(text, "saturday", lang)
    assert (found.status, found.title) == ("ok", meant.title)
    assert found.start == f"{meant.start:%Y-%m-%dT%H:%M}"
    # A length is elapsed time: over the night that the clocks change, too.
    zone = MOMENTS["saturday"][1]
    end = local_time(local_instant(meant.start, zone) + meant.minutes * 60_000, zone)
    assert found.end == (f"{end:%Y-%m-%dT%H:%M}" if meant.minutes else None)
    assert (found.rrule, found.leads) == (meant.rrule, meant.leads)


@settings(max_examples=400, deadline=None)
@given(said("en"))
def test_an_event_said_in_english_is_the_event_meant(case: tuple[str, Meant]) -> None:
    check(*case, "en")


@settings(max_examples=400, deadline=None)
@given(said("ru"))
def test_an_event_said_in_russian_is_the_event_meant(case: tuple[str, Meant]) -> None:
    check(*case, "ru")


@st.composite
def series_said(draw: st.DrawFn) -> tuple[str, Meant]:
    start = draw(starts)
    rule = draw(st.sampled_from(["FREQ=DAILY", f"FREQ=WEEKLY;BYDAY={saying.RULE_DAYS[start.weekday()]}"]))
    first = saying.first_on_or_after(rule, start, NOW)
    step = timedelta(days=1 if rule == "FREQ=DAILY" else 7)
    count = draw(st.integers(5, 60))
    out = tuple(first.date() + step * n for n in sorted(draw(st.sets(st.integers(1, 4), max_size=2))))
    last = draw(st.sampled_from([None, (first + step * count).date()]))
    title = draw(st.sampled_from(EN_TITLES))
    when = [
        draw(st.sampled_from(saying.english_rules(rule, first))),
        draw(st.sampled_from(saying.english_times(first))),
    ]
    tail = [draw(st.sampled_from(saying.english_until(last))), draw(st.sampled_from(saying.english_left_out(out)))]
    # What is left out is said last: "until december 5 except ..." is heard, "except december 5 until ..." less so.
    pieces = [title, *when] if draw(st.booleans()) else [*when, title]
    return " ".join(filter(None, [*pieces, *tail])), Meant(title, first, rrule=rule, excluded=out, last=last)


@settings(max_examples=300, deadline=None)
@given(series_said())
def test_a_series_with_an_end_and_days_left_out_is_the_series_meant(case: tuple[str, Meant]) -> None:
    text, meant = case
    found = heard(text, "saturday", "en")
    assert (found.status, found.title, found.start) == ("ok", meant.title, f"{meant.start:%Y-%m-%dT%H:%M}")
    assert found.excluded == tuple(map(str, meant.excluded))
    rule, _, until = (found.rrule or "").partition(";UNTIL=")
    assert rule == meant.rrule
    assert bool(until) == (meant.last is not None)
    if meant.last is not None:
        end = (
            datetime.strptime(until, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).astimezone(ZoneInfo(MOMENTS["saturday"][1]))
        )
        assert end.date() == meant.last


@settings(max_examples=300, deadline=None)
@given(starts, st.sampled_from([30, 60, 90, 180]), st.sampled_from(EN_TITLES), st.booleans(), st.data())
def test_a_span_of_hours_is_the_span_meant(
    start: datetime, minutes: int, title: str, first: bool, data: st.DataObject
) -> None:
    end = start + timedelta(minutes=minutes)
    if end.date() != start.date():
        return
    day = data.draw(st.sampled_from(saying.english_dates(start.date(), NOW.date())))
    span = data.draw(st.sampled_from(saying.english_spans(start, end)))
    found = heard(f"{title} {day} {span}" if first else f"{day} {span} {title}", "saturday", "en")
    assert (found.status, found.title) == ("ok", title)
    # An hour that the night of a clock change leaves out is the one after it; all others are as said.
    zone = MOMENTS["saturday"][1]
    shown = local_time(local_instant(end, zone), zone)
    assert (found.start, found.end) == (f"{start:%Y-%m-%dT%H:%M}", f"{shown:%Y-%m-%dT%H:%M}")


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 500), st.integers(1, 20), st.sampled_from(EN_TITLES), st.booleans(), st.data())
def test_days_in_a_row_are_the_days_meant(ahead: int, count: int, title: str, first: bool, data: st.DataObject) -> None:
    begins = NOW.date() + timedelta(days=ahead)
    ends = begins + timedelta(days=count)
    days = data.draw(st.sampled_from(saying.english_day_ranges(begins, ends)))
    found = heard(f"{title} {days}" if first else f"{days} {title}", "saturday", "en")
    assert (found.status, found.title, found.start) == ("ok", title, str(begins))
    assert found.end == str(ends + timedelta(days=1))
    assert days_of(days, now=now_at("saturday")[0], zone=MOMENTS["saturday"][1], lang="en") == (begins, ends)


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 400), st.sampled_from(sorted(saying.EN_PARTS)), st.sampled_from(EN_TITLES), st.data())
def test_a_part_of_a_day_is_the_hour_that_stands_for_it(ahead: int, part: str, title: str, data: st.DataObject) -> None:
    day = NOW.date() + timedelta(days=ahead)
    said = data.draw(st.sampled_from(saying.english_dates(day, NOW.date())))
    found = heard(f"{title} {said} {'in the ' if part != 'night' else 'at '}{part}", "saturday", "en")
    at = datetime.combine(day, saying.EN_PARTS[part])
    assert (found.status, found.title, found.start) == ("ok", title, f"{at:%Y-%m-%dT%H:%M}")
    assert "time" in found.assumed


@settings(max_examples=200, deadline=None)
@given(starts, st.sampled_from(sorted(saying.EN_CITIES.values())), st.sampled_from(EN_TITLES), st.data())
def test_a_time_in_another_zone_is_that_zone_s(start: datetime, zone: str, title: str, data: st.DataObject) -> None:
    start += timedelta(days=2)
    day = data.draw(st.sampled_from(saying.english_dates(start.date(), NOW.date())[:5]))
    at = data.draw(st.sampled_from(saying.english_times(start)))
    city = data.draw(st.sampled_from(saying.english_zones(zone)))
    found = heard(f"{title} {day} {at} {city}", "saturday", "en")
    assert (found.status, found.title, found.zone) == ("ok", title, zone)
    assert found.start == f"{start:%Y-%m-%dT%H:%M}"


@settings(max_examples=200, deadline=None)
@given(starts, st.sampled_from(saying.EN_REQUESTS), st.sampled_from(EN_TITLES), leads, st.booleans(), st.data())
def test_a_request_is_trimmed_and_the_title_kept(
    start: datetime, request: str, title: str, ahead: tuple[int, ...], first: bool, data: st.DataObject
) -> None:
    day = data.draw(st.sampled_from(saying.english_dates(start.date(), NOW.date())))
    at = data.draw(st.sampled_from(saying.english_times(start)))
    tail = " " + data.draw(st.sampled_from(saying.english_leads(ahead))) if ahead else ""
    asking = request.format(title)
    found = heard((f"{asking} {day} {at}" if first else f"{day} {at} {asking}") + tail, "saturday", "en")
    assert (found.status, found.title, found.leads) == ("ok", title, ahead)
    assert found.start == f"{start:%Y-%m-%dT%H:%M}"
