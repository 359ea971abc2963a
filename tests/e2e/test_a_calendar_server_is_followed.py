"""A calendar on a real server (Radicale), changed there through CalDAV: after one sync chat and reminders follow.

It is 11:00 in Berlin on Saturday 21 November 2026, and reminders come 15 minutes before.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

from planner.model import DAY, SECOND
from tests.e2e.radicale import PASSWORD, WRONG, Radicale, a_radicale, standing_still
from tests.e2e.site import Phone
from tests.e2e.telling import BERLIN, EN, Tongue, at, berlin, both
from tests.virtual import FakeClock

DENTIST = ("SUMMARY:Dentist", "DTSTART;TZID=Europe/Berlin:20261121T123000", "DURATION:PT20M")
LUNCH = ("SUMMARY:Lunch", "DTSTART;TZID=Europe/Berlin:20261121T140000", "DURATION:PT1H")
GYM = ("SUMMARY:Gym", "DTSTART:20261121T113000Z", "DTEND:20261121T120000Z")
STANDUP = ("SUMMARY:Standup", "DTSTART;TZID=Europe/Berlin:20261116T130000", "DTEND;TZID=Europe/Berlin:20261116T131500",
           "RRULE:FREQ=DAILY;COUNT=8")  # fmt: skip
TOMORROW = ("SUMMARY:Standup", "RECURRENCE-ID;TZID=Europe/Berlin:20261122T130000",
            "DTSTART;TZID=Europe/Berlin:20261122T140000", "DURATION:PT15M")  # fmt: skip
TODAY = ("SUMMARY:Standup", "RECURRENCE-ID;TZID=Europe/Berlin:20261121T130000",
         "DTSTART;TZID=Europe/Berlin:20261121T131000", "DURATION:PT15M")  # fmt: skip
HOLIDAY = ("SUMMARY:Holiday", "DTSTART;VALUE=DATE:20261122", "DTEND;VALUE=DATE:20261123")


MONDAY = ("SUMMARY:Holiday", "DTSTART;VALUE=DATE:20261123", "DTEND;VALUE=DATE:20261124", "SEQUENCE:1")


def moved(event: tuple[str, ...], was: str, to: str) -> tuple[str, ...]:
    return (*(line.replace(was, to) for line in event), "SEQUENCE:1")


@asynccontextmanager
async def a_server(folder: Path, clock: FakeClock, tongue: Tongue = EN) -> AsyncIterator[tuple[Phone, Radicale]]:
    """Ann in Berlin, and a server with a calendar that is not linked yet."""
    with a_radicale(folder / "radicale") as server, standing_still() as feeds:
        server.put("dentist", DENTIST)
        server.put("lunch", LUNCH)
        server.put("standup", STANDUP, TOMORROW)
        server.put("holiday", HOLIDAY)
        async with berlin(folder, clock, tongue, feeds=feeds) as ann:
            yield ann, server


async def link(ann: Phone, tongue: Tongue, address: str, *expected: str) -> str:
    await ann.say("/calendars", tongue.pick("No calendar is linked yet", "Пока не подключён ни один календарь"))
    await ann.press(tongue.pick("Link a calendar", "Подключить календарь"))
    return await ann.say(address, *expected)


async def sync(ann: Phone, *expected: str) -> None:
    """Have the calendar looked at now, by its button."""
    await ann.say("/calendars", "Work")
    await ann.press("Work", "127.0.0.1")
    await ann.press("Sync now", *expected)


async def next_sync(ann: Phone) -> None:
    """Let its own time come."""
    rows = "SELECT next_at FROM feeds"
    await ann.site.pass_until(await ann.site.store.read(lambda tx: tx._db.execute(rows).fetchone()[0]) + 5 * SECOND)


async def owed(ann: Phone) -> list[str]:
    """The reminders of today and tomorrow that wait, by Berlin's clock."""
    rows = ("SELECT due_at, title FROM reminders JOIN events ON events.id = event_id WHERE state = 'pending'"
            " AND due_at < ? ORDER BY due_at, title")  # fmt: skip
    before = at("2026-11-21 00:00") + 2 * DAY
    found = await ann.site.store.read(lambda tx: [tuple(row) for row in tx._db.execute(rows, (before,))])
    return [f"{datetime.fromtimestamp(due / SECOND, BERLIN):%a %H:%M} {title}" for due, title in found]


async def planned(ann: Phone, command: str) -> list[str]:
    """What /today or /tomorrow shows of the calendar, one line an event: its time and title."""
    text = await ann.say(command, "🟢")
    return [line.partition(" ")[2].replace("🟦 ", "").removesuffix(" 🔁") for line in text.splitlines() if "🟦" in line]


