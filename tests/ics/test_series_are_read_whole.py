"""A series has every occurrence that the standard gives it: left out, added, moved, cancelled, changed from here on."""

from __future__ import annotations

import pytest

from planner.ics.entry import Group
from tests.ics.writing import at, calendar, entries, entry, event, faults, instances, items, shown, starts

TZ = "TZID=Europe/Berlin"
DAILY = (f"DTSTART;{TZ}:20261102T090000", f"DTEND;{TZ}:20261102T100000", "RRULE:FREQ=DAILY;COUNT=8", "SUMMARY:Daily")


def days(content: bytes, zone: str = "Europe/Berlin") -> list[str]:
    """November's starts, as day and hour."""
    return [one[8:13].replace("T", " ") for one in starts(content, "2026-11-01", "2026-12-01", zone)]


def all_of(*but: int) -> list[str]:
    return [f"{day:02} 09" for day in range(2, 10) if day not in but]


@pytest.mark.parametrize(
    "left_out",
    [
        f"EXDATE;{TZ}:20261104T090000",
        "EXDATE:20261104T080000Z",
        "EXDATE;TZID=America/New_York:20261104T030000",
        "EXDATE;VALUE=DATE:20261104",
        "EXDATE:20261104",
        "EXDATE:20261104T090000",
        f"EXDATE;{TZ}:20261104T090000,20261104T090000,nonsense,20301104T090000",
    ],
)
def test_a_date_is_left_out_however_it_is_written(left_out: str) -> None:
    assert days(calendar(*event(*DAILY, left_out))) == all_of(4)


def test_a_date_leaves_out_every_time_of_its_day() -> None:
    rule = "RRULE:FREQ=DAILY;BYHOUR=9,17;BYMINUTE=0,30;COUNT=12"
    content = calendar(*event(DAILY[0], rule, "EXDATE;VALUE=DATE:20261103"))
    assert days(content) == ["02 09", "02 09", "02 17", "02 17", "04 09", "04 09", "04 17", "04 17"]


