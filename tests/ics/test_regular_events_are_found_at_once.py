"""Events that stand one after the other are found without a look at each line: what a look at each would find."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.ics import outline, regular
from planner.ics.entry import UnreadableError
from planner.ics.outline import Outline

LINES = ["BEGIN:VEVENT", "END:VEVENT", "begin:vevent", "end:vevent", "END:VEVENT ", "BEGIN:VEVENTS", "BEGIN;X=1:VEVENT",
         "BEGIN:VALARM", "END:VALARM", "BEGIN:VTIMEZONE", "END:VTIMEZONE", "TZID:a", "BEGIN:VCALENDAR", "END:VCALENDAR",
         "UID:a", "UID:", "uid:b", "UID;X=1:c", "UID:\xe9", "UID: ", "NAME:x", "SUMMARY:BEGIN:VEVENT"]  # fmt: skip
ALARM = ["BEGIN:VALARM", "UID:alarm", "END:VALARM"]
ORDERLY = st.sampled_from(["a", "b", "c"]).flatmap(
    lambda uid: st.sampled_from([
        ["BEGIN:VEVENT", f"UID:{uid}", "END:VEVENT"],
        ["BEGIN:VEVENT", f"UID:{uid}", *ALARM, *ALARM, "END:VEVENT"],
        ["BEGIN:VEVENT", *ALARM, f"UID:{uid}", "END:VEVENT"],
        ["BEGIN:VEVENT", "UID:left-open", *ALARM, "BEGIN:VEVENT", f"UID:{uid}", "END:VEVENT"],
        ["BEGIN:VEVENT", "UID:", "SUMMARY:x", f"UID:{uid}", "END:VEVENT"],
    ])
)  # fmt: skip
FILES = st.lists(ORDERLY | st.lists(st.sampled_from(LINES), max_size=3), max_size=12)


def text(lines: list[str]) -> bytes:
    return "\n".join(["", "BEGIN:VCALENDAR", *lines, "END:VCALENDAR", ""]).encode("latin-1")


def found(plain: bytes, most: int = 100) -> Outline | str:
    try:
        return outline.outline(plain, most)
    except UnreadableError as error:
        return str(error)


@given(FILES)
def test_every_calendar_has_the_outline_that_its_lines_have(pieces: list[list[str]]) -> None:
    plain = text([line for piece in pieces for line in piece])
    at_once = found(plain)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(regular, "events", lambda _: [])
        assert found(plain) == at_once


def test_events_in_order_are_found_without_a_look_at_each_line() -> None:
    plain = text(["X:1", *["BEGIN:VEVENT", "UID:a", *ALARM, "END:VEVENT"] * 3, "BEGIN:VTIMEZONE", "END:VTIMEZONE"])
    assert [one.uid for one in regular.events(plain)] == [b"a"] * 3


def test_more_events_than_are_taken_are_too_many_however_they_are_found() -> None:
    plain = text(["BEGIN:VEVENT", "UID:a", "END:VEVENT"] * 3)
    assert found(plain, 2) == "too_many"
    assert found(plain, 3) != "too_many"
