"""Rules of other calendars (RFC 7529) give the dates that the RFC, libical and published calendars have."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from planner.ics import rscale
from planner.ics.scales import SCALES, months
from tests.ics.writing import calendar, entry, event, faults, starts

# Source, DTSTART, rule, and its starts alone, as far as the calendar is known.
RULES = (
    ("RFC 7529, section 4.3", "20130210", "RSCALE=CHINESE;FREQ=YEARLY;COUNT=4", "20130210 20140131 20150219 20160208"),
    ("RFC 7529, section 4.3", "20130906", "RSCALE=ETHIOPIC;FREQ=MONTHLY;BYMONTH=13;COUNT=4",
     "20130906 20140906 20150906 20160906"),
    ("RFC 7529, section 4.3", "20140208", "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=8;SKIP=FORWARD;COUNT=5",
     "20140208 20150227 20160217 20170306 20180223"),
    ("libical", "20140910", "RSCALE=ETHIOPIC;FREQ=YEARLY;BYMONTH=13;BYMONTHDAY=-1;COUNT=6",
     "20140910 20150911 20160910 20170910 20180910 20190911"),
    ("libical", "20130210", "RSCALE=CHINESE;FREQ=YEARLY;UNTIL=20180101",
     "20130210 20140131 20150219 20160208 20170128"),
    ("libical", "20130210", "RSCALE=CHINESE;FREQ=YEARLY;UNTIL=20200101;INTERVAL=2",
     "20130210 20150219 20170128 20190205"),
    ("libical", "20140920", "RSCALE=CHINESE;FREQ=MONTHLY;COUNT=4", "20140920 20141020 20141119 20141218"),
    ("libical", "20131025", "RSCALE=ISLAMIC-CIVIL;FREQ=MONTHLY;COUNT=4", "20131025 20131124 20131224 20140122"),
    ("libical", "20130709", "RSCALE=ISLAMIC-CIVIL;FREQ=YEARLY;BYMONTH=9;COUNT=5",
     "20130709 20140629 20150618 20160607 20170527"),
    ("libical", "20131025", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTHDAY=10;BYMONTH=9;COUNT=3", "20141003 20151022 20161010"),
    ("libical", "20131025", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTHDAY=10;BYMONTH=4L;SKIP=OMIT;UNTIL=21000101",
     "20200601 20580531 20690530 20770531 20880530 20960531"),
    ("libical", "20131025", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTHDAY=10;BYMONTH=9L;SKIP=FORWARD;COUNT=3",
     "20131112 20141102 20151121"),
    ("libical", "20131025", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTHDAY=10;BYMONTH=9L;SKIP=BACKWARD;COUNT=3",
     "20141102 20151022 20161010"),
    ("libical", "20131025", "RSCALE=CHINESE;FREQ=YEARLY;BYMONTHDAY=10;BYMONTH=9,9L;SKIP=BACKWARD;COUNT=4",
     "20141003 20141102 20151022 20161010"),
    ("libical", "20140205", "RSCALE=HEBREW;FREQ=YEARLY;COUNT=4", "20140205 20160214 20190210 20220206"),
    ("libical", "20140205", "RSCALE=HEBREW;FREQ=YEARLY;SKIP=FORWARD;COUNT=4", "20140205 20150224 20160214 20170303"),
    ("libical", "20140302", "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=30;SKIP=FORWARD;COUNT=5",
     "20140302 20150321 20160310 20170328 20180317"),
    ("libical", "20140302", "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=-1;SKIP=FORWARD;COUNT=5",
     "20140302 20150320 20160310 20170327 20180316"),
    ("libical", "20140302", "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=30;SKIP=BACKWARD;COUNT=5",
     "20140302 20150219 20160310 20170226 20180215"),
    ("libical", "20140302", "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;BYMONTHDAY=-1;SKIP=BACKWARD;COUNT=5",
     "20140302 20150219 20160310 20170226 20180215"),
    ("the 13th month's first Friday, where it has one", "20200911",
     "RSCALE=COPTIC;FREQ=YEARLY;BYMONTH=13;BYDAY=1FR;COUNT=3", "20210910 20220909 20230908"),
    ("Nowruz", "20230321", "RSCALE=PERSIAN;FREQ=YEARLY;COUNT=4", "20230321 20240320 20250321 20260321"),
    ("Chaitra", "20230322", "RSCALE=INDIAN;FREQ=YEARLY;COUNT=3", "20230322 20240321 20250322"),
    ("the day before New Year", "20240209", "RSCALE=CHINESE;FREQ=YEARLY;BYYEARDAY=-1;COUNT=4",
     "20240209 20250128 20260216 20270205"),
    ("every fifth month, counting leap ones", "20230122", "RSCALE=CHINESE;FREQ=MONTHLY;INTERVAL=5;COUNT=3",
     "20230122 20230618 20231113"),
    ("the last of each two dates", "20240210",
     "RSCALE=CHINESE;FREQ=MONTHLY;BYMONTHDAY=1,15;BYSETPOS=-1;COUNT=3", "20240224 20240324 20240423"),
)  # fmt: skip


def given(rule: str, dtstart: str, low: str = "", high: str = "2200-01-01") -> str:
    start = datetime.fromisoformat(dtstart)
    found = rscale.starts(rule, start, low=datetime.fromisoformat(low) if low else start,
                          high=datetime.fromisoformat(high), limit=1_000)  # fmt: skip
    return " ".join(f"{one:%Y%m%d}" for one in found)


@pytest.mark.parametrize(("source", "dtstart", "rule", "expected"), RULES)
def test_a_rule_gives_its_dates(source: str, dtstart: str, rule: str, expected: str) -> None:
    assert given(rule, dtstart) == expected, source
    for first in expected.split():
        assert given(rule, dtstart, low=first) == expected[expected.index(first) :]


@pytest.mark.parametrize(
    ("year", "day", "leap"),
    [(1900, "1900-01-31", 8), (1917, "1917-01-23", 2), (1954, "1954-02-03", 0), (1985, "1985-02-20", 0),
     (1987, "1987-01-29", 6), (2000, "2000-02-05", 0), (2012, "2012-01-23", 4), (2014, "2014-01-31", 9),
     (2017, "2017-01-28", 6), (2020, "2020-01-25", 4), (2023, "2023-01-22", 2), (2025, "2025-01-29", 6),
     (2026, "2026-02-17", 0), (2027, "2027-02-06", 0), (2028, "2028-01-26", 5), (2030, "2030-02-03", 0),
     (2033, "2033-01-31", 11), (2034, "2034-02-19", 0), (2100, "2100-02-09", 0)],
)  # fmt: skip
def test_chinese_years_begin_as_published(year: int, day: str, leap: int) -> None:
    found = months(SCALES["CHINESE"], year)
    assert date.fromordinal(found[0].first).isoformat() == day
    assert [number for (number, is_leap), _, _ in found if is_leap] == ([leap] if leap else [])


@pytest.mark.parametrize(
    ("scale", "year", "month", "day"),
    [("HEBREW", 5784, (1, False), "2023-09-16"), ("HEBREW", 5785, (7, False), "2025-03-30"),
     ("HEBREW", 5784, (5, True), "2024-02-10"), ("ETHIOPIC", 2016, (1, False), "2023-09-12"),
     ("ETHIOPIC-AMETE-ALEM", 7516, (1, False), "2023-09-12"), ("COPTIC", 1740, (1, False), "2023-09-12"),
     ("PERSIAN", 1403, (1, False), "2024-03-20"), ("INDIAN", 1946, (1, False), "2024-03-21"),
     ("ISLAMIC-CIVIL", 1445, (9, False), "2024-03-11"), ("ISLAMIC-TBLA", 1445, (9, False), "2024-03-10")],
)  # fmt: skip
def test_months_begin_as_published(scale: str, year: int, month: tuple[int, bool], day: str) -> None:
    (found,) = (one for one in months(SCALES[scale], year) if one.name == month)
    assert date.fromordinal(found.first).isoformat() == day


@pytest.mark.parametrize("name", SCALES)
def test_every_day_is_in_one_month(name: str) -> None:
    scale = SCALES[name]
    for year in range(scale.year_of(date(1950, 1, 1).toordinal()), scale.year_of(date(2050, 1, 1).toordinal())):
        last = months(scale, year)[-1]
        assert last.first + last.size == scale.begins(year + 1)
        assert (scale.year_of(last.first + last.size - 1), scale.year_of(last.first + last.size)) == (year, year + 1)


def test_a_calendars_series_is_seen_in_any_window() -> None:
    """Chinese New Year, once called off, and its eve once added; its start, which the rule does not give, counts."""
    lines = ("DTSTART;VALUE=DATE:20240101", "RRULE:RSCALE=CHINESE;FREQ=YEARLY;BYMONTH=1;BYMONTHDAY=1;COUNT=5",
             "EXDATE;VALUE=DATE:20260217", "RDATE;VALUE=DATE:20270205")  # fmt: skip
    content = calendar(*event(*lines))
    assert faults(content) == []
    assert starts(content, "2020-01-01", "2040-01-01") == [
        "2024-01-01", "2024-02-10", "2025-01-29", "2027-02-05", "2027-02-06"
    ]  # fmt: skip
    assert starts(content, "2025-01-01", "2026-01-01") == ["2025-01-29"]
    found = entry(content)
    assert (found.start_local, found.included) == ("2027-02-05T00:00:00", ("2027-02-06T00:00:00",))


def test_a_series_keeps_its_wall_clock_and_its_end() -> None:
    content = calendar(*event("DTSTART;TZID=Europe/Berlin:20260110T090000",
                              "RRULE:RSCALE=ISLAMIC-CIVIL;FREQ=MONTHLY;UNTIL=20260410T070000Z"))  # fmt: skip
    found = starts(content, "2026-01-01", "2027-01-01")
    assert found == ["2026-01-10T09:00:00", "2026-02-09T09:00:00", "2026-03-10T09:00:00", "2026-04-09T09:00:00"]
    content = content.replace(b"UNTIL=20260410", b"UNTIL=20260409")
    assert starts(content, "2026-01-01", "2027-01-01") == found
    assert starts(content.replace(b"T070000Z", b"T065959Z"), "2026-01-01", "2027-01-01") == found[:-1]


def test_weeks_are_weeks_in_any_calendar() -> None:
    found = entry(calendar(*event("DTSTART:20261110T090000Z", "RRULE:RSCALE=HEBREW;FREQ=WEEKLY;BYDAY=TU;SKIP=OMIT")))
    assert found.rrule == "FREQ=WEEKLY;BYDAY=TU"


@pytest.mark.parametrize(
    "rule",
    ["RSCALE=RUSSIAN;FREQ=YEARLY", "RSCALE=HEBREW;FREQ=DAILY;BYMONTH=1", "RSCALE=HEBREW;FREQ=YEARLY;BYWEEKNO=1",
     "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=14", "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5X",
     "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=",
     "RSCALE=HEBREW;FREQ=MONTHLY;COUNT=9999999", "RSCALE=;FREQ=YEARLY", "RSCALE=HEBREW;FREQ=YEARLY;SKIP=SIDEWAYS"],
)  # fmt: skip
def test_what_is_not_known_is_named(rule: str) -> None:
    content = calendar(*event("DTSTART:20261110T090000Z", f"RRULE:{rule}"))
    assert faults(content) == ["rule"]
    assert entry(content).start_local == "2026-11-10T09:00:00"


def test_a_start_outside_of_the_known_years_is_named() -> None:
    assert faults(calendar(*event("DTSTART:18800110T090000Z", "RRULE:RSCALE=CHINESE;FREQ=YEARLY"))) == ["rule"]


def test_a_rule_that_never_comes_ends() -> None:
    for rule in ("RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=13", "RSCALE=INDIAN;FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=12"):
        assert given(rule, "20260101", high="9000-01-01") == ""


def test_thousands_of_such_series_are_bounded() -> None:
    """What they cost is taken from what may be written out, and where that is used up it is named."""
    rules = [f"RRULE:RSCALE=HEBREW;FREQ=MONTHLY;BYMONTHDAY=30,29;BYDAY=MO;COUNT={n + 4_000}" for n in range(15)]
    many = (line for n in range(50) for line in event("DTSTART:15850110T090000Z", *rules, uid=str(n)))
    assert faults(calendar(*many)).count("rule") >= 45
