"""An event is read anew when something that it says has changed, or what it depends on, and only then."""

from __future__ import annotations

import pytest

from planner.ics.entry import Group, Same
from tests.ics.test_zones_are_found_by_any_name import vtimezone
from tests.ics.writing import calendar, event, items

LINES = ("DTSTART;TZID=Odd:20261110T090000", "SUMMARY:One", "SEQUENCE:1", "CREATED:20260101T000000Z",
         "LAST-MODIFIED:20260101T000000Z")  # fmt: skip
OTHER = event("DTSTART:20261110T090000Z", uid="other")


def known(content: bytes) -> frozenset[str]:
    return frozenset(item.digest for item in items(content) if isinstance(item, Group))


def same(content: bytes, before: bytes) -> list[str]:
    """The UIDs of a calendar that are not read again."""
    return [item.uid for item in items(content, known=known(before)) if isinstance(item, Same)]


def whole(*lines: str, head: tuple[str, ...] = (), zone: tuple[str, ...] = vtimezone("Odd")) -> bytes:
    return calendar(*zone, *event(*(lines or LINES)), *OTHER, head=head)


@pytest.mark.parametrize(
    "again",
    [
        whole(),
        whole().replace(b"20260101T000000Z", b"20261111T111111Z"),
        whole().replace(b"SEQUENCE:1", b"SEQUENCE:2"),
        whole().replace(b"\r\n", b"\n"),
        whole().replace(b"SUMMARY:One", b"SUMMARY:O\r\n ne"),
        whole(zone=(*vtimezone("Odd"), *vtimezone("Europe/Berlin"))),
        whole(head=("X-WR-CALNAME:Renamed",)),
    ],
)
def test_what_says_the_same_is_the_same(again: bytes) -> None:
    assert same(again, whole()) == ["one", "other"]


@pytest.mark.parametrize(
    ("again", "read"),
    [
        (whole().replace(b"SUMMARY:One", b"SUMMARY:Two"), {"one"}),
        (whole().replace(b"T090000\r\nSUMMARY", b"T100000\r\nSUMMARY"), {"one"}),
        (whole(*LINES, "X-ANYTHING:1"), {"one"}),
        (whole(zone=vtimezone("Odd", ahead=2)), {"one", "other"}),
        (whole(head=("X-WR-TIMEZONE:Europe/Paris",)), {"one", "other"}),
    ],
)
def test_what_says_something_else_is_read(again: bytes, read: set[str]) -> None:
    assert {item.uid for item in items(again, known=known(whole())) if isinstance(item, Group)} == read


def test_a_change_of_one_occurrence_is_one_of_its_series() -> None:
    def series(sequence: int, hour: int = 10, stamp: str = "20260101T000000Z") -> bytes:
        moved = event(
            "RECURRENCE-ID:20261112T090000Z", f"DTSTART:20261112T{hour}0000Z", f"SEQUENCE:{sequence}", stamp=stamp
        )
        return calendar(*event("DTSTART:20261110T090000Z", "RRULE:FREQ=DAILY"), *moved)

    assert same(series(1, stamp="20260202T000000Z"), series(1)) == ["one"]
    assert isinstance(items(series(1, hour=11), known=known(series(1)))[0], Group)
    assert isinstance(items(series(2), known=known(series(1)))[0], Group), "the sequence tells which of two holds"


def test_what_is_not_read_whole_is_read_again() -> None:
    content = calendar(*event("DTSTART:20261110T090000Z", "RRULE:NONSENSE"))
    assert known(content) == {""}
    assert isinstance(items(content, known=known(content))[-1], Group)
