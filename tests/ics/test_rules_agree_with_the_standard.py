"""A rule gives what RFC 5545 and RFC 7529 say it gives, example by example, and what trying every day finds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.i18n import LANGS, words
from planner.ics.expand import Instance, expand
from planner.recur import local_instant, local_time, occurrences
from planner.render.repeat import recurrence
from planner.rrule import DAYS, parse
from tests.ics.brute import Brute
from tests.ics.rules import ALL, DATEUTIL_DEPARTS, FURTHER, RFC_5545, Case, expected, in_a_calendar, local
from tests.ics.writing import calendar, event

FAR = 10**14


def given_by(case: Case, limit: int) -> list[datetime]:
    start, zone = local(case.dtstart, case.dtstart), case.tzid
    found = occurrences(start.isoformat(), zone, case.rrule, after=local_instant(start, zone), before=FAR, limit=limit)
    return [local_time(at, zone) for at in found]


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rrule} {case.dtstart}")
def test_a_rule_gives_what_is_written(case: Case) -> None:
    wanted = expected(case)
    assert given_by(case, len(wanted) + case.whole) == wanted


def test_enough_rules_are_tried_and_each_once() -> None:
    assert len(RFC_5545) >= 42
    assert len(FURTHER) >= 200
    assert len({(case.dtstart, case.rrule) for case in ALL}) == len(ALL)


@pytest.mark.parametrize("case", ALL, ids=lambda case: f"{case.rrule} {case.dtstart}")
def test_an_event_of_a_calendar_begins_with_its_start(case: Case) -> None:
    start = f"DTSTART;TZID={case.tzid}:{case.dtstart}" if "T" in case.dtstart else f"DTSTART;VALUE=DATE:{case.dtstart}"
    content = calendar(*event(start, f"RRULE:{case.rrule}"))
    after, wanted = local_instant(local(case.dtstart, case.dtstart), case.tzid), in_a_calendar(case)
    found = expand(content, after=after, before=FAR, zone=case.tzid, limit=len(wanted) + case.whole)
    assert [_local_start(one, case.tzid) for one in found] == wanted


def _local_start(one: Instance, zone: str) -> datetime:
    return local_time(one.start, zone) if isinstance(one.start, int) else datetime.combine(one.start, time())


@pytest.mark.parametrize("case", RFC_5545, ids=lambda case: f"{case.rrule} {case.dtstart}")
def test_what_the_standard_prints_is_what_trying_every_day_finds(case: Case) -> None:
    wanted, start = expected(case), local(case.dtstart, case.dtstart)
    rule = ";".join(_until_said_locally(part, case) for part in case.rrule.split(";"))
    found = Brute(start, rule).occurrences(wanted[-1] + timedelta(days=1))
    assert list(islice(found, len(wanted) + case.whole)) == wanted


@pytest.mark.parametrize("case", [case for case in ALL if "SKIP" not in case.rrule], ids=lambda case: case.rrule)
def test_dateutil_agrees_but_where_it_departs(case: Case) -> None:
    start, wanted = local(case.dtstart, case.dtstart), expected(case)
    rule = ";".join(_until_said_locally(part, case) for part in case.rrule.split(";") if not part.startswith("RSCALE"))
    if "BYSECOND=60" in rule:
        with pytest.raises(ValueError, match="second must be in"):
            next(iter(rrulestr(rule, dtstart=start)))
        return
    found = list(islice(rrulestr(rule, dtstart=start), len(wanted) + case.whole))
    assert (found != wanted) == (case.rrule in DATEUTIL_DEPARTS)


@pytest.mark.parametrize("lang", LANGS)
def test_each_rule_is_said_or_called_one_of_its_own(lang: str) -> None:
    said = {
        case.rrule: recurrence(words(lang), case.rrule, start=local(case.dtstart, case.dtstart).isoformat())
        for case in ALL
    }
    assert min(map(len, said.values())) > len("every")
    assert said["FREQ=SECONDLY;COUNT=3"] == words(lang).t("by a rule of its own")
    assert said["FREQ=DAILY;COUNT=10"] != words(lang).t("by a rule of its own")


def _until_said_locally(part: str, case: Case) -> str:
    if not part.startswith("UNTIL=") or not part.endswith("Z"):
        return part
    until = local_time(local_instant(datetime.fromisoformat(part[6:-1]), "UTC"), case.tzid)
    return f"UNTIL={until:%Y%m%dT%H%M%S}"


def numbers(low: int, high: int, most: int = 4) -> st.SearchStrategy[str]:
    number = st.integers(low, high).filter(lambda one: low >= 0 or one)
    return st.lists(number, min_size=1, max_size=most, unique=True).map(lambda ones: ",".join(map(str, sorted(ones))))


@st.composite
def rules(draw: Callable[[st.SearchStrategy[object]], object]) -> str:
    """Any rule of the RFC but the endless and the finest: each part where the table has it."""
    freq = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY"]))
    parts = {"FREQ": freq}

    def perhaps(name: str, values: st.SearchStrategy[str], *, often: int = 3) -> None:
        if not draw(st.integers(0, often)):
            parts[name] = draw(values)

    coarse = freq in ("YEARLY", "MONTHLY")
    intervals = (
        ["1", "2", "3", "5", "7", "13"] if freq not in ("HOURLY", "MINUTELY") else ["2", "7", "25", "90", "1501"]
    )
    perhaps("INTERVAL", st.sampled_from(intervals), often=1)
    perhaps("BYMONTH", numbers(1, 12))
    if freq == "YEARLY":
        perhaps("BYWEEKNO", numbers(-53, 53))
    if freq not in ("MONTHLY", "WEEKLY", "DAILY"):
        perhaps("BYYEARDAY", numbers(-366, 366, 30))
    if freq != "WEEKLY":
        perhaps("BYMONTHDAY", numbers(-31, 31))
    ordinals = ["", "", "1", "2", "5", "-1", "-5"] + ["20", "53", "-53"] * (freq == "YEARLY")
    which = st.sampled_from(ordinals if coarse and "BYWEEKNO" not in parts else [""])
    days = st.lists(st.tuples(which, st.sampled_from(DAYS)).map("".join), min_size=1, max_size=4, unique=True)
    perhaps("BYDAY", days.map(",".join), often=1)
    perhaps("BYHOUR", numbers(0, 23))
    perhaps("BYMINUTE", numbers(0, 59))
    perhaps("BYSECOND", numbers(0, 60))
    if any(name.startswith("BY") for name in parts):
        perhaps("BYSETPOS", numbers(-5, 5, 3))
    perhaps("WKST", st.sampled_from(DAYS))
    perhaps("COUNT", st.sampled_from(["1", "2", "10", "60"]))
    if coarse and not {"BYYEARDAY", "BYWEEKNO"} & set(parts):
        perhaps("SKIP", st.sampled_from(["FORWARD", "BACKWARD"]))
    return ";".join(f"{name}={value}" for name, value in parts.items())


STARTS = st.datetimes(datetime.fromisoformat("1996-01-01"), datetime.fromisoformat("2036-01-01")).map(
    lambda start: start.replace(microsecond=0)
)
SPAN_DAYS = {"YEARLY": 3_000, "MONTHLY": 1_000, "WEEKLY": 700, "DAILY": 500, "HOURLY": 40, "MINUTELY": 3}


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rule=rules(), start=STARTS | STARTS.map(lambda start: start.replace(month=1, day=31)),
       joined=st.floats(-0.1, 0.9))  # fmt: skip
def test_any_rule_joined_anywhere_gives_what_trying_every_day_finds(rule: str, start: datetime, joined: float) -> None:
    span = SPAN_DAYS[parse(rule).freq.name]
    low, high = start + timedelta(days=round(span * joined)), start + timedelta(days=span)
    wanted = [one for one in Brute(start, rule).occurrences(high) if one >= low]
    window = {"after": local_instant(low, "UTC"), "before": local_instant(high, "UTC")}
    assert [local_time(at, "UTC") for at in occurrences(start.isoformat(), "UTC", rule, limit=FAR, **window)] == wanted


@settings(max_examples=30, deadline=None)
@given(interval=st.integers(1, 40_000), hours=numbers(0, 23), minutes=numbers(0, 59, 30), seconds=numbers(0, 59, 30),
       kept=st.sets(st.sampled_from(["BYHOUR", "BYMINUTE", "BYSECOND"])), start=STARTS)  # fmt: skip
def test_seconds_are_counted_one_by_one(
    interval: int, hours: str, minutes: str, seconds: str, kept: set[str], start: datetime
) -> None:
    said = {"BYHOUR": hours, "BYMINUTE": minutes, "BYSECOND": seconds}
    rule = ";".join(["FREQ=SECONDLY", f"INTERVAL={interval}", *(f"{name}={said[name]}" for name in sorted(kept))])
    allowed = [{int(one) for one in said[name].split(",")} if name in kept else range(60) for name in said]
    wanted = []
    for second in range(0, 2 * 86_400, interval):
        one = start + timedelta(seconds=second)
        if one.hour in allowed[0] and one.minute in allowed[1] and one.second in allowed[2]:
            wanted.append(one)
    begin = local_instant(start, "UTC")
    found = occurrences(start.isoformat(), "UTC", rule, after=begin, before=begin + 2 * 86_400_000, limit=FAR)
    assert [local_time(at, "UTC") for at in found] == wanted
