"""A calendar is the same calendar however its server ends lines, folds them, spells names and encodes letters."""

from __future__ import annotations

import codecs

import pytest

from planner.ics.entry import Group, Limits, UnreadableError
from tests.ics.writing import calendar, entry, event, items, reading

PLAIN = calendar(*event("DTSTART:20261110T090000Z", "SUMMARY:Обед в café", "LOCATION:Room 5"))


@pytest.mark.parametrize(
    "content",
    [
        codecs.BOM_UTF8 + PLAIN,
        PLAIN.replace(b"\r\n", b"\n"),
        PLAIN.replace(b"\r\n", b"\r"),
        PLAIN.replace(b"\r\n", b"\r\r\n"),
        PLAIN.replace(b"\r\n", b"\r\n\r\n"),
        b"\r\n \r\n" + PLAIN,
        PLAIN.decode().encode("utf-16"),
        PLAIN.decode().encode("utf-16-le"),
        PLAIN.decode().encode("utf-16-be"),
        PLAIN.replace("Обед".encode(), "Об\r\n ед".encode()),
        PLAIN.replace("Обед".encode(), "Обед".encode()[:3] + b"\r\n\t" + "Обед".encode()[3:]),
        PLAIN.replace(b"SUMMARY", b"Summary").replace(b"BEGIN:VEVENT", b"begin:vevent").replace(b"DTSTART", b"dtstart"),
        PLAIN.replace(b"BEGIN:VEVENT", b"BEGIN:VEVENT \t"),
        PLAIN.replace(b"Room", b"Ro\0om\x07"),
        PLAIN.replace(b"SUMMARY:", b'SUMMARY;LANGUAGE="a:b;c,d":'),
        PLAIN.replace(b"DTSTART:", b'DTSTART;X-ODD="^n^\'^^":'),
        b"PHP Warning: in line 3\n" + PLAIN,
        PLAIN + b"\0\0\0",
        PLAIN.replace(b"END:VEVENT\r\n", b""),
    ],
    ids=["BOM", "LF", "CR", "CRCRLF", "blank lines", "blanks before", "UTF-16", "UTF-16 LE", "UTF-16 BE", "folded",
         "folded within a letter", "names in lower case", "blanks after", "controls", "quoted parameter",
         "RFC 6868", "words before", "zeros after", "no END:VEVENT"],
)  # fmt: skip
def test_it_is_the_same_event(content: bytes) -> None:
    found = entry(content)
    assert (found.title, found.place, found.start_local) == ("Обед в café", "Room 5", "2026-11-10T09:00:00")


def test_latin_1_that_claims_to_be_utf_8_keeps_its_letters() -> None:
    content = calendar(*event("DTSTART:20261110T090000Z", "SUMMARY:one")).replace(b"one", b"caf\xe9 \x96 b\xfcro")
    assert entry(content).title == "café – büro"


def test_one_event_in_another_encoding_costs_the_others_nothing() -> None:
    lines = (
        *event("DTSTART:20261110T090000Z", "SUMMARY:Straße"),
        *event("DTSTART:20261110T090000Z", "SUMMARY:caf_", uid="b"),
    )
    groups = items(calendar(*lines).replace(b"caf_", b"caf\xe9"))
    assert [group.entries[0].title for group in groups if isinstance(group, Group)] == ["Straße", "café"]


def test_escapes_are_undone() -> None:
    found = entry(
        calendar(*event("DTSTART:20261110T090000Z", r"SUMMARY:a\, b\; c\\d\ne", r"DESCRIPTION:one\Ntwo\nthree"))
    )
    assert (found.title, found.notes) == ("a, b; c\\d e", "one\ntwo\nthree")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t\0", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "html"),
        (b"\n <HTML><pre>\nBEGIN:VCALENDAR\nEND:VCALENDAR\n</pre>", "html"),
        (b'{"error": 404}', "other"),
        (b"\x89PNG\r\n\x1a\n", "other"),
        (PLAIN[:-20], "cut"),
        (PLAIN[:-4], "cut"),
        (PLAIN[: PLAIN.index(b"LOCATION")], "cut"),
        (b"BEGIN:VCALENDAR\r\n", "cut"),
    ],
)
def test_what_is_no_whole_calendar_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(UnreadableError, match=code):
        reading(content)


def test_an_empty_calendar_is_one() -> None:
    assert items(calendar()) == []


def test_more_events_than_are_taken_are_refused_before_any_is_read() -> None:
    content = calendar(*(line for uid in "abc" for line in event("DTSTART:20261110T090000Z", uid=uid)))
    assert len(items(content, limits=Limits(events=3))) == 3
    with pytest.raises(UnreadableError, match="too_many"):
        reading(content, limits=Limits(events=2))


def test_several_calendars_in_one_file_keep_their_own_zones() -> None:
    one, other = (
        calendar(*event("DTSTART:20261110T090000", uid=zone), head=(f"X-WR-TIMEZONE:{zone}", "X-WR-CALNAME:First"))
        for zone in ("Europe/Berlin", "Asia/Tokyo")
    )
    found = [group.entries[0].zone for group in items(one + other) if isinstance(group, Group)]
    assert found == ["Europe/Berlin", "Asia/Tokyo"]
    assert reading(one + other).name == "First"


def test_what_is_no_event_is_passed_over() -> None:
    others = [line for kind in ("VTODO", "VJOURNAL", "VFREEBUSY", "X-COMPONENT")
              for line in (f"BEGIN:{kind}", "UID:other", "DTSTART:20261110T090000Z", f"END:{kind}")]  # fmt: skip
    nested = ("BEGIN:VALARM", "UID:alarm", "SUMMARY:no", "DTSTART:20200101T000000Z", "TRIGGER:-PT5M", "END:VALARM")
    found = entry(calendar(*others, *event(*nested, "DTSTART:20261110T090000Z", "SUMMARY:yes")))
    assert (found.title, found.start_local) == ("yes", "2026-11-10T09:00:00")


def test_an_event_without_a_uid_has_one_made_of_what_it_says() -> None:
    lines = ("BEGIN:VEVENT", "DTSTART:20261110T090000Z", "SUMMARY:a", "END:VEVENT")
    first, again = (items(calendar(*lines[:1], f"DTSTAMP:{stamp}", *lines[1:]))[0].uid for stamp in ("1", "2"))
    other = items(calendar(*(line.replace("SUMMARY:a", "SUMMARY:b") for line in lines)))[0].uid
    assert first == again != other


def test_a_name_is_the_calendars_own() -> None:
    assert reading(calendar(head=("X-WR-CALNAME:Work\\, and play",))).name == "Work, and play"
    assert reading(calendar(head=("NAME;LANGUAGE=en:Ours",))).name == "Ours"
    assert reading(calendar(*event("NAME:no", "DTSTART:20261110T090000Z"))).name is None


def test_an_event_longer_than_it_should_be_is_cut() -> None:
    found = entry(calendar(*event("DTSTART:20261110T090000Z", "SUMMARY:" + "t" * 2_000, "LOCATION:" + "p" * 999,
                                  "DESCRIPTION:" + "d" * 9_999)))  # fmt: skip
    assert (len(found.title), len(found.place), len(found.notes)) == (1_000, 300, 2_000)


def test_ten_thousand_nested_components_hide_no_event() -> None:
    deep = (*("BEGIN:X",) * 10_000, *("END:X",) * 10_000)
    lines = (*event("DTSTART:20261110T090000Z", *deep, uid="a"), *deep, *event("DTSTART:20261110T090000Z", uid="b"))
    assert [item.uid for item in items(calendar(*lines)) if isinstance(item, Group)] == ["a", "b"]
