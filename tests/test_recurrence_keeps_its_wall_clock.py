"""Recurring events stay at their wall-clock time; a time in a gap moves forward, one that comes twice is the first."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.recur import check, local_instant, local_time, next_occurrence, occurrences
from planner.rrule import RefusedError, parse


def at(text: str, zone: str = "UTC") -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1_000)


def shown(start: str, zone: str, rule: str | None, after: str, before: str, limit: int = 100) -> list[str]:
    found = occurrences(start, zone, rule, after=at(after, zone), before=at(before, zone), limit=limit)
    return [datetime.fromtimestamp(t / 1_000, ZoneInfo(zone)).isoformat(timespec="minutes") for t in found]


def test_every_day_at_nine_stays_at_nine_when_the_clocks_change() -> None:
    assert shown("2026-10-24T09:00:00", "Europe/Berlin", "FREQ=DAILY", "2026-10-24T00:00", "2026-10-27T00:00") == [
        "2026-10-24T09:00+02:00",
        "2026-10-25T09:00+01:00",
        "2026-10-26T09:00+01:00",
    ]


def test_a_time_that_does_not_exist_moves_forward() -> None:
    assert shown("2026-03-28T02:30:00", "Europe/Berlin", "FREQ=DAILY", "2026-03-28T00:00", "2026-03-31T00:00") == [
        "2026-03-28T02:30+01:00",
        "2026-03-29T03:30+02:00",
        "2026-03-30T02:30+02:00",
    ]


def test_a_time_that_exists_twice_is_the_first() -> None:
    assert shown("2026-10-25T02:30:00", "Europe/Berlin", None, "2026-10-25T00:00", "2026-10-26T00:00") == [
        "2026-10-25T02:30+02:00"
    ]


def test_half_an_hour_of_daylight_saving_counts_as_half_an_hour() -> None:
    assert local_instant("2026-10-04T02:15:00", "Australia/Lord_Howe") == at("2026-10-03T15:45")


def test_local_time_undoes_local_instant() -> None:
    noon = datetime.fromisoformat("2026-07-01T12:00:00.250")
    assert local_time(local_instant(noon, "Asia/Kathmandu"), "Asia/Kathmandu") == noon


def test_an_event_without_a_rule_happens_once() -> None:
    start = at("2026-11-21T09:00", "Europe/Berlin")
    assert next_occurrence("2026-11-21T09:00:00", "Europe/Berlin", None, start) == start
    assert next_occurrence("2026-11-21T09:00:00", "Europe/Berlin", None, start + 1) is None


def test_the_31st_skips_the_months_that_have_none() -> None:
    assert shown("2026-01-31T09:00:00", "UTC", "FREQ=MONTHLY", "2026-01-01T00:00", "2026-07-01T00:00") == [
        "2026-01-31T09:00+00:00",
        "2026-03-31T09:00+00:00",
        "2026-05-31T09:00+00:00",
    ]


def test_the_29th_of_february_finds_its_way_over_2100() -> None:
    assert next_occurrence("2096-02-29T09:00:00", "UTC", "FREQ=YEARLY", at("2096-03-01T00:00")) == at(
        "2104-02-29T09:00"
    )
    assert next_occurrence(
        "2096-02-29T09:00:00", "UTC", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29", at("2096-03-01T00:00")
    ) == at("2104-02-29T09:00")


def test_a_count_is_counted_from_the_start_and_not_from_the_window() -> None:
    rule = "FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3"
    assert len(shown("2026-11-23T09:00:00", "UTC", rule, "2026-11-01T00:00", "2027-11-01T00:00")) == 3
    assert shown("2026-11-23T09:00:00", "UTC", rule, "2026-11-26T00:00", "2027-11-01T00:00") == [
        "2026-11-30T09:00+00:00"
    ]
    assert next_occurrence("2026-11-23T09:00:00", "UTC", rule, at("2026-11-30T09:01")) is None


def test_an_end_said_as_a_date_includes_that_day() -> None:
    rule = "FREQ=DAILY;UNTIL=20261123"
    assert shown("2026-11-21T21:00:00", "UTC", rule, "2026-11-22T00:00", "2027-01-01T00:00") == [
        "2026-11-22T21:00+00:00",
        "2026-11-23T21:00+00:00",
    ]


def test_an_end_in_utc_is_read_in_the_zone() -> None:
    rule = "FREQ=DAILY;UNTIL=20261123T025959Z"
    assert shown("2026-11-21T21:00:00", "America/New_York", rule, "2026-11-22T00:00", "2027-01-01T00:00") == [
        "2026-11-22T21:00-05:00"
    ]


def test_dates_left_out_stay_out() -> None:
    gone = at("2026-11-22T09:00")
    found = occurrences(
        "2026-11-21T09:00:00", "UTC", "FREQ=DAILY", after=0, before=at("2026-11-24T00:00"), limit=9, exdates={gone}
    )
    assert found == [at("2026-11-21T09:00"), at("2026-11-23T09:00")]


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=DAILY;INTERVAL=0", "interval"),
        ("FREQ=DAILY;INTERVAL=-1", "interval"),
        ("FREQ=DAILY;INTERVAL=99999999999999999999", "interval"),
        ("INTERVAL=2", "freq"),
        ("FREQ=DAILY;COUNT=0", "count"),
        ("FREQ=DAILY;UNTIL=20271341", "until"),
        ("FREQ=DAILY;BYEASTER=1", "unknown"),
        ("FREQ=DAILY;BYHOUR=24", "part"),
        ("FREQ=DAILY;BYDAY=XX", "part"),
        ("FREQ=MONTHLY;BYDAY=0MO", "part"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "part"),
        ("FREQ=MONTHLY;BYMONTHDAY=-+1", "part"),
        ("FREQ=DAILY;WKST=XYMO", "part"),
        ("", "malformed"),
        ("каждый день", "malformed"),
        ("FREQ=DAILY;FREQ=DAILY", "malformed"),
        ("FREQ=DAILY;BYDAY=" + "MO," * 9_999 + "MO", "malformed"),
    ],
)
def test_a_rule_that_could_run_away_is_refused(rule: str, why: str) -> None:
    assert check(rule) == why
    with pytest.raises(RefusedError) as refused:
        occurrences("2026-11-21T09:00:00", "UTC", rule, after=0, before=10**13, limit=5)
    assert refused.value.args[0] == why


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("FREQ=SECONDLY", "freq"),
        ("FREQ=MINUTELY;INTERVAL=5", "freq"),
        ("FREQ=DAILY;COUNT=2000000000", "count"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "until"),
        ("FREQ=DAILY;INTERVAL=1001", "interval"),
        ("FREQ=DAILY;BYSECOND=1", "unknown"),
        ("FREQ=YEARLY;BYWEEKNO=20", "unknown"),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD", "unknown"),
        ("FREQ=DAILY;X-NOTE=1", "unknown"),
        ("FREQ=DAILY;;COUNT=2", "malformed"),
        ("FREQ=YEARLY;BYYEARDAY=" + ",".join(map(str, range(1, 367))), "malformed"),
        ("FREQ=WEEKLY;BYDAY=2MO", "part"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "part"),
        ("FREQ=MONTHLY;BYSETPOS=1", "part"),
        ("FREQ=HOURLY;BYMONTH=2", "part"),
        ("FREQ=HOURLY;INTERVAL=24;BYHOUR=9", "part"),
        ("FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=0,15,30,45", "too_often"),
    ],
)
def test_a_calendar_may_have_what_a_person_may_not_set(rule: str, why: str) -> None:
    assert check(rule) == why
    assert occurrences("2026-11-21T09:00:00", "UTC", rule, after=0, before=10**14, limit=1)


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("RSCALE=CHINESE;FREQ=YEARLY", "rscale"),
        ("RSCALE=GREGORIAN;FREQ=YEARLY;SKIP=SIDEWAYS", "part"),
        ("FREQ=YEARLY;BYWEEKNO=54", "part"),
        ("FREQ=YEARLY;BYWEEKNO=0", "part"),
        ("FREQ=DAILY;BYSECOND=61", "part"),
        ("FREQ=DAILY;BYMINUTE=60", "part"),
        ("FREQ=DAILY;BYHOUR=,", "part"),
        ("FREQ=YEARLY;BYMONTH=5L", "part"),
    ],
)
def test_what_no_calendar_means_is_refused(rule: str, why: str) -> None:
    with pytest.raises(RefusedError) as refused:
        parse(rule)
    assert refused.value.args[0] == why


@pytest.mark.parametrize(
    ("rule", "same"),
    [
        (" rrule:freq=Daily ; byhour = 9;; ", "FREQ=DAILY;BYHOUR=9"),
        ("FREQ=DAILY;X-NOTE=1", "FREQ=DAILY"),
        ("FREQ=DAILY;COUNT=-1", "FREQ=DAILY"),
        ("RSCALE=GREGORIAN;FREQ=DAILY;SKIP=OMIT", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=1MO, +1TU ,", "FREQ=WEEKLY;BYDAY=MO,TU"),
        ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO"),
        ("FREQ=MINUTELY;BYSECOND=60,59", "FREQ=MINUTELY;BYSECOND=59"),
        ("FREQ=MONTHLY;BYMONTHDAY=3,1,3", "FREQ=MONTHLY;BYMONTHDAY=1,3"),
    ],
)
def test_what_calendars_send_is_read_as_it_is_meant(rule: str, same: str) -> None:
    assert parse(rule) == parse(same)


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY", "freq=weekly;byday=mo", "RRULE:FREQ=MONTHLY;BYDAY=-1FR", "FREQ=YEARLY;BYMONTH=3;BYDAY=3TU"],
)
def test_an_ordinary_rule_is_fine(rule: str) -> None:
    assert check(rule) is None


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29;COUNT=5000",
        "FREQ=MONTHLY;BYDAY=20MO",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5000",
    ],
)
def test_a_rule_that_never_comes_ends_the_search(rule: str) -> None:
    assert next_occurrence("1990-01-01T09:00:00", "UTC", rule, at("2026-11-21T00:00")) is None


def test_extreme_instants_are_answered_and_do_not_raise() -> None:
    assert occurrences("9999-12-31T23:00:00", "UTC", "FREQ=DAILY", after=10**18, before=10**19, limit=5) == []
    assert occurrences("2026-11-21T09:00:00", "UTC", "FREQ=DAILY", after=-(10**18), before=0, limit=5) == []
    assert next_occurrence("0001-01-02T00:00:00", "UTC", "FREQ=WEEKLY", 0) is not None


RULES = st.sampled_from(
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=3",
        "FREQ=HOURLY;INTERVAL=5",
        "FREQ=WEEKLY",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,FR",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU",
        "FREQ=MONTHLY;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "FREQ=MONTHLY;BYMONTHDAY=-1,15",
        "FREQ=YEARLY",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=3;BYDAY=3TU",
        "FREQ=YEARLY;BYMONTHDAY=13;BYDAY=FR",
        "FREQ=YEARLY;BYYEARDAY=-1,1,200",
        "FREQ=YEARLY;BYDAY=20MO,-1SU",
        "FREQ=DAILY;INTERVAL=2;BYMONTH=1,6;BYDAY=MO,FR",
        "FREQ=DAILY;BYHOUR=8,20;BYMINUTE=0,30;BYSETPOS=1,-1",
        "FREQ=MONTHLY;BYHOUR=8,20;BYDAY=1MO,-1MO",
        "FREQ=HOURLY;BYHOUR=9,10,18",
        "FREQ=DAILY;COUNT=40",
        "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=40",
        "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=20",
    ]
)


@settings(max_examples=300, deadline=None)
@given(
    rule=RULES,
    start=st.datetimes(datetime.fromisoformat("2019-01-01"), datetime.fromisoformat("2022-01-01")).map(
        lambda t: t.replace(microsecond=0)
    ),
    ahead=st.integers(-100, 2_000),
    wide=st.integers(1, 800),
)
def test_a_rule_joined_late_gives_what_it_would_have_given_from_its_start(
    rule: str, start: datetime, ahead: int, wide: int
) -> None:
    low = start + timedelta(days=ahead)
    high = low + timedelta(days=wide)
    whole = [t for t in rrulestr(rule, dtstart=start).between(low, high, inc=True) if low <= t < high]
    asked = occurrences(
        start.isoformat(),
        "UTC",
        rule,
        after=local_instant(low, "UTC"),
        before=local_instant(high, "UTC"),
        limit=100_000,
    )
    assert asked == [local_instant(t, "UTC") for t in whole]


@settings(max_examples=100, deadline=None)
@given(rule=RULES, after=st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2024-01-01")))
def test_the_next_occurrence_is_the_first_of_the_list(rule: str, after: datetime) -> None:
    instant = local_instant(after, "America/Santiago")
    found = occurrences(
        "2020-02-29T23:30:00", "America/Santiago", rule, after=instant, before=instant + 10**12, limit=1
    )
    assert next_occurrence("2020-02-29T23:30:00", "America/Santiago", rule, instant) == (found[0] if found else None)
