"""However long ago a rule began and however seldom it comes, the work is bounded by what is asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner import recur
from planner.model import DAY, Event
from planner.recur import last_start, local_instant, local_time, next_occurrence, occurrences, too_often

NOW = local_instant("2026-11-21T00:00:00", "UTC")
EVERY = ",".join


def event(start: str, rule: str, excluded: tuple[str, ...] = (), included: tuple[str, ...] = ()) -> Event:
    return Event(1, 1, "", start, 0, 0, False, None, rule, False, None, excluded=excluded, included=included)


def within_a_day(start: str, rule: str, limit: int = 10**6) -> list[int]:
    return occurrences(start, "UTC", rule, after=NOW, before=NOW + DAY, limit=limit)


ALL_TIMES = (
    f"BYHOUR={EVERY(map(str, range(24)))};BYMINUTE={EVERY(map(str, range(60)))};BYSECOND={EVERY(map(str, range(60)))}"
)


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    ("rule", "times"),
    [
        ("FREQ=SECONDLY", 86_400),
        ("FREQ=SECONDLY;COUNT=9999999999", 86_400),
        ("FREQ=SECONDLY;INTERVAL=7", 12_343),
        ("FREQ=SECONDLY;BYDAY=SA;COUNT=2000000000", 86_400),
        ("FREQ=SECONDLY;INTERVAL=7;BYDAY=SA;COUNT=2000000000", 12_343),
        ("FREQ=SECONDLY;BYDAY=SU;COUNT=2000000000", 0),
        (f"FREQ=SECONDLY;{ALL_TIMES}", 86_400),
        (f"FREQ=DAILY;{ALL_TIMES}", 86_400),
        (f"FREQ=YEARLY;BYYEARDAY=325;{ALL_TIMES}", 86_400),
        (f"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;{ALL_TIMES};BYSETPOS=1,-1", 0),
        ("FREQ=MINUTELY;COUNT=2000000000", 1_440),
        ("FREQ=MINUTELY;COUNT=20000000", 0),
        ("FREQ=DAILY;COUNT=9999999999", 1),
        ("FREQ=DAILY;BYMONTH=11;COUNT=2000000000", 1),
        ("FREQ=WEEKLY;BYDAY=SA;COUNT=2000000000", 1),
        ("FREQ=YEARLY;BYMONTH=11;BYMONTHDAY=21;UNTIL=99991231T235959Z", 1),
        ("FREQ=DAILY;INTERVAL=9999999999", 0),
        ("FREQ=YEARLY;INTERVAL=9999999999", 0),
        ("FREQ=SECONDLY;INTERVAL=9999999999", 0),
    ],
)
def test_a_rule_from_long_ago_answers_for_a_day(rule: str, times: int) -> None:
    assert len(within_a_day("1970-01-01T00:00:00", rule)) == times


@pytest.mark.timeout(5)
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;INTERVAL=2;BYSECOND=1",
        "FREQ=SECONDLY;INTERVAL=86400;BYHOUR=5",
        "FREQ=MINUTELY;INTERVAL=1440;BYMINUTE=1;COUNT=5",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=5",
        "FREQ=HOURLY;BYMINUTE=0,30;BYSETPOS=3",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=WEEKLY;BYDAY=MO;BYSETPOS=2;COUNT=3",
        "FREQ=MONTHLY;BYDAY=20MO",
        "FREQ=MONTHLY;INTERVAL=12;BYMONTH=3",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=7",
        "FREQ=YEARLY;INTERVAL=4;BYYEARDAY=366",
        "FREQ=YEARLY;INTERVAL=1000;BYMONTH=2;BYMONTHDAY=29",
        "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1",
        "FREQ=YEARLY;BYWEEKNO=20;BYMONTH=1;BYSETPOS=-1",
        f"FREQ=YEARLY;BYDAY=53MO;BYMONTHDAY=1;{ALL_TIMES}",
    ],
)
def test_a_rule_that_never_comes_ends_the_search(rule: str) -> None:
    for start in ("1601-01-01T00:00:00", "2025-01-01T00:00:00"):
        assert next_occurrence(start, "UTC", rule, NOW) is None
        assert last_start(event(start, rule), "UTC", NOW) is None


@pytest.mark.timeout(5)
def test_what_is_rare_is_found() -> None:
    rare = {
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=29;BYDAY=TU": "2028-02-29T00:00:00",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO": "2044-02-29T00:00:00",
        "FREQ=SECONDLY;INTERVAL=86399;BYHOUR=0;BYMINUTE=0;BYSECOND=0": None,
        "FREQ=DAILY;INTERVAL=10000": "2052-02-20T00:00:00",
    }
    for rule, at in rare.items():
        found = next_occurrence("1970-01-01T00:00:00", "UTC", rule, NOW)
        assert (found and local_time(found, "UTC").isoformat()) == at


@pytest.mark.timeout(5)
def test_the_last_one_is_found_however_many_there_were() -> None:
    assert last_start(event("1970-01-01T00:00:00", "FREQ=SECONDLY"), "UTC", NOW) == NOW - 1_000
    assert last_start(event("1970-01-01T00:00:00", "FREQ=YEARLY"), "UTC", NOW) == local_instant("2026-01-01", "UTC")


@pytest.mark.timeout(5)
def test_a_hundred_thousand_days_left_out_cost_little() -> None:
    first = datetime.fromisoformat("1900-01-01T00:00:00")
    gone = tuple((first + timedelta(days=day)).isoformat() for day in range(100_000) if day % 2)
    one = event(first.isoformat(), "FREQ=DAILY", gone)
    for _ in range(10):
        assert len(recur.starts(one, "Europe/Berlin", after=NOW, before=NOW + 60 * DAY, limit=100)) == 30


@pytest.mark.parametrize("count", [1, 2, 3, 7, 25, 168, 1_000])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;INTERVAL=3;BYHOUR=1,13,20",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,SU;WKST=TU",
        "FREQ=WEEKLY;BYDAY=MO,WE,SU;BYHOUR=6,18;BYSETPOS=2,-1",
        "FREQ=HOURLY;INTERVAL=7",
        "FREQ=HOURLY;INTERVAL=5;BYHOUR=3,9,10;BYMINUTE=10,20",
        "FREQ=MINUTELY;INTERVAL=1441",
        "FREQ=SECONDLY;INTERVAL=50000",
        "FREQ=MONTHLY;BYMONTHDAY=31;BYHOUR=1,13,20",
    ],
)
def test_what_is_counted_is_so_many(rule: str, count: int) -> None:
    start = "2019-03-06T13:15:00"
    endless = occurrences(start, "UTC", rule, after=0, before=10**14, limit=count + 1)
    counted = occurrences(start, "UTC", f"{rule};COUNT={count}", after=0, before=10**14, limit=count + 1)
    assert counted == endless[:count]
    late = endless[count // 2]
    assert occurrences(start, "UTC", f"{rule};COUNT={count}", after=late, before=10**14, limit=9_999) == [
        at for at in counted if at >= late
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=-31;SKIP=BACKWARD",
        "RSCALE=GREGORIAN;FREQ=YEARLY;BYYEARDAY=366,-366;SKIP=FORWARD",
        "FREQ=YEARLY;BYWEEKNO=1,-1;BYDAY=MO,SU",
        "FREQ=WEEKLY;BYDAY=MO,SA,SU;BYSETPOS=-1;WKST=WE",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU;BYMONTH=1,12",
    ],
)
def test_whichever_day_is_asked_for_the_run_is_joined_there(rule: str) -> None:
    start = "2024-01-03T00:00:00"
    begin = local_instant(start, "UTC")
    whole = occurrences(start, "UTC", rule, after=begin, before=begin + 1_200 * DAY, limit=10**6)
    for low in range(begin, begin + 1_100 * DAY, DAY):
        found = occurrences(start, "UTC", rule, after=low, before=low + DAY, limit=9)
        assert found == [at for at in whole if low <= at < low + DAY]


def test_a_day_below_the_first_of_a_month_is_the_one_before() -> None:
    rule = "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=-31;SKIP="
    for skip, days in (
        ("BACKWARD", ["01-01", "01-31", "03-01", "03-31"]),
        ("FORWARD", ["01-01", "02-01", "03-01", "04-01"]),
    ):
        found = occurrences("2026-01-01T00:00:00", "UTC", rule + skip, after=0, before=10**14, limit=4)
        assert [local_time(at, "UTC").isoformat()[5:10] for at in found] == days


@pytest.mark.parametrize(
    ("rule", "often"),
    [
        ("FREQ=DAILY", False),
        ("FREQ=HOURLY", False),
        ("FREQ=HOURLY;BYMINUTE=0,30", False),
        ("FREQ=HOURLY;BYMINUTE=0,20,40", True),
        ("FREQ=MINUTELY", True),
        ("FREQ=MINUTELY;INTERVAL=30", False),
        ("FREQ=MINUTELY;INTERVAL=29", True),
        ("FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", False),
        ("FREQ=SECONDLY;BYHOUR=9;BYMINUTE=0;BYSECOND=0", False),
        ("FREQ=SECONDLY;INTERVAL=100000", False),
        (f"FREQ=YEARLY;{ALL_TIMES}", True),
    ],
)
def test_what_comes_too_often_to_remind_of_is_told(rule: str, often: bool) -> None:
    assert too_often("2026-11-21T09:00:00", rule) is often


ZONES = ("Europe/Berlin", "America/St_Johns", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut",
         "Africa/Casablanca", "Pacific/Apia", "America/Havana", "Antarctica/Troll", "Asia/Tehran")  # fmt: skip


@pytest.mark.parametrize("zone", ZONES)
def test_every_hour_of_every_clock_is_the_zones_own(zone: str) -> None:
    start = datetime.fromisoformat("1995-01-01T00:01:30")
    info = ZoneInfo(zone)
    for year in (1995, 2011, 2026):
        low = start.replace(year=year)
        hours = [low + timedelta(hours=hour) for hour in range(366 * 24)]
        wanted = sorted({round(one.replace(tzinfo=info).timestamp()) * 1_000 for one in hours})
        found = occurrences(low.isoformat(), zone, "FREQ=HOURLY", after=wanted[0], before=wanted[-1] + 1, limit=9_999)
        assert found == wanted


def test_a_day_that_a_zone_leaves_out_gives_no_second_reminder() -> None:
    found = occurrences("2011-12-28T09:00:00", "Pacific/Apia", "FREQ=DAILY", after=0, before=10**14, limit=4)
    assert [local_time(at, "Pacific/Apia").day for at in found] == [28, 29, 31, 1]


def test_an_end_in_the_hour_that_comes_twice_is_an_instant() -> None:
    begin, rule = "2026-10-25T00:45:00", "FREQ=HOURLY;UNTIL=20261025T011500Z"
    found = occurrences(begin, "Europe/Berlin", rule, after=0, before=10**14, limit=9)
    assert [local_time(at, "UTC").isoformat()[11:16] for at in found] == ["22:45", "23:45", "00:45"]


def test_what_stands_beside_a_rule_is_named_as_it_was_said() -> None:
    one = event("2026-03-27T02:30:00", "FREQ=WEEKLY", included=("2026-03-29T02:15:00",))
    at = local_instant("2026-03-29T02:15:00", "Europe/Berlin")
    assert recur.starts(one, "Europe/Berlin", after=at, before=at + 1, limit=9) == [at]
    assert recur.local_start(one, "Europe/Berlin", at) == "2026-03-29T02:15:00"
    assert recur.happens(one, "Europe/Berlin", at)
    assert not recur.happens(one, "Europe/Berlin", at + DAY)


def test_the_last_days_that_can_be_counted_are_answered() -> None:
    for rule in ("FREQ=YEARLY;BYWEEKNO=1,53", "FREQ=MONTHLY;BYMONTHDAY=31;SKIP=FORWARD", "FREQ=WEEKLY;BYSETPOS=1"):
        for start in (date.min.replace(day=2), date.max.replace(day=1)):
            begin = f"{start.isoformat()}T09:00:00"
            assert len(occurrences(begin, "Pacific/Kiritimati", rule, after=-(10**18), before=10**18, limit=50)) <= 50
