"""Lists show whose an event is: marks, overlaps between calendars, a meeting that stands in several, the plan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.stories.linked import calendar, holds
from tests.stories.story import BERLIN, daily_plan, zone
from tests.virtual import FakeClock
from tests.world import ALICE, Person, World, a_world, replace

RUSSIAN = replace(ALICE, language_code="ru")


async def begin(world: World) -> Person:
    alice = world.person(ALICE)
    await alice.say("/start")
    await alice.say("/today")
    return alice


async def said(person: Person, text: str) -> str:
    """One answer to one message."""
    (answer,) = await person.say(text)
    return answer


@pytest.mark.parametrize(
    ("command", "line"),
    [
        ("/tomorrow", "2. 10:00–11:00  🟦 Standup · Room 5"),
        ("/week", "2. 10:00–11:00  🟦 Standup · Room 5"),
        ("/agenda tomorrow", "2. 10:00–11:00  🟦 Standup · Room 5"),
        ("what do I have tomorrow?", "2. 10:00–11:00  🟦 Standup · Room 5"),
        ("/find standup", "1. Tomorrow, 10:00–11:00  🟦 Standup · Room 5"),
    ],
)
async def test_a_calendars_mark_stands_before_its_events(
    tmp_path: Path, clock: FakeClock, command: str, line: str
) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await holds(alice, await calendar(alice), "Standup", "2026-11-22T10:00:00", place="Room 5")
        await alice.say("dentist tomorrow at 9:00")
        lines = (await said(alice, command)).splitlines()
        assert line in lines
        assert all("🟦" not in one for one in lines if "dentist" in one)


async def test_overlaps_between_calendars_are_marked_and_say_with_which(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        work, home = await calendar(alice), await calendar(alice, "Home", "🟩")
        await holds(alice, work, "Review", "2026-11-22T10:00:00")
        await holds(alice, home, "Plumber", "2026-11-22T10:30:00")
        (added,) = await alice.say("dentist tomorrow from 11:30 to 12:00")
        assert "⚠️" not in added
        (added,) = await alice.say("call tomorrow from 10:15 to 10:20")
        assert "⚠️ At that time there is 🟦 Review, too." in added
        assert (await said(alice, "/tomorrow")).splitlines()[1:-1] == [
            "1. 10:00–11:00  🟦 Review",
            "    ⚠️ overlaps with “call”",
            "2. 10:15–10:20  call",
            "    ⚠️ overlaps with “Review” (🟦 Work)",
            "3. 10:30–11:30  🟩 Plumber",
            "    ⚠️ overlaps with “Review” (🟦 Work)",
            "4. 11:30–12:00  dentist",
        ]


async def test_a_meeting_in_two_calendars_is_listed_once_and_is_no_overlap(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        work, home = await calendar(alice), await calendar(alice, "Home", "🟩")
        for feed in (work, home):
            await holds(alice, feed, "Standup", "2026-11-22T10:00:00")
            await holds(alice, feed, "Party", "2026-11-22T00:00:00", 24 * 60, all_day=True)
        await holds(alice, work, "Standup", "2026-11-22T10:00:00", 90)  # longer: another one
        assert (await said(alice, "/tomorrow")).splitlines()[1:7] == [
            "1. all day  🟦 🟩 Party",
            "2. 10:00–11:00  🟦 🟩 Standup",
            "    ⚠️ overlaps with “Standup”",
            "3. 10:00–11:30  🟦 Standup",
            "    ⚠️ overlaps with “Standup”",
            "🟢 Free: 09:00–10:00, 11:30–21:00",
        ]
        assert (await said(alice, "am I free tomorrow at 10:30?")).splitlines()[0] == (
            "🔴 You are busy tomorrow at 10:30: 🟦 🟩 Standup, 🟦 Standup"
        )


async def test_ones_own_copy_of_a_meeting_is_the_one_that_opens(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await holds(alice, await calendar(alice), "dentist", "2026-11-22T10:00:00")
        (added,) = await alice.say("dentist tomorrow from 10:00 to 11:00")
        assert "⚠️" not in added
        assert "1. 10:00–11:00  🟦 dentist" in await said(alice, "/tomorrow")
        await alice.press("1. dentist")
        assert "Change" in await alice.buttons()


async def test_two_alike_in_one_calendar_are_two(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        work, home = await calendar(alice), await calendar(alice, "Home", "🟩")
        for feed in (work, work, home):
            await holds(alice, feed, "Busy", "2026-11-22T10:00:00")
        lines = (await said(alice, "/tomorrow")).splitlines()
        assert [line for line in lines if "Busy" in line and "⚠️" not in line] == [
            "1. 10:00–11:00  🟦 🟩 Busy",
            "2. 10:00–11:00  🟦 Busy",
        ]


async def test_the_plan_leaves_out_calendars_that_are_not_to_be_in_it(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await daily_plan(alice, "07:00")
        shown, hidden = await calendar(alice), await calendar(alice, "Holidays", "🟩", in_plan=False, muted=True)
        await holds(alice, shown, "Standup", "2026-11-22T10:00:00", 30, rrule="FREQ=DAILY", leads_s=())
        await holds(alice, hidden, "Fair", "2026-11-22T10:00:00", leads_s=())
        await holds(alice, hidden, "Holiday", "2026-11-21T00:00:00", 3 * 24 * 60, all_day=True, leads_s=())
        (plan,) = await alice.read(21 * 3_600_000 + 60_000)
        assert plan.splitlines()[1:] == ["10:00–10:30  🟦 Standup 🔁", "🟢 Free: 09:00–10:00, 10:30–21:00"]
        assert await said(alice, "/plan") == plan
        today = await said(alice, "/today")
        assert "all day  🟩 Holiday" in today.replace("day 2 of 3", "all day")
        assert "🟩 Fair" in today


async def test_without_a_title_it_says_so(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await holds(alice, await calendar(alice), "", "2026-11-21T11:00:00")
        assert "1. 11:00–12:00  🟦 (no title)" in await said(alice, "/today")
        (card,) = await alice.press("(no title)")
        assert card.startswith("📌 (no title)")
        (reminder,) = await alice.read(46 * 60_000)
        assert reminder.startswith("⏰ 🟦 (no title)")


async def test_its_reminder_is_marked_as_it_is_in_lists_whenever_it_comes(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        work = await calendar(alice)
        await alice.say("gym today at 12:30")
        await holds(alice, work, "Standup", "2026-11-21T11:00:00")
        for hour in (12, 13):
            await holds(alice, work, f"Call {hour}", f"2026-11-21T{hour}:00:00")
        assert (await alice.read(46 * 60_000))[-1].startswith("⏰ 🟦 Standup\n")
        assert (await alice.press("1 h"))[-1].startswith("💤 🟦 Standup\n")
        await world.restart(after=3 * 3_600_000)
        (late,) = [text for text in await alice.read(60_000) if "come late" in text]
        assert [line.partition(",")[0] for line in late.splitlines()[1:-1]] == [
            "• 🟦 Call 12", "• 🟦 Standup", "• gym", "• 🟦 Call 13",
        ]  # fmt: skip


async def test_long_stretches_of_days_and_birthdays_stand_on_each_of_theirs(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = await begin(world)
        await zone(alice, BERLIN.partition("/")[2])
        feed = await calendar(alice)
        await holds(alice, feed, "Sabbatical", "2026-10-01T00:00:00", 100 * 24 * 60, all_day=True)
        await holds(alice, feed, "Ann's birthday", "1980-11-23T00:00:00", 24 * 60, all_day=True, rrule="FREQ=YEARLY")
        lines = (await said(alice, "/agenda 22.11-24.11")).splitlines()
        assert [line for line in lines if "🟦" in line] == [
            "1. day 53 of 100  🟦 Sabbatical",
            "· day 54 of 100  🟦 Sabbatical",
            "2. all day  🟦 Ann's birthday 🔁",
            "· day 55 of 100  🟦 Sabbatical",
        ]
        assert "Ann's birthday" in await said(alice, "/agenda 23.11.2027")
        assert "Sabbatical" not in await said(alice, "/agenda 9.1.2027")


async def test_it_is_said_in_russian(tmp_path: Path, clock: FakeClock) -> None:
    async with a_world(tmp_path, clock) as world:
        alice = world.person(RUSSIAN)
        await alice.say("/start")
        await alice.say("/today")
        work = await calendar(alice, "Работа")
        await holds(alice, work, "", "2026-11-22T10:00:00")
        await alice.say("врач завтра с 10:30 до 12:00")
        text = await said(alice, "/tomorrow")
        assert "🟦 (без названия)" in text
        assert "пересекается с «(без названия)» (🟦 Работа)" in text