async def test_what_changes_over_there_changes_in_the_chat_and_in_the_reminders(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_server(tmp_path, clock) as (ann, server):
        shown = await link(ann, EN, server.url(), "🟦 Work is linked: 5 events.")
        assert shown.splitlines()[1:5] == [
            "Next in it:", "• Dentist, today at 12:30", "• Standup, today at 13:00", "• Lunch, today at 14:00",
        ]  # fmt: skip
        today = ["12:30–12:50  Dentist", "13:00–13:15  Standup", "14:00–15:00  Lunch"]
        assert await planned(ann, "/today") == today
        assert await planned(ann, "/tomorrow") == ["all day  Holiday", "14:00–14:15  Standup"]
        tomorrow = ["Sun 08:45 Holiday", "Sun 13:45 Standup"]
        assert await owed(ann) == ["Sat 12:15 Dentist", "Sat 12:45 Standup", "Sat 13:45 Lunch", *tomorrow]

        server.put("gym", GYM)
        await sync(ann, "🟦 Work is up to date: 1 new.")
        assert await planned(ann, "/today") == ["12:30–12:50  Dentist", "12:30–13:00  Gym", *today[1:]]
        assert await owed(ann) == ["Sat 12:15 Dentist", "Sat 12:15 Gym", "Sat 12:45 Standup", "Sat 13:45 Lunch",
                                   *tomorrow]  # fmt: skip

        server.put("dentist", moved(DENTIST, "T123000", "T124000"))
        server.put("standup", STANDUP, TODAY, TOMORROW)
        server.put("holiday", MONDAY)
        await next_sync(ann)
        said = (await ann.see("🟦 Work has changed:")).text
        assert "Dentist moved from 12:30 to 12:40" in said
        assert "Standup moved from 13:00 to 13:10" in said
        assert "Holiday moved" in said
        assert await planned(ann, "/today") == [
            "12:30–13:00  Gym", "12:40–13:00  Dentist", "13:10–13:25  Standup", "14:00–15:00  Lunch",
        ]  # fmt: skip
        assert await planned(ann, "/tomorrow") == ["14:00–14:15  Standup"]
        assert await owed(ann) == ["Sat 12:15 Gym", "Sat 12:25 Dentist", "Sat 12:55 Standup", "Sat 13:45 Lunch",
                                   "Sun 13:45 Standup"]  # fmt: skip

        server.put("lunch", (*LUNCH, "STATUS:CANCELLED"))
        server.put("standup", STANDUP, TODAY, (*TOMORROW, "STATUS:CANCELLED"))
        server.delete("gym")
        assert server.names() == 4
        await sync(ann, "🟦 Work is up to date: ")
        said = (await ann.see("🟦 Work has changed:")).text
        assert "Gym is cancelled: today at 12:30" in said
        assert "Lunch is cancelled: today at 14:00" in said
        assert "Standup is cancelled: tomorrow at 14:00" in said
        assert await planned(ann, "/today") == ["12:40–13:00  Dentist", "13:10–13:25  Standup"]
        assert await owed(ann) == ["Sat 12:25 Dentist", "Sat 12:55 Standup"]

        await ann.reminded(at("2026-11-21 12:25"), "Dentist")
        await ann.reminded(at("2026-11-21 12:55"), "Standup")
        assert [text for text in ann.texts() if text.startswith("⏰") and "Gym" in text] == []
        assert (await ann.site.slo())["syncs"] == (await ann.site.count("syncs"), 0)
        assert not any(PASSWORD in text or "s3cret" in text for text in ann.texts())


@both
async def test_a_wrong_password_is_told_in_words(tmp_path: Path, clock: FakeClock, tongue: Tongue) -> None:
    async with a_server(tmp_path, clock, tongue) as (ann, server):
        said = await link(ann, tongue, server.url(WRONG), tongue.pick("This calendar is not linked", "не подключён"))
        assert tongue.pick("asks for a name and a password, or these are wrong", "имя и пароль") in said
        assert not any(WRONG in text for text in ann.texts())
        assert await ann.site.count("syncs") == 0, "what is only tried is no sync"
        await link(ann, tongue, server.url(), "🟦 Work")


async def test_a_server_that_is_away_is_told_once_keeps_its_events_and_is_followed_when_it_is_back(
    tmp_path: Path, clock: FakeClock
) -> None:
    async with a_server(tmp_path, clock) as (ann, server):
        await link(ann, EN, server.url(), "🟦 Work is linked")
        server.stop()
        for _ in range(3):
            await next_sync(ann)
        said = (await ann.see("🟦 Work cannot be brought up to date.")).text
        assert "does not answer" in said
        assert "13:00–13:15  Standup" in await planned(ann, "/today")
        await ann.reminded(at("2026-11-21 12:15"), "Dentist")
        server.start()
        server.put("gym", GYM)
        await sync(ann, "🟦 Work is up to date: 1 new.")
        told = [text for text in ann.texts() if "cannot be brought up to date" in text]
        assert len(told) == 1
        good, bad = (await ann.site.slo())["syncs"]
        assert (good, good + bad) == (1, await ann.site.count("syncs"))
