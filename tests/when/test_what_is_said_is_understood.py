"""Whatever event is meant: said in any of many ways, in either language, it is the one that is understood."""

from __future__ import annotations

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.recur import local_instant, local_time
from tests.when import saying
from tests.when.cases import MOMENTS, heard
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