def test_a_day_is_left_out_by_its_time() -> None:
    content = calendar(*event("DTSTART;VALUE=DATE:20261102", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE:20261103T000000"))
    assert starts(content, "2026-11-01", "2026-12-01") == ["2026-11-02", "2026-11-04"]


def test_dates_are_added_once_and_left_out_again() -> None:
    more = (f"RDATE;{TZ}:20261115T110000,20261103T090000", "RDATE;TZID=America/New_York:20261116T090000",
            f"RDATE;{TZ}:20261120T090000", f"EXDATE;{TZ}:20261120T090000")  # fmt: skip
    assert days(calendar(*event(*DAILY, *more))) == [*all_of(), "15 11", "16 15"]


def test_dates_without_a_rule_are_a_series() -> None:
    found = entry(calendar(*event("DTSTART:20261102T090000", "RDATE:20261109T100000,20261104T110000")))
    assert (found.rrule, found.included) == ("FREQ=DAILY;COUNT=1", ("2026-11-04T11:00:00", "2026-11-09T10:00:00"))


def test_a_period_lasts_as_long_as_it_says() -> None:
    periods = "RDATE;VALUE=PERIOD:20261104T090000Z/PT3H,20261105T090000Z/20261105T091500Z,20261106T090000Z/PT1H"
    content = calendar(*event("DTSTART:20261102T090000Z", "DURATION:PT1H", periods))
    found = [(one.end - one.start) // 60_000 for one in instances(content, "2026-11-01", "2026-12-01")]
    assert found == [60, 180, 15, 60]
    assert {one.part for one in entries(content)} == {"", "2026-11-04T09:00:00", "2026-11-05T09:00:00"}


def test_the_start_counts_though_the_rule_does_not_give_it() -> None:
    weekly = "RRULE:FREQ=WEEKLY;BYDAY=WE;"
    assert days(calendar(*event(DAILY[0], f"{weekly}UNTIL=20261112T000000Z"))) == ["02 09", "04 09", "11 09"]
    assert days(calendar(*event(DAILY[0], f"{weekly}COUNT=3"))) == ["02 09", "04 09", "11 09"]
    assert entry(calendar(*event(DAILY[0], f"{weekly}COUNT=1"))).rrule is None


def test_a_rule_that_ends_before_it_begins_has_no_day() -> None:
    assert items(calendar(*event(DAILY[0], "RRULE:FREQ=DAILY;UNTIL=20261101T000000Z")))[0].entries == ()


@pytest.mark.parametrize("until", ["20261104", "20261104T000000Z", "20261104T000000", "20261104T220000Z"])
def test_days_end_with_the_date_of_until(until: str) -> None:
    content = calendar(*event("DTSTART;VALUE=DATE:20261102", f"RRULE:FREQ=DAILY;UNTIL={until}"))
    assert starts(content, "2026-11-01", "2026-12-01", "America/New_York")[-1] == "2026-11-04"


def test_several_rules_are_one_set_and_others_are_taken_away() -> None:
    content = calendar(*event(*DAILY, "RRULE:FREQ=WEEKLY;BYHOUR=15;COUNT=2", "EXRULE:FREQ=DAILY;INTERVAL=3"))
    assert days(content) == ["02 15", "03 09", "04 09", "06 09", "07 09", "09 09", "09 15"]
    (group,) = items(content)
    assert isinstance(group, Group)
    assert group.digest == "", "what is written out is read anew"


@pytest.mark.parametrize(
    "at_", [f"{TZ}:20261104T090000", "X-A=1:20261104T080000Z", "TZID=Asia/Tokyo:20261104T170000", "VALUE=DATE:20261104"]
)
def test_an_occurrence_is_moved_however_it_is_named(at_: str) -> None:
    content = calendar(*event(*DAILY), *event(f"RECURRENCE-ID;{at_}", f"DTSTART;{TZ}:20261120T120000", "SUMMARY:Moved"))
    assert days(content) == [*all_of(4), "20 12"]
    series, moved = entries(content)
    assert (series.part, series.title, moved.part, moved.title) == ("", "Daily", "2026-11-04T09:00:00", "Moved")


def test_the_order_of_components_does_not_matter() -> None:
    moved = event(f"RECURRENCE-ID;{TZ}:20261104T090000", f"DTSTART;{TZ}:20261120T120000")
    assert days(calendar(*moved, *event(*DAILY))) == [*all_of(4), "20 12"]


def test_an_occurrence_is_cancelled() -> None:
    gone = event(f"RECURRENCE-ID;{TZ}:20261104T090000", f"DTSTART;{TZ}:20261104T090000", "STATUS:CANCELLED")
    assert days(calendar(*event(*DAILY), *gone)) == all_of(4)
    assert items(calendar(*gone))[0].entries == ()


def test_a_cancelled_series_has_no_events() -> None:
    moved = event(f"RECURRENCE-ID;{TZ}:20261104T090000", f"DTSTART;{TZ}:20261120T120000")
    (group,) = items(calendar(*event(*DAILY, "STATUS:CANCELLED"), *moved))
    assert isinstance(group, Group)
    assert group.entries == ()


def test_of_two_for_one_occurrence_the_later_one_holds() -> None:
    def moved(hour: int, sequence: int, stamp: int = 1) -> tuple[str, ...]:
        lines = (f"RECURRENCE-ID;{TZ}:20261104T090000", f"DTSTART;{TZ}:20261104T{hour}0000", f"SEQUENCE:{sequence}")
        return event(*lines, stamp=f"2026010{stamp}T000000Z")

    assert "04 12" in days(calendar(*event(*DAILY), *moved(12, 10), *moved(15, 9)))
    assert "04 15" in days(calendar(*event(*DAILY), *moved(12, 9), *moved(15, 10)))
    assert "04 12" in days(calendar(*event(*DAILY), *moved(12, 1, stamp=2), *moved(15, 1, stamp=1)))
    assert "04 15" in days(calendar(*event(*DAILY), *moved(12, 1), *moved(15, 1)))


def test_an_occurrence_without_its_series_is_an_event() -> None:
    found = entry(calendar(*event(f"RECURRENCE-ID;{TZ}:20261104T090000", f"DTSTART;{TZ}:20261105T100000")))
    assert (found.part, found.start_local, found.rrule) == ("2026-11-04T09:00:00", "2026-11-05T10:00:00", None)


def test_an_occurrence_that_the_rule_does_not_give_is_there() -> None:
    more = event(f"RECURRENCE-ID;{TZ}:20261115T100000", f"DTSTART;{TZ}:20261116T100000")
    assert days(calendar(*event(*DAILY), *more)) == [*all_of(), "16 10"]


def test_this_and_all_that_follow_are_changed() -> None:
    onwards = event(f"RECURRENCE-ID;RANGE=THISANDFUTURE;{TZ}:20261106T090000", f"DTSTART;{TZ}:20261107T110000",
                    f"DTEND;{TZ}:20261107T113000", "SUMMARY:Later")  # fmt: skip
    single = event(f"RECURRENCE-ID;{TZ}:20261108T090000", f"DTSTART;{TZ}:20261120T120000", "SUMMARY:Once")
    content = calendar(*event(*DAILY, f"EXDATE;{TZ}:20261103T090000"), *onwards, *single)
    found = instances(content, "2026-11-01", "2026-12-01")
    assert [(shown(one.start)[8:13], (one.end - one.start) // 60_000, one.summary) for one in found] == [
        ("02T09", 60, "Daily"), ("04T09", 60, "Daily"), ("05T09", 60, "Daily"),
        ("07T11", 30, "Later"), ("08T11", 30, "Later"), ("10T11", 30, "Later"), ("20T12", 0, "Once"),
    ]  # fmt: skip


def test_this_and_all_that_follow_are_changed_twice_or_cancelled() -> None:
    def onwards(day: int, hour: int, *more: str) -> tuple[str, ...]:
        return event(f"RECURRENCE-ID;RANGE=THISANDFUTURE;{TZ}:202611{day:02}T090000",
                     f"DTSTART;{TZ}:202611{day:02}T{hour}0000", *more)  # fmt: skip

    twice = days(calendar(*event(*DAILY), *onwards(7, 15), *onwards(5, 12)))
    assert twice == ["02 09", "03 09", "04 09", "05 12", "06 12", "07 15", "08 15", "09 15"]
    assert days(calendar(*event(*DAILY), *onwards(5, 12, "STATUS:CANCELLED"))) == ["02 09", "03 09", "04 09"]


def test_a_length_is_exact_or_of_days() -> None:
    """The clock of Berlin goes back on 25 October: that day has 25 hours (RFC 5545, sections 3.3.6 and 3.8.5.3)."""

    def hours(*length: str) -> list[int]:
        content = calendar(*event(f"DTSTART;{TZ}:20261023T120000", *length, "RRULE:FREQ=DAILY;COUNT=2"))
        return [(one.end - one.start) // 3_600_000 for one in instances(content, "2026-10-20", "2026-10-30")]

    assert hours(f"DTEND;{TZ}:20261024T120000") == [24, 24]
    assert hours("DURATION:P1D") == [24, 25]
    assert hours("DURATION:PT24H") == [24, 24]
    assert hours("DURATION:P1W") == [169, 169]


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        (("DTSTART;VALUE=DATE:20261102",), 1),
        (("DTSTART:20261102",), 1),
        (("DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261102"), 1),
        (("DTSTART;VALUE=DATE:20261102", "DTEND;VALUE=DATE:20261105"), 3),
        (("DTSTART;VALUE=DATE:20261102", "DURATION:P2D"), 2),
        (("DTSTART;VALUE=DATE:20261102", "DURATION:PT36H"), 2),
        (("DTSTART;VALUE=DATE:20261102", "DURATION:P1W"), 7),
    ],
)
def test_a_day_is_a_day(lines: tuple[str, ...], length: int) -> None:
    found = entry(calendar(*event(*lines)))
    assert (found.all_day, found.zone, found.start_local) == (True, None, "2026-11-02T00:00:00")
    assert found.duration_s == length * 86_400


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        (("DTEND:20261102T093000Z",), 1_800),
        ((f"DTEND;{TZ}:20261102T103000",), 1_800),
        (("DTEND:20261102T080000Z",), 0),
        (("DURATION:-PT5M",), 0),
        (("DURATION:PT1H30M",), 5_400),
        (("DURATION:P1DT1S",), 86_401),
        (("DTEND;VALUE=DATE:20261103",), 54_000),
        ((), 0),
    ],
)
def test_an_end_is_never_before_its_start(lines: tuple[str, ...], seconds: int) -> None:
    content = calendar(*event("DTSTART:20261102T090000Z", *lines))
    assert entry(content).duration_s == seconds
    assert faults(content) == (["end"] if lines == ("DTEND:20261102T080000Z",) else [])


def test_what_overlaps_is_seen() -> None:
    content = calendar(*event("DTSTART:20261102T090000Z", "DTEND:20261104T090000Z", uid="long"),
                       *event("DTSTART:20261103T000000Z", uid="point"),
                       *event("DTSTART;VALUE=DATE:20261102", uid="day"),
                       *event("DTSTART:20261102T000000Z", "DTEND:20261103T000000Z", uid="before"),
                       *event("DTSTART:20261104T000000Z", uid="after"))  # fmt: skip
    assert [one.uid for one in instances(content, "2026-11-03", "2026-11-04", "UTC")] == ["long", "point"]
    assert [one.uid for one in instances(content, "2026-11-02", "2026-11-03", "UTC")] == ["before", "day", "long"]
    assert [one.uid for one in instances(content, "2026-11-02", "2026-11-03", "UTC", limit=2)] == ["before", "day"]


def test_a_time_that_does_not_exist_moves_by_the_gap() -> None:
    content = calendar(*event(f"DTSTART;{TZ}:20270327T023000", "RRULE:FREQ=DAILY;COUNT=3"))
    assert starts(content, "2027-03-01", "2027-04-01") == [
        "2027-03-27T02:30:00",
        "2027-03-28T03:30:00",
        "2027-03-29T02:30:00",
    ]
    (one,) = instances(calendar(*event(f"DTSTART;{TZ}:20261025T023000")), "2026-10-25", "2026-10-26")
    assert one.start == at("2026-10-25T00:30:00"), "of two the first"
