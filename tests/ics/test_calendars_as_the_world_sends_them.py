"""What the known calendars write, read as their users mean it. Berlin's clock, November 2026."""

from __future__ import annotations

from pathlib import Path

import pytest

from planner.ics.entry import Entry, Group
from tests.ics.writing import faults, items, reading, starts

CALENDARS = Path(__file__).parent / "calendars"
MINUTE, HOUR, DAY = 60, 3_600, 86_400


def content(name: str) -> bytes:
    return (CALENDARS / f"{name}.ics").read_bytes()


def called(name: str) -> dict[str, Entry]:
    """A calendar's events by their titles."""
    return {one.title: one for item in items(content(name)) if isinstance(item, Group) for one in item.entries}


@pytest.mark.parametrize(
    ("name", "own", "november"),
    [
        ("google", "Work", [
            "2026-11-02T09:30:00", "2026-11-05T09:30:00", "2026-11-10T14:00:00", "2026-11-12T14:00:00", "2026-11-14",
            "2026-11-16T09:30:00", "2026-11-19T09:30:00", "2026-11-23T09:30:00", "2026-11-26T09:30:00",
            "2026-11-30T09:30:00",
        ]),
        ("outlook", "Calendar", ["2026-11-06T16:00:00", "2026-11-10T09:00:00", "2026-11-13T16:00:00"]),
        ("icloud", "Home", ["2026-11-06T00:00:00", "2026-11-07", "2026-11-13T00:00:00", "2026-11-20T00:00:00",
                            "2026-11-27T00:00:00"]),
        ("yandex", "Мои события", ["2026-11-09T08:00:00", "2026-11-16T08:00:00", "2026-11-23T08:00:00",
                                   "2026-11-30T08:00:00"]),
        ("nextcloud", "Club", ["2026-11-06T19:00:00", "2026-11-13T19:00:00", "2026-11-18T08:00:00"]),
    ],
)  # fmt: skip
def test_its_events_are_when_they_are(name: str, own: str, november: list[str]) -> None:
    assert reading(content(name)).name == own
    assert faults(content(name)) == []
    assert starts(content(name), "2026-11-01", "2026-12-01") == november


def test_google_says_where_to_meet() -> None:
    found = called("google")
    assert found["Standup"].link == "https://meet.google.com/abc-defg-hij"
    assert found["Standup"].alarms_s == (10 * MINUTE,)
    assert found["Standup (later today)"].part == "2026-11-12T09:30:00"
    assert (found["Review"].zone, found["Review"].start_local) == ("Europe/Berlin", "2026-11-10T14:00:00")
    assert (found["Review"].notes, found["Review"].place) == ("Agenda\nnumbers", "Main street 1, 10115 Berlin")
    assert (found["Trip"].all_day, found["Trip"].duration_s) == (True, 2 * DAY)


def test_outlooks_zones_are_known_and_found() -> None:
    found = called("outlook")
    assert found["Planning"].zone == "Europe/Berlin"
    assert found["Planning"].link.startswith("https://teams.microsoft.com/l/meetup-join/19%3ameeting_x%40thread.v2/0?")
    assert found["Call over there"].zone == "America/New_York"
    assert "Canceled: Lunch" not in found


def test_apples_alarms_and_places_are_read() -> None:
    found = called("icloud")
    assert found["Swimming"].alarms_s == (HOUR, 30 * MINUTE)
    assert (found["Swimming"].place, found["Swimming"].link) == ("Pool\nMain street 1", "")
    assert found["Birthday"].start_local == "1604-11-07T00:00:00"


def test_yandex_and_nextcloud_are_read() -> None:
    found = called("yandex")["Летучка"]
    assert (found.place, found.link) == ("Переговорная 5", "https://telemost.yandex.ru/j/12345678901234")
    choir = called("nextcloud")["Choir"]
    assert (choir.duration_s, choir.alarms_s, choir.included) == (2 * HOUR, (DAY,), ("2026-11-13T19:00:00",))
    assert called("nextcloud")["Old client"].zone == "Europe/Vienna"
